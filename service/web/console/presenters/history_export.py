"""The history as files: a line a check, as CSV that no spreadsheet takes for formulas, or as JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from service.decisions.case_file import Step
from service.decisions.recorded import Decision
from service.texts.wording import in_english
from service.uploads.spreadsheets import cell
from service.web.console.presenters.standing import standing

COLUMNS = (
    "check_id", "checked_at", "action", "actor", "caller", "platform", "account_id", "handle", "relation",
    "target_platform", "target_handle", "impersonation_probability", "verdict", "reasons", "stands", "approved_by",
    "declined_by", "erased",
)  # fmt: skip
_Row = Mapping[str, Any]


class Writer(NamedTuple):
    """How a file is written: what it begins with, and lines of it."""

    media_type: str
    head: Callable[[], bytes]
    lines: Callable[[Iterable[_Row]], bytes]


def exported(decision: Decision, steps: list[Step], too_old: datetime) -> dict[str, Any]:
    """Return a check as a line of a file has it.

    Parameters
    ----------
    too_old : datetime
        What was checked by then cannot be approved or cleared any more.
    """
    row, answer, target = decision.row, decision.answer, decision.record["target"] or {}
    answers = [step.data for step in steps if step.kind == "approval"]
    return {
        "check_id": row.id,
        "checked_at": row.at,
        "action": row.action,
        "actor": row.actor,
        "caller": row.caller,
        "platform": row.platform,
        "account_id": row.account_id,
        "handle": decision.written_handle,
        "relation": answer["relation"],
        "target_platform": target.get("platform"),
        "target_handle": target.get("handle"),
        "impersonation_probability": answer["impersonation_probability"],
        "verdict": row.verdict,
        "reasons": [reason["code"] for reason in answer["reasons"]],
        "stands": _stands(decision, steps, too_old),
        "approved_by": [given["actor"] for given in answers if given["answer"] == "approve"],
        "declined_by": [given["actor"] for given in answers if given["answer"] == "decline"],
        "erased": decision.is_erased,
    }


def _stands(decision: Decision, steps: list[Step], too_old: datetime) -> str:
    with in_english():  # a file says the same to whoever reads it
        return standing(decision.row.verdict, steps, is_late=decision.at <= too_old).text


def _csv_head() -> bytes:
    return b"\xef\xbb\xbf" + _csv([dict(zip(COLUMNS, COLUMNS, strict=True))])  # so that spreadsheets read UTF-8


def _csv(rows: Iterable[_Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([cell(row[name]) for name in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _json_lines(rows: Iterable[_Row]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8", "replace")


WRITERS: Mapping[str, Writer] = {
    "checks.csv": Writer("text/csv; charset=utf-8", _csv_head, _csv),
    "checks.jsonl": Writer("application/x-ndjson", bytes, _json_lines),
}
