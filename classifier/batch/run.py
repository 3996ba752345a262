"""Running a batch: rows in, blocks of them answered by an engine, kept in the journal, finished into the output."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from classifier.batch import checkpoint as journal
from classifier.batch.checkpoint import Journal
from classifier.batch.chunks import blocks
from classifier.batch.engines import local, spark
from classifier.batch.finalize import finish
from classifier.batch.score_rows import Asked
from classifier.batch.snapshot import Snapshot, pack, trusted_by
from classifier.batch.summary import Summary
from classifier.batch.volume_cap import VolumeCap
from classifier.batch.writers import Output
from classifier.errors import InputError
from classifier.importers.read_rows import read_raw
from classifier.importers.readers.discover import find_inputs, fraction_read
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.readers.source import Source
from classifier.model_store import ModelStore
from classifier.pictures import PictureHashes
from classifier.scoring.policy import Policy
from classifier.storage.home import refuse_writing
from classifier.storage.paths import DEFAULT_HOME
from classifier.utils.atomic_files import atomic_path

# Answers blocks in order, wherever it does it.
Engine = Callable[[Snapshot, Iterable[list[Asked]]], Iterator[pa.RecordBatch]]


@dataclass(slots=True)
class Progress:
    """How far a batch is.

    Attributes
    ----------
    rows : int
        Rows whose answers are kept.
    resumed : int
        Those of them that an interrupted run left.
    taken : int
        Rows that are read: more than are answered.
    expected : int or None
        How many there will be, by how much of the input they took; ``None`` where nothing tells how long it is.
    relations : Counter
        What was found since then; "error" for rows without an answer.
    """

    rows: int = 0
    resumed: int = 0
    taken: int = 0
    expected: int | None = None
    relations: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What to score, with what, and where to.

    Attributes
    ----------
    inputs : sequence of str
        Files, directories, globs, or "-" alone for standard input.
    output : str
        A file whose ending tells its form, or "-" for standard output.
    home : Path
        Where models, keys and the imported registry are.
    registry : Path, optional
        A file of protected accounts in place of the imported ones.
    format, platform : str, optional
        As in ``importers.read_accounts``.
    input_kind, output_kind : {"csv", "jsonl", "parquet"}, optional
        Where names do not tell.
    pictures : Path, optional
        Where the files are that the column ``avatar_file`` names; by default beside each input.
    read_pictures : bool
        Whether they are read at all: not where a stranger chose their names.
    shadow : str, optional
        The id of a second model to ask.
    cap : VolumeCap
    policy : Policy
        What verdicts rest on; a service has its own numbers.
    summary : Path, optional
        Where the summary goes; beside the output when not given.
    resume, restart : bool
        What to do with an interrupted run of the same output: go on with it, or discard it.
    engine : {"local", "spark"}
    workers : int, optional
        Processes, or the cluster's cores; by default as many as this machine or the cluster has.
    master : str, optional
        As in ``spark.session``.
    block_rows : int, optional
        Rows that are answered and kept together, as in ``chunks``: fewer where somebody watches how far it is.
    """

    inputs: Sequence[str]
    output: str
    home: Path = DEFAULT_HOME
    registry: Path | None = None
    format: str | None = None
    platform: str | None = None
    input_kind: str | None = None
    output_kind: str | None = None
    pictures: Path | None = None
    read_pictures: bool = True
    shadow: str | None = None
    cap: VolumeCap = field(default_factory=VolumeCap)
    policy: Policy = field(default_factory=Policy)
    summary: Path | None = None
    resume: bool = False
    restart: bool = False
    engine: str = "local"
    workers: int | None = None
    master: str | None = None
    block_rows: int | None = None


def score_files(batch: Batch, *, watch: Callable[[Progress], object] = id) -> Summary:
    """Score files into a file, and return what they came to.

    The output appears under its name when it is complete. What is answered until then is kept beside it, whatever
    interrupts it, and ``resume`` goes on from there.

    Parameters
    ----------
    watch : callable
        Called with how far it is after every block.

    Raises
    ------
    FileFormatError, InputError
        If something cannot be read or written, before anything is.
    ModelError, RegistryError
        If there is no registry, or the model asked for is not there or damaged.
    BatchError
        If an engine fails; what is answered is kept.
    """
    batch = replace(batch, home=batch.home.expanduser())
    output = Output.of(batch.output, batch.output_kind)
    sources = find_inputs(batch.inputs, kind=batch.input_kind)
    if batch.read_pictures:
        _give_pictures(sources, batch.pictures)
    is_piped = output.path is None or any(source.path is None for source in sources)
    if is_piped and batch.resume:
        raise InputError("what is piped cannot be read or written twice: give files to be able to resume")
    raw = read_raw(sources, format=batch.format)
    for path in filter(None, (output.path, batch.summary)):
        refuse_writing(path, batch.home, batch.registry, *(source.path for source in sources))
    with _journal(batch, output, sources) as kept:
        snapshot = _snapshot(batch, kept)
        done = Progress()
        rows = _taken(raw, sources, done)
        for _ in answer_all(blocks(rows, batch.block_rows), kept, snapshot, _engine(batch), done):
            fraction = fraction_read(sources)
            done.expected = round(done.taken / fraction) if fraction else None
            watch(done)
        summary = finish(kept, output, cap=batch.cap, shadow=snapshot.shadow_id is not None)
        summary.facts = _facts(snapshot, batch)
        _keep_summary(summary, batch, output)
        kept.remove()
    return summary


def _give_pictures(sources: Sequence[Source], directory: Path | None) -> None:
    known: dict[Path, PictureHashes] = {}  # inputs of one directory share what was hashed
    for source in sources:
        beside = source.path.parent if source.path is not None else Path()
        place = beside if directory is None else directory
        source.pictures = known.setdefault(place, PictureHashes(place))


def _taken(raw: Iterable[tuple[int, RawRow, str]], sources: Sequence[Source], progress: Progress) -> Iterator[Asked]:
    for place, row, known in raw:
        progress.taken += 1
        yield Asked(sources[place].name, known, row)


def answer_all(
    waiting: Iterator[list[Asked]], journal: Journal, snapshot: Snapshot, engine: Engine, progress: Progress
) -> Iterator[Progress]:
    """Answer all blocks that the journal has no answers of, yielding how far it is after every one."""
    done = journal.count()
    for block in islice(waiting, done):
        progress.rows += len(block)
        progress.resumed += len(block)
        yield progress
    for number, batch in enumerate(engine(snapshot, waiting), start=done):
        journal.write(number, batch)
        progress.rows += len(batch)
        progress.relations.update(relation or "error" for relation in batch.column("relation").to_pylist())
        yield progress


@contextmanager
def _journal(batch: Batch, output: Output, sources: Sequence[Source]) -> Iterator[Journal]:
    asked = {
        "inputs": [_fingerprint(source.path) for source in sources],
        "registry": _fingerprint(batch.registry),
        **{name: getattr(batch, name) for name in ("format", "platform", "input_kind", "shadow", "block_rows")},
        "pictures": batch.read_pictures and str(batch.pictures or ""),
    }
    if output.path is None or any(source.path is None for source in sources):
        with tempfile.TemporaryDirectory() as temporary:
            yield Journal(Path(temporary), asked)
        return
    directory = output.path.with_name(f".{output.path.name}.doublecheck")
    with journal.opened(directory, asked, resume=batch.resume, restart=batch.restart) as kept:
        yield kept


def _fingerprint(path: Path | None) -> list[Any] | None:
    """Return what tells a file from another, or from itself after a change."""
    if path is None:
        return None
    found = path.stat()
    return [str(path.resolve()), found.st_size, found.st_mtime_ns]


def _snapshot(batch: Batch, kept: Journal) -> Snapshot:
    if kept.has_begun():
        return kept.snapshot(trusted_by(ModelStore(batch.home)), batch.policy)
    shadow = batch.shadow and ModelStore(batch.home).wanted(batch.shadow)
    snapshot = pack(kept.snapshot_directory, batch.home, registry=batch.registry, platform=batch.platform,
               shadow_id=shadow, policy=batch.policy)  # fmt: skip
    kept.begin(snapshot)
    return snapshot


def _engine(batch: Batch) -> Engine:
    if batch.engine == "spark":
        session = spark.session(batch.master)
        return partial(spark.answered, spark=session, cores=batch.workers or spark.cores(session))
    return partial(local.answered, workers=batch.workers)


def _facts(snapshot: Snapshot, batch: Batch) -> dict[str, Any]:
    return {
        "model_id": snapshot.model_id,
        "shadow_id": snapshot.shadow_id,
        "registry_version": snapshot.registry_version,
        "policy_version": snapshot.policy.version,
        "cap": asdict(batch.cap),
        "at": snapshot.now.isoformat(),
    }


def _keep_summary(summary: Summary, batch: Batch, output: Output) -> None:
    beside = None if output.path is None else output.path.with_name(f"{output.path.name}.summary.json")
    path = batch.summary or beside
    if path is not None:
        with atomic_path(path) as temporary:
            text = json.dumps(summary.as_json(), indent=2, ensure_ascii=False)
            temporary.write_text(text + "\n", encoding="utf-8")
