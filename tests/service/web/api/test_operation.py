"""Who may read the metrics is a setting; probes are for everybody who reaches the port."""

from pathlib import Path

import pytest


def test_by_default_whoever_reaches_the_port_reads_them(client):
    assert client.get("/metrics", by=None).status_code == 200


def test_they_can_be_for_those_who_have_a_key(make_client):
    client = make_client(metrics="key")
    refused = client.get("/metrics", by=None)
    assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
    assert "doublecheck_" not in refused.text
    assert client.get("/metrics", by=("scraper", "auditor")).status_code == 200
    assert client.get("/metrics", by=None, headers={"authorization": "Bearer wrong"}).status_code == 401


def test_they_can_be_for_nobody(make_client):
    client = make_client(metrics="off")
    for by in (None, ("ada", "admin")):
        refused = client.get("/metrics", by=by)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("metrics", ["key", "off"])
def test_probes_need_no_key_all_the_same(make_client, metrics):
    client = make_client(metrics=metrics)
    assert [client.get(path, by=None).status_code for path in ("/healthz", "/readyz")] == [200, 200]


def test_a_key_in_a_parameter_is_none(make_client):
    assert make_client(metrics="key").get("/metrics?key=x", by=None).status_code == 401


def test_they_are_there_and_say_so_when_the_database_is_not(make_client):
    """Else nobody is alarmed: what scrapes them would only find no answer."""
    client = make_client(second_look_share=0)
    assert "doublecheck_database_up 1.0" in client.get("/metrics", by=None).text
    Path(str(client.check_service.engine.url.database)).unlink()
    told = client.get("/metrics", by=None)
    assert told.status_code == 200
    assert "doublecheck_database_up 0.0" in told.text
    assert "doublecheck_protected_accounts" in told.text
    assert "doublecheck_reviews_waiting" not in told.text
