"""The scorecard in the package is whole and readable, and one that has been tampered with is no scorecard."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from classifier.errors import FeatureMismatchError, ModelError
from classifier.model.account_features import COUNT_NAMES, PROFILE_NAMES
from classifier.model.account_model import ALPHA, AUDIENCE, DELTA, LADDER, MIN_STEP_ACCOUNTS
from classifier.model.scorecard import default_account_model, read_scorecard, write_scorecard

TEXT = (files("classifier.model") / "scorecards" / "account.json").read_text(encoding="utf-8")


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    plain: dict[str, Any] = json.loads(TEXT)
    change(plain)
    return json.dumps(plain)


def step(plain: dict[str, Any], name: str = "followers", number: int = 3) -> dict[str, Any]:
    found: dict[str, Any] = plain["features"][name]["steps"][number]
    return found


def test_the_packages_scorecard_is_what_its_own_model_writes() -> None:
    assert write_scorecard(read_scorecard(TEXT)) == TEXT
    assert default_account_model() is default_account_model()
    assert default_account_model() == read_scorecard(TEXT)


def test_it_is_coarse_and_certified_and_says_what_it_rests_on() -> None:
    model = default_account_model()
    assert tuple(model.steps) == PROFILE_NAMES
    for name, steps in model.steps.items():
        assert len(steps.edges) <= 30
        assert min(steps.accounts) >= MIN_STEP_ACCOUNTS
        assert {*steps.edges, *steps.known} <= set(LADDER)
        if name in COUNT_NAMES:
            assert steps.points[0] > 0.0 > steps.points[-1]  # what is missing stands between
        else:
            assert steps.points[0] == 0.0
    assert model.certificate is not None
    assert (model.certificate.alpha, model.certificate.delta) == (ALPHA, DELTA)
    assert f"at least {AUDIENCE} people follow" in model.certificate.population
    assert all(one.citation for one in model.learned_from)
    assert sum(one.genuine for one in model.learned_from) >= model.certificate.n


def test_a_scorecard_without_a_certificate_is_read_as_such() -> None:
    assert read_scorecard(changed(lambda plain: plain.update(certificate=None))).certificate is None


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: plain.update(more=1),
        lambda plain: plain.pop("about"),
        lambda plain: plain.update(platforms=[1]),
        lambda plain: plain.update(platforms=None),
        lambda plain: plain["calibration"].update(slope=-1.0),
        lambda plain: plain["calibration"].update(slope=1e300),
        lambda plain: plain["calibration"].update(offset=float("nan")),
        lambda plain: plain["calibration"].update(offset=float("inf")),
        lambda plain: plain["calibration"].update(offset="0"),
        lambda plain: plain["calibration"].update(offset=10**400),
        lambda plain: step(plain).update(points=3.1),  # rises with the audience: R7
        lambda plain: step(plain).update(points=True),
        lambda plain: step(plain).update(accounts=49),
        lambda plain: step(plain).update(accounts=50.5),
        lambda plain: step(plain).update({"from": 4}),
        lambda plain: step(plain).update({"from": 100}),
        lambda plain: step(plain, number=0).update({"from": 1}),
        lambda plain: step(plain).pop("accounts"),
        lambda plain: plain["features"]["listed"].update(steps=[]),
        lambda plain: plain["features"]["listed"].update(known=[1, 100]),
        lambda plain: plain["features"]["years"].update(known=[1, 20]),
        lambda plain: plain["features"]["following"].update(known=[1, 20]),
        lambda plain: plain["features"]["following"].update(steps=[]),  # known, and nothing learned
        lambda plain: step(plain, "years", 2).update(points=-0.01),  # rises with age: R7
        lambda plain: step(plain, "following", 3).update(points=0.01),  # falls with whom it follows
        lambda plain: step(plain, "following", 0).update(points=-0.5),  # says something below its start
        lambda plain: plain["features"]["posts"].update(known=[100, 1]),
        lambda plain: plain["features"]["posts"].update(known=[1]),
        lambda plain: plain["certificate"].update(n=10),
        lambda plain: plain["certificate"].update(errors=1_000),
        lambda plain: plain["certificate"].update(threshold=-0.5),
        lambda plain: plain["certificate"].update(alpha=0.0),
        lambda plain: plain["certificate"].update(population=None),
        lambda plain: plain["learned_from"][0].update(genuine=-1),
    ],
)
def test_what_cannot_be_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(ModelError):
        read_scorecard(changed(change))


@pytest.mark.parametrize("number", [1, 3, None])
def test_another_format_is_refused_with_what_to_do(number: int | None) -> None:
    with pytest.raises(ModelError, match="another format than 2: use the version of doublecheck that wrote it"):
        read_scorecard(changed(lambda plain: plain.update(format=number)))


def test_a_feature_of_which_nothing_was_learned_is_written_without_steps_and_read_as_such() -> None:
    text = changed(lambda plain: plain["features"].update(years={"known": [0, 0], "steps": []}))
    model = read_scorecard(text)
    assert model.steps["years"].edges == ()
    assert read_scorecard(write_scorecard(model)) == model


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"format": 1}', TEXT[:-50], TEXT[1:]])
def test_what_is_no_scorecard_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="malformed"):
        read_scorecard(text)


@pytest.mark.parametrize("names", [[*PROFILE_NAMES[::-1]], [*COUNT_NAMES], ["followers"]])
def test_a_scorecard_of_other_features_is_refused(names: list[str]) -> None:
    def other(plain: dict[str, Any]) -> None:
        plain["features"] = {name: plain["features"][name] for name in names}

    with pytest.raises(FeatureMismatchError, match="other features"):
        read_scorecard(changed(other))
