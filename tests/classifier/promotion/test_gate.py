"""The gate's rules, each broken in turn, and the statistics below it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.evaluation.resampling import LEAST_IDENTITIES
from classifier.promotion import paired_bootstrap
from classifier.promotion.gate import Evidence, Installation, Measured, decide
from classifier.promotion.paired_bootstrap import Difference, Paired, calibration_worse, differences, rejected
from classifier.promotion.questions import Answer, Said
from classifier.simulation import SHARE_OF_ATTACKS

HERE = Installation(("one", "other"), "1", {"numpy": "2"})
CERTIFICATE = {"alpha": 0.01, "delta": 0.05, "n": 400, "errors": 1, "threshold": 0.9,
               "population": "simulated genuine accounts around invented protected accounts, registry aa"}  # fmt: skip


def manifest(**changes: Any) -> dict[str, Any]:
    plain = {"features": ["one", "other"], "code": "1", "libraries": {"numpy": "2", "python": "3"}, "training": {},
             "certificates": {"standard": CERTIFICATE}, "account": {"certificate": CERTIFICATE}}  # fmt: skip
    return plain | changes


def answer(said: Said, *, tier: str | None = None) -> Answer:
    return Answer("a harm", tier, "drawn", 4_400, 400, 0.251, 0.362, 0.098, 0.121, 0.03, said, 0.026)


def codes(evidence: Evidence) -> list[str]:
    return [one.code for one in decide(evidence)]


def against(**changes: Any) -> list[str]:
    return codes(Evidence(manifest(**changes), HERE, manifest()))


def test_a_model_that_is_no_worse_passes() -> None:
    assert against() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"features": ["one"]}, "feature_mismatch"),
        ({"features": ["other", "one"]}, "feature_mismatch"),
        ({"code": "0"}, "code_mismatch"),
        ({"libraries": {"numpy": "1"}}, "library_mismatch"),
        ({"libraries": {}}, "library_mismatch"),
    ],
)
def test_rule_1_what_computes_otherwise_is_refused_even_where_nothing_serves(
    changes: dict[str, Any], code: str
) -> None:
    assert codes(Evidence(manifest(**changes), HERE)) == [code]


@pytest.mark.parametrize(
    ("certificates", "expected"),
    [
        ({}, ["certificate_missing"]),
        ({"standard": CERTIFICATE | {"alpha": 0.02}}, ["certificate_worse"]),
        ({"standard": CERTIFICATE | {"delta": 0.1}}, ["certificate_worse"]),
        ({"standard": CERTIFICATE | {"population": "somebody else"}}, ["certificate_worse"]),
        ({"standard": CERTIFICATE | {"alpha": 0.001}, "high": CERTIFICATE}, []),
        ({"standard": CERTIFICATE | {"population": CERTIFICATE["population"][:-2] + "bb"}}, []),
        ({"standard": CERTIFICATE | {"population": CERTIFICATE["population"].replace("invented", "given")}}, []),
    ],
)
def test_rule_2_a_certificate_may_get_better_only(certificates: dict[str, Any], expected: list[str]) -> None:
    assert against(certificates=certificates) == expected


def test_rule_2_own_accounts_are_not_given_up_for_invented_ones() -> None:
    given = {"standard": CERTIFICATE | {"population": CERTIFICATE["population"].replace("invented", "given")}}
    assert codes(Evidence(manifest(), HERE, manifest(certificates=given))) == ["certificate_worse"]


def test_rule_2_holds_for_the_account_alone() -> None:
    assert against(account=None) == ["certificate_missing"]
    assert against(account={"certificate": CERTIFICATE | {"population": "own labels"}}) == []


WITHDRAWN = {"standard": "Its certificate was withdrawn on 2026-11-28 by monitor: Two of two."}


@pytest.mark.parametrize("serving", [None, manifest(), manifest(certificates={})])
def test_rule_2_a_withdrawn_certificate_is_refused_with_its_reason_whatever_serves(serving: Any) -> None:
    (found,) = decide(Evidence(manifest(), HERE, serving, withdrawn=WITHDRAWN))
    assert found.code == "certificate_withdrawn"
    assert found.text.startswith("tier standard: Its certificate was withdrawn on 2026-11-28 by monitor: Two of two;")


def test_rule_2_what_the_serving_model_has_lost_need_not_be_matched() -> None:
    fewer = Measured("simulated", answers=[answer("worse", tier="standard")])
    for candidate, refused in ((manifest(certificates={}), "certificate_missing"), (manifest(), "certificate_worse")):
        asked = Evidence(candidate, HERE, manifest(), [fewer])
        assert refused in codes(asked)
        assert codes(replace(asked, lost=("standard",))) == []
        assert codes(replace(asked, lost=("high",))) == codes(asked)


@pytest.mark.parametrize("rate", ["alpha", "delta"])
def test_rule_2_a_certificate_of_higher_rates_is_no_remedy_for_one_that_was_lost(rate: str) -> None:
    """It was withdrawn because it let too much through: whoever certifies less strictly lets more through."""
    looser = manifest(certificates={"standard": CERTIFICATE | {rate: 0.2}})
    assert codes(Evidence(looser, HERE, manifest(), lost=("standard",))) == ["certificate_worse"]


@pytest.mark.parametrize(
    ("said", "tier", "simulated", "code"),
    [
        ("worse", None, True, "harm_greater"),
        ("worse", None, False, "harm_greater"),
        ("worse", "standard", True, "certificate_worse"),
        ("cannot tell", None, True, "harm_not_excluded"),
        ("cannot tell", "standard", True, "certificate_worse"),
        ("cannot tell", None, False, None),
        ("no worse", None, True, None),
        ("no worse", "standard", True, None),
    ],
)
def test_rule_3_simulated_cases_must_show_that_it_is_no_worse_and_given_ones_that_it_is(
    said: Any, tier: str | None, simulated: bool, code: str | None
) -> None:
    """Of simulated cases there can be as many as it takes; of given ones there are as many as there are."""
    measured = Measured("drawn", simulated=simulated, answers=[answer(said, tier=tier)])
    found = decide(Evidence(manifest(), HERE, manifest(), [measured]))
    assert [one.code for one in found] == [code] * (code is not None)
    for one in found:
        assert one.text.startswith("a harm: 36.2 %, and 25.1 % by the serving model (4,400 cases drawn; +9.8 to +12.1")
        assert ("it is not shown that this is no worse" in one.text) == (said == "cannot tell")


@pytest.mark.parametrize(
    ("harm", "column", "code"),
    [
        ("flagged", "script", "slice_worse"),
        ("above", "family", "slice_worse"),
        ("missed", "slice", "slice_worse"),
    ],
)
def test_rule_4_names_the_slice_and_both_figures(harm: str, column: str, code: str) -> None:
    clear = Difference(harm, column, "Cyrillic + Latin", 100, 0.1, 0.3, 1e-5)
    noise = [replace(clear, value=str(number), p=0.02) for number in range(80)]
    (found,) = decide(Evidence(manifest(), HERE, manifest(), [Measured("simulated", [*noise, clear])]))
    assert found.code == code
    assert "Cyrillic + Latin" in found.text
    assert ("30.0 %" in found.text and "10.0 %" in found.text) or ("70.0 %" in found.text and "90.0 %" in found.text)


@pytest.mark.parametrize(
    ("calibration", "simulated", "refused"),
    [
        ((0.02, 0.09, 0.001), False, True),
        ((0.02, 0.09, 0.2), True, False),
        ((0.10, 0.11, 0.9), True, True),
        ((0.10, 0.11, 0.9), False, False),
    ],
)
def test_rule_5_calibration(calibration: tuple[float, float, float], simulated: bool, refused: bool) -> None:
    measured = Measured("cases", calibration=calibration, simulated=simulated)
    assert codes(Evidence(manifest(), HERE, manifest(), [measured])) == ["calibration_broke"] * refused


def counts(cases: int, impersonation: int, sure: int, contradicted: int) -> dict[str, int]:
    return {"cases": cases, "impersonation": impersonation, "sure": sure, "contradicted": contradicted}


def test_rule_6_a_slice_whose_labels_contradict_is_named() -> None:
    table = {"script": {"Latin": counts(1000, 300, 600, 6), "Cyrillic": counts(100, 40, 60, 7)}}
    (found,) = decide(Evidence(manifest(), HERE, labels={"the model itself": table}))
    assert found.code == "labels_contradicted"
    assert "Script of handle and name = Cyrillic: 7 of 60 labels (11.7 %)" in found.text


@pytest.mark.parametrize(
    "table",
    [
        {"script": {"Latin": counts(1000, 300, 600, 6), "Cyrillic": counts(100, 40, 60, 2)}},
        {"script": {"Latin": counts(1000, 300, 600, 60), "Cyrillic": counts(100, 40, 60, 7)}},
        {"family": {"fan": counts(100, 0, 90, 0), "an attack nobody knew": counts(100, 100, 60, 60)}},
        {"tier": {"standard": counts(1000, 300, 600, 60)}},
        {},
    ],
)
def test_rule_6_labels_that_contradict_everywhere_alike_are_no_slice(table: dict[str, Any]) -> None:
    assert codes(Evidence(manifest(), HERE, labels={"the model itself": table})) == []


def test_what_rests_on_the_labels_says_so_and_nothing_else() -> None:
    """Only that is held against the model when it is asked for again without them."""
    table = {"script": {"Latin": counts(1000, 300, 600, 6), "Cyrillic": counts(100, 40, 60, 7)}}
    hurt = [Difference("flagged", "tier", "high", 100, 0.1, 0.3, 1e-5)]
    measured = [
        Measured(source, hurt, (0.02, 0.09, 0.001), of_labels=of_labels, answers=[answer("worse")])
        for source, of_labels in (("simulated", False), ("of the given labels", True))
    ]
    asked = Evidence(manifest(code="0"), HERE, manifest(), measured, {"it": table}, withdrawn=WITHDRAWN)
    found = {
        of_labels: [one.code for one in decide(asked) if one.of_labels is of_labels] for of_labels in (True, False)
    }
    of_cases = ["harm_greater", "slice_worse", "calibration_broke"]
    assert found[True] == [*of_cases, "labels_contradicted"]
    assert found[False] == ["code_mismatch", "certificate_withdrawn", *of_cases]


# --- the statistics --------------------------------------------------------------------------------------------------


def results(seed: int, *, identities: int = 60, each: int = 12, flagged: float = 0.05) -> pd.DataFrame:
    """Half attacks, half genuine accounts, of two scripts."""
    rng = np.random.default_rng(seed)
    n = identities * each
    attack = np.arange(n) % 2 == 0
    return pd.DataFrame(
        {
            "label": np.where(attack, "impersonation", "unrelated"),
            "identity": np.arange(n) // each,
            "family": "any",
            "probability": np.where(attack, 0.9, 0.1),
            "right_target": True,
            "flagged": np.where(attack, rng.random(n) < 0.8, rng.random(n) < flagged),
            "above": False,
            "tier": "standard",
            "script": np.where(np.arange(n) // 2 % 3 == 0, "Cyrillic", "Latin"),
            "followers": "unknown",
            "age": "unknown",
            "bio": "with bio",
        }
    )


def pair(candidate: pd.DataFrame, serving: pd.DataFrame) -> Paired:
    return Paired(candidate, serving, "drawn", simulated=True)


def worse(found: list[Difference]) -> set[tuple[str, str, str]]:
    answers = rejected([one.p for one in found], 0.01)
    return {(one.harm, one.column, one.value) for one, yes in zip(found, answers, strict=True) if yes}


@pytest.fixture(autouse=True)
def _fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paired_bootstrap, "DRAWS", 5_000)


def test_a_slice_that_got_worse_is_found_and_the_others_are_not() -> None:
    serving = results(1)
    candidate = serving.copy()
    hurt = (serving["script"] == "Cyrillic") & (serving["label"] != "impersonation")
    candidate.loc[hurt, "flagged"] |= np.random.default_rng(2).random(int(hurt.sum())) < 0.25
    found = worse(differences(pair(candidate, serving)))
    assert ("flagged", "script", "Cyrillic") in found
    assert not {one for one in found if one[0] != "flagged" or one[2] == "Latin"}


@pytest.mark.parametrize(("pairs", "most"), [(20, 1), pytest.param(100, 3, marks=pytest.mark.slow)])
def test_models_that_are_equally_good_are_hardly_ever_told_apart(pairs: int, most: int) -> None:
    """Pairs of models that err as often, each on cases of its own: at most a few of them are refused."""
    refused = sum(bool(worse(differences(pair(results(2 * n), results(2 * n + 1))))) for n in range(pairs))
    assert refused <= most


def test_slices_with_few_protected_accounts_are_left_out() -> None:
    serving = results(1, identities=LEAST_IDENTITIES - 1)
    assert differences(pair(serving.assign(flagged=True), serving)) == []


def test_calibration_that_broke_is_told() -> None:
    serving = results(1)
    better = replace(pair(serving.assign(probability=0.5), serving), simulated=False)
    before, after, p = calibration_worse(better)
    assert before == pytest.approx(0.1)
    assert after == pytest.approx(0.0)
    assert p > 0.9
    off = serving.assign(probability=serving["probability"].replace({0.1: 0.4}))
    assert calibration_worse(pair(off, serving))[2] < 0.01


def test_simulated_attacks_count_as_their_share_of_reported_accounts() -> None:
    """Probabilities are meant for that mix: here one half are attacks, and there 45 % are."""
    serving = results(1).assign(probability=SHARE_OF_ATTACKS)
    before, after, _ = calibration_worse(pair(serving, serving))
    assert (before, after) == pytest.approx((0.0, 0.0))
    assert calibration_worse(replace(pair(serving, serving), simulated=False))[0] == pytest.approx(0.05)
