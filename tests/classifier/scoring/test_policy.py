import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from classifier.accounts.account import Account, Pair, ProtectedAccount
from classifier.certification.neyman_pearson import Certificate
from classifier.features import KINDS
from classifier.scoring.assessment import EVIDENCE_KINDS, RELATIONS, Assessment
from classifier.scoring.direction import agreed
from classifier.scoring.policy import (
    ACTIONS,
    ONE_PERSON_DECIDES,
    Actor,
    Policy,
    Verdict,
    _clearing_reason,
    decide,
)
from classifier.scoring.reason import Reason

NOW = datetime(2025, 7, 1, 18, 59, tzinfo=UTC)
POLICY = Policy()
OLD, YOUNG = datetime(2010, 5, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC)
TARGET = ProtectedAccount(
    platform="x",
    account_id="1",
    handle="NorthwindJane",
    display_name="Jan\u00e9 Quillon",
    followers=2_000_000,
    verified=True,
    created_at=OLD,
)
CERTIFICATE = Certificate(alpha=0.01, delta=0.05, n=1_000, errors=4, threshold=0.9, population="invented")
CLEAR = Assessment(
    account=Account(
        platform="x",
        account_id="2",
        handle="N0rthwindJane",
        followers=12,
        verified=False,
        created_at=YOUNG,
        display_name="Jane",
        bio="Chair.",
    ),
    relation="impersonation",
    target=TARGET,
    impersonation_probability=0.97,
    clearing_probability=0.94,
    strongest_kind="handle",
    kinds={"handle": 0.7, "name": 0.6, "bio": 0.0, "lures": 0.0, "picture": -0.1, "standing": 0.3},
    relation_probabilities={"impersonation": 0.97, "same_owner": 0.0005, "parody_or_fan": 0.0, "unrelated": 0.0295},
    certificate=CERTIFICATE,
    direction=1,
    model_id="m",
    registry_version="r",
)

EVEN = CLEAR.kinds
# Handles that have the protected handle or name in them as it is written.
OPENLY = (
    "NorthwindJane2", "the_NorthwindJane", "northwind_jane_real", "NORTHWINDJANE_x", "Jane_at_Quillon", "quillonjane",
    "JaneQuillon7", "mrs.jane.quillon", "N\u00f6rthwindJane1",
)  # fmt: skip
# Kinds that say nothing that could be relied on: missing, no numbers, others, or one that carries it all.
NOT_TWO_KINDS: tuple[dict[str, float], ...] = (
    {},
    {"handle": 0.7, "name": 0.6},
    {name: weight for name, weight in EVEN.items() if name != "picture"},
    EVEN | {"target": 0.1},
    EVEN | {"bio": math.nan},
    EVEN | {"bio": math.inf},
    EVEN | {"handle": math.nan},
    EVEN | {"handle": 0.9},
    EVEN | {"handle": 20.0},
    EVEN | {"handle": 9e9},
    EVEN | {"name": 0.71},
    dict.fromkeys(EVEN, 0.0) | {"handle": 0.7},
    dict.fromkeys(EVEN, -1.0) | {"handle": 0.7},
    dict.fromkeys(EVEN, 0.0),
    dict.fromkeys(EVEN, -1.0),
)
PICTURE: dict[str, Any] = {"avatar_pdq": "f0" * 32, "links": ("https://www.northwind.example/jane",)}
NEARLY = {"avatar_pdq": "f0" * 31 + "0f"}  # eight bits of it are others

UNRELATED = {"impersonation": 0.9, "same_owner": 0.0005, "parody_or_fan": 0.0005, "unrelated": 0.099}
OWN = {"impersonation": 0.9, "same_owner": 0.05, "parody_or_fan": 0.0, "unrelated": 0.05}

platforms = st.sampled_from([None, "", "x", "mastodon"])
accounts = st.builds(
    Account,
    handle=st.sampled_from(["N0rthwindJane", "N0rthwindJane", "Northwind_Jane"]),
    account_id=st.sampled_from(["2", "2", "1", None]),
    followed_by_target=st.sampled_from([None, False, True]),
    platform=platforms,
    followers=st.none() | st.sampled_from([0, 99_999, 100_000, 10**8]) | st.integers(0, 200_000),
    verified=st.sampled_from([None, False, False, True]),
    display_name=st.sampled_from(["Jane", "Jane", None]),
    bio=st.sampled_from(["Chair.", "Chair.", None]),
    created_at=st.sampled_from([None, YOUNG, YOUNG, OLD - timedelta(days=400)]),
)
certificates = st.none() | st.builds(replace, st.just(CERTIFICATE), threshold=st.floats(0, 1))
assessments = st.builds(
    Assessment,
    account=accounts,
    relation=st.sampled_from(RELATIONS) | st.just("impersonation"),
    target=st.just(TARGET) | st.sampled_from([None, TARGET, replace(TARGET, platform="mastodon")]),
    impersonation_probability=st.floats(0.8, 1) | st.floats(-1, 2) | st.sampled_from([math.nan, math.inf]),
    clearing_probability=st.floats(0.8, 1) | st.floats(-1, 2) | st.sampled_from([math.nan, math.inf]),
    strongest_kind=st.sampled_from([None, "handle", "handle", *KINDS]),
    kinds=st.just(CLEAR.kinds),
    certificate=certificates | st.just(CERTIFICATE),
    direction=st.sampled_from([-1, 0, 1, 1]),
    declared_secondary=st.sampled_from([False, False, True]),
    uncovered=st.sampled_from([(), (), ("followers",)]),
    relation_probabilities=st.sampled_from([{}, OWN, *[UNRELATED] * 4]),
    model_id=st.just("m"),
    registry_version=st.just("r"),
)
ends = st.none() | st.timedeltas(timedelta(hours=-48), timedelta(days=9)).map(lambda left: NOW + left)
actors = st.none() | st.builds(Actor, st.just("worker"), ends)
actions = st.sampled_from(ACTIONS)


def verdict_of(assessment: Assessment = CLEAR, actor: Actor | None = None, action: Any = "suspend") -> Verdict:
    return decide(assessment, action, actor, now=NOW, policy=POLICY)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def may_be_cleared(one: Assessment, actor: Actor | None) -> bool:
    """The rules once more, as one sentence."""
    account = one.account
    return (
        one.relation == "impersonation"
        and not one.declared_secondary
        and one.target is not None
        and account.platform == one.target.platform
        and one.certificate is not None
        and not one.uncovered
        and one.relation_probabilities == UNRELATED
        and one.certificate.threshold < one.impersonation_probability <= 1.0
        and one.certificate.threshold < one.clearing_probability <= 1.0
        and None not in (account.display_name, account.bio)
        and one.direction > 0
        and agreed(Pair(account, one.target)) > 0
        and one.strongest_kind == "handle"
        and one.clearing_probability <= expit(logit(one.impersonation_probability) - CLEAR.kinds["handle"]) + 1e-9
        and account.account_id not in (None, one.target.account_id)
        and account.handle != "Northwind_Jane"
        and (account.verified is False or (account.verified is None and account.platform == "mastodon"))
        and not account.followed_by_target
        and account.followers is not None
        and account.followers < 100_000
        and (actor is None or actor.access_ends_at is None or actor.access_ends_at - NOW > timedelta(hours=24))
    )


@given(assessments, actions, actors)
def test_cleared_means_that_every_rule_allows_it(assessment: Assessment, action: Any, actor: Actor | None) -> None:
    verdict = verdict_of(assessment, actor, action)
    assert (verdict.verdict == "cleared") == may_be_cleared(assessment, actor)


@given(assessments, actions, actors)
def test_a_protected_or_declared_account_is_refused_whatever_else_is_said(
    assessment: Assessment, action: Any, actor: Actor | None
) -> None:
    for one in (replace(assessment, relation="is_protected"), replace(assessment, declared_secondary=True)):
        verdict = verdict_of(one, actor, action)
        assert (verdict.verdict, verdict.required_approvals) == ("refused", 0)


@given(assessments, st.timedeltas(timedelta(0), timedelta(days=900)))
def test_an_actor_whose_access_has_ended_is_refused(assessment: Assessment, ago: timedelta) -> None:
    verdict = verdict_of(assessment, Actor("worker", NOW - ago))
    assert verdict.verdict == "refused"
    assert "access_ended" in codes(verdict)


@given(assessments, actions, actors)
def test_every_verdict_has_reasons_and_the_approvals_that_go_with_it(
    assessment: Assessment, action: Any, actor: Actor | None
) -> None:
    verdict = verdict_of(assessment, actor, action)
    assert verdict.reasons
    assert len(set(codes(verdict))) == len(verdict.reasons)
    assert all(reason.text.endswith(".") for reason in verdict.reasons)
    needed = {1, 2} if action == "require_change" else {2}
    assert verdict.required_approvals in (needed if verdict.verdict == "needs_review" else {0})
    assert verdict.policy_version == POLICY.version


@given(assessments, actors)
def test_the_action_makes_no_difference_as_all_but_one_of_them_take_an_account_down(
    assessment: Assessment, actor: Actor | None
) -> None:
    assert len({verdict_of(assessment, actor, action) for action in ACTIONS if action != "require_change"}) == 1


@given(assessments, actors)
def test_the_milder_measure_is_refused_and_cleared_like_the_harsh_ones(
    assessment: Assessment, actor: Actor | None
) -> None:
    harsh, mild = verdict_of(assessment, actor, "delete"), verdict_of(assessment, actor, "require_change")
    assert (mild.verdict == "cleared") == (harsh.verdict == "cleared")
    assert mild.verdict == harsh.verdict or "nothing_to_change" in codes(mild)
    assert set(codes(harsh)) <= set(codes(mild)) or mild.verdict == "refused"


def test_the_plain_case_is_cleared_and_says_why() -> None:
    verdict = verdict_of(actor=Actor("worker"))
    assert verdict.verdict == "cleared"
    assert codes(verdict) == ["certified_impersonation"]
    for said in ("@NorthwindJane", "97.00", "94.00", "(the handle)", "90.00", "1.0 %"):
        assert said in verdict.reasons[0].text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"relation": "same_owner"}, "relation_same_owner"),
        ({"relation": "parody_or_fan"}, "relation_parody_or_fan"),
        ({"relation": "unrelated"}, "relation_unrelated"),
        ({"relation": "no_target", "target": None}, "relation_no_target"),
        ({"certificate": None}, "no_certificate"),
        ({"impersonation_probability": 0.9}, "below_threshold"),
        ({"impersonation_probability": math.nan}, "below_threshold"),
        ({"clearing_probability": 0.9}, "single_kind_of_evidence"),
        ({"clearing_probability": math.nan}, "single_kind_of_evidence"),
        ({"clearing_probability": 0.0, "strongest_kind": None}, "single_kind_of_evidence"),
        *(({"kinds": kinds}, "single_kind_of_evidence") for kinds in NOT_TWO_KINDS),
        ({"strongest_kind": None}, "single_kind_of_evidence"),
        ({"strongest_kind": "name"}, "single_kind_of_evidence"),
        ({"strongest_kind": "target"}, "single_kind_of_evidence"),
        ({"clearing_probability": 0.97}, "single_kind_of_evidence"),
        ({"clearing_probability": 0.9999}, "single_kind_of_evidence"),
        (
            {
                "account": replace(CLEAR.account, created_at=None, verified=None, platform="mastodon"),
                "target": replace(TARGET, platform="mastodon"),
            },
            "direction_unknown",
        ),
        ({"account": replace(CLEAR.account, created_at=OLD - timedelta(days=31))}, "direction_unknown"),
        (
            {"account": replace(CLEAR.account, followers=90_000), "target": replace(TARGET, followers=900)},
            "direction_unknown",
        ),
        ({"others": (replace(TARGET, account_id=None, handle="JaneNorthwind"),)}, "maybe_another_protected"),
        ({"others": (replace(TARGET, handle="n0rthwind.jane"),)}, "maybe_another_protected"),
        ({"account": replace(CLEAR.account, bio=None)}, "profile_unknown"),
        ({"account": replace(CLEAR.account, display_name=None)}, "profile_unknown"),
        ({"kinds": EVEN | {"lures": 0.65}}, "owner_has_it_too"),
        *(({"account": replace(CLEAR.account, handle=handle)}, "borne_openly") for handle in OPENLY),
        ({"others": (replace(TARGET, account_id="77", handle="n0rth"),)}, "borne_openly"),
        ({"kinds": EVEN | {"lures": 0.7, "handle": 0.7}}, "owner_has_it_too"),
        ({"others_own_or_parody": 0.0011}, "maybe_own_or_parody"),
        ({"others_own_or_parody": math.nan}, "maybe_own_or_parody"),
        ({"direction": 0}, "direction_unknown"),
        ({"direction": -1}, "direction_unknown"),
        ({"account": replace(CLEAR.account, platform="mastodon")}, "other_platform"),
        ({"account": replace(CLEAR.account, platform=None)}, "other_platform"),
        ({"account": replace(CLEAR.account, verified=True)}, "high_impact_verified"),
        ({"account": replace(CLEAR.account, verified=None)}, "verification_unknown"),
        ({"account": replace(CLEAR.account, verified=False, verification="paid")}, "verification_paid"),
        ({"account": replace(CLEAR.account, platform_labels=("parody",))}, "platform_says_parody"),
        ({"account": replace(CLEAR.account, platform_labels=("hidden",))}, "profile_hidden"),
        ({"account": replace(CLEAR.account, followed_by_target=True)}, "followed_by_target"),
        ({"account": replace(CLEAR.account, account_id=None)}, "identity_unproven"),
        ({"target": replace(TARGET, account_id=None)}, "identity_unproven"),
        ({"account": replace(CLEAR.account, handle="northwind_jane")}, "same_handle"),
        ({"account": replace(CLEAR.account, account_id="unknown")}, "identity_unproven"),
        ({"account": replace(CLEAR.account, account_id="0002")}, "identity_unproven"),
        ({"account": replace(CLEAR.account, account_id="1294030472427830000")}, "identity_unproven"),
        ({"target": replace(TARGET, account_id="ID_1")}, "identity_unproven"),
        ({"account": replace(CLEAR.account, handle="i/user/2")}, "handle_unknown"),
        ({"target": replace(TARGET, former_handles=("@N0RTHWINDJANE",))}, "former_handle"),
        (
            {"account": replace(CLEAR.account, created_at=NOW), "target": replace(TARGET, created_at=NOW)},
            "same_creation",
        ),
        (
            {
                "account": replace(CLEAR.account, created_at=NOW.replace(microsecond=250_000)),
                "target": replace(TARGET, created_at=NOW.replace(hour=0, minute=0)),
            },
            "same_creation",
        ),
        (
            {"account": replace(CLEAR.account, **PICTURE), "target": replace(TARGET, **(PICTURE | NEARLY))},
            "same_picture_and_link",
        ),
        (
            {
                "account": replace(CLEAR.account, **(PICTURE | {"links": ("https://t.me/jane",)})),
                "target": replace(TARGET, **(PICTURE | {"links": ("http://www.t.me/Jane/",)})),
            },
            "same_picture_and_link",
        ),
        ({"account": replace(CLEAR.account, followers=None)}, "audience_unknown"),
        ({"account": replace(CLEAR.account, followers=100_000)}, "high_impact_audience"),
    ],
)
def test_one_doubt_is_enough_for_a_review(change: dict[str, Any], code: str) -> None:
    verdict = verdict_of(replace(CLEAR, **change), Actor("worker"))
    assert (verdict.verdict, codes(verdict)) == ("needs_review", [code])


@pytest.mark.parametrize(
    ("left", "verdict", "code"),
    [
        (timedelta(0), "refused", "access_ended"),
        (timedelta(hours=1), "needs_review", "access_ending"),
        (timedelta(hours=24), "needs_review", "access_ending"),
        (timedelta(hours=24, seconds=1), "cleared", "certified_impersonation"),
    ],
)
def test_nobody_about_to_leave_clears_anything(left: timedelta, verdict: str, code: str) -> None:
    found = verdict_of(actor=Actor("worker", NOW + left))
    assert (found.verdict, codes(found)) == (verdict, [code])


def test_where_a_platform_verifies_nobody_a_missing_badge_is_no_doubt() -> None:
    account, target = replace(CLEAR.account, platform="mastodon", verified=None), replace(TARGET, platform="mastodon")
    assert verdict_of(replace(CLEAR, account=account, target=target)).verdict == "cleared"


def test_whose_account_it_is_is_said_first() -> None:
    verdict = verdict_of(replace(CLEAR, relation="is_protected"), Actor("worker", NOW))
    assert codes(verdict) == ["is_protected", "access_ended"]
    assert "@NorthwindJane" in verdict.reasons[0].text


def test_the_numbers_are_those_of_the_policy_that_is_asked() -> None:
    strict = Policy(version="7", high_impact_followers=10, access_margin=timedelta(days=30), approvals=3)
    verdict = decide(CLEAR, "delete", Actor("worker", NOW + timedelta(days=29)), now=NOW, policy=strict)
    assert codes(verdict) == ["high_impact_audience", "access_ending"]
    assert (verdict.required_approvals, verdict.policy_version) == (3, "7")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("handle", "strongest kind of evidence (the handle) the"), ("lures", "(links and asks)"), (None, "evidence the")],
)
def test_a_single_kind_of_evidence_is_named(kind: str | None, said: str) -> None:
    found = verdict_of(replace(CLEAR, clearing_probability=0.4, strongest_kind=kind))
    assert (found.verdict, codes(found)) == ("needs_review", ["single_kind_of_evidence"])
    assert said in found.reasons[0].text
    assert "40.00 %" in found.reasons[0].text


@pytest.mark.parametrize("action", ["ban", "Suspend", "", None])
def test_an_unknown_action_is_an_error_and_no_verdict(action: Any) -> None:
    with pytest.raises(ValueError, match="suspend, deactivate, delete"):
        verdict_of(action=action)


def test_a_clock_without_a_zone_is_an_error_and_no_verdict() -> None:
    with pytest.raises(ValueError, match="aware"):
        decide(CLEAR, "suspend", None, now=datetime(2025, 7, 1), policy=POLICY)  # noqa: DTZ001 - that is the point


def test_no_reason_repeats_what_the_reported_account_says_of_itself() -> None:
    """Reasons go into logs and batches; what somebody wrote into a profile has no place there."""
    account = replace(CLEAR.account, handle="h_secret", display_name="n_secret", bio="b_secret", verified=True)
    for relation in RELATIONS:
        reasons: tuple[Reason, ...] = verdict_of(replace(CLEAR, account=account, relation=relation)).reasons
        assert not any("secret" in reason.text for reason in reasons)


def test_what_the_certificate_was_not_measured_on_is_not_cleared() -> None:
    found = verdict_of(replace(CLEAR, uncovered=("followers_relative", "age")))
    assert found.verdict == "needs_review"
    assert [reason.code for reason in found.reasons] == ["outside_certificate"]
    assert "followers relative, age" in found.reasons[0].text


@pytest.mark.parametrize(
    ("alternatives", "code"),
    [
        ({"same_owner": 0.0011, "parody_or_fan": 0.0, "unrelated": 0.1}, "maybe_own_or_parody"),
        ({"same_owner": 0.0006, "parody_or_fan": 0.0006, "unrelated": 0.1}, "maybe_own_or_parody"),
        ({"same_owner": math.nan, "parody_or_fan": 0.0, "unrelated": 0.1}, "maybe_own_or_parody"),
        ({"unrelated": 0.03}, "alternatives_unknown"),
        ({}, "alternatives_unknown"),
    ],
)
def test_what_may_be_the_owners_own_or_a_parody_is_not_cleared(alternatives: dict[str, float], code: str) -> None:
    found = verdict_of(replace(CLEAR, relation_probabilities=alternatives))
    assert (found.verdict, [reason.code for reason in found.reasons]) == ("needs_review", [code])


@pytest.mark.parametrize(
    "changed",
    [
        {
            "account": replace(CLEAR.account, **PICTURE),
            "target": replace(TARGET, **(PICTURE | {"avatar_pdq": "0f" * 32})),
        },
        {"account": replace(CLEAR.account, **PICTURE), "target": replace(TARGET, **(PICTURE | {"links": ()}))},
        {
            "account": replace(CLEAR.account, **(PICTURE | {"links": ("https://t.me/a",)})),
            "target": replace(TARGET, **(PICTURE | {"links": ("https://t.me/b",)})),
        },
        {
            "account": replace(CLEAR.account, created_at=NOW),
            "target": replace(TARGET, created_at=NOW - timedelta(days=9)),
        },
        {"target": replace(TARGET, followers=None, verified=True)},
        {"target": replace(TARGET, former_handles=("JaneOfNorthwind",))},
    ],
)
def test_what_does_not_speak_for_the_same_account_stops_nothing(changed: dict[str, Any]) -> None:
    assert codes(verdict_of(replace(CLEAR, **changed))) == ["certified_impersonation"]


def test_the_kinds_of_evidence_are_those_of_the_features() -> None:
    assert {*EVIDENCE_KINDS} == {*KINDS}


@pytest.mark.parametrize(
    ("account", "target", "said"),
    [
        ({}, {"created_at": None, "followers": None}, "Only verification tells"),
        ({"created_at": None}, {"followers": None}, "Only verification tells"),
        ({"followers": 5_000_000}, {}, "verification, age for the protected account as the original, audience for the"),
        ({"created_at": OLD - timedelta(days=3_650), "followers": 200_000_000}, {},
         "verification for the protected account as the original, audience, age for the reported one"),
        ({"followers": 1_000_000, "created_at": OLD}, {"verified": False}, "Nothing known of the two accounts"),
    ],
)  # fmt: skip
def test_why_the_direction_is_not_known_is_said(account: dict[str, Any], target: dict[str, Any], said: str) -> None:
    changed = {"account": replace(CLEAR.account, **account), "target": replace(TARGET, **target)}
    found = verdict_of(replace(CLEAR, **changed))
    [reason] = [reason for reason in found.reasons if reason.code == "direction_unknown"]
    assert found.verdict == "needs_review"
    assert said in reason.text


@pytest.mark.parametrize("known", [{}, {"verified": True}, {"followers": 2_000_000}, {"created_at": OLD}])
def test_for_a_target_of_which_one_sign_is_registered_nothing_is_cleared(known: dict[str, Any]) -> None:
    target = replace(TARGET, followers=None, created_at=None, verified=None)
    assert codes(verdict_of(replace(CLEAR, target=replace(target, **known)))) == ["target_unknown", "direction_unknown"]


@given(
    verified=st.sampled_from([None, False, True]),
    followers=st.none() | st.integers(0, 10**9),
    created_at=st.none() | st.datetimes(datetime(2007, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    said=st.sampled_from([-1, 0, 1, 2]),
)
def test_one_sign_alone_never_clears_and_none_may_contradict(said: int, **known: Any) -> None:
    """Whatever the assessment says of the direction, the policy compares the accounts itself."""
    account = replace(CLEAR.account, **known)
    cleared = verdict_of(replace(CLEAR, account=account, direction=said)).verdict == "cleared"
    signs = [
        0 if known["verified"] is None else int(not known["verified"]),
        0 if known["followers"] is None else (known["followers"] < 1_000_000) - (known["followers"] > 4_000_000),
        0 if known["created_at"] is None
        else (known["created_at"] - OLD > timedelta(days=30)) - (OLD - known["created_at"] > timedelta(days=30)),
    ]  # fmt: skip
    if cleared:
        assert min(signs) >= 0
        assert sum(signs) >= 2
        assert said > 0


@given(
    kinds=st.fixed_dictionaries(
        {kind: st.floats(-9, 9) | st.sampled_from([math.nan, math.inf, 0.0]) for kind in KINDS}
    ),
    strongest=st.sampled_from([None, "target", "other", *KINDS]),
    probability=st.floats(0.9, 1.0) | st.floats(1 - 1e-12, 1.0),
    clearing=st.floats(0.9, 1.0) | st.sampled_from([math.nan, math.inf]),
)
def test_no_clearance_rests_on_one_kind_whatever_a_model_says(
    kinds: dict[str, float], strongest: str | None, probability: float, clearing: float
) -> None:
    """The threshold holds with any one kind taken away, computed here from the kinds alone."""
    one = replace(
        CLEAR,
        kinds=kinds,
        strongest_kind=strongest,
        impersonation_probability=probability,
        clearing_probability=clearing,
    )
    if verdict_of(one).verdict == "cleared":
        assert sum(weight > 0 for weight in kinds.values()) >= 2
        if probability < 1 - 1e-9:
            for weight in kinds.values():
                assert expit(logit(probability) - max(weight, 0.0)) > CERTIFICATE.threshold - 1e-6


@given(log_odds=st.floats(2.5, 60), weights=st.lists(st.floats(0.01, 40), min_size=2, max_size=4))
def test_what_a_model_that_adds_up_says_is_borne_out(log_odds: float, weights: list[float]) -> None:
    """However near to 1 its probabilities come: rounding refuses nobody."""
    kinds = dict.fromkeys(KINDS, 0.0) | dict(zip(("handle", "name", "bio", "standing"), weights, strict=False))
    strongest = max(KINDS, key=kinds.__getitem__)
    clearing = float(expit(log_odds - kinds[strongest]))
    one = replace(
        CLEAR, kinds=kinds, strongest_kind=strongest, clearing_probability=clearing,
        impersonation_probability=float(expit(log_odds)),
    )  # fmt: skip
    assert (verdict_of(one).verdict == "cleared") == (clearing > CERTIFICATE.threshold)


OWNERS = (
    "My old account was hacked, this is the new one", "Locked out of my other account", "Starting over. Singer.",
    "Customer care, we reply within the hour", "Help desk of Northwind", "Nueva cuenta, me hackearon la anterior",
    "Atención al cliente", "Conta nova, a antiga foi hackeada", "Nouveau compte, l'ancien est piraté", "Service client",
    "Neuer Account, der alte wurde gehackt", "Kundenservice", "Nuovo profilo", "Yeni hesabım, eskisi çalındı",
    "Новый аккаунт, старый взломали", "Служба поддержки", "حساب جديد", "خدمة العملاء", "नया अकाउंट", "Akun baru",
    "Layanan pelanggan", "新しいアカウントです", "サポート", "新号，旧号被盗", "客服", "새 계정입니다", "고객센터",
)  # fmt: skip


@pytest.mark.parametrize("handle", ["JaneQuiIlon", "QuillonNews", "jaan_quilon", "N0rthwind_Jane", "jane7", "q"])
def test_a_part_of_a_name_or_a_disguised_one_is_not_borne_openly(handle: str) -> None:
    target = replace(TARGET, aliases=("J. Quillon", "\u30b8\u30a7\u30fc\u30f3"))
    account = replace(CLEAR.account, handle=handle)
    assert verdict_of(replace(CLEAR, target=target, account=account)).verdict == "cleared"


@pytest.mark.parametrize("text", OWNERS)
@pytest.mark.parametrize("column", ["bio", "display_name"])
def test_what_an_owner_writes_as_well_as_a_thief_clears_nothing(column: str, text: str) -> None:
    account = replace(CLEAR.account, **{column: text})
    found = verdict_of(replace(CLEAR, account=account, impersonation_probability=0.9999, clearing_probability=0.999))
    assert found.verdict == "needs_review"
    assert "owner_may_say_so" in codes(found)


@pytest.mark.parametrize(
    ("field", "code"), [("registered_at", "recently_registered"), ("unprotected_at", "recently_withdrawn")]
)
@pytest.mark.parametrize(("hours", "doubted"), [(0, True), (71.9, True), (72, False), (-200, True)])
def test_what_the_registry_holds_since_lately_takes_two_people(
    field: str, code: str, hours: float, doubted: bool
) -> None:
    """A time to come counts as lately: a clock that was set back must not clear anybody."""
    verdict = verdict_of(replace(CLEAR, **{field: NOW - timedelta(hours=hours)}))
    assert (verdict.verdict, verdict.required_approvals) == (("needs_review", 2) if doubted else ("cleared", 0))
    assert (code in {reason.code for reason in verdict.reasons}) is doubted


def test_how_lately_is_a_number_of_the_policy() -> None:
    an_hour_ago = replace(CLEAR, registered_at=NOW - timedelta(hours=1))
    for hours, verdict in ((0, "cleared"), (1, "cleared"), (2, "needs_review")):
        policy = replace(POLICY, recent_registration=timedelta(hours=hours))
        assert decide(an_hour_ago, "suspend", None, now=NOW, policy=policy).verdict == verdict


def test_a_protected_account_stays_refused_however_new_it_is() -> None:
    new = replace(CLEAR, relation="is_protected", registered_at=NOW)
    assert verdict_of(new).verdict == "refused"


@pytest.mark.parametrize("probability", [1.0, math.nextafter(1.0, 0.0), 0.999_99])
def test_nothing_reads_as_certain(probability: float) -> None:
    sure = replace(CLEAR, impersonation_probability=probability, clearing_probability=probability)
    text = _clearing_reason(sure).text
    assert "above 99.99 %" in text or "99.99 %" in text
    assert "100" not in text


@pytest.mark.parametrize("probability", [0.0, 1e-9, 0.000_04])
def test_nothing_reads_as_impossible(probability: float) -> None:
    text = " ".join(reason.text for reason in verdict_of(replace(CLEAR, clearing_probability=probability)).reasons)
    assert "below 0.01 %" in text
    assert " 0.00 %" not in text


# --- the milder measure ----------------------------------------------------------------------------------------------

_MILD = replace(CLEAR, relation="parody_or_fan")


def changed(assessment: Assessment, **account: Any) -> Verdict:
    asked = replace(assessment, account=replace(assessment.account, **account))
    return decide(asked, "require_change", Actor("worker"), now=NOW, policy=POLICY)


def test_one_person_decides_about_a_change_where_only_the_relation_speaks_against_it() -> None:
    assert changed(_MILD).required_approvals == 1
    assert decide(_MILD, "suspend", Actor("worker"), now=NOW, policy=POLICY).required_approvals == 2


@pytest.mark.parametrize(
    "account",
    [
        {"followers": 100_000},
        {"followers": None},
        {"verified": True},
        {"verified": None},
        {"followed_by_target": True},
        {"account_id": None},
        {"handle": "northwind_jane"},
        {"platform_labels": ("hidden",)},
    ],
)
def test_a_change_takes_two_people_where_impact_or_identity_is_high_or_unknown(account: dict[str, Any]) -> None:
    verdict = changed(_MILD, **account)
    assert verdict.required_approvals == 2
    assert codes(verdict)[0] == "relation_parody_or_fan"
    assert len(verdict.reasons) > 1, "it says why, too"


@pytest.mark.parametrize(
    ("account", "code", "words"),
    [
        ({"verified": True}, "high_impact_verified", "two people must agree"),
        ({"followers": 100_000}, "high_impact_audience", "two people must agree"),
        ({"followed_by_target": True}, "followed_by_target", "two people must agree"),
        ({"followers": 99_000, "created_at": OLD - timedelta(days=3_650)}, "maybe_the_original", "ask two people"),
    ],
)
def test_a_change_that_takes_two_people_says_why(account: dict[str, Any], code: str, words: str) -> None:
    verdict = changed(replace(_MILD, target=replace(TARGET, verified=None, followers=900)), **account)
    assert verdict.required_approvals == 2
    assert words in {reason.code: reason.text for reason in verdict.reasons}[code]


def test_a_change_that_takes_one_person_has_no_reason_for_two() -> None:
    assert codes(changed(_MILD)) == ["relation_parody_or_fan"]


@given(assessments, actors)
def test_a_change_says_no_less_than_a_suspension_and_why_where_it_takes_as_many_people(
    assessment: Assessment, actor: Actor | None
) -> None:
    harsh, mild = verdict_of(assessment, actor, "suspend"), verdict_of(assessment, actor, "require_change")
    if mild.verdict == "needs_review":
        assert mild.reasons[: len(harsh.reasons)] == harsh.reasons
        is_mild = set(codes(mild)) <= ONE_PERSON_DECIDES
        assert mild.required_approvals == (POLICY.change_approvals if is_mild else POLICY.approvals)


def test_nothing_is_demanded_of_whom_nobody_resembles() -> None:
    verdict = changed(replace(CLEAR, relation="no_target", target=None))
    assert (verdict.verdict, codes(verdict)) == ("refused", ["nothing_to_change"])


def test_a_demand_never_takes_more_people_than_a_suspension() -> None:
    single = Policy(approvals=1, change_approvals=5)
    assert decide(_MILD, "require_change", None, now=NOW, policy=single).required_approvals == 1
