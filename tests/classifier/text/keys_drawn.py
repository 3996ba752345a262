"""Small sets of keys of few letters, which share much, for the tests of the index."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from classifier.text.search_keys import LONGEST

letters = st.text("abcde", min_size=1, max_size=14)
phrases = st.lists(letters, min_size=1, max_size=4).map(" ".join)
keys = st.one_of(letters, phrases).map(lambda text: text.encode()[:LONGEST].rstrip())
key_lists = st.lists(keys, min_size=1, max_size=30)


def packed(parts: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    starts = np.cumsum([0, *map(len, parts)]).astype(np.uint32)
    return np.frombuffer(b"".join(parts), np.uint8), starts
