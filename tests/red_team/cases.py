"""Genuine accounts with whom they surround, read from files or invented (``people``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.accounts.account import Account, ProtectedAccount
from tests.development_sets.cases import protected, read_registry, reported, rows
from tests.development_sets.completed import registered


@dataclass(frozen=True, slots=True)
class Genuine:
    """A genuine account that must not be cleared, and its kind in words."""

    account: Account
    kind: str


@dataclass(frozen=True, slots=True)
class Surrounding:
    """Genuine accounts and the protected ones that they are near, of which ids and standing are known."""

    registry: Sequence[ProtectedAccount]
    cases: Sequence[Genuine]


def read(path: Path) -> Iterator[Surrounding]:
    """Read a file of genuine accounts, or every ``genuine*.jsonl`` of a directory.

    A row is an account, and ``registry.jsonl`` beside it has the protected ones. Or it has both sides, as ``reported``
    and ``registry``: then it is asked about alone.
    """
    if path.is_dir():
        for file in sorted(path.glob("genuine*.jsonl")):
            yield from read(file)
        return
    shared: list[Genuine] = []
    for row in rows(path):
        kind = str(row.get("kind") or path.stem)
        if "registry" in row:
            yield Surrounding([registered(protected(row["registry"]))], [Genuine(reported(row["reported"]), kind)])
        else:
            shared.append(Genuine(reported(row), kind))
    if shared:
        yield Surrounding([*map(registered, read_registry(path.with_name("registry.jsonl")))], shared)
