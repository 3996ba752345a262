"""What an encoded account holds and where: its sections, and how features read them.

An account is encoded (``encoding``) into units of 64 bits: where each of its sections begins, counted from its own
beginning, and then the sections. Words are there by their hashes, texts by their code points, real numbers by their
bits. The functions here are read by compiled code and by plain Python alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled, helper

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# The sections. Of both sides: what is one number, the hash of the picture, real numbers; handle and names to be spelled
# (``edit_distance.spelling``); each reading of the name and where it ends; the letters of what looks alike; the words
# of handle and bio, of the bio in their order and each once; its groups of three. Sets are in ascending order.
SECTIONS = (
    FACTS, PICTURE, REALS, SPELLINGS, READINGS, READING_ENDS, LOOSE_NAME, LOOSE_HANDLE, HANDLE_WORDS, HANDLE_CLAIMS,
    HANDLE_OFFICES, NAME_CLAIMS, OWN_DOMAINS, BIO_WORDS, BIO_SET, TRIPLES,
    # Of the reported side: whom it mentions; the telling words of its bio in their order; the words of name and bio,
    # titles by one name each; the readings of its name.
    MENTIONS, TELLING, CANONICAL_NAME, CANONICAL_BIO, NAME_READ,
    # and what each letter of its handle carries; the letters of its name in one word; the words of its name that are
    # neither titles nor claims, with their bits, and those that are somebody's name; the letters of where its links
    # lead.
    HANDLE_CARRIED, NAME_JOINED, NAME_WORDS, NAME_WORD_BITS, NAMES_TOLD, LINKED,
    # Of the protected side: how each word of each of its names is read, where a word's readings end and its bits, where
    # a name's words end and all its bits; the same of its roles, whose words have one reading; of its bio; then, for
    # each phrase that it is called or is, how many words it has and the sum of their hashes.
    WORD_READ, WORD_ENDS, WORD_BITS, NAME_ENDS, NAME_TOTALS, ROLE_WORDS, ROLE_BITS, ROLE_ENDS, ROLE_TOTALS,
    TOLD, TOLD_BITS, CALLED, ROLE_PHRASES,
    # What may stand in somebody's handle or name: texts, and which kind each is; each word of each name again, as it
    # is spelled; and all words that say who is meant.
    BEARABLE, WORD_SPELLED, KNOWN_WORDS,
) = tuple(range(43))  # fmt: skip
# What stands in FACTS and in REALS.
HANDLE, LOOSE_HANDLE_HASH, LOOSE_NAME_HASH, NAME_LETTERS, SEPARATORS, SIGNS, LURES, FLAGS = range(8)
HANDLE_BITS, BIO_TOTAL, NAME_IN_OWN_HANDLE = range(3)
# What FLAGS tells.
(
    HAS_NAME, HAS_BIO, HAS_LOOSE_NAME, NAME_IS_PARODY, BIO_IS_PARODY, DECLARES_OFFICE, HANDLE_HAS_DIGIT,
    MIXES_SCRIPTS, HAS_DOMAINS, LEADS_AWAY, SPEAKS, NAME_ASKS, NAME_IS_HANDLE, HANDLE_IS_PARODY,
) = (1 << place for place in range(14))  # fmt: skip


# In HANDLE_CARRIED: a letter that says nothing of whose the handle is.
CLAIMED = -1.0


class EncodedAccount(NamedTuple):
    """One account among others in the same arrays.

    Attributes
    ----------
    units : ndarray of int64
    reals : ndarray of float64
        The same memory.
    start : int
        Where the account begins.
    """

    units: Ints
    reals: Floats
    start: int


@helper
def section(account: EncodedAccount, number: int) -> Ints:
    """Return a section of whole numbers."""
    units, start = account.units, account.start
    return units[start + units[start + number] : start + units[start + number + 1]]


@helper
def real_section(account: EncodedAccount, number: int) -> Floats:
    """Return a section of real numbers."""
    units, start = account.units, account.start
    return account.reals[start + units[start + number] : start + units[start + number + 1]]


@helper
def fact(account: EncodedAccount, number: int) -> int:
    """Return one number of FACTS."""
    return account.units[account.start + account.units[account.start + FACTS] + number]  # type: ignore[no-any-return]


@helper
def real(account: EncodedAccount, number: int) -> float:
    """Return one number of REALS."""
    return account.reals[account.start + account.units[account.start + REALS] + number]  # type: ignore[no-any-return]


@helper
def is_set(account: EncodedAccount, flag: int) -> bool:
    """Tell whether a flag of FLAGS is set."""
    return (fact(account, FLAGS) & flag) != 0


@helper
def letters(account: EncodedAccount) -> Ints:
    """Return the letters of the handle as ``edit_distance_kernel`` reads them: below 0 for digits."""
    units = account.units
    texts = account.start + units[account.start + SPELLINGS]
    text = texts + units[texts + 1]
    begin, size = text + units[text + 1], units[text + 2]
    return units[begin : begin + size]


@compiled
def copied(units: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Return copies of encoded accounts in one array, and where each begins.

    An account ends where its last section ends.
    """
    ends = np.zeros(starts.size + 1, np.int64)
    for place in range(starts.size):
        ends[place + 1] = ends[place] + units[starts[place] + units[starts[place]] - 1]
    copies = np.zeros(ends[starts.size], np.int64)
    for place in range(starts.size):
        for unit in range(ends[place + 1] - ends[place]):
            copies[ends[place] + unit] = units[starts[place] + unit]
    return copies, ends[:-1]
