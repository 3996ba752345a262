"""The estimators keep scikit-learn's contract, and the rules of this project where the contract says nothing."""

import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from classifier.accounts.normal_forms import View
from classifier.certification.neyman_pearson import smallest_sample
from classifier.errors import InputError
from classifier.estimators import (
    AccountClassifier,
    CertifiedClassifier,
    ImpersonationClassifier,
    PairFeatures,
    found_scorer,
    identities,
    pairs_of,
    share_found,
)
from classifier.features import FEATURE_NAMES, Feature, compute, named
from classifier.model.additive import AdditiveClassifier
from classifier.registry.dataframes import registry_frame
from classifier.registry.registry import Registry
from classifier.simulation import simulate
from classifier.simulation.population import invent_registry
from classifier.training.pairs import identity

REGISTRY = invent_registry(40, seed=3)
PAIRS = pairs_of(simulate(REGISTRY.accounts, seed=3))
IS_ATTACK = (PAIRS["label"] == "impersonation").to_numpy()
FEW = ("name_similarity", "handle_beyond_chance", "followers")

# scikit-learn expects the same of its own boosting and of its own classifiers with a threshold.
WEIGHTS = "boosting counts rows, not weights, in the smallest leaf; steps part the rows; folds part them otherwise"
EXPECTED = {
    "AdditiveClassifier": {"check_sample_weight_equivalence_on_dense_data": WEIGHTS},  # without a line it passes here
    "ImpersonationClassifier": {"check_sample_weight_equivalence_on_dense_data": WEIGHTS},
    "CertifiedClassifier": {
        "check_classifiers_one_label_sample_weights": "a certificate is of accounts, not of weights, and decides alone",
        "check_classifiers_train": "its threshold is the certified one, not 0.5",
        "check_sample_weight_equivalence_on_dense_data": WEIGHTS,
    },
}


@parametrize_with_checks(
    [
        AdditiveClassifier(max_iter=20),
        AdditiveClassifier(max_iter=20, linear=0.5),
        ImpersonationClassifier(max_iter=20),
        CertifiedClassifier(LogisticRegression(), alpha=0.3, delta=0.3),
    ],
    expected_failed_checks=lambda estimator: EXPECTED.get(type(estimator).__name__, {}),
)
def test_the_contract_of_scikit_learn(estimator: object, check: object) -> None:
    check(estimator)  # type: ignore[operator]


@pytest.mark.parametrize("estimator", [PairFeatures(REGISTRY), AccountClassifier()], ids=["pairs", "accounts"])
@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_mixin_order,
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_valid_tag_types,
    ],
)
def test_the_part_of_the_contract_for_rows_that_are_no_numbers(estimator: object, check: object) -> None:
    """scikit-learn's other checks give matrices of numbers, which are no accounts."""
    check(type(estimator).__name__, estimator)  # type: ignore[operator]


# --- pairs -----------------------------------------------------------------------------------------------------------


def test_the_features_are_those_of_the_classifier_to_the_bit() -> None:
    cases = [case for case in simulate(REGISTRY.accounts[:5], seed=1) if case.family != "ordinary"]
    found = PairFeatures(REGISTRY).transform(pairs_of(cases))
    wanted = compute([(View(case.account), View(case.protected)) for case in cases])
    np.testing.assert_array_equal(found.to_numpy(), wanted)
    assert tuple(found.columns) == FEATURE_NAMES


def test_a_protected_account_in_columns_is_the_same_as_one_that_is_looked_up() -> None:
    rows = registry_frame(REGISTRY).set_index("handle", drop=False).loc[PAIRS["target_handle"]].reset_index(drop=True)
    both = pd.concat([PAIRS.drop(columns="target_handle"), rows.add_prefix("protected_")], axis=1)
    pd.testing.assert_frame_equal(PairFeatures().transform(both), PairFeatures(REGISTRY).transform(PAIRS))
    assert identities(both).tolist() == PAIRS["identity"].tolist() == identities(PAIRS, REGISTRY).tolist()


def test_a_row_that_holds_no_pair_is_named() -> None:
    for column, value in (("handle", None), ("target_handle", "nobody_has_it")):
        with pytest.raises(InputError) as raised:
            PairFeatures(REGISTRY).transform(PAIRS.head(4).assign(**{column: [*PAIRS[column][:2], value, "x"]}))
        assert (raised.value.row, raised.value.field) == (3, column)
    with pytest.raises(InputError, match="target_handle and a registry"):
        PairFeatures().transform(PAIRS.head(1))
    with pytest.raises(InputError, match="unknown or named twice: nonsense"):
        PairFeatures(REGISTRY, features=["nonsense"]).fit(PAIRS)
    with pytest.raises(InputError, match="DataFrame"):
        PairFeatures(REGISTRY).transform([["a", "b"]])


def test_the_index_and_the_chosen_form_come_back() -> None:
    pairs = PAIRS.head(3).set_index(pd.Index(["a", "b", "c"]))
    found = PairFeatures(REGISTRY, features=FEW).set_output(transform="pandas").fit_transform(pairs)
    assert (found.index.tolist(), tuple(found.columns)) == (["a", "b", "c"], FEW)


def test_clones_share_the_registry_and_pickles_answer_the_same() -> None:
    one = PairFeatures(REGISTRY, features=FEW)
    assert clone(one).registry is REGISTRY
    again = pickle.loads(pickle.dumps(one))  # noqa: S301 - written a moment ago
    pd.testing.assert_frame_equal(again.transform(PAIRS), one.transform(PAIRS))


def same_first(reported: View, protected: View) -> float:
    """The handles begin with the same letter."""
    return float(reported.handle[:1] == protected.handle[:1])


def test_a_further_feature_stands_behind_the_others_and_the_package_does_not_know_it() -> None:
    further = Feature.of(same_first, "handle")
    found = PairFeatures(REGISTRY, features=FEW, extra=[further]).fit_transform(PAIRS)
    assert tuple(found.columns) == (*FEW, "same_first")
    assert set(found["same_first"]) == {0.0, 1.0}
    assert "same_first" not in FEATURE_NAMES
    with pytest.raises(InputError, match="named twice"):
        PairFeatures(REGISTRY, extra=[further, further]).fit(PAIRS)


def test_a_feature_that_is_left_out_and_given_back_by_hand_is_the_same() -> None:
    """How to try one: the model without it, then with it as a further feature."""
    wanted = PairFeatures(REGISTRY, features=["handle_beyond_chance"]).transform(PAIRS)
    found = PairFeatures(REGISTRY, features=[], extra=[named("handle_beyond_chance")]).transform(PAIRS)
    pd.testing.assert_frame_equal(found, wanted, atol=1e-9)
    with pytest.raises(InputError, match="no such feature"):
        named("nonsense")


# --- the classifier --------------------------------------------------------------------------------------------------


def searched(**fit_params: object) -> GridSearchCV:
    model = make_pipeline(PairFeatures(REGISTRY), ImpersonationClassifier(max_iter=10, random_state=1))
    grid = {"pairfeatures__features": [("followers",), FEW]}
    return GridSearchCV(model, grid, cv=GroupKFold(3), scoring=found_scorer(alpha=0.1)).fit(
        PAIRS, IS_ATTACK, groups=PAIRS["identity"], **fit_params
    )


def test_a_grid_over_features_is_searched_by_identity() -> None:
    search = searched()
    assert search.best_params_["pairfeatures__features"] == FEW
    assert 0.2 < search.best_score_ <= 1.0


def test_identities_are_routed_to_the_calibration_and_to_the_scorer() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        head = ImpersonationClassifier(max_iter=10, random_state=1).set_fit_request(groups=True, sample_weight=True)
        scoring = found_scorer(alpha=0.3, delta=0.2).set_score_request(groups=True)
        scores = cross_val_score(
            make_pipeline(PairFeatures(REGISTRY, features=FEW), head), PAIRS, IS_ATTACK, cv=GroupKFold(3),
            scoring=scoring, params={"groups": PAIRS["identity"], "sample_weight": np.ones(len(PAIRS))},
            error_score="raise",
        )  # fmt: skip
    assert np.all(scores > 0.0)


def test_calibration_is_on_identities_that_were_not_fitted_on() -> None:
    """Each identity has its own constant that gives its label away: whoever calibrates on it is far too sure."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 10)
    labels = np.repeat(rng.random(60) < 0.5, 10)
    values = np.repeat(rng.random(60), 10).reshape(-1, 1)
    options = {"max_iter": 100, "min_samples_leaf": 5, "steps": 200, "linear": 0.0}
    parted = ImpersonationClassifier(**options).fit(values, labels, groups=groups)
    leaking = ImpersonationClassifier(**options).fit(values, labels)
    spread, leaked = (np.ptp(one.predict_proba(values)[:, 1]) for one in (parted, leaking))
    assert spread < leaked / 2


def test_a_larger_audience_never_raises_the_probability_whatever_was_learned() -> None:
    """R7 goes by the column's name: here followers alone tell, the wrong way round."""
    frame = pd.DataFrame({"followers": np.tile([1.0, 2.0, 6.0, 7.0], 30)})
    model = ImpersonationClassifier(max_iter=20, monotone={"followers": 1}).fit(frame, np.tile([0, 0, 1, 1], 30))
    assert np.ptp(model.predict_proba(frame)[:, 1]) == 0.0
    with pytest.raises(InputError, match="by name"):
        ImpersonationClassifier(monotone={"followers": 1}).fit(frame.to_numpy(), np.tile([0, 0, 1, 1], 30))


def test_contributions_add_up_to_the_log_odds() -> None:
    X = PairFeatures(REGISTRY, features=FEW).transform(PAIRS)  # noqa: N806
    model = ImpersonationClassifier(max_iter=10).fit(X, IS_ATTACK, groups=PAIRS["identity"])
    added = model.contributions(X)
    baseline = model.calibration_.slope * model.head_.intercept_ + model.calibration_.offset
    np.testing.assert_allclose(baseline + added.sum(axis=1), model.decision_function(X))
    assert (added.to_numpy()[X.isna().to_numpy()] == 0.0).all()


# --- certificates ----------------------------------------------------------------------------------------------------


def test_without_a_certificate_nobody_is_said_to_be_one() -> None:
    """R9: not at 0.5 either, however sure the estimator is."""
    X, y = np.repeat([[0.0], [100.0]], 200, axis=0), np.repeat(["genuine", "impersonation"], 200)  # noqa: N806
    strict = CertifiedClassifier(LogisticRegression(), alpha=0.001, random_state=0).fit(X, y)
    assert strict.certificate_ is None
    assert set(strict.predict(X)) == {"genuine"}
    loose = CertifiedClassifier(LogisticRegression(), alpha=0.1, random_state=0).fit(X, y)
    assert (loose.predict(X) == y).all()


def test_an_identity_counts_once_and_is_on_one_side_only() -> None:
    rng = np.random.default_rng(0)
    groups, labels = np.repeat(np.arange(80), 10), np.tile([False, True], 400)
    values = np.column_stack([labels + rng.normal(size=800), groups])
    model = CertifiedClassifier(LogisticRegression(), alpha=0.1, random_state=0).fit(values, labels, groups=groups)
    assert model.certificate_.n == 40


@pytest.mark.parametrize("draws", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_the_promise_holds_over_many_draws(draws: int) -> None:
    """With confidence 1 - delta no more than alpha of the genuine accounts are above the threshold."""
    alpha, delta, broken = 0.1, 0.2, 0
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        labels = rng.random(200) < 0.5
        values = (labels + rng.normal(size=200)).reshape(-1, 1)
        model = CertifiedClassifier(LogisticRegression(), alpha=alpha, delta=delta, random_state=seed)
        model.fit(values, labels)
        broken += model.predict(rng.normal(size=(4_000, 1))).mean() > alpha
    assert broken <= draws * delta + 3 * np.sqrt(draws * delta * (1 - delta))


@pytest.mark.parametrize("model", [ImpersonationClassifier(), CertifiedClassifier(LogisticRegression())])
def test_classes_the_wrong_way_round_are_refused(model: object) -> None:
    """scikit-learn sorts classes: "impersonation" before "unrelated" would certify the attacks."""
    with pytest.raises(ValueError, match="give y as booleans"):
        model.fit([[0.0], [1.0]] * 4, ["impersonation", "unrelated"] * 4)  # type: ignore[attr-defined]


def test_a_fold_that_certifies_nothing_scores_0_and_says_how_many_it_takes() -> None:
    with pytest.warns(UserWarning, match=str(smallest_sample(0.01, 0.05))):
        assert share_found([0, 1], [0.1, 0.9]) == 0.0
    with pytest.raises(ValueError, match="strictly between"):
        CertifiedClassifier(LogisticRegression(), alpha=0.0).fit([[0.0], [1.0]], [0, 1])


# --- the account alone -----------------------------------------------------------------------------------------------


def test_the_account_head_flags_nobody_without_a_certificate_or_an_answer() -> None:
    frame = pd.DataFrame({
        "handle": [f"account{n}" for n in range(400)], "platform": "x", "followers": [1, 2, 900, 5_000] * 100,
        "listed": [0, 0, 5, 40] * 100, "posts": [3, 700, 1, 9_000] * 100,
    })  # fmt: skip
    labels, sources = [True, True, False, False] * 100, ["one", "other"] * 200
    strict = AccountClassifier(audience=0).fit(frame, labels, sources=sources)
    assert strict.model_.certificate is None
    assert not strict.predict(frame).any()
    loose = AccountClassifier(alpha=0.1, audience=0).fit(frame, labels, sources=sources)
    assert loose.predict(frame).tolist() == labels
    elsewhere = frame.head(2).assign(platform="instagram")
    assert np.isnan(loose.predict_proba(elsewhere)).all()
    assert not loose.predict(elsewhere).any()


def test_identities_are_those_of_the_data_sets() -> None:
    assert set(PAIRS["identity"]) <= {identity(one) for one in REGISTRY}
    assert isinstance(REGISTRY, Registry)
