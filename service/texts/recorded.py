"""Sentences that were recorded, or raised, in English: known again by their form, and said in the reader's language.

A decision's reasons, an account's notes and errors are English wherever they are kept (rule 1 of ``wording``). The
catalogue has their sentences in a context of their own, with placeholders for what was filled in. A page finds the
sentence that a text was made of, takes out the values, and says the same in the language that is spoken. A text that it
does not know stays as it is.
"""

from __future__ import annotations

from functools import lru_cache
from time import monotonic
from typing import NamedTuple

import regex

from service.texts.wording import Language, filled, spoken

CONTEXT = "recorded"
# Letters of the longest text that is looked at, how deep sentences stand within sentences, and seconds that a text
# takes at most: what is filled in may be anybody's.
_LONGEST, _DEEPEST, _SECONDS = 1_000, 3, 0.1
_KEY = f"{CONTEXT}\x04"
_MARKS = ' ()"'
# Brackets within it belong together.
_FILLED = r"(?:\([^()]*\)|[^(]|\((?![^()]*\)))+?"
_NAMED = regex.compile(r"%\(\w+\)s")
_PLACE = regex.compile(r"%\((\w+)\)s|%%")


class _Form(NamedTuple):
    """A sentence with placeholders: how a text of it looks, and what is said for it."""

    begin: str
    end: str
    pattern: regex.Pattern[str]
    english: str
    text: str

    @classmethod
    def of(cls, english: str, text: str) -> _Form:
        """Return a sentence with what its texts begin and end with, which most texts do not."""
        parts = [part.replace("%%", "%") for part in _NAMED.split(english)]
        return cls(parts[0], parts[-1], pattern_of(english), english, text)

    def match(self, text: str, until: float) -> regex.Match[str] | None:
        """Return how a text was made of it, if it was, and if that is known in time."""
        if not text.startswith(self.begin) or not text.endswith(self.end):
            return None
        try:
            return self.pattern.fullmatch(text, timeout=max(until - monotonic(), 0.0))
        except TimeoutError:
            return None


class _Read(NamedTuple):
    """A text read as a sentence: what was filled in, and how many letters of that nobody has translated."""

    form: _Form
    values: dict[str, str]
    unknown: int

    @classmethod
    def of(cls, form: _Form, match: regex.Match[str], depth: int, until: float) -> _Read:
        """Return what a text says, read so."""
        values = {name: _value(value, depth, until) for name, value in match.groupdict().items()}
        unknown = sum(len(value) for name, value in match.groupdict().items() if values[name] == value)
        return cls(form, values, unknown)


def recorded(text: str) -> str:
    """Return a recorded sentence in the language that is spoken, or as it is where nobody has translated it.

    What was filled in may be such a sentence itself. Of several ways to read a text, the one is taken that leaves least
    untranslated.
    """
    return _read(text, 0, monotonic() + _SECONDS)


def _read(text: str, depth: int, until: float) -> str:
    language = spoken()
    known = language.translations.pgettext(CONTEXT, text)
    if known != text or depth == _DEEPEST or len(text) > _LONGEST:
        return known
    found = [_Read.of(form, match, depth + 1, until) for form in _forms(language) if (match := form.match(text, until))]
    best = min(found, key=lambda one: one.unknown, default=None)
    return filled(best.form.text, best.form.english, best.values) if best else text


def _value(text: str, depth: int, until: float) -> str:
    """Return what was filled in: a sentence, words with marks around them, or a list of such; or data as it is."""
    said = _read(text, depth, until)
    parts = text.split(", ")
    if said != text or len(parts) == 1:
        words = text.strip(_MARKS)
        return said if said != text or words == text else text.replace(words, _read(words, depth, until), 1)
    return ", ".join(_value(part, depth, until) for part in parts)


def opening(text: str) -> str:
    """Return a recorded sentence as the beginning of a line: with a capital letter.

    Examples
    --------
    >>> opening("choose a file")
    'Choose a file'
    """
    said = recorded(text)
    return said[:1].upper() + said[1:]


@lru_cache(maxsize=64)
def _forms(language: Language) -> tuple[_Form, ...]:
    """Return the sentences with placeholders that a language has."""
    catalogue: dict[object, str] = vars(language.translations).get("_catalog", {})
    return tuple(
        _Form.of(key.removeprefix(_KEY), text)
        for key, text in catalogue.items()
        if isinstance(key, str) and key.startswith(_KEY) and _NAMED.search(key)
    )


def pattern_of(english: str) -> regex.Pattern[str]:
    """Return how a text looks that was made of a sentence.

    Examples
    --------
    >>> pattern_of("at most %(share)s of %(n)s").fullmatch("at most 5 % of 12")["share"]
    '5 %'
    """
    pattern, end, seen = "", 0, set()
    for place in _PLACE.finditer(english):
        pattern += regex.escape(english[end : place.start()])
        name, end = place[1], place.end()
        pattern += "%" if name is None else f"(?P={name})" if name in seen else f"(?P<{name}>{_FILLED})"
        seen.add(name)
    return regex.compile(pattern + regex.escape(english[end:]), regex.DOTALL)
