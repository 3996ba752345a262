"""Two spellings compared letter by letter, for people: what differs, what only looks the same, and what it is called.

Letters are aligned by what a hurried reader takes them for (``normalization.loose_key``), so that "rn" stands against
"m" and a Cyrillic letter against its Latin double. A letter is what Unicode calls a grapheme: an emoji or a letter with
its accents stays whole.

References
----------
UAX #29, Unicode Text Segmentation: https://www.unicode.org/reports/tr29/
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

import regex
from rapidfuzz.distance import Levenshtein

from classifier.text.normalization import BIDI_CONTROLS, IGNORABLE, loose_key, scripts, skeleton, written_together
from classifier.text.spelling import spelled
from service.texts.wording import Message, Words, gettext, ngettext

Kind = Literal["same", "case", "accents", "alike", "differs"]
Span = tuple[int, int]
COMPARED = 200  # characters of either side; as long as a display name may be
NAMED_LETTERS = 8
# Where less than half is in common, in runs shorter than this on average, nothing is: this project's choice.
CHANCE_RUN = 3
_GRAPHEME = regex.compile(r"\X")
_PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}")
# A pictograph is a sequence of a few; whatever else clings to it is no part of it.
_LONGEST_EMOJI = 16
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # Unicode categories: controls, surrogates, private use, separators
_ABBREVIATED = Words(
    {
        "\u200b": "zero width space",
        "\u200c": "zero width non-joiner",
        "\u200d": "zero width joiner",
        "\u00ad": "soft hyphen",
        "\ufeff": "byte order mark",
    }
)
_STYLED = re.compile(
    r"((?:MATHEMATICAL|FULLWIDTH|CIRCLED|NEGATIVE|PARENTHESIZED|SQUARED|DOUBLE-STRUCK|BLACK-LETTER|SCRIPT)[A-Z -]*?)"
    r"(?: LATIN)? (?:CAPITAL|SMALL|DIGIT)\b"
)
_CASES = {"small": Message("small %(letter)s"), "capital": Message("capital %(letter)s")}
_PLAIN_LATIN = re.compile(r"latin (small|capital) letter (.+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands against what: equal, in another case, but for accents, looking alike, or different.

    Either side may be empty.
    """

    kind: Kind
    reported: str
    protected: str

    def swapped(self) -> Piece:
        """Return it seen from the other side."""
        return Piece(self.kind, self.protected, self.reported)


@dataclass(frozen=True, slots=True)
class Letter:
    """A look-alike with both letters, and the same in words."""

    reported: str
    protected: str
    words: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """Two strings compared; what is beyond ``COMPARED`` characters is kept apart and not compared by letters."""

    pieces: tuple[Piece, ...]
    reported_rest: str = ""
    protected_rest: str = ""

    def swapped(self) -> Spelling:
        """Return it seen from the other side."""
        return Spelling(tuple(piece.swapped() for piece in self.pieces), self.protected_rest, self.reported_rest)

    @property
    def kind(self) -> Kind:
        """How the two differ at most."""
        if self.reported_rest != self.protected_rest:
            return "differs"
        found = {piece.kind for piece in self.pieces}
        return next((kind for kind in _WORST if kind in found), "same")

    def letters(self) -> tuple[tuple[Letter, ...], int]:
        """Return the look-alikes, each once, and how many there are beyond ``NAMED_LETTERS``.

        Those of a style are left out: ``styled`` says them in a line.
        """
        found = dict.fromkeys(piece for piece in self._alike() if not style_of(piece.reported))
        named = [Letter(pair.reported, pair.protected, told_apart(pair.reported, pair.protected)) for pair in found]
        return tuple(named[:NAMED_LETTERS]), max(0, len(named) - NAMED_LETTERS)

    def styled(self) -> str:
        """Say of how many letters the reported side are of a style of their own, by style; empty where none is."""
        found = Counter(style for piece in self._alike() if (style := style_of(piece.reported)))
        return ", ".join(
            ngettext("%(num)s letter is %(style)s", "%(num)s letters are %(style)s", count, style=style)
            for style, count in found.items()
        )

    def _alike(self) -> Iterator[Piece]:
        return (piece for piece in self.pieces if piece.kind == "alike")


_WORST: tuple[Kind, ...] = ("differs", "alike", "accents", "case")


def compare(reported: str, protected: str) -> Spelling:
    """Return two strings against each other; swapping them swaps the sides of every piece and nothing else.

    Examples
    --------
    >>> [(piece.kind, piece.reported, piece.protected) for piece in compare("Janernarie", "janemarie").pieces]
    [('case', 'J', 'j'), ('same', 'ane', 'ane'), ('alike', 'rn', 'm'), ('same', 'arie', 'arie')]
    """
    if protected < reported:  # ties between alignments are broken by which comes first
        return compare(protected, reported).swapped()
    ours, theirs = graphemes(reported[:COMPARED]), graphemes(protected[:COMPARED])
    return Spelling(tuple(_merged(_pieces(ours, theirs))), reported[COMPARED:], protected[COMPARED:])


def graphemes(text: str) -> list[str]:
    r"""Return what a reader sees as one letter each.

    Examples
    --------
    >>> [len(letter) for letter in graphemes("e\u0301👩\u200d🚀!")]
    [2, 3, 1]
    """
    found: list[str] = _GRAPHEME.findall(text)
    return found


def _pieces(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Piece]:
    shortest = min(len(ours), len(theirs))
    start = next((place for place in range(shortest) if ours[place] != theirs[place]), shortest)
    end = next((n for n in range(shortest - start) if ours[-1 - n] != theirs[-1 - n]), shortest - start)
    yield from (Piece("same", our, our) for our in ours[:start])
    yield from _aligned(ours[start : len(ours) - end], theirs[start : len(theirs) - end], start + end)
    yield from (Piece("same", our, our) for our in ours[len(ours) - end :])


def _aligned(ours: Sequence[str], theirs: Sequence[str], around: int) -> Iterator[Piece]:
    """Align by keys: letters whose keys meet stand against each other, what is between them is extra.

    ``around`` is how many letters before and after are equal.
    """
    our_keys, our_owners = _keys(ours)
    their_keys, their_owners = _keys(theirs)
    one = other = 0  # what comes next on either side
    blocks = _blocks(our_keys, their_keys, around)
    for our_span, their_span in _links(blocks, our_owners, their_owners):
        yield from _piece(ours[one : our_span[0]], theirs[other : their_span[0]])
        one, other = our_span[1], their_span[1]
        yield from _piece(ours[our_span[0] : one], theirs[their_span[0] : other])
    yield from _piece(ours[one:], theirs[other:])


def _keys(letters: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the keys' characters, and which letter each is of; what has no key is its own."""
    keys: list[str] = []
    owners: list[int] = []
    for place, letter in enumerate(letters):
        key = loose_key(letter)
        parts = list(key) if key else [letter]
        keys += parts
        owners += [place] * len(parts)
    return keys, owners


def _links(
    blocks: Sequence[tuple[int, int, int]], our_owners: list[int], their_owners: list[int]
) -> Iterator[tuple[Span, Span]]:
    """Yield spans of letters that stand against each other: "m" has two keys, so both letters of "rn" meet it."""
    ours = theirs = (0, 0)
    for start, other_start, length in blocks:
        for place in range(length):
            one, other = our_owners[start + place], their_owners[other_start + place]
            if one < ours[1] or other < theirs[1]:  # a letter that is linked already
                ours, theirs = (ours[0], max(ours[1], one + 1)), (theirs[0], max(theirs[1], other + 1))
                continue
            if ours[1] > ours[0]:
                yield ours, theirs
            ours, theirs = (one, one + 1), (other, other + 1)
    if ours[1] > ours[0]:
        yield ours, theirs


def _blocks(our_keys: list[str], their_keys: list[str], around: int) -> list[tuple[int, int, int]]:
    """Return where equal keys start on either side and how many; none where they meet by chance only."""
    steps = [step for step in Levenshtein.opcodes(our_keys, their_keys) if step.tag == "equal"]
    blocks = [(step.src_start, step.dest_start, step.src_end - step.src_start) for step in steps]
    met = sum(length for _, _, length in blocks)
    is_little = 2 * (met + around) < max(len(our_keys), len(their_keys)) + around
    return [] if is_little and met < CHANCE_RUN * len(blocks) else blocks


def _piece(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Piece]:
    reported, protected = "".join(ours), "".join(theirs)
    if reported or protected:
        yield Piece(_kind(reported, protected), reported, protected)


def _kind(reported: str, protected: str) -> Kind:
    if reported == protected:
        return "same"
    if not reported or not protected:
        return "differs"
    if reported.casefold() == protected.casefold():
        return "case"
    is_encoded_otherwise = unicodedata.normalize("NFC", reported) == unicodedata.normalize("NFC", protected)
    if not is_encoded_otherwise and spelled(reported).casefold() == spelled(protected).casefold():
        return "accents"
    if loose_key(reported) == loose_key(protected) != "" or skeleton(reported) == skeleton(protected):
        return "alike"
    return "differs"


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbours of one kind; look-alikes stay apart, because each is named."""
    last: Piece | None = None
    for piece in pieces:
        if last and last.kind == piece.kind and piece.kind != "alike":
            last = replace(last, reported=last.reported + piece.reported, protected=last.protected + piece.protected)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


# --- in words --------------------------------------------------------------------------------------------------------


def told_apart(reported: str, protected: str) -> str:
    """Return what a letter is, and what it is not.

    Examples
    --------
    >>> told_apart("I", "l"), told_apart("0", "O"), told_apart("а", "a"), told_apart("rn", "m")
    ('capital I, not small l', 'digit 0, not capital O', 'Cyrillic small letter a, not Latin a', 'rn, not m')
    """
    if (len(reported) > 1 or len(protected) > 1) and (reported + protected).isascii():
        return gettext("%(reported)s, not %(protected)s", reported=reported, protected=protected)
    foreign = bool((scripts(reported) | scripts(protected)) - {"Latin"})
    spoken = {"reported": _spoken(reported, foreign), "protected": _spoken(protected, foreign)}
    return gettext("%(reported)s, not %(protected)s", **spoken)


def _spoken(letter: str, foreign: bool) -> str:
    if foreign and letter.isascii() and letter.isalpha():
        return gettext("Latin %(letter)s", letter=letter)
    return " + ".join(map(name_of, letter[:4])) + (" …" if len(letter) > 4 else "")


def style_of(letter: str) -> str:
    """Return the style of a letter or digit that Unicode keeps for show, such as mathematical script; else nothing.

    Examples
    --------
    >>> style_of("\U0001d4aa"), style_of("\uff2f"), style_of("O"), style_of("\u041e")
    ('mathematical script', 'fullwidth', '', '')
    """
    found = _STYLED.match(unicodedata.name(letter, "")) if len(letter) == 1 else None
    return found[1].lower() if found else ""


def name_of(char: str) -> str:
    r"""Return what a character is called: Latin letters shortly, others by their Unicode name.

    Examples
    --------
    >>> name_of("I"), name_of("é"), name_of("7"), name_of("ӏ"), name_of("\u202e")
    ('capital I', 'small e with acute', 'digit 7', 'Cyrillic small letter palochka', 'right-to-left override')
    """
    if char.isascii() and char.isdigit():
        return gettext("digit %(digit)s", digit=char)
    name: str = _ABBREVIATED.get(char) or unicodedata.name(char, "").lower() or f"U+{ord(char):04X}"
    if found := _PLAIN_LATIN.fullmatch(name):
        letter, mark, marks = found[2].partition(" with ")
        if not marks and len(letter) == 1:
            return gettext(_CASES[found[1]], letter=letter.upper() if found[1] == "capital" else letter)
        return f"{found[1]} {letter.upper() if found[1] == 'capital' else letter}{mark}{marks}"
    for script in scripts(char):
        name = re.sub(rf"\b{re.escape(script.lower())}\b", script, name)
    return name


def hidden(text: str) -> Iterator[tuple[str, str]]:
    r"""Yield the text in runs of what is seen, and of each character that is not seen, with its name.

    What joins the parts of an emoji is seen: as the emoji.

    Examples
    --------
    >>> list(hidden("Ja\u200b\u200bne"))
    [('Ja', ''), ('\u200b\u200b', 'zero width space × 2'), ('ne', '')]
    """
    if text.isascii() and text.isprintable():  # as most are
        yield from [(text, "")] if text else []
        return
    for char, same in groupby(_seen(text), key=lambda char: char if _is_hidden(char) else ""):
        run = "".join(same)
        yield run, "" if not char else name_of(char) if run == char else f"{name_of(char)} × {len(run):,}"


def _seen(text: str) -> Iterator[str]:
    """Yield emoji whole, all else by character."""
    for letter in graphemes(text):
        yield from (letter,) if 1 < len(letter) <= _LONGEST_EMOJI and _PICTOGRAPH.search(letter) else letter


def _is_hidden(letter: str) -> bool:
    if len(letter) > 1:  # an emoji
        return False
    return letter in IGNORABLE or letter in BIDI_CONTROLS or unicodedata.category(letter) in _UNSEEN


def scripts_in_words(text: str) -> str:
    r"""Return what is odd about the scripts of a string, or nothing where all is Latin.

    Examples
    --------
    >>> scripts_in_words("J\u0430ne"), scripts_in_words("Jane"), scripts_in_words("\u03a3")
    ('Mixes Cyrillic and Latin', '', 'Written in Greek')
    """
    found = sorted(scripts(text) - {"Inherited", "Common"})
    if not found or found == ["Latin"]:
        return ""
    *others, last = found
    together = gettext("%(one)s and %(other)s", one=", ".join(others), other=last) if others else last
    if written_together(set(found)):
        return gettext("Written in %(scripts)s", scripts=together)
    return gettext("Mixes %(scripts)s", scripts=together)
