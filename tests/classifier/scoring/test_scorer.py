import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from classifier.accounts.account import Account, Pair, ProtectedAccount, as_protected, as_reported
from classifier.accounts.normal_forms import View
from classifier.errors import FeatureMismatchError
from classifier.features import FEATURE_NAMES
from classifier.model.account_model import NOT_CERTIFIED
from classifier.model.additive_tables import AdditiveTables
from classifier.model.pair_model import OTHER_RELATIONS, PairModel
from classifier.model.platt import Calibration
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.assessment import RELATIONS, Assessment
from classifier.scoring.evidence import NEGLIGIBLE
from classifier.scoring.pair_scores import Place
from classifier.scoring.scorer import Scorer
from classifier.simulation import ATTACKS, Case, simulate
from classifier.simulation.population import invent_registry

OLD, YOUNG = datetime(2008, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
KNOWN = [account for account in invent_registry(300, seed=77).accounts if account.followers and account.bio]
CASES: list[Case] = list(simulate(KNOWN[:12], seed=3))
ATTACK_CASES = [case for case in CASES if case.label == "impersonation"]
cases = st.sampled_from(CASES)


@pytest.fixture(scope="module")
def small(small_training: Training, registry: Registry) -> Scorer:
    return Scorer(small_training.model, "small", registry)


def test_a_protected_account_is_itself_whatever_the_model_would_say(small: Scorer) -> None:
    found = small.assess_many([as_reported(account) for account in small.registry])
    assert {one.relation for one in found} == {"is_protected"}
    assert [one.target for one in found] == list(small.registry)
    assert {one.impersonation_probability for one in found} == {0.0}


@pytest.mark.parametrize(
    ("change", "how"),
    [
        ({"handle": "ollivanderbrask", "account_id": None}, "handle"),
        ({"handle": "renamed_yesterday"}, "account_id"),
        ({"display_name": "Оllivаnder Brаsk", "bio": "DM me for crypto", "verified": False}, "account_id"),
        ({"platform": None}, "account_id"),
    ],
)  # fmt: skip
def test_identity_beats_the_model(
    small: Scorer, president: ProtectedAccount, change: dict[str, object], how: str
) -> None:
    found = small.assess(replace(as_reported(president), **change))  # type: ignore[arg-type]
    assert (found.relation, found.target, found.impersonation_probability) == ("is_protected", president, 0.0)
    (evidence,) = found.evidence
    assert (evidence.feature, evidence.contribution) == ("identity", 0.0)
    assert how in evidence.explanation


@pytest.mark.parametrize("fields", [{"handle": "presvelmoria"}, {"handle": "qzkxvw", "account_id": "822215679"}])
def test_a_declared_secondary_account_belongs_to_its_owner(
    small: Scorer, president: ProtectedAccount, fields: dict[str, str]
) -> None:
    found = small.assess(Account(platform="x", display_name="Ollivander Brask", **fields))
    assert (found.relation, found.target, found.declared_secondary) == ("same_owner", president, True)
    assert "declared secondary" in found.evidence[0].explanation


def test_a_former_handle_is_no_identity_because_somebody_else_may_have_taken_it(
    small: Scorer, president: ProtectedAccount
) -> None:
    found = small.assess(Account(platform="x", handle=president.former_handles[0]))
    assert found.relation != "is_protected"
    assert found.target == president


def test_who_resembles_nobody_has_no_target(small: Scorer) -> None:
    found = small.assess(Account(platform="x", handle="qzkxvw83", bio="Painter"))
    assert (found.relation, found.target, found.impersonation_probability) == ("no_target", None, 0.0)
    assert (found.relation_probabilities, found.evidence, found.certificate) == ({}, (), None)


@settings(deadline=None)
@given(cases)
def test_every_answer_is_complete_and_its_probabilities_are_one_whole(small: Scorer, case: Case) -> None:
    found = small.assess(case.account)
    assert found.relation in RELATIONS
    assert (found.model_id, found.registry_version) == ("small", small.registry.version)
    if found.relation_probabilities:
        assert set(found.relation_probabilities) == {"impersonation", "same_owner", "parody_or_fan", "unrelated"}
        assert sum(found.relation_probabilities.values()) == pytest.approx(1.0)
        assert min(found.relation_probabilities.values()) >= 0.0
        assert found.relation_probabilities["impersonation"] <= found.impersonation_probability
        assert found.target is not None
        assert found.certificate == small.model.certificates.get(found.target.tier)


@settings(deadline=None)
@given(cases)
def test_impersonation_is_said_only_when_likelier_than_all_else_and_not_of_the_original(
    small: Scorer, case: Case
) -> None:
    found = small.assess(case.account)
    if found.relation == "impersonation":
        assert found.impersonation_probability == found.relation_probabilities["impersonation"] >= 0.5
        assert found.direction >= 0


@settings(deadline=None)
@given(cases)
def test_the_evidence_adds_up_to_the_probability(small: Scorer, case: Case) -> None:
    found = small.assess(case.account)
    if found.relation_probabilities and found.direction >= 0:
        shown = small.model.baseline + sum(one.contribution for one in found.evidence)
        left_out = NEGLIGIBLE * (len(FEATURE_NAMES) - len(found.evidence))
        assert expit(shown - left_out) <= found.relation_probabilities["impersonation"] <= expit(shown + left_out)


@settings(max_examples=30, deadline=None)
@given(st.lists(cases, max_size=8))
def test_an_answer_does_not_depend_on_the_company(small: Scorer, together: list[Case]) -> None:
    accounts = [case.account for case in together]
    assert small.assess_many(accounts) == [small.assess(account) for account in accounts]


def test_reports_of_one_wording_are_compared_once_and_answered_each_by_its_own_numbers(
    small: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = [
        replace(case.account, followers=followers, created_at=made, verified=verified, posts=posts)
        for followers, made, verified, posts in [(9, YOUNG, None, 3), (10**7, OLD, True, None), (None, None, False, 0)]
        for case in CASES[:40]
    ]
    one_by_one = [small.assess(account) for account in reports]
    asked: list[int] = []
    places = CandidateIndex.places

    def counted(self: CandidateIndex, views: Sequence[View]) -> list[list[Place]]:
        asked.append(len(views))
        return places(self, views)

    monkeypatch.setattr(CandidateIndex, "places", counted)
    assert small.assess_many(reports) == one_by_one
    assert sum(asked) <= len(reports) / 3 + len(asked)


def test_an_assessment_without_explanation_differs_only_in_that(small: Scorer) -> None:
    accounts = [case.account for case in CASES]
    explained, bare = small.assess_many(accounts), small.assess_many(accounts, explain=False)
    compared = ({*FEATURE_NAMES}.isdisjoint(item.feature for item in one.evidence) for one in explained)
    without = (one if alone else replace(one, evidence=()) for one, alone in zip(explained, compared, strict=True))
    assert list(without) == bare


def test_the_same_account_model_and_registry_give_the_same_answer(
    small: Scorer, small_training: Training, registry: Registry
) -> None:
    again = Scorer(small_training.model, "small", Registry(reversed(registry.accounts)))
    accounts = [case.account for case in CASES]
    assert again.assess_many(accounts) == small.assess_many(accounts)


def test_most_attacks_are_called_impersonation_of_the_right_account(small: Scorer) -> None:
    found = small.assess_many([case.account for case in ATTACK_CASES])
    expected = [("impersonation", case.protected) for case in ATTACK_CASES]
    right = [(one.relation, one.target) == answer for one, answer in zip(found, expected, strict=True)]
    assert np.mean(right) > 0.6


def test_the_best_target_is_chosen_over_all_candidates(small_training: Training, president: ProtectedAccount) -> None:
    """Whoever claims two protected accounts is judged by the one it most likely imitates."""
    bystander = ProtectedAccount(platform="x", handle="VelmoriaToday", display_name="Velmoria Today", followers=9_000)
    scorer = Scorer(small_training.model, "small", Registry([president, bystander]))
    fake = Account(
        platform="x", handle="OIIivanderBrask", display_name=president.display_name, bio=president.bio, followers=5,
        created_at=YOUNG, verified=False,
    )  # fmt: skip
    alone, mentioning = scorer.assess_many([fake, replace(fake, bio=f"{president.bio} As seen on @VelmoriaToday")])
    assert alone.target == mentioning.target == president
    assert alone.relation == mentioning.relation == "impersonation"


@pytest.mark.parametrize("family", ATTACKS)
def test_the_genuine_account_is_never_the_imitator_of_its_imitator(small_training: Training, family: str) -> None:
    """R2: with the imitator registered and the genuine account reported, the answer is another."""

    def assess(pair: Pair) -> Assessment:
        return Scorer(small_training.model, "small", Registry([pair.protected])).assess(pair.reported)

    flipped = 0
    for case in (case for case in ATTACK_CASES if case.family == family):
        back = Pair(case.account, case.protected).swapped()
        forward, backward = assess(back.swapped()), assess(back)
        if forward.relation == "impersonation" and forward.direction > 0 and backward.target is not None:
            flipped += 1
            assert backward.relation != "impersonation"
            assert backward.direction == -forward.direction
            assert backward.impersonation_probability <= 1.0 - forward.impersonation_probability + 1e-9
    assert flipped


def told_by_what_is_added(*protected: ProtectedAccount) -> Scorer:
    """A model that takes whoever adds a word for an imitator, and all others a little more likely than not."""

    def head(log_odds: float, step: float) -> AdditiveTables:
        nothing = np.zeros(len(FEATURE_NAMES))
        return AdditiveTables(
            intercept=log_odds,
            edges=(np.array([-0.5, 0.5]),) * len(FEATURE_NAMES),
            tables=tuple(np.array([-step, 0.0, step]) * (name == "handle_extended") for name in FEATURE_NAMES),
            linear=0.0,
            centres=nothing,
            slopes=nothing,
        )

    model = PairModel(
        features=FEATURE_NAMES,
        impersonation=head(0.4, 9.0),
        calibration=Calibration(1.0, 0.0),
        others={relation: head(0.0, 0.0) for relation in OTHER_RELATIONS},
    )
    return Scorer(model, "words", Registry(protected))


@pytest.mark.parametrize("home", ["mastodon", "bluesky"])
def test_the_target_is_chosen_on_the_accounts_own_platform_first(small_training: Training, home: str) -> None:
    """A person with an account on each of two platforms: what imitates them on one imitates that account of theirs."""
    handles = {"mastodon": "janequillon@social.example", "bluesky": "janequillon.bsky.social"}
    protected = [
        ProtectedAccount(
            platform=platform, handle=handle, account_id="17", display_name="Jane Quillon", followers=followers
        )
        for (platform, handle), followers in zip(handles.items(), (30_000, 31_000), strict=True)
    ]
    scorer = Scorer(small_training.model, "small", Registry(protected))
    hosts = {"mastodon": ("@social.example", "@bsky.social"), "bluesky": (".social.example", ".bsky.social")}
    for host in hosts[home]:  # nearer in its letters to one or to the other
        account = Account(platform=home, handle=f"janequi1lon{host}", display_name="Jane Quillon", followers=9)
        found = scorer.assess(account)
        assert found.target is not None
        assert found.target.platform == home
    elsewhere = Account(platform="x", handle="janequi1lon", display_name="Jane Quillon", followers=9)
    assert scorer.assess(elsewhere).target in protected


def test_one_target_is_not_cleared_by_the_probability_of_another() -> None:
    """The likelier target looks like the copy itself; what is left must be judged by its own probability."""
    small_one = ProtectedAccount(platform="x", handle="JaneQuillon", followers=10)
    large_one = ProtectedAccount(platform="x", handle="JaneQuillonBank", followers=10**6)
    account = Account(platform="x", handle="JaneQuillonBank_", followers=1_000)
    found = told_by_what_is_added(small_one, large_one).assess(account)
    assert (found.relation, found.target) == ("impersonation", large_one)
    assert found.impersonation_probability == found.relation_probabilities["impersonation"] == pytest.approx(expit(0.4))


@settings(deadline=None)
@given(cases, st.integers(1, 10**9))
def test_rule_7_more_followers_never_raise_the_probability(small: Scorer, case: Case, more: int) -> None:
    account = replace(case.account, followers=case.account.followers or 0)
    larger = replace(account, followers=(account.followers or 0) + more)
    before, after = small.assess_many([account, larger])
    assert after.impersonation_probability <= before.impersonation_probability + 1e-12
    assert after.relation != "impersonation" or before.relation == "impersonation"


@settings(deadline=None)
@given(cases)
def test_rule_7_greater_age_and_a_verification_never_raise_the_probability(small: Scorer, case: Case) -> None:
    account = replace(case.account, created_at=YOUNG, verified=False)
    before, older, verified = small.assess_many(
        [account, replace(account, created_at=OLD), replace(account, verified=True)]
    )
    for after in (older, verified):
        assert after.impersonation_probability <= before.impersonation_probability + 1e-12
        assert after.relation != "impersonation" or before.relation == "impersonation"


def test_a_feature_list_other_than_the_codes_is_refused(small_training: Training, registry: Registry) -> None:
    model = small_training.model
    for features in (FEATURE_NAMES[:-1], FEATURE_NAMES[::-1], (*FEATURE_NAMES, "height")):
        with pytest.raises(FeatureMismatchError, match="train it again"):
            Scorer(replace(model, features=features), "small", registry)


def test_an_empty_batch_is_an_empty_answer(small: Scorer) -> None:
    assert small.assess_many([]) == []


def test_a_probability_that_is_no_number_is_never_called_impersonation(
    small_training: Training, registry: Registry
) -> None:
    broken = replace(small_training.model, calibration=Calibration(math.nan, 0.0))
    found = Scorer(broken, "broken", registry).assess_many([case.account for case in ATTACK_CASES])
    assert all(one.relation != "impersonation" for one in found)


def test_a_reported_account_that_looks_like_the_original_is_likelier_than_its_copy_to_be_left_alone(
    small_training: Training, president: ProtectedAccount
) -> None:
    """Somebody registered the imitator by mistake: the genuine account, reported, must not be called the fake."""
    imitator = as_protected(
        Account(platform="x", handle="OllivanderBrask_", display_name=president.display_name, bio=president.bio,
                followers=40, created_at=YOUNG, verified=False)
    )  # fmt: skip
    found = Scorer(small_training.model, "small", Registry([imitator])).assess(as_reported(president))
    assert found.direction == -1
    assert found.relation != "impersonation"
    assert found.impersonation_probability < 0.5


# --- the account alone -----------------------------------------------------------------------------------------------

BOUGHT = {"followers": 1, "listed": 0, "posts": 2}


@pytest.mark.parametrize(
    ("identity", "relation"),
    [
        ({"handle": "OllivanderBrask"}, "is_protected"),
        ({"handle": "presvelmoria"}, "same_owner"),
        ({"handle": "OIIivanderBrask", "display_name": "Ollivander Brask"}, "impersonation"),
        ({"handle": "qzkxvw83"}, "no_target"),
    ],
)
def test_every_account_is_judged_by_itself_whatever_it_is_to_its_target(
    small: Scorer, identity: dict[str, str], relation: str
) -> None:
    bought, followed = (Account(platform="x", **identity, **counts) for counts in  # type: ignore[arg-type]
                        (BOUGHT, {"followers": 80_000, "listed": 900, "posts": 12_000}))  # fmt: skip
    found, other = small.assess(bought), small.assess(followed)
    assert found.relation == relation
    assert found.inauthentic_probability is not None
    assert other.inauthentic_probability is not None
    assert found.inauthentic_probability > 0.9
    assert other.inauthentic_probability < 0.1
    assert (found.inauthentic, found.inauthentic_reason) == (True, None)
    assert (other.inauthentic, other.inauthentic_reason) == (False, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"platform": "mastodon"}, "out of what it knows: platform"), ({"posts": 10**8}, "out of what it knows: posts"),
     ({"followers": None, "listed": None}, "too little is given: at least 2 of followers, listed, posts are needed")],
)  # fmt: skip
def test_where_the_account_alone_has_no_answer_it_says_why(
    small: Scorer, changes: dict[str, object], reason: str
) -> None:
    found = small.assess(Account(**{"platform": "x", "handle": "qzkxvw83"} | BOUGHT | changes))  # type: ignore[arg-type]
    assert (found.inauthentic_probability, found.inauthentic, found.inauthentic_reason) == (None, None, reason)


def test_a_model_without_the_head_for_the_account_says_nothing_of_it(
    small_training: Training, registry: Registry
) -> None:
    model = replace(small_training.model, account=None)
    found = Scorer(model, "small", registry).assess(Account(platform="x", handle="qzkxvw83", **BOUGHT))  # type: ignore[arg-type]
    assert (found.inauthentic_probability, found.inauthentic) == (None, None)
    assert found.inauthentic_reason is not None
    assert "train it again" in found.inauthentic_reason


def test_the_head_for_the_account_is_the_models_own(small_training: Training, registry: Registry) -> None:
    assert small_training.model.account is not None
    model = replace(small_training.model, account=replace(small_training.model.account, certificate=None))
    found = Scorer(model, "small", registry).assess(Account(platform="x", handle="qzkxvw83", **BOUGHT))  # type: ignore[arg-type]
    assert found.inauthentic_probability is not None
    assert (found.inauthentic, found.inauthentic_reason) == (None, NOT_CERTIFIED)


def test_the_same_candidates_give_the_same_answer_without_retrieval(scorer: Scorer) -> None:
    """Whatever the registry holds besides the target, the likeliest, the steadiest and the others that it resembles has
    no part in the answer."""
    for case in simulate(list(scorer.registry)[:4], seed=3):
        found = scorer.assess(case.account)
        named = (found.target, found.likeliest, found.steadiest, *found.others)
        given = list(dict.fromkeys(one for one in named if one))
        small = Scorer(scorer.model, scorer.model_id, Registry(given or [case.protected]))
        again = small.assess_against(case.account, given)
        assert replace(again, registry_version=found.registry_version) == found


def test_whatever_the_answer_rests_on_tells_when_it_was_changed_lately() -> None:
    """The target is not the only one: the probability may be that of another candidate."""
    elsewhere = ProtectedAccount(platform="mastodon", handle="JaneQuillon@social.example", account_id="1")
    home = ProtectedAccount(platform="x", handle="JaneQuillonBamk", account_id="2")
    account = Account(platform="x", handle="JaneQuillonBank", account_id="3")
    scorer, at = told_by_what_is_added(elsewhere, home), datetime(2026, 5, 1, tzinfo=UTC)
    found = scorer.assess(account)
    assert (found.target, found.likeliest, found.registered_at) == (home, elsewhere, None)
    for one in (elsewhere, home):
        changed = scorer.over(scorer.registry.changed([replace(one, links=("https://quillon.example",))], at=at))
        assert changed.assess(account).registered_at == at, one
    other = ProtectedAccount(platform="x", handle="QuimbyTerrane", account_id="4")
    assert scorer.over(scorer.registry.changed([other], at=at)).assess(account).registered_at is None


def test_an_account_that_was_withdrawn_lately_is_known_by_its_id_and_its_handle() -> None:
    home = ProtectedAccount(platform="x", handle="JaneQuillonBamk", account_id="2")
    scorer, at = told_by_what_is_added(home, replace(home, handle="QuimbyTerrane", account_id="4")), datetime.now(UTC)
    without = scorer.over(scorer.registry.changed(withdraw=[("x", home.handle)], at=at))
    for account in (Account(platform="x", handle="renamed", account_id="2"), Account(platform="x", handle=home.handle)):
        assert without.assess(account).unprotected_at == at
    assert without.assess(Account(platform="x", handle="JaneQuillonBank", account_id="3")).unprotected_at is None


def test_scorers_beside_each_other_answer_as_each_alone(small_training: Training, registry: Registry) -> None:
    """The second finds the pairs compared; its answers are those of its own model, with its own certificates."""
    index = CandidateIndex(registry)
    model = small_training.model
    other = replace(model, calibration=Calibration(0.5 * model.calibration.slope, 1.0), certificates={})
    scorers = [Scorer(model, "one", index), Scorer(other, "other", index)]
    accounts = [*(case.account for case in CASES[:200]), as_reported(KNOWN[0])]
    beside = scorers[0].assess_beside(scorers[1:], accounts)
    assert beside == [scorer.assess_many(accounts, explain=False) for scorer in scorers]
    assert beside[0] != beside[1]


def test_scorers_over_other_registries_do_not_stand_beside_each_other(
    small_training: Training, registry: Registry
) -> None:
    one, other = (Scorer(small_training.model, "small", registry) for _ in range(2))
    with pytest.raises(ValueError, match="same index"):
        one.assess_beside([other], [])
