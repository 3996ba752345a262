"""A stored model answers as the one before, to the last bit, and a file that cannot be one is refused by name."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.certification.neyman_pearson import Certificate
from classifier.errors import ModelError
from classifier.model.additive_tables import AdditiveTables
from classifier.model.pair_model import OTHER_RELATIONS, PairModel
from classifier.model.pair_model_json import LIMIT, read_pair_model, write_pair_model
from classifier.model.platt import Calibration
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate

CERTIFICATE = Certificate(alpha=0.01, delta=0.05, n=400, errors=1, threshold=0.875, population="invented, ß")


def head(intercept: float = 0.1, step: float = 1 / 3) -> AdditiveTables:
    return AdditiveTables(
        intercept=intercept,
        edges=(np.array([0.1, 0.7]), np.empty(0)),
        tables=(np.array([-step, -0.0, step]), np.array([0.0])),
        linear=0.5,
        centres=np.array([1e-300, 2.0]),
        slopes=np.array([0.1 + 0.2, -1.5]),
    )


def tiny(**changes: Any) -> PairModel:
    model = PairModel(
        features=("one", "ß"),
        impersonation=head(),
        calibration=Calibration(1.1, -0.3),
        others={name: head(float(number)) for number, name in enumerate(OTHER_RELATIONS)},
        certificates={"standard": CERTIFICATE},
        ranges={"followers": (0.0, 6.123456789012345)},
    )
    return replace(model, **changes)


def again(model: PairModel) -> PairModel:
    return read_pair_model(write_pair_model(model))


def same(one: AdditiveTables, other: AdditiveTables) -> bool:
    """Tell whether every number is the same to the bit, the sign of 0 included."""
    pairs = zip((*one.edges, *one.tables, one.centres, one.slopes), (*other.edges, *other.tables, other.centres,
                other.slopes), strict=True)  # fmt: skip
    arrays = all(first.tobytes() == second.tobytes() and first.dtype == second.dtype for first, second in pairs)
    return arrays and (one.intercept, one.linear) == (other.intercept, other.linear)


def test_every_number_comes_back_to_the_bit() -> None:
    model = tiny()
    found = again(model)
    assert same(found.impersonation, model.impersonation)
    assert list(found.others) == list(model.others)
    assert all(same(found.others[name], model.others[name]) for name in model.others)
    assert (found.features, found.calibration) == (model.features, model.calibration)
    assert (found.certificates, found.ranges) == (model.certificates, model.ranges)


numbers = st.floats(-LIMIT, LIMIT)


@settings(max_examples=100, deadline=None)
@given(intercept=numbers, step=numbers, slope=st.floats(0, LIMIT, exclude_min=True), values=st.lists(
    st.tuples(st.floats(-400, 400) | st.just(math.nan), st.floats(-400, 400)), min_size=1, max_size=5))  # fmt: skip
def test_whatever_the_numbers_the_answers_are_the_same(
    intercept: float, step: float, slope: float, values: list[tuple[float, float]]
) -> None:
    model, rows = tiny(impersonation=head(intercept, step), calibration=Calibration(slope, intercept)), np.array(values)
    found = again(model)
    assert found.contributions(rows).tobytes() == model.contributions(rows).tobytes()
    assert found.probability(rows).tobytes() == model.probability(rows).tobytes()
    assert found.shares(rows).tobytes() == model.shares(rows).tobytes()


def test_a_trained_model_answers_simulated_accounts_as_before(small_training: Training, registry: Registry) -> None:
    accounts = [case.account for case in simulate(registry.accounts[:10], seed=41)]
    before, after = (
        Scorer(replace(one, account=None), "m", registry).assess_many(accounts)
        for one in (small_training.model, again(small_training.model))
    )
    assert len(accounts) > 100
    assert after == before
    assert write_pair_model(again(small_training.model)) == write_pair_model(small_training.model)


Change = Callable[[dict[str, Any]], object]
HEAD = "impersonation"


def at(*path: str | int) -> Callable[[dict[str, Any]], Any]:
    def find(plain: Any) -> Any:
        for name in path:
            plain = plain[name]
        return plain

    return find


def put(value: object, *path: str | int) -> Change:
    return lambda plain: at(*path[:-1])(plain).__setitem__(path[-1], value)


def drop(*path: str | int) -> Change:
    return lambda plain: at(*path[:-1])(plain).pop(path[-1])


ONE = ("heads", HEAD, "features", "one")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(put(2, "format"), "format", id="another format"),
        pytest.param(drop("heads"), "fields", id="no heads"),
        pytest.param(put(1, "more"), "fields", id="a field too many"),
        pytest.param(drop("heads", "unrelated"), "heads", id="a head is missing"),
        pytest.param(put({}, "heads", "more"), "heads", id="a head too many"),
        pytest.param(put([], "heads", "unrelated"), r"heads\.unrelated", id="a head is a list"),
        pytest.param(put([], "features"), "features", id="no features"),
        pytest.param(put(["one", "one"], "features"), "features", id="a feature twice"),
        pytest.param(put(["ß", "one"], "features"), "features", id="another order"),
        pytest.param(put("one", "features"), "features", id="features as a text"),
        pytest.param(put([1, 2], "features"), "features", id="features without names"),
        pytest.param(drop("heads", HEAD, "features", "ß"), r"heads\.impersonation", id="a table is missing"),
        pytest.param(put([0.0], *ONE, "steps"), r"one\.steps", id="too few steps"),
        pytest.param(put([0.0] * 4, *ONE, "steps"), r"one\.steps", id="too many steps"),
        pytest.param(put([], *ONE, "edges"), r"one\.steps", id="too few edges"),
        pytest.param(put([0.7, 0.1], *ONE, "edges"), r"one\.edges.*rise", id="edges fall"),
        pytest.param(put([0.1, 0.1], *ONE, "edges"), r"one\.edges.*rise", id="an edge twice"),
        pytest.param(put([[0.1], [0.7]], *ONE, "edges"), r"one\.edges", id="edges of two dimensions"),
        pytest.param(put({"0": 0.1}, *ONE, "edges"), r"one\.edges", id="edges as an object"),
        pytest.param(put(None, *ONE, "centre"), "centre", id="no centre"),
        pytest.param(put(True, *ONE, "slope"), "slope", id="a truth for a number"),
        pytest.param(put("1", *ONE, "slope"), "slope", id="a text for a number"),
        pytest.param(put(1e300, *ONE, "slope"), "slope.*beyond", id="a huge slope"),
        pytest.param(put(-1e7, "heads", HEAD, "intercept"), "intercept.*beyond", id="a huge intercept"),
        pytest.param(put(10**400, "heads", HEAD, "intercept"), "intercept.*finite", id="a number that no float holds"),
        pytest.param(put(1.1, "heads", HEAD, "linear"), "linear", id="more than all of the line"),
        pytest.param(put(-0.1, "heads", HEAD, "linear"), "linear", id="less than nothing of the line"),
        pytest.param(put(0.0, "calibration", "slope"), r"calibration\.slope", id="a calibration that says nothing"),
        pytest.param(put(-1.0, "calibration", "slope"), r"calibration\.slope", id="a calibration turned round"),
        pytest.param(drop("calibration", "offset"), "calibration", id="half a calibration"),
        pytest.param(put(2, "certificates", "standard", "n"), r"certificates\.standard", id="too small a sample"),
        pytest.param(put(5, "certificates", "standard", "errors"), "standard.*errors", id="too many errors"),
        pytest.param(put(1.5, "certificates", "standard", "threshold"), "threshold", id="a threshold beyond 1"),
        pytest.param(put(0.0, "certificates", "standard", "alpha"), "alpha", id="an alpha of nothing"),
        pytest.param(put(-1, "certificates", "standard", "n"), r"standard\.n", id="a negative count"),
        pytest.param(put(400.0, "certificates", "standard", "n"), r"standard\.n", id="a count with a point"),
        pytest.param(put({}, "certificates", "vip"), "certificates.*vip", id="a tier that is none"),
        pytest.param(put([1.0, 0.0], "ranges", "followers"), r"ranges\.followers", id="a range turned round"),
        pytest.param(put([1.0], "ranges", "followers"), r"ranges\.followers", id="half a range"),
        pytest.param(put([0.0, 1.0], "ranges", "one"), "ranges.*one", id="a range of something else"),
        pytest.param(put([None, 1.0], "ranges", "age"), r"ranges\.age", id="an open range"),
    ],
)
def test_what_cannot_be_is_refused_and_named(change: Change, named: str) -> None:
    plain = json.loads(write_pair_model(tiny()))
    change(plain)
    with pytest.raises(ModelError, match=named):
        read_pair_model(json.dumps(plain))


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("before", ['"intercept": ', '"linear": ', '"slope": ', '"offset": ', '"threshold": '])
def test_no_number_may_be_anything_but_finite(before: str, word: str) -> None:
    start, _, rest = write_pair_model(tiny()).partition(before)
    tail = rest[min(rest.index(mark) for mark in ",}" if mark in rest) :]
    with pytest.raises(ModelError, match="finite"):
        read_pair_model(start + before + word + tail)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '"text"', "[" * 100_000, '{"a":' * 50_000, b"\xff\xfe", "{}"]
)
def test_what_is_no_model_at_all_is_refused(content: str | bytes) -> None:
    with pytest.raises(ModelError):
        read_pair_model(content)


def test_a_name_that_stands_twice_is_refused() -> None:
    """Of two values, some readers take the first and others the last."""
    with pytest.raises(ModelError, match="twice"):
        read_pair_model(write_pair_model(tiny()).replace('"ranges"', '"ranges": {}, "ranges"', 1))


def test_what_is_not_finite_is_not_even_written() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        write_pair_model(tiny(ranges={"followers": (0.0, math.inf)}))
