"""What two handles have in common, by how rare it is, and what was changed, by how easily it is overlooked."""

from __future__ import annotations

import math
from array import array
from itertools import accumulate

import numpy as np

from classifier.features.encoded_account import (
    HANDLE,
    HANDLE_BITS,
    HANDLE_CLAIMS,
    HANDLE_HAS_DIGIT,
    HANDLE_OFFICES,
    HANDLE_WORDS,
    LOOSE_HANDLE_HASH,
    SEPARATORS,
    Ints,
    fact,
    is_set,
    letters,
    real,
    section,
)  # fmt: skip
from classifier.features.feature import MISSING, feature, flag
from classifier.features.pair_context import Pair
from classifier.features.words_and_texts import is_among, is_part
from classifier.text import lexicon
from classifier.text.edit_distance import FAR, SEPARATOR
from classifier.utils.jit import helper


def _table(words: frozenset[str]) -> tuple[Ints, Ints]:
    """Return the letters of words, one behind the other, and where each ends."""
    ordered = sorted(words)
    return np.array(array("q", map(ord, "".join(ordered)))), np.array(list(accumulate(map(len, ordered))))


CLAIM_LETTERS, CLAIM_ENDS = _table(lexicon.CLAIM_WORDS)
_OFFICES, _OFFICE_ENDS = _table(lexicon.OFFICE_WORDS)


@feature("handle", kind="handle", monotone=1)
def handle_beyond_chance(pair: Pair) -> float:
    """How much more the handles share than a stranger's would by chance (bits)."""
    separators = SEPARATOR * abs(fact(pair.reported, SEPARATORS) - fact(pair.protected, SEPARATORS))
    return max(FAR, pair.nearness.beyond - separators)


@feature("handle", "display_name", "aliases", kind="handle", monotone=1)
def name_spelled(pair: Pair) -> float:
    """How much more the handle shares with the protected account's name than a stranger's would by chance (bits)."""
    return MISSING if pair.nearness.spelled == -math.inf else max(FAR, pair.nearness.spelled)


@feature("handle", kind="handle", monotone=1)
def handle_look_alike(pair: Pair) -> float:
    """The handles differ but look the same."""
    differ = fact(pair.reported, HANDLE) != fact(pair.protected, HANDLE)
    return flag(differ and fact(pair.reported, LOOSE_HANDLE_HASH) == fact(pair.protected, LOOSE_HANDLE_HASH))


@feature("handle", kind="handle", monotone=1)
def handle_reads_worse(pair: Pair) -> float:
    """How broken the words of the handle are compared with the protected handle (bits)."""
    if not pair.nearness.beyond > 0.0:
        return 0.0
    return max(-20.0, min(40.0, real(pair.reported, HANDLE_BITS) - real(pair.protected, HANDLE_BITS)))


@feature("handle", kind="handle", monotone=-1)
def handle_starts_otherwise(pair: Pair) -> float:
    """The first letter is missing or visibly different."""
    return flag(pair.nearness.beyond > 0.0 and pair.nearness.starts_otherwise)


@feature("handle", kind="handle", monotone=-1)
def handle_number_changed(pair: Pair) -> float:
    """The number in the handle is different."""
    is_changed = pair.nearness.beyond > 0.0 and pair.nearness.has_number
    return flag(is_changed and is_set(pair.protected, HANDLE_HAS_DIGIT))


@feature("handle", kind="handle")
def handle_claim_added(pair: Pair) -> float:
    """The handle adds a word that claims to be real, official or support."""
    if not is_part(section(pair.reported, HANDLE_CLAIMS), section(pair.protected, HANDLE_WORDS)):
        return 1.0
    # Only what the reported handle has around the protected one is added, not the other way round.
    is_longer = letters(pair.reported).size > letters(pair.protected).size
    before, behind = _added(pair)
    nothing = before[:0]
    is_before = is_among(before, nothing, CLAIM_LETTERS, CLAIM_ENDS)
    return flag(is_longer and (is_before or is_among(behind, nothing, CLAIM_LETTERS, CLAIM_ENDS)))


@feature("handle", kind="handle")
def handle_office_differs(pair: Pair) -> float:
    """The handles differ by a word for an office, title, campaign or second account."""
    if not is_part(section(pair.reported, HANDLE_OFFICES), section(pair.protected, HANDLE_WORDS)):
        return 1.0
    if not is_part(section(pair.protected, HANDLE_OFFICES), section(pair.reported, HANDLE_WORDS)):
        return 1.0
    before, behind = _added(pair)
    nothing = before[:0]
    return flag(is_among(before, nothing, _OFFICES, _OFFICE_ENDS) or is_among(behind, nothing, _OFFICES, _OFFICE_ENDS))


@feature("handle", kind="handle")
def handle_extended(pair: Pair) -> float:
    """One handle is the other with two or more letters added."""
    before, behind = _added(pair)
    if before.size + behind.size < 2 or _has_digit(before) or _has_digit(behind):
        return 0.0
    return flag(not is_among(before, behind, CLAIM_LETTERS, CLAIM_ENDS))


@helper
def _added(pair: Pair) -> tuple[Ints, Ints]:
    """Return what stands before and behind one handle in the other; nothing where neither is in the other."""
    ours, theirs = letters(pair.reported), letters(pair.protected)
    short, long = (theirs, ours) if ours.size > theirs.size else (ours, theirs)
    place = pair.common.place
    if place < 0:
        return long[:0], long[:0]
    return long[:place], long[place + short.size :]


@helper
def _has_digit(text: Ints) -> bool:
    found = False
    for letter in text:
        found |= letter < 0
    return found
