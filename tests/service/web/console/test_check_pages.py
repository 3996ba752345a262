"""The pages of checks: what they say is what was recorded, and what may not be done has no form."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.auth.api_keys import end_access
from service.records.tables import approvals, clearances, decisions, outcomes
from tests.service.conftest import ASSESSMENTS, NOW

SCRIPT = "<script>alert(1)</script>"
KNOWN = {
    "paste": "JaneR0e", "platform": "x", "account_id": "9001", "display_name": "Jane Roe", "followers": "1,200",
    "bio": "Chair of Northwind.",
    "created_at": "2026-04-20", "verified": "no",
}  # fmt: skip
HEADLINES = {
    "impersonation": "Imitates @JaneRoe: 99.2 %.",
    "is_protected": "This IS the protected account of @JaneRoe: do not act.",
    "declared_secondary": "This is a genuine second account of @JaneRoe: do not act.",
    "no_target": "It resembles no protected account.",
}


@pytest.fixture
def agent(person, client):
    return person(client, "agent-17", "agent")


@pytest.fixture
def alone(make_client, person):
    """A service of its own and its agent: for what is remembered of the account that all tests ask for."""
    client = make_client(total_daily=10**6)
    return client, person(client, "agent-17", "agent")


def acts(agent, **known):
    """Ask for a check, act on it, and return the page that says so."""
    agent.check(**KNOWN | known)
    path = agent.path
    given = agent.post(f"{path}/clearance", on=path)
    spent = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN | known)
    assert "has spent the clearance" in spent.text
    return spent


@pytest.fixture
def reviewers(person):
    return lambda client: [person(client, f"rev-{number}", "reviewer") for number in (1, 2)]


def count(client, table):
    with client.check_service.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def token_on(page):
    return page.hidden.get("token", "")


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_check_is_recorded_in_the_name_of_who_signed_in(client, agent):
    page = agent.check(**KNOWN, report="Sent by a customer.")
    found = client.get(f"/v1{agent.path}").json()
    assert page.status == 200
    assert (found["actor"]["actor_id"], found["caller"], found["action"]) == ("agent-17", "agent-17", "suspend")
    assert found["report"] == "Sent by a customer."
    assert found["account"]["followers"] == 1200


@pytest.mark.parametrize("name", sorted(HEADLINES))
def test_the_answer_is_one_sentence(make_client, person, name):
    page = person(make_client(name), "agent-17", "agent").check(**KNOWN)
    assert HEADLINES[name] in page.text


def test_a_profile_can_be_pasted(client, agent):
    agent.check(
        paste='{"data": {"id": "1", "username": "JaneR0e", "name": "J", "public_metrics": {"followers_count": 7}}}'
    )
    assert client.scorer.seen[-1].followers == 7


def test_a_day_in_a_pasted_profile_is_one_as_in_the_field_for_it(client, agent):
    agent.check(paste='{"handle": "JaneR0e", "created_at": "2026-04-20"}')
    assert f"{client.scorer.seen[-1].created_at:%Y-%m-%d %H:%M}" == "2026-04-20 00:00"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"paste": ""}, "Reported account: paste a handle, the profile's address or its JSON, or fill in the fields"),
        ({"paste": '{"handle": "JaneR0e", "followers": "many"}'}, "Reported account: its field followers "),
        (
            {"paste": '{"handle": "JaneR0e", "created_at": "yesterday"}'},
            "its field created_at must be",
        ),
        ({"paste": "{"}, "is not JSON that can be read"),
        ({"paste": "JaneR0e", "followers": "many"}, "Followers"),
        ({"paste": "JaneR0e", "action": "hug"}, "Action"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_lost(client, agent, fields, says):
    before = count(client, decisions)
    page = agent.check(**{"display_name": "Jane of the fields"} | fields)
    assert page.status == 422
    assert "Nothing was checked." in page.text
    assert says in page.text
    assert "Jane of the fields" in page.response.text
    assert count(client, decisions) == before


def test_the_same_form_sent_twice_is_one_check(client, agent):
    hidden = agent.get("/").hidden
    sent = [agent.send("POST", "/", data=hidden | KNOWN | {"action": "suspend"}, follow=False) for _ in range(2)]
    assert len({page.response.headers["location"] for page in sent}) == 1


def test_a_failing_model_is_a_page_without_a_verdict(make_client, person):
    page = person(make_client(RuntimeError("x")), "agent-17", "agent").check(**KNOWN)
    assert page.status == 500
    assert "nothing may be done" in page.text
    assert "Traceback" not in page.response.text


# --- acting ----------------------------------------------------------------------------------------------------------


def test_a_cleared_check_has_the_button_and_the_clearance_counts_once(client, agent):
    page = agent.check(**KNOWN)
    path, before = agent.path, count(client, clearances)
    assert page.forms == {f"{path}/clearance"}
    assert before == count(client, clearances), "nobody asked for it yet"
    given = agent.post(f"{path}/clearance", on=path)
    assert token_on(given)
    assert token_on(agent.get(path)) == "", "it is shown once"
    spent = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN)
    assert "has spent the clearance" in spent.text
    assert spent.forms == set()
    again = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN | {"nonce": "another-nonce-of-16+"})
    assert again.status == 409
    assert "spent" in again.text


@pytest.mark.parametrize("name", sorted(set(ASSESSMENTS) - {"impersonation"}))
def test_what_is_not_cleared_has_no_button_and_gives_none(make_client, person, name):
    client = make_client(name)
    agent = person(client, "agent-17", "agent")
    page, path = agent.check(**KNOWN), agent.path
    assert page.forms == ({f"{path}/ask"} if name == "no_target" else set())
    refused = agent.send("POST", f"{path}/clearance", data=agent.get("/").hidden)
    assert refused.status == 409
    assert token_on(refused) == ""


def test_a_second_clearance_makes_the_first_void(client, agent):
    agent.check(**KNOWN)
    path = agent.path
    first, second = (agent.post(f"{path}/clearance", on=path) for _ in range(2))
    assert token_on(first) != token_on(second)
    refused = agent.send("POST", f"{path}/redeem", data=first.hidden | KNOWN)
    assert (refused.status, "revoked" in refused.text or "void" in refused.text) == (409, True)
    assert "has spent" in agent.send("POST", f"{path}/redeem", data=second.hidden | KNOWN).text


def test_what_was_cleared_long_ago_must_be_asked_again(make_client, person):
    client = make_client(clearance_minutes=15)
    agent = person(client, "agent-17", "agent")
    agent.check(**KNOWN)
    path = agent.path
    hidden = agent.get(path).hidden
    client.clock.at = NOW + timedelta(minutes=15)
    assert agent.get(path).forms == set()
    refused = agent.send("POST", f"{path}/clearance", data=hidden)
    assert "ask for a new check" in refused.text


def test_an_account_that_changed_keeps_what_was_typed_and_is_not_acted_on(alone):
    _, agent = alone
    agent.check(**KNOWN)
    path = agent.path
    given = agent.post(f"{path}/clearance", on=path)
    page = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN | {"paste": "", "handle": "Renamed"})
    assert page.status == 409
    assert "Not done, because:" in page.text
    assert "Remembered of this account" in page.text
    assert "after this check: nobody can act on it any more" in page.text
    assert page.forms == set(), "what was seen is not forgotten by the next try"
    again = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN | {"nonce": "another-nonce-of-16+"})
    assert "After this check an action on the account was refused" in again.text
    new = agent.check(**KNOWN)
    assert "An action on this account was refused before, for what was seen of it: needs two approvals." in new.text
    assert "The account has another handle now" in new.text


def test_what_cannot_be_read_when_it_is_spent_keeps_what_was_typed(client, agent):
    agent.check(**KNOWN)
    path = agent.path
    given = agent.post(f"{path}/clearance", on=path)
    page = agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN | {"followers": "many", "bio": "As it is."})
    assert (page.status, token_on(page)) == (422, token_on(given))
    assert "As it is." in page.response.text


def test_another_agent_does_not_see_it(client, agent, person):
    agent.check(**KNOWN)
    assert person(client, "agent-18", "agent").get(agent.path).status == 404


def test_an_account_is_checked_again_from_the_fields_it_was_checked_with(client, agent, person):
    agent.check(**KNOWN)
    form = f"/?again={agent.path.rpartition('/')[2]}"
    page = agent.get(form)
    shown = {field["name"]: field.get("value") for field in page.all("input") if "name" in field}
    assert (page.status, shown["handle"], shown["display_name"]) == (200, "JaneR0e", KNOWN["display_name"])
    assert person(client, "another", "agent").get(form).status == 404
    assert agent.get("/?again=nothing").status == 422


def test_what_to_do_once_a_clearance_has_expired_is_on_its_page(client, agent):
    agent.check(**KNOWN)
    page = agent.post(f"{agent.path}/clearance", on=agent.path)
    assert "Your clearance has expired" in page.text  # hidden until then
    assert {"id": "lapsed", "hidden": None}.items() <= next(
        one for one in page.all("div") if one.get("id") == "lapsed"
    ).items()


# --- two people ------------------------------------------------------------------------------------------------------

HIGH = KNOWN | {"followers": "2,412,345"}
TYPED = {"typed_handle": "JaneR0e"}


def test_a_high_impact_account_takes_two_people_who_type_its_handle(client, agent, reviewers):
    page = agent.check(**HIGH)
    path = agent.path
    assert "2,412,345 people follow this account" in page.text
    assert page.forms == set()
    for one in reviewers(client):
        shown = one.get(path)
        assert f"{path}/answer" in shown.forms
        untyped = one.post(f"{path}/answer", on=path, answer="approve", reason="A plain fake.")
        assert untyped.status == 422
        assert "A plain fake." in untyped.response.text
        done = one.post(f"{path}/answer", on=path, answer="approve", reason="A plain fake.", typed_handle="@janer0e")
        assert done.status == 200
        assert f"{path}/answer" not in done.forms
    untyped = agent.post(f"{path}/clearance", on=path)
    assert (untyped.status, token_on(untyped)) == (422, "")
    assert token_on(agent.post(f"{path}/clearance", on=path, typed_handle="JaneR0e"))


@pytest.mark.parametrize("typed", ["", "JaneRoe", "janeroe", "Jane", "@"])
def test_another_handle_is_not_the_handle(client, agent, reviewers, typed):
    agent.check(**HIGH)
    one = reviewers(client)[0]
    page = one.post(f"{agent.path}/answer", on=agent.path, answer="approve", reason="x", typed_handle=typed)
    assert page.status == 422


def test_letters_of_another_script_are_typed_as_they_look(client, agent, reviewers):
    agent.check(**HIGH | {"paste": "J\u0430neRoeReal"})
    one = reviewers(client)[0]
    page = one.post(f"{agent.path}/answer", on=agent.path, answer="approve", reason="x", typed_handle="JaneRoeReal")
    assert page.status == 200


def test_the_protected_accounts_handle_is_not_the_reported_ones_though_it_looks_the_same(client, agent, reviewers):
    """That is the confusion for which the handle is typed."""
    agent.check(**HIGH | {"paste": "J\u0430neRoe"})
    one = reviewers(client)[0]
    given = {"answer": "approve", "reason": "x"}
    page = one.post(f"{agent.path}/answer", on=agent.path, typed_handle="JaneRoe", **given)
    assert page.status == 422
    assert "this is the protected account's handle" in page.text
    assert one.post(f"{agent.path}/answer", on=agent.path, typed_handle="J\u0430neRoe", **given).status == 200


def test_to_decline_no_handle_is_typed_and_it_is_enough(client, agent, reviewers):
    agent.check(**HIGH)
    first, second = reviewers(client)
    page = first.post(f"{agent.path}/answer", on=agent.path, answer="decline", reason="It may be genuine.")
    assert page.status == 200
    assert "It may be genuine." in page.text
    assert second.get(agent.path).forms & {f"{agent.path}/answer"} == set()


def test_an_answer_from_somebody_who_was_not_shown_the_evidence_is_refused(client, agent, reviewers):
    agent.check(**HIGH)
    one, before = reviewers(client)[0], count(client, approvals)
    given = {"answer": "approve", "reason": "Unseen.", "typed_handle": "JaneR0e"}
    page = one.post(f"{agent.path}/answer", on="/reviews", **given)
    assert (page.status, count(client, approvals)) == (409, before)
    assert "ook at the evidence first" in page.text
    assert "Unseen." in page.response.text


def test_an_answer_needs_a_reason(client, agent, reviewers):
    agent.check(**HIGH)
    one, before = reviewers(client)[0], count(client, approvals)
    page = one.post(f"{agent.path}/answer", on=agent.path, answer="decline", reason="  ")
    assert (page.status, count(client, approvals)) == (422, before)


def test_a_reason_can_be_chosen_instead_of_written(make_client, person, reviewers):
    client = make_client("below_threshold")
    agent = person(client, "agent-17", "agent")
    agent.check(**KNOWN)
    asked = agent.path
    one, before = reviewers(client)[0], count(client, approvals)
    page = one.get(asked)
    assert "A namesake: another person with the same name." in page.text
    wrong = one.post(f"{asked}/answer", on=asked, answer="approve", because="namesake", reason="")
    assert (wrong.status, count(client, approvals)) == (422, before)
    assert "speaks for the other answer" in wrong.text
    page = one.post(f"{asked}/answer", on=asked, answer="decline", because="namesake", reason="Both bake.")
    assert "A namesake: another person with the same name. Both bake." in page.text


def test_of_high_impact_reviewers_say_why_in_their_own_words(client, agent, reviewers):
    agent.check(**HIGH)
    one, before = reviewers(client)[0], count(client, approvals)
    assert "A namesake: another person" not in one.get(agent.path).text
    page = one.post(f"{agent.path}/answer", on=agent.path, answer="decline", because="namesake", reason="")
    assert (page.status, count(client, approvals)) == (422, before), "nor does the service take it from elsewhere"


def test_nobody_sees_a_form_for_the_own_check(make_client, person):
    client = make_client("below_threshold")
    both = person(client, "both", "agent", "reviewer")
    page = both.check(**KNOWN)
    assert f"{both.path}/answer" not in page.forms
    assert "whoever asks for an action cannot approve it" in page.text
    refused = both.post(f"{both.path}/answer", on=both.path, answer="approve", reason="x")
    assert refused.status == 409


def test_a_reviewer_about_to_leave_sees_no_form(make_client, person):
    client = make_client("below_threshold", total_daily=10**6)
    agent = person(client, "agent-17", "agent")
    agent.check(**KNOWN)
    leaving = person(client, "leaving", "reviewer")
    client.commit(lambda transaction: end_access(transaction, "leaving", NOW + timedelta(hours=1)))
    page = leaving.get(agent.path)
    assert page.forms & {f"{agent.path}/answer"} == set()
    assert "somebody else must look" in page.text


def test_a_reviewer_makes_a_clearance_void(client, agent, reviewers):
    agent.check(**KNOWN)
    path = agent.path
    given = agent.post(f"{path}/clearance", on=path)
    page = reviewers(client)[0].post(f"{path}/revoke", on=path)
    assert "Made the clearance void" in page.text
    assert agent.send("POST", f"{path}/redeem", data=given.hidden | KNOWN).status == 409


def test_an_appeal_is_recorded_shown_and_stops_what_comes_after(alone, reviewers):
    client, agent = alone
    path = acts(agent).response.url.path
    agent.check(**KNOWN)
    other = agent.path
    given = agent.post(f"{other}/clearance", on=other)
    one, two = reviewers(client)
    page = one.post(f"{path}/outcome", on=path, outcome="overturned", relation="same_owner", note="Her press office.")
    assert "An appeal overturned the decision" in page.text
    assert "Her press office." in page.text
    assert "Later checks of the account take two people" in page.text
    assert count(client, outcomes) == 1
    shown = agent.get(other)
    assert shown.forms == set()
    assert "Warned of since: do not act" in shown.text
    assert "The clearance is void: an appeal was overturned by rev-1" in shown.text
    refused = agent.send("POST", f"{other}/redeem", data=given.hidden | KNOWN)
    assert (refused.status, "appeal overturned an action on this account after this check" in refused.text) == (
        409,
        True,
    )
    new = agent.check(**KNOWN)
    assert "This account was found genuine, and its profile is as it was: do not act." in new.text
    assert path in [link.get("href") for link in new.all("a")]
    corrected = two.post(f"{path}/outcome", on=path, outcome="upheld", relation="", note="The complaint was forged.")
    for words in ("Her press office.", "The complaint was forged.", "by rev-1", "by rev-2", "An appeal upheld"):
        assert words in corrected.text
    assert "Remembered of this account" not in corrected.text
    assert "Cleared to act" in agent.check(**KNOWN).text


def test_a_check_that_an_appeal_has_ended_cannot_be_answered(alone, reviewers):
    client, agent = alone
    path = acts(agent).response.url.path
    agent.check(**HIGH)
    opened = agent.path
    one, two = reviewers(client)
    assert f"{opened}/answer" in two.get(opened).forms
    hidden = two.get(opened).hidden
    one.post(f"{path}/outcome", on=path, outcome="overturned", relation="unrelated", note="Hers.")
    shown = two.get(opened)
    assert f"{opened}/answer" not in shown.forms
    assert "an appeal came in or was overturned, somebody proved who they are, or something was seen" in shown.text
    refused = two.send("POST", f"{opened}/answer", data=hidden | {"answer": "approve", "reason": "x"} | TYPED)
    assert (refused.status, "appeal overturned an action on this account after this check" in refused.text) == (
        409,
        True,
    )
    assert "its actor may ask anew" in two.get("/reviews").text


def test_an_outcome_has_no_answer_chosen_and_needs_one_with_a_reason(alone, reviewers):
    client, agent = alone
    path = acts(agent).response.url.path
    one = reviewers(client)[0]
    page = one.get(path)
    chosen = [option for option in page.all("option") if "selected" in option]
    assert [option["value"] for option in chosen] == ["", ""]
    for given, fault in (
        ({"outcome": "", "relation": "", "note": "kept"}, "outcome"),
        ({"outcome": "perhaps", "relation": "", "note": "kept"}, "outcome"),
        ({"outcome": "overturned", "relation": "", "note": "kept"}, "relation"),
        ({"outcome": "upheld", "relation": "", "note": "  "}, "note"),
    ):
        wrong = one.post(f"{path}/outcome", on=path, **given)
        assert wrong.status == 422
        assert f"{fault}-error" in [error.get("id") for error in wrong.all("p")]
        assert given["note"] in wrong.response.text, "nothing typed is lost"
    assert count(client, outcomes) == 0


def test_there_is_no_form_for_an_outcome_of_what_was_not_done_or_is_ones_own(alone, person, reviewers):
    client, agent = alone
    agent.check(**KNOWN)
    one = reviewers(client)[0]
    assert f"{agent.path}/outcome" not in one.get(agent.path).forms
    asked = person(client, "asker", "agent", "reviewer")
    path = acts(asked).response.url.path
    assert f"{path}/outcome" not in asked.get(path).forms
    assert f"{path}/outcome" in one.get(path).forms
    refused = asked.post(f"{path}/outcome", on=path, outcome="upheld", relation="", note="Mine.")
    assert (refused.status, "does not say what an appeal against it found" in refused.text) == (409, True)


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_what_changed_since_the_check_is_shown(make_client, person):
    client = make_client("below_threshold", total_daily=10**6)
    agent, one = person(client, "agent-17", "agent"), person(client, "rev-1", "reviewer")
    agent.check(**KNOWN)
    path = agent.path
    assert "Nothing that is known here" in one.get(path).text
    agent.check(**KNOWN | {"followers": "90,000", "display_name": "Somebody Else"})
    text = one.get(path).text
    assert "Followers1,20090,000 by a later check" in text.replace(" 1,200 ", "1,200").replace(" 90,000", "90,000")
    assert "Somebody Else" in text


def test_the_history_is_proved(client, agent):
    page = agent.check(**KNOWN)
    assert "Asked to suspend it" in page.text
    assert re.search(r"Verified just now: its hash and its record fit.* signed", page.text)


@pytest.mark.parametrize("text", [SCRIPT, f'"><{SCRIPT}', "</textarea>" + SCRIPT, "{{ 7919 * 7919 }}", "\u202e" * 40])
@pytest.mark.parametrize("field", ["paste", "display_name", "bio", "links", "platform", "account_id", "report"])
def test_no_text_becomes_markup(agent, field, text):
    for page in (agent.check(**KNOWN | {field: text}), agent.check(**KNOWN | {field: text, "followers": "many"})):
        assert page.status in {200, 422}
        assert SCRIPT not in page.response.text
        assert "62710561" not in page.response.text
        assert [script for script in page.all("script") if not script["src"].startswith("/static/")] == []


def test_pages_need_nothing_that_their_policy_forbids(client, agent, reviewers):
    agent.check(**HIGH)
    one = reviewers(client)[0]
    for page in (agent.get("/"), agent.get(agent.path), one.get(agent.path), one.get("/reviews"), one.get("/history")):
        assert not page.all("style", "img", "iframe", "object")
        named = [name for _, attributes in page.elements for name in attributes]
        assert not [name for name in named if name == "style" or name.startswith("on")]
        addresses = [one_["href"] for one_ in page.all("a", "link")] + [form["action"] for form in page.all("form")]
        assert all(address.startswith(("/", "#")) and not address.startswith("//") for address in addresses)
