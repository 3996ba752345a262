"""How a reviewer answers is counted up to yesterday, and told to the reviewer and to those who answer for the desk."""

from datetime import timedelta

import pytest

from service.auth.api_keys import Caller
from service.decisions.overview import Rate
from service.decisions.reviewer_quality import quality
from tests.service.conftest import NOW, acted, appeal, body
from tests.service.decisions.test_known_cases import LARGE, hidden, source
from tests.service.decisions.test_overview import read
from tests.service.test_rules import approve

ADMIN = Caller("k", "adm", frozenset({"admin"}))
TOMORROW = NOW + timedelta(days=1)


def seen(client, caller=ADMIN, span="30d", now=TOMORROW):
    return {one.name: one for one in read(client, lambda read_: quality(read_, span, caller, now))}


def asked(client, number):
    account = LARGE | {"account_id": str(7000 + number), "handle": f"JaneR0e{number}"}
    return client.check(account=account).json()["check_id"]


@pytest.mark.parametrize(("found", "given", "right"), [
    ("upheld", "approve", True), ("upheld", "decline", False),
    ("overturned", "decline", True), ("overturned", "approve", False),
])  # fmt: skip
def test_a_known_case_is_answered_right_as_the_appeal_was_decided(recorded, found, given, right):
    source(recorded, found)
    approve(recorded, hidden(recorded), ("ann", "reviewer"), given)
    ann = seen(recorded)["ann"]
    assert ann.known == Rate(int(right), 1)
    assert (ann.wrongly_approved, ann.wrongly_declined) == (
        int(not right and given == "approve"), int(not right and given == "decline"),
    )  # fmt: skip


def test_who_knew_the_original_is_not_judged_by_it(recorded):
    source(recorded)
    known = hidden(recorded)
    approve(recorded, known, ("approver-1", "reviewer"), "approve")
    assert seen(recorded)["approver-1"].known == Rate(0, 0)


def test_two_answers_are_compared_for_both(recorded):
    same, other = asked(recorded, 1), asked(recorded, 2)
    for check_id, last in ((same, "approve"), (other, "decline")):
        approve(recorded, check_id, ("ann", "reviewer"))
        approve(recorded, check_id, ("bob", "reviewer"), last)
    found = seen(recorded)
    assert found["ann"].agreed == found["bob"].agreed == Rate(1, 2)


def test_known_cases_are_in_no_agreement(recorded):
    source(recorded)
    known = hidden(recorded)
    for name in ("ann", "bob"):
        approve(recorded, known, (name, "reviewer"))
    assert seen(recorded)["ann"].agreed == Rate(0, 0)


def test_a_second_look_is_compared(make_client, database_url):
    client = make_client(database_url=database_url, second_look_share=1)
    check_id = asked(client, 1)
    approve(client, check_id, ("ann", "reviewer"))
    address, blind = f"/v1/second-looks/{check_id}", ("eve", "reviewer")
    client.get(address, by=blind)
    client.post(f"{address}/answer", json={"relation": "parody_or_fan"}, by=blind)
    assert seen(client)["ann"].blind == Rate(0, 1)


def test_appeals_count_for_who_approved(recorded):
    for number, found in enumerate(("upheld", "overturned")):
        account = LARGE | {"account_id": str(8000 + number), "handle": f"JaneR{number}"}
        appeal(recorded, acted(recorded, account=account), found)
    found = seen(recorded)
    assert found["approver-1"].overturned == found["approver-2"].overturned == Rate(1, 2)


def test_what_happened_today_is_in_no_figure(recorded):
    approve(recorded, asked(recorded, 1), ("ann", "reviewer"))
    source(recorded)
    approve(recorded, hidden(recorded), ("ann", "reviewer"))
    assert seen(recorded, now=NOW + timedelta(hours=5)) == {}
    assert seen(recorded, now=NOW + timedelta(days=40)) == {}
    assert "ann" in seen(recorded, span="90d", now=NOW + timedelta(days=40))


def test_a_reviewer_sees_the_own_figures_only(recorded):
    check_id = asked(recorded, 1)
    for name in ("ann", "bob"):
        approve(recorded, check_id, (name, "reviewer"))
    assert set(seen(recorded)) == {"ann", "bob"}
    assert set(seen(recorded, Caller("k", "Ann", frozenset({"reviewer"})))) == {"ann"}
    assert seen(recorded, Caller("k", "eve", frozenset({"reviewer"}))) == {}


def test_no_text_of_an_account_is_in_it(recorded):
    approve(recorded, asked(recorded, 1), ("ann", "reviewer"))
    assert body()["account"]["display_name"] not in repr(seen(recorded))
