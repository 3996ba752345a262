"""Search keys: the short ASCII forms under which protected accounts are found, however a handle or name is dressed up.

Two readings of a text lead to keys, both in the spelling that all ways to write it share (``spelled``). *Look*: every
character by the Latin letter it resembles (UTS #39 and what it leaves apart), so that Cyrillic letters within a Latin
name are found. *Sound*: every character by its transliteration, so that a Cyrillic, Greek, Arabic, Devanagari, Han or
kana name is found under its Latin spelling. What is turned or mirrored is read upright too. All then drop case, marks,
punctuation and emoji, read digits as the letters they resemble, and write doubled letters once. Words stay apart,
because names are reordered and joined.

Keys are for finding, never proof: genuine texts share them. They are ``bytes`` of at most ``LONGEST`` characters, cost
a few microseconds, and depend on nothing but the text, the pinned Unicode tables and the installed version of anyascii.

References
----------
UTS #39, Unicode Security Mechanisms, section 4: https://www.unicode.org/reports/tr39/
anyascii, Unicode to ASCII transliteration: https://github.com/anyascii/anyascii
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from anyascii import anyascii

from classifier.text.normalization import HANDLE_WORD, IGNORABLE, LOOK_ALIKE, PROTOTYPES, STYLED, normal
from classifier.text.spelling import spelled
from classifier.text.upright import upright

# Raised whenever the same text would get another key: indexes on disk are then made again.
REVISION = 4
# One machine word of the bit-parallel comparison in ``likeness``; the longest handles and most names are shorter.
LONGEST = 64
# No profile field that names somebody is longer; whatever stands behind is not read.
READ = 512
# Of a bio, as long as the longest platform's.
BIO_READ = 2_000
# What stands between words, and at both ends when a key is cut into grams.
BOUNDARY = b" "

_SPACES = "\t\n\r _.-,/|:;()[]&+~*\"'"
_KEPT = "abcdefghijklmnopqrstuvwxyz0123456789 "
_SAME = "ABCDEFGHIJKLMNOPQRSTUVWXYZ$@!" + _SPACES
_UNSEPARATED = dict.fromkeys(map(ord, _SPACES))
# An exclamation mark is a letter within a word only.
_EXCLAMATIONS = re.compile(rb"!+(?= |$)")
_LOWER = bytes.maketrans(_SAME.encode(), (_SAME[:26].lower() + "sa!" + " " * len(_SPACES)).encode())
_DROPPED = bytes(code for code in range(128) if chr(code) not in _KEPT and chr(code) not in _SAME)
# What digits and i resemble. Folded after case, so that capital I, l and 1 are one.
_FOLD = bytes.maketrans(b"i0123456789vq", b"lolzeasbtbgug")
_DOUBLED = re.compile(rb"(.)(?=\1)", re.DOTALL)
# Letters that stand alone, one separator between them: "E L O N", "J. Q. Public". They are one word.
_LONE = re.compile(r"(?<![^\W_])[^\W_](?:(?:\. |[\s.\-_\u00b7|*])[^\W_](?![^\W_]))+")


class _Characters(dict[int, str]):
    """A table for ``str.translate`` that reads each character when it is first met."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, code: int) -> str:
        char = chr(code)
        # What one character stands for is letters and digits, however many: "(j)" for a parenthesised j is one.
        self[code] = found = char if char.isascii() else "".join(c for c in self._read(char) if c.isalnum() or c == " ")
        return found


def _sound_of(char: str) -> str:
    if char in IGNORABLE or unicodedata.category(char) == "Me":  # what encloses a letter is none
        return ""
    spelled = anyascii(char)
    return "" if spelled.startswith(":") else spelled  # ":fire:" and the like are emoji


def _look_of(char: str) -> str:
    if char in IGNORABLE or unicodedata.category(char) == "Me":
        return ""
    plain = _without_marks(unicodedata.normalize("NFKD", char))
    if plain.isascii():
        return plain
    if ord(char) in STYLED:
        return STYLED[ord(char)]
    shapes = (PROTOTYPES.get(ord(plain), "") if len(plain) == 1 else "", LOOK_ALIKE.get(ord(plain.lower()[0]), ""))
    bare = map(_without_marks, shapes)
    return next((shape for shape in bare if shape and shape.isascii()), "") or _sound_of(char)


def _without_marks(text: str) -> str:
    return "".join(c for c in text if not unicodedata.combining(c))


_LOOKS, _SOUNDS = _Characters(_look_of), _Characters(_sound_of)


def look_key(text: str) -> bytes:
    """Return the key of what ``text`` looks like, its words apart; empty where it has no letter or digit.

    Examples
    --------
    >>> look_key("J\u00e1ne R0e") == look_key("jane.roe") == look_key("\U0001d541\u0430n\u0435 \U0001f525 Roe")
    True
    """
    return _key(_respaced(text).translate(_LOOKS))


def sound_key(text: str) -> bytes:
    """Return the key of what ``text`` sounds like; that of its look where it is written in ASCII.

    Examples
    --------
    >>> sound_key("\u0421\u0435\u0440\u0433\u0435\u0439") == look_key("Sergey")
    True
    """
    return _key(_respaced(text).translate(_SOUNDS))


def name_keys(text: str) -> tuple[bytes, ...]:
    """Return the keys of a name, alias or role: by look, then by sound, then turned upright; of mere symbols, one."""
    if text.isascii():
        found = {look_key(text): None}
    else:
        found = dict.fromkeys((look_key(text), sound_key(text), *map(look_key, upright(text[:READ]))))
    found.pop(b"", None)
    return tuple(found) or _symbol_key(text)


def whole_keys(handle: str) -> tuple[bytes, ...]:
    """Return the keys of a handle in one word."""
    return tuple(map(joined, name_keys(handle[:READ].translate(_UNSEPARATED) or handle)))


def handle_keys(handle: str) -> tuple[bytes, ...]:
    """Return the keys of a handle: in one word, then, where it shows several, by its words.

    Examples
    --------
    >>> handle_keys("JaneRoe") == (b"janeroe", b"jane roe")
    True
    """
    whole = whole_keys(handle)
    apart = " ".join(HANDLE_WORD.findall(handle[:READ]))
    return tuple(dict.fromkeys((*whole, *(name_keys(apart) if " " in apart else ()))))


def written_key(handle: str) -> bytes:
    """Return a handle as it is written, without case and separators: where digits are digits and doubled letters two.

    Examples
    --------
    >>> written_key("Jane_R00t")
    b'janer00t'
    """
    letters = "".join(c for c in handle[:LONGEST].casefold() if c.isalnum())
    return (letters or handle[:LONGEST]).encode("utf-8", "replace")[:LONGEST]


def telling_words(text: str, stopwords: frozenset[bytes] = frozenset()) -> list[bytes]:
    """Return the words of a name or a bio as keys, in order, without stopwords (in lower case) and single letters.

    Examples
    --------
    >>> telling_words("The CEO of N0rthwind", frozenset({b"the", b"of"}))
    [b'ceo', b'northwlnd']
    """
    words = _lower(_respaced(text, BIO_READ).translate(_LOOKS)).split()
    return _folded(BOUNDARY.join(word for word in words if len(word) > 1 and word not in stopwords)).split()


def joined(key: bytes) -> bytes:
    """Return a key with its words written as one."""
    return _folded(key.replace(BOUNDARY, b"")) if BOUNDARY in key else key


def _respaced(text: str, read: int = READ) -> str:
    return _LONE.sub(_one_word, spelled(text[:read]))


def _one_word(letters: re.Match[str]) -> str:
    return "".join(c for c in letters[0] if c.isalnum())


def _symbol_key(text: str) -> tuple[bytes, ...]:
    """Symbols only: the text itself, told apart from letters by a byte that no other key has."""
    symbols = (normal(text[:READ]) or text[:READ].strip()).encode("utf-8", "replace")
    return (_DOUBLED.sub(b"", b"\x01" + symbols)[:LONGEST],) if symbols else ()


def _key(text: str) -> bytes:
    return _folded(_lower(text)).strip()[:LONGEST].rstrip()


def _lower(text: str) -> bytes:
    lower = text.encode("ascii", "ignore").translate(_LOWER, _DROPPED)
    return _EXCLAMATIONS.sub(b"", lower).replace(b"!", b"l") if b"!" in lower else lower


def _folded(lower: bytes) -> bytes:
    shapes = _DOUBLED.sub(b"", lower.replace(b"vv", b"w").translate(_FOLD))
    return _DOUBLED.sub(b"", shapes.replace(b"rn", b"m")) if b"rn" in shapes else shapes
