"""The registry: the protected accounts as one immutable collection with a version.

It answers one question by itself: is this reported account one of ours? ``classifier.accounts.identity`` says by what.

A registry that differs in some accounts shares the rest with the one before it (``Registry.changed``), so that changing
one among a million costs a millisecond and whoever reads the old one is not disturbed.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from classifier.accounts.account import Account, ProtectedAccount, canonical
from classifier.accounts.identity import Identity, Key, id_key, identity_key, own_keys, questions
from classifier.errors import FileFormatError, RegistryError
from classifier.importers import ENDINGS, ImportReport, read_protected
from classifier.importers.spreadsheet_cells import handle_cell, list_cell, text_cell
from classifier.registry.recent import NOTHING, Recent
from classifier.registry.segments import Segment, record
from classifier.utils.atomic_files import atomic_path

# The columns of a registry file, in the order of DESIGN.md.
COLUMNS = (
    "platform", "account_id", "handle", "display_name", "bio", "aliases", "roles", "former_handles", "links",
    "secondary_ids", "secondary_handles", "followers", "created_at", "verified", "verification", "avatar_pdq", "tier",
)  # fmt: skip
# Accounts that a notebook shows.
_SHOWN = 5
LIST_COLUMNS = frozenset(field.name for field in fields(ProtectedAccount) if field.default == ())


class Registry:
    """The protected accounts, sorted by platform and handle; equal rows are one.

    Parameters
    ----------
    accounts : iterable of ProtectedAccount
        In any order.
    rows : sequence of int, optional
        The accounts' rows in a file, for messages; by default their places, from 1.

    Attributes
    ----------
    version : str
        SHA-256 of the accounts; after ``changed``, of the version before and the changes.
    segments : tuple of Segment
        Where the accounts are kept: what the registry began with, then what was added since.
    gone : tuple of ndarray of bool
        For each segment, which of its rows were withdrawn or replaced.
    recent : Recent
        What was added, changed and withdrawn lately, and when; no part of the version.

    Raises
    ------
    RegistryError
        If there are none, or two with the same platform and handle, or the same platform and id, differ.

    Examples
    --------
    >>> registry = Registry([ProtectedAccount(platform="x", handle="NorthwindJane", account_id="12")])
    >>> registry.identify(Account(platform="x", handle="@northwindjane", account_id="99")).how
    'handle'
    >>> registry.identify(Account(platform="x", handle="N0rthwindJane")) is None
    True
    """

    __slots__ = ("_live", "gone", "platforms", "recent", "segments", "version")

    segments: tuple[Segment, ...]
    gone: tuple[NDArray[np.bool_], ...]
    platforms: tuple[str, ...]
    version: str
    recent: Recent

    def __init__(self, accounts: Iterable[ProtectedAccount], *, rows: Sequence[int] | None = None) -> None:
        ordered = tuple(sorted(_merged(list(accounts), rows), key=_order))
        platforms = tuple(dict.fromkeys(account.platform for account in ordered))
        self._set((Segment.of(ordered),), (np.zeros(len(ordered), bool),), platforms, _digest(ordered))

    def _set(
        self,
        segments: tuple[Segment, ...],
        gone: tuple[NDArray[np.bool_], ...],
        platforms: tuple[str, ...],
        version: str,
        recent: Recent = NOTHING,
    ) -> None:
        self._live: Sequence[ProtectedAccount] | None = None
        if all(mask.all() for mask in gone):
            raise RegistryError("the registry is empty: without protected accounts nothing can be checked")
        self.segments, self.gone, self.platforms, self.version = segments, gone, platforms, version
        self.recent = recent

    @classmethod
    def restored(cls, segment: Segment, platforms: Sequence[str], version: str, recent: Recent = NOTHING) -> Registry:
        """Return the registry of a segment whose accounts were checked and sorted when it was made."""
        registry = cls.__new__(cls)
        registry._set((segment,), (np.zeros(len(segment.accounts), bool),), tuple(platforms), version, recent)
        return registry

    def remembering(self, recent: Recent) -> Registry:
        """Return the same registry, of the same version, with another past."""
        registry = Registry.__new__(Registry)
        registry._set(self.segments, self.gone, self.platforms, self.version, recent)
        return registry

    def __setattr__(self, name: str, value: object) -> None:
        if name != "_live" and hasattr(self, name):
            raise AttributeError("a registry cannot be changed: make a new one")
        super().__setattr__(name, value)

    def __deepcopy__(self, memo: object) -> Registry:
        """Return itself, which nothing changes: scikit-learn copies the parameters of every estimator it clones."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Say how another process makes it again, without the accounts that were unpacked here."""
        return _remade, (self.segments, self.gone, self.platforms, self.version, self.recent)

    def __repr__(self) -> str:
        platforms = ", ".join(self.platforms)
        return f"<Registry of {len(self):,} protected accounts on {platforms}, version {self.version[:12]}>"

    def _repr_html_(self) -> str:
        shown = [(one.platform, one.handle, one.display_name or "", one.tier) for one in self.accounts[:_SHOWN]]
        rows = [f"<tr>{''.join(f'<td>{escape(text)}</td>' for text in row)}</tr>" for row in shown]
        more = f"<p>and {len(self) - _SHOWN:,} more</p>" if len(self) > _SHOWN else ""
        return f"<p>{escape(repr(self)[1:-1])}</p><table>{''.join(rows)}</table>{more}"

    @property
    def accounts(self) -> Sequence[ProtectedAccount]:
        """The protected accounts, sorted by platform and handle."""
        if self._live is None:
            unchanged = len(self.segments) == 1 and not self.gone[0].any()
            self._live = self.segments[0].accounts if unchanged else tuple(sorted(self._kept(), key=_order))
        return self._live

    def _kept(self) -> Iterator[ProtectedAccount]:
        for segment, gone in zip(self.segments, self.gone, strict=True):
            yield from (segment.accounts[row] for row in np.flatnonzero(~gone).tolist())

    def __len__(self) -> int:
        return sum(len(gone) - int(gone.sum()) for gone in self.gone)

    def __iter__(self) -> Iterator[ProtectedAccount]:
        return iter(self.accounts)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Registry) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.version)

    def identify(self, account: Account) -> Identity | None:
        """Return which protected account this is, or belongs to; ``None`` where it is none of ours."""
        keys = list(questions(account, self.platforms))
        if not any(segment.may_hold(keys) for segment in self.segments):
            return None  # as for nearly every reported account
        for key in keys:
            owners = [self.segments[number].accounts[row] for number, row in self.places(key)]
            if owners:  # of several who declare the same secondary account, the first in order
                return Identity(min(owners, key=_order), key[0], key[1])
        return None

    def folded(self) -> Registry:
        """Return the same accounts as one segment, a registry of another version; itself if it is one already."""
        is_one = len(self.segments) == 1 and not self.gone[0].any()
        return self if is_one else Registry(self).remembering(self.recent)

    def unprotected_at(self, account: Account) -> datetime | None:
        """Return when this account, or whom it belongs to, was last withdrawn; ``None`` if it was not lately."""
        lost = self.recent.lost
        return lost.last(list(questions(account, self.platforms))) if lost.runs else None

    def changed(
        self,
        put: Iterable[ProtectedAccount] = (),
        withdraw: Iterable[tuple[str, str]] = (),
        at: datetime | None = None,
    ) -> Registry:
        """Return the registry after changes; this one stays as it is.

        Parameters
        ----------
        put : iterable of ProtectedAccount
            Accounts to add, or to put in the place of the one with the same id or the same handle.
        withdraw : iterable of (str, str)
            Platform and handle of accounts that are protected no longer; withdrawn before the others are put.
        at : datetime, optional
            When, aware; without it, it is not remembered as recent.

        Raises
        ------
        RegistryError
            If an account to withdraw is not registered, an account to put is two registered ones (the id of one, the
            handle of another), two to put contradict each other, or nothing would be left.
        """
        added, removed = list(put), list(withdraw)
        gone = [mask.copy() for mask in self.gone]
        for platform, handle in removed:
            rows = list(self.places(("protected", "handle", platform, identity_key(handle)), gone))
            if not rows:
                raise RegistryError(
                    "an account to withdraw is not registered; check its platform and handle", field="handle"
                )
            _mark(gone, rows)
        for row, account in enumerate(added, start=1):
            own = {place for key in own_keys(account) for place in self.places(key, gone)}
            if len(own) > 1:
                raise RegistryError(
                    "its id is one protected account's and its handle another's: withdraw one of them first",
                    field="handle",
                    row=row,
                )
            _mark(gone, own)
        new = _merged(added, None)
        recent = self.recent if at is None else self.recent.after(self._lost(gone), new, at)
        return self._with(new, removed, gone, recent)

    def _lost(self, gone: Sequence[NDArray[np.bool_]]) -> list[ProtectedAccount]:
        """Return the accounts that are ours and are in ``gone``."""
        places = zip(self.segments, self.gone, gone, strict=True)
        return [segment.accounts[row] for segment, own, now in places for row in np.flatnonzero(now & ~own).tolist()]

    def places(self, key: Key, gone: Sequence[NDArray[np.bool_]] | None = None) -> Iterator[tuple[int, int]]:
        """Yield segment and row of the accounts that have ``key``, leaving out those in ``gone``, by default ours."""
        for number, (segment, left_out) in enumerate(zip(self.segments, gone or self.gone, strict=True)):
            yield from ((number, row) for row in segment.find(key) if not left_out[row])

    def _with(
        self,
        added: list[ProtectedAccount],
        removed: list[tuple[str, str]],
        gone: list[NDArray[np.bool_]],
        recent: Recent,
    ) -> Registry:
        segments, ordered = list(self.segments), sorted(added, key=_order)
        # As in a log-structured merge tree: what is added joins the segment before it until that is far larger, so that
        # n changes make some log n segments and move an account some log n times. The first segment is never touched.
        while ordered and len(segments) > 1 and len(segments[-1].accounts) <= 2 * len(ordered):
            last, last_gone = segments.pop(), gone.pop()
            ordered = sorted(
                [*ordered, *(last.accounts[row] for row in np.flatnonzero(~last_gone).tolist())], key=_order
            )
        if ordered:
            segments.append(Segment.of(tuple(ordered)))
            gone.append(np.zeros(len(ordered), bool))
        platforms = tuple(sorted({*self.platforms, *(account.platform for account in added)}))
        registry = Registry.__new__(Registry)
        registry._set(tuple(segments), tuple(gone), platforms, _next_version(self.version, added, removed), recent)
        return registry

    @classmethod
    def load(
        cls, path: Path, now: datetime, *, platform: str | None = None, pictures: Path | None = None
    ) -> tuple[Registry, ImportReport]:
        """Read a registry file; ``pictures`` as in ``read_protected``.

        Parameters
        ----------
        platform : str, optional
            For rows that name none.

        Returns
        -------
        registry : Registry
        report : ImportReport
            A rejected row in it is an account left without protection: whoever loads a registry must look.

        Raises
        ------
        FileFormatError
            If nothing can be read.
        RegistryError
            As the class does.
        """
        report = ImportReport()
        accounts, rows = [], []
        for imported in read_protected(path, now=now, default_platform=platform, pictures=pictures):
            report.add(imported)
            if imported.account is not None:
                accounts.append(imported.account)
                rows.append(imported.row)
        if not accounts:
            raise RegistryError(f"{path.name}: not one row can be used; {'; '.join(report.lines())}")
        registry = cls(accounts, rows=rows)
        report.merged = len(accounts) - len(registry)
        return registry, report

    def to_rows(self) -> list[dict[str, Any]]:
        """Return the accounts as rows of plain JSON values, every column in each; lists as lists."""
        empty: dict[str, Any] = {name: [] if name in LIST_COLUMNS else None for name in COLUMNS}
        return [empty | canonical(account) for account in self.accounts]

    def save(self, path: Path) -> None:
        """Write a file that ``load`` reads back to an equal registry; the ending tells the format.

        The file appears whole or not at all. Equal means for accounts as the importers make them: text that they
        would clean does not come back as it was.

        Raises
        ------
        FileFormatError
            If the ending is none of ours.
        """
        writer = _WRITERS.get(path.suffix.lower())
        if writer is None:
            raise FileFormatError(f"{path.name}: unknown ending, use one of {', '.join(ENDINGS)}")
        with atomic_path(path) as temporary:
            writer(self.to_rows(), temporary)


def _remade(*parts: Any) -> Registry:
    """Return the registry of parts that a pickle holds."""
    registry = Registry.__new__(Registry)
    registry._set(*parts)
    return registry


def _order(account: ProtectedAccount) -> tuple[str, str]:
    return account.platform, identity_key(account.handle)


def _digest(accounts: Iterable[ProtectedAccount]) -> str:
    hasher = hashlib.sha256()
    for account in accounts:
        hasher.update(record(account) + b"\n")
    return hasher.hexdigest()


def _next_version(version: str, added: Iterable[ProtectedAccount], removed: Iterable[tuple[str, str]]) -> str:
    lines = [version.encode(), *(json.dumps(["withdraw", *key]).encode() for key in removed), *map(record, added)]
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def _mark(gone: Sequence[NDArray[np.bool_]], places: Iterable[tuple[int, int]]) -> None:
    for number, row in places:
        gone[number][row] = True


def _merged(accounts: list[ProtectedAccount], rows: Sequence[int] | None) -> list[ProtectedAccount]:
    """Return the accounts, equal ones once; of two that differ only in the handle's case, the first in code order."""
    places = rows if rows is not None else range(1, len(accounts) + 1)
    kept: dict[tuple[str, str], ProtectedAccount] = {}
    owners: dict[tuple[str, str, str], tuple[int, ProtectedAccount]] = {}
    for place, account in zip(places, accounts, strict=True):
        for how, value in (
            ("handle", identity_key(account.handle)),
            ("account_id", id_key(account.account_id, account.platform, identity_key(account.handle))),
        ):
            first, other = (
                owners.setdefault((how, account.platform, value), (place, account)) if value else (0, account)
            )
            if not _same(account, other):
                raise RegistryError(
                    f"the same {how} as row {first}, but another content: keep one", field=how, row=place
                )
        known = kept.setdefault(_order(account), account)
        kept[_order(account)] = min(known, account, key=lambda candidate: candidate.handle)
    return list(kept.values())


def _same(one: ProtectedAccount, other: ProtectedAccount) -> bool:
    return one is other or replace(one, handle=identity_key(one.handle)) == replace(
        other, handle=identity_key(other.handle)
    )


def _write_csv(rows: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(map(_cells, rows))


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as cells that a spreadsheet program opens and saves without changing them, but for long ids."""
    texts = {name: text_cell(row[name]) for name in ("display_name", "bio") if row[name] is not None}
    lists = {name: list_cell(tuple(row[name])) for name in LIST_COLUMNS}
    return row | texts | lists | {"handle": handle_cell(row["handle"], row["platform"])}


def _write_jsonl(rows: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_parquet(rows: list[dict[str, Any]], path: Path) -> None:
    special = {"followers": pa.int64(), "verified": pa.bool_()}
    kinds = {name: pa.list_(pa.string()) if name in LIST_COLUMNS else pa.string() for name in COLUMNS} | special
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(kinds.items())), path)


_WRITERS: dict[str, Callable[[list[dict[str, Any]], Path], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".ndjson": _write_jsonl,
    ".parquet": _write_parquet,
}
