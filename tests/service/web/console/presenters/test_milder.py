"""What a check's page says of the clock, of the platform's rule and of the change that fits."""

from datetime import timedelta

from classifier.accounts.account import Account
from service.schemas.notices import DueOut
from service.schemas.overdue import FallOut
from service.web.console.presenters.milder import milder
from tests.service.conftest import NOW
from tests.service.decisions.test_demands import ACCOUNT, PARODY
from tests.service.web.console.answers import detail_of, response_to

PARODIED = Account(**{name: ACCOUNT[name] for name in ("platform", "handle", "display_name", "bio")})


def view(state="open", after=timedelta(), **changes):
    due = DueOut(due_at=NOW + timedelta(hours=24), because="Own target for trusted flaggers.")
    check = response_to(PARODY, PARODIED).model_copy(update={"due": due})
    return milder(detail_of(check, PARODIED, state=state, **changes), now=NOW + after)


def test_it_says_by_when_and_why_while_it_waits():
    assert view().due == "An answer is due by 2 May 2026, 12:00 UTC. Own target for trusted flaggers."
    assert view(after=timedelta(hours=24)).due.startswith("It is overdue. An answer is due")
    assert view("declined").due == view("not_needed").due == ""


def test_it_says_what_the_platform_asks_and_which_change_fits():
    found = view()
    assert ("Missing", "A label must stand at the start of the name and in the bio.") in found.asked
    assert {met for met, _ in found.asked} <= {"Met", "Missing", "Not known"}
    assert found.why
    assert [text for text in found.demands if text.startswith("Put the word")]


def test_it_says_what_it_falls_to_only_where_it_does():
    assert view().falls_to == ""
    assert view(falls_to=FallOut(demands=["other_name"], text="Ask anew.")).falls_to == "Ask anew."


def test_the_page_shows_all_of_it_in_plain_words(make_client, person):
    client = make_client(PARODY, overdue="require_change")
    notice = {"reporter": "trusted_flagger", "ground": "law"}
    check_id = client.check(account=ACCOUNT, notice=notice).json()["check_id"]
    client.clock.at = NOW + timedelta(hours=24)
    for who, role in (("agent-17", "agent"), ("rev-1", "reviewer")):
        said = person(client, who, role).get(f"/checks/{check_id}").text
        for words in (
            "It is overdue.",
            "What the platform asks of a parody",
            "A change that fits",
            "Its time is up.",
            "Put the word",
        ):
            assert words in said, words
        assert "label_position" not in said
