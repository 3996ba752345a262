"""The client's calls about demands and notices: against the real service, and against answers that cannot be right."""

from datetime import timedelta

import pytest
from doublecheck_client import AnswerError, RejectedError

from tests.service.client.wire import ACCOUNT, CHECK_ID, CLEARANCE_ID, Service, answer, connect

DEMAND = {
    "demand_id": CLEARANCE_ID, "check_id": CHECK_ID, "state": "due", "results": [], "text": "Please change it.",
}  # fmt: skip
TOLD = {"to": "person", "lang": "en", "dir": "ltr", "subject": "Your account", "text": "We took no action."}


def demanded(tool):
    """Ask for another name, send it, and return the demand."""
    checked = tool.check(ACCOUNT, "require_change", "agent-17", demands=["other_name"], time_limit_hours=48)
    tool.redeem(checked.token, ACCOUNT, "require_change")
    return tool.find(checked.check_id)["check"]["check_id"]


def test_a_demand_is_made_found_and_looked_at(make_client):
    service = make_client(total_daily=10**6)  # its own: what is demanded is remembered
    with connect(service) as tool, connect(service, "tool", "executor") as executor:
        check_id = demanded(tool)
        [demand] = executor.search_demands("open", platform="x", account_id="9001")["demands"]
        assert (demand["check_id"], demand["kinds"]) == (check_id, ["other_name"])
        assert executor.find_demand(demand["demand_id"])["text"] == demand["text"]
        assert executor.look(demand["demand_id"], ACCOUNT)["state"] == "open"
        service.clock.at += timedelta(hours=49)
        assert executor.search_demands("open")["demands"] == []
        assert len(executor.search_demands("due", limit=1)["demands"]) == 1
        looked = executor.look(demand["demand_id"], ACCOUNT | {"display_name": "Quite Another"})
        assert (looked["state"], looked["results"]) == ("met", [{"kind": "other_name", "met": True}])
        with pytest.raises(RejectedError, match="demand_refused"):
            executor.look(demand["demand_id"], ACCOUNT)


def test_a_profile_of_another_format_is_looked_at(make_client):
    service = make_client(total_daily=10**6)
    with connect(service) as tool, connect(service, "tool", "executor") as executor:
        demanded(tool)
        [demand] = executor.search_demands()["demands"]
        raw = {"id": "9001", "username": "JaneR0e", "name": "Quite Another", "public_metrics": {"followers_count": 12}}
        assert executor.look(demand["demand_id"], raw, format="x-v2")["state"] == "met"


def test_a_demand_takes_what_has_to_change_and_the_notice_goes_with_it(client):
    with connect(client) as tool:
        with pytest.raises(RejectedError, match="422"):
            tool.check(ACCOUNT, "require_change", "agent-17")
        noted = tool.check(ACCOUNT, "suspend", "agent-17", notice={"reporter": "person", "language": "pt"})
        assert tool.told(noted.check_id, "reporter")["lang"] == "pt"


def test_what_people_are_told_is_read_in_any_language_there_is(client):
    with connect(client) as tool:
        checked = tool.check(ACCOUNT, "suspend", "agent-17")
        told = tool.told(checked.check_id, "person", "ar-EG")
        assert (told["to"], told["lang"], told["dir"]) == ("person", "ar", "rtl")
        assert tool.told(checked.check_id, "reporter")["lang"] == "en"
        with pytest.raises(RejectedError, match="unknown_language"):
            tool.told(checked.check_id, "person", "zh")


@pytest.mark.parametrize(
    "wrong",
    [
        {"demand_id": CHECK_ID}, {"demand_id": None}, {"state": "granted"}, {"state": None}, {"results": {}},
        {"text": 1}, {"check_id": 7},
    ],
)  # fmt: skip
@pytest.mark.parametrize("call", ["find_demand", "look"])
def test_an_answer_that_is_not_this_demand_is_none(call, wrong):
    given = {"find_demand": (), "look": (ACCOUNT,)}[call]
    with Service(answer(DEMAND | wrong)).client() as tool, pytest.raises(AnswerError):
        getattr(tool, call)(CLEARANCE_ID, *given)
    with Service(answer(DEMAND)).client() as tool:
        assert getattr(tool, call)(CLEARANCE_ID, *given) == DEMAND
        with pytest.raises(ValueError, match="UUID"):
            getattr(tool, call)("../checks", *given)


@pytest.mark.parametrize("page", [{}, {"demands": None}, {"demands": [1]}, {"demands": [DEMAND | {"state": "met"}]}])
def test_a_page_of_other_demands_is_none(page):
    with Service(answer(page)).client() as tool, pytest.raises(AnswerError):
        tool.search_demands("due")


def test_what_is_asked_for_is_written_so_that_no_value_becomes_another():
    service = Service(answer({"demands": [], "next": None}))
    with service.client() as tool:
        tool.search_demands("due", account_id="7&state=met", before=9, limit=3)
    [request] = service.requests
    assert dict(request.url.params) == {"state": "due", "account_id": "7&state=met", "before": "9", "limit": "3"}


@pytest.mark.parametrize("wrong", [{"to": "reporter"}, {"text": None}, {"lang": 1}, {"dir": None}, {"subject": []}])
def test_a_text_for_somebody_else_is_none(wrong):
    with Service(answer(TOLD | wrong)).client() as tool, pytest.raises(AnswerError):
        tool.told(CHECK_ID, "person")
    with Service(answer(TOLD)).client() as tool:
        assert tool.told(CHECK_ID, "person") == TOLD
        with pytest.raises(ValueError, match="UUID"):
            tool.told("../checks", "person")
