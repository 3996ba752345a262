"""A development set: its cases, whom they surround, and how its files are read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.importers.import_account import import_account, import_protected

# When what says nothing of it was seen: a fixed day, so that figures of two days can be compared.
SEEN = datetime(2026, 6, 1, tzinfo=UTC)
ATTACKS = frozenset({"impersonation"})
PARODIES = frozenset({"parody_or_fan", "parody_or_supporter"})
GENUINE = frozenset({"genuine", "unrelated", "ordinary", "coincidence"})

_Key = tuple[str, str]
_STAND_IN = "standin"


@dataclass(frozen=True, slots=True)
class Case:
    """A reported account, what it truly is, and the handle of the account that this is about, if it is about one.

    Cases of one ``group`` (a target, a family) are not independent of each other.
    """

    account: Account
    label: str
    kind: str
    group: str
    target: str | None = None


@dataclass(frozen=True)
class DevelopmentSet:
    """Cases that are asked of one registry.

    Attributes
    ----------
    registry : sequence of ProtectedAccount
        The set's own protected accounts; where it has none, the public ones stand alone.
    alone : bool
        Whether the own accounts are all that is ever protected, whatever the caller asks for.
    pooled : bool
        Whether figures over all sets count it. Those that are made of names or handles are no accounts that anybody
        reports, and those that were gathered because a former model was wrong about them would count its mistakes only.
    also_withdrawn : sequence of Account
        Accounts beside the cases that the public registry must not hold.
    """

    name: str
    cases: Sequence[Case]
    registry: Sequence[ProtectedAccount] = ()
    alone: bool = False
    pooled: bool = True
    also_withdrawn: Sequence[Account] = ()

    def strangers(self) -> set[_Key]:
        """Return which accounts must not be registered: those that are reported, unless the set itself protects them.

        A suspended account or a department's second account that a list of public handles happens to hold would be
        answered by its identity, and the model would not be asked.
        """
        reported = (*(case.account for case in self.cases), *self.also_withdrawn)
        return {key_of(one) for one in reported} - {key_of(one) for one in self.registry}


def key_of(account: Account | ProtectedAccount) -> _Key:
    """Return platform and handle as they are compared."""
    return account.platform or "", identity_key(account.handle)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def reported(row: Mapping[str, Any]) -> Account:
    """Read one reported account.

    Raises
    ------
    SystemExit
        If it cannot be read: figures over a part would mislead.
    """
    found = import_account(row, "doublecheck", now=SEEN.replace(year=SEEN.year + 1))
    if found.account is None:
        raise SystemExit(f"a row of a development set cannot be read: {found.error}")
    return found.account


def protected(row: Mapping[str, Any]) -> ProtectedAccount:
    """Read one protected account, or exit as ``reported`` does.

    Where no handle was told, a set has a name in its place: it stays as it is, also where no handle can look so.
    An id that is none is missing.
    """
    now = SEEN.replace(year=SEEN.year + 1)
    found = import_protected(row, now=now)
    if found.error is not None and found.error.field == "account_id":
        return protected({name: value for name, value in row.items() if name != "account_id"})
    if found.error is not None and found.error.field == "handle":
        found = import_protected({**row, "handle": _STAND_IN}, now=now)
        if found.account is not None:
            return replace(found.account, handle=str(row["handle"]))
    if found.account is None:
        raise SystemExit(f"a row of a development set's registry cannot be read: {found.error}")
    return found.account


def read_registry(path: Path) -> list[ProtectedAccount]:
    """Read a set's registry, of equal handles the first."""
    return distinct(map(protected, rows(path)))


def distinct(accounts: Iterable[ProtectedAccount]) -> list[ProtectedAccount]:
    """Return the accounts, of equal platform and handle the first."""
    found: dict[_Key, ProtectedAccount] = {}
    for one in accounts:
        found.setdefault(key_of(one), one)
    return list(found.values())


def read_cases(path: Path, *, kinds: bool = False) -> list[Case]:
    """Read a set's cases; what a case is grouped by is its target, and itself where it has none.

    Parameters
    ----------
    kinds : bool
        Whether the set's column "kind" is told apart, and grouped by; otherwise it is how much of the profile is known.
    """
    return [_case(number, row, kinds) for number, row in enumerate(rows(path))]


def _case(number: int, row: Mapping[str, Any], kinds: bool) -> Case:
    account, target = reported(row), row.get("target_handle") or None
    kind = str(row["kind"]) if kinds else extent(account)
    group = kind if kinds else (target or f"case {number}").casefold()
    return Case(account, row["label"], kind, group, target)


def extent(account: Account) -> str:
    """Return how much of a profile is known.

    Examples
    --------
    >>> extent(Account(handle="northwind")), extent(Account(handle="northwind", display_name="Northwind"))
    ('handle alone', 'with a name')
    """
    if account.bio is not None or account.followers is not None:
        return "profile"
    return "handle alone" if account.display_name is None else "with a name"


def independent(accounts: Iterable[Account], label: str, kind: str | None = None) -> list[Case]:
    """Return cases that are about no target and independent of each other."""
    return [Case(account, label, kind or extent(account), f"case {n}") for n, account in enumerate(accounts)]


def hidden_badge(account: Account) -> Account:
    """Return the account as if the platform did not vouch for it."""
    return replace(account, verified=False, verification=None)
