"""Several checks are declined with one reason, each by the rules of a single one; none is ever approved so."""

from dataclasses import replace

import pytest

from classifier.scoring.evidence import Evidence
from service.decisions.queue_search import PAGE
from tests.service.conftest import ASSESSMENTS, body


@pytest.fixture
def service(make_client):
    return make_client(ASSESSMENTS["below_threshold"], total_daily=10**6)


def ask(service, number, actor="agent-17", **account):
    changes = {"account_id": str(7_000 + number), "handle": f"JaneR0e{number}"} | account
    asked = body(account=body()["account"] | changes, actor={"actor_id": actor})
    return service.post("/v1/checks", json=asked, by=(actor, "agent")).json()["check_id"]


def chosen(*ids):
    return f"/reviews/decline?{'&'.join(f'pick={check_id}' for check_id in ids)}"


def picks(*ids):
    return {f"pick-{check_id}": "yes" for check_id in ids}


def states(service, *ids):
    return [service.get(f"/v1/checks/{check_id}", by=("aud", "auditor")).json()["review"]["state"] for check_id in ids]


def test_one_reason_declines_several(service, person):
    ids = [ask(service, number) for number in range(3)]
    kim = person(service, "kim", "reviewer")
    page = kim.get(chosen(*ids))
    assert "Decline 3 checks" in page.text
    assert page.text.count("The handle looks like the protected one.") == 3, "the evidence is shown, and that recorded"
    done = kim.post("/reviews/decline", on=chosen(*ids), reason="Namesakes.", **picks(*ids[:2]))
    assert "2 declined" in done.text
    assert states(service, *ids) == ["declined", "declined", "open"], "what was unticked is left alone"
    answers = service.get(f"/v1/checks/{ids[0]}", by=("aud", "auditor")).json()["review"]["approvals"]
    assert [(one["reviewer"], one["answer"], one["reason"]) for one in answers] == [("kim", "decline", "Namesakes.")]


def test_what_may_not_be_declined_is_named_and_the_rest_is_done(service, person):
    own, gone, fine = ask(service, 0, actor="kim"), ask(service, 1), ask(service, 2)
    kim, lee = person(service, "kim", "reviewer"), person(service, "lee", "reviewer")
    fields = kim.get(chosen(own, gone, fine)).hidden
    lee.post(f"/checks/{gone}/answer", on=f"/checks/{gone}", answer="decline", reason="Mine.")
    unknown = "00000000-0000-0000-0000-000000000000"
    page = kim.send("POST", "/reviews/decline", data=fields | {"reason": "x"} | picks(own, gone, fine, unknown))
    assert "1 declined, 3 not" in page.text
    assert "@JaneR0e0: whoever asks for an action cannot approve it" in page.text
    assert "@JaneR0e1: somebody declined this check" in page.text
    assert "(unknown): there is no check with this number" in page.text
    assert states(service, own, gone, fine) == ["open", "declined", "declined"]


def test_what_cannot_be_answered_has_no_box_to_tick(service, person):
    own, other = ask(service, 0, actor="kim"), ask(service, 1)
    page = person(service, "kim", "reviewer").get(chosen(own, other))
    assert [field["name"] for field in page.all("input") if field.get("type") == "checkbox" and "name" in field] == [
        f"pick-{other}"
    ]
    assert "You cannot answer it: whoever asks for an action cannot approve it." in page.text
    assert "Decline 1 check" in page.text


def test_nobody_declines_what_was_not_shown(service, person):
    """Rule 3 of reviews holds for several as for one."""
    seen, unseen = ask(service, 0), ask(service, 1)
    kim = person(service, "kim", "reviewer")
    page = kim.post("/reviews/decline", on=chosen(seen), reason="x", **picks(seen, unseen))
    assert "1 declined, 1 not" in page.text
    assert "look at the evidence first" in page.text
    assert states(service, seen, unseen) == ["declined", "open"]


def test_without_a_reason_nothing_is_declined(service, person):
    check_id = ask(service, 0)
    kim = person(service, "kim", "reviewer")
    page = kim.post("/reviews/decline", on=chosen(check_id), reason=" ", **picks(check_id))
    assert (page.status, "Nothing was declined." in page.text) == (422, True)
    assert states(service, check_id) == ["open"]


def test_the_form_sent_twice_declines_once(service, person):
    check_id = ask(service, 0)
    kim = person(service, "kim", "reviewer")
    fields = kim.get(chosen(check_id)).hidden | {"reason": "Namesake."} | picks(check_id)
    for _ in range(2):
        assert "1 declined" in kim.send("POST", "/reviews/decline", data=fields).text
    assert len(service.get(f"/v1/checks/{check_id}", by=("aud", "auditor")).json()["review"]["approvals"]) == 1


def test_nothing_approves_several(service, person):
    check_id = ask(service, 0)
    kim = person(service, "kim", "reviewer")
    kim.post("/reviews/decline", on=chosen(check_id), answer="approve", reason="x", **picks(check_id))
    assert states(service, check_id) == ["declined"]


def test_with_nothing_chosen_it_leads_back_and_too_many_are_refused(service, person):
    kim = person(service, "kim", "reviewer")
    back = kim.get("/reviews/decline?queue=sort%3Ddue", follow=False)
    assert (back.status, back.response.headers["location"]) == (303, "/reviews?sort=due")
    assert kim.get("/reviews/decline?pick=x").status == 422
    assert kim.get(chosen(*["00000000-0000-0000-0000-000000000000"] * (PAGE + 1))).status == 422


def test_the_evidence_is_said_as_on_the_page_of_a_check(make_client, person):
    evidence = (
        Evidence("avatar_similarity", "How similar the pictures are", 1.0, "0f" * 32, "0f" * 32, 3.0, "picture"),
        Evidence("name_kept", "How rare the shared words are (bits)", 21.5, "Jane Roe", "Jane Roe", 2.0, "name"),
        Evidence("handle_broken", "How broken the words of the handle are (bits)", 8.25, "JaneR0e", "", 1.0, "handle"),
    )
    service = make_client(replace(ASSESSMENTS["below_threshold"], evidence=evidence))
    check_id = ask(service, 0)
    kim = person(service, "kim", "reviewer")
    several, alone = kim.get(chosen(check_id)), kim.get(f"/checks/{check_id}")
    for said in ("The picture looks like", "The name is the same as", "How broken the words of the handle are: 8.2."):
        assert said in several.text
        assert said in alone.text
    assert "0f0f" not in several.text
    assert "(bits)" not in several.text
