"""Jobs: what was uploaded, by whom, and how far it is. One directory each, below ``uploads`` of the home directory.

Layout of ``<id>/``, readable by its owner only; each file is there whole or not at all::

    job.json             who uploaded what, and when
    upload.csv           the file itself, under its ending; gone when the job has ended
    attempts.json        how often scoring it was begun since it last got further
    progress.json        how far scoring is
    answers.jsonl, .csv  the answers, for programs and for a spreadsheet
    rows.parquet         the answers with the accounts as they were read, for pages
    answers.jsonl.summary.json, attention.json    what they came to, and what to look at first
    ended.json           whether it is done or has failed, and why
    entry.json           where the log has it; only with it the answers are shown
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal
from uuid import UUID, uuid4

from classifier.errors import FileFormatError
from classifier.importers.readers.source import CHOICES, told_by_ending
from classifier.utils.atomic_files import atomic_path
from classifier.utils.private_files import make_private_directory, make_private_file
from service.auth.api_keys import Caller
from service.errors import UnknownUploadError, UploadLimitError

StateName = Literal["waiting", "running", "done", "failed"]
# May see what others uploaded; only who uploaded a file may remove it.
SEES_ALL = frozenset({"admin", "auditor"})
# Jobs one person may have: each may take a gigabyte until it is forgotten.
MOST_KEPT, MOST_WAITING = 20, 5
_NAME_LENGTH = 100
_JOB, _ENDED, _ENTRY, _PROGRESS, _TURN = "job.json", "ended.json", "entry.json", "progress.json", "turn"
# What scoring needs and nobody reads afterwards.
_SPENT = ("upload.*", "registry.parquet", "attempts.json")


@dataclass(frozen=True, slots=True)
class Job:
    """One uploaded file.

    Attributes
    ----------
    directory : Path
    actor, key : str
        Who uploaded it, and the id of the API key that this person had signed in with.
    name : str
        What the file was called, for people: printable characters only, and never part of a path.
    ending : str
        Which tells the kind of file and how it is packed, ".csv.gz".
    size : int
        In bytes.
    format, platform : str or None
        As in ``classifier.batch.Batch``.
    """

    directory: Path
    actor: str
    key: str
    name: str
    ending: str
    size: int
    at: datetime
    format: str | None = None
    platform: str | None = None

    @classmethod
    def load(cls, directory: Path) -> Job | None:
        """Return the job in a directory, ``None`` if there is none."""
        known = read_json(directory / _JOB)
        if known is None:
            return None
        return cls(**known | {"directory": directory, "at": datetime.fromisoformat(known["at"])})

    @property
    def id(self) -> str:
        """What it is called in addresses and in the log."""
        return self.directory.name

    @property
    def upload(self) -> Path:
        """Where the uploaded file is."""
        return self.directory / f"upload{self.ending}"

    def exists(self) -> bool:
        """Tell whether nobody has removed it."""
        return (self.directory / _JOB).exists()

    def has_ended(self) -> bool:
        """Tell whether there is nothing left to score."""
        return (self.directory / _ENDED).exists()

    def read(self, name: str) -> Any:
        """Return the content of one of its JSON files, ``None`` if that is not there."""
        return read_json(self.directory / name)

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Write one of its JSON files."""
        write_json(self.directory / name, content)

    def end(self, state: Literal["done", "failed"], message: str, at: datetime, **facts: Any) -> None:
        """Say how it ended, and forget what only scoring needed."""
        self.write(_ENDED, {"state": state, "message": message, "at": at.isoformat(), **facts})
        for pattern in _SPENT:
            for path in self.directory.glob(pattern):
                path.unlink(missing_ok=True)
        for journal in self.directory.glob(".*.doublecheck"):
            shutil.rmtree(journal, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class State:
    """How far a job is.

    Attributes
    ----------
    progress : dict
        As ``scoring`` writes it; empty before it has begun.
    message : str
        Why it failed and what to do, when it has.
    entry : dict or None
        Number and hash of the log's entry about it.
    """

    name: StateName
    progress: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    entry: dict[str, Any] | None = None


class Jobs:
    """The jobs of a home.

    Parameters
    ----------
    home : Path
    """

    def __init__(self, home: Path) -> None:
        self.directory = home / "uploads"

    def open(self) -> Path:
        """Return the directory of all jobs, made if it is not there: nobody else may read it."""
        make_private_directory(self.directory)
        return self.directory

    # --- what people do ----------------------------------------------------------------------------------------------

    def add(
        self,
        file: IO[bytes],
        name: str,
        caller: Caller,
        *,
        at: datetime,
        format: str | None = None,  # noqa: A002 - the option's name everywhere else
        platform: str | None = None,
    ) -> Job:
        """Take a file.

        Raises
        ------
        FileFormatError
            If its name does not tell what it is, or nothing is in it.
        UploadLimitError
            If this person has too many.
        """
        ending = ending_of(name)
        self._require_room(caller)
        new = self.open() / f"new-{uuid4()}"
        new.mkdir(mode=0o700)
        try:
            size = copy_upload(file, new / f"upload{ending}")
            kept = Job(new, caller.actor, caller.key_id, shown_name(name), ending, size, at, format, platform)
            kept.write(_JOB, {**asdict(kept), "directory": None, "at": at.isoformat()})
            placed = new.rename(self.directory / str(uuid4()))
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        return replace(kept, directory=placed)

    def of(self, caller: Caller) -> list[Job]:
        """Return the jobs that somebody may see, the newest first."""
        return [job for job in reversed(self.all()) if may_see(job, caller)]

    def find(self, job_id: str, caller: Caller) -> Job:
        """Return a job.

        Raises
        ------
        UnknownUploadError
            If there is none, or none for this person: that is the same answer.
        """
        job = self._read(job_id)
        if job is None or not may_see(job, caller):
            raise UnknownUploadError("there is no such upload: it was removed, or it was not yours")
        return job

    def remove(self, job: Job) -> None:
        """Remove a job and all that came of it; one that is being scored is stopped by its runner."""
        gone = self.directory / f"removed-{uuid4()}"
        with suppress(FileNotFoundError):  # somebody was faster
            job.directory.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)

    # --- what the service does ---------------------------------------------------------------------------------------

    def all(self) -> list[Job]:
        """Return all jobs, the oldest first."""
        found = (self._read(path.name) for path in self._entries())
        return sorted((job for job in found if job is not None), key=lambda job: (job.at, job.id))

    def state(self, job: Job) -> State:
        """Return how far a job is. It is done when the log has it, not before."""
        progress, ended, entry = job.read(_PROGRESS) or {}, job.read(_ENDED), job.read(_ENTRY)
        if ended and ended["state"] == "failed":
            return State("failed", progress, ended["message"])
        if ended and entry:
            return State("done", progress, entry=entry)
        return State("running" if ended or self.turn() == job.id else "waiting", progress)

    def turn(self) -> str:
        """Return the id of the job that is being scored; empty if none is."""
        try:
            return (self.directory / _TURN).read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def take_turn(self, job_id: str) -> None:
        """Say which job is being scored."""
        with atomic_path(self.directory / _TURN) as path:
            path.write_text(job_id, encoding="ascii")

    def forget(self, before: datetime, *, but: str = "") -> None:
        """Remove the jobs that were uploaded before a time, but for one, and what an interruption left half done."""
        for job in self.all():
            if job.at < before and job.id != but:
                self.remove(job)
        for path in self._entries():
            if path.name.startswith(("new-", "removed-")) and _changed(path) < before.timestamp():
                shutil.rmtree(path, ignore_errors=True)

    # --- how -----------------------------------------------------------------------------------------------------

    def _entries(self) -> Iterator[Path]:
        with suppress(FileNotFoundError):
            yield from self.directory.iterdir()

    def _read(self, job_id: str) -> Job | None:
        try:
            if str(UUID(job_id)) != job_id:
                return None
        except ValueError:
            return None
        return Job.load(self.directory / job_id)

    def _require_room(self, caller: Caller) -> None:
        own = [job for job in self.all() if caller.is_called(job.actor)]
        if sum(not job.has_ended() for job in own) >= MOST_WAITING:
            raise UploadLimitError(f"{MOST_WAITING} of your files are waiting: wait until one is done, or remove one")
        if len(own) >= MOST_KEPT:
            raise UploadLimitError(f"{MOST_KEPT} of your files are kept: remove one that you do not need")


def may_see(job: Job, caller: Caller) -> bool:
    """Tell whether somebody may see a job: who uploaded it, and who oversees."""
    return may_remove(job, caller) or bool(caller.roles & SEES_ALL)


def may_remove(job: Job, caller: Caller) -> bool:
    """Tell whether somebody may remove a job: who uploaded it."""
    return caller.is_called(job.actor)


def shown_name(name: str) -> str:
    r"""Return a file's name as it is shown: no path, nothing invisible, and not long.

    Examples
    --------
    >>> shown_name("C:\\reports\\may\u202e.csv"), shown_name("../../x.csv"), shown_name("\x00")
    ('may.csv', 'x.csv', 'file')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable()).strip()
    return (kept if len(kept) <= _NAME_LENGTH else f"{kept[: _NAME_LENGTH // 2]}...{kept[-20:]}") or "file"


def read_json(path: Path) -> Any:
    """Return the content of a JSON file, ``None`` if it is not there or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file, whole or not at all."""
    with atomic_path(path, private=True) as temporary:
        temporary.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def ending_of(name: str) -> str:
    """Return the ending of a file's name, which tells what it is and how it is packed.

    Raises
    ------
    FileFormatError
        If it does not.
    """
    path = Path(shown_name(name).lower())
    kind, compression = told_by_ending(path)
    if kind is None:
        raise FileFormatError(f"the file's name does not tell what it is: {CHOICES}")
    return "".join(path.suffixes[-2:]) if compression else path.suffix


def copy_upload(file: IO[bytes], path: Path) -> int:
    """Copy what was sent to a file that nobody else may read, and return its size.

    Raises
    ------
    FileFormatError
        If nothing is in it.
    """
    make_private_file(path)
    with path.open("r+b") as kept:
        shutil.copyfileobj(file, kept, 1024 * 1024)
        kept.flush()
        os.fsync(kept.fileno())
        size = kept.tell()
    if not size:
        raise FileFormatError("the file is empty: choose one with a row for each account")
    return size


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
