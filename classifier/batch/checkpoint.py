"""The checkpoint of a batch: what is kept beside the output until it is complete, so that nothing is done twice.

Layout, for an output ``answers.csv``, in a directory ``.answers.csv.doublecheck`` beside it::

    run.json            what was asked for, and the snapshot's versions
    snapshot/                the model and the registry (``classifier.batch.snapshot``)
    part-00000000.arrow one block of answers, as an Arrow IPC file; complete under its name or not there
    lock                held by the process that works on it

Rules:

1. A run that is resumed must have been asked the same: inputs by name, size and time, format, platform, models and
   version of the code. Else it is refused; it would mix two runs.
2. Parts are written in order, so the parts that are there are the first blocks of the input, none missing.
3. One process at a time (a lock, POSIX systems only).
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from classifier import __version__
from classifier.batch.snapshot import Snapshot
from classifier.errors import InputError
from classifier.scoring.policy import Policy
from classifier.utils.atomic_files import atomic_path

_RUN, _SNAPSHOT, _LOCK = "run.json", "snapshot", "lock"
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")
Asking = Mapping[str, Any]


class Journal:
    """The directory of one run; ``opened`` makes or finds it.

    Parameters
    ----------
    directory : Path
    asked : mapping
        What the run was asked for, as plain JSON values.
    """

    def __init__(self, directory: Path, asked: Asking) -> None:
        self.directory = directory
        self._asked = {**asked, "code": __version__}

    @property
    def snapshot_directory(self) -> Path:
        """Where the snapshot is, or is to be."""
        return self.directory / _SNAPSHOT

    def has_begun(self) -> bool:
        """Tell whether this goes on with an interrupted run."""
        return (self.directory / _RUN).exists()

    def snapshot(self, trusted: tuple[bytes, ...], policy: Policy) -> Snapshot:
        """Return the snapshot of the run that is resumed."""
        known = json.loads((self.directory / _RUN).read_text(encoding="utf-8"))["snapshot"]
        now = datetime.fromisoformat(known.pop("now"))
        if known.pop("policy") != policy.plain():
            raise InputError(f"the run began under another policy; {_ANEW}")
        return Snapshot(directory=self.snapshot_directory, trusted=trusted, now=now, policy=policy, **known)

    def begin(self, snapshot: Snapshot) -> None:
        """Write down what was asked, and the snapshot: from here on the run can be resumed."""
        known = {
            "model_id": snapshot.model_id,
            "shadow_id": snapshot.shadow_id,
            "registry_version": snapshot.registry_version,
            "platform": snapshot.platform,
            "now": snapshot.now.isoformat(),
            "policy": snapshot.policy.plain(),
        }
        with atomic_path(self.directory / _RUN) as path:
            path.write_text(json.dumps({"asked": self._asked, "snapshot": known}, indent=2) + "\n", encoding="utf-8")

    def check(self) -> None:
        """Refuse to resume a run that was asked something else.

        Raises
        ------
        InputError
            Naming what differs.
        """
        try:
            run = json.loads((self.directory / _RUN).read_text(encoding="utf-8"))
            before, _ = run["asked"], run["snapshot"]
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{self.directory.name}/{_RUN} is damaged or of another version; {_ANEW}") from error
        now = json.loads(json.dumps(self._asked))
        differing = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
        if differing:
            raise InputError(f"the interrupted run was asked something else ({', '.join(differing)}); {_ANEW}")

    def count(self) -> int:
        """Return how many blocks are answered."""
        number = 0
        while self._part(number).exists():
            number += 1
        return number

    def write(self, number: int, batch: pa.RecordBatch) -> None:
        """Keep the answers of one block."""
        with (
            atomic_path(self._part(number)) as path,
            pa.OSFile(str(path), "wb") as sink,
            pa.ipc.new_file(sink, batch.schema, options=_COMPRESSED) as out,
        ):
            out.write_batch(batch)

    def parts(self, columns: Iterable[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the parts in order, with some of their columns or all."""
        options = pa.ipc.IpcReadOptions()
        for number in range(self.count()):
            with pa.OSFile(str(self._part(number))) as source:
                if number == 0 and columns is not None:  # the parts of one run have the same columns
                    schema = pa.ipc.open_file(source).schema
                    options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(one) for one in columns])
                yield pa.ipc.open_file(source, options=options).get_batch(0)

    def remove(self) -> None:
        """Remove the directory: the output is complete."""
        shutil.rmtree(self.directory)

    def _part(self, number: int) -> Path:
        return self.directory / f"part-{number:08}.arrow"


_ANEW = "add --restart to start anew"


@contextmanager
def opened(directory: Path, asked: Asking, *, resume: bool, restart: bool) -> Iterator[Journal]:
    """Make the journal of a run, or find that of an interrupted one, and hold its lock.

    Raises
    ------
    InputError
        If an interrupted run is there and neither ``resume`` nor ``restart`` says what to do with it, if it was asked
        something else, or if another process works on it.
    """
    journal = Journal(directory, asked)
    if restart and directory.exists():
        with _locked(directory):
            shutil.rmtree(directory)
    directory.mkdir(exist_ok=True)
    with _locked(directory):
        done = journal.count()
        if resume:
            journal.check()
        elif journal.has_begun():
            raise InputError(
                f"an interrupted run of this output is there, {done:,} blocks of rows answered: add --resume to go on "
                "with it, or --restart to start anew"
            )
        try:
            yield journal
        finally:
            if directory.exists() and not journal.count():
                shutil.rmtree(directory)  # nothing is in it that would be lost


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError("another process is writing this output: wait for it, or name another") from error
        yield
