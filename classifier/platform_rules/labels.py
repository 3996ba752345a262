"""Whether a text bears a label of a rule: at its start, or anywhere."""

from __future__ import annotations

import re
from functools import lru_cache

from classifier.accounts.normal_forms import View
from classifier.platform_rules.rule_files import PlatformRule
from classifier.text.lexicon import without_other_fans
from classifier.text.normalization import normal, scripts
from classifier.text.spelling import spelled

# Written without spaces between words.
_UNSPACED = frozenset({"Han", "Hiragana", "Katakana"})
# Letters, and the vowel signs of Devanagari, which are no letters to regular expressions.
_LETTER = r"[\w\u0900-\u097f]"
# What may stand before the label at the start of a name: brackets, signs, pictures.
_BEFORE = r"[^\w]*"


def starts_with_label(name: str, rule: PlatformRule) -> bool:
    """Tell whether the first word of a name is a label, as it is written or with brackets and signs before it.

    Examples
    --------
    >>> from classifier.platform_rules.rule_files import shipped_rules
    >>> rule = shipped_rules().of("x")
    >>> starts_with_label("(Parody) Jane Roe", rule), starts_with_label("Jane Roe (Parody)", rule)
    (True, False)
    >>> starts_with_label("Fanny Roe", rule)
    False
    """
    return _is_found(_read(name), rule, at_start=True)


def bears_label(text: str, rule: PlatformRule) -> bool:
    """Tell whether a label is anywhere in a text; whoever is a fan of jazz bears none.

    Examples
    --------
    >>> from classifier.platform_rules.rule_files import shipped_rules
    >>> rule = shipped_rules().of("bluesky")
    >>> bears_label("Fan account of Jane Roe", rule), bears_label("A big fan of jazz", rule)
    (True, False)
    """
    return _is_found(_read(text), rule, at_start=False)


def handle_bears_label(view: View, rule: PlatformRule) -> bool:
    """Tell whether one of the words that a handle is built from is a label."""
    return not {spelled(word) for word in view.handle_words}.isdisjoint(_labels(rule))


def _is_found(text: str, rule: PlatformRule, *, at_start: bool) -> bool:
    # Hardly any text has the letters of a label, and to see that takes a tenth of the pattern's time.
    if not any(word in text for word in _labels(rule)):
        return False
    return _pattern(rule, at_start=at_start).search(text) is not None


def _read(text: str) -> str:
    return spelled(without_other_fans(normal(text))).casefold()


@lru_cache(maxsize=64)
def _labels(rule: PlatformRule) -> tuple[str, ...]:
    """Return the words of all languages as they are compared, the longest first."""
    return tuple(sorted({_read(word) for listed in rule.words.values() for word in listed}, key=len, reverse=True))


@lru_cache(maxsize=64)
def _pattern(rule: PlatformRule, *, at_start: bool) -> re.Pattern[str]:
    found = "|".join(map(_bounded, _labels(rule)))
    return re.compile(f"^{_BEFORE}(?:{found})" if at_start else f"(?:{found})")


def _bounded(word: str) -> str:
    """Return the pattern of a word: with its bounds, but in scripts that are written without spaces."""
    escaped = re.escape(word)
    return escaped if scripts(word) & _UNSPACED else rf"(?<!{_LETTER}){escaped}(?!{_LETTER})"
