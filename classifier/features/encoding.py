"""Encoding: an encoded account is what its pairs are compared by, as numbers, for ``pair_kernel`` to read.

A view with all its normal forms is hundreds of objects; packed it is 1.3 KB of one array. Words become hashes:
two that are equal stand for one word, which is wrong once in 2 ** 64. A pack is the same in every process, so that the
registry's file holds those of its accounts. Somebody who looks for words of one hash would only make his account look
more like another, not less.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate, chain
from typing import TypeAlias

from xxhash import xxh3_64_intdigest

from classifier.accounts.normal_forms import View
from classifier.features import pair_kernel
from classifier.features.feature import FEATURES
from classifier.text import information, lexicon
from classifier.text.edit_distance import spelled_forms, spelling

_PICTURE_BITS = 256
_WRAP, _HALF = 2**64, 2**63
_SIGNS = {sign: 1 << place for place, sign in enumerate(sorted(lexicon.CLAIM_SIGNS))}
# The fields that only numbers are made of; the others' features depend on the wording alone.
NUMBER_FIELDS = frozenset("default_avatar followed_by_target verified followers created_at posts".split())
ALONE = tuple(one for one in FEATURES if one.alone and NUMBER_FIELDS.isdisjoint(one.fields))
# What is packed, in units of 64 bits: a section of an account, and all of it.
Section = Sequence[int]
Pack: TypeAlias = "array[int]"
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


def reported(view: View) -> Pack:
    """Pack the reported side of pairs."""
    sections = _of_both(view, [view.handle], carried=False)
    sections[pair_kernel.SAID] = [len(view.lures), view.leads_away, bool(view.domains), view.speaks]
    sections[pair_kernel.ALONE] = _reals([one.compute(view, view) for one in ALONE])
    sections[pair_kernel.MENTIONS] = _set(view.mentions)
    sections[pair_kernel.TELLING] = _hashes(view.bio_telling)
    sections[pair_kernel.CANONICAL_NAME] = _set(view.canonical_name)
    sections[pair_kernel.CANONICAL_BIO] = _set(view.canonical_bio)
    sections[pair_kernel.NAME_READ] = _set(view.name_word_readings)
    return _joined(sections)


def protected(view: View) -> Pack:
    """Pack the protected side of pairs."""
    sections = _of_both(view, [view.handle, *view.joined_names], carried=True)
    words = list(chain.from_iterable(view.name_weights))
    sections[pair_kernel.WORD_READ] = list(chain.from_iterable(_set(read) for read, _ in words))
    sections[pair_kernel.WORD_ENDS] = _ends([read for read, _ in words])
    sections[pair_kernel.WORD_BITS] = _reals([bits for _, bits in words])
    sections[pair_kernel.NAME_ENDS] = _ends(view.name_weights)
    sections[pair_kernel.NAME_TOTALS] = _reals([total for _, total in view.name_totals])
    sections[pair_kernel.ROLE_WORDS] = _hashes(chain.from_iterable(view.role_words))
    sections[pair_kernel.ROLE_BITS] = _reals([bits for role in view.role_words for bits in role.values()])
    sections[pair_kernel.ROLE_ENDS] = _ends(view.role_words)
    sections[pair_kernel.ROLE_TOTALS] = _reals([total for _, total in view.role_totals])
    sections[pair_kernel.TOLD] = _hashes(view.bio_weights)
    sections[pair_kernel.TOLD_BITS] = _reals(list(view.bio_weights.values()))
    sections[pair_kernel.CALLED] = _phrases(view.called_phrases)
    sections[pair_kernel.ROLE_PHRASES] = _phrases(view.role_phrases)
    return _joined(sections)


def _of_both(view: View, spelled: Sequence[str], *, carried: bool) -> list[Section]:
    picture, is_odd = _picture(view)
    sections: list[Section] = [_NONE] * len(pair_kernel.SECTIONS)
    sections[pair_kernel.FACTS] = [*_facts(view), _flags(view, is_odd=is_odd)]
    sections[pair_kernel.PICTURE] = picture
    sections[pair_kernel.REALS] = _reals([view.handle_bits, 0.0 if not carried else float(view.bio_total)])
    sections[pair_kernel.SPELLINGS] = _spellings(spelled, carried=carried)
    sections[pair_kernel.READINGS] = _letters("".join(view.sorted_readings))
    sections[pair_kernel.READING_ENDS] = _ends(view.sorted_readings)
    sections[pair_kernel.LOOSE_NAME] = _letters(view.loose_name)
    sections[pair_kernel.LOOSE_HANDLE] = _letters(view.loose_handle)
    sections[pair_kernel.HANDLE_WORDS] = _set(view.handle_word_set)
    sections[pair_kernel.HANDLE_CLAIMS] = _set(view.handle_claims)
    sections[pair_kernel.HANDLE_OFFICES] = _set(view.handle_offices)
    sections[pair_kernel.NAME_CLAIMS] = _set(view.name_claims)
    sections[pair_kernel.OWN_DOMAINS] = _set(view.own_domains)
    sections[pair_kernel.BIO_WORDS] = _hashes(view.bio_words)
    sections[pair_kernel.BIO_SET] = _set(view.bio_word_set)
    sections[pair_kernel.TRIPLES] = _triples(sections[pair_kernel.BIO_WORDS])
    return sections


def _facts(view: View) -> list[int]:
    signs = sum([_SIGNS[sign] for sign in view.name_signs])
    texts = (view.handle, view.loose_handle, view.loose_name, view.name_letters)
    return [*map(_HASH, texts), view.separators, signs]


def _flags(view: View, *, is_odd: bool) -> int:
    holds = (
        view.name, view.bio, view.loose_name, view.name_is_parody, view.bio_is_parody, view.declares_office,
        view.handle_has_digit, is_odd or not view.handle,
    )  # fmt: skip
    return sum([1 << place for place, one in enumerate(holds) if one])


def _picture(view: View) -> tuple[Section, bool]:
    """Return the picture's hash, and whether it is none that fits."""
    if view.picture is None:
        return _NONE, False
    if not 0 <= view.picture < 1 << _PICTURE_BITS:
        return _NONE, True
    return array("q", view.picture.to_bytes(_PICTURE_BITS // 8, "little")), False


def _spellings(texts: Sequence[str], *, carried: bool) -> Section:
    spelled = [spelling(text, carried=carried) for text in texts]
    starts = accumulate(map(len, spelled[:-1]), initial=1 + len(spelled))
    return [len(spelled), *starts, *chain.from_iterable(spelled)]


def _phrases(phrases: Iterable[tuple[str, ...]]) -> Section:
    """Pack phrases so that the order of their words is lost."""
    sums = [(len(words), (sum(map(_HASH, words)) + _HALF) % _WRAP - _HALF) for words in phrases]
    return list(chain.from_iterable(sorted(sums)))


def _joined(sections: Sequence[Section]) -> Pack:
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
