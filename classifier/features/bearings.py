"""Who is borne: what of the protected account stands in handle, name, bio or links, whatever stands beside it.

The bits say how rare that is. What else stands there tells an account of somebody from that of somebody who adds a
word of a life of their own.
"""

from __future__ import annotations

from classifier.features.encoded_account import (
    CLAIMED,
    HANDLE_CARRIED,
    HAS_BIO,
    HAS_NAME,
    KNOWN_WORDS,
    LINKED,
    NAME_ASKS,
    NAME_ENDS,
    NAME_IS_HANDLE,
    NAME_JOINED,
    NAME_WORD_BITS,
    NAME_WORDS,
    ROLE_ENDS,
    Floats,
    Ints,
    is_set,
    letters,
    real_section,
    section,
)  # fmt: skip
from classifier.features.feature import MISSING, feature, flag
from classifier.features.pair_context import Pair
from classifier.features.pair_context import other_names as count_other_names
from classifier.features.words_and_texts import has
from classifier.text.edit_distance import FAR
from classifier.text.information import MOST
from classifier.utils.jit import helper

# More digits than this at the end of a handle are those that platforms add for whoever chooses none.
_LONGEST_TAIL = 6
# More other names than this say no more.
_MOST_NAMES = 3


@feature("handle", "display_name", "aliases", kind="handle", monotone=1)
def handle_bears(pair: Pair) -> float:
    """How much of the protected handle or name stands somewhere in the handle (bits)."""
    return min(MOST, pair.common.in_handle.bits)


@feature("handle", kind="handle", monotone=1)
def lone_handle_near(pair: Pair) -> float:
    """How much more the handles share than a stranger's would by chance, where neither name nor bio is known (bits)."""
    return MISSING if is_set(pair.reported, HAS_NAME | HAS_BIO) else max(FAR, pair.nearness.beyond)


@feature("handle", kind="handle", monotone=1)
def lone_handle_claims(pair: Pair) -> float:
    """How much of the protected account a handle bears beside a claim, where neither name nor bio is known (bits)."""
    if is_set(pair.reported, HAS_NAME | HAS_BIO):
        return MISSING
    found = pair.common.in_handle
    return max(0.0, min(MOST, found.bits) - _says_else(pair)) if _claims_beside(pair) else 0.0


@feature("handle", "roles", kind="handle", monotone=1)
def handle_bears_organisation(pair: Pair) -> float:
    """How much of a word of the protected account's role stands somewhere in the handle (bits)."""
    if section(pair.protected, ROLE_ENDS).size == 0:
        return MISSING
    return min(MOST, pair.common.in_handle.organisation)


@feature("handle", kind="handle", monotone=-1)
def handle_says_else(pair: Pair) -> float:
    """How much else the handle says, besides the protected account, claims and numbers (bits)."""
    return _says_else(pair)


@feature("handle", kind="handle", monotone=1)
def handle_claims_beside(pair: Pair) -> float:
    """The handle has a word for a claim, a title, a service or an offer beside the protected handle or name."""
    return flag(_claims_beside(pair))


@feature("handle", kind="handle")
def handle_ends_in_digits(pair: Pair) -> float:
    """How many digits the handle ends in, where it is not a long number as platforms add."""
    count = _digits_behind(letters(pair.reported))
    return float(count) if count <= _LONGEST_TAIL else MISSING


@feature("handle", kind="handle")
def handle_numbered(pair: Pair) -> float:
    """The handle ends in a long number, as platforms add for whoever chooses no handle."""
    return flag(_digits_behind(letters(pair.reported)) > _LONGEST_TAIL)


@feature("display_name", "handle", "aliases", kind="name", monotone=1)
def name_bears(pair: Pair) -> float:
    """How much of the protected handle or name stands somewhere in the name, written as one word (bits)."""
    if section(pair.reported, NAME_JOINED).size == 0:
        return MISSING
    return min(MOST, pair.common.in_name.bits)


@feature("display_name", "roles", kind="name", monotone=1)
def name_bears_organisation(pair: Pair) -> float:
    """How much of a word of the protected account's role stands somewhere in the name (bits)."""
    if section(pair.reported, NAME_JOINED).size == 0 or section(pair.protected, ROLE_ENDS).size == 0:
        return MISSING
    return min(MOST, pair.common.in_name.organisation)


@feature("display_name", kind="name", monotone=-1)
def name_says_else(pair: Pair) -> float:
    """How much else the name says, besides the protected account, titles and claims (bits)."""
    if not is_set(pair.reported, HAS_NAME) or is_set(pair.reported, NAME_ASKS | NAME_IS_HANDLE):
        return MISSING
    words, bits, known = (
        section(pair.reported, NAME_WORDS), real_section(pair.reported, NAME_WORD_BITS),
        section(pair.protected, KNOWN_WORDS),
    )  # fmt: skip
    total = 0.0
    for word in range(words.size):
        if not has(known, words[word]):
            total += bits[word]
    return min(MOST, total)


@feature("display_name", kind="name", monotone=-1)
def other_names(pair: Pair) -> float:
    """How many given or family names the name has that the protected account does not go by."""
    if not is_set(pair.reported, HAS_NAME) or is_set(pair.reported, NAME_ASKS):
        return MISSING
    return float(min(_MOST_NAMES, count_other_names(pair.reported, pair.protected)))


@feature("bio", "display_name", "roles", kind="bio")
def bio_bears(pair: Pair) -> float:
    """How rare the words of the protected name or role are that the bio has (bits)."""
    return min(MOST, pair.common.in_bio) if is_set(pair.reported, HAS_BIO) else MISSING


@feature("display_name", "handle", "bio", kind="name", monotone=1)
def borne_anywhere(pair: Pair) -> float:
    """How much of the protected name or alias stands in handle, name and bio together."""
    return pair.common.anywhere if section(pair.protected, NAME_ENDS).size > 0 else MISSING


@feature("links", "display_name", "handle", kind="lures", monotone=1)
def links_bear(pair: Pair) -> float:
    """How much of the protected handle or name stands in where it links to (bits)."""
    return min(MOST, pair.common.in_links.bits) if section(pair.reported, LINKED).size > 0 else MISSING


@helper
def _digits_behind(text: Ints) -> int:
    count = 0
    while count < text.size and text[text.size - 1 - count] < 0:
        count += 1
    return count


@helper
def _says_else(pair: Pair) -> float:
    found, text = pair.common.in_handle, letters(pair.reported)
    carried = real_section(pair.reported, HANDLE_CARRIED)
    before = _rest(text[: found.start], carried[: found.start])
    return min(MOST, before + _rest(text[found.stop :], carried[found.stop :]))


@helper
def _claims_beside(pair: Pair) -> bool:
    found, carried = pair.common.in_handle, real_section(pair.reported, HANDLE_CARRIED)
    return found.stop > 0 and (_claims(carried[: found.start]) or _claims(carried[found.stop :]))


@helper
def _rest(text: Ints, carried: Floats) -> float:
    """Return the bits of the letters of what stands before or behind, nothing for claims and numbers."""
    total = 0.0
    for letter in range(text.size):
        if text[letter] > 0:
            total += max(0.0, carried[letter])
    return total


@helper
def _claims(carried: Floats) -> bool:
    found = False
    for bits in carried:
        found |= bits == CLAIMED
    return found
