"""The account alone: it adds up, R7 holds, it knows its limits, and it flags nobody without a certificate."""

import math
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from classifier.accounts.account import Account
from classifier.certification.neyman_pearson import smallest_sample
from classifier.errors import TrainingError
from classifier.model.account_features import COUNT_NAMES, PROFILE_FEATURES, PROFILE_NAMES
from classifier.model.account_model import (
    AUDIENCE,
    LADDER,
    MIN_FIELDS,
    MIN_STEP_ACCOUNTS,
    NOT_CERTIFIED,
    AccountModel,
    Steps,
    fit,
)
from classifier.model.scorecard import default_account_model

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = (*COUNT_NAMES, "following")
counts = st.none() | st.integers(0, 200_000) | st.integers(0, 10**10)
counted = st.fixed_dictionaries(dict.fromkeys(FIELDS, counts))
ages = st.none() | st.integers(0, 9_000)
Made = tuple[list[Account], list[bool], list[str]]


def account(**values: Any) -> Account:
    return Account(**{"handle": "jane", "platform": "x"} | values)


def aged(days: int | None, **values: Any) -> Account:
    """An account so many days old, or of which nobody says how old."""
    return account(**values, created_at=None if days is None else NOW - timedelta(days), observed_at=NOW)


def made(seed: int = 1, genuine: int = 4_000, fake: int = 2_000) -> Made:
    """Two sources of both classes; genuine accounts have a hundred times the audience, are older and write more."""
    rng = np.random.default_rng(seed)
    labels = [False] * genuine + [True] * fake
    sources = [str(one) for one in rng.choice(["one", "other"], len(labels))]
    powers = [rng.normal([1.5, 0.2, 2.0] if one else [3.5, 1.5, 3.0], [0.5, 0.5, 0.8]).clip(0.2) for one in labels]
    follows, days = rng.integers(0, 20_000, len(labels)).tolist(), rng.integers(0, 3_000, len(labels)).tolist()
    people = [
        aged(
            age + 2_000 * (not one),
            following=many,
            **dict(zip(COUNT_NAMES, (10**power).astype(int).tolist(), strict=True)),
        )
        for one, power, many, age in zip(labels, powers, follows, days, strict=True)
    ]
    return people, labels, sources


@pytest.fixture(scope="module")
def data() -> Made:
    return made()


@pytest.fixture(scope="module")
def fitted(data: Made) -> AccountModel:
    return fit(*data)


@pytest.fixture(params=["fitted", "default"], scope="module")
def model(request: pytest.FixtureRequest, fitted: AccountModel) -> AccountModel:
    return fitted if request.param == "fitted" else default_account_model()


# --- what it says ----------------------------------------------------------------------------------------------------


@given(values=counted, days=ages)
def test_the_contributions_add_up_to_the_log_odds_and_explain_every_feature(
    model: AccountModel, values: dict[str, int | None], days: int | None
) -> None:
    found = model.assess(aged(days, **values))
    if found.probability is None:
        assert found.contributions == ()
        return
    assert [one.name for one in found.contributions] == list(PROFILE_NAMES)
    log_odds = model.baseline + sum(one.log_odds for one in found.contributions)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-log_odds)))
    assert 0.0 < found.probability < 1.0


@given(values=counted, days=ages)
def test_a_missing_count_adds_exactly_nothing(
    model: AccountModel, values: dict[str, int | None], days: int | None
) -> None:
    for one in model.assess(aged(days, **values)).contributions:
        assert (one.log_odds == 0.0) or (values | {"years": days})[one.name] is not None


@given(values=counted, days=ages)
def test_few_followings_and_few_years_say_nothing(
    model: AccountModel, values: dict[str, int | None], days: int | None
) -> None:
    """Genuine accounts are new too, and follow nobody."""
    found = model.assess(aged(days, **values))
    for one in found.contributions:
        if (one.name == "following" and (values["following"] or 0) < 500) or (
            one.name == "years" and (days or 0) < 5 * 365
        ):
            assert one.log_odds == 0.0


@given(values=counted, more=st.integers(1, 10**6))
def test_following_more_never_lowers_suspicion(model: AccountModel, values: dict[str, int | None], more: int) -> None:
    before = model.assess(account(**values))
    after = model.assess(account(**values | {"following": (values["following"] or 0) + more}))
    if before.probability is not None and after.probability is not None:
        assert after.probability >= before.probability


@given(values=counted, name=st.sampled_from(["followers", "listed"]), more=st.integers(1, 10**6))
def test_rule_7_a_larger_audience_never_raises_suspicion(
    model: AccountModel, values: dict[str, int | None], name: str, more: int
) -> None:
    """Neither the probability nor the flag, and it makes no flag of no answer."""
    before = model.assess(account(**values))
    after = model.assess(account(**values | {name: (values[name] or 0) + more}))
    if values[name] is None:
        return
    assert not after.inauthentic or before.inauthentic
    assert after.probability is None or (before.probability is not None and after.probability <= before.probability)


@given(values=counted, days=st.integers(0, 9_000), more=st.integers(0, 9_000), verified=st.none() | st.booleans())
def test_rule_7_age_and_verification_never_raise_suspicion(
    model: AccountModel, values: dict[str, int | None], days: int, more: int, verified: bool | None
) -> None:
    young, unknown = aged(days, **values), account(**values)
    old = replace(aged(days + more, **values), verified=verified)
    assert model.assess(replace(young, verified=verified)) == model.assess(young)
    before, after, least = model.assess(young), model.assess(old), model.assess(unknown)
    assert not after.inauthentic or before.inauthentic
    assert after.probability is None or (before.probability is not None and after.probability <= before.probability)
    assert before.probability is None or (least.probability is not None and before.probability <= least.probability)


@given(values=counted, text=st.text(max_size=30))
def test_nothing_but_the_counts_and_the_platform_matters(
    model: AccountModel, values: dict[str, int | None], text: str
) -> None:
    other = account(
        **values, display_name=text, bio=text, location=text, links=(text,), default_avatar=True, observed_at=NOW
    )
    assert model.assess(replace(other, handle=text or "a")) == model.assess(account(**values))


def test_many_accounts_are_answered_one_by_one_in_order(model: AccountModel, data: Made) -> None:
    people = data[0][:50]
    assert model.assess_many(people) == [model.assess(one) for one in people]
    assert model.assess_many([]) == []


# --- out of what it knows --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "too little is given: at least 2 of followers, listed, posts are needed"),
        ({"followers": 5}, "too little is given: at least 2 of followers, listed, posts are needed"),
        ({"platform": "mastodon", "followers": 5, "posts": 5}, "out of what it knows: platform"),
        (
            {"followers": 5, "following": 9_000},
            "too little is given: at least 2 of followers, listed, posts are needed",
        ),
        ({"followers": 5, "posts": 5, "following": 10**6}, "out of what it knows: following"),
        ({"followers": 10**10, "posts": 10**10}, "out of what it knows: followers, posts"),
    ],
)
def test_it_says_when_and_why_it_does_not_know(values: dict[str, Any], reason: str) -> None:
    found = default_account_model().assess(account(**values))
    assert (found.probability, found.inauthentic, found.reason, found.contributions) == (None, None, reason, ())


@pytest.mark.parametrize("missing", COUNT_NAMES)
@pytest.mark.parametrize("platform", ["x", None])
def test_one_missing_count_or_an_unnamed_platform_is_no_reason(missing: str, platform: str | None) -> None:
    values = {name: 10 for name in COUNT_NAMES if name != missing}
    assert len(values) == MIN_FIELDS
    found = default_account_model().assess(account(platform=platform, **values))
    assert found.reason is None
    assert found.probability is not None


def test_the_packages_scorecard_knows_accounts_that_have_written_nothing() -> None:
    """Some public people have not, so that it is not how inauthentic ones were collected."""
    assert default_account_model().assess(account(followers=5, listed=0, posts=0)).inauthentic
    assert not default_account_model().assess(account(followers=5_000, listed=30, posts=0)).inauthentic


def test_it_knows_nearly_all_accounts_of_the_kind_it_learned_from(fitted: AccountModel) -> None:
    found = fitted.assess_many(made(seed=2)[0])
    assert np.mean([one.reason is not None for one in found]) < 0.01


def test_it_is_silent_about_what_no_genuine_account_showed(data: Made) -> None:
    """That none of them has written nothing may be how they were collected."""
    people, labels, sources = data
    quiet = [replace(one, posts=0 if fake else (one.posts or 0) + 7) for one, fake in zip(people, labels, strict=True)]
    model = fit(quiet, labels, sources)
    assert model.steps["posts"].known[0] == 7
    assert model.assess(account(followers=1, listed=0, posts=4)).reason == "out of what it knows: posts"
    assert model.steps["followers"].known[0] == 0


# --- the flag --------------------------------------------------------------------------------------------------------


def test_the_flag_is_the_probability_above_the_certified_threshold(fitted: AccountModel, data: Made) -> None:
    assert fitted.certificate is not None
    found = fitted.assess_many(data[0])
    for one in found:
        expected = None if one.probability is None else one.probability > fitted.certificate.threshold
        assert one.inauthentic is expected
    assert sum(one.inauthentic is True for one in found) > 500


def test_rule_9_without_a_certificate_nobody_is_flagged() -> None:
    found = replace(default_account_model(), certificate=None).assess(account(followers=0, listed=0, posts=1))
    assert found.probability is not None
    assert found.probability > 0.9
    assert found.inauthentic is None
    assert found.reason == NOT_CERTIFIED


@pytest.mark.parametrize("enough", [False, True])
def test_the_certificate_needs_as_many_genuine_accounts_as_the_theory_says(enough: bool) -> None:
    people, labels, sources = made(genuine=3_600, fake=200)
    guarded = [one for one, fake in zip(people, labels, strict=True) if not fake and (one.followers or 0) >= AUDIENCE]
    needed = smallest_sample(0.001, 0.05)
    drop = {id(one) for one in guarded[needed - (not enough) :]}
    kept = [index for index, one in enumerate(people) if id(one) not in drop]
    model = fit([people[i] for i in kept], [labels[i] for i in kept], [sources[i] for i in kept])
    assert (model.certificate is not None) is enough


def test_the_bound_holds_for_genuine_accounts_drawn_anew(fitted: AccountModel) -> None:
    people, _, _ = made(seed=3, genuine=20_000, fake=0)
    followed = [one for one in people if (one.followers or 0) >= AUDIENCE]
    assert np.mean([one.inauthentic is True for one in fitted.assess_many(followed)]) <= 0.001


def test_the_certificate_names_whom_it_speaks_of(fitted: AccountModel) -> None:
    assert fitted.certificate is not None
    assert fitted.certificate.population == "genuine accounts that at least 100 people follow, of one, other"
    assert (fitted.certificate.alpha, fitted.certificate.delta) == (0.001, 0.05)


# --- learning --------------------------------------------------------------------------------------------------------


def test_it_learns_what_is_there_to_learn(fitted: AccountModel) -> None:
    people, labels, _ = made(seed=4)
    scores = [one.probability or 0.0 for one in fitted.assess_many(people)]
    assert roc_auc_score(labels, scores) > 0.99


def test_the_same_accounts_give_the_same_model_in_any_order(fitted: AccountModel, data: Made) -> None:
    order = np.random.default_rng(5).permutation(len(data[0]))
    shuffled = [[column[index] for index in order] for column in data]
    assert fit(*shuffled) == fitted


def test_a_source_counts_the_same_whatever_its_size(data: Made) -> None:
    """A thousand more of the same accounts of one source move nothing but the counts."""
    people, labels, sources = data
    picked = [index for index, source in enumerate(sources) if source == "one"]
    more = fit(*([*column, *[column[index] for index in picked]] for column in data))
    assert more.calibration.slope == pytest.approx(fit(people, labels, sources).calibration.slope, rel=0.02)


def test_what_was_learned_from_is_counted(fitted: AccountModel, data: Made) -> None:
    assert [one.source for one in fitted.learned_from] == ["one", "other"]
    assert sum(one.genuine + one.inauthentic for one in fitted.learned_from) == len(data[0])
    for steps in fitted.steps.values():
        assert sum(steps.accounts) == len(data[0])
        assert min(steps.accounts) >= MIN_STEP_ACCOUNTS


def test_without_followings_and_ages_it_learns_from_the_counts_alone(data: Made) -> None:
    people, labels, sources = data
    fewer = [replace(one, following=None, created_at=None) for one in people]
    model = fit(fewer, labels, sources)
    assert [name for name, steps in model.steps.items() if not steps.edges] == ["following", "years"]
    shown = model.assess(aged(9_000, followers=7, posts=7, following=10**9))
    assert shown == model.assess(account(followers=7, posts=7))
    assert [one.log_odds for one in shown.contributions[-2:]] == [0.0, 0.0]


@pytest.mark.parametrize("extra", [[], [0] * 49, [10**10] * 49, list(range(300)), [2**power for power in range(33)]])
def test_no_step_is_so_small_that_it_tells_of_a_single_account(extra: list[int]) -> None:
    values, labels = [1_000] * 60 + [3] * 60 + extra, [False] * 60 + [True] * 60 + [False] * len(extra)
    people = [aged(min(one, 10**5), followers=one, listed=one, posts=one, following=one) for one in values]
    model = fit(people, labels, [("one", "other")[index % 2] for index in range(len(values))])
    for steps in model.steps.values():
        assert min(steps.accounts) >= MIN_STEP_ACCOUNTS
        assert sum(steps.accounts) == len(values)
        assert set(steps.edges) <= set(LADDER)
        assert list(steps.points) == sorted(steps.points, reverse=steps is not model.steps["following"])


def _broken(change: str) -> Made:
    people, labels, sources = made(genuine=100, fake=100)
    match change:
        case "one source":
            return people, labels, ["one"] * 200
        case "one class":
            return people, [True] * 200, sources
        case "too few":
            return people[80:120], labels[80:120], sources[80:120]
        case "the other way round":
            return people, [not one for one in labels], sources
        case _:
            return people, labels[1:], sources


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("one source", "one source alone"),
        ("one class", "only one class"),
        ("too few", "at least 50 accounts with followers"),
        ("the other way round", "do not rise"),
        ("lengths", "differ in length"),
    ],
)
def test_training_that_cannot_work_says_why(change: str, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        fit(*_broken(change))


# --- the parts -------------------------------------------------------------------------------------------------------


def test_a_value_on_an_edge_belongs_to_the_step_above_it() -> None:
    steps = Steps((0, 10, 100), (1.0, 0.5, -2.0), (50, 50, 50), (0, 1_000))
    assert [steps.points_of(value) for value in (None, 0, 9, 10, 99, 100, 10**10)] == [0, 1, 1, 0.5, 0.5, -2, -2]
    assert [steps.knows(value) for value in (None, 0, 1_000, 1_001)] == [True, True, True, False]


def test_every_feature_explains_itself_and_all_but_age_are_a_field_of_an_account() -> None:
    assert set(PROFILE_NAMES) - {"years"} <= {field.name for field in fields(Account)}
    for one in PROFILE_FEATURES:
        assert one.explanation[:1].isupper(), one.name
        assert not one.explanation.endswith("."), one.name
        assert one.compute(account()) is None
        if one.name != "years":
            assert one.compute(account(**{one.name: 7})) == 7


@pytest.mark.parametrize(
    ("days", "expected"), [(None, None), (-3, 0), (0, 0), (364, 0), (366, 1), (5 * 366, 5), (31 * 366, 31)]
)
def test_age_is_counted_in_whole_years_up_to_when_the_profile_was_read(days: int | None, expected: int | None) -> None:
    years = PROFILE_FEATURES[-1]
    assert years.name == "years"
    assert years.compute(aged(days)) == expected
    assert years.compute(replace(aged(days), observed_at=None)) is None


def test_no_feature_that_rule_7_speaks_of_can_add_points() -> None:
    standing = {one.name for one in PROFILE_FEATURES if one.standing}
    assert standing == {"followers", "listed", "years"}
    assert all(one.weight > 0.0 for one in PROFILE_FEATURES if one.standing)


def test_no_answer_shows_anything_of_the_account(model: AccountModel) -> None:
    secret = account(handle="ada_brask", display_name="Ada Brask", bio="harbours", followers=987_654, posts=43_210)
    for one in (secret, replace(secret, posts=None), replace(secret, platform="tamstad")):
        shown = repr(model.assess(one)) + repr(model)
        assert not [text for text in ("ada", "Brask", "harbours", "987", "43210", "tamstad") if text in shown]
