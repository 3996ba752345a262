"""A pair as features see it, with what several of them ask, found once."""

from __future__ import annotations

from typing import NamedTuple

from classifier.features.encoded_account import (
    BIO_SET,
    CANONICAL_BIO,
    CANONICAL_NAME,
    HAS_LOOSE_NAME,
    LOOSE_NAME_HASH,
    NAME_ENDS,
    NAME_READ,
    NAME_TOTALS,
    ROLE_BITS,
    ROLE_ENDS,
    ROLE_TOTALS,
    ROLE_WORDS,
    WORD_BITS,
    WORD_ENDS,
    WORD_READ,
    EncodedAccount,
    Floats,
    fact,
    is_set,
    letters,
    real_section,
    section,
)  # fmt: skip
from classifier.features.words_and_texts import has, place_of, shared
from classifier.utils.jit import helper

# Of a name's bits, how many make that it is borne: all but a middle initial or a title.
BORNE = 0.75


class Nearness(NamedTuple):
    """How near a reported handle is to a protected one.

    Attributes
    ----------
    beyond : float
        In bits, as ``edit_distance.beyond_chance``.
    spelled : float
        The same for the nearest of the protected account's names, as a handle would write them; -inf without name.
    starts_otherwise, has_number : bool
        Whether the first letter is left out or another; whether an edit is one of a number.
    """

    beyond: float
    spelled: float
    starts_otherwise: bool
    has_number: bool


class Common(NamedTuple):
    """What two accounts have in common.

    Attributes
    ----------
    place : int
        Where the shorter handle stands in the longer one; -1 where it does not, or where they are equally long.
    name_kept, name_share : float
        How much of a protected name or alias the reported name has, in bits and in [0, 1]: the most; 0 where unknown.
    role_by_name, role_by_both : float
        How much of a protected role the reported name, and name and bio together, claim, in [0, 1]: the most.
    looks_same : bool
        Whether the names look alike, both missing included.
    bears : bool
        Whether the reported name has nearly all of the protected account's name, alias or role.
    shares_bio_words : bool
        Whether the bios have a word in common.
    """

    place: int
    name_kept: float
    name_share: float
    role_by_name: float
    role_by_both: float
    looks_same: bool
    bears: bool
    shares_bio_words: bool


class Pair(NamedTuple):
    """A reported and a protected account: what a feature of texts is a function of."""

    reported: EncodedAccount
    protected: EncodedAccount
    nearness: Nearness
    common: Common


class Numbers(NamedTuple):
    """The numbers of a reported and of a protected account: what a feature of numbers is a function of.

    Attributes
    ----------
    reported, protected : ndarray of float64, shape (numeric.WIDTH,)
        In the columns that ``numeric`` names; NaN where missing.
    """

    reported: Floats
    protected: Floats


@helper
def common(reported: EncodedAccount, protected: EncodedAccount) -> Common:
    """Find what two accounts have in common."""
    kept, share = _name_kept(reported, protected)
    by_name, by_both = _role_claimed(reported, protected)
    looks_same = fact(reported, LOOSE_NAME_HASH) == fact(protected, LOOSE_NAME_HASH)
    is_named_so = is_set(reported, HAS_LOOSE_NAME) and looks_same
    bears = is_named_so or share >= BORNE or by_name >= BORNE
    shares_bio_words = shared(section(reported, BIO_SET), section(protected, BIO_SET)) > 0
    return Common(_place(reported, protected), kept, share, by_name, by_both, looks_same, bears, shares_bio_words)


@helper
def _place(reported: EncodedAccount, protected: EncodedAccount) -> int:
    ours, theirs = letters(reported), letters(protected)
    if ours.size == theirs.size:
        return -1
    return place_of(ours, theirs) if ours.size < theirs.size else place_of(theirs, ours)


@helper
def _name_kept(reported: EncodedAccount, protected: EncodedAccount) -> tuple[float, float]:
    """Return the bits and the share of the name or alias that the reported name has most of."""
    read, words = section(reported, NAME_READ), section(protected, WORD_READ)
    ends, bits = section(protected, WORD_ENDS), real_section(protected, WORD_BITS)
    lasts, totals = section(protected, NAME_ENDS), real_section(protected, NAME_TOTALS)
    most, most_share, word, start = 0.0, 0.0, 0, 0
    if read.size == 0:
        return most, most_share
    for name in range(lasts.size):
        kept = 0.0
        while word < lasts[name]:
            is_kept = False
            while start < ends[word]:
                is_kept |= has(read, words[start])
                start += 1
            if is_kept:
                kept += bits[word]
            word += 1
        most, most_share = max(most, kept), max(most_share, kept / totals[name])
    return most, most_share


@helper
def _role_claimed(reported: EncodedAccount, protected: EncodedAccount) -> tuple[float, float]:
    """Return how much of a role the name claims, and name and bio together: the most."""
    name, bio = section(reported, CANONICAL_NAME), section(reported, CANONICAL_BIO)
    words, bits = section(protected, ROLE_WORDS), real_section(protected, ROLE_BITS)
    lasts, totals = section(protected, ROLE_ENDS), real_section(protected, ROLE_TOTALS)
    by_name, by_both, word = 0.0, 0.0, 0
    for role in range(lasts.size):
        in_name, in_both = 0.0, 0.0
        while word < lasts[role]:
            if has(name, words[word]):
                in_name, in_both = in_name + bits[word], in_both + bits[word]
            elif has(bio, words[word]):
                in_both += bits[word]
            word += 1
        by_name, by_both = max(by_name, in_name / totals[role]), max(by_both, in_both / totals[role])
    return by_name, by_both
