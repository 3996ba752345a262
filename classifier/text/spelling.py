"""Spelling: one form for the ways in which the same name is written by honest people.

Accents are left out on foreign keyboards, Arabic and Hebrew vowel marks nearly everywhere; a Persian keyboard has
another yeh and kaf, an old Romanian one a cedilla for a comma, and capitals have no dotless i but in Turkish. Who
leaves such things out, or writes them, disguises nothing: names that differ by them only are equal.

Not folded: marks that make another letter in Indic scripts, Thai, and kana, and the Cyrillic short i and its like.

References
----------
Unicode Standard, chapter 9 (Arabic and Hebrew letters and marks): https://www.unicode.org/versions/latest/
"""

from __future__ import annotations

import re
import unicodedata

from classifier.text.stream_safe import normalized

# Marks that readers do without: accents, Hebrew points, Arabic vowel marks, hamza and madda above or below, tatweel.
MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20dc]"
)
# Lam with alef and the like; whole words in one character are left as they are.
_LIGATURE = 3
_PRINTED = re.compile("[\ufb1d-\ufdff\ufe70-\ufefc]")
# Letters with a mark that are letters of their own, by sound as well.
_OTHER_LETTERS = frozenset("йЙўЎїЇѓЃќЌ")
_SAME: dict[str, str] = {
    # Latin: strokes, ligatures, the Turkish dotless i, Hausa hooks
    "ı": "i", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ẞ": "SS", "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D", "ƙ": "k", "Ƙ": "K",
    # Arabic: alef wasla, alef maksura, Farsi and Urdu yeh, kaf and heh, teh marbuta, and a hamza that stands alone
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ے": "ي", "ې": "ي", "ک": "ك", "ڪ": "ك", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ھ": "ه",
    "ە": "ه", "ء": "",
}  # fmt: skip
# What is so at the end of a word, or within it, of its own script only: elsewhere it stands for a letter it looks like.
_WITHIN = re.compile("(?<=[A-Za-z\u00c0-\u024f])ß|(?<=[\u0370-\u03ff\u1f00-\u1fff])ς|(?<=[\u05d0-\u05ea])[ךםןףץ]")
_FINAL = {"ß": "ss", "ς": "σ", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ"}


class _Letters(dict[int, str]):
    """A table for ``str.translate`` that spells each letter when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = found = char if char in _OTHER_LETTERS else _spelled(char)
        return found


def _spelled(char: str) -> str:
    # Hebrew and Arabic letters have forms for printing, which are the same letters.
    printed = unicodedata.normalize("NFKD", char) if _PRINTED.match(char) else ""
    bare = MARKS.sub("", printed if 0 < len(printed) <= _LIGATURE else unicodedata.normalize("NFD", char))
    return unicodedata.normalize("NFC", "".join(_SAME.get(c, c) for c in bare))


_LETTERS = _Letters()


def spelled(text: str) -> str:
    r"""Return a text in the spelling that all ways to write it share; its case is left alone.

    Examples
    --------
    >>> spelled("Jos\u00e9 I\u015f\u0131ksal") == "Jose Isiksal"
    True
    >>> spelled("Stra\u00dfe"), spelled("\u0639\u0644\u0649") == spelled("\u0639\u0644\u06cc")
    ('Strasse', True)
    """
    if text.isascii():
        return text
    return _WITHIN.sub(lambda found: _FINAL[found[0]], normalized("NFC", text).translate(_LETTERS))
