"""Scoring one upload, in a process of its own that does nothing else.

The order comes as one line of JSON on standard input, which then stays open: when it closes, whoever gave the order is
gone, and so is this process. Nothing is printed: what goes wrong is written beside the upload, without text of
accounts.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from classifier.accounts.account import Account
from classifier.batch import Batch, Progress, score_files
from classifier.errors import DoublecheckError, InputError
from classifier.importers import import_account
from classifier.importers.read_rows import read_raw
from classifier.importers.readers.discover import find_inputs
from classifier.registry.demonstration import demonstration_registry
from classifier.scoring.policy import Policy
from classifier.utils.private_files import OWNER_ONLY
from service.uploads.jobs import Job, read_json, write_json
from service.uploads.row_file import write_rows
from service.uploads.spreadsheets import answers_of, write_sheets
from service.utils.traces import place

# Rows that are answered between two looks at how far it is: half a second's work.
BLOCK_ROWS = 250
# Seconds between two reports of how far it is.
REPORTED = 0.5
ANSWERS = "answers.jsonl"
SUMMARY = f"{ANSWERS}.summary.json"
CRASH = "crash.json"


@dataclass(frozen=True, slots=True)
class Order:
    """What to score, and with what.

    Attributes
    ----------
    directory : str
        The job's.
    home : str
    registry : str or None
        A file of protected accounts in place of the imported ones.
    demo : bool
        Whether to use the invented ones.
    policy : dict
        What differs from the default policy; times in seconds.
    rows : int
        How many the file may have.
    """

    directory: str
    home: str
    registry: str | None
    demo: bool
    policy: dict[str, Any]
    rows: int

    @classmethod
    def of(cls, job: Job, home: Path, registry: Path | None, policy: Policy, *, demo: bool, rows: int) -> Order:
        """Return the order to score a job."""
        given = str(registry.resolve()) if registry else None
        return cls(str(job.directory.resolve()), str(home.resolve()), given, demo, policy.plain(), rows)

    def batch(self, job: Job, **options: Any) -> Batch:
        """Return what to run; the job's directory is where the process is."""
        return Batch(
            inputs=[job.upload.name],
            output=ANSWERS,
            read_pictures=False,  # whoever sends a file must not name files of this machine
            home=Path(self.home),
            registry=_sample() if self.demo else Path(self.registry) if self.registry else None,
            policy=Policy.of(self.policy),
            format=job.format,
            platform=job.platform,
            workers=1,
            block_rows=BLOCK_ROWS,
            **options,
        )


def main() -> None:
    """Score the upload that standard input names; the exit status tells whether it has ended."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's affair, which stops this process
    order = Order(**json.loads(sys.stdin.buffer.readline()))
    threading.Thread(target=_outlive_nobody, daemon=True).start()
    os.umask(OWNER_ONLY)
    pa.set_cpu_count(1)
    os.chdir(order.directory)  # so that answers name the file and not where it was kept
    try:
        score(order)
    except Exception as error:
        write_json(Path(CRASH), {"what": _what(error)})
        sys.exit(1)


def score(order: Order) -> None:
    """Score the upload in the current directory; what is wrong with the file ends it as failed."""
    job = Job.load(Path())
    if job is None:
        return  # removed meanwhile
    watch = _Reporter()
    try:
        watch.expected = _count(job, order.rows)
        _score(lambda **options: order.batch(job, **options), watch)
    except InputError as error:
        job.end("failed", _advice(error, job), datetime.now(UTC))
        return
    write_sheets(Path(ANSWERS), Path())
    write_rows(answers_of(Path(ANSWERS)), _accounts(job), Path())
    digests = {"upload_sha256": _digest(job.upload), "answers_sha256": _digest(Path(ANSWERS))}
    job.end("done", "", datetime.now(UTC), **digests, **_facts(read_json(Path(SUMMARY))))


def _score(batch: Callable[..., Batch], watch: Callable[[Progress], object]) -> None:
    """Score, and go on where an interrupted run was; anew where that cannot be gone on with."""
    if Path(ANSWERS).exists() and Path(SUMMARY).exists():
        return  # interrupted after the last row
    began = Path(f".{ANSWERS}.doublecheck").exists()
    try:
        score_files(batch(resume=True), watch=watch)
    except DoublecheckError:  # begun by another version or policy, say, or damaged
        if not began:
            raise
        score_files(batch(restart=True), watch=watch)


def _count(job: Job, most: int) -> int:
    """Count the rows beforehand: that takes a hundredth of the time, and people see how long the rest will."""
    rows = 0
    for rows, _ in enumerate(read_raw(find_inputs([job.upload.name]), format=job.format), start=1):
        if rows > most:
            raise InputError(
                f"the file has more than {most:,} rows: upload it in parts, or let an operator run "
                "'doublecheck score', which takes any number"
            )
    return rows


def _accounts(job: Job) -> Iterator[Account | None]:
    """Yield what each row of the upload is read as, as when it was scored."""
    now = datetime.now(UTC)
    for _, raw, known in read_raw(find_inputs([job.upload.name]), format=job.format):
        if raw.values is None:
            yield None
        else:
            yield import_account(
                raw.values, known, row_number=raw.number, now=now, default_platform=job.platform
            ).account


class _Reporter:
    """Writes down how far it is, not more often than somebody looks."""

    def __init__(self) -> None:
        self.expected: int | None = None
        self._first: tuple[float, int] | None = None
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._first is None and progress.rows > progress.resumed:
            self._first = now, progress.rows  # the first block is slower: a model is loaded with it
        if now >= self._next or progress.rows == self.expected:
            self._next = now + REPORTED
            self._write(progress, now)

    def _write(self, progress: Progress, now: float) -> None:
        began, before = self._first or (now, 0)
        rate = (progress.rows - before) / (now - began) if now > began else None
        known = {"rows": progress.rows, "resumed": progress.resumed, "relations": progress.relations}
        write_json(Path("progress.json"), {**known, "expected": self.expected, "rate": rate})


def _sample() -> Path:
    """Return a file of the invented protected accounts, the same one when the job goes on."""
    path = Path("registry.parquet")
    if not path.exists():
        demonstration_registry().save(path)
    return path


def _advice(error: InputError, job: Job) -> str:
    """Return what is wrong with a file in words that fit a page: it has a list where the command has an option."""
    message = str(error).removeprefix(f"{job.upload.name}: ")
    return message.replace("give --format, one of", "choose the format in the list when you upload it:")


def _facts(summary: Mapping[str, Any]) -> dict[str, Any]:
    counts = {"rows": summary["rows"], "error": summary["rows"] - summary["answered"], **summary["verdicts"]}
    return {"counts": counts} | {name: summary[name] for name in ("model_id", "registry_version", "policy_version")}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _what(error: Exception) -> str:
    """Name an error. By the contract of ``DoublecheckError`` its message quotes no account; others' may."""
    if isinstance(error, DoublecheckError):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__} at {place(error)}"


def _stop(*_: object) -> NoReturn:
    """Stop: what is answered is kept, and the job goes on at the next start."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def _outlive_nobody() -> None:
    with suppress(OSError):
        os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)
