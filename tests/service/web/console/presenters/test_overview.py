"""Each picture's heading is a finding with its figures; its table has the same."""

from datetime import timedelta

import pytest

from service.decisions.gate_signs import Gate
from service.decisions.overview import Overview, Period, Rate, Waiting
from service.schemas.second_looks import AgreementOut, ErrorsOut
from service.web.console.presenters.overview import blind, gates_shown, pictures
from tests.service.conftest import NOW

DAY = Period.of("24h", NOW)
NOTHING = Waiting(0, 0, None, (0, 0, 0, 0, 0))


def shown(**changes):
    volumes = tuple((begin, (1, 2, 1)) for begin in DAY.columns())
    values = {"volumes": volumes, "waiting": NOTHING, "answered": (0,) * 5, "unanswered": 0}
    values |= {"overturned": Rate(0, 0), "agreed": Rate(0, 0)}
    return {one.name: one for one in pictures(Overview(DAY, **values | changes), now=NOW)}


def test_volumes_are_shares_of_all_and_each_step_is_in_the_table():
    found = shown()["volumes"]
    assert found.finding == "96 checks: 25.0 % cleared at once, 50.0 % need review, 25.0 % refused"
    assert found.rows[-1] == ("1 May, 12:00", "1", "2", "1")
    assert len(found.rows) == 24
    assert len(found.columns.parts) == 72


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (
            Waiting(1, 0, NOW - timedelta(hours=5), (0, 1, 0, 0, 0)),
            "1 check waits for reviewers now, the oldest for 5 h",
        ),
        (Waiting(12, 1, NOW, (12, 0, 0, 0, 0)), "; 1 is overdue"),
        (Waiting(12, 3, NOW, (12, 0, 0, 0, 0)), "; 3 are overdue"),
        (NOTHING, "Nothing waits for reviewers"),
    ],
)
def test_what_waits_is_said_with_the_oldest(waiting, words):
    assert words in shown(waiting=waiting)["waiting"].finding


def test_answers_within_an_hour_are_those_of_both_first_bands():
    found = shown(answered=(5, 3, 2, 0, 1), unanswered=4)["answers"]
    assert found.finding == "8 of 11 answered checks had a first answer within an hour"
    assert "4 of the period have no answer yet" in found.note
    assert [row[1] for row in found.rows] == ["5", "3", "2", "0", "1"]


def test_a_rate_has_its_interval_and_a_rate_of_nothing_is_none():
    found = shown(overturned=Rate(2, 40))["overturned"]
    assert found.finding == "2 of 40 decided appeals overturned the action: 5.0 %"
    assert found.note.startswith("95 % interval: 0.61 % to 16.9 %.")
    assert shown()["overturned"].finding == "No appeal against an action was decided in this period"
    assert shown()["overturned"].interval is None


def test_second_looks_have_kappa_and_the_bound():
    agreement = AgreementOut(compared=20, agreed=18, share=0.9, kappa=0.78, judged_twice=0, alpha=None)
    errors = ErrorsOut(judged=30, genuine=1, share=1 / 30, bound=0.149)
    found = blind(agreement, errors)
    assert found.finding == "Second looks agreed with the first answer in 18 of 20 checks, kappa 0.78"
    assert (
        "30 cleared or acted checks judged blind, 1 called genuine: with 95 % confidence at most 14.9 %" in found.note
    )


def test_gates_that_call_and_one_that_does_not():
    limit, works, silent = (
        timedelta(minutes=10),
        Gate("coop", "a", NOW, 0),
        Gate("ozone", "b", NOW - timedelta(hours=2), 3),
    )
    assert gates_shown([], now=NOW, limit=limit) is None
    assert gates_shown([works], now=NOW, limit=limit).finding == "1 gate called within 10 minutes"
    found = gates_shown([silent, works], now=NOW, limit=limit)
    assert found.finding == "1 gate of 2 stands still: ozone"
    assert found.rows[0] == ("ozone", "2 hours ago", "3")
