"""Batches in a browser; the jobs themselves are in ``tests/service/uploads``, with the processes that score them."""

import gzip
import json
import re
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from classifier.registry.demonstration import demonstration_registry
from classifier.scoring.policy import Policy
from service.uploads import worker
from service.uploads.jobs import MOST_WAITING, Jobs
from service.uploads.runner import Runner
from service.uploads.worker import SUMMARY, Order, score
from service.web.console.session_guard import COOKIE
from tests.service.web.console.conftest import HTML

PRIVATE = "Zanzibar-Quux"
KNOWN = next(account for account in demonstration_registry() if account.account_id)
ROWS = f"handle,platform,account_id\n{KNOWN.handle},{KNOWN.platform},{KNOWN.account_id}\nsomebody_else,x,7\n".encode()


@pytest.fixture
def own_home(tmp_path, small_home):
    return shutil.copytree(small_home, tmp_path / "own")


@pytest.fixture
def service(make_client, own_home):
    return make_client(home=own_home)


@pytest.fixture
def jobs(own_home):
    return Jobs(own_home)


@pytest.fixture
def agent(service, person):
    return person(service, "agent-17", "agent")


def upload(who, content=ROWS, name="may reports.csv", *, csrf=None, headers=None, follow=True, **fields):
    given = {"csrf": who.get("/batches").hidden["csrf"] if csrf is None else csrf} | fields
    files = {"file": (name, content, "application/octet-stream")}
    return who.send("POST", "/batches", data=given, files=files, headers=headers or {}, follow=follow)


@pytest.fixture
def run(service, own_home, jobs, monkeypatch):
    """Score the latest job in this process, as its runner would have it scored by another, and log it."""

    def scored():
        [*_, job] = jobs.all()
        with monkeypatch.context() as here:
            here.chdir(job.directory)
            here.setattr(worker, "BLOCK_ROWS", 100)
            score(Order.of(job, own_home, None, Policy(), demo=False, rows=10_000))
        runner = Runner(
            service.settings,
            service.check_service.engine,
            service.check_service.signer,
            service.clock,
        )
        while runner.turn():
            pass
        return job

    return scored


# --- sending -------------------------------------------------------------------------------------------------------


def test_a_file_is_sent_and_its_page_says_that_it_waits(agent, jobs):
    page = upload(agent)
    [job] = jobs.all()
    assert page.status == 200
    assert "Waits for its turn" in page.text
    assert "may reports.csv" in page.text
    assert page.all("section")[0]["data-refresh"] == "2"
    assert (job.actor, job.size, job.upload.read_bytes()) == ("agent-17", len(ROWS), ROWS)


def test_format_and_platform_are_those_chosen(agent, jobs):
    upload(agent, format="x-v2", platform=" x ")
    assert [(job.format, job.platform) for job in jobs.all()] == [("x-v2", "x")]


@pytest.mark.parametrize("token", ["", "x" * 43, "\u1e9e"])
def test_a_form_without_this_sessions_token_is_refused(agent, jobs, token):
    assert upload(agent, csrf=token).status == 403
    assert jobs.all() == []


def test_a_form_of_another_site_is_refused_before_it_is_read(agent, jobs):
    assert upload(agent, headers={"sec-fetch-site": "cross-site"}).status == 403
    assert jobs.all() == []


def test_who_is_not_signed_in_sends_nothing(service, person, jobs):
    stranger = person(service)
    page = upload(stranger, csrf="x")
    assert page.status == 401
    assert jobs.all() == []
    assert stranger.get("/batches").text.startswith("Sign in")


def test_what_a_stranger_sends_is_not_even_received(service):
    read = []

    async def endless():
        while True:
            read.append(1)
            yield b"--x\r\n" * 1000

    headers = HTML | {"content-type": "multipart/form-data; boundary=x"}
    assert service.post("/batches", by=None, content=endless(), headers=headers).status_code == 401
    assert len(read) <= 2


def test_an_auditor_sees_all_and_sends_and_removes_nothing(service, person, agent, jobs):
    upload(agent)
    [job] = jobs.all()
    auditor = person(service, "auditor-1", "auditor")
    assert "may reports.csv" in auditor.get("/batches").text
    assert auditor.path == "/batches"
    assert auditor.get("/batches").forms == set()
    assert auditor.get(f"/batches/{job.id}").forms == set()
    assert upload(auditor, csrf="x").status == 403
    assert auditor.post(f"/batches/{job.id}/remove", on="/history").status == 403
    assert jobs.all() == [job]


def test_anothers_upload_is_not_there(service, person, agent, jobs):
    upload(agent)
    [job] = jobs.all()
    colleague = person(service, "agent-18", "agent", "reviewer")
    assert "may reports" not in colleague.get("/batches").text
    for path in (
        f"/batches/{job.id}",
        f"/batches/{job.id}/answers.csv",
        "/batches/nonsense",
        "/batches/..%2f..%2fkeys",
    ):
        assert colleague.get(path).status == 404
    csrf = colleague.get("/batches").hidden["csrf"]
    assert colleague.send("POST", f"/batches/{job.id}/remove", data={"csrf": csrf}).status == 404
    assert jobs.all() == [job]


BAD = {
    "none chosen": ("", b"", "choose a file"),
    "no ending of ours": ("reports.xlsx", b"PK", "use one of"),
    "empty": ("reports.csv", b"", "is empty"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_taken_says_what_to_do_and_keeps_what_was_chosen(agent, jobs, kind):
    name, content, told = BAD[kind]
    page = upload(agent, content, name, format="mastodon", platform="mastodon")
    assert page.status == 422
    assert told in page.text
    assert {"value": "mastodon", "selected": None} in page.all("option")
    assert page.all("details")[0].get("open", "no") is None
    assert jobs.all() == []


@pytest.mark.parametrize("fields", [{"format": "csv"}, {"platform": "x" * 41}])
def test_odd_choices_are_refused(agent, jobs, fields):
    assert upload(agent, **fields).status == 422
    assert jobs.all() == []


def test_too_many_of_one_person_are_refused(agent, jobs):
    for _ in range(MOST_WAITING):
        upload(agent)
    page = upload(agent)
    assert page.status == 409
    assert "files are waiting" in page.text
    assert len(jobs.all()) == MOST_WAITING


def test_a_file_that_is_too_large_is_refused(make_client, person, own_home, jobs):
    agent = person(make_client(home=own_home, max_upload_bytes=1024), "agent-17", "agent")
    assert upload(agent, b"handle\n" + b"a\n" * 200_000).status == 413
    assert upload(agent, ROWS).status == 200
    assert len(jobs.all()) == 1


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("text/plain", b"handle", 415),
        ("application/x-www-form-urlencoded", b"csrf=x", 415),
        ("multipart/form-data", b"--x", 400),
        ("multipart/form-data; boundary=x", b"nothing of the kind", 400),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"a" * 9000,
            400,
        ),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\na', 400),
    ],
)
def test_a_body_that_is_no_form_is_refused(agent, jobs, content_type, body, status):
    headers = {"content-type": content_type}
    assert agent.send("POST", "/batches", content=body, headers=headers).status == status
    assert jobs.all() == []


def test_two_files_at_once_are_refused(agent, jobs):
    token = agent.get("/batches").hidden["csrf"]
    files = [("file", ("a.csv", ROWS)), ("file", ("b.csv", ROWS))]
    assert agent.send("POST", "/batches", data={"csrf": token}, files=files).status == 400
    assert jobs.all() == []


def test_what_is_received_touches_no_other_directory(agent, jobs, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    page = upload(agent, b"handle\n" + b"a\n" * 1_500_000)  # more than what Starlette keeps in memory
    assert page.status == 200
    assert [path.name for path in jobs.directory.iterdir()] == [jobs.all()[0].id]


def test_a_hostile_name_is_shown_and_never_a_path_or_markup(agent, jobs):
    page = upload(agent, name="../../<script>alert(1)</script>\u202e.csv")
    assert page.status == 200
    assert "<script>alert" not in page.response.text
    assert "\u202e" not in page.response.text
    assert "script>.csv" in page.text
    [job] = jobs.all()
    assert job.upload.parent.parent == jobs.directory


def test_no_text_of_an_upload_is_logged(agent, run, caplog):
    caplog.set_level("INFO")
    upload(agent, f"handle,bio\n{PRIVATE},{PRIVATE}\n{PRIVATE} !,{PRIVATE}\n".encode(), f"{PRIVATE}.csv")
    run()
    assert agent.get(agent.path).status == 200
    assert PRIVATE not in caplog.text


# --- looking -------------------------------------------------------------------------------------------------------


def test_how_far_it_is_is_a_bar_with_words(agent, jobs):
    upload(agent)
    [job] = jobs.all()
    jobs.take_turn(job.id)
    relations = {"impersonation": 400, "no_target": 100}
    job.write("progress.json", {"rows": 750, "resumed": 250, "expected": 3000, "rate": 9.0, "relations": relations})
    page = agent.get(f"/batches/{job.id}")
    assert {"max": "3000", "value": "750", "aria-labelledby": "state"} in page.all("progress")
    for words in (
        "750 of 3,000 rows",
        "about 9 a second",
        "4 minutes left",
        "Being scored: 25 %",
        "after the 250 rows",
    ):
        assert words in page.text, words
    assert "imitate a protected account400 80.0 %" in page.text
    assert page.all("meta")[-1] == {"http-equiv": "refresh", "content": "4"}


def test_the_list_says_how_far_each_is_and_asks_again_while_one_is_worked_on(agent, jobs):
    assert "No files yet: upload a CSV." in agent.get("/batches").text
    upload(agent)
    assert "Waits for its turn" in agent.get("/batches").text
    assert [one.get("data-refresh") for one in agent.get("/batches").all("section")] == [None, "5"]
    jobs.all()[0].end("failed", "it has no rows", agent.client.clock())
    assert "Failed: it has no rows" in agent.get("/batches").text
    assert [one.get("data-refresh") for one in agent.get("/batches").all("section")] == [None, None]


def test_a_file_that_failed_says_why(agent, run):
    upload(agent, gzip.compress(ROWS)[:20], "half.csv.gz")
    run()
    page = agent.get(agent.path)
    assert "It could not be scored" in page.text
    assert "upload it again" in page.text
    assert not [one for one in page.all("section") if "data-refresh" in one]
    assert not [one for one in page.all("meta") if one.get("http-equiv")]


def reported(president):
    """The president, ten accounts of one campaign, one with formulas, and a row that cannot be read."""
    same = {"platform": "x", "display_name": president.display_name, "created_at": "2026-01-01T00:00:00Z"}
    same |= {
        "bio": "Send harbour coins to <b>win</b> now",
        "links": ["https://win.example/x"],
        "followers": 3,
        "posts": 2,
    }
    rows = [{"platform": "x", "handle": president.handle, "account_id": president.account_id}]
    rows += [{"handle": f"0llivanderBrask{n}", "account_id": f"9{n}", "verified": False} | same for n in range(10)]
    rows += [{"handle": "=cmd", "platform": "+forum", "account_id": "@SUM(A1)"}]
    return ("\n".join(map(json.dumps, rows)) + '\n{"handle": \n').encode()


@pytest.fixture
def done(agent, run, president):
    """An upload of an agent's that is done."""
    upload(agent, reported(president), "may reports.jsonl")
    return run()


def test_results_are_figures_campaigns_and_what_to_look_at_first(agent, done, president):
    page = agent.get(f"/batches/{done.id}")
    assert "What the policy would say of 13 rows" in page.text
    assert "✕ Do not act1 7.7 %" in page.text
    assert "! Could not be read1 7.7 %" in page.text
    accounts = done.read(SUMMARY)["campaigns"][0]["accounts"]  # the small model does not find all ten
    assert accounts > 5
    assert f"{accounts} accounts imitate @{president.handle} on x" in page.text
    assert "They have the same bioSend harbour coins to <b>win</b> now" in page.text
    assert "They have the same linkwin.example/x" in page.text
    assert "Reported, and genuine: 1" in page.text
    assert "1 row without an answer" in page.text
    assert "row 13" in page.text
    assert "<b>win" not in page.response.text
    widths = [one["width"] for one in page.all("rect") if one["class"] == "share"]
    assert widths
    assert all(0 < float(width) <= 100 for width in widths)
    assert not re.search(r"style=|onclick=", page.response.text)


def test_the_log_vouches_for_what_is_shown(agent, done, jobs):
    page = agent.get(f"/batches/{done.id}")
    entry = jobs.state(done).entry
    assert f"Entry {entry['seq']} of the log" in page.text
    assert entry["hash"] in page.text


def test_answers_are_fetched_as_files_and_run_no_formula(agent, done):
    csv = agent.client.get(f"/batches/{done.id}/answers.csv", by=None, headers={"cookie": f"{COOKIE}={agent.cookie}"})
    assert csv.headers["content-disposition"] == "attachment; filename*=utf-8''may%20reports.answers.csv"
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert csv.headers["x-content-type-options"] == "nosniff"
    assert csv.headers["cache-control"] == "no-store"
    assert csv.text.count("\r\n") == 14
    assert ",forum,'@SUM(A1),'=cmd," in csv.text
    lines = agent.client.get(
        f"/batches/{done.id}/answers.jsonl", by=None, headers={"cookie": f"{COOKIE}={agent.cookie}"}
    )
    assert [json.loads(line)["row"] for line in lines.text.splitlines()] == list(range(1, 14))
    assert '"=cmd"' in lines.text


@pytest.mark.parametrize(
    "name", ["job.json", "ended.json", "answers.jsonl.summary.json", "%2e%2e", "upload.jsonl", "x"]
)
def test_nothing_else_is_fetched(agent, done, name):
    assert agent.get(f"/batches/{done.id}/{name}").status == 404


def test_answers_that_are_not_there_yet_are_not_fetched(agent, jobs):
    upload(agent)
    assert agent.get(f"/batches/{jobs.all()[0].id}/answers.csv").status == 404


def test_an_auditor_reads_the_answers(service, person, done):
    auditor = person(service, "auditor-1", "auditor")
    page = auditor.get(f"/batches/{done.id}")
    assert "uploaded by agent-17" in page.text
    assert page.forms == set()


# --- removing ------------------------------------------------------------------------------------------------------


def test_removing_takes_a_second_step_and_leaves_nothing(agent, done, jobs):
    page = agent.get(f"/batches/{done.id}")
    assert page.forms == {f"/batches/{done.id}/remove"}
    after = agent.post(f"/batches/{done.id}/remove", on=f"/batches/{done.id}")
    assert "No files yet: upload a CSV." in after.text
    assert [path.name for path in jobs.directory.iterdir() if path.is_dir()] == []
    assert agent.get(f"/batches/{done.id}").status == 404


def test_removing_without_the_token_is_refused(agent, done, jobs):
    assert agent.send("POST", f"/batches/{done.id}/remove", data={"csrf": ""}).status == 403
    assert jobs.all() == [done]


def test_what_is_old_is_gone(service, agent, done):
    service.clock.at += timedelta(hours=25)
    runner = Runner(service.settings, service.check_service.engine, service.check_service.signer, service.clock)
    try:
        assert not runner.turn()
    finally:
        service.clock.at -= timedelta(hours=25)
    assert not Path(done.directory).exists()
