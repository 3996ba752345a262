"""Queries: reported accounts as the index reads them, several at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from classifier.accounts.normal_forms import View
from classifier.accounts.phrases import STOPWORDS
from classifier.text.lexicon import canonical
from classifier.text.normalization import normal
from classifier.text.search_keys import BIO_READ, handle_keys, joined, telling_words, whole_keys, written_key

# The shortest word that says something by itself.
WORD_LETTERS = 5
# The shortest word that is looked up as a word of somebody's name.
SHORTEST_WORD = 3
# In place of the key of an empty handle, which the importers refuse.
NO_KEY = b"\1"
_STOPWORDS = frozenset(word.encode() for word in STOPWORDS)
_Hashes = NDArray[np.uint64]
_Places = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Queries:
    """Reported accounts as the index reads them, one after another: n strings and w words of q accounts.

    Attributes
    ----------
    blob, starts, is_name : ndarray
        Their keys: of the handle in one word and by its words, of the display name by look and by sound.
    strings : ndarray of uint32, shape (q + 1,)
        Account i has strings ``strings[i]`` to ``strings[i + 1]``.
    is_named : ndarray of bool, shape (q,)
        Whether it has a display name.
    written, written_starts : ndarray of uint8, of uint32
        The handles as they are written.
    words, word_firsts, is_long : ndarray of uint64, of uint32, of uint8
        Hashes of the telling words of name and bio, name i from ``word_firsts[2 * i]`` on and bio i from
        ``word_firsts[2 * i + 1]`` on; and which words say something by themselves.
    mentions, mention_firsts : ndarray of uint64, of uint32
        Hashes of what the bios mention.
    pieces, piece_starts, piece_firsts : ndarray of uint8, of uint32, of uint32
        Handles, names and where links lead, each in one word: of these every piece is looked up.
    told, told_starts, told_firsts : ndarray of uint8, of uint32, of uint32
        The words of handles, names and bios.
    """

    blob: NDArray[np.uint8]
    starts: _Places
    is_name: NDArray[np.uint8]
    strings: _Places
    is_named: NDArray[np.bool_]
    written: NDArray[np.uint8]
    written_starts: _Places
    words: _Hashes
    word_firsts: _Places
    is_long: NDArray[np.uint8]
    mentions: _Hashes
    mention_firsts: _Places
    pieces: NDArray[np.uint8]
    piece_starts: _Places
    piece_firsts: _Places
    told: NDArray[np.uint8]
    told_starts: _Places
    told_firsts: _Places

    @classmethod
    def of(cls, views: Sequence[View]) -> Queries:
        """Read reported accounts."""
        handles = [handle_keys(view.handle_name) or (NO_KEY,) for view in views]
        names = [view.name_keys for view in views]
        blob, starts = packed(chain.from_iterable(chain.from_iterable(zip(handles, names, strict=True))))
        kinds = (bytes(len(own)) + b"\1" * len(called) for own, called in zip(handles, names, strict=True))
        written, written_starts = packed(written_key(view.handle_name) for view in views)
        words = [said for view in views for said in _said(view)]
        told = list(chain.from_iterable(words))
        pieces = [_pieces(view, own) for view, own in zip(views, handles, strict=True)]
        spoken = [_spoken(*read) for read in zip(handles, names, words[::2], words[1::2], strict=True)]
        piece_blob, piece_starts = packed(chain.from_iterable(pieces))
        told_blob, told_starts = packed(chain.from_iterable(spoken))
        mentions = [list(map(_mention_hash, view.mentions)) for view in views]
        return cls(
            blob=blob,
            starts=starts,
            is_name=_bytes(b"".join(kinds)),
            strings=_places(len(own) + len(called) for own, called in zip(handles, names, strict=True)),
            is_named=np.array([bool(called) for called in names], bool),
            written=written,
            written_starts=written_starts,
            words=_hashes(list(map(word_hash, told))),
            word_firsts=_places(map(len, words)),
            is_long=_bytes(bytes(len(word) >= WORD_LETTERS for word in told)),
            mentions=_hashes(list(chain.from_iterable(mentions))),
            mention_firsts=_places(map(len, mentions)),
            pieces=piece_blob,
            piece_starts=piece_starts,
            piece_firsts=_places(map(len, pieces)),
            told=told_blob,
            told_starts=told_starts,
            told_firsts=_places(map(len, spoken)),
        )

    def __len__(self) -> int:
        return len(self.is_named)


def _said(view: View) -> tuple[list[bytes], list[bytes]]:
    """Return the telling words of the name and of the bio."""
    account = view.account
    named = _told(account.display_name, view.titled_name) if account.display_name else []
    return named, _told(account.bio, view.titled_bio) if account.bio else []


def _pieces(view: View, handles: Sequence[bytes]) -> list[bytes]:
    """Return handle, name and where the links lead, each in one word."""
    return [text for text in (handles[0], *map(joined, view.name_keys[:1]), *whole_keys(view.linked)[:1]) if text]


def _spoken(
    handles: Sequence[bytes], names: Sequence[bytes], in_name: Iterable[bytes], in_bio: Iterable[bytes]
) -> list[bytes]:
    """Return the words of handle, name and bio, each once, and none that is too short to say anything."""
    shown = (word for key in (*handles[1:2], *names[:2]) for word in key.split())
    return [word for word in dict.fromkeys((*shown, *in_name, *in_bio)) if len(word) >= SHORTEST_WORD]


def _told(text: str, titled: str) -> list[bytes]:
    """Return the telling words of a text whose normal form with titles by one name each was made before."""
    return telling_words(titled, _STOPWORDS) if len(text) <= BIO_READ else telling(text)


def telling(text: str) -> list[bytes]:
    """Return the telling words of a text, titles by one name each, so that whoever says "PDG" is found as the CEO."""
    return telling_words(canonical(normal(text[:BIO_READ])), _STOPWORDS)


def _mention_hash(handle: str) -> int:
    return word_hash(b"@" + b"".join(whole_keys(handle)[:1]))


def word_hash(word: bytes) -> int:
    """Return the hash of a word; those of the words of a text are added up, modulo 2 ** 64."""
    return xxh3_64_intdigest(word)


def packed(parts: Iterable[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Return texts one after another, and where each begins and the last one ends."""
    kept = list(parts)
    return _bytes(b"".join(kept)), _places(map(len, kept))


def _places(sizes: Iterable[int]) -> _Places:
    """Return where each of several lists begins that stand one after another, and where the last one ends."""
    return np.array(list(accumulate(sizes, initial=0)), np.uint32)


def _hashes(found: list[int]) -> _Hashes:
    return np.array(found, np.uint64)


def _bytes(text: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(text, np.uint8)
