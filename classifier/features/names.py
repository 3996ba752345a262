"""What two display names have in common, and what the reported one adds."""

from __future__ import annotations

from classifier.features.encoded_account import (
    DECLARES_OFFICE,
    HAS_BIO,
    HAS_LOOSE_NAME,
    HAS_NAME,
    LOOSE_HANDLE,
    LOOSE_NAME,
    MIXES_SCRIPTS,
    NAME_ASKS,
    NAME_CLAIMS,
    NAME_ENDS,
    NAME_IN_OWN_HANDLE,
    NAME_LETTERS,
    READING_ENDS,
    READINGS,
    SIGNS,
    fact,
    is_set,
    real,
    section,
)  # fmt: skip
from classifier.features.feature import MISSING, feature, flag
from classifier.features.pair_context import Pair, other_names
from classifier.features.words_and_texts import is_part, ratio
from classifier.text.information import MOST

# As similar as this are names of which one word is another.
_NO_LOOK_ALIKE = 0.5


@feature("display_name", kind="name", monotone=1)
def name_similarity(pair: Pair) -> float:
    """How alike the names look or sound, in any order of their words."""
    readings, ends = section(pair.reported, READINGS), section(pair.reported, READING_ENDS)
    others, other_ends = section(pair.protected, READINGS), section(pair.protected, READING_ENDS)
    if ends.size == 0 or other_ends.size == 0 or is_set(pair.reported, NAME_ASKS):
        return MISSING
    most, start = 0.0, 0
    for end in ends:
        other_start = 0
        for other_end in other_ends:
            most = max(most, ratio(readings[start:end], others[other_start:other_end]))
            other_start = other_end
        start = end
    # Marla is a name, and not Maria disguised: what looks alike is no more alike than the words that are the same.
    if other_names(pair.reported, pair.protected) > 0:
        return min(most / 100.0, max(pair.common.name_share, _NO_LOOK_ALIKE))
    return most / 100.0


@feature("display_name", "aliases", kind="name", monotone=1)
def name_kept(pair: Pair) -> float:
    """How rare the words are that the reported name shares with the protected name or alias (bits)."""
    if not is_set(pair.reported, HAS_NAME) or section(pair.protected, NAME_ENDS).size == 0:
        return MISSING
    return min(MOST, pair.common.name_kept)


@feature("display_name", "aliases", kind="name", monotone=1)
def name_covered(pair: Pair) -> float:
    """How much of the protected name or alias the reported name contains; rare words count more."""
    if not is_set(pair.reported, HAS_NAME) or section(pair.protected, NAME_ENDS).size == 0:
        return MISSING
    return pair.common.name_share


@feature("display_name", kind="name", monotone=1)
def name_look_alike(pair: Pair) -> float:
    """The names look the same but are written with different letters, and the letters make no other name."""
    if not is_set(pair.reported, HAS_NAME) or not is_set(pair.protected, HAS_NAME):
        return MISSING
    if other_names(pair.reported, pair.protected) > 0:
        return 0.0
    is_other = fact(pair.reported, NAME_LETTERS) != fact(pair.protected, NAME_LETTERS)
    return flag(pair.common.looks_same and is_other)


@feature("display_name", "handle", kind="name", monotone=1)
def name_spells_handle(pair: Pair) -> float:
    """How much the reported name resembles the protected handle, where the protected name is not known."""
    if not is_set(pair.reported, HAS_LOOSE_NAME) or is_set(pair.protected, HAS_NAME):
        return MISSING
    return ratio(section(pair.reported, LOOSE_NAME), section(pair.protected, LOOSE_HANDLE)) / 100.0


@feature("display_name", "handle", kind="name", monotone=-1)
def name_fits_own_handle(pair: Pair) -> float:
    """How much of its own name the reported account's handle spells out."""
    return real(pair.reported, NAME_IN_OWN_HANDLE)


@feature("display_name", "handle", kind="name")
def mixed_scripts(pair: Pair) -> float:
    """A word of the name or the handle mixes alphabets, such as Latin and Cyrillic."""
    return flag(is_set(pair.reported, MIXES_SCRIPTS))


@feature("display_name", kind="name")
def name_claim_added(pair: Pair) -> float:
    """The name adds a word or sign that claims to be real, official or support."""
    if not is_set(pair.reported, HAS_NAME):
        return MISSING
    signs_added = fact(pair.reported, SIGNS) & ~fact(pair.protected, SIGNS)
    is_known = is_part(section(pair.reported, NAME_CLAIMS), section(pair.protected, NAME_CLAIMS))
    return flag(signs_added != 0 or not is_known)


@feature("display_name", "bio", kind="bio")
def office_declared(pair: Pair) -> float:
    """The profile says that it is a campaign, press, office or second account."""
    if not is_set(pair.reported, HAS_NAME | HAS_BIO):
        return MISSING
    return flag(is_set(pair.reported, DECLARES_OFFICE) and not is_set(pair.protected, DECLARES_OFFICE))
