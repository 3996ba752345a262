"""DataFrames of accounts: read through the door that checks every account, and written back as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from classifier.accounts.account import Account, ProtectedAccount
from classifier.errors import FileFormatError, InputError
from classifier.importers import Imported, import_account, import_protected
from classifier.importers.formats.detect import check_format, detect_format, format_among
from classifier.importers.read_rows import DETECTION_ROWS
from classifier.importers.readers.csv_rows import check_columns
from classifier.registry.registry import Registry

# What messages and manifests call rows that came without a file.
FRAME = "a DataFrame"
# Of these a number of eight digits may be another than the id that it was made of.
_ROUNDING = ("float16", "float32", "Float32")


def records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Return the rows of a DataFrame, what is missing as ``None``.

    Raises
    ------
    FileFormatError
        If columns have no names, each once, as in a file; or ids have a type that rounds them.
    """
    names = [str(column).strip() for column in frame.columns]
    if names:
        check_columns(names, FRAME)
    for name, kind in zip(names, frame.dtypes, strict=True):
        if name.endswith("id") and kind in _ROUNDING:
            raise FileFormatError(f"{FRAME}: {name} is {kind}, which rounds long numbers: give it as text", field=name)
    known = frame.astype(object).where(frame.notna(), None)
    return (
        {name: _plain(value) for name, value in zip(names, values, strict=True)}
        for values in known.itertuples(index=False, name=None)
    )


def _plain(value: Any) -> Any:
    """Return a cell as a file has it: columns of objects may hold numbers and lists of numpy, and of databases."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):  # lists, as ``pandas.read_parquet`` gives them
        return value.tolist()
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    return value


def imported_accounts(
    frame: pd.DataFrame,
    *,
    now: datetime,
    platform: str | None = None,
    format: str | None = None,  # noqa: A002 - the option's name everywhere else
) -> list[Imported]:
    """Import every row of account columns: an account or its error, in order.

    Parameters
    ----------
    now : datetime
        The clock, aware.
    platform : str, optional
        For rows that name none.
    format : str, optional
        One of ``FORMATS``; told from the columns where it is not given, as in a file.

    Raises
    ------
    FileFormatError
        If there is no such format, or the columns are those of none or have no names, each once.
    """
    if format is not None:
        check_format(format)
    rows = list(records(frame))
    most = format or (_detected(rows) if rows else "")
    return [
        import_account(row, format or format_among(row, most), row_number=number, now=now, default_platform=platform)
        for number, row in enumerate(rows, start=1)
    ]


def _detected(rows: list[dict[str, Any]]) -> str:
    try:
        return detect_format(rows[:DETECTION_ROWS])
    except FileFormatError as error:
        raise FileFormatError(f"{FRAME}: {error.message}") from error


def accounts_of(frame: pd.DataFrame, *, now: datetime, platform: str | None = None) -> list[Account]:
    """Return the accounts of a DataFrame, in order.

    Raises
    ------
    InputError
        If a row holds no account; it names the row, counted from 1, and the field.
    """
    found = []
    for imported_account in imported_accounts(frame, now=now, platform=platform):
        if imported_account.account is None:
            raise imported_account.error or InputError("the row holds no account", row=imported_account.row)
        found.append(imported_account.account)
    return found


def protected_of(frame: pd.DataFrame, *, now: datetime, platform: str | None = None) -> list[ProtectedAccount]:
    """Return the protected accounts of a DataFrame of registry columns, in order.

    Parameters
    ----------
    platform : str, optional
        For rows that name none.

    Raises
    ------
    InputError
        If a row holds none: left out, that account would be unprotected.
    """
    found = []
    for number, record in enumerate(records(frame), start=1):
        one = import_protected(record, row_number=number, now=now, default_platform=platform)
        if one.account is None:
            raise one.error or InputError("the row holds no protected account", row=number)
        found.append(one.account)
    return found


def registry_of(frame: pd.DataFrame, *, now: datetime, platform: str | None = None) -> Registry:
    """Return the registry of a DataFrame of registry columns; raises as ``protected_of`` and ``Registry`` do."""
    return Registry(protected_of(frame, now=now, platform=platform))


def registry_frame(registry: Registry) -> pd.DataFrame:
    """Return a registry as a DataFrame, one row an account, sorted by platform and handle; lists stay lists."""
    return pd.DataFrame(registry.to_rows())


def account_frame(accounts: list[Account]) -> pd.DataFrame:
    """Return accounts as a DataFrame of account columns that ``accounts_of`` reads back."""
    return pd.DataFrame([asdict(account) for account in accounts])
