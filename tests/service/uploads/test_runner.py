"""Scoring in processes of their own: one at a time, stopped, killed and gone on with."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from sqlalchemy import select

from service.records.tables import log as entries
from service.uploads import runner as running
from service.uploads.runner import MOST_ATTEMPTS
from tests.service.conftest import NOW
from tests.service.processes import PATIENCE, Service, eventually

# In place of a process that scores.
ENDS_AT_ONCE = [sys.executable, "-c", "import sys; sys.exit(7)"]
SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]
DONE = {
    "state": "done", "message": "", "counts": {"rows": 3, "error": 1, "cleared": 2}, "upload_sha256": "u",
    "answers_sha256": "a", "model_id": "m", "registry_version": "r", "policy_version": "p",
}  # fmt: skip
ENDS_WELL = [sys.executable, "-c", (
    "import json, sys; directory = json.loads(sys.stdin.readline())['directory'];"
    f"open(f'{{directory}}/ended.json', 'w').write({json.dumps(DONE)!r})"
)]  # fmt: skip


@pytest.fixture
def instead(monkeypatch):
    """Run another program in place of the one that scores; return the processes that were started."""
    real, started = subprocess.Popen, []

    def use(command):
        def begin(_, **options):
            started.append(real(command, **options))
            return started[-1]

        monkeypatch.setattr(running.subprocess, "Popen", begin)
        return started

    return use


def logged(runner):
    with runner._engine.connect() as connection:
        return [(row.subject, json.loads(row.data)) for row in connection.execute(select(entries))]


def all_turns(runner):
    while runner.turn():
        pass


def test_without_uploads_nothing_is_made(make_runner, own_home):
    assert not make_runner().turn()
    assert not (own_home / "uploads").exists()


def test_what_is_done_is_in_the_log_once_with_numbers_only(make_runner, add, instead):
    instead(ENDS_WELL)
    job, runner = add(["{}"], "secret name.jsonl"), make_runner()
    all_turns(runner)
    assert runner.jobs.state(job).name == "done"
    (job.directory / "entry.json").unlink()  # lost in a power cut
    all_turns(runner)
    [(subject, data)] = logged(runner)
    assert subject == f"upload:{job.id}"
    assert (data["actor"], data["key"]) == (job.actor, job.key)
    assert (data["rows"], data["error"], data["cleared"], data["model_id"]) == (3, 1, 2, "m")
    assert "secret" not in json.dumps(data)
    assert runner.jobs.state(job).entry["seq"] == 1


def test_without_a_database_nothing_is_shown_as_done(make_runner, add, instead, monkeypatch):
    instead(ENDS_WELL)
    job, runner = add(["{}"]), make_runner()
    monkeypatch.setattr(running, "commit", lambda *_, **__: [running.DoublecheckError("gone")])
    runner.turn()
    with pytest.raises(running.DoublecheckError):
        runner.turn()
    assert runner.jobs.state(job).name == "running"


def test_what_ends_again_and_again_has_failed_and_the_next_has_its_turn(make_runner, add, instead, caplog):
    started = instead(ENDS_AT_ONCE)
    job, runner = add(["{}"]), make_runner()
    all_turns(runner)
    state = runner.jobs.state(job)
    assert (state.name, len(started)) == ("failed", MOST_ATTEMPTS)
    assert "log" in state.message
    assert caplog.text.count(f"scoring upload {job.id} ended with status 7") == MOST_ATTEMPTS
    instead(ENDS_WELL)
    other = add(["{}"])
    all_turns(runner)
    assert runner.jobs.state(other).name == "done"


def test_what_gets_further_each_time_goes_on(make_runner, add, instead):
    instead(ENDS_AT_ONCE)
    job, runner = add(["{}"]), make_runner()
    for rows in range(1, 3 * MOST_ATTEMPTS):
        runner.turn()
        job.write("progress.json", {"rows": rows})
    assert not job.has_ended()


def test_a_service_that_stops_ends_the_process_and_that_is_no_failed_attempt(make_runner, add, instead):
    started = instead(SLEEPS)
    job = add(["{}"])
    for _ in range(2 * MOST_ATTEMPTS):
        runner = make_runner()
        runner.start()
        assert eventually(lambda: started and started[-1].poll() is None)
        runner.stop()
        assert started[-1].returncode == -signal.SIGTERM
    assert runner.jobs.state(job).name == "waiting"


def test_of_two_services_on_a_home_one_scores(make_runner, add, instead):
    started = instead(SLEEPS)
    add(["{}"])
    add(["{}"])
    first, second = make_runner(), make_runner()
    first.start()
    assert eventually(lambda: started)
    assert not second.turn()
    assert len(started) == 1
    first.stop()
    second.start()
    assert eventually(lambda: len(started) == 2)


def test_who_removes_what_is_scored_ends_it(make_runner, add, instead):
    started = instead(SLEEPS)
    job, runner = add(["{}"]), make_runner()
    runner.start()
    assert eventually(lambda: started)
    runner.jobs.remove(job)
    assert eventually(lambda: started[0].poll() is not None)
    assert eventually(lambda: runner.jobs.turn() == "")
    assert not job.directory.exists()


def test_what_is_old_is_forgotten_before_it_is_scored(make_runner, add, instead):
    started = instead(SLEEPS)
    job, runner = add(["{}"], at=NOW - timedelta(hours=25)), make_runner()
    assert not runner.turn()
    assert not started
    assert not job.exists()


def test_the_process_gets_no_password_and_nothing_is_printed(make_runner, add, instead, monkeypatch, tmp_path):
    monkeypatch.setenv("DOUBLECHECK_DATABASE_URL", "postgresql://user:hush@host/db")
    instead([sys.executable, "-c", f"import os; open({str(tmp_path / 'env')!r}, 'w').write(repr(dict(os.environ)))"])
    add(["{}"])
    make_runner(database_url=f"sqlite:///{tmp_path}/db").turn()
    assert "hush" not in (tmp_path / "env").read_text()


# --- the real process ------------------------------------------------------------------------------------------------


def scored(job):
    return (job.read("progress.json") or {"rows": 0})["rows"]


def test_a_service_that_is_stopped_and_another_score_a_file_between_them(make_runner, add, lines):
    many = [lines[number % len(lines)].replace('"x"', f'"x{number}"') for number in range(2000)]
    job, first, second = add(many), make_runner(), make_runner()
    first.start()
    assert eventually(lambda: scored(job) > 0)
    first.stop()
    assert not job.has_ended()
    kept = scored(job)
    second.start()
    assert eventually(lambda: second.jobs.state(job).name == "done")
    progress = job.read("progress.json")
    assert progress["resumed"] >= kept
    assert progress["rows"] == progress["expected"] == len(many)
    answers = (job.directory / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["row"] for line in answers] == list(range(1, len(many) + 1))
    assert len(logged(second)) == 1


def test_a_process_whose_service_is_killed_ends_and_holds_the_lock_until_then(make_runner, add, lines):
    job = add([lines[0]] * 20_000)
    runner = make_runner()
    with runner._locked() as lock:
        child = runner._begin(job, lock)
    try:
        with runner._locked() as lock:
            assert lock is None
        assert eventually(lambda: scored(job) > 0)
        assert psutil.Process(child.pid).nice() == 19
        child.stdin.close()  # as the system does when the service is gone
        assert eventually(lambda: child.poll() is not None)
        with runner._locked() as lock:
            assert lock is not None
    finally:
        child.kill()
        child.wait()
    assert not job.has_ended()


def test_a_process_that_fails_says_how_without_text(make_runner, add, tmp_path):
    job = add([json.dumps({"handle": "Zanzibar_Quux"})])
    broken = tmp_path / "registry.csv"
    broken.write_text("platform,handle\nx,\n")
    runner = make_runner(registry=broken)
    with runner._locked() as lock, runner._begin(job, lock) as child:
        assert child.wait(PATIENCE) == 1
    assert job.read("crash.json")["what"].startswith("RegistryError: ")


def test_a_service_of_two_workers_is_killed_and_the_next_one_finishes_its_upload(services, own_home, add, jobs, lines):
    service = Service(services, own_home, workers=2).start()
    job = add([lines[0]] * 6_000, at=datetime.now(UTC))
    assert eventually(lambda: scored(job) > 0)
    children = [one for one in psutil.process_iter(["cmdline"]) if "service.uploads" in (one.info["cmdline"] or [])]
    mine = [one for one in children if any(parent in service.processes() for parent in one.parents())]
    assert len(mine) == 1  # of both workers together
    service.kill()
    assert eventually(lambda: not service.alive(mine))  # though it has a process group of its own
    assert not job.has_ended()
    service.start()
    assert eventually(lambda: jobs.state(job).name == "done")
    assert job.read("progress.json")["resumed"] > 0
    service.stop()
    service.verify()
