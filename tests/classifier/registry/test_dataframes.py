"""Rows of a DataFrame are read as those of a file: the same columns, formats and errors, and no id is rounded."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.errors import FileFormatError
from classifier.registry.dataframes import imported_accounts, registry_frame, registry_of
from classifier.registry.registry import Registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LONG = 1234567890123456789


def read(frame: pd.DataFrame, **options: Any) -> list[Any]:
    return [one.account for one in imported_accounts(frame, now=NOW, **options)]


@pytest.mark.parametrize(
    "ids",
    [
        pd.Series([LONG, 5]),
        pd.Series([LONG, 5], dtype="uint64"),
        pd.Series([LONG, None], dtype="Int64"),
        pd.Series([LONG, None], dtype="int64[pyarrow]"),
        pd.Series([str(LONG), None], dtype="string[pyarrow]"),
        pd.Series([np.int64(LONG), None], dtype=object),
        pd.Series([Decimal(LONG), None], dtype=object),
        pd.Series([LONG, 5]).astype("category"),
    ],
    ids=lambda ids: str(ids.dtype),
)
def test_ids_of_every_exact_type_are_kept(ids: pd.Series) -> None:
    frame = pd.DataFrame({"handle": ["qzk", "qzl"], "platform": "x", "account_id": ids})
    assert read(frame)[0].account_id == str(LONG)


def test_ids_that_were_rounded_are_none_and_said_to_be_so() -> None:
    frame = pd.DataFrame({"handle": ["qzk"], "platform": "x", "account_id": [float(LONG)]})
    (found,) = imported_accounts(frame, now=NOW)
    assert found.account is not None
    assert found.account.account_id is None
    assert "may have been rounded" in found.notes[0]
    with pytest.raises(FileFormatError, match="account_id is float32, which rounds"):
        read(frame.astype({"account_id": "float32"}))


def test_lists_come_back_from_parquet(tmp_path: Path) -> None:
    """``pandas.read_parquet`` makes arrays of them."""
    registry = Registry([ProtectedAccount(platform="x", handle="qzk", roles=("mayor",), aliases=("Quill", "Q"))])
    registry_frame(registry).to_parquet(tmp_path / "registry.parquet")
    assert registry_of(pd.read_parquet(tmp_path / "registry.parquet"), now=NOW) == registry


def test_infinite_decimals_are_no_numbers_that_break_anything() -> None:
    frame = pd.DataFrame({"handle": ["qzk"], "platform": "x", "followers": [Decimal("Infinity")]})
    assert read(frame)[0].followers is None


@pytest.mark.parametrize("names", [["handle", "handle"], ["Handle", "handle"], ["", ""]])
def test_columns_of_which_nobody_can_say_which_is_meant_are_refused(names: list[str]) -> None:
    with pytest.raises(FileFormatError, match="a DataFrame: the columns need names, each once"):
        read(pd.DataFrame([["qzk", "qzl"]], columns=names), platform="x")


def test_columns_of_no_format_are_one_error() -> None:
    with pytest.raises(FileFormatError, match="a DataFrame: cannot tell the format"):
        read(pd.DataFrame({"user": ["qzk"] * 3, "plat": "x"}))


def test_the_format_may_be_named() -> None:
    frame = pd.DataFrame({"screen_name": ["qzk"], "id_str": ["5"]})
    assert read(frame, format="x-v1")[0].account_id == "5"
    with pytest.raises(FileFormatError, match="no such format"):
        read(frame, format="x-v9")
