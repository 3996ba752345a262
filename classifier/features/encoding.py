"""Encoding: what of an account its pairs are compared by, as numbers, for features to read.

A view with all its normal forms is hundreds of objects; encoded it is 1.3 KB of one array. Words become hashes:
two that are equal stand for one word, which is wrong once in 2 ** 64. An account is encoded alike in every process, so
that the registry's file holds its accounts encoded. Somebody who looks for words of one hash would only make his
account look more like another, not less.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import TypeAlias

import numpy as np
from xxhash import xxh3_64_intdigest

from classifier.accounts.normal_forms import View
from classifier.accounts.protected_forms import as_read
from classifier.features import encoded_account
from classifier.features.encoded_account import EncodedAccount
from classifier.features.pair_context import Nearness, Pair, common
from classifier.text import information, lexicon
from classifier.text.edit_distance import letters_of, nearness, spelled_forms, spelling

_WRAP, _HALF = 2**64, 2**63
_SIGNS = {sign: 1 << place for place, sign in enumerate(sorted(lexicon.CLAIM_SIGNS))}
# In units of 64 bits: a section of an account, and all of it.
Section = Sequence[int]
Units: TypeAlias = "array[int]"
_NONE: Section = ()
# Hashes of words that are kept.
_HASHES_KEPT = 100_000
_TRIPLE = 3 * 8


class _Hashes(dict[str, int]):
    """Words by their hashes, kept: most words of an account are others' too."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _HASHES_KEPT:
            self.clear()
        found = self[word] = _signed(xxh3_64_intdigest(word.encode("utf-8", "surrogatepass")))
        return found


def _signed(number: int) -> int:
    """Return a number of 64 bits as a unit holds it."""
    return number - _HALF


_HASH = _Hashes().__getitem__


def warm(views: Iterable[View], others: Iterable[View]) -> None:
    """Reckon what the handles of reported and the handles and names of protected accounts carry, all in one pass."""
    views, others = list(views), list(others)
    letters = ("".join(char for char in view.handle if not char.isdigit()) for view in chain(views, others))
    protected = (form for view in others for text in (view.handle, *view.joined_names) for form in spelled_forms(text))
    information.carried([*letters, *protected])


def encode_reported(view: View) -> Units:
    """Encode the reported side of pairs."""
    sections = _of_both(view, [view.handle], carried=False)
    sections[encoded_account.REALS] = _reals([view.handle_bits, 0.0, _name_in_own_handle(view)])
    sections[encoded_account.MENTIONS] = _set(view.mentions)
    sections[encoded_account.TELLING] = _hashes(view.bio_telling)
    sections[encoded_account.CANONICAL_NAME] = _set(view.canonical_name)
    sections[encoded_account.CANONICAL_BIO] = _set(view.canonical_bio)
    sections[encoded_account.NAME_READ] = _set(view.name_word_readings)
    sections[encoded_account.HANDLE_CARRIED] = _reals(_carried(view))
    sections[encoded_account.NAME_JOINED] = letters_of(view.name_letters)
    told = view.name_told
    sections[encoded_account.NAME_WORDS] = _hashes(map(as_read, told))
    sections[encoded_account.NAME_WORD_BITS] = _reals(list(map(information.word_information, told)))
    sections[encoded_account.NAMES_TOLD] = _hashes(map(as_read, view.names_told))
    sections[encoded_account.LINKED] = letters_of(view.linked)
    return _joined(sections)


def encode_protected(view: View) -> Units:
    """Encode the protected side of pairs."""
    sections = _of_both(view, [view.handle, *view.joined_names], carried=True)
    sections[encoded_account.REALS] = _reals([view.handle_bits, float(view.bio_total), np.nan])
    words = list(chain.from_iterable(view.name_weights))
    sections[encoded_account.WORD_READ] = list(chain.from_iterable(_set(read) for read, _ in words))
    sections[encoded_account.WORD_ENDS] = _ends([read for read, _ in words])
    sections[encoded_account.WORD_BITS] = _reals([bits for _, bits in words])
    sections[encoded_account.NAME_ENDS] = _ends(view.name_weights)
    sections[encoded_account.NAME_TOTALS] = _reals([total for _, total in view.name_totals])
    sections[encoded_account.ROLE_WORDS] = _hashes(chain.from_iterable(view.role_words))
    sections[encoded_account.ROLE_BITS] = _reals([bits for role in view.role_words for bits in role.values()])
    sections[encoded_account.ROLE_ENDS] = _ends(view.role_words)
    sections[encoded_account.ROLE_TOTALS] = _reals([total for _, total in view.role_totals])
    sections[encoded_account.TOLD] = _hashes(view.bio_weights)
    sections[encoded_account.TOLD_BITS] = _reals(list(view.bio_weights.values()))
    sections[encoded_account.CALLED] = _phrases(view.called_phrases)
    sections[encoded_account.ROLE_PHRASES] = _phrases(view.role_phrases)
    sections[encoded_account.BEARABLE] = _bearable(view.bearable)
    sections[encoded_account.WORD_SPELLED] = _hashes(chain.from_iterable(view.name_spelled))
    sections[encoded_account.KNOWN_WORDS] = _set(view.known_words)
    return _joined(sections)


@lru_cache(8)
def encode_pair(reported: View, protected: View) -> Pair:
    """Return a pair for a feature to read as plain Python; the last few are remembered."""
    near = nearness(reported.handle, protected.handle)
    spelled = [nearness(reported.handle, name).beyond for name in protected.joined_names]
    ours, theirs = _alone(encode_reported(reported)), _alone(encode_protected(protected))
    with np.errstate(over="ignore"):
        found = common(ours, theirs)
    return Pair(ours, theirs, Nearness(near.beyond, max(spelled, default=-np.inf), *near[1:]), found)


def _alone(units: Units) -> EncodedAccount:
    found = np.array(units, np.int64)
    return EncodedAccount(found, found.view(np.float64), 0)


def _of_both(view: View, spelled: Sequence[str], *, carried: bool) -> list[Section]:
    sections: list[Section] = [_NONE] * len(encoded_account.SECTIONS)
    sections[encoded_account.FACTS] = [*_facts(view), _flags(view)]
    sections[encoded_account.PICTURE] = _picture(view.picture)
    sections[encoded_account.SPELLINGS] = _spellings(spelled, carried=carried)
    sections[encoded_account.READINGS] = _letters("".join(view.sorted_readings))
    sections[encoded_account.READING_ENDS] = _ends(view.sorted_readings)
    sections[encoded_account.LOOSE_NAME] = _letters(view.loose_name)
    sections[encoded_account.LOOSE_HANDLE] = _letters(view.loose_handle)
    sections[encoded_account.HANDLE_WORDS] = _set(view.handle_word_set)
    sections[encoded_account.HANDLE_CLAIMS] = _set(view.handle_claims)
    sections[encoded_account.HANDLE_OFFICES] = _set(view.handle_offices)
    sections[encoded_account.NAME_CLAIMS] = _set(view.name_claims)
    sections[encoded_account.OWN_DOMAINS] = _set(view.own_domains)
    sections[encoded_account.BIO_WORDS] = _hashes(view.bio_words)
    sections[encoded_account.BIO_SET] = _set(view.bio_word_set)
    sections[encoded_account.TRIPLES] = _triples(sections[encoded_account.BIO_WORDS])
    return sections


def _facts(view: View) -> list[int]:
    signs = sum([_SIGNS[sign] for sign in view.name_signs])
    texts = (view.handle, view.loose_handle, view.loose_name, view.name_letters)
    return [*map(_HASH, texts), view.separators, signs, len(view.lures)]


def _flags(view: View) -> int:
    holds = (
        view.name, view.bio, view.loose_name, view.name_is_parody, view.bio_is_parody, view.declares_office,
        view.handle_has_digit, view.mixes_scripts, view.domains, view.leads_away, view.speaks,
        view.name_asks, view.name_is_handle, view.handle_is_parody,
    )  # fmt: skip
    return sum([1 << place for place, one in enumerate(holds) if one])


def _picture(picture: int | None) -> Section:
    """Return a hash in 64 bits each, the last first."""
    if picture is None:
        return _NONE
    size = max(1, -(-picture.bit_length() // 64))
    return array("q", picture.to_bytes(8 * size, "little"))


def _name_in_own_handle(view: View) -> float:
    """Return how much of its own name an account's handle spells, in [0, 1]; NaN where it shows no name of its own."""
    if not view.name_readings or view.name_asks or view.name_is_handle:
        return np.nan
    return max(_spelled(reading.split(), view.handle_reading) for reading in view.name_readings)


def _spelled(words: list[str], handle: str) -> float:
    """Return how much of the words, by length, a handle spells; of words of one or two letters nothing is said."""
    long = [word for word in words if len(word) >= 3] or words
    return sum(len(word) for word in long if word in handle) / max(1, sum(map(len, long)))


def _spellings(texts: Sequence[str], *, carried: bool) -> Section:
    spelled = [spelling(text, carried=carried) for text in texts]
    starts = accumulate(map(len, spelled[:-1]), initial=1 + len(spelled))
    return [len(spelled), *starts, *chain.from_iterable(spelled)]


def _carried(view: View) -> list[float]:
    """Return what each letter of a handle carries, ``CLAIMED`` where it is one of a claim, a title or a service."""
    bits = array("d", information.carried([view.handle])[view.handle])
    return [
        encoded_account.CLAIMED if claimed else carried
        for carried, claimed in zip(bits, view.claimed_letters, strict=True)
    ]


def _bearable(texts: Sequence[tuple[int, str]]) -> Section:
    """Return how many texts there are, the kind and the beginning of each, and their letters and bits."""
    carried = information.carried([text for _, text in texts])
    sizes = [len(text) for _, text in texts]
    starts = accumulate((2 * size for size in sizes), initial=1 + 3 * len(texts))
    head = chain.from_iterable(zip((kind for kind, _ in texts), starts, sizes, strict=False))
    found = array("q", [len(texts), *head])
    for _, text in texts:
        found.extend(letters_of(text))
        found.frombytes(carried[text])
    return found


def _phrases(phrases: Iterable[tuple[str, ...]]) -> Section:
    """Encode phrases so that the order of their words is lost."""
    sums = [(len(words), (sum(map(_HASH, words)) + _HALF) % _WRAP - _HALF) for words in phrases]
    return list(chain.from_iterable(sorted(sums)))


def _joined(sections: Sequence[Section]) -> Units:
    starts = accumulate(map(len, sections), initial=len(sections) + 1)
    return array("q", [*starts, *chain.from_iterable(sections)])


def _reals(numbers: Sequence[float]) -> Section:
    return array("q", array("d", numbers).tobytes()) if numbers else _NONE


def _letters(text: str) -> Section:
    return list(map(ord, text))


def _hashes(words: Iterable[str]) -> Section:
    return list(map(_HASH, words))


def _set(words: Collection[str]) -> Section:
    return sorted(map(_HASH, words)) if words else _NONE


def _triples(words: Section) -> Section:
    """Return the hashes of every three words that follow each other, each once."""
    units = array("q", words).tobytes()
    starts = range(0, len(units) - _TRIPLE + 1, 8)
    return sorted({_signed(xxh3_64_intdigest(units[start : start + _TRIPLE])) for start in starts})


def _ends(runs: Sequence[Collection[object]]) -> Section:
    return list(accumulate(map(len, runs)))
