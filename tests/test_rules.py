"""The ten rules of the design that may never break, each as far as it can already be broken.

R4 and R5 speak of decision records and clearances, which do not exist yet: nothing here can issue one.
``python -m tests.mutations`` breaks the code line by line and shows which of these tests notices.
"""

from __future__ import annotations

import math
import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.accounts.account import TIERS, Account, Pair, ProtectedAccount, Tier, as_protected, as_reported
from classifier.accounts.normal_forms import View
from classifier.certification.neyman_pearson import Certificate
from classifier.errors import ModelError
from classifier.features import FEATURE_NAMES, FEATURES, KINDS, Kind, named
from classifier.model.account_model import AccountModel
from classifier.model.additive import AdditiveClassifier
from classifier.model.additive_tables import AdditiveTables, Floats
from classifier.model.pair_model import CIRCUMSTANCES, OTHER_RELATIONS, PairModel, strongest_kind
from classifier.model.platt import Calibration
from classifier.model.scorecard import default_account_model
from classifier.model_store import ModelStore, artifacts
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.assessment import RELATIONS, Assessment
from classifier.scoring.direction import direction
from classifier.scoring.impact import impact
from classifier.scoring.policy import ACTIONS, Actor, Policy, decide
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate
from classifier.simulation.population import invent_registry
from classifier.training import train
from classifier.training.pairs import LabelledPairs
from classifier.utils.progress import Stages

NOW = datetime(2025, 7, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
CERTIFICATE = Certificate(alpha=0.01, delta=0.05, n=300, errors=0, threshold=0.9, population="invented")
OLD, YOUNG = datetime(2010, 5, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC)
TARGET = ProtectedAccount(
    platform="x", account_id="1", handle="JaneRoe", followers=90_000, verified=True, created_at=OLD
)
FAKE = Account(
    platform="x",
    account_id="2",
    handle="JaneR0e",
    followers=50,
    verified=False,
    created_at=YOUNG,
    display_name="Jane Roe",
    bio="Chair.",
)

names = st.none() | st.text(max_size=30)
counts = st.none() | st.integers(0, 10**9)
times = st.none() | st.datetimes(datetime(2006, 4, 1), datetime(2025, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
flags = st.none() | st.booleans()
profiles = st.fixed_dictionaries(
    {
        "display_name": names,
        "bio": names,
        "followers": counts,
        "posts": counts,
        "created_at": times,
        "verified": flags,
        "default_avatar": flags,
    }
)


def constant(log_odds: float) -> AdditiveTables:
    """A head that always says the same."""
    nothing = np.zeros(len(FEATURES))
    edges, tables = (np.empty(0),) * len(FEATURES), (np.zeros(1),) * len(FEATURES)
    return AdditiveTables(intercept=log_odds, edges=edges, tables=tables, linear=0.0, centres=nothing, slopes=nothing)


def gullible(certificates: Mapping[str, Certificate]) -> PairModel:
    """A model that takes everything for an impersonation, with certainty, and thinks that nothing limits it.

    Two kinds of evidence say so, by features that are never missing.
    """
    edges, tables = list(constant(0.0).edges), list(constant(0.0).tables)
    for name in ("handle_look_alike", "mixed_scripts"):
        tables[FEATURE_NAMES.index(name)] = np.array([25.0])
    head = replace(constant(0.0), edges=tuple(edges), tables=tuple(tables))
    others = {relation: constant(9.0 if relation == "unrelated" else -9.0) for relation in OTHER_RELATIONS}
    everything = dict.fromkeys(CIRCUMSTANCES, (-1e6, 1e6))
    return PairModel(features=FEATURE_NAMES, impersonation=head, calibration=Calibration(1.0, 0.0),
                     others=others, certificates=certificates, ranges=everything)  # fmt: skip


def gullible_scorer(*protected: ProtectedAccount) -> Scorer:
    return Scorer(gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), "gullible", Registry(protected))


def assessment(**changes: Any) -> Assessment:
    """An assessment that would be cleared, unless changed."""
    usual = {"account": FAKE, "relation": "impersonation", "target": TARGET, "impersonation_probability": 0.99,
             "clearing_probability": 0.98, "strongest_kind": "handle",
             "kinds": dict.fromkeys(KINDS, 0.25) | {"handle": 0.5},
             "relation_probabilities": {"same_owner": 0.0, "parody_or_fan": 0.0, "unrelated": 0.01},
             "certificate": CERTIFICATE, "direction": 1, "model_id": "m", "registry_version": "r"}  # fmt: skip
    return Assessment(**usual | changes)


def verdict_of(found: Assessment, actor: Actor | None = None) -> str:
    """The verdict, which is the same on every action; a change of whom nobody resembles is refused, and left out."""
    asked = [action for action in ACTIONS if action != "require_change" or found.target is not None]
    [verdict] = {decide(found, action, actor, now=NOW, policy=Policy()).verdict for action in asked}
    return verdict


def test_the_unchanged_assessment_is_cleared() -> None:
    """Otherwise the tests below would prove nothing."""
    assert verdict_of(assessment()) == "cleared"


# --- R1: a protected account, or a declared secondary of one, is never cleared, whatever the model says -------------

OWNED = ProtectedAccount(
    platform="x", handle="JaneRoe", account_id="7", secondary_ids=("8",), secondary_handles=("JaneAtHome",)
)


@given(
    profile=profiles,
    identity=st.sampled_from(
        [
            {"handle": "janeroe"},
            {"handle": "@JaneRoe", "account_id": "999"},
            {"handle": "renamed_since", "account_id": "7"},
            {"handle": "janeathome"},
            {"handle": "whatever", "account_id": "8"},
        ]
    ),
    platform=st.sampled_from(["x", None]),
    action=st.sampled_from(ACTIONS),
)
def test_rule_1_protected_accounts_are_refused(
    profile: dict[str, Any], identity: dict[str, Any], platform: str | None, action: Any
) -> None:
    account = Account(**profile | identity, platform=platform)
    found = gullible_scorer(OWNED).assess(account)
    assert decide(found, action, Actor("a"), now=NOW, policy=Policy()).verdict == "refused"


@pytest.mark.parametrize("account_id", [None, "7"])
def test_rule_1_what_may_be_the_protected_account_renamed_is_not_cleared(account_id: str | None) -> None:
    """Without both ids nothing proves that there are two accounts."""
    assert verdict_of(assessment(account=replace(FAKE, account_id=None))) == "needs_review"
    assert verdict_of(assessment(target=replace(TARGET, account_id=account_id))) == (
        "needs_review" if account_id is None else "cleared"
    )


@pytest.mark.parametrize("handle", ["Jane_Roe", "janeroe@elsewhere.example", "JANE.ROE"])
def test_rule_1_the_protected_handle_with_other_separators_is_not_cleared(handle: str) -> None:
    assert verdict_of(assessment(account=replace(FAKE, handle=handle))) == "needs_review"


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({"account_id": None}, "needs_review"),
        ({"account_id": "N/A"}, "needs_review"),
        ({"account_id": "77", "handle": "Jane.R0e"}, "needs_review"),
        ({"account_id": "77", "former_handles": ("JaneR0e",)}, "needs_review"),
        ({"account_id": "77", "created_at": YOUNG}, "needs_review"),
        ({"account_id": "77"}, "cleared"),
    ],
)
def test_rule_1_what_may_be_another_protected_account_renamed_is_not_cleared(
    other: dict[str, Any], verdict: str
) -> None:
    """It resembles two. That it is not the one says nothing of the other."""
    second = replace(TARGET, **{"handle": "JaneRoe_Office"} | other)
    found = gullible_scorer(TARGET, second).assess(FAKE)
    assert {found.target, *found.others} == {TARGET, second}
    assert verdict_of(found) == verdict


# --- R2: the genuine account is never the imitator of its imitator --------------------------------------------------


def one_sided_scorer(*protected: ProtectedAccount) -> Scorer:
    """A model that takes whoever has a digit in the place of a letter for the imitator, whatever else is known."""
    model, place = gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), FEATURE_NAMES.index("handle_reads_worse")
    edges, tables = list(model.impersonation.edges), list(model.impersonation.tables)
    edges[place], tables[place] = np.array([0.0]), np.array([99.0, -99.0])
    head = replace(model.impersonation, intercept=0.0, edges=tuple(edges), tables=tuple(tables))
    return Scorer(replace(model, impersonation=head), "one-sided", Registry(protected))


@pytest.mark.parametrize("make_scorer", [gullible_scorer, one_sided_scorer])
@given(ours=profiles, theirs=profiles)
def test_rule_2_swapping_a_pair_flips_the_answer(
    make_scorer: Callable[..., Scorer], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    imitator, genuine = (
        Account(platform="x", account_id="2", handle="JaneR0e", **ours),
        Account(platform="x", account_id="1", handle="JaneRoe", **theirs),
    )
    pair = Pair(imitator, as_protected(genuine))
    found = [make_scorer(one.protected).assess(one.reported) for one in (pair, pair.swapped())]
    assert [verdict_of(one) for one in found].count("cleared") <= 1
    for one, sign in zip(found, (direction(pair), -direction(pair)), strict=True):
        if sign < 0:
            assert one.relation != "impersonation", "the reported account looks like the original"


@pytest.mark.parametrize(
    ("reported", "protected"),
    [
        # Verification says one thing, a hundredfold audience with ten more years the other.
        ({"followers": 9_000_000, "created_at": OLD - timedelta(days=3_650)}, {}),
        ({"followers": 9_000_000}, {}),
        ({"created_at": OLD - timedelta(days=3_650)}, {}),
        ({"verified": True}, {"verified": False}),
        # One sign alone, whichever it is.
        ({"created_at": None, "followers": None}, {}),
        ({}, {"followers": None, "created_at": None}),
        ({}, {"verified": None, "created_at": None}),
        ({}, {"followers": None, "verified": None}),
    ],
)
def test_rule_2_signs_that_contradict_or_stand_alone_tell_nothing(
    reported: dict[str, Any], protected: dict[str, Any]
) -> None:
    one = replace(TARGET, **protected)
    account = replace(FAKE, **reported)
    assert verdict_of(assessment(account=account, target=one)) == "needs_review"
    assert verdict_of(gullible_scorer(one).assess(account)) == "needs_review"


@pytest.mark.parametrize("make_scorer", [gullible_scorer, one_sided_scorer])
def test_rule_2_signs_that_agree_let_the_plain_case_through(make_scorer: Callable[..., Scorer]) -> None:
    """Otherwise the tests above would prove nothing."""
    assert verdict_of(make_scorer(TARGET).assess(FAKE)) == "cleared"


@pytest.mark.parametrize("sign", [0, -1])
def test_rule_2_nothing_is_cleared_unless_the_target_is_known_to_be_the_original(sign: int) -> None:
    assert verdict_of(assessment(direction=sign)) == "needs_review"


def test_rule_2_holds_for_the_trained_model_on_simulated_attacks(small_training: Training) -> None:
    for case in simulate(invent_registry(40, seed=9).accounts, seed=9, families=("handle_variant", "broken", "clone")):
        pair = Pair(case.account, case.protected)
        if direction(pair) > 0:
            back = pair.swapped()
            found = Scorer(small_training.model, "m", Registry([back.protected])).assess(back.reported)
            assert found.relation != "impersonation"


# --- R3: anything that fails yields no clearance --------------------------------------------------------------------


@pytest.mark.parametrize("probability", [float("nan"), float("inf"), -0.1, 1.5])
def test_rule_3_a_probability_that_is_none_clears_nothing(probability: float) -> None:
    assert verdict_of(assessment(impersonation_probability=probability)) != "cleared"


def test_rule_3_a_failing_model_raises_instead_of_answering(monkeypatch: pytest.MonkeyPatch) -> None:
    scorer = gullible_scorer(TARGET)
    monkeypatch.setattr(PairModel, "contributions", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        scorer.assess(FAKE)


@given(relation=st.sampled_from(RELATIONS), target=st.sampled_from([TARGET, None]))
def test_rule_3_only_an_impersonation_with_a_target_is_cleared(relation: Any, target: ProtectedAccount | None) -> None:
    cleared = verdict_of(assessment(relation=relation, target=target)) == "cleared"
    assert cleared == (relation == "impersonation" and target is not None)


@pytest.mark.parametrize("platform", [None, "mastodon"])
def test_rule_3_a_platform_that_is_unknown_or_another_clears_nothing(platform: str | None) -> None:
    assert verdict_of(assessment(account=replace(FAKE, platform=platform))) == "needs_review"


# --- R6: high-impact accounts need two approvers; whoever loses access does not clear -------------------------------


@given(followers=st.none() | st.integers(0, 10**9), verified=flags, action=st.sampled_from(ACTIONS))
def test_rule_6_high_impact_needs_two_people(followers: int | None, verified: bool | None, action: Any) -> None:
    policy = Policy()
    found = assessment(account=replace(FAKE, followers=followers, verified=verified))
    verdict = decide(found, action, Actor("a"), now=NOW, policy=policy)
    high_impact = verified is not False or followers is None or followers >= policy.high_impact_followers
    assert (verdict.verdict, verdict.required_approvals) == (("needs_review", 2) if high_impact else ("cleared", 0))


@given(hours=st.integers(-100, 100))
def test_rule_6_an_actor_about_to_lose_access_clears_nothing(hours: int) -> None:
    verdict = verdict_of(assessment(), Actor("a", access_ends_at=NOW + timedelta(hours=hours)))
    assert verdict == ("refused" if hours <= 0 else "needs_review" if hours <= 24 else "cleared")


# --- The rules over a change that is required of an account ----------------------------------------------------------

anything = st.fixed_dictionaries(
    {
        "relation": st.sampled_from(RELATIONS),
        "target": st.sampled_from([TARGET, replace(TARGET, account_id=None), None]),
        "certificate": st.sampled_from([CERTIFICATE, None]),
        "clearing_probability": st.floats(0, 1),
        "direction": st.sampled_from([-1, 0, 1]),
        "declared_secondary": st.booleans(),
        "registered_at": st.sampled_from([None, NOW]),
        "unprotected_at": st.sampled_from([None, NOW]),
    }
)
SOON = Actor("a", NOW + timedelta(hours=24))


@given(profile=profiles, changes=anything, hours=st.none() | st.integers(-30, 60))
def test_a_change_is_refused_and_cleared_where_a_suspension_is(
    profile: dict[str, Any], changes: dict[str, Any], hours: int | None
) -> None:
    """R1, R3, R9: it is no way round them. It is refused as well where there is nobody to be told apart from."""
    actor = None if hours is None else Actor("a", NOW + timedelta(hours=hours))
    found = assessment(account=replace(FAKE, **profile), **changes)
    suspend, change = (decide(found, act, actor, now=NOW, policy=Policy()) for act in ("suspend", "require_change"))
    assert (change.verdict == "refused") == (suspend.verdict == "refused" or found.target is None)
    assert (change.verdict == "cleared") == (suspend.verdict == "cleared")
    if change.verdict == "needs_review":
        assert change.reasons[: len(suspend.reasons)] == suspend.reasons
        assert 1 <= change.required_approvals <= suspend.required_approvals


@given(profile=profiles, changes=anything, hours=st.none() | st.integers(1, 60))
def test_rule_6_a_change_takes_as_many_people_as_a_suspension_for_high_and_unknown_impact(
    profile: dict[str, Any], changes: dict[str, Any], hours: int | None
) -> None:
    """And where the registry changed lately, the actor is leaving, or the reported account looks like the original."""
    policy, account = Policy(approvals=3), replace(FAKE, **profile)
    actor = None if hours is None else Actor("a", NOW + timedelta(hours=hours))
    found = assessment(account=account, **changes | {"declared_secondary": False})
    verdict = decide(found, "require_change", actor, now=NOW, policy=policy)
    lately, leaving = found.registered_at or found.unprotected_at, hours is not None and hours <= 24
    if verdict.verdict == "needs_review" and (any(impact(account, policy)) or lately or leaving or found.direction < 0):
        assert verdict.required_approvals == 3


@pytest.mark.parametrize("relation", ["same_owner", "parody_or_fan", "unrelated"])
@pytest.mark.parametrize(
    ("changes", "actor", "people"),
    [
        ({}, None, 1),
        ({}, Actor("a", NOW + timedelta(hours=25)), 1),
        ({}, SOON, 2),
        ({"verified": True}, None, 2),
        ({"verified": None}, None, 2),
        ({"followers": None}, None, 2),
        ({"followers": 100_000}, None, 2),
        ({"followed_by_target": True}, None, 2),
        ({"account_id": None}, None, 2),
        ({"platform_labels": ("parody",)}, None, 2),
        # It looks like the original: older, with the larger audience, and nobody's verification says otherwise.
        ({"followers": 99_000, "created_at": OLD - timedelta(days=3_650)}, None, 2),
    ],
)
def test_rule_6_a_change_takes_one_person_where_only_the_relation_speaks_against_it(
    relation: Any, changes: dict[str, Any], actor: Actor | None, people: int
) -> None:
    target = replace(TARGET, verified=None, followers=900)
    found = assessment(account=replace(FAKE, **changes), target=target, relation=relation)
    verdict = decide(found, "require_change", actor, now=NOW, policy=Policy())
    assert (verdict.verdict, verdict.required_approvals) == ("needs_review", people)
    assert decide(found, "suspend", actor, now=NOW, policy=Policy()).required_approvals == 2


def test_rule_2_a_change_of_what_the_model_takes_for_the_original_takes_two_people() -> None:
    for relation in ("impersonation", "unrelated"):
        found = assessment(relation=relation, direction=-1)
        assert decide(found, "require_change", None, now=NOW, policy=Policy()).required_approvals == 2


@pytest.mark.parametrize(("fewest", "people"), [(-1, 1), (0, 1), (1, 1), (9, 2)])
def test_rule_6_a_change_takes_a_person_and_no_more_than_a_suspension(fewest: int, people: int) -> None:
    policy, found = Policy(change_approvals=fewest), assessment(relation="parody_or_fan")
    assert decide(found, "require_change", None, now=NOW, policy=policy).required_approvals == people


# --- R7: more followers, greater age, a verification never raise the probability ------------------------------------


@pytest.fixture(scope="module")
def trained(small_training: Training) -> Scorer:
    return Scorer(small_training.model, "m", invent_registry(150, seed=31))


def said(scorer: Scorer, accounts: list[Account]) -> Any:
    """Return both probabilities of each account, shape (n_accounts, 2)."""
    found = scorer.assess_many(accounts)
    return np.array([(one.impersonation_probability, one.clearing_probability) for one in found])


def test_rule_7_standing_never_raises_the_probability(trained: Scorer) -> None:
    """Some 600 simulated accounts, each with more followers, a verification or greater age than it has.

    Nor the clearing probability: that is of all candidates too, because standing may change which is the likeliest.
    """
    rng = np.random.default_rng(7)
    families = ("handle_variant", "clone", "secondary", "namesake")
    cases = [case.account for case in simulate(trained.registry.accounts, seed=7, families=families)]
    known = [
        replace(one, followers=one.followers or 0, verified=False, created_at=one.created_at or NOW) for one in cases
    ]
    before = said(trained, known)
    for better in (
        [replace(one, followers=(one.followers or 0) + int(10 ** rng.uniform(0, 8))) for one in known],
        [replace(one, verified=True) for one in known],
        [
            replace(one, created_at=(one.created_at or NOW) - timedelta(days=int(rng.integers(1, 6_000))))
            for one in known
        ],
    ):
        assert np.all(said(trained, better) <= before + 1e-12)


def test_rule_7_is_declared_for_every_feature_of_standing() -> None:
    """Of whatever is read from the audience, the age or a verification; a feature that is added is bound as well."""
    standing = {"followers", "verified", "created_at", "followed_by_target"}
    own = [feature for feature in FEATURES if not {"prominence"} & {feature.name, *feature.parts}]
    directions = {feature.name: feature.monotone for feature in own if standing & set(feature.fields)}
    falling = {"followers", "followers_relative", "verified", "age", "followed_by_target"}
    assert directions == dict.fromkeys(falling, -1) | {"created_later": 1, "new_and_named_so": 1}


def test_rule_7_how_well_known_the_protected_account_is_says_nothing_of_the_reported_one() -> None:
    """The features of prominence read the protected account's audience: that of the reported one changes none."""
    prominent = [feature for feature in FEATURES if "prominence" in {feature.name, *feature.parts}]
    assert prominent
    for feature in prominent:
        values = {
            str(feature.compute(View(replace(FAKE, followers=count)), View(TARGET))) for count in (0, 10**3, 10**7)
        }
        assert len(values) == 1, feature.name


def test_rule_7_a_newer_account_that_bears_the_name_never_looks_better_than_an_older_one() -> None:
    by_age = [named("new_and_named_so").of_values(1.0, 0.0, age) for age in (0.0, 0.1, 0.5, 0.9, 1.0, 5.0)]
    assert by_age == sorted(by_age, reverse=True)


def test_rule_7_every_step_of_a_trained_model_goes_the_declared_way(small_training: Training) -> None:
    for feature, table in zip(FEATURES, small_training.model.impersonation.tables, strict=True):
        assert np.all(np.diff(table) * feature.monotone >= -1e-12), feature.name


def test_rule_7_training_cannot_learn_that_a_large_audience_is_suspicious() -> None:
    """Pairs in which impersonators have the larger audiences: the model must not take it from them."""
    rng, number = np.random.default_rng(7), 600
    is_attack = np.arange(number) % 2 == 0
    values = np.full((number, len(FEATURES)), np.nan)
    values[:, FEATURE_NAMES.index("followers")] = rng.random(number) + 0.4 * is_attack
    values[:, FEATURE_NAMES.index("handle_beyond_chance")] = rng.random(number) + 0.4 * is_attack
    genuine = np.resize(OTHER_RELATIONS, number)
    labels = np.where(is_attack, "impersonation", genuine)
    pairs = LabelledPairs(values, labels, labels, labels, np.arange(number))
    table = train._fit(pairs, pairs, 1.0, 7, Stages("fitting", 2, shown=False)).impersonation.tables[
        FEATURE_NAMES.index("followers")
    ]
    assert np.all(np.diff(table) <= 0.0)


# --- R8: missing is neither match nor mismatch ----------------------------------------------------------------------


def test_rule_8_missing_adds_nothing_and_lies_between_the_known(small_training: Training) -> None:
    model = small_training.model
    assert not model.contributions(np.full((1, len(FEATURES)), np.nan)).any()
    for table in model.impersonation.tables:
        assert table.min() <= 0.0 <= table.max()


def test_rule_8_missing_lies_between_the_known_even_where_only_impersonators_hide_it() -> None:
    rng = np.random.default_rng(8)
    known, is_attack = rng.random((400, 1)), np.arange(400) % 2 == 0
    known[is_attack & (rng.random(400) < 0.9)] = np.nan
    table = AdditiveClassifier().fit(known, is_attack).tables_[0]
    assert table.min() <= 0.0 <= table.max()


@settings(max_examples=60, deadline=None)
@given(profile=profiles, hidden=st.sampled_from(["display_name", "bio", "followers", "created_at", "verified"]))
def test_rule_8_what_is_hidden_is_no_evidence(trained: Scorer, profile: dict[str, Any], hidden: str) -> None:
    account = Account(platform="x", handle=trained.registry.accounts[0].handle + "1", **profile | {hidden: None})
    compared = {feature.name: feature.fields for feature in FEATURES}
    for evidence in trained.assess(account).evidence:
        assert compared[evidence.feature] != (hidden,)


# --- R9: a threshold is certified or there is none ------------------------------------------------------------------


@given(probability=st.floats(0, 1))
def test_rule_9_without_a_certificate_nothing_is_cleared(probability: float) -> None:
    found = assessment(certificate=None, impersonation_probability=probability, clearing_probability=probability)
    assert verdict_of(found) == "needs_review"


@given(probability=st.floats(0, 1), certificate=st.none() | st.just(CERTIFICATE))
def test_rule_9_nothing_is_cleared_by_a_withdrawn_certificate(
    probability: float, certificate: Certificate | None
) -> None:
    """Whatever else the assessment carries, and it says so."""
    found = assessment(certificate=certificate, withdrawn="Why.", clearing_probability=probability)
    verdict = decide(found, "suspend", None, now=NOW, policy=Policy())
    assert verdict.verdict == "needs_review"
    assert "certificate_withdrawn" in {reason.code for reason in verdict.reasons}


@given(tiers=st.sets(st.sampled_from(TIERS)), tier=st.sampled_from(TIERS))
def test_rule_9_a_scorer_clears_only_in_tiers_whose_certificate_was_not_withdrawn(tiers: set[str], tier: Tier) -> None:
    target = replace(TARGET, tier=tier)
    whole = gullible_scorer(target)
    found = whole.without(dict.fromkeys(tiers, "Why.")).assess(FAKE)
    assert verdict_of(found) == ("needs_review" if tier in tiers else verdict_of(whole.assess(FAKE)))
    assert (found.certificate is None) == (tier in tiers)


@given(log_odds=st.floats(-30, 60), weight=st.floats(0.01, 40), threshold=st.floats(0, 1))
def test_rule_9_only_above_the_certified_threshold(log_odds: float, weight: float, threshold: float) -> None:
    """And that with the strongest kind of evidence taken away."""
    certificate = replace(CERTIFICATE, threshold=threshold)
    probability, clearing = (1.0 / (1.0 + math.exp(-odds)) for odds in (log_odds, log_odds - weight))
    kinds = dict.fromkeys(KINDS, 0.0) | {"handle": weight, "name": weight / 2}
    found = assessment(
        certificate=certificate, impersonation_probability=probability, clearing_probability=clearing, kinds=kinds
    )
    assert (verdict_of(found) == "cleared") == (min(probability, clearing) > threshold)


def test_rule_9_a_tier_without_enough_genuine_accounts_has_none(small_training: Training) -> None:
    assert "high" not in small_training.model.certificates
    scorer = Scorer(small_training.model, "m", Registry([replace(TARGET, tier="high", verified=True)]))
    assert scorer.assess(FAKE).certificate is None


# --- R9 again: no clearance rests on a single kind of evidence ------------------------------------------------------

# Which features are of each kind: a conjunction is of its parts' kinds as well.
OF_KIND = {
    kind: np.array([kind in {feature.kind, *(named(part).kind for part in feature.parts)} for feature in FEATURES])
    for kind in KINDS
}


def additive(seed: int, *, intercept: float = 0.0, scale: float = 3.0) -> PairModel:
    """A model that weighs every feature by chance: two steps each, one on either side of missing."""
    rng = np.random.default_rng(seed)
    steps = rng.exponential(scale, (len(FEATURES), 2)) * [-1.0, 1.0] * rng.choice([-1.0, 1.0], (len(FEATURES), 1))
    edges = (np.array([0.5]),) * len(FEATURES)
    head = replace(constant(intercept), edges=edges, tables=tuple(steps))
    return replace(gullible({"standard": CERTIFICATE}), impersonation=head)


@given(
    seed=st.integers(0, 10**6),
    intercept=st.floats(-12, 12),
    values=st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=len(FEATURES), max_size=len(FEATURES)),
)
def test_rule_9_the_clearing_probability_holds_with_any_one_kind_taken_away(
    seed: int, intercept: float, values: list[float]
) -> None:
    """Whatever the contributions: it is the lowest of all, and the strongest kind is the one that it is without."""
    model, row = additive(seed, intercept=intercept), np.array([values])
    contributions = model.contributions(row)
    clearing = model.without_strongest(contributions, model.of_kinds(contributions))[0]
    without = {kind: model.probability(np.where(OF_KIND[kind], np.nan, row))[0] for kind in KINDS}
    assert clearing == pytest.approx(min(*without.values(), model.probability(row)[0]), rel=1e-9)
    strongest = strongest_of(model, contributions)
    assert clearing == pytest.approx(model.probability(row)[0] if strongest is None else without[strongest], rel=1e-9)


def test_rule_9_where_nothing_speaks_for_impersonation_nothing_is_taken_away() -> None:
    """What speaks against it is never taken away: that would raise the probability."""
    model, contributions = additive(0), -np.ones((1, len(FEATURES)))
    left = model.without_strongest(contributions, model.of_kinds(contributions))
    assert left == model.probability_of(contributions)
    assert strongest_of(model, contributions) is None


def strongest_of(model: PairModel, contributions: Floats) -> Kind | None:
    return strongest_kind(dict(zip(KINDS, model.of_kinds(contributions)[0].tolist(), strict=True)))


NEIGHBOURS = Registry(
    [
        replace(TARGET, display_name="Jane Roe", bio="Chair of Northwind"),
        ProtectedAccount(
            platform="x", account_id="3", handle="JaneRoeHQ", display_name="Jane Roe", followers=80_000, verified=True
        ),
        ProtectedAccount(
            platform="x", account_id="4", handle="RoeJane", bio="Chair of Northwind", followers=70_000, verified=True
        ),
    ]
)
IMITATORS = [
    replace(FAKE, handle=handle, display_name=name, bio=bio)
    for handle in ("JaneR0e", "JaneR0eHQ_", "r0ejane7", "tamsin_quill")
    for name in ("Jane Roe", "Janet Rowe", None)
    for bio in ("Chair of Northwind", "Send me a message on t.me/janeroe", None)
]


@pytest.mark.parametrize("seed", range(6))
def test_rule_9_no_candidate_is_cleared_by_a_single_kind_of_evidence(seed: int) -> None:
    """Over all candidates: whatever one kind says, without it the answer is no less than the clearing probability."""
    model = additive(seed, scale=1.0)
    found = Scorer(model, "m", NEIGHBOURS).assess_many(IMITATORS)
    assert len({one.clearing_probability for one in found}) > len(found) / 3
    for one in found:
        assert one.clearing_probability <= one.impersonation_probability
        if verdict_of(one) == "cleared":
            assert one.clearing_probability > CERTIFICATE.threshold
    for kind in KINDS:
        tables = [
            np.zeros(1) if is_of_kind else table
            for is_of_kind, table in zip(OF_KIND[kind], model.impersonation.tables, strict=True)
        ]
        edges = [edge[: len(table) - 1] for edge, table in zip(model.impersonation.edges, tables, strict=True)]
        head = replace(model.impersonation, edges=tuple(edges), tables=tuple(tables))
        without = Scorer(replace(model, impersonation=head), "m", NEIGHBOURS).assess_many(IMITATORS)
        for one, other in zip(found, without, strict=True):
            assert other.impersonation_probability >= one.clearing_probability - 1e-9


def test_rule_9_a_kind_of_evidence_that_is_everything_clears_nothing() -> None:
    """Certain by the handle alone; of the same with a second kind beside it, all that the policy asks for is there."""
    tables = {name: np.zeros(2) for name in FEATURE_NAMES}
    edges = (np.array([0.5]),) * len(FEATURES)

    def assessed(*kinds: str) -> Assessment:
        steps = tuple(np.array([0.0, 20.0]) if feature.kind in kinds else tables[feature.name] for feature in FEATURES)
        head = replace(constant(-4.0), edges=edges, tables=steps)
        model = replace(gullible({"standard": CERTIFICATE}), impersonation=head)
        account = replace(FAKE, display_name="Jane Roe")
        return Scorer(model, "m", Registry([replace(TARGET, display_name="Jane Roe")])).assess(account)

    by_handle, by_both = assessed("handle"), assessed("handle", "name")
    assert by_handle.impersonation_probability > CERTIFICATE.threshold > by_handle.clearing_probability
    assert (by_handle.strongest_kind, verdict_of(by_handle)) == ("handle", "needs_review")
    assert by_both.clearing_probability > CERTIFICATE.threshold
    assert verdict_of(by_both) == "cleared"


# --- R9 again: no other head stands in for the certified threshold --------------------------------------------------

heads = st.sampled_from([None, *(
    replace(default_account_model(), calibration=Calibration(slope, offset), certificate=certificate)
    for slope, offset in ((1.0, 20.0), (1.0, -20.0), (2.0, 0.0))
    for certificate in (None, replace(CERTIFICATE, threshold=0.0), replace(CERTIFICATE, threshold=1.0))
)])  # fmt: skip


@given(
    relation=st.sampled_from(RELATIONS),
    target=st.sampled_from([TARGET, None]),
    certificate=st.sampled_from([CERTIFICATE, None]),
    probability=st.floats(0, 1),
    direction=st.sampled_from([-1, 0, 1]),
    profile=profiles,
    alone=st.fixed_dictionaries({"inauthentic_probability": st.none() | st.floats(0, 1), "inauthentic": flags,
                                 "inauthentic_reason": names}),
)  # fmt: skip
@example(
    relation="impersonation", target=TARGET, certificate=CERTIFICATE, probability=0.5, direction=1, profile={},
    alone={"inauthentic_probability": 1.0, "inauthentic": True, "inauthentic_reason": None},
)  # fmt: skip
def test_rule_9_what_the_account_says_by_itself_changes_no_verdict(
    profile: dict[str, Any], alone: dict[str, Any], probability: float, **changes: Any
) -> None:
    found = assessment(account=replace(FAKE, **profile), clearing_probability=probability, **changes)
    for action in ACTIONS:
        one, other = (
            decide(each, action, Actor("a"), now=NOW, policy=Policy()) for each in (found, replace(found, **alone))
        )
        assert one == other


@pytest.mark.parametrize("certificates", [{"standard": CERTIFICATE}, {}])
@given(profile=profiles, handle=st.sampled_from(["JaneR0e", "JaneRoe", "JaneAtHome", "qzkxvw83"]), head=heads)
def test_rule_9_another_head_for_the_account_changes_nothing_else(
    certificates: dict[str, Certificate], profile: dict[str, Any], handle: str, head: AccountModel | None
) -> None:
    """Neither the relation, the target nor a probability: it clears no verdict that was not cleared."""
    account = Account(platform="x", account_id="2", handle=handle, **profile)
    found = [
        Scorer(replace(gullible(certificates), account=one), "m", Registry([OWNED])).assess(account)
        for one in (None, head)
    ]
    assert verdict_of(found[0]) == verdict_of(found[1])
    plain = [replace(one, inauthentic_probability=None, inauthentic=None, inauthentic_reason=None) for one in found]
    assert plain[0] == plain[1]


# --- R10: nothing is read as a model before its manifest's signature and digests are verified -----------------------


@pytest.mark.parametrize("name", [artifacts.MODEL, artifacts.SCORECARD, artifacts.MANIFEST, artifacts.SIGNATURE])
def test_rule_10_no_model_is_parsed_before_it_is_verified(
    name: str, small_training: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(tmp_path)
    model_id = store.add(small_training)
    path = tmp_path / "models" / model_id / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    parsed: list[object] = []
    for reader in ("read_pair_model", "read_scorecard"):
        monkeypatch.setattr(artifacts, reader, parsed.append)
    with pytest.raises(ModelError):
        store.load(model_id)
    assert not parsed


def test_rule_10_a_model_is_loaded_without_unpickling(
    small_training: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(tmp_path)
    model_id = store.add(small_training)
    for module, name in ((joblib, "load"), (pickle, "load"), (pickle, "loads"), (pickle, "Unpickler")):
        monkeypatch.setattr(module, name, lambda *_, **__: pytest.fail("unpickled"))
    assert store.load(model_id).model.certificates == small_training.model.certificates


def test_rule_10_nothing_of_ours_unpickles_a_file() -> None:
    """What still unpickles reads what this process sent to its workers a moment before."""
    code = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for name in ("classifier", "service")
            for path in (ROOT / name).rglob("*.py")}  # fmt: skip
    unpickling = re.compile(r"(?<!dis)(joblib|pickle|shelve|marshal)\.(load|loads|Unpickler|open)\b|allow_pickle=True")
    assert {name for name, text in code.items() if unpickling.search(text)} == {"classifier/batch/engines/spark.py"}


def test_the_registered_account_as_reported_is_refused_by_the_trained_model(trained: Scorer) -> None:
    """R1 once more, over a whole registry and with a model that was trained."""
    found = trained.assess_many([as_reported(account) for account in trained.registry.accounts])
    assert {verdict_of(one) for one in found} == {"refused"}
