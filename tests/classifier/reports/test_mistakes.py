from __future__ import annotations

import pytest

from classifier.reports import mistakes
from classifier.reports.mistakes import worst_mistakes
from classifier.scoring.evidence import Evidence


def test_genuine_accounts_come_cleared_ones_first_then_by_probability(evaluated) -> None:
    results = evaluated.results.assign(label="unrelated", flagged=False, verdict="needs_review", probability=0.1)
    results.loc[[3, 5, 7, 9], "flagged"] = True
    results.loc[[3, 5, 7, 9], "probability"] = [0.6, 0.9, 0.7, 0.8]
    results.loc[[3, 9], "verdict"] = "cleared"
    found = worst_mistakes(evaluated.scorer, evaluated.labelled, results)
    assert [one.case for one in found.genuine] == [evaluated.labelled[place] for place in (9, 3, 5, 7)]
    assert [one.verdict for one in found.genuine] == ["cleared", "cleared", "needs_review", "needs_review"]
    assert (found.genuine_count, found.missed_count) == (4, 0)


def test_missed_attacks_come_with_the_lowest_probability_first(evaluated) -> None:
    results = evaluated.results.assign(
        label="impersonation", flagged=True, right_target=True, probability=0.9, relation="impersonation"
    )
    results.loc[[2, 4], "flagged"] = False
    results.loc[6, "right_target"] = False
    results.loc[[2, 4, 6], "probability"] = [0.3, 0.2, 0.99]
    found = worst_mistakes(evaluated.scorer, evaluated.labelled, results)
    assert [one.case for one in found.missed] == [evaluated.labelled[place] for place in (4, 2, 6)]
    assert found.missed_without_target == 0


def test_those_without_a_target_leave_room_for_those_with_evidence(evaluated) -> None:
    results = evaluated.results.assign(label="impersonation", flagged=False, probability=0.5, relation="unrelated")
    results.loc[10:29, ["relation", "probability"]] = ["no_target", 0.0]
    found = worst_mistakes(evaluated.scorer, evaluated.labelled, results)
    places = [evaluated.labelled.index(one.case) for one in found.missed]
    assert places == [10, 11, 12, 0, 1, 2, 3, 4, 5, 6]
    assert (found.missed_count, found.missed_without_target) == (len(results), 20)


def test_the_evidence_is_that_of_the_scorer(evaluated) -> None:
    assert evaluated.mistakes.genuine
    assert evaluated.mistakes.missed
    for one in (*evaluated.mistakes.genuine, *evaluated.mistakes.missed):
        assert one.assessment == evaluated.scorer.assess(one.case.account)
        assert tuple(bar.item for bar in one.bars) == one.assessment.evidence


@pytest.mark.parametrize(
    ("contribution", "start", "width"), [(0.0, 50, 0), (3.0, 50, 25), (-3.0, 25, 25), (60.0, 50, 50), (-60.0, 0, 50)]
)
def test_a_bar_starts_in_the_middle_and_stays_inside(contribution: float, start: float, width: float) -> None:
    bar = mistakes._bar(Evidence("f", "F", 1.0, "", "", contribution))
    assert (bar.start, bar.width) == (start, width)
