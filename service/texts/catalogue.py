"""The catalogues: which languages there are, and what each of them says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from service.errors import UnknownLanguageError
from service.texts.wording import spoken, translated

_FILES = Path(__file__).parent
DEFAULT = "en"
# Unicode's isolates: what stands between them does not turn around the words beside it (UAX #9).
_ISOLATE, _POP = "\u2068", "\u2069"

Direction = Literal["ltr", "rtl"]


class Catalogue:
    """What one language says.

    Examples
    --------
    >>> Catalogue.of("pt-BR").say("person_delete", handle="@jane")
    'Excluímos sua conta @jane.'
    """

    def __init__(self, language: str, texts: dict[str, Any]) -> None:
        self.language = language
        self.direction: Direction = texts["dir"]
        self._texts = texts

    @classmethod
    def of(cls, tag: str) -> Catalogue:
        """Return the catalogue of a language.

        Raises
        ------
        UnknownLanguageError
            If there is none; the message lists those that there are.
        """
        return _read(language_of(tag))

    def say(self, key: str, **values: str) -> str:
        """Return a text with its placeholders filled."""
        text: str = self._texts[key]
        if self.direction == "rtl":
            values = {name: f"{_ISOLATE}{value}{_POP}" for name, value in values.items()}
        return text.format(**values)

    def text(self, key: str) -> str:
        """Return a text as it is in the file, its placeholders in braces."""
        found: str = self._texts[key]
        return found

    def date(self, at: datetime) -> str:
        """Return a time as the language writes it, in UTC.

        Examples
        --------
        >>> Catalogue.of("de").date(datetime(2026, 5, 8, 14, 30, tzinfo=UTC))
        '8. Mai 2026, 14:30 Uhr UTC'
        """
        utc = at.astimezone(UTC)
        month: str = self._texts["months"][utc.month - 1]
        text: str = self._texts["date"]
        return text.format(day=utc.day, month=month, year=utc.year, time=f"{utc:%H:%M}")


def catalogued(key: str, **values: str) -> str:
    """Return a text of these catalogues in the language that a page speaks; ``values`` fill its braces.

    A translation of the page's sentences comes first, then the catalogue of that language, then English.

    Examples
    --------
    >>> catalogued("fact_not_verified")
    'The platform has not verified the account.'
    """
    english = Catalogue.of(DEFAULT).text(key)
    text = translated(english)
    if text == english:
        return Catalogue.of(language_or_default(spoken().tag)).say(key, **values)
    try:
        return text.format(**values)
    except (KeyError, IndexError, ValueError):
        return english.format(**values)


def languages() -> tuple[str, ...]:
    """Return the languages there are, by their primary tags (BCP 47), in order."""
    return tuple(sorted(path.stem for path in _FILES.glob("*.json")))


def language_of(tag: str) -> str:
    """Return the language that a tag asks for, whatever its region.

    Raises
    ------
    UnknownLanguageError

    Examples
    --------
    >>> language_of("pt-BR"), language_of("EN_us")
    ('pt', 'en')
    """
    primary = tag.replace("_", "-").partition("-")[0].lower()
    if primary not in languages():
        raise UnknownLanguageError(f"there are texts in {', '.join(languages())} only")
    return primary


def language_or_default(tag: str | None) -> str:
    """Return the language that a tag asks for, where there are texts in it; else the default.

    Examples
    --------
    >>> language_or_default("pt-BR"), language_or_default("zh"), language_or_default(None)
    ('pt', 'en', 'en')
    """
    try:
        return language_of(tag) if tag else DEFAULT
    except UnknownLanguageError:
        return DEFAULT


@cache
def _read(language: str) -> Catalogue:
    return Catalogue(language, json.loads((_FILES / f"{language}.json").read_text(encoding="utf-8")))
