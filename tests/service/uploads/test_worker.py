"""Scoring in this process; ``test_running`` has the processes."""

import gzip
import io
import json
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.errors import RegistryError
from classifier.importers.readers import streams
from classifier.registry.demonstration import demonstration_registry
from classifier.scoring.policy import Policy
from service.uploads import worker
from service.uploads.worker import Order, score

PRIVATE = "Zanzibar-Quux"


@pytest.fixture
def run(own_home, monkeypatch):
    """Score a job."""
    monkeypatch.setattr(worker, "BLOCK_ROWS", 10)

    def scored(job, policy=None, demo=False, rows=1000, registry=None):
        monkeypatch.chdir(job.directory)
        score(Order.of(job, own_home, registry, policy or Policy(), demo=demo, rows=rows))
        return job.read("ended.json")

    return scored


def answers(job):
    return [json.loads(line) for line in (job.directory / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_row_is_answered_and_counted(run, add, lines):
    job = add([*lines[:15], "{", *lines[15:30]])
    ended = run(job)
    found = answers(job)
    assert [row["row"] for row in found] == list(range(1, 32))
    assert [row["row"] for row in found if row["error"]] == [16]
    assert {row["source"] for row in found} == {"upload.jsonl"}  # and not where it was kept
    assert ended["counts"]["rows"] == 31
    assert ended["counts"]["error"] == 1
    assert (
        sum(ended["counts"][name] for name in ("refused", "cleared", "needs_review") if name in ended["counts"]) == 30
    )
    assert job.read("progress.json")["rows"] == job.read("progress.json")["expected"] == 31
    assert not job.upload.exists()


def stops(*_, **__):
    raise SystemExit


def stopped(run, job):
    with pytest.raises(SystemExit):
        run(job)


BAD = {
    "no handle": ("x.csv", b"name_of_it,age\nJane,3\n", "choose the format in the list"),
    "only a header": ("x.csv", b"handle\n", "no rows"),
    "half a gzip": ("x.csv.gz", gzip.compress(b"handle\n" + b"jane_roe\n" * 4000)[:30], ""),
    "no gzip": ("x.csv.gz", b"handle\n", ""),
    "no Parquet": ("x.parquet", b"PAR1 it is not", "Parquet"),
    "no JSON": ("x.jsonl", b"\x00\x01\x02\n", "not one of"),
    "a picture": ("x.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\xff", ""),
    "UTF-16": ("x.csv", "handle\njane\n".encode("utf-16"), ""),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_fails_and_says_why(run, add, kind):
    name, content, told = BAD[kind]
    job = add(content, name)
    ended = run(job)
    if ended["state"] == "done":  # a part of it could be read
        assert ended["counts"]["error"] > 0
        return
    assert ended["state"] == "failed"
    assert told in ended["message"]
    assert "--" not in ended["message"]  # the page has no options
    assert "upload." not in ended["message"]
    assert not job.upload.exists()


def test_a_bad_row_costs_itself_only_and_its_text_is_nowhere_but_in_the_upload(run, add, caplog):
    job = add(f"handle,followers\n{PRIVATE} x,many\njane_roe,3\n".encode(), "x.csv")
    assert run(job)["counts"]["rows"] == 2
    assert PRIVATE not in caplog.text
    assert PRIVATE not in json.dumps([job.read("ended.json"), job.read("progress.json")])


def test_a_file_with_too_many_rows_fails_before_anything_is_scored(run, add):
    job = add(b"handle\n" + b"jane_roe\n" * 2000, "x.csv")
    ended = run(job, rows=1999)
    assert "more than 1,999 rows" in ended["message"]
    assert not job.read("progress.json")
    assert sorted(path.name for path in job.directory.iterdir()) == ["ended.json", "job.json"]


def test_a_small_file_that_unpacks_to_a_large_one_fails_soon(run, add):
    job = add(gzip.compress(b"handle\n" + b"a\n" * 3_000_000), "x.csv.gz")
    assert job.size < 10_000
    assert "more than 1,000 rows" in run(job)["message"]


@pytest.mark.parametrize("ending", ["gz", "zst"])
@pytest.mark.parametrize("unit", [b"\n", b"a"])
def test_what_unpacks_without_end_ends_and_says_why(run, add, monkeypatch, ending, unit):
    monkeypatch.setattr(streams, "UNPACKED_FREE", 4 << 20)
    content = b"handle\njane_roe\n" + unit * (64 << 20)
    job = add(
        gzip.compress(content) if ending == "gz" else pa.compress(content, "zstd", asbytes=True), f"x.csv.{ending}"
    )
    assert job.size < 100_000
    ended = run(job)
    assert (ended["state"], ended["counts"]["rows"], ended["counts"]["error"]) == ("done", 2, 1)
    assert "unpacks to more than 500 times its bytes" in answers(job)[1]["error"]


def test_parquet_of_more_rows_than_may_be_fails_before_anything_is_scored(run, add):
    written = io.BytesIO()
    handles = pa.DictionaryArray.from_arrays(pa.array(np.zeros(2_000_000, dtype=np.int32)), pa.array(["someone"]))
    pq.write_table(pa.table({"handle": handles}), written)
    assert len(written.getvalue()) < 100_000
    assert "more than 1,000 rows" in run(add(written.getvalue(), "x.parquet"))["message"]


def test_the_policy_is_the_services_own(run, add):
    account = {"handle": "OIlivanderBrask", "display_name": "Ollivander Brask", "platform": "x", "account_id": "7"}
    account |= {"followers": 50, "verified": False, "created_at": "2026-01-01T00:00:00Z", "posts": 1}
    codes = []
    for followers in (100_000, 10):
        job = add([json.dumps(account)])
        ended = run(job, Policy(version=f"f{followers}", high_impact_followers=followers))
        assert ended["policy_version"] == f"f{followers}"
        codes.append({reason["code"] for reason in answers(job)[0]["reasons"]})
    assert [("high_impact_audience" in one) for one in codes] == [False, True]


def test_the_demonstration_uses_the_invented_registry(run, add):
    known = next(one for one in demonstration_registry() if one.account_id)
    job = add(f"handle,platform,account_id\n{known.handle},{known.platform},{known.account_id}\n".encode(), "x.csv")
    run(job, demo=True)
    assert answers(job)[0]["relation"] == "is_protected"
    assert not (job.directory / "registry.parquet").exists()


def test_what_was_interrupted_goes_on_and_gives_the_same_bytes(run, add, lines, monkeypatch):
    whole, job = add(lines[:45]), add(lines[:45])
    run(whole)
    real, calls = worker.write_json, []

    def second_stops(path, content):
        real(path, content)
        calls.append(path)
        if len(calls) == 2:
            raise SystemExit

    monkeypatch.setattr(worker, "REPORTED", 0.0)
    monkeypatch.setattr(worker, "write_json", second_stops)
    stopped(run, job)
    assert not job.has_ended()
    run(job)
    assert job.read("progress.json")["resumed"] == 20
    for name in ("answers.jsonl", "answers.csv", "attention.json"):
        assert (job.directory / name).read_bytes() == (whole.directory / name).read_bytes()


def test_what_was_interrupted_under_another_policy_begins_anew(run, add, lines, monkeypatch):
    job = add(lines[:25])
    with monkeypatch.context() as patched:
        patched.setattr(worker, "write_json", stops)
        stopped(run, job)
    assert run(job, Policy(version="other", access_margin=timedelta(hours=1)))["policy_version"] == "other"
    assert {row["row"] for row in answers(job)} == set(range(1, 26))


def test_what_was_interrupted_after_the_last_row_is_not_scored_again(run, add, lines, monkeypatch):
    job = add(lines[:15])
    with monkeypatch.context() as patched:
        patched.setattr(worker, "write_sheets", stops)
        stopped(run, job)
    monkeypatch.setattr(worker, "score_files", stops)
    assert run(job)["counts"]["rows"] == 15


def test_what_is_wrong_with_the_service_is_no_fault_of_the_file(run, add, lines, tmp_path):
    job = add(lines[:5])
    with pytest.raises(RegistryError):
        run(job, registry=_broken(tmp_path))
    assert not job.has_ended()


def _broken(tmp_path):
    path = tmp_path / "registry.csv"
    path.write_text("platform,handle\nx,\n")
    return path
