"""The same rows and the same answers on Spark, in local mode; skipped where Spark or Java is missing, but not in CI."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from classifier.accounts.account import Account, canonical
from classifier.batch import SCHEMA, Batch, chunks, score_files
from classifier.batch.engines import spark
from classifier.batch.score_rows import Asked
from classifier.errors import BatchError
from classifier.importers.readers.raw_row import RawRow
from tests.classifier.batch.rows import asked
from tests.classifier.batch.test_snapshot import packed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HAS_JAVA = bool(os.environ.get("JAVA_HOME") or shutil.which("java"))
IS_HERE = HAS_JAVA and importlib.util.find_spec("pyspark") is not None
REQUIRED = os.environ.get("DOUBLECHECK_TEST_SPARK") == "required"
needs_spark = pytest.mark.skipif(
    not IS_HERE and not REQUIRED, reason="needs Java 17 and pip install -c requirements.lock -e '.[spark]'"
)
pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning", "ignore::ResourceWarning"
)


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    found = spark.session("local[2]")
    yield found
    found.stop()


@pytest.fixture
def inputs(tmp_path: Path, lines: list[str]) -> Path:
    """Skewed and damaged: one long file, tiny ones, an empty one, one that is none, broken and endless rows."""
    folder = tmp_path / "in"
    folder.mkdir()
    wrong = ["{", "[]", '{"handle": 7}', json.dumps({"handle": "a" * 300}), json.dumps({"bio": "no handle"}),
             json.dumps({"handle": "late", "created_at": "31.12.1999"}), '{"handle": "\\ud800"}']  # fmt: skip
    (folder / "a.jsonl").write_text("\n".join(lines * 2 + wrong), encoding="utf-8")
    for number, line in enumerate(lines[:5]):
        (folder / f"b{number}.jsonl").write_text(line, encoding="utf-8")
    (folder / "c.csv").write_text("")
    (folder / "d.parquet").write_bytes(b"PAR1")
    (folder / "e.csv.gz").write_bytes(gzip.compress(b'handle,bio\njane,"unclosed\nada,b\nsev,"x"y"\n')[:-9])
    return folder


@needs_spark
def test_skewed_and_damaged_input_gives_the_same_bytes_as_the_local_engine(
    inputs: Path, small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, session: SparkSession
) -> None:
    monkeypatch.setattr(chunks, "ROWS", 7)
    monkeypatch.setattr(sys.modules["classifier.batch.snapshot"], "datetime", _Fixed)
    for engine in ("local", "spark"):
        score_files(Batch(inputs=[str(inputs)], output=str(tmp_path / f"{engine}.csv"), home=small_home, engine=engine,
                          workers=None if engine == "spark" else 1))  # fmt: skip
    assert (tmp_path / "spark.csv").read_bytes() == (tmp_path / "local.csv").read_bytes()
    found = json.loads((tmp_path / "spark.csv.summary.json").read_text(encoding="utf-8"))
    assert found["errors"].keys() >= {"not_json", "not_an_object", "handle_missing", "file_unreadable", "file_damaged"}


class _Fixed(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> _Fixed:  # noqa: ARG003
        return cls(2026, 1, 1, tzinfo=UTC)


@needs_spark
def test_a_frame_of_accounts_gives_a_frame_of_the_same_answers(
    tmp_path: Path, small_home: Path, reported: list[Account], session: SparkSession
) -> None:
    snapshot = packed(tmp_path / "snapshot", small_home, shadow_id=None)
    names = ("handle", "platform", "account_id", "display_name", "bio", "followers", "created_at")
    plain = [{name: canonical(one).get(name) for name in names} | {"row": row} for row, one in enumerate(reported, 1)]
    plain[3]["handle"] = None
    frame = session.createDataFrame(pa.Table.from_pylist(plain)).repartition(3)
    found = sorted(spark.answer_frame(frame, snapshot).toArrow().to_pylist(), key=lambda row: row["row"])
    rows = [Asked("", "doublecheck", RawRow(row["row"], row)) for row in plain]
    assert found == snapshot.open().answer(rows).select(SCHEMA.names).to_pylist()
    assert found[3]["error_reason"] == "handle_missing"


@needs_spark
def test_rows_without_a_number_get_one_each(tmp_path: Path, small_home: Path, session: SparkSession) -> None:
    snapshot = packed(tmp_path / "snapshot", small_home)
    frame = session.createDataFrame([("jane",), ("ada",), ("sev",)], "handle string")
    found = spark.answer_frame(frame, snapshot).toArrow()
    assert len(set(found.column("row").to_pylist())) == 3


@needs_spark
def test_whoever_stops_asking_stops_the_jobs(
    tmp_path: Path, small_home: Path, reported: list[Account], session: SparkSession
) -> None:
    snapshot = packed(tmp_path / "snapshot", small_home)
    block = [Asked("a", "doublecheck", RawRow(row, canonical(one))) for row, one in enumerate(reported, start=1)]
    found = spark.answered(snapshot, [block] * 400, spark=session, cores=50)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert not session.sparkContext.statusTracker().getActiveJobsIds()


@needs_spark
def test_a_task_that_fails_is_an_error_that_says_what_to_do(
    tmp_path: Path, small_home: Path, session: SparkSession
) -> None:
    snapshot = packed(tmp_path / "snapshot", small_home)
    (snapshot.directory / snapshot.model_id / "model.json").write_bytes(b"damaged")
    renamed = snapshot.directory.rename(tmp_path / "damaged")
    broken = spark.Snapshot(
        renamed,
        snapshot.trusted,
        snapshot.model_id,
        "another" + snapshot.registry_version,
        snapshot.policy,
        snapshot.now,
    )
    with pytest.raises(BatchError, match="--resume"):
        list(spark.answered(broken, [[asked(1)]], spark=session, cores=1))


def test_without_spark_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(BatchError, match=r"pip install 'doublecheck\[spark\]'"):
        spark.session()
