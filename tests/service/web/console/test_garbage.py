"""Every form of the pages with garbage in every field: a page that says what is wrong, never a 5xx."""

import gzip
from urllib.parse import quote_plus

import pytest

from service.auth.pauses import Pauses
from service.web.console import batch_pages, check_pages, decline_pages, queue_pages, sign_in_pages
from service.web.console.forms import LABELS
from tests.service.conftest import body

EVERYBODY = ("everybody", "agent", "reviewer", "admin", "auditor")
# Every form there is, also one that is added later.
FORMS = sorted(
    route.path
    for module in (batch_pages, check_pages, decline_pages, queue_pages, sign_in_pages)
    for route in module.router.routes
    if "POST" in route.methods and route.path != "/batches"
)
FIELDS = (
    *LABELS,
    "clearance_id",
    "queue",
    "mark",
    "claim",
    "release",
    "pick-1",
    "nonce",
    "key",
    "next",
    "person",
    "kept-paste",
    "kept-handle",
)
GARBAGE = {
    "nothing": b"", "null": b"%00" * 20, "no_utf_8": b"%ff%fe%ed%a0%80", "percent": b"%%%zz", "long": b"x" * 50_000,
    "digits": b"9" * 5_000, "direction": quote_plus("\u202e\u2066" * 20).encode(), "beyond": b"%F4%8F%BF%BF" * 20,
    "address": quote_plus("http://[::1").encode(), "json": quote_plus('{"handle": 1e999}').encode(),
    "deep": quote_plus('{"a":' * 40 + "1" + "}" * 40).encode(), "digit": quote_plus("\u0661\u0662").encode(),
    "time": b"9999-12-31", "early": b"0001-01-01", "no_day": b"2026-02-31", "half": b"0.5", "below": b"-1",
    "punycode": quote_plus("https://xn--" + "z" * 60 + ".example/a").encode(),
    "surrogate": quote_plus('{"handle": "\\ud800", "display_name": "\\udfff\\u0000"}').encode(),
}  # fmt: skip
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def recorded(make_client, database_url):
    """A service that clears, on each kind of database; a busy machine is no failure."""
    return make_client(database_url=database_url, request_seconds=60)


@pytest.fixture
def everybody(recorded, person):
    return person(recorded, *EVERYBODY)


@pytest.fixture
def sound(recorded, everybody):
    """Fields that a form takes, of a check that was cleared."""
    recorded.check(actor=EVERYBODY[0])
    answer = recorded.post("/v1/checks", json=body(actor=EVERYBODY[0]), by=EVERYBODY).json()
    clearance = answer["clearance"]
    account = {name: str(value).lower() for name, value in body()["account"].items()}
    return answer["check_id"], account | {
        "csrf": everybody.get("/").hidden["csrf"], "action": "suspend", "verified": "no", "answer": "approve",
        "created_at": "2026-04-20", "reason": "seen", "outcome": "upheld", "relation": "unrelated", "note": "n",
        "clearance_id": clearance["clearance_id"], "token": clearance["token"], "typed_handle": "JaneR0e",
        "next": "/", "person": "demo-agent", "nonce": "of this page, once",
    }  # fmt: skip


def sent(who, path, fields):
    """A form as bytes, because no encoder writes some of these."""
    who.client.app.state.pauses = Pauses()  # ten wrong keys would be a pause
    content = b"&".join(name.encode() + b"=" + value for name, value in fields.items())
    return who.send("POST", path, content=content, headers=FORM, follow=False)


def ended_well(page):
    return page.status in {200, 303, 400, 401, 403, 404, 409, 413, 422}


@pytest.mark.parametrize("form", FORMS)
def test_garbage_in_a_form_is_a_page_and_no_failure(recorded, everybody, sound, form):
    check_id, fields = sound
    known = {name: quote_plus(value).encode() for name, value in fields.items()}
    path = form.replace("{check_id}", check_id).replace("{job_id}", check_id)
    for what, value in GARBAGE.items():
        page = sent(everybody, path, known | dict.fromkeys(FIELDS, value))
        assert ended_well(page), (what, page.status)
    for name in FIELDS:  # alone, where the rest is sound: a character that no database takes
        page = sent(everybody, path, known | {name: GARBAGE["null"]})
        assert ended_well(page), (name, page.status)


@pytest.mark.parametrize("path", ["/", "/history", "/reviews", "/reviews/decline", "/batches", "/docs", "/sign-in"])
def test_garbage_in_an_address_is_a_page_and_no_failure(everybody, path):
    names = (
        "q",
        "reason",
        "impact",
        "who",
        "claimed",
        "sort",
        "page",
        "empty",
        "platform",
        "handle",
        "account_id",
        "actor",
        "verdict",
        "outcome",
        "before",
        "example",
        "next",
        "unknown",
    )
    for what, value in GARBAGE.items():
        page = everybody.get(f"{path}?{'&'.join(f'{name}={value[:500].decode()}' for name in names)}")
        assert page.status in {200, 400, 422}, (what, page.status)


@pytest.mark.parametrize("path", ["/batches/{}", "/batches/{}/answers.csv", "/checks/{}", "/static/{}"])
def test_garbage_for_a_number_leads_nowhere(everybody, path):
    for what, value in GARBAGE.items():
        page = everybody.get(path.format((value[:500] or b"-").decode().replace("%2F", "_")), follow=False)
        assert page.status in {404, 422}, (what, page.status)


BROKEN = {
    "a.csv": b"", "b.csv": b"\x00" * 1_000, "c.jsonl": b'{"handle": ', "d.parquet": b"PAR1PAR1",
    "e.csv.gz": b"\x1f\x8b\x08", "f.csv.zst": b"\x28\xb5\x2f\xfd\x00", "g.json": b"[" * 100_000,
    "h.csv": b"\xff\xfeh\x00", "i.csv.gz": gzip.compress(b""),
    "j.exe": b"MZ", "": b"x", ".csv": b"handle\na\n", "../../k.csv": b"handle\na\n", "l\x00.csv": b"handle\na\n",
    "m" * 5_000 + ".csv": b"handle\na\n", "n\u202e.csv": b"handle\na\n", "o.csv.gz.gz.gz": gzip.compress(b"a"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_taken_or_refused_and_no_failure(make_client, person, tmp_path, name):
    who = person(make_client(home=tmp_path), *EVERYBODY)
    csrf = who.get("/batches").hidden["csrf"]
    files = {"file": (name, BROKEN[name], "application/octet-stream")}
    page = who.send("POST", "/batches", data={"csrf": csrf}, files=files, follow=False)
    assert page.status in {303, 400, 422}


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=", b"--\r\n\r\n--\r\n"),
        ("multipart/form-data; boundary=a", b""),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data\r\n\r\nx\r\n--a--"),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; name=\xff\r\n\r\nx\r\n--a--"),
        ("multipart/form-data; boundary=a", b"--a\r\nx\r\n\r\n" * 20),
        (
            "multipart/form-data; boundary=a; charset=utf-16",
            b'--a\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nx',
        ),
        (
            "multipart/form-data; boundary=a; charset=none",
            b'--a\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nx\r\n--a--\r\n',
        ),
        ("multipart/form-data; boundary=" + "a" * 5_000, b"x"),
    ],
)
def test_a_broken_form_with_a_file_is_refused(make_client, person, tmp_path, media_type, content):
    who = person(make_client(home=tmp_path), *EVERYBODY)
    page = who.send("POST", "/batches", content=content, headers={"content-type": media_type}, follow=False)
    assert page.status in {400, 403, 415}
