"""The table of columns: all that an account has, each once."""

from dataclasses import dataclass, fields

import pytest

from classifier.accounts import columns
from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.columns import COLUMNS, ONLY_PROTECTED, ONLY_REPORTED, PROTECTED, REPORTED


def test_it_has_what_accounts_have_and_no_more() -> None:
    assert set(REPORTED) == {field.name for field in fields(Account)}
    assert set(PROTECTED) == {field.name for field in fields(ProtectedAccount)}
    assert COLUMNS.keys() == {*REPORTED, *PROTECTED}


def test_what_only_one_side_has() -> None:
    assert {"posts", "location", "followed_by_target"} <= set(ONLY_REPORTED)
    assert {"aliases", "tier"} <= set(ONLY_PROTECTED)
    assert set(ONLY_REPORTED).isdisjoint(PROTECTED)
    assert set(ONLY_PROTECTED).isdisjoint(REPORTED)


def test_a_field_that_the_table_does_not_know_is_named() -> None:
    @dataclass
    class WithMore:
        handle: str
        shoe_size: int

    with pytest.raises(TypeError, match="shoe_size, which WithMore has"):
        columns._of(WithMore)  # type: ignore[arg-type]


def test_every_text_has_a_limit_and_every_list_of_texts_a_length() -> None:
    for name, column in COLUMNS.items():
        assert (column.limit is not None) == (column.kind in ("handle", "platform", "id", "text", "texts")), name
        assert (column.most is not None) == (column.kind == "texts"), name
