"""A pair as features see it, with what several of them ask, found once."""

from __future__ import annotations

from typing import NamedTuple

from classifier.accounts.protected_forms import ORGANISATION
from classifier.features.encoded_account import (
    BEARABLE,
    BIO_SET,
    CANONICAL_BIO,
    CANONICAL_NAME,
    HANDLE_WORDS,
    HAS_LOOSE_NAME,
    KNOWN_WORDS,
    LINKED,
    LOOSE_NAME_HASH,
    NAME_ENDS,
    NAME_JOINED,
    NAME_READ,
    NAME_TOTALS,
    NAMES_TOLD,
    ROLE_BITS,
    ROLE_ENDS,
    ROLE_TOTALS,
    ROLE_WORDS,
    WORD_BITS,
    WORD_ENDS,
    WORD_READ,
    WORD_SPELLED,
    EncodedAccount,
    Floats,
    Ints,
    fact,
    is_set,
    letters,
    real_section,
    section,
)  # fmt: skip
from classifier.features.words_and_texts import has, place_of, shared
from classifier.text.bearing import Borne, at_most, borne, looks
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


class Bearing(NamedTuple):
    """What of a protected account stands in a text of the reported one.

    Attributes
    ----------
    bits : float
        Of its handle, its name or a word of its name: the most that stands there.
    organisation : float
        Bits of a word of what its owner is the head of: the most.
    start, stop : int
        Where the more telling of both stands.
    """

    bits: float
    organisation: float
    start: int
    stop: int


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
    in_handle, in_name, in_links : Bearing
        What of the protected account stands in the reported handle, in the name and in where the links lead.
    in_bio : float
        Bits of the name or alias, or of a role's words, that the bio has: the most.
    anywhere : float
        How much of a name or alias stands in handle, name and bio together, in [0, 1]: the most.
    """

    place: int
    name_kept: float
    name_share: float
    role_by_name: float
    role_by_both: float
    looks_same: bool
    bears: bool
    shares_bio_words: bool
    in_handle: Bearing
    in_name: Bearing
    in_links: Bearing
    in_bio: float
    anywhere: float


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
    in_bio, anywhere = _told(reported, protected)
    return Common(
        _place(reported, protected), kept, share, by_name, by_both, looks_same, bears, shares_bio_words,
        _bearing(letters(reported), protected, True),
        _bearing(section(reported, NAME_JOINED), protected, other_names(reported, protected) == 0),
        _bearing(section(reported, LINKED), protected, True), in_bio, anywhere,
    )  # fmt: skip


@helper
def other_names(reported: EncodedAccount, protected: EncodedAccount) -> int:
    """Return how many names of people the reported name has that the protected account does not go by."""
    known, count = section(protected, KNOWN_WORDS), 0
    for name in section(reported, NAMES_TOLD):
        if not has(known, name):
            count += 1
    return count


@helper
def _bearing(text: Ints, protected: EncodedAccount, disguised: bool) -> Bearing:
    """Find what of a protected account a text bears: the most of handle, names and words, and of organisations."""
    units, first = section(protected, BEARABLE), protected.start + protected.units[protected.start + BEARABLE]
    name, organisation, seen = Borne(0.0, 0, 0), Borne(0.0, 0, 0), looks(text)
    for number in range(units[0] if text.size > 0 and units.size > 0 else 0):
        kind, start, size = units[1 + 3 * number], units[2 + 3 * number], units[3 + 3 * number]
        wanted = units[start : start + size]
        bits = protected.reals[first + start + size : first + start + 2 * size]
        most = organisation if kind == ORGANISATION else name
        if at_most(wanted, bits, seen) <= most.bits:
            continue
        found = borne(wanted, bits, text, disguised, most.bits)
        if found.bits > most.bits:
            if kind == ORGANISATION:
                organisation = found
            else:
                name = found
    best = organisation if organisation.bits > name.bits else name
    return Bearing(name.bits, organisation.bits, best.start, best.stop)


@helper
def _told(reported: EncodedAccount, protected: EncodedAccount) -> tuple[float, float]:
    """Return the bits of a name or role in the bio, and the share of a name that the whole profile has: the most."""
    bio, read, handle = section(reported, CANONICAL_BIO), section(reported, NAME_READ), section(reported, HANDLE_WORDS)
    spelled, words = section(protected, WORD_SPELLED), section(protected, WORD_READ)
    ends, bits = section(protected, WORD_ENDS), real_section(protected, WORD_BITS)
    lasts, totals = section(protected, NAME_ENDS), real_section(protected, NAME_TOTALS)
    in_bio, anywhere, word, start = 0.0, 0.0, 0, 0
    for name in range(lasts.size):
        told, kept = 0.0, 0.0
        while word < lasts[name]:
            is_told = has(bio, spelled[word])
            is_kept = is_told or has(handle, spelled[word])
            while start < ends[word]:
                is_kept |= has(read, words[start])
                start += 1
            told, kept = told + is_told * bits[word], kept + is_kept * bits[word]
            word += 1
        in_bio, anywhere = max(in_bio, told), max(anywhere, kept / totals[name])
    return max(in_bio, _roles_told(bio, protected)), anywhere


@helper
def _roles_told(bio: Ints, protected: EncodedAccount) -> float:
    words, bits = section(protected, ROLE_WORDS), real_section(protected, ROLE_BITS)
    most, word = 0.0, 0
    for last in section(protected, ROLE_ENDS):
        told = 0.0
        while word < last:
            told += has(bio, words[word]) * bits[word]
            word += 1
        most = max(most, told)
    return most


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
