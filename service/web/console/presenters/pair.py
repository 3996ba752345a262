"""Two accounts side by side without any verdict: for who decides an appeal, and for who judges blind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount
from classifier.importers import import_account
from service.errors import RecordsError
from service.schemas.checks import TargetOut
from service.texts.dates import dated, number
from service.texts.wording import Message, gettext
from service.web.console.presenters.side_by_side import Row, rows, rows_alone

# What answers do not tell of a protected account: of that there is no line, or the reported account's alone.
_UNTOLD = frozenset({"Tier", "Roles", "Other names", "Second accounts"})
_ALONE = frozenset({"Bio", "Links", "Former handles"})
_NOT_KNOWN = Message("not known")
_NOT_SHOWN = Message("not compared")


@dataclass(frozen=True, slots=True)
class Pair:
    """The reported account and the protected one, as far as they are known.

    Attributes
    ----------
    rows : tuple of Row
        Texts, letter by letter where letters decide.
    numbers : tuple of (str, str, str)
        Label, of the reported account, of the protected one.
    target : ProtectedAccount, TargetOut or None
        ``None`` where the account resembles nobody.
    """

    handle: str
    target: ProtectedAccount | TargetOut | None
    rows: tuple[Row, ...]
    numbers: tuple[tuple[str, str, str], ...]


def pair_of(account: Mapping[str, Any], target: ProtectedAccount | TargetOut | None, read_at: datetime) -> Pair:
    """Return both accounts side by side.

    Parameters
    ----------
    account : mapping
        The reported account in Doublecheck's columns, as answers have it.
    target : ProtectedAccount, TargetOut or None
        In full, or as answers have it.
    read_at : datetime
        When it was read.

    Raises
    ------
    RecordsError
        If the account cannot be read.
    """
    reported = import_account(dict(account), "doublecheck", now=read_at).account
    if reported is None:
        raise RecordsError("the account of this check's record cannot be read any more")
    if target is None:
        return Pair(reported.handle, None, rows_alone(reported), _numbers(reported, None))
    if isinstance(target, ProtectedAccount):
        return Pair(reported.handle, target, rows(reported, target), _numbers(reported, target))
    protected = ProtectedAccount(**target.model_dump())
    alone = {row.label: row for row in rows_alone(reported)}
    shown = (
        replace(alone[row.label], words=gettext(_NOT_SHOWN)) if row.label in _ALONE and row.label in alone else row
        for row in rows(reported, protected)
        if row.label not in _UNTOLD
    )
    return Pair(reported.handle, target, tuple(shown), _numbers(reported, protected))


def _numbers(reported: Account, protected: ProtectedAccount | None) -> tuple[tuple[str, str, str], ...]:
    return (
        (gettext("Followers"), _count(reported.followers), _count(protected.followers if protected else None)),
        (gettext("Created"), _day(reported.created_at), _day(protected.created_at if protected else None)),
        (gettext("Posts"), _count(reported.posts), gettext(_NOT_KNOWN)),
    )


def _count(value: int | None) -> str:
    return gettext(_NOT_KNOWN) if value is None else number(value)


def _day(value: datetime | None) -> str:
    return gettext(_NOT_KNOWN) if value is None else dated(value, "%-d %B %Y")
