"""Prometheus keeps what the overview shows, without a name of anybody."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.service.conftest import NOW, body

NAMES = {
    "doublecheck_reviews_waiting", "doublecheck_reviews_overdue", "doublecheck_reviews_oldest_seconds",
    "doublecheck_reviews_compared", "doublecheck_reviews_agreed", "doublecheck_gate_last_call_timestamp_seconds",
    "doublecheck_gate_cases", "doublecheck_answer_seconds", "doublecheck_outcomes", "doublecheck_overturn_rate",
    "doublecheck_certificate_holds", "doublecheck_checks",
}  # fmt: skip


@pytest.fixture
def service(make_client):
    return make_client("below_threshold", review_hours=48)


def metrics(service):
    text = service.get("/metrics", by=None).text
    found = {family.name: family for family in text_string_to_metric_families(text)}
    return text, found


def value(found, name):
    return found[name].samples[0].value


def test_the_names_exist_from_the_start(service):
    assert metrics(service)[1].keys() >= NAMES


def test_they_tell_what_waits_what_was_answered_and_which_gate_called(service):
    check_id = service.check().json()["check_id"]
    service.check(account=body()["account"] | {"account_id": "2"})
    service.request("PUT", "/v1/gates/ozone", json={"waiting": 7}, by=("Quuxburger", "executor"))
    service.clock.at = NOW + timedelta(minutes=20)
    for who, answer in (("Quux-1", "approve"), ("Quux-2", "decline")):
        service.get(f"/v1/checks/{check_id}", by=(who, "reviewer"))
        given = {"answer": answer, "reason": "Looked."}
        service.post(f"/v1/checks/{check_id}/approvals", json=given, by=(who, "reviewer"))
    text, found = metrics(service)
    assert value(found, "doublecheck_reviews_waiting") == 1
    assert value(found, "doublecheck_reviews_oldest_seconds") == 1200
    assert (value(found, "doublecheck_reviews_compared"), value(found, "doublecheck_reviews_agreed")) == (1, 0)
    gate = found["doublecheck_gate_last_call_timestamp_seconds"].samples[0]
    assert (gate.labels, gate.value) == ({"gate": "ozone"}, NOW.timestamp())
    waited = {one.name: one.value for one in found["doublecheck_answer_seconds"].samples}
    assert waited["doublecheck_answer_seconds_count"] == 1, "the first answer of a check only"
    assert waited["doublecheck_answer_seconds_sum"] == 1200
    assert "Quux" not in text
