"""Agreement is measured as published, and nothing of a labeller's name is in it."""

import json

import pytest

from classifier.labels.agreement import Judged, measure

CASES = [
    Judged((("p", "impersonation"), ("q", "impersonation"), ("r", "unrelated")), "impersonation"),
    Judged((("p", "unrelated"), ("q", "unrelated")), "unrelated"),
    Judged((("p", "impersonation"), ("r", "unrelated")), None),
    Judged((("q", "parody_or_fan"),), "parody_or_fan"),
]


def test_each_labeller_is_held_against_what_counts() -> None:
    """Cases that nobody else saw, or that stayed unclear, contradict nobody."""
    found = measure(CASES)
    assert (found.cases, found.compared, found.unclear) == (4, 3, 1)
    assert dict(found.labels) == {"impersonation": 3, "unrelated": 4, "parody_or_fan": 1}
    assert [(one.name, one.labels, one.compared, one.contradicted, one.share) for one in found.labellers] == [
        ("p", 3, 2, 0, 0.0),
        ("q", 3, 2, 0, 0.0),
        ("r", 2, 1, 1, 1.0),
    ]


def test_pairs_of_labellers_are_compared_on_what_both_saw() -> None:
    found = {(one.first, one.second): (one.cases, one.alpha) for one in measure(CASES).pairs}
    assert found == {("p", "q"): (2, 1.0), ("p", "r"): (2, pytest.approx(-0.5)), ("q", "r"): (1, 0.0)}


def test_facts_are_plain_values_and_the_line_says_what_matters() -> None:
    found = measure(CASES)
    assert json.loads(json.dumps(found.facts())) == found.facts()
    assert found.facts()["labellers"][2] == {"name": "r", "labels": 2, "compared": 1, "contradicted_share": 1.0}
    assert found.line().startswith("agreement of 3 labellers: alpha ")
    assert "over 3 cases with two labels or more; unclear, left out 1; most contradicted labeller 100 %" in found.line()
    assert "agreement is unknown" in measure(CASES[3:]).line()
