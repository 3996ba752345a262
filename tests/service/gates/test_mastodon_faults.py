"""The gate for Mastodon where accounts change and the server fails: suspended once, with a clearance, or not at all."""

import pytest

from service.gates import worker as worker_module
from tests.service.gates.fakes.mastodon import PRIVATE, SECRET, TOKEN
from tests.service.gates.mastodon_rig import later, make, poll, quick, reported, server

__all__ = ["make", "quick", "server"]  # fixtures


@pytest.mark.parametrize("change", [{"acct": "renamed", "username": "renamed"}, {"display_name": "Somebody Else"},
                                    {"followers_count": 900_000}, {"note": "<p>Another person.</p>"}])  # fmt: skip
def test_an_account_that_changed_is_checked_anew(make, server, change):
    gate = make()
    reported(gate)
    gate.review("report-7")
    server.accounts["17"]["account"] |= change
    gate.work()
    assert server.actions == []
    assert (gate.case("report-7").state, gate.case("report-7").round) == ("waiting", 1)


def test_an_account_that_is_gone_closes_the_case(make, server):
    gate = make()
    reported(gate)
    gate.review("report-7")
    del server.accounts["17"]
    gate.work()
    assert (gate.case("report-7").state, gate.case("report-7").why) == (
        "failed",
        "The account is gone from the server.",
    )


def test_an_account_that_somebody_else_suspended_costs_no_clearance(make, server):
    gate = make()
    reported(gate)
    gate.review("report-7")
    server.accounts["17"]["suspended"] = True
    gate.work()
    case = gate.case("report-7")
    assert (case.state, server.actions) == ("failed", [])
    assert "Somebody else" in case.why
    assert gate.spent() == set()


def test_an_account_that_somebody_else_suspended_right_before_the_action_is_not_suspended_again(
    make, server, monkeypatch
):
    gate = make(acts="cleared")
    server.add("17")
    redeem = gate.worker.service.redeem

    def redeem_and_lose(*given, **more):
        done = redeem(*given, **more)
        server.accounts["17"]["suspended"] = True
        return done

    monkeypatch.setattr(gate.worker.service, "redeem", redeem_and_lose)
    poll(gate)
    reported(gate)
    assert (gate.case("report-7").state, server.actions) == ("failed", [])
    poll(gate)
    assert gate.book.counts()["raised"] == 1


# --- failures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [500, 502, 503, 401, 403, ("wait", 1), "timeout", "half"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_fails_on_the_way_it_is_suspended_once(make, server, method, failure):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [(method, "admin/accounts/", failure), (method, "admin/accounts/", failure)]
    reported(gate)
    for _ in range(4):
        later(gate)
        gate.work()
    assert gate.case("report-7").state == "done"
    assert server.strikes == ["17"]


@pytest.mark.parametrize("restarted", [False, True])
def test_an_action_whose_answer_was_lost_is_known_to_be_ours(make, server, restarted):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [("POST", "action", "lost")]
    reported(gate)
    assert (gate.case("report-7").state, len(server.actions)) == ("redeemed", 1)
    if restarted:
        gate.restart()
        gate.work()
        assert gate.case("report-7").state == "redeemed"  # what was begun may be under way
    later(gate)
    gate.work()
    assert (gate.case("report-7").state, server.strikes) == ("done", ["17"])


def test_an_action_that_was_taken_and_only_confirmed_much_later_is_ours_too(make, server):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [("POST", "action", "lost")]
    reported(gate)
    later(gate, worker_module.ACT_WITHIN + 1)
    gate.work()
    assert (gate.case("report-7").state, server.strikes) == ("done", ["17"])


def test_an_action_that_the_server_does_not_take_closes_the_case(make, server):
    gate = make(acts="cleared")
    server.add("17")
    server.fails = [("POST", "action", 422)]
    reported(gate)
    assert (gate.case("report-7").state, server.actions) == ("failed", [])


def test_logs_name_cases_by_number_only(make, server, caplog):
    gate = make()
    poll(gate)
    server.fails = [("GET", "admin/accounts/", failure) for failure in (500, "half", 404)]
    reported(gate, "777777", "171717")
    for _ in range(3):
        gate.work()
    server.suspend("171717")
    poll(gate)
    assert "case 1" in caplog.text
    for secret in ("777777", "171717", "jane", "Jane", TOKEN, SECRET, "This is not her", *PRIVATE):
        assert secret not in caplog.text
