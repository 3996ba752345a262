"""What the console's pages say, in the language of whoever reads: GNU gettext, with the English sentences as keys.

Rules:

1. What is recorded, written to a file or answered over HTTP is English. Only a page speaks another language.
2. What a translation lacks, or fills in wrongly, is said in English: no page fails for it.

``dates`` has numbers and dates, ``recorded`` what was recorded in English, ``languages`` the translations there are.

References
----------
GNU gettext: https://www.gnu.org/software/gettext/manual/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import Any, TypeVar

ENGLISH = "en"
# Primary tags of languages that are written from right to left.
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Language:
    """A language that pages may speak: its primary tag (BCP 47), and what it says for English sentences."""

    tag: str = ENGLISH
    translations: NullTranslations = field(default_factory=NullTranslations)

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr", as HTML has it."""
        return "rtl" if self.tag in _RIGHT_TO_LEFT else "ltr"


_AS_WRITTEN = Language()
_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=_AS_WRITTEN)


def speak(language: Language) -> None:
    """Speak a language from here on, in this request."""
    _SPOKEN.set(language)


def spoken() -> Language:
    """Return the language that is spoken."""
    return _SPOKEN.get()


@contextmanager
def in_english() -> Iterator[None]:
    """Speak English for what is recorded or leaves as a file: rule 1."""
    before = _SPOKEN.set(_AS_WRITTEN)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


class Message(str):
    """An English sentence of the catalogue that is translated when it is shown."""

    __slots__ = ()


class Words(Mapping[K, V]):
    """A table of English words, each translated when it is looked up; of a tuple what is a ``Message``.

    Examples
    --------
    >>> Words({"met": "Met"})["met"], Words({"met": ("good", Message("Met"))})["met"]
    ('Met', ('good', 'Met'))
    """

    def __init__(self, english: Mapping[K, V]) -> None:
        self.english = english

    def __getitem__(self, key: K) -> V:
        shown: V = _shown(self.english[key])
        return shown

    def __iter__(self) -> Iterator[K]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)

    def __or__(self, other: Mapping[K, V]) -> Words[K, V]:
        return Words({**self.english, **other})


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return translated(value)
    if isinstance(value, tuple):
        parts = [translated(part) if isinstance(part, Message) else part for part in value]
        return value._make(parts) if hasattr(value, "_make") else tuple(parts)
    return value


def translated(english: str) -> str:
    """Return a sentence in the language that is spoken, its placeholders not filled in."""
    return spoken().translations.gettext(english) if english else ""


def counted(singular: str, plural: str, number: int) -> str:
    """Return the form of a sentence that a number takes in the language that is spoken."""
    return spoken().translations.ngettext(singular, plural, number)


def filled(text: str, english: str, values: Mapping[str, Any]) -> str:
    """Return a sentence with its placeholders filled in; in English where the translation's do not fit: rule 2."""
    try:
        return text % values
    except (KeyError, TypeError, ValueError):
        return english % values


def gettext(english: str, **values: Any) -> str:
    """Return a sentence in the language that is spoken, with its placeholders filled in.

    Examples
    --------
    >>> gettext("Gate %(name)s stands still.", name="ozone")
    'Gate ozone stands still.'
    """
    return filled(translated(english), english, values)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """Return a sentence in the form that ``num`` takes; it may say the number itself, as ``%(num)s``.

    Examples
    --------
    >>> [ngettext("%(num)s day", "%(num)s days", number) for number in (1, 2)]
    ['1 day', '2 days']
    """
    english = singular if num == 1 else plural
    return filled(counted(singular, plural, num), english, {"num": num} | values)
