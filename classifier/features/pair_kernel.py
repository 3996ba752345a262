"""The compiled pass of the features: what two packed accounts have in common, for many pairs at once.

It follows the functions of ``names``, ``claims`` and ``handles`` one by one; these are what a feature means, and a test
holds the two together. An account is packed (``packing``) into units of 64 bits: where each of its sections begins,
counted from its own beginning, and the sections. Words are there by their hashes, texts by their code points.

References
----------
H. Hyyrö (2004), "Bit-parallel LCS-length computation revisited", 15th Australasian Workshop on Combinatorial Algorithms
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.utils.jit import compiled

# The sections. Of both sides: what is one number, the hash of the picture, real numbers; handle and names to be spelled
# (``edits.spelling``); each reading of the name and where it ends; the letters of what looks alike; the words of
# handle and bio, of the bio in their order and each once; its groups of three. Sets are in ascending order.
SECTIONS = (
    FACTS, PICTURE, REALS, SPELLINGS, READINGS, READING_ENDS, LOOSE_NAME, LOOSE_HANDLE, HANDLE_WORDS, HANDLE_CLAIMS,
    HANDLE_OFFICES, NAME_CLAIMS, OWN_DOMAINS, BIO_WORDS, BIO_SET, TRIPLES,
    # Of the reported side: what it says and does; the features of one account alone; whom it mentions; the telling
    # words of its bio in their order; the words of name and bio, titles by one name each; the readings of its name.
    SAID, ALONE, MENTIONS, TELLING, CANONICAL_NAME, CANONICAL_BIO, NAME_READ,
    # Of the protected side: how each word of each of its names is read, where a word's readings end and its bits, where
    # a name's words end and all its bits; the same of its roles, whose words have one reading; of its bio; then, for
    # each phrase that it is called or is, how many words it has and the sum of their hashes.
    WORD_READ, WORD_ENDS, WORD_BITS, NAME_ENDS, NAME_TOTALS, ROLE_WORDS, ROLE_BITS, ROLE_ENDS, ROLE_TOTALS,
    TOLD, TOLD_BITS, CALLED, ROLE_PHRASES,
) = tuple(range(36))  # fmt: skip
# What stands in FACTS, in SAID and in REALS.
HANDLE, LOOSE_HANDLE_HASH, LOOSE_NAME_HASH, NAME_LETTERS, SEPARATORS, SIGNS, FLAGS = range(7)
LURES, LEADS_AWAY, HAS_DOMAINS, SPEAKS = range(4)
HANDLE_BITS, BIO_TOTAL = range(2)
# What FLAGS tells.
(
    HAS_NAME, HAS_BIO, HAS_LOOSE_NAME, NAME_IS_PARODY, BIO_IS_PARODY, DECLARES_OFFICE, HANDLE_HAS_DIGIT, IS_ODD,
) = (1 << place for place in range(8))  # fmt: skip
# The features that are found here, in this order, and behind them those of one account alone.
COMPARED = (
    "name_similarity", "name_kept", "name_covered", "name_look_alike", "name_spells_handle", "name_claim_added",
    "office_declared", "role_in_name", "role_in_profile", "name_in_bio", "bears_and_lures", "bears_and_links_away",
    "bears_and_speaks", "bears_and_copies", "bears_and_declares", "bio_similarity", "bio_copied", "bio_kept",
    "mentions_target", "parody_declared", "handle_beyond_chance", "name_spelled", "handle_look_alike",
    "handle_reads_worse", "handle_starts_otherwise", "handle_number_changed", "handle_claim_added",
    "handle_office_differs", "handle_extended", "same_domain", "avatar_similarity",
)  # fmt: skip
(
    _NAME_SIMILARITY, _NAME_KEPT, _NAME_COVERED, _NAME_LOOK_ALIKE, _NAME_SPELLS_HANDLE, _NAME_CLAIM_ADDED,
    _OFFICE_DECLARED, _ROLE_IN_NAME, _ROLE_IN_PROFILE, _NAME_IN_BIO, _BEARS_AND_LURES, _BEARS_AND_LINKS_AWAY,
    _BEARS_AND_SPEAKS, _BEARS_AND_COPIES, _BEARS_AND_DECLARES, _BIO_SIMILARITY, _BIO_COPIED, _BIO_KEPT,
    _MENTIONS_TARGET, _PARODY_DECLARED, _HANDLE_BEYOND_CHANCE, _NAME_SPELLED, _HANDLE_LOOK_ALIKE,
    _HANDLE_READS_WORSE, _HANDLE_STARTS_OTHERWISE, _HANDLE_NUMBER_CHANGED, _HANDLE_CLAIM_ADDED,
    _HANDLE_OFFICE_DIFFERS, _HANDLE_EXTENDED, _SAME_DOMAIN, _AVATAR_SIMILARITY,
) = range(31)  # fmt: skip
_COMPARED = 31

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]
_CODE_POINT = 0xFFFFFFFF
_ONE, _ALL = np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF)


# --- sections and sets -----------------------------------------------------------------------------------------------


@compiled
def _section(units: _Ints, at: int, section: int) -> _Ints:
    return units[at + units[at + section] : at + units[at + section + 1]]


@compiled
def _reals(units: _Ints, reals: _Floats, at: int, section: int) -> _Floats:
    return reals[at + units[at + section] : at + units[at + section + 1]]


@compiled
def copied(units: _Ints, starts: _Ints) -> tuple[_Ints, _Ints]:
    """Return copies of packed accounts, one behind the other, and where each begins; the last section ends a pack."""
    ends = np.empty(starts.size + 1, np.int64)
    ends[0] = 0
    for place, start in enumerate(starts):
        ends[place + 1] = ends[place] + units[start + units[start] - 1]
    copies = np.empty(ends[starts.size], np.int64)
    for place, start in enumerate(starts):
        size = ends[place + 1] - ends[place]
        copies[ends[place] : ends[place + 1]] = units[start : start + size]
    return copies, ends[:-1]


@compiled
def _is(units: _Ints, at: int, flag: int) -> bool:
    return bool(units[at + units[at + FACTS] + FLAGS] & flag)


@compiled
def _fact(units: _Ints, at: int, fact: int) -> int:
    return int(units[at + units[at + FACTS] + fact])


@compiled
def _has(words: _Ints, word: int) -> bool:
    """Tell whether a word is in a set."""
    low, high = 0, words.size
    while low < high:
        middle = (low + high) >> 1
        if words[middle] < word:
            low = middle + 1
        else:
            high = middle
    return bool(low < words.size and words[low] == word)


@compiled
def _shared(words: _Ints, others: _Ints) -> int:
    """Return how many words two sets share."""
    one, other, count = 0, 0, 0
    while one < words.size and other < others.size:
        if words[one] == others[other]:
            one, other, count = one + 1, other + 1, count + 1
        elif words[one] < others[other]:
            one += 1
        else:
            other += 1
    return count


@compiled
def _is_part(words: _Ints, others: _Ints) -> bool:
    """Tell whether all of some words are in a set; most often there are none."""
    return words.size == 0 or _shared(words, others) == words.size


# --- texts -----------------------------------------------------------------------------------------------------------


@compiled
def _ones(bits: np.uint64) -> int:
    """Return how many bits are set."""
    bits = bits - ((bits >> _ONE) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _longest_common(one: _Ints, other: _Ints) -> int:
    """Return the length of the longest common subsequence; bit by bit where one of both fits into 64."""
    if one.size > other.size:
        one, other = other, one
    if one.size > 64:
        row = np.zeros(one.size + 1, np.int64)
        for letter in other:
            crosswise = 0
            for place in range(one.size):
                before = row[place + 1]
                row[place + 1] = crosswise + 1 if one[place] == letter else max(before, row[place])
                crosswise = before
        return int(row[one.size])
    state = _ALL
    for letter in other:
        same = np.uint64(0)
        for place in range(one.size):
            same |= np.uint64(one[place] == letter) << np.uint64(place)
        matched = state & same
        state = (state + matched) | (state - matched)
    mask = _ALL if one.size == 64 else (_ONE << np.uint64(one.size)) - _ONE
    return _ones(~state & mask)


@compiled
def ratio(one: _Ints, other: _Ints) -> float:
    """Return how alike two texts are, as ``rapidfuzz.fuzz.ratio`` reckons it, in [0, 100]."""
    whole = one.size + other.size
    if whole == 0:
        return 100.0
    return (1.0 - (whole - 2 * _longest_common(one, other)) / whole) * 100.0


@compiled
def _place_of(short: _Ints, long: _Ints) -> int:
    """Return where a text first stands in another, -1 where it does not."""
    for start in range(long.size - short.size + 1):
        place = 0
        while place < short.size and short[place] == long[start + place]:
            place += 1
        if place == short.size:
            return start
    return -1


@compiled
def _is_among(before: _Ints, behind: _Ints, letters: _Ints, ends: _Ints) -> bool:
    """Tell whether two parts of a handle, one behind the other, are one of some words, given by their letters."""
    size, start = before.size + behind.size, 0
    for end in ends:
        if end - start == size and size:
            place = 0
            while place < size:
                own = before[place] if place < before.size else behind[place - before.size]
                if own & _CODE_POINT != letters[start + place]:
                    break
                place += 1
            if place == size:
                return True
        start = end
    return False


# --- names and what they claim ---------------------------------------------------------------------------------------


@compiled
def _name_similarity(own: _Ints, a: int, other: _Ints, b: int) -> float:
    readings, ends = _section(own, a, READINGS), _section(own, a, READING_ENDS)
    others, other_ends = _section(other, b, READINGS), _section(other, b, READING_ENDS)
    if ends.size == 0 or other_ends.size == 0:
        return np.nan
    most, start = 0.0, 0
    for end in ends:
        other_start = 0
        for other_end in other_ends:
            most = max(most, ratio(readings[start:end], others[other_start:other_end]))
            other_start = other_end
        start = end
    return most / 100.0


@compiled
def _name_kept(own: _Ints, a: int, other: _Ints, reals: _Floats, b: int) -> tuple[float, float]:
    """As ``common._name_kept``: bits and share of the name that is kept most."""
    read, words, ends = _section(own, a, NAME_READ), _section(other, b, WORD_READ), _section(other, b, WORD_ENDS)
    bits, totals = _reals(other, reals, b, WORD_BITS), _reals(other, reals, b, NAME_TOTALS)
    most, most_share, word, start = 0.0, 0.0, 0, 0
    if read.size == 0:
        return most, most_share
    for name, last in enumerate(_section(other, b, NAME_ENDS)):
        kept = 0.0
        while word < last:
            is_kept = False
            while start < ends[word]:
                is_kept |= _has(read, words[start])
                start += 1
            if is_kept:
                kept += bits[word]
            word += 1
        most, most_share = max(most, kept), max(most_share, kept / totals[name])
    return most, most_share


@compiled
def _role_claimed(own: _Ints, a: int, other: _Ints, reals: _Floats, b: int) -> tuple[float, float]:
    """As ``common.most_claimed``: by the name, and by name and bio."""
    name, bio = _section(own, a, CANONICAL_NAME), _section(own, a, CANONICAL_BIO)
    words, bits = _section(other, b, ROLE_WORDS), _reals(other, reals, b, ROLE_BITS)
    totals, by_name, by_both, word = _reals(other, reals, b, ROLE_TOTALS), 0.0, 0.0, 0
    for role, last in enumerate(_section(other, b, ROLE_ENDS)):
        in_name, in_both = 0.0, 0.0
        while word < last:
            if _has(name, words[word]):
                in_name, in_both = in_name + bits[word], in_both + bits[word]
            elif _has(bio, words[word]):
                in_both += bits[word]
            word += 1
        by_name, by_both = max(by_name, in_name / totals[role]), max(by_both, in_both / totals[role])
    return by_name, by_both


@compiled
def _names(own: _Ints, a: int, other: _Ints, b: int, kept: float, share: float, most: float, values: _Floats) -> None:
    """Find the features of ``names``; without name nearly all of them stay missing."""
    has_name, looks_same = _is(own, a, HAS_NAME), _fact(own, a, LOOSE_NAME_HASH) == _fact(other, b, LOOSE_NAME_HASH)
    if has_name or _is(own, a, HAS_BIO):
        values[_OFFICE_DECLARED] = _is(own, a, DECLARES_OFFICE) and not _is(other, b, DECLARES_OFFICE)
    if _is(own, a, HAS_LOOSE_NAME) and not _is(other, b, HAS_NAME):
        alike = ratio(_section(own, a, LOOSE_NAME), _section(other, b, LOOSE_HANDLE))
        values[_NAME_SPELLS_HANDLE] = alike / 100.0
    values[_NAME_SIMILARITY] = _name_similarity(own, a, other, b)
    if not has_name:
        return
    if _section(other, b, NAME_ENDS).size:
        values[_NAME_KEPT], values[_NAME_COVERED] = min(most, kept), share
    if _is(other, b, HAS_NAME):
        values[_NAME_LOOK_ALIKE] = looks_same and _fact(own, a, NAME_LETTERS) != _fact(other, b, NAME_LETTERS)
    signs_added = _fact(own, a, SIGNS) & ~_fact(other, b, SIGNS)
    is_part = _is_part(_section(own, a, NAME_CLAIMS), _section(other, b, NAME_CLAIMS))
    values[_NAME_CLAIM_ADDED] = signs_added != 0 or not is_part


# --- the bio ---------------------------------------------------------------------------------------------------------


@compiled
def _says(telling: _Ints, phrases: _Ints) -> bool:
    """Tell whether so many words that follow each other are one of the phrases, in any order."""
    for phrase in range(0, phrases.size, 2):
        size, wanted, found = phrases[phrase], phrases[phrase + 1], np.int64(0)
        for place in range(telling.size):
            found += telling[place]
            if place >= size:
                found -= telling[place - size]
            if place >= size - 1 and found == wanted:
                return True
    return False


@compiled
def _bio_kept(own: _Ints, a: int, other: _Ints, reals: _Floats, b: int) -> float:
    words, bits = _section(own, a, CANONICAL_BIO), _reals(other, reals, b, TOLD_BITS)
    kept, found = 0.0, False
    for place, word in enumerate(_section(other, b, TOLD)):
        if _has(words, word):
            kept, found = kept + bits[place], True
    return kept / _reals(other, reals, b, REALS)[BIO_TOTAL] if found else 0.0


@compiled
def _bios(own: _Ints, a: int, other: _Ints, reals: _Floats, b: int, values: _Floats) -> None:
    """Find the features that compare bios, and what a bio says of the other account."""
    values[_MENTIONS_TARGET] = _has(_section(own, a, MENTIONS), _fact(other, b, HANDLE))
    if _section(other, b, CALLED).size:
        values[_NAME_IN_BIO] = _says(_section(own, a, TELLING), _section(other, b, CALLED))
    if _section(other, b, TOLD).size:
        values[_BIO_KEPT] = _bio_kept(own, a, other, reals, b)
    words, others = _section(own, a, BIO_WORDS), _section(other, b, BIO_WORDS)
    share_words = _shared(_section(own, a, BIO_SET), _section(other, b, BIO_SET)) > 0
    if _is(other, b, HAS_BIO):
        is_compared = share_words or words.size == 0
        values[_BIO_SIMILARITY] = ratio(words, others) / 100.0 if is_compared else 0.0
    if words.size and others.size >= 3:
        triples = _section(other, b, TRIPLES)
        values[_BIO_COPIED] = _shared(_section(own, a, TRIPLES), triples) / triples.size if share_words else 0.0


@compiled
def _parody_declared(own: _Ints, a: int, other: _Ints, b: int) -> float:
    if _is(own, a, NAME_IS_PARODY) and not _is(other, b, NAME_IS_PARODY):
        return 1.0
    return 0.7 if _is(own, a, BIO_IS_PARODY) and not _is(other, b, BIO_IS_PARODY) else 0.0


@compiled
def _claims(
    own: _Ints, a: int, other: _Ints, reals: _Floats, b: int, name_share: float, borne: float, values: _Floats
) -> None:
    """Find the features of ``claims``."""
    has_name, has_bio, said = _is(own, a, HAS_NAME), _is(own, a, HAS_BIO), _section(own, a, SAID)
    by_name, by_both = _role_claimed(own, a, other, reals, b)
    looks_same = _fact(own, a, LOOSE_NAME_HASH) == _fact(other, b, LOOSE_NAME_HASH)
    bears = name_share >= borne or by_name >= borne or (_is(own, a, HAS_LOOSE_NAME) and looks_same)
    if said[HAS_DOMAINS]:
        values[_BEARS_AND_LINKS_AWAY] = bears and said[LEADS_AWAY] > 0
    if not has_name and not has_bio:
        return
    if has_bio:
        _bios(own, a, other, reals, b, values)
    if _section(other, b, ROLE_ENDS).size:
        values[_ROLE_IN_PROFILE] = by_both
        if has_name:
            values[_ROLE_IN_NAME] = by_name
    mentions = values[_MENTIONS_TARGET] == 1.0
    values[_BEARS_AND_LURES] = min(2, said[LURES]) if bears else 0
    values[_BEARS_AND_SPEAKS] = (bears or mentions) and said[SPEAKS] > 0
    if not np.isnan(values[_BIO_KEPT]):
        values[_BEARS_AND_COPIES] = values[_BIO_KEPT] if bears else 0.0
    declared = values[_PARODY_DECLARED] = _parody_declared(own, a, other, b)
    is_meant = bears or mentions or values[_NAME_IN_BIO] == 1.0
    if declared > 0.0 and not is_meant:
        is_meant = _says(_section(own, a, TELLING), _section(other, b, ROLE_PHRASES))
    values[_BEARS_AND_DECLARES] = declared if is_meant else 0.0


# --- handles ---------------------------------------------------------------------------------------------------------


@compiled
def _letters(units: _Ints, at: int) -> _Ints:
    """Return a handle's letters as ``editing`` reads them: below 0 for digits."""
    texts = at + units[at + SPELLINGS]
    text = texts + units[texts + 1]
    begin, size = text + units[text + 1], units[text + 2]
    return units[begin : begin + size]


@compiled
def _glued_on(
    own: _Ints, a: int, other: _Ints, b: int,
    claims: _Ints, claim_ends: _Ints, offices: _Ints, office_ends: _Ints, values: _Floats,
) -> None:  # fmt: skip
    """Find what depends on what stands before and behind one handle in the other."""
    ours, theirs = _letters(own, a), _letters(other, b)
    is_longer = ours.size > theirs.size
    short, long = (theirs, ours) if is_longer else (ours, theirs)
    place = _place_of(short, long)
    if place < 0 or short.size == long.size:
        return
    end = place + short.size
    before, behind, nothing = long[:place], long[end:], long[:0]
    for added in (before, behind):
        if is_longer and _is_among(added, nothing, claims, claim_ends):
            values[_HANDLE_CLAIM_ADDED] = 1.0
        if _is_among(added, nothing, offices, office_ends):
            values[_HANDLE_OFFICE_DIFFERS] = 1.0
    has_digit = False
    for at in range(long.size):
        has_digit |= long[at] < 0 and not place <= at < end
    if long.size - short.size >= 2 and not has_digit:
        values[_HANDLE_EXTENDED] = not _is_among(before, behind, claims, claim_ends)


@compiled
def _handles(
    own: _Ints, own_reals: _Floats, a: int, other: _Ints, reals: _Floats, b: int, beyond: float, spelled: float,
    starts_otherwise: bool, has_number: bool, far: float, separator: float, values: _Floats,
) -> None:  # fmt: skip
    """Find the features of ``handles`` but for what ``_glued_on`` finds."""
    separators = separator * abs(_fact(own, a, SEPARATORS) - _fact(other, b, SEPARATORS))
    values[_HANDLE_BEYOND_CHANCE] = max(far, beyond - separators)
    if spelled > -np.inf:
        values[_NAME_SPELLED] = max(far, spelled)
    same = _fact(own, a, HANDLE) == _fact(other, b, HANDLE)
    values[_HANDLE_LOOK_ALIKE] = not same and _fact(own, a, LOOSE_HANDLE_HASH) == _fact(other, b, LOOSE_HANDLE_HASH)
    is_near = beyond > 0.0
    own_bits, bits = _reals(own, own_reals, a, REALS)[HANDLE_BITS], _reals(other, reals, b, REALS)[HANDLE_BITS]
    values[_HANDLE_READS_WORSE] = max(-20.0, min(40.0, own_bits - bits)) if is_near else 0.0
    values[_HANDLE_STARTS_OTHERWISE] = is_near and starts_otherwise
    values[_HANDLE_NUMBER_CHANGED] = is_near and has_number and _is(other, b, HANDLE_HAS_DIGIT)
    words, others = _section(own, a, HANDLE_WORDS), _section(other, b, HANDLE_WORDS)
    values[_HANDLE_CLAIM_ADDED] = not _is_part(_section(own, a, HANDLE_CLAIMS), others)
    same_offices = _is_part(_section(own, a, HANDLE_OFFICES), others) and _is_part(
        _section(other, b, HANDLE_OFFICES), words
    )
    values[_HANDLE_OFFICE_DIFFERS] = not same_offices
    values[_HANDLE_EXTENDED] = 0.0


# --- profiles, and all of it -----------------------------------------------------------------------------------------


@compiled
def _profiles(own: _Ints, a: int, other: _Ints, b: int, values: _Floats) -> None:
    """Find the features of ``profiles`` that compare texts."""
    domains, others = _section(own, a, OWN_DOMAINS), _section(other, b, OWN_DOMAINS)
    if domains.size and others.size:
        values[_SAME_DOMAIN] = _shared(domains, others) > 0
    picture, another = _section(own, a, PICTURE), _section(other, b, PICTURE)
    if picture.size and another.size:
        differing = 0
        for place in range(picture.size):
            differing += _ones(np.uint64(picture[place] ^ another[place]))
        values[_AVATAR_SIMILARITY] = max(0.0, 1.0 - differing / 128.0)


@compiled
def compare_all(
    own: _Ints, own_reals: _Floats, own_at: _Ints, other: _Ints, reals: _Floats, other_at: _Ints,
    beyond: _Floats, spelled: _Floats, starts_otherwise: NDArray[np.bool_], has_number: NDArray[np.bool_],
    claims: _Ints, claim_ends: _Ints, offices: _Ints, office_ends: _Ints,
    borne: float, most: float, far: float, separator: float, values: _Floats,
) -> None:  # fmt: skip
    """Find the features of pairs that compare texts.

    Parameters
    ----------
    own, other : ndarray of int64
        Packed reported and protected accounts; ``own_reals`` and ``reals`` are the same memory as float64.
    own_at, other_at : ndarray of int64, shape (n_pairs,)
        Where each pair's begin.
    beyond, spelled, starts_otherwise, has_number : ndarray of shape (n_pairs,)
        What ``editing.compare_packed`` found.
    claims, offices : ndarray of int64
        The letters of words that claim to be real, and of offices; where each ends.
    borne, most, far, separator : float
        ``common.BORNE``, ``rarity.MOST``, ``edits.FAR`` and ``edits.SEPARATOR``.
    values : ndarray of shape (n_pairs, len(COMPARED) + features of one alone)
        Written to; NaN where missing.
    """
    for pair in range(own_at.size):
        a, b, row = own_at[pair], other_at[pair], values[pair]
        for place in range(_COMPARED):
            row[place] = np.nan
        for place, value in enumerate(_reals(own, own_reals, a, ALONE)):
            row[_COMPARED + place] = value
        if _is(own, a, IS_ODD) or _is(other, b, IS_ODD):
            continue
        kept, share = _name_kept(own, a, other, reals, b)
        _names(own, a, other, b, kept, share, most, row)
        _claims(own, a, other, reals, b, share, borne, row)
        _handles(
            own, own_reals, a, other, reals, b, beyond[pair], spelled[pair], starts_otherwise[pair], has_number[pair],
            far, separator, row,
        )  # fmt: skip
        _glued_on(own, a, other, b, claims, claim_ends, offices, office_ends, row)
        _profiles(own, a, other, b, row)
