"""Rarity: how much information a handle or a name carries, in bits.

A stranger's handle comes near a protected one by chance when what they share is common: "andreas", "crypto", "news". A
text is read as the cheapest run of words and single letters, a word costing the bits of its frequency, so that
"harbourroe" carries 32 bits and "andreas" 19: of handles chosen at random one in 2 ** bits begins so.

Frequencies are those of ``wordfreq``'s small lists, given names among them: the same for every registry, so that a
certificate means the same over each.

References
----------
C. E. Shannon (1948), "A Mathematical Theory of Communication", section 6 (information as -log2 of a probability)
R. Speer (2022), wordfreq 3.0, https://doi.org/10.5281/zenodo.7199437
"""

from __future__ import annotations

import array
import math
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise

import numpy as np

from classifier.text.name_frequency import people, shares
from classifier.text.word_segmentation import Words, code_points, spell_all
from classifier.utils.sources import digest

# Languages whose words handles and names are made of, and how often: English as often as all others together.
LANGUAGES = {"en": 1.0} | dict.fromkeys("es de fr it pt nl pl tr id sv ru ar".split(), 1 / 12)
# Words that handles are made of far more often than texts are, this project's choice; what each carries, in bits.
HANDLE_WORDS = frozenset(
    (
        "crypto bitcoin btc eth ethereum nft nfts defi web coin coins token blockchain chain trader trading invest "
        "gaming gamer games twitch vlog blog insta tube news daily media press radio live show podcast music beats "
        "official real the its iam mister king queen baby lil boy girl girls guy dad mom papa mama love life world "
        "art photo studio tech dev code fit gym travel food fashion style shop store team club fan fans army "
        "nation city united sports football"
    ).split()
)
HANDLE_WORD = 9.0
# That a word of a handle is somebody's name: one of eight is.
NAME = 3.0
# A letter outside a word: log2 of 20 letters that are about as likely as each other. A digit: log2 of 10.
LETTER, DIGIT = math.log2(20), math.log2(10)
# That a word comes, and which boundary it has: one of four ways to go on.
BOUNDARY = 2.0
_SHORTEST, _LONGEST = 3, 20
# Nothing is rarer than this: beyond it every text is one of a kind.
MOST = 80.0
# What the characters of handles and names carry, for as many of them.
_CARRIED: dict[str, bytes] = {}
_CARRIED_KEPT = 100_000
# All that the words and what they carry depend on.
_SOURCES = ("information.py", "name_frequency.py", "names/names.txt", "spelling.py", "stream_safe.py",
            "word_segmentation.py")  # fmt: skip
_LIBRARIES = ("anyascii", "wordfreq")
# Now, while the sources are those that run.
_MADE_OF = digest(files("classifier.text"), _SOURCES, _LIBRARIES)


@cache
def word_bits() -> dict[str, float]:
    """Return the information of every known word, in bits; made when first asked for, in a second."""
    from wordfreq import get_frequency_dict  # noqa: PLC0415 - a fifth of a second, and what it is for is kept

    mixed: dict[str, float] = {}
    for language, weight in LANGUAGES.items():
        for word, frequency in get_frequency_dict(language, "small").items():
            if word.isalpha() and len(word) <= _LONGEST:
                mixed[word] = mixed.get(word, 0.0) + weight * frequency
    total = math.log2(sum(mixed.values()))
    found = {word: total - math.log2(frequency) for word, frequency in mixed.items()}
    names = {word: NAME - math.log2(share) for word, share in shares().items() if share > 0.0 and word.isalpha()}
    known = found | {word: min(bits, found.get(word, math.inf)) for word, bits in names.items()}
    return known | {word: min(HANDLE_WORD, known.get(word, HANDLE_WORD)) for word in HANDLE_WORDS}


@cache
def _words() -> Words:
    return Words.kept(_MADE_OF, word_bits)


def information(text: str) -> tuple[float, ...]:
    """Return the information that each character of ``text``, in lower case and without separators, carries.

    Parameters
    ----------
    text : str
        A handle's key.

    Returns
    -------
    tuple of float, length len(text)
        In bits, at least 0; a word's bits are spread evenly over its letters.

    Examples
    --------
    >>> sum(information("news")) < sum(information("xkqv"))
    True
    """
    return tuple(array.array("d", carried([text])[text]))


def carried(texts: Sequence[str]) -> dict[str, bytes]:
    """Return ``information`` of texts as the bytes of float64: in one pass, far faster than one by one.

    What was found is kept, because most protected handles and names are compared often.

    Examples
    --------
    >>> np.frombuffer(carried(["news"])["news"]).tolist() == list(information("news"))
    True
    """
    kept = {text: bits for text in texts if (bits := _CARRIED.get(text)) is not None}
    unknown = [text for text in dict.fromkeys(texts) if text not in kept]
    if unknown:
        found = dict(zip(unknown, _spelled(unknown), strict=True))
        if len(_CARRIED) > _CARRIED_KEPT:
            _CARRIED.clear()
        _CARRIED.update(found)
        kept |= found
    return kept


def _spelled(texts: Sequence[str]) -> list[bytes]:
    known, together = _words(), "".join(texts)
    ends = np.array(list(accumulate(map(len, texts), initial=0)))
    spread = spell_all(
        code_points(together), np.frombuffer(bytes(map(str.isdigit, together)), np.uint8), ends,
        known.letters, known.starts, known.bits, known.slots, known.known,
        _SHORTEST, _LONGEST, LETTER, DIGIT, BOUNDARY,
    ).tobytes()  # fmt: skip
    return [spread[8 * start : 8 * stop] for start, stop in pairwise(ends.tolist())]


def bits(text: str) -> float:
    """Return the information of a handle's key in bits, in [0, ``MOST``]."""
    return min(MOST, sum(information(text), 0.0))


@lru_cache(50_000)
def word_information(word: str) -> float:
    """Return the information of a word of a name in bits, in [0, ``MOST``]: at most that of its letters.

    A word is as telling as it is rare, among the words of texts or among people's names, where it is commoner.
    """
    bearers = people(word)
    borne = -math.log2(bearers) if bearers > 0.0 else math.inf
    return min(MOST, LETTER * len(word), _words().bits_of(word), borne)
