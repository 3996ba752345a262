"""Text normal forms: cleaning, NFKC, UTS #39 skeletons, loose keys, scripts and words.

The Unicode data is pinned: the tables in ``classifier/text/unicode`` hold version 17.0.0, so a skeleton does not change
with the machine. Normalisation itself is the interpreter's ``unicodedata``; Unicode's stability policy keeps it
the same for every character assigned before the interpreter's version.

References
----------
UTS #39, Unicode Security Mechanisms, section 4: https://www.unicode.org/reports/tr39/
UAX #15, Unicode Normalization Forms: https://www.unicode.org/reports/tr15/
UAX #24, Unicode Script Property: https://www.unicode.org/reports/tr24/
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Set as AbstractSet
from importlib.resources import files

from classifier.text.spelling import MARKS, spelled
from classifier.text.stream_safe import normalized
from classifier.text.upright import upright

UNICODE_VERSION = "17.0.0"

# UAX #9 direction controls: they reorder what a reader sees and have no place in a handle or a name.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Characters without a glyph of their own (a choice out of Default_Ignorable_Code_Point that occurs in profiles).
IGNORABLE = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
) | {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0))}

# What UTS #39 leaves apart and readers do not: its own prototypes for kappa, te and small capitals, digits in the
# shape of letters, and i, which only differs from l by a dot. All keys are in lower case.
LOOK_ALIKE = str.maketrans(
    {
        "i": "l", "ı": "l", "ɪ": "l", "ӏ": "l", "1": "l", "|": "l", "!": "l", "0": "o", "3": "e", "4": "a", "5": "s",
        "7": "t", "8": "b", "$": "s", "@": "a", "€": "e", "ĸ": "k", "κ": "k", "к": "k", "т": "t", "τ": "t", "ᴛ": "t",
        "ß": "b", "в": "b", "ʙ": "b", "β": "b", "н": "h", "ʜ": "h", "м": "rn", "ᴍ": "rn", "ɴ": "n", "η": "n", "п": "n",
        "и": "u",
        "я": "r", "ʀ": "r", "ᴀ": "a", "α": "a", "ᴇ": "e", "ε": "e", "ɢ": "g", "ʟ": "l", "ʏ": "y", "ᴅ": "d", "ᴊ": "j",
        "ᴋ": "k", "ᴘ": "p", "ᴜ": "u", "ᴢ": "z", "ꜱ": "s", "ꜰ": "f", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "p",
        "ᴎ": "u", "ᴙ": "r", "w": "vv", "ω": "vv",
    }
)  # fmt: skip


def _read_table(name: str) -> list[list[str]]:
    text = (files("classifier.text") / "unicode" / name).read_text(encoding="utf-8")
    return [line.split(";") for line in text.splitlines() if line and not line.startswith("#")]


def _code_points(hexes: str) -> str:
    return "".join(chr(int(code, 16)) for code in hexes.split())


PROTOTYPES = {int(code, 16): _code_points(prototype) for code, prototype in _read_table("confusables.txt")}
_SCRIPT_RANGES = [
    (int(span.partition("..")[0], 16), int(span.partition("..")[2], 16), script)
    for span, script in _read_table("scripts.txt")
]
STYLED: dict[int, str] = {}
for _, _alphabet in _read_table("styled_letters.txt"):
    for _letter, _shape in zip("abcdefghijklmnopqrstuvwxyz", _alphabet.split(" "), strict=True):
        if _shape != "-":
            STYLED.setdefault(ord(_shape), _letter)
_SCRIPT_STARTS = [first for first, _, _ in _SCRIPT_RANGES]

_BREAKS = re.compile("[\t\n\r\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")  # Unicode category Cc
_DIRECTIONS = re.compile(f"[{''.join(sorted(BIDI_CONTROLS))}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNCLEAN = re.compile("|".join(pattern.pattern for pattern in (_BREAKS, _CONTROLS, _DIRECTIONS, _SURROGATES)))
_REPAIRS = (
    ("control_characters", _CONTROLS, ""),
    ("direction_controls", _DIRECTIONS, ""),
    ("unpaired_surrogates", _SURROGATES, "\ufffd"),
)

_WORD = re.compile(r"[^\W_]+")
# A handle's words: "RepJaneRoe4Congress" -> Rep Jane Roe 4 Congress; scripts without case stay whole.
HANDLE_WORD = re.compile(r"\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")


def clean(text: str, limit: int) -> tuple[str, tuple[str, ...]]:
    r"""Make foreign text safe to keep: drop what no profile may hold, cut it at ``limit`` characters.

    Returns
    -------
    text : str
        ``text`` without control characters (line breaks and tabs become a space), without direction controls, with
        unpaired surrogates replaced by U+FFFD, stripped, at most ``limit`` characters.
    notes : tuple of str
        Which of ``control_characters``, ``direction_controls``, ``unpaired_surrogates`` and ``too_long`` applied.

    Examples
    --------
    >>> clean("Jane\u202e Roe\x00", limit=50)
    ('Jane Roe', ('control_characters', 'direction_controls'))
    """
    stripped = text.strip() if len(text) <= 4 * limit else text
    if len(stripped) <= limit and not _UNCLEAN.search(stripped):
        return stripped, ()
    notes = []
    # Nothing below may cost more than the limit asks for, however long the input.
    kept = _BREAKS.sub(" ", text[: 4 * limit])
    for note, pattern, replacement in _REPAIRS:
        kept, found = pattern.subn(replacement, kept)
        if found:
            notes.append(note)
    stripped = kept.strip()
    if len(stripped) > limit or len(text) > 4 * limit:
        notes.append("too_long")
    return stripped[:limit].rstrip(), tuple(notes)


def normal(text: str) -> str:
    """Return ``text`` in NFKC, case-folded, without invisible characters, white space collapsed.

    Examples
    --------
    >>> normal("  \uff2a\uff21\uff2e\uff25   Roe ")
    'jane roe'
    """
    if text.isascii():  # most texts are, and they have nothing to compose and nothing invisible to leave out
        return " ".join(text.lower().split())
    return " ".join(_visible(normalized("NFKC", text)).casefold().split())


def _visible(text: str) -> str:
    """Return a text without invisible characters; hardly any has one, and seeing that it has none is faster."""
    return text if IGNORABLE.isdisjoint(text) else "".join(c for c in text if c not in IGNORABLE)


def skeleton(text: str) -> str:
    """Return the UTS #39 skeleton: NFD, each character by its prototype, NFD.

    Two strings with the same skeleton look alike. The skeleton itself is not meant to be read.

    Examples
    --------
    >>> skeleton("Ianet") == skeleton("lanet")
    True
    """
    return normalized("NFD", normalized("NFD", text).translate(PROTOTYPES))


def loose_key(text: str) -> str:
    """Return a key that is equal for strings a hurried reader takes for each other.

    Beyond the skeleton it ignores spelling (``spelled``), case, marks, spaces and punctuation, reads digits as the
    letters they resemble, turned text as what it says (``upright``) and fancy alphabets as the letters they stand for,
    and folds what UTS #39 keeps apart (i and l, vv and w, Greek kappa and Cyrillic te against k and t). It is a key
    for finding, not proof: genuine strings can share it.

    Examples
    --------
    >>> loose_key("J\u00e1ne_R0e") == loose_key("jane.roe")
    True
    >>> loose_key("MARY") == loose_key("rnary")
    True
    """
    if text.isascii():
        return text.translate(_LOOSE_ASCII)
    return _loose(text)


def _loose(text: str) -> str:
    # Once more after case folding: capitals resemble other letters than small ones do, "M" no "rn" but "m" one.
    read = spelled(next(iter(upright(text)), text)).translate(STYLED)
    shapes = skeleton(_bare(read).translate(LOOK_ALIKE)).casefold()
    folded = _bare(skeleton(shapes)).casefold().translate(_LOOSE_STYLED).translate(LOOK_ALIKE)
    return spelled("".join(c for c in folded if c.isalnum()))


def _bare(text: str) -> str:
    decomposed = normalized("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in IGNORABLE)


# Read once more where a prototype is such a letter; "m" and "w" are two letters by then.
_LOOSE_STYLED = {code: skeleton(letter).translate(LOOK_ALIKE) for code, letter in STYLED.items()}
# Most texts are ASCII, where each character has its key whatever stands beside it.
_LOOSE_ASCII = {code: _loose(chr(code)) for code in range(128)}
_LETTERS_ASCII = {code: chr(code).lower() if chr(code).isalnum() else "" for code in range(128)}


def handle_key(handle: str) -> str:
    """Return a handle without the differences readers skip: case, underscores, dots and dashes.

    Examples
    --------
    >>> handle_key("@Jane_Roe.")
    'janeroe'
    """
    if handle.isascii():
        return handle.translate(_LETTERS_ASCII)
    return "".join(filter(str.isalnum, normal(handle)))


def words(text: str) -> list[str]:
    """Return the words of a name or bio in normal form.

    Examples
    --------
    >>> words("Dr. Jane ROE, M.P.")
    ['dr', 'jane', 'roe', 'm', 'p']
    """
    # White space parts words, however much of it.
    return _WORD.findall(text.lower()) if text.isascii() else normal_words(normal(text))


def normal_words(text: str) -> list[str]:
    """Return the words of a text that is in normal form already: making it once more may change it once more."""
    # Marks that did not compose with their letter would part words.
    return _WORD.findall(text if text.isascii() else MARKS.sub("", text))


def handle_words(handle: str) -> list[str]:
    """Return the words a handle is built from, by its capitals, digits and separators.

    Examples
    --------
    >>> handle_words("RepJaneRoe_4Congress")
    ['rep', 'jane', 'roe', '4', 'congress']
    """
    return [word.casefold() for word in HANDLE_WORD.findall(normalized("NFKC", handle))]


def scripts(text: str) -> frozenset[str]:
    """Return the scripts of the letters of ``text``; characters common to all scripts do not count.

    Examples
    --------
    >>> sorted(scripts("J\u0430ne!"))
    ['Cyrillic', 'Latin']
    """
    return frozenset(filter(None, (_script(ord(c)) for c in text)))


# Scripts that one language writes within a word, each with Latin as well: Japanese, Korean, and Chinese with its signs
# for sounds (UTS #39, section 5.1, and the level "highly restrictive" of section 5.2).
_WRITTEN_TOGETHER = (
    frozenset({"Latin", "Han", "Hiragana", "Katakana"}),
    frozenset({"Latin", "Han", "Hangul"}),
    frozenset({"Latin", "Han", "Bopomofo"}),
)


def written_together(found: AbstractSet[str]) -> bool:
    """Tell whether some language writes all these scripts within a word, so that together they are nothing odd.

    Examples
    --------
    >>> written_together({"Han", "Katakana"}), written_together({"Hangul", "Katakana"}), written_together({"Greek"})
    (True, False, True)
    """
    return len(found) < 2 or any(found <= scripts_used for scripts_used in _WRITTEN_TOGETHER)


def _script(code: int) -> str | None:
    if code < 0x41:
        return None
    first, last, script = _SCRIPT_RANGES[bisect_right(_SCRIPT_STARTS, code) - 1]
    return script if first <= code <= last else None
