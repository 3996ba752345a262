"""Who took what away as a file: an entry of the log, before it is sent. It has a search's fields, never its words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from service.auth.api_keys import Caller
from service.decisions.recorded import Read
from service.records.tables import log, moment
from service.records.transaction import Answer, Transaction

KIND = "downloaded"
# What a file of several checks is about; of one check, its number.
HISTORY = "history"
LISTED = 20
# Who is told: not who asks or reviews, whom an auditor may be looking at.
READERS = frozenset({"admin", "auditor"})


class Download(NamedTuple):
    """A file of several checks: when and by whom, what it is called, and which fields were searched."""

    at: datetime
    actor: str
    file: str
    searched: tuple[str, ...]


def record(
    transaction: Transaction, subject: str, file: str, caller: Caller, searched: Iterable[str] | None = None
) -> Answer:
    """Record that somebody gets a file."""
    named = {} if searched is None else {"searched": sorted(searched)}
    transaction.log(KIND, subject, file=file, actor=caller.actor, key=caller.key_id, **named)
    return Answer("")


def of_histories(read: Read) -> list[Download]:
    """Return the latest files of several checks, the newest first."""
    rows = read(
        select(log.c.at, log.c.data)
        .where(log.c.subject == HISTORY, log.c.kind == KIND)
        .order_by(log.c.seq.desc())
        .limit(LISTED)
    )
    found = [(row.at, json.loads(row.data)) for row in rows]
    return [Download(moment(at), data["actor"], data["file"], tuple(data["searched"])) for at, data in found]
