"""What each change of the registry did to which account: recorded when it is in force, and read as a history.

The log's own entries name no account. These rows do: the log vouches for them, so that a history can be trusted.
Changes that an operator makes on the machine, with ``doublecheck registry``, are in the log without their accounts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from classifier.accounts.account import ProtectedAccount, canonical, protected_from
from classifier.accounts.identity import Key, identity_key, own_keys
from classifier.utils.canonical_json import sha256
from service.auth.api_keys import Caller
from service.decisions import registry_changes
from service.decisions.recorded import Read
from service.decisions.registry_changes import Waiting
from service.decisions.registry_preview import Pair, changed_fields, does
from service.limits import Rules
from service.records.tables import moment, registry_edited, registry_edits
from service.records.transaction import Transaction
from service.schemas.registry import ChangedField

# Edits of an account that a page shows, the newest; names that an account had are followed so often.
SHOWN, RENAMED = 100, 3


@dataclass(frozen=True, slots=True)
class Edit:
    """Something that was done to an account, or that somebody asked for.

    Attributes
    ----------
    does : {"add", "replace", "withdraw"}
    state : str
        As of a change that waits for a second admin; what took one admin is "applied".
    who : str
        Who asked for it.
    second : str
        Who approved or declined it; empty where nobody has, or one admin was enough.
    change : str
        The id of the change that took a second admin; empty where one was enough.
    fields : tuple of ChangedField
        The columns that it changed.
    """

    at: datetime
    does: str
    state: str
    who: str
    second: str
    change: str
    fields: tuple[ChangedField, ...]


def record(transaction: Transaction, pairs: Sequence[Pair], caller: Caller, change: str | None) -> None:
    """Write down what a change did that is in force now."""
    plain = [[account and canonical(account) for account in pair] for pair in pairs]
    row = {"at": transaction.stamp, "actor": caller.actor, "key_id": caller.key_id, "change": change}
    row |= {"record": json.dumps(plain, separators=(",", ":"))}
    entry = transaction.record(registry_edits, "registry_edited", "registry", row, actor=caller.actor)
    for digest in sorted({_digest(key) for pair in pairs for account in pair if account for key in own_keys(account)}):
        transaction.add(registry_edited, account=digest, edit=entry.seq)


def history(
    read: Read, platform: str, handle: str, account: ProtectedAccount | None, *, now: datetime, rules: Rules
) -> list[Edit]:
    """Return what was done to an account, and what was asked for, the newest first."""
    known: set[Key] = {("protected", "handle", platform, identity_key(handle))}
    known.update(own_keys(account) if account else ())
    edits: dict[int, tuple[Row[Any], list[Pair]]] = {}
    for _ in range(RENAMED):
        edits = {row.seq: (row, _about(row, known)) for row in _rows(read, known)}
        found = {key for _, pairs in edits.values() for pair in pairs for one in pair if one for key in own_keys(one)}
        if found <= known:
            break
        known |= found
    waiting = {one.row.id: one for one in registry_changes.about(read, known, now=now, rules=rules)}
    askers = registry_changes.askers(read, {row.change for row, _ in edits.values() if row.change})
    done = [_edit(row, pair, askers.get(row.change, "")) for row, pairs in edits.values() for pair in pairs]
    logged = {edit.change for edit in done}
    done += [_asked(one, pair) for one in waiting.values() if one.row.id not in logged for pair in one.preview.pairs]
    return sorted(done, key=lambda edit: edit.at, reverse=True)[:SHOWN]


def _rows(read: Read, known: Iterable[Key]) -> Sequence[Row[Any]]:
    found = select(registry_edited.c.edit).where(registry_edited.c.account.in_([_digest(key) for key in known]))
    query = select(registry_edits).where(registry_edits.c.seq.in_(found))
    return read(query.order_by(registry_edits.c.seq.desc()).limit(SHOWN))


def _about(row: Row[Any], known: set[Key]) -> list[Pair]:
    """Return what an edit did to accounts that have one of these keys; it may have been about many."""
    return [pair for pair in _pairs(row.record) if any(known & set(own_keys(one)) for one in pair if one)]


def _pairs(text: str) -> Iterator[Pair]:
    for before, after in json.loads(text):
        yield before and protected_from(before), after and protected_from(after)


def _digest(key: Key) -> str:
    return sha256("\0".join(key).encode("utf-8", "surrogatepass"))


def _edit(row: Row[Any], pair: Pair, asker: str) -> Edit:
    who, second = (asker, row.actor) if asker else (row.actor, "")
    return Edit(moment(row.at), does(pair), "applied", who, second, row.change or "", changed_fields(pair))


def _asked(waiting: Waiting, pair: Pair) -> Edit:
    last = waiting.answers[-1] if waiting.answers else None
    at = moment(last.at if last else waiting.row.at)
    second = last.actor if last else ""
    return Edit(at, does(pair), waiting.state, waiting.row.actor, second, waiting.row.id, changed_fields(pair))
