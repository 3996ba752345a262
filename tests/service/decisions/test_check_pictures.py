"""A picture in a check: hashed, compared, never kept."""

import base64
import threading

import pytest
from sqlalchemy import text

from classifier.pictures import hash_picture
from tests.classifier.pictures.drawn import drawn, saved

PICTURE = saved(drawn(1, 200), "JPEG")
SENT = base64.b64encode(PICTURE).decode()


def account(**columns):
    return {"platform": "x", "handle": "JaneR0e", "display_name": "Jane Roe", **columns}


@pytest.mark.parametrize("sent", [SENT, f"data:image/jpeg;base64,{SENT}"])
def test_the_picture_of_a_check_is_compared_by_its_hash(make_client, request_body, sent):
    client = make_client()
    response = client.post("/v1/checks", json=request_body(account=account(avatar=sent)))
    assert response.status_code == 200
    assert client.scorer.seen[0].avatar_pdq == hash_picture(PICTURE)
    assert response.json()["notes"] == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("https://pictures.example/jane.png", "not in base64"),
        (base64.b64encode(b"PK\x03\x04" + bytes(50)).decode(), "no PNG, JPEG, WEBP or GIF"),
        (base64.b64encode(PICTURE[:200]).decode(), "damaged or cut off"),
    ],
)
def test_a_picture_that_cannot_be_read_is_missing_and_said_so(make_client, request_body, sent, said):
    client = make_client()
    response = client.post("/v1/checks", json=request_body(account=account(avatar=sent)))
    assert response.status_code == 200
    assert client.scorer.seen[0].avatar_pdq is None
    assert response.json()["notes"] == [f"avatar: picture not read: {said}"]


def test_a_picture_is_not_kept(make_client, request_body):
    client = make_client()
    client.post("/v1/checks", json=request_body(account=account(avatar=SENT)))
    with client.check_service.engine.connect() as connection:
        for table in ("decisions", "log"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - names of ours
            assert rows
            assert SENT[:40] not in str(rows)


def test_a_picture_is_read_beside_the_loop_that_answers(make_client, request_body, monkeypatch):
    threads = []

    def hashed(_):
        threads.append(threading.current_thread().name)
        return "0f" * 32

    monkeypatch.setattr("service.decisions.check.hash_base64", hashed)
    client = make_client()
    client.post("/v1/checks", json=request_body(account=account(avatar=SENT)))
    [row] = client.post(
        "/v1/checks/batch", json={"checks": [request_body(account=account(avatar=SENT))]}
    ).json()["results"]  # fmt: skip
    assert row["error"] is None
    assert len(threads) == 2
    assert all(name.startswith("asyncio_") for name in threads)
