"""Phrases: the runs of telling words that an account is called by or claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from classifier.text import lexicon
from classifier.text.normalization import normal, words
from classifier.text.spelling import spelled

# Words that carry no meaning of their own in "CEO of the ..." in the languages of the sample.
STOPWORDS = frozenset(
    ("a an and the of for at in to on de del la el los las der die das des du le les et y e und von van at dem").split()
)


# Longest role or name, in telling words, that is looked for in a text.
PHRASE_WORDS = 6


def phrase(text: str) -> tuple[str, ...]:
    """Return the telling words of ``text`` in sorted order: the key under which "CEO of X" and "X CEO" are one.

    Examples
    --------
    >>> phrase("CEO of Northwind") == phrase("Northwind CEO")
    True
    """
    return _phrase(words(text))


def _phrase(all_words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_telling_words(all_words)))


def _is_phrase(key: tuple[str, ...]) -> bool:
    return 2 <= len(key) <= PHRASE_WORDS


def _telling_words(all_words: Iterable[str]) -> list[str]:
    return [spelled(word) for word in all_words if word not in STOPWORDS and len(word) > 1]


def _told(text: str) -> tuple[str, ...]:
    return tuple(_telling_words(words(lexicon.canonical(normal(text)))))


def _telling(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(filter(_is_phrase, map(phrase, texts)))


def _runs(telling: tuple[str, ...], length: int) -> Iterator[tuple[str, ...]]:
    """Yield the key of every run of so many words."""
    return (tuple(sorted(telling[start : start + length])) for start in range(len(telling) - length + 1))
