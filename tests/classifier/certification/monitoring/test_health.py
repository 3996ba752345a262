"""One verdict: what withdraws, what only warns, and what counts as an account known to be genuine."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest

from classifier.certification.monitoring import Health, Observed, examine
from classifier.certification.monitoring.health import trials
from classifier.certification.monitoring.population_drift import spread
from classifier.certification.neyman_pearson import Certificate

HIGH = Certificate(alpha=0.01, delta=0.05, n=300, errors=0, threshold=0.9, population="invented")
BOTH = {"high": HIGH, "standard": replace(HIGH, alpha=0.05)}
WRONG = Observed(
    "a", "high", is_impersonation=True, probability=0.95, is_attack=False, said_by=frozenset({"ann", "bob"})
)
FINE = replace(WRONG, probability=0.2)


def many(one: Observed, count: int) -> list[Observed]:
    return [replace(one, account=f"{one.account}{number}") for number in range(count)]


def reference(**values: object) -> dict[str, object]:
    kept = {name: asdict(spread(one)) for name, one in values.items()}
    return {"decisions": kept, "genuine": kept, "outside": {"n": 5_000, "share": 0.01}}


def health(known: list[Observed], recent: list[Observed] | None = None, **more: object) -> Health:
    usual = {"reference": reference(score=np.linspace(0, 1, 1_000))}
    return examine("0123", BOTH, known=known, recent=recent or [], **usual | more)  # type: ignore[arg-type]


def test_without_mistakes_the_certificate_holds() -> None:
    found = health(many(FINE, 40))
    assert (found.state, [one.state for one in found.tiers]) == ("holds", ["holds", "holds"])
    assert found.sentence == "model 0123: certificate of high holds, standard holds, after 0 recent decisions"


def test_the_first_of_all_known_being_a_mistake_is_watched_and_the_second_withdraws() -> None:
    assert health([WRONG]).state == "watch"
    found = health(many(WRONG, 2))
    assert found.state == "withdrawn"
    assert [one.state for one in found.tiers] == ["withdrawn", "holds"], "one tier's mistakes are not another's"
    assert "high is WITHDRAWN" in found.sentence
    assert "of 2 accounts known to be genuine 2 scored above the threshold, where 1.0 % may" in found.tiers[0].sentence


def said(by: str, *cases: Observed, first: int = 0) -> list[Observed]:
    """Return cases of different accounts that these people, a letter each, say alike."""
    return [
        replace(case, account=f"{by}{number}", said_by=frozenset(by)) for number, case in enumerate(cases, first)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (said("a", WRONG, WRONG, WRONG), "watch"),
        (said("a", *[WRONG] * 30), "watch"),  # however many
        (said("a", *[WRONG] * 30) + said("b", *[FINE] * 30), "watch"),
        (said("a", WRONG, WRONG) + said("b", WRONG), "watch"),  # without "a" one mistake is left
        (said("a", WRONG, WRONG) + said("b", WRONG, WRONG), "withdrawn"),
        (said("a", WRONG) + said("b", WRONG) + said("c", WRONG), "withdrawn"),
        (said("a", WRONG) + said("ab", WRONG, WRONG), "withdrawn"),  # one confirmed what the other found
        (said("a", WRONG, WRONG) + said("ab", WRONG), "watch"),
        (said("", *[WRONG] * 30), "watch"),  # nobody says so
    ],
)
def test_evidence_that_rests_on_one_persons_word_withdraws_nothing(known: list[Observed], state: str) -> None:
    high = health(known).tiers[0]
    assert high.bound is not None
    assert high.bound.is_broken
    assert high.state == state
    assert (high.others >= 1 / high.bound.delta) == (state == "withdrawn")
    assert ("rests on one person's word" in high.sentence and "monitor --withdraw high" in high.sentence) == (
        state == "watch"
    )


def test_a_mistake_is_what_its_clearing_probability_puts_above_the_threshold() -> None:
    """Of a decision that compared the probability itself, the probability."""
    doubtful = replace(WRONG, clearing_probability=0.85)
    assert trials("high", HIGH, [doubtful]) == [False]
    assert trials("high", HIGH, [replace(doubtful, clearing_probability=0.91), WRONG]) == [True]
    assert trials("high", HIGH, [replace(doubtful, is_impersonation=False, clearing_probability=0.99)]) == [False]


def test_what_was_withdrawn_stays_withdrawn_whatever_is_seen() -> None:
    found = health(many(FINE, 40), withdrawn={"high": "It was withdrawn."})
    assert (found.state, found.tiers[0].sentence) == ("withdrawn", "It was withdrawn.")


def test_a_model_without_certificates_does_not_hold() -> None:
    found = examine("0123", {}, recent=[], known=[])
    assert (found.state, found.sentence) == ("withdrawn", "model 0123: it has no certificate, so nothing is cleared")


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (WRONG, [True]),
        (FINE, [False]),
        (replace(WRONG, is_impersonation=False), [False]),  # nothing clears it then
        (replace(WRONG, probability=0.9), [False]),  # not above
        (replace(WRONG, probability=float("nan")), [False]),
        (replace(WRONG, is_attack=True), []),
        (replace(WRONG, is_attack=None), []),
        (replace(WRONG, tier="standard"), []),
        (replace(WRONG, tier=None), []),
        (replace(WRONG, is_outside=True), []),  # the certificate does not speak of it
    ],
)
def test_what_counts(one: Observed, counted: list[bool]) -> None:
    assert trials("high", HIGH, [one]) == counted


def test_an_account_counts_once_where_it_became_known_and_as_a_mistake_if_any_of_its_decisions_was() -> None:
    other = replace(FINE, account="b")
    assert trials("high", HIGH, [FINE, other, WRONG, WRONG]) == [True, False]


def test_a_population_that_moved_warns_and_withdraws_nothing() -> None:
    recent = many(replace(FINE, is_attack=None, probability=0.999), 200)
    found = health([], recent)
    assert found.state == "watch"
    assert {one.state for one in found.tiers} == {"holds"}
    assert "score of decisions" in found.warnings[0]


def test_few_decisions_are_not_compared() -> None:
    assert health([], many(FINE, 20)).drifts == ()


def test_features_are_compared_among_decisions_and_among_the_genuine() -> None:
    rng = np.random.default_rng(1)
    kept = reference(score=rng.random(2_000), age=rng.normal(size=2_000))
    same = [replace(FINE, account=str(n), probability=float(rng.random()), values={"age": float(rng.normal())})
            for n in range(300)]  # fmt: skip
    moved = [replace(one, values={"age": one.values["age"] + 3}) for one in same]
    assert not [one.name for one in health([], same, reference=kept).drifts if one.is_shift]
    assert [one.name for one in health([], moved, reference=kept).drifts if one.is_shift] == ["age of decisions"]
    genuine = health(moved, [], reference=kept).drifts
    assert "age of genuine" in [one.name for one in genuine if one.is_shift]


def test_more_accounts_out_of_range_warn() -> None:
    found = health([], many(replace(FINE, is_outside=True, is_attack=None), 50))
    assert any("lie beyond what the certificates were measured on" in one for one in found.warnings)


def test_probabilities_that_outcomes_contradict_warn() -> None:
    found = health(many(replace(FINE, probability=0.85), 60))
    assert any("do not agree with the outcomes of 60 decisions" in one for one in found.warnings)


def test_a_model_without_reference_says_so() -> None:
    assert health([], reference=None).warnings == (
        "The model keeps no reference to compare the population with: train it again.",
    )
