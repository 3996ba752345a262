"""DataFrames of accounts: read through the door that checks every account, and written back as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pandas as pd

from classifier.accounts.account import Account, ProtectedAccount
from classifier.errors import InputError
from classifier.importers import Imported, import_account, import_protected
from classifier.importers.formats.detect import NATIVE, format_of
from classifier.registry.registry import Registry


def records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of a DataFrame, what is missing as ``None``."""
    names, known = list(map(str, frame.columns)), frame.astype(object).where(frame.notna(), None)
    return (dict(zip(names, values, strict=True)) for values in known.itertuples(index=False, name=None))


def imported_accounts(frame: pd.DataFrame, *, now: datetime, platform: str | None = None) -> list[Imported]:
    """Import every row of account columns: an account or its error, in order.

    Parameters
    ----------
    now : datetime
        The clock, aware.
    platform : str, optional
        For rows that name none.
    """
    return [
        import_account(record, format_of(record) or NATIVE, row_number=number, now=now, default_platform=platform)
        for number, record in enumerate(records(frame), start=1)
    ]


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
