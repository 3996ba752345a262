from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import InputError
from classifier.evaluation.metrics import FIGURES
from classifier.evaluation.requirements import Bound, parse_bound

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.sampled_from(list(FIGURES)), st.sampled_from([">=", "<="]), NUMBERS)
def test_a_bound_is_read_as_it_is_written(figure: str, sign: str, value: float) -> None:
    bound = parse_bound(f" {figure} {sign} {value} ")
    assert (bound.figure, bound.sign, bound.value) == (figure, sign, value)
    assert parse_bound(str(bound)) == bound


@given(NUMBERS, NUMBERS)
def test_a_bound_holds_up_to_its_value_and_no_further(found: float, value: float) -> None:
    assert Bound("auc", ">=", value).met({"auc": found}) == (found >= value)
    assert Bound("auc", "<=", value).met({"auc": found}) == (found <= value)


@pytest.mark.parametrize("found", [None, float("nan")])
@pytest.mark.parametrize("sign", [">=", "<="])
def test_what_could_not_be_measured_never_passes(sign: str, found: float | None) -> None:
    assert not parse_bound(f"auc{sign}0").met({"auc": found})
    assert not parse_bound(f"auc{sign}1").met({"auc": found})


@pytest.mark.parametrize(
    "text", ["", "auc", "auc>0.9", "auc=0.9", "auc==0.9", "auc>=", "auc>=much", "auc>=nan", "auc>=1e999", "auc>=-",
             ">=0.9", "auc>=0.9;auc>=1", "auc>=0.9%", "a" * 100_000],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no bound"):
        parse_bound(text)


@given(st.text(max_size=30))
def test_no_text_is_more_than_an_input_error(text: str) -> None:
    with suppress(InputError):
        assert parse_bound(text).figure in FIGURES


def test_an_unknown_figure_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean calibration_error"):
        parse_bound("calibration_eror<=0.02")
    with pytest.raises(InputError, match="the figures are attacks, genuine"):
        parse_bound("qqq<=0.02")
