"""Sampling: choices, words by their frequency, and handles as people choose them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TypeVar

import numpy as np

from classifier.simulation import vocabulary as say
from classifier.text.information import word_bits

_T = TypeVar("_T")
# Words of handles are drawn with the 0.7th power of their frequency: people prefer telling words to "the" and "and".
_FLATNESS = 0.7
_SYLLABLES = (
    "ba be bi bo ca ce chi co da de di do dra el en fa fe fi ga gi go ha he hi ho ja jo ka ke ki ko la le li lo lu ma "
    "me mi mo mu na ne ni no ol or pa pe pi ra re ri ro ru sa se shi si so ta te ti to tu va vi wa ya yo za ze zi zo"
).split()
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# English speakers are six times as many as those of any other language.
LOCALES = say.LOCALES[:1] * 6 + say.LOCALES


def pick(rng: np.random.Generator, options: Sequence[_T]) -> _T:
    """Draw one of ``options``."""
    return options[int(rng.integers(len(options)))]


def draw(rng: np.random.Generator, weights: Mapping[_T, float]) -> _T:
    """Draw one of the keys of ``weights`` as often as its weight says; the weights need not add up to 1."""
    aim = rng.random() * sum(weights.values())
    for option, weight in weights.items():
        aim -= weight
        if aim < 0:
            return option
    return option


def chance(rng: np.random.Generator, probability: float) -> bool:
    """Draw true with ``probability``."""
    return bool(rng.random() < probability)


def ascii_only(text: str) -> str:
    """Return the ASCII letters and digits of ``text``, marks taken off."""
    folded = text.translate(str.maketrans("ığşçöüéíóúáñäßèêôøåěÖÜÉŞİ", "igscoueiouanaseeooaeOUESI"))
    return "".join(c for c in folded if c.isascii() and c.isalnum()) or "user"


@dataclass(frozen=True, slots=True)
class Stranger:
    """A handle that somebody chose for himself, and the name he goes by."""

    handle: str
    name: str


@cache
def _words() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Return words handles are made of and the running sums of their weights, ending at 1."""
    known = sorted((word, bits) for word, bits in word_bits().items() if word.isascii() and 3 <= len(word) <= 10)
    weights = [2.0 ** (-_FLATNESS * bits) for _, bits in known]
    total = sum(weights)
    return tuple(word for word, _ in known), tuple(accumulate(weight / total for weight in weights))


def a_word(rng: np.random.Generator) -> str:
    """Draw a word as often as it occurs in handles."""
    words, sums = _words()
    return words[min(len(words) - 1, bisect_left(sums, rng.random()))]


def stranger(rng: np.random.Generator) -> Stranger:
    """Draw a stranger."""
    return pick(rng, (_of_a_name, _of_a_name, _of_a_name, _of_words, _of_words, _of_initials, _of_syllables))(rng)


def _of_a_name(rng: np.random.Generator) -> Stranger:
    given, last = pick(rng, pick(rng, LOCALES).given)[1], a_word(rng).title()
    first = ascii_only(given)
    number = _number(rng)
    joiner = pick(rng, ("", "", "_"))
    handle = pick(
        rng,
        (
            f"{first}{joiner}{last}", f"{first}{joiner}{last}{number}", f"{first[0]}{joiner}{last}", f"{first}{number}",
            f"{first}{joiner}{last[0]}{number}", f"{last}{joiner}{first}", f"{first}_{a_word(rng)}",
            f"_{first}{number}", f"{first}{last[:3]}{number}", f"{last}{number}", f"the{first}{last}",
        ),
    )  # fmt: skip
    return Stranger(_cased(rng, handle), f"{given} {last}" if chance(rng, 0.8) else given)


def _of_words(rng: np.random.Generator) -> Stranger:
    word, other = a_word(rng), a_word(rng) if chance(rng, 0.6) else pick(rng, say.COMMON_WORDS)
    joiner = pick(rng, ("", "", "_"))
    number = _number(rng)
    handle = pick(
        rng,
        (
            f"{word}{joiner}{other}", f"{other}{joiner}{word}", f"{word}{joiner}{other}{number}", f"{word}{number}",
            f"the{word}{other}", f"{word}{joiner}{other}_", f"{word}{pick(rng, _LETTERS)}",
            f"{pick(rng, _LETTERS)}{joiner}{word}",
        ),
    )  # fmt: skip
    return Stranger(_cased(rng, handle), f"{word} {other}".title())


def _of_initials(rng: np.random.Generator) -> Stranger:
    letters = "".join(pick(rng, _LETTERS) for _ in range(int(rng.integers(1, 4))))
    word = pick(rng, (a_word(rng), pick(rng, say.COMMON_WORDS), pick(rng, ("news", "press", "media", "radio", "tv"))))
    joiner = pick(rng, ("", "_"))
    handle = pick(rng, (f"{letters}{joiner}{word}", f"{word}{joiner}{letters}"))
    return Stranger(_cased(rng, handle), f"{letters.upper()} {word.title()}")


def _of_syllables(rng: np.random.Generator) -> Stranger:
    word = "".join(pick(rng, _SYLLABLES) for _ in range(int(rng.integers(2, 5)))) + pick(rng, ("", "", "n", "s", "r"))
    return Stranger(_cased(rng, word + pick(rng, ("", "", "_", _number(rng)))), word.title())


def _number(rng: np.random.Generator) -> str:
    return pick(rng, ("", str(rng.integers(1, 100)), str(rng.integers(1950, 2012)), str(rng.integers(1, 99_999_999))))


def _cased(rng: np.random.Generator, handle: str) -> str:
    return handle[:15] if chance(rng, 0.5) else handle[:15].lower()
