import pickle
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from classifier.features import FEATURE_NAMES, FEATURES, KINDS, MONOTONE
from classifier.model.additive import MOST_WEIGHT, AdditiveClassifier
from classifier.model.pair_model import CIRCUMSTANCES, OTHER_RELATIONS, PairModel, strongest_kind
from classifier.model_store.training_result import Training

SIGNS = (-1, 0, 1, 0)
Floats = NDArray[np.float64]


def draw(seed: int, n: int = 1_500) -> tuple[Floats, NDArray[np.bool_]]:
    """Four features, a quarter of the values missing; the label goes against what SIGNS allows for the third."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(n, len(SIGNS)))
    log_odds = -2 * values[:, 0] + np.sin(3 * values[:, 1]) - values[:, 2] + 0.3 * rng.normal(size=n)
    values[rng.random(values.shape) < 0.25] = np.nan
    values[:, 3] = np.round(values[:, 3])
    return values, log_odds > 0


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Boosting on these sizes waits for its threads more than it computes."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def fitted() -> AdditiveClassifier:
    return AdditiveClassifier(monotone=SIGNS, max_iter=60).fit(*draw(1))


numbers = st.floats(-4, 4) | st.floats(-1e12, 1e12) | st.just(np.nan)
rows = st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=1, max_size=5)
wide_rows = st.lists(
    st.lists(numbers, min_size=len(FEATURE_NAMES), max_size=len(FEATURE_NAMES)), min_size=1, max_size=3
)


def test_it_learns(fitted: AdditiveClassifier) -> None:
    values, labels = draw(2)
    assert fitted.score(values, labels) > 0.7


@settings(deadline=None)
@given(rows)
def test_the_log_odds_are_the_intercept_plus_one_contribution_a_feature(
    fitted: AdditiveClassifier, values: list[list[float]]
) -> None:
    contributions = fitted.contributions(values)
    assert contributions.shape == (len(values), len(SIGNS))
    np.testing.assert_allclose(fitted.decision_function(values), fitted.intercept_ + contributions.sum(axis=1))
    np.testing.assert_allclose(fitted.predict_proba(values)[:, 1], expit(fitted.decision_function(values)))
    np.testing.assert_allclose(fitted.predict_proba(values).sum(axis=1), 1.0)


@settings(deadline=None)
@given(rows)
def test_a_missing_value_contributes_exactly_nothing(fitted: AdditiveClassifier, values: list[list[float]]) -> None:
    found = fitted.contributions(values)
    assert np.all(found[np.isnan(values)] == 0.0)


def test_with_nothing_known_the_log_odds_are_the_intercept(fitted: AdditiveClassifier) -> None:
    assert fitted.decision_function([[np.nan] * 4]) == [fitted.intercept_]


@settings(deadline=None)
@given(rows, st.integers(0, 3), numbers)
def test_a_contribution_depends_on_its_own_feature_only(
    fitted: AdditiveClassifier, values: list[list[float]], column: int, value: float
) -> None:
    changed = np.array(values)
    changed[:, column] = value
    before, after = fitted.contributions(values), fitted.contributions(changed)
    np.testing.assert_array_equal(np.delete(before, column, axis=1), np.delete(after, column, axis=1))


@settings(deadline=None)
@given(rows, numbers, numbers)
def test_monotone_features_never_count_the_wrong_way(
    fitted: AdditiveClassifier, values: list[list[float]], one: float, other: float
) -> None:
    if np.isnan(one) or np.isnan(other):
        return
    low, high = np.array(values), np.array(values)
    for column, sign in enumerate(SIGNS):
        if sign:
            low[:, column], high[:, column] = min(one, other), max(one, other)
            steps = fitted.contributions(high)[:, column] - fitted.contributions(low)[:, column]
            assert np.all(sign * steps >= 0.0)


def test_a_feature_that_may_not_fall_says_nothing_where_the_data_fall(fitted: AdditiveClassifier) -> None:
    """The third feature: without the bound it would be the second strongest."""
    assert np.ptp(fitted.tables_[2]) < 0.05
    assert np.ptp(AdditiveClassifier(max_iter=60).fit(*draw(1)).tables_[2]) > 1.0


@pytest.mark.parametrize("informative", [False, True])
def test_missing_stands_between_the_lowest_and_the_highest_step(informative: bool) -> None:
    """Also where missing itself tells much: it is neither match nor mismatch."""
    values, labels = draw(3)
    if informative:
        values[labels, 1] = np.nan
    for table in AdditiveClassifier(max_iter=60).fit(values, labels).tables_:
        assert table.min() <= 0.0 <= table.max()


def test_the_real_model_keeps_the_same_promises(small_training: Training) -> None:
    model = small_training.model
    for head in (model.impersonation, *model.others.values()):
        assert len(head.tables) == len(FEATURE_NAMES)
        for edges, table in zip(head.edges, head.tables, strict=True):
            assert len(table) == len(edges) + 1
            assert table.min() <= 0.0 <= table.max()
            assert np.all(np.diff(edges) > 0)
    for sign, table in zip(MONOTONE, model.impersonation.tables, strict=True):
        assert np.all(sign * np.diff(table) >= 0.0)


@settings(deadline=None)
@given(values=wide_rows)
def test_the_contributions_of_the_real_model_add_up_to_its_calibrated_log_odds(
    small_training: Training, values: list[list[float]]
) -> None:
    model, given_rows = small_training.model, np.array(values)
    contributions = model.contributions(given_rows)
    assert np.all(contributions[np.isnan(given_rows)] == 0.0)
    raw = model.impersonation.log_odds(given_rows)
    calibrated = model.calibration.slope * raw + model.calibration.offset
    np.testing.assert_allclose(model.baseline + contributions.sum(axis=1), calibrated)
    np.testing.assert_allclose(model.probability(given_rows), expit(calibrated))


@settings(deadline=None)
@given(values=wide_rows)
def test_the_shares_of_the_other_relations_add_up_to_one(small_training: Training, values: list[list[float]]) -> None:
    shares = small_training.model.shares(np.array(values))
    assert shares.shape == (len(values), len(OTHER_RELATIONS))
    assert np.all(shares >= 0.0)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)


def test_the_steps_are_those_of_the_trees_they_were_read_from() -> None:
    """Where nothing is missing, the table says what boosting says: reading it out loses nothing."""
    rng = np.random.default_rng(4)
    values = rng.integers(0, 9, size=(800, 3)).astype(float)
    labels = values[:, 0] + rng.normal(size=800) > values[:, 1]
    boosting = HistGradientBoostingClassifier(
        interaction_cst="no_interactions", max_iter=30, max_leaf_nodes=8, l2_regularization=1.0, early_stopping=False
    ).fit(values, labels)
    additive = AdditiveClassifier(max_iter=30).fit(values, labels)
    np.testing.assert_allclose(additive.decision_function(values), boosting.decision_function(values), atol=1e-9)


def test_a_feature_that_nobody_knows_says_nothing() -> None:
    """A registry without pictures has no picture to compare in any pair."""
    values, labels = draw(5)
    values[:, 1] = np.nan
    model = AdditiveClassifier(max_iter=40).fit(values, labels)
    assert model.tables_[1].tolist() == [0.0]
    seen = values.copy()
    seen[:, 1] = 1.0
    np.testing.assert_array_equal(model.decision_function(seen), model.decision_function(values))


@pytest.mark.parametrize("steps", [2, 5, 255])
def test_no_feature_has_more_steps_than_asked_for(steps: int) -> None:
    values, labels = draw(6)
    model = AdditiveClassifier(steps=steps, max_iter=5).fit(values, labels)
    assert max(map(len, model.tables_)) > steps // 2
    assert all(len(table) <= steps for table in model.tables_)


def test_a_value_on_an_edge_belongs_to_the_step_above_it() -> None:
    model = AdditiveClassifier(max_iter=20).fit([[0.0], [1.0]] * 40, [0, 1] * 40)
    assert model.edges_[0].tolist() == [0.5]
    below, on, above = model.contributions([[0.49], [0.5], [1.0]])[:, 0]
    assert below < on == above


def test_the_same_rows_in_the_same_order_give_the_same_model() -> None:
    values, labels = draw(7)
    one, other = (AdditiveClassifier(max_iter=20).fit(values, labels) for _ in range(2))
    assert pickle.dumps(one) == pickle.dumps(other)


def test_what_is_kept_is_tables_and_no_trees() -> None:
    """What is served is what is read: a few tables, small enough to look at."""
    kept = pickle.dumps(AdditiveClassifier(max_iter=20).fit(*draw(8)))
    assert b"HistGradientBoosting" not in kept
    assert len(kept) < 20_000


def test_weights_count_as_so_many_rows() -> None:
    values, labels = draw(9, n=400)
    weighted = AdditiveClassifier(max_iter=10).fit(values, labels, sample_weight=np.where(labels, 9.0, 1.0))
    plain = AdditiveClassifier(max_iter=10).fit(values, labels)
    assert np.mean(weighted.predict(values)) > np.mean(plain.predict(values)) + 0.1


def test_classes_come_back_under_their_own_names(fitted: AdditiveClassifier) -> None:
    values, labels = draw(10)
    named = AdditiveClassifier(max_iter=60, monotone=SIGNS).fit(values, np.where(labels, "copy", "other"))
    assert named.classes_.tolist() == ["copy", "other"]
    assert set(named.predict(values)) == {"copy", "other"}
    assert clone(named).get_params() == named.get_params()


@pytest.mark.parametrize("labels", [[1, 1, 1], [0, 1, 2]])
def test_other_than_two_classes_are_refused(labels: list[int]) -> None:
    with pytest.raises(ValueError, match="exactly two classes"):
        AdditiveClassifier().fit([[0.0], [1.0], [2.0]], labels)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function", "contributions"])
def test_nothing_is_said_before_it_is_fitted(method: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(AdditiveClassifier(), method)([[0.0]])


@pytest.mark.parametrize("row", [[1.0, 2.0], [np.inf, 0.0, 0.0, 0.0], [0.0] * 5])
def test_rows_of_another_shape_and_infinities_are_refused(fitted: AdditiveClassifier, row: list[float]) -> None:
    with pytest.raises(ValueError, match=r"features|infinity"):
        fitted.decision_function([row])


def test_a_models_parts_cannot_be_exchanged(small_training: Training) -> None:
    model: Any = small_training.model
    assert isinstance(model, PairModel)
    with pytest.raises(AttributeError):
        model.certificates = {}
    with pytest.raises(AttributeError):
        model.calibration.slope = -1.0


# --- half steps, half line, and what a certificate does not cover ----------------------------------------------------


@pytest.mark.parametrize("linear", [0.0, 0.5, 1.0])
def test_with_a_line_mixed_in_contributions_still_add_up_and_missing_still_adds_nothing(linear: float) -> None:
    values, labels = draw(11)
    model = AdditiveClassifier(monotone=SIGNS, linear=linear, max_iter=30).fit(values, labels)
    contributions = model.contributions(values)
    assert model.decision_function(values) == pytest.approx(model.intercept_ + contributions.sum(axis=1))
    assert (contributions[np.isnan(values)] == 0.0).all()


@given(st.integers(0, 3), st.lists(st.floats(-5, 5), min_size=4, max_size=4), st.floats(0, 3))
def test_with_a_line_mixed_in_signs_hold(column: int, row: list[float], more: float) -> None:
    """R7 by construction: steps and line keep the sign, and so does their mean."""
    model = mixed()
    higher = [value + more * (place == column) for place, value in enumerate(row)]
    change = model.decision_function([higher])[0] - model.decision_function([row])[0]
    assert change * SIGNS[column] >= -1e-9


@cache
def mixed() -> AdditiveClassifier:
    return AdditiveClassifier(monotone=SIGNS, linear=0.5, max_iter=30).fit(*draw(12))


@pytest.mark.parametrize("linear", [0.0, 0.5])
def test_few_rows_and_many_get_the_same_contributions(linear: float) -> None:
    """They are looked up in two ways; an answer must not depend on the company."""
    values, labels = draw(14)
    model = AdditiveClassifier(linear=linear, max_iter=30).fit(values, labels)
    values[:9, 0] = model.edges_[0][:9]  # on an edge
    values[9:12, 1] = [np.inf, -np.inf, np.nan]
    alone = np.vstack([model.fitted_.contributions(values[row : row + 1]) for row in range(200)])
    assert np.array_equal(alone, model.fitted_.contributions(values)[:200], equal_nan=True)


def test_a_mixed_model_lies_between_its_halves() -> None:
    values, labels = draw(13)
    steps, half, line = (
        AdditiveClassifier(monotone=SIGNS, linear=linear, max_iter=30).fit(values, labels).decision_function(values)
        for linear in (0.0, 0.5, 1.0)
    )
    assert half == pytest.approx((steps + line) / 2)


@settings(deadline=None)
@given(values=wide_rows)
def test_what_is_left_without_the_strongest_kind_does_not_depend_on_the_company(
    small_training: Training, values: list[list[float]]
) -> None:
    """And is never more than the probability."""
    model = small_training.model
    contributions = model.contributions(np.array(values))
    found = model.without_strongest(contributions, model.of_kinds(contributions))
    assert np.all(found <= model.probability_of(contributions))
    repeated = np.vstack([contributions] * 40)
    many = model.without_strongest(repeated, model.of_kinds(repeated))
    assert np.array_equal(many, np.tile(found, 40))
    single = [contributions[row : row + 1] for row in range(len(values))]
    alone = [model.without_strongest(one, model.of_kinds(one))[0] for one in single]
    assert np.array_equal(found, alone)


@pytest.mark.parametrize("kind", KINDS)
def test_the_strongest_kind_is_the_one_that_adds_most(small_training: Training, kind: str) -> None:
    """Of one feature of each kind, and of none where nothing speaks for impersonation."""
    firsts = {feature.kind: place for place, feature in reversed(list(enumerate(FEATURES)))}
    model, contributions = small_training.model, np.zeros((1, len(FEATURES)))
    assert strongest_of(model, contributions) is None
    for other in KINDS:
        contributions[0, firsts[other]] = 2.0 if other == kind else 1.0
    assert strongest_of(model, contributions) == kind
    assert strongest_of(model, -contributions) is None
    left = model.without_strongest(contributions, model.of_kinds(contributions))[0]
    assert left == pytest.approx(expit(model.baseline + len(KINDS) - 1))


def strongest_of(model: PairModel, contributions: Floats) -> str | None:
    return strongest_kind(dict(zip(KINDS, model.of_kinds(contributions)[0].tolist(), strict=True)))


def circumstances(model: PairModel, **known: float) -> tuple[str, ...]:
    values = np.full(len(model.features), np.nan)
    for name, value in known.items():
        values[model.features.index(name)] = value
    return model.beyond(values.tolist())


def test_a_certificate_does_not_cover_what_lies_beyond_it(small_training: Training) -> None:
    model = replace(small_training.model, ranges={"followers": (1.0, 4.0), "age": (0.0, 10.0)})
    assert circumstances(model, followers=1.0, age=10.0, handle_look_alike=1.0) == ()
    assert circumstances(model, followers=4.1, age=-0.1) == ("followers", "age")


def test_missing_lies_nowhere_and_without_a_range_all_that_is_known_lies_beyond(small_training: Training) -> None:
    """R8, and R9: a certificate of which nobody knows what it covers covers nothing."""
    assert circumstances(replace(small_training.model, ranges={})) == ()
    assert circumstances(replace(small_training.model, ranges={}), posts=1.0) == ("posts",)


def test_training_notes_how_far_the_genuine_accounts_go(small_training: Training) -> None:
    ranges = small_training.model.ranges
    assert set(ranges) == set(CIRCUMSTANCES)
    assert all(low < high for low, high in ranges.values())
    assert ranges["followers"][0] >= 0.0


def test_no_line_of_a_feature_decides_by_itself() -> None:
    """Not even of a rare one that separates the classes perfectly, as a disguised name does in the simulation."""
    is_second = np.arange(4_000) % 2 == 0
    perfect = (is_second & (np.arange(4_000) % 100 == 0)).astype(float)
    noise = np.random.default_rng(3).normal(size=4_000) + is_second
    model = AdditiveClassifier(linear=1.0, max_iter=5).fit(np.column_stack([perfect, noise]), is_second)
    assert np.abs(model.contributions([[1.0, 0.0]])[0, 0]) <= MOST_WEIGHT + 1e-9
