from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.batch import chunks as module
from classifier.batch.chunks import blocks
from classifier.batch.score_rows import Asked
from tests.classifier.batch.rows import asked, unreadable


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 7), st.integers(1, 60))
def test_every_row_is_in_one_block_in_order_and_no_block_is_large(sizes: list[int], rows: int, characters: int) -> None:
    given = [asked(number, bio="b" * size) for number, size in enumerate(sizes, start=1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROWS", rows)
        patch.setattr(module, "CHARACTERS", characters)
        found = list(blocks(given))
    assert [one for block in found for one in block] == given
    assert all(1 <= len(block) <= rows for block in found)
    for block in found:  # without its last row no block is full
        assert sum(len(str(one.raw.values["bio"])) for one in block[:-1] if one.raw.values) < characters


def test_what_is_nested_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHARACTERS", 100)
    rows = [asked(number, entities={"urls": [{"url": "u" * 99}]}) for number in (1, 2, 3)]
    assert [len(block) for block in blocks(rows)] == [1, 1, 1]


def test_rows_are_read_no_further_than_the_block_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory must not grow with the file."""
    monkeypatch.setattr(module, "ROWS", 3)
    taken: list[Asked] = []
    endless = (taken.append(row) or row for row in (unreadable(number) for number in range(1, 10**9)))  # type: ignore[func-returns-value]
    assert [len(block) for block in islice(blocks(endless), 2)] == [3, 3]
    assert len(taken) == 6
