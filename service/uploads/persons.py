"""Which uploads hold an account: what a person asks to be erased is to be removed from there too."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from service.uploads.jobs import Job, Jobs


class Named(NamedTuple):
    """What names an account: its platform, and its ids and handles as they were written, in small letters."""

    platform: str
    account_ids: frozenset[str]
    handles: frozenset[str]

    def is_in(self, row: dict[str, Any]) -> bool:
        """Tell whether a row of answers is of this account."""
        if str(row.get("platform") or "") not in {self.platform, ""}:
            return False
        return str(row.get("account_id") or "-") in self.account_ids or (
            str(row.get("handle") or "").casefold() in self.handles
        )


def uploads_with(jobs: Jobs, named: Named) -> tuple[list[Job], list[Job]]:
    """Return the uploads whose answers hold an account, and those of which that is not known before they are scored."""
    all_ = jobs.all()
    ended = [job for job in all_ if job.has_ended()]
    return [job for job in ended if _holds(job, named)], [job for job in all_ if job not in ended]


def _holds(job: Job, named: Named) -> bool:
    try:
        with (job.directory / "answers.jsonl").open(encoding="utf-8") as rows:
            return any(named.is_in(row) for row in _parsed(rows))
    except FileNotFoundError:  # it failed, or was removed meanwhile: nothing is left of it
        return False


def _parsed(rows: Iterable[str]) -> Iterable[dict[str, Any]]:
    return (json.loads(row) for row in rows if row.strip())
