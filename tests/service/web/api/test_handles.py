"""Whether a handle may be given to somebody, before anybody registers it."""

import logging

import pytest

from tests.service.conftest import TARGET

TOOL = ("the-gate", "executor")


def asked(client, handle, platform="x", by=TOOL):
    return client.get(f"/v1/handles/{platform}/{handle}", by=by)


@pytest.mark.parametrize("handle", ["JaneRoe", "janeroe", "@JaneRoe"])
def test_a_protected_handle_is_named_with_whose_it_is(client, handle):
    answer = asked(client, handle).json()
    assert (answer["state"], answer["protected_handle"], answer["protected_name"]) == (
        "protected", TARGET.handle, TARGET.display_name,
    )  # fmt: skip
    assert answer["score"] is None


def test_what_resembles_one_is_told_with_how_near_it_is(client):
    answer = asked(client, "JaneR0e").json()
    assert (answer["state"], answer["protected_handle"], answer["score"]) == ("resembles", "JaneRoe", 21.5)


def test_any_other_is_free_and_names_nobody(client):
    answer = asked(client, "brass_teapot").json()
    assert answer["state"] == "free"
    assert answer["protected_handle"] is answer["protected_name"] is answer["score"] is None
    assert answer["registry_version"] == client.scorer.registry.version


def test_what_is_no_handle_is_refused(client):
    answer = asked(client, "not a handle!")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


def test_nothing_is_recorded_of_the_question(client):
    client.key(*TOOL)  # the making of a key is an entry in the log
    before = client.get("/v1/checks").json()
    ends = client.commit(lambda transaction: transaction.ends_at)
    asked(client, "JaneR0e")
    assert client.get("/v1/checks").json() == before
    assert client.commit(lambda transaction: transaction.ends_at) == ends


def test_the_handle_is_in_no_log(client, caplog):
    with caplog.at_level(logging.DEBUG):
        asked(client, "JaneR0e")
    own = [record for record in caplog.records if record.name.startswith(("service", "access", "uvicorn"))]
    assert not any("JaneR0e" in record.getMessage() or "JaneR0e" in str(record.__dict__) for record in own)
