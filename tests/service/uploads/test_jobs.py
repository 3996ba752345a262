import io
import stat
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import FileFormatError
from service.errors import UnknownUploadError, UploadLimitError
from service.uploads.jobs import MOST_KEPT, MOST_WAITING, may_remove, shown_name
from tests.service.conftest import NOW
from tests.service.uploads.conftest import AGENT, AUDITOR, COLLEAGUE


def test_a_job_is_read_back_as_it_was_added(jobs, add):
    job = add(["{}"], "May reports.JSONL.gz", format="x-v2", platform="x")
    assert jobs.find(job.id, AGENT) == job
    assert (job.name, job.ending, job.upload.read_bytes()) == ("May reports.JSONL.gz", ".jsonl.gz", b"{}\n")
    assert jobs.state(job).name == "waiting"


def test_nobody_else_on_the_machine_can_read_it(jobs, add):
    job = add(["{}"])
    assert [stat.S_IMODE(path.stat().st_mode) for path in (jobs.directory, job.directory)] == [0o700, 0o700]


@pytest.mark.parametrize("name", ["../../../etc/cron.d/x.csv", "..\\x.csv", "/x.csv", "a\x00/b.csv", ".csv/.csv.gz"])
def test_a_name_never_becomes_a_path(jobs, add, own_home, name):
    before = {path for path in own_home.rglob("*") if jobs.directory not in path.parents}
    try:
        job = add(["handle", "a"], name)
    except FileFormatError:
        return
    assert job.upload.parent == job.directory
    assert {path for path in own_home.rglob("*") if jobs.directory not in path.parents} - {jobs.directory} == before


@given(st.text(max_size=300))
def test_a_shown_name_is_short_and_printable(name):
    shown = shown_name(name)
    assert shown.isprintable()
    assert 0 < len(shown) <= 100
    assert "/" not in shown


@pytest.mark.parametrize("name", ["x.exe", "x", "x.csv.zip", "x.parquet.gz", "csv", ""])
def test_a_file_that_is_none_of_ours_is_refused_and_leaves_nothing(jobs, add, name):
    with pytest.raises(FileFormatError, match="use one of"):
        add(["handle", "a"], name)
    assert not list(jobs.open().iterdir())


def test_an_empty_file_is_refused_and_leaves_nothing(jobs, add):
    with pytest.raises(FileFormatError, match="is empty"):
        add(b"")
    assert not list(jobs.open().iterdir())


def test_who_uploaded_it_and_who_oversees_see_it_and_nobody_else(jobs, add):
    job = add(["{}"])
    assert [jobs.of(one) for one in (AGENT, AUDITOR, COLLEAGUE)] == [[job], [job], []]
    assert not may_remove(job, AUDITOR)
    with pytest.raises(UnknownUploadError) as others:
        jobs.find(job.id, COLLEAGUE)
    with pytest.raises(UnknownUploadError) as none:
        jobs.find(str(uuid4()), COLLEAGUE)
    assert str(others.value) == str(none.value)  # that it exists is not told


@pytest.mark.parametrize("odd", ["..", ".", "", "lock", "x" * 5000, "../uploads", "\x00"])
def test_an_odd_id_is_no_job(jobs, add, odd):
    add(["{}"])
    with pytest.raises(UnknownUploadError):
        jobs.find(odd, AUDITOR)


def test_an_id_in_another_spelling_is_no_job(jobs, add):
    job = add(["{}"])
    with pytest.raises(UnknownUploadError):
        jobs.find(f"{{{job.id}}}", AUDITOR)


def test_one_person_has_a_limited_number(jobs, add):
    for _ in range(MOST_WAITING):
        job = add(["{}"])
    with pytest.raises(UploadLimitError, match="waiting"):
        add(["{}"])
    add(["{}"], caller=COLLEAGUE)
    jobs.remove(job)
    for _ in range(MOST_KEPT - MOST_WAITING + 1):
        add(["{}"]).end("failed", "", NOW)
    with pytest.raises(UploadLimitError, match="kept"):
        add(["{}"])


def test_what_has_ended_keeps_no_upload_and_failed_says_why(jobs, add):
    job = add(["{}"])
    (job.directory / ".answers.jsonl.doublecheck").mkdir()
    job.end("failed", "Mend it.", NOW)
    assert not job.upload.exists()
    assert sorted(path.name for path in job.directory.iterdir()) == ["ended.json", "job.json"]
    assert (jobs.state(job).name, jobs.state(job).message) == ("failed", "Mend it.")


def test_it_is_done_when_the_log_has_it(jobs, add):
    job = add(["{}"])
    job.end("done", "", NOW)
    assert jobs.state(job).name == "running"
    job.write("entry.json", {"seq": 3, "hash": "00"})
    assert (jobs.state(job).name, jobs.state(job).entry["seq"]) == ("done", 3)


def test_what_is_old_is_forgotten_but_not_what_is_scored_now(jobs, add):
    old, scored, new = add(["{}"]), add(["{}"]), add(["{}"], at=NOW + timedelta(hours=1))
    jobs.forget(NOW + timedelta(minutes=1), but=scored.id)
    assert jobs.all() == [scored, new]
    assert not old.directory.exists()


def test_what_an_interruption_left_is_cleared_away(jobs, add):
    half = jobs.open() / "new-1"
    half.mkdir()
    (half / "upload.csv").write_text("handle")
    jobs.forget(NOW.replace(year=2001))
    assert half.exists()
    jobs.forget(NOW.replace(year=2101))
    assert not half.exists()


def test_to_remove_twice_is_no_error(jobs, add):
    job = add(["{}"])
    jobs.remove(job)
    jobs.remove(job)
    assert not list(jobs.directory.iterdir())


def test_a_copy_that_fails_leaves_nothing(jobs):
    class Broken(io.BytesIO):
        def read(self, *_):
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any
        jobs.add(Broken(), "x.csv", AGENT, at=NOW)
    assert not list(jobs.directory.iterdir())
