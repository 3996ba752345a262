"""The book: what is in it survives a kill, one process holds it, and nobody else reads it."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from service.gates.book import Book
from service.gates.case import Case
from service.gates.errors import GateError


class Clock:
    at = 1_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book(tmp_path, clock):
    found = Book(tmp_path / "state", "invented", clock=clock)
    yield found
    found.close()


def case(ref="report-1", **changes):
    return Case(**{"ref": ref, "account": "9001", "action": "suspend", "reports": ["A fake."]} | changes)


def test_a_case_is_taken_on_once(book):
    assert book.take_on(case())
    assert not book.take_on(case(reports=["Another text."]))
    assert [entry.case.reports for entry in book.open()] == [["A fake."]]


def test_what_was_saved_is_there_after_a_restart(book, tmp_path):
    found = case()
    book.take_on(found)
    found.state, found.check_id, found.told = "waiting", "a-check", ["checked"]
    book.save(found, after=5.0)
    book.set_mark("cursor", "17")
    book.answer("digest", 202, "{}")
    book.close()
    again = Book(tmp_path / "state", "invented", clock=Clock())
    assert again.find("report-1").case == found
    assert (again.mark("cursor"), again.mark("other")) == ("17", None)
    assert again.answered("digest") == (202, "{}", 1_000.0)
    again.close()


def test_what_is_put_off_is_due_when_its_time_comes_and_what_is_over_never(book, clock):
    waiting, over = case("a"), case("b", state="done")
    book.take_on(waiting)
    book.take_on(over)
    book.put_off(waiting, "the platform is away", after=10.0)
    assert book.due() == []
    clock.at += 10.0
    assert [(entry.case.ref, entry.tries, entry.trouble) for entry in book.due()] == [("a", 1, "the platform is away")]
    book.save(waiting)
    assert [(entry.tries, entry.trouble) for entry in book.due()] == [(0, "")]
    assert book.counts() == {"done": 1, "new": 1}


def test_a_second_process_is_told_to_stop(book, tmp_path):
    with pytest.raises(GateError, match="another process"):
        Book(tmp_path / "state", "invented")
    Book(tmp_path / "state", "another").close()


def test_only_its_owner_reads_it(book, tmp_path):
    for path in (tmp_path / "state", *(tmp_path / "state").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_a_directory_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(GateError, match="DOUBLECHECK_GATE_STATE"):
        Book(tmp_path / "file", "invented")


def test_a_member_that_this_version_does_not_know_is_left_out():
    assert Case.from_json('{"ref": "a", "account": "1", "action": "suspend", "later": true}') == Case(
        "a", "1", "suspend"
    )


KILLED = """
import sys
from pathlib import Path
from service.gates.book import Book
from service.gates.case import Case
book = Book(Path(sys.argv[1]), "invented")
for number in range(10_000):
    book.take_on(Case(f"report-{number}", "9001", "suspend"))
    print(number, flush=True)
"""


@pytest.mark.process
@pytest.mark.parametrize("moment", [1, 7, 40])
def test_what_was_acknowledged_survives_kill_9(tmp_path, moment):
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    acknowledged = [process.stdout.readline() for _ in range(moment)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    book = Book(tmp_path, "invented")
    kept = {entry.case.ref for entry in book.open()}
    book.close()
    assert {f"report-{int(line)}" for line in acknowledged} <= kept
