"""The registry: the protected accounts as one immutable collection with a version.

It answers one question by itself: is this reported account one of ours? By identity, never by resemblance:

1. Same platform and same ``account_id``, or same platform and same handle: without regard to case, compatibility forms
   (full-width letters), invisible characters, white space, a leading "@" or a trailing "/".
2. A handle that matches counts although the id differs: the registry may be out of date, and refusing is the safe side.
3. A reported account without a platform is compared on every platform.
4. A protected account comes before a declared secondary one, an id before a handle.
5. Former handles do not count: somebody else may have taken one since. That is what impersonators do.
6. On Mastodon an id counts within its server only, and a handle without its server, as the server itself reports its
   local accounts, is anybody's of that name.
"""

from __future__ import annotations

import csv
import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from classifier.accounts import Account, ProtectedAccount, canonical
from classifier.errors import FileFormatError, RegistryError
from classifier.files import atomic_path
from classifier.importers import ENDINGS, ImportReport, read_protected
from classifier.importers.values import join_list
from classifier.text import IGNORABLE

Kind = Literal["protected", "secondary"]
How = Literal["account_id", "handle"]

# The columns of a registry file, in the order of DESIGN.md.
COLUMNS = (
    "platform", "account_id", "handle", "display_name", "bio", "aliases", "roles", "former_handles", "links",
    "secondary_ids", "secondary_handles", "followers", "created_at", "verified", "avatar_pdq", "tier",
)  # fmt: skip
LIST_COLUMNS = frozenset(field.name for field in fields(ProtectedAccount) if field.default == ())

# In the order they are asked: rule 4.
_QUESTIONS: tuple[tuple[Kind, How], ...] = (
    ("protected", "account_id"),
    ("protected", "handle"),
    ("secondary", "account_id"),
    ("secondary", "handle"),
)
_Key = tuple[Kind, How, str, str]


@dataclass(frozen=True, slots=True)
class Identity:
    """A reported account that is a protected one, or a declared secondary account of its owner.

    Attributes
    ----------
    protected : ProtectedAccount
        The registered account; for a secondary one, its owner's.
    kind : {"protected", "secondary"}
    how : {"account_id", "handle"}
        By what it was recognised.
    """

    protected: ProtectedAccount
    kind: Kind
    how: How


class Registry:
    """The protected accounts, sorted by platform and handle; equal rows are one.

    Parameters
    ----------
    accounts : iterable of ProtectedAccount
        In any order.
    rows : sequence of int, optional
        The accounts' rows in a file, for messages; by default their places, from 1.

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

    __slots__ = ("_index", "_platforms", "accounts", "version")

    def __init__(self, accounts: Iterable[ProtectedAccount], *, rows: Sequence[int] | None = None) -> None:
        merged = _merged(list(accounts), rows)
        if not merged:
            raise RegistryError("the registry is empty: without protected accounts nothing can be checked")
        self.accounts: tuple[ProtectedAccount, ...] = tuple(sorted(merged, key=_order))
        self.version: str = _digest(self.accounts)
        self._platforms = tuple(dict.fromkeys(account.platform for account in self.accounts))
        self._index: dict[_Key, ProtectedAccount] = {}
        for account in self.accounts:
            for key in _keys(account):
                self._index.setdefault(key, account)

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, name):
            raise AttributeError("a registry cannot be changed: make a new one")
        super().__setattr__(name, value)

    def __len__(self) -> int:
        return len(self.accounts)

    def __iter__(self) -> Iterator[ProtectedAccount]:
        return iter(self.accounts)

    def __eq__(self, other: object) -> bool:
        return self.accounts == other.accounts if isinstance(other, Registry) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.version)

    def identify(self, account: Account) -> Identity | None:
        """Return which protected account this is, or belongs to; ``None`` where it is none of ours."""
        platforms = self._platforms if account.platform is None else (account.platform,)
        for kind, how in _QUESTIONS:
            for platform in platforms:
                for value in _asked(account, how, platform):
                    found = self._index.get((kind, how, platform, value)) if value else None
                    if found is not None:
                        return Identity(found, kind, how)
        return None

    @classmethod
    def load(cls, path: Path, now: datetime) -> tuple[Registry, ImportReport]:
        """Read a registry file.

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
        for imported in read_protected(path, now=now):
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


def identity_key(handle: str) -> str:
    r"""Return the handle as people copy it: see rule 1 above.

    Examples
    --------
    >>> identity_key("@Jane_Roe/") == identity_key("jane_roe\u200b")
    True
    """
    visible = (c for c in unicodedata.normalize("NFKC", handle) if c not in IGNORABLE and not c.isspace())
    return "".join(visible).strip("@/").casefold()


def _asked(account: Account, how: How, platform: str) -> tuple[str, ...]:
    handle = identity_key(account.handle)
    if how == "account_id":
        return (_id_key(account.account_id, platform, handle),)
    return (handle, f"{handle}@") if platform == "mastodon" and "@" not in handle else (handle,)


def _id_key(account_id: str | None, platform: str, handle: str) -> str:
    key = (account_id or "").strip()
    return f"{key}@{handle.partition('@')[2]}" if key and platform == "mastodon" else key


def _order(account: ProtectedAccount) -> tuple[str, str]:
    return account.platform, identity_key(account.handle)


def _digest(accounts: tuple[ProtectedAccount, ...]) -> str:
    text = json.dumps([canonical(account) for account in accounts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _keys(account: ProtectedAccount) -> Iterator[_Key]:
    platform, own = account.platform, identity_key(account.handle)
    yield "protected", "account_id", platform, _id_key(account.account_id, platform, own)
    for account_id in account.secondary_ids:
        yield "secondary", "account_id", platform, _id_key(account_id, platform, own)
    yield from (("protected", "handle", platform, key) for key in _handle_keys(own, platform))
    for handle in account.secondary_handles:
        yield from (("secondary", "handle", platform, key) for key in _handle_keys(identity_key(handle), platform))


def _handle_keys(handle: str, platform: str) -> tuple[str, ...]:
    """Return the keys under which a registered handle is found; "user@" is asked for by handles without a server."""
    user, at, _ = handle.partition("@")
    return (handle, f"{user}@") if at and platform == "mastodon" else (handle,)


def _merged(accounts: list[ProtectedAccount], rows: Sequence[int] | None) -> list[ProtectedAccount]:
    """Return the accounts, equal ones once; of two that differ only in the handle's case, the first in code order."""
    places = rows if rows is not None else range(1, len(accounts) + 1)
    kept: dict[tuple[str, str], ProtectedAccount] = {}
    owners: dict[tuple[str, str, str], tuple[int, ProtectedAccount]] = {}
    for place, account in zip(places, accounts, strict=True):
        for how, value in (
            ("handle", identity_key(account.handle)),
            ("account_id", _id_key(account.account_id, account.platform, identity_key(account.handle))),
        ):
            first, other = (
                owners.setdefault((how, account.platform, value), (place, account)) if value else (0, account)
            )
            if not _same(account, other):
                raise RegistryError(
                    f"the same {how} as row {first}, but another content: keep one", field=how, row=place
                )
        known = kept.setdefault(_order(account), account)
        kept[_order(account)] = min(known, account, key=lambda one: one.handle)
    return list(kept.values())


def _same(one: ProtectedAccount, other: ProtectedAccount) -> bool:
    return one is other or replace(one, handle=identity_key(one.handle)) == replace(
        other, handle=identity_key(other.handle)
    )


def _write_csv(rows: list[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {name: join_list(tuple(row[name])) for name in LIST_COLUMNS} for row in rows)


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
