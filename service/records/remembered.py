"""What is remembered of accounts: which warnings are about the account that somebody asks for.

A warning is about an account if both have the same id, or the same handle, on the same platform.

1. A platform that is not given may be any.
2. Ids and handles are compared as identity compares them (``classifier.accounts.identity``): on Mastodon an id counts
   within its server, and a handle of which nothing says the server is anybody's of that name.
3. What is missing is no match (R8): neither two accounts without an id, nor two that only have one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Row, Select, bindparam, or_, select

from classifier.accounts.account import Account
from classifier.accounts.canonical.handles import is_unnamed
from classifier.accounts.identity import id_key, identity_key
from service.records.tables import warnings


class Subject(NamedTuple):
    """Whom a warning is about; what is empty is not known.

    Attributes
    ----------
    account_id, handle : str
        As identity compares them.
    """

    platform: str
    account_id: str
    handle: str

    @property
    def name(self) -> str:
        """The handle without its server."""
        return self.handle.partition("@")[0]

    @property
    def spellings(self) -> list[str]:
        """The handle with its server and without."""
        return sorted({self.handle, self.name} - {""})

    def matches(self, other: Subject) -> bool:
        """Tell whether both may be the same account.

        Examples
        --------
        >>> Subject("x", "17", "jane").matches(Subject("x", "17", "roe"))
        True
        >>> Subject("x", "", "jane").matches(Subject("bluesky", "", "jane"))
        False
        """
        if self.platform != other.platform and self.platform and other.platform:
            return False
        if self.account_id and self.account_id == other.account_id:
            return True
        if not self.name or self.name != other.name:
            return False
        return self.handle == other.handle or self.name in (self.handle, other.handle)


def subject_of(account: Account) -> Subject:
    """Return whom a warning about an account is about.

    Examples
    --------
    >>> subject_of(Account(handle="@Jane_Roe", platform="x", account_id="17"))
    Subject(platform='x', account_id='17', handle='jane_roe')
    """
    platform, handle = account.platform or "", identity_key(account.handle)
    return Subject(platform, id_key(account.account_id, platform, handle), "" if is_unnamed(account.handle) else handle)


def about(row: Row[Any]) -> Subject:
    """Return whom a row of ``warnings`` is about."""
    return Subject(row.platform, row.account_id, row.handle)


def recorded_subject(row: Row[Any]) -> Subject:
    """Return whom a row of ``decisions`` is about: ids stand there as the platform gives them."""
    handle = "" if is_unnamed(row.handle) else row.handle
    return Subject(row.platform, id_key(row.account_id, row.platform, row.handle), handle)


def asked_of(subjects: Iterable[Subject]) -> dict[str, list[str]]:
    """Return the values of ``WARNINGS`` that find what may be about some accounts."""
    asked = list(subjects)
    ids = {subject.account_id for subject in asked} - {""}
    names = {subject.name for subject in asked} - {""}
    return {"ids": sorted(ids), "names": sorted(names)}


def sorted_by_account(rows: Iterable[Row[Any]], subjects: Iterable[Subject]) -> dict[Subject, list[Row[Any]]]:
    """Return, for each account, the warnings about it, in the order of the log."""
    found: defaultdict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found["id", row.account_id].append(row)
        found["name", row.name].append(row)

    def of(subject: Subject) -> list[Row[Any]]:
        near = (*found.get(("id", subject.account_id), ()), *found.get(("name", subject.name), ()))
        same = {row.seq: row for row in near if subject.matches(about(row))}
        return [same[seq] for seq in sorted(same)]

    return {subject: of(subject) for subject in subjects}


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
# Two indexes answer it. Made once: making a statement takes longer than running it.
WARNINGS: Select[Any] = (
    select(warnings).where(or_(warnings.c.account_id.in_(_IDS), warnings.c.name.in_(_NAMES))).order_by(warnings.c.seq)
)
