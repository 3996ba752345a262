"""The Spark engine: the same answers, computed by a Spark 4 cluster (``pip install 'doublecheck[spark]'``).

``answer_frame`` is for data that is in Spark already: a DataFrame of accounts in, a DataFrame of answers out, nothing
passes through the driver. ``answered`` is the engine of ``doublecheck score --engine spark``: the driver reads the
input as the local engine does, so damaged rows are the same ones, sends blocks to the executors, and keeps and writes
what comes back. That is as fast as one machine reads; beyond some 50 cores use ``answer_frame``.

The snapshot travels once to each executor, as an archive; every Python worker there maps the same registry into memory.
Workers need doublecheck installed, in the version of the driver.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
import warnings
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from classifier.batch.score_rows import SCHEMA, SHADOW, Answerer, Asked
from classifier.batch.snapshot import Snapshot
from classifier.errors import BatchError
from classifier.importers.readers.parquet_rows import rows_of
from classifier.importers.readers.raw_row import RawRow
from classifier.utils.atomic_files import atomic_path

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Blocks sent in one job for each core, and jobs on their way: while the last blocks of one are answered, the next runs.
_BLOCKS_A_CORE, _JOBS = 2, 2
_UNKNOWN_CORES = 16
_SENT = pa.schema([("number", pa.int64()), ("content", pa.binary())])
Block = Sequence[Asked]


def session(master: str | None = None) -> SparkSession:
    """Return the Spark session in force, or else start one.

    Parameters
    ----------
    master : str, optional
        As "local[2]" or "spark://host:7077"; by default what spark-submit or the configuration says, else this machine.

    Raises
    ------
    BatchError
        If Spark is not installed or does not start.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise BatchError("Spark is not installed: pip install 'doublecheck[spark]', and a Java 17") from error
    builder = SparkSession.builder.appName("doublecheck").config("spark.ui.showConsoleProgress", "false")
    if master is None or master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    _hide_pandas_warning()
    try:
        return (builder.master(master) if master else builder).getOrCreate()
    except Exception as error:  # Java's absence comes as one of many kinds
        raise BatchError("Spark does not start: it needs a Java 17 or newer, found by JAVA_HOME or PATH") from error


def cores(spark: SparkSession) -> int:
    """Return how many tasks a cluster runs at once, as far as it tells."""
    try:
        return int(spark.sparkContext.defaultParallelism)
    except Exception:  # Spark Connect has no context
        return _UNKNOWN_CORES


def answered(
    snapshot: Snapshot, blocks: Iterable[Block], *, spark: SparkSession, cores: int
) -> Iterator[pa.RecordBatch]:
    """Yield the answers of each block, in order; as ``local.answered``.

    Parameters
    ----------
    cores : int
        The cluster's cores, for how many blocks are sent at once.
    """
    answer = _remote(ship(snapshot, spark))
    waiting = iter(blocks)
    jobs = iter(lambda: list(islice(waiting, cores * _BLOCKS_A_CORE)), [])
    running: deque[Future[list[pa.RecordBatch]]] = deque()
    with ThreadPoolExecutor(_JOBS) as pool:
        try:
            running.extend(pool.submit(_job, spark, answer, job) for job in islice(jobs, _JOBS))
            while running:
                batches = running.popleft().result()
                running.extend(pool.submit(_job, spark, answer, job) for job in islice(jobs, 1))
                yield from batches
        finally:
            if running:  # nobody waits for them any more
                spark.interruptAll()


def answer_frame(frame: DataFrame, snapshot: Snapshot, *, format: str = "doublecheck") -> DataFrame:  # noqa: A002
    """Return the answers to a DataFrame of accounts, computed where its partitions are.

    Parameters
    ----------
    frame : DataFrame
        One row an account, in the columns of ``format``. A column ``row`` of whole numbers comes back as it is, to join
        the answers by; without one, rows are numbered as Spark numbers them, with gaps.
    snapshot : Snapshot
        As ``snapshot.pack`` makes it, on the driver.

    Returns
    -------
    DataFrame
        One row for each row, with the columns of ``SCHEMA`` and, if the snapshot has a second model, of ``SHADOW``.
    """
    from pyspark.sql import functions  # noqa: PLC0415 - an extra

    if "row" not in frame.columns:
        frame = frame.withColumn("row", functions.monotonically_increasing_id() + 1)
    schema = pa.schema([*SCHEMA, *(SHADOW if snapshot.shadow_id else ())])
    names = schema.names
    snapshot = ship(snapshot, frame.sparkSession)

    def answers(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        answerer = opened(snapshot)
        for batch in batches:
            rows = zip(batch.column("row").to_pylist(), rows_of(batch), strict=True)
            asked = [Asked("", format, RawRow(number, values)) for number, values in rows]
            yield answerer.answer(asked).select(names)

    _hide_pandas_warning()
    return frame.mapInArrow(answers, _spark_schema(schema))


def ship(snapshot: Snapshot, spark: SparkSession) -> Snapshot:
    """Send a snapshot to the executors and return it as they open it: its directory is a name among Spark's files."""
    name = f"snapshot-{snapshot.model_id}-{snapshot.shadow_id or 'alone'}-{snapshot.registry_version[:16]}"
    archive = Path(_archives().name) / f"{name}.zip"
    if not archive.exists():
        with atomic_path(archive) as whole, zipfile.ZipFile(whole, "w") as packed:  # stored: hardly compressible
            for path in sorted(snapshot.directory.rglob("*")):
                packed.write(path, path.relative_to(snapshot.directory))
    spark.addArtifacts(f"{archive}#{name}", archive=True)
    return replace(snapshot, directory=Path(name))


@cache
def _archives() -> tempfile.TemporaryDirectory[str]:
    """Return where archives are: executors fetch them from the driver as long as it lives."""
    return tempfile.TemporaryDirectory(prefix="doublecheck-spark-")


def opened(snapshot: Snapshot) -> Answerer:
    """Open a snapshot that was shipped, on an executor."""
    from pyspark import SparkFiles  # noqa: PLC0415 - an extra

    return replace(snapshot, directory=Path(SparkFiles.getRootDirectory()) / snapshot.directory).open()


def _remote(snapshot: Snapshot) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def answers(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        answerer = opened(snapshot)
        for batch in batches:
            for number, content in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                found = answerer.answer(pickle.loads(zlib.decompress(content)))  # noqa: S301 - what ``_job`` sent
                yield pa.RecordBatch.from_arrays([[number], [_packed(found)]], schema=_SENT)

    return answers


def _job(spark: SparkSession, answer: Any, blocks: Sequence[Block]) -> list[pa.RecordBatch]:
    sent = pa.table([range(len(blocks)), [zlib.compress(pickle.dumps(block), 1) for block in blocks]], schema=_SENT)
    try:
        found = spark.createDataFrame(sent).mapInArrow(answer, _spark_schema(_SENT)).toArrow()
    except Exception as error:  # Spark tries a task several times before it gives up
        raise BatchError(f"Spark gave up ({type(error).__name__}): its log says why; add --resume to go on") from error
    by_number = dict(zip(*(column.to_pylist() for column in found.columns), strict=True))
    return [_unpacked(by_number[number]) for number in range(len(blocks))]


def _packed(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as out:
        out.write_batch(batch)
    return bytes(sink.getvalue())


def _unpacked(content: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(content) as stream:
        return stream.read_next_batch()


def _spark_schema(schema: pa.Schema) -> str:
    kinds = {pa.int64(): "long", pa.string(): "string", pa.float64(): "double", pa.bool_(): "boolean",
             pa.binary(): "binary"}  # fmt: skip
    return ", ".join(f"`{field.name}` {kinds[field.type]}" for field in schema)


def _hide_pandas_warning() -> None:
    """Hide PySpark's warning about new versions of pandas: nothing here goes through pandas."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
