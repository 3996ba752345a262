"""Alpha is that of published examples."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.nominal_agreement import krippendorff_alpha


def units(*observers: str) -> list[list[str]]:
    """The values of each unit, from one text an observer with "*" for a missing value."""
    return [[value for value in unit if value != "*"] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("observers", "alpha"),
    [
        # K. Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", parts A, B and C.
        (("0100000010", "1110010000"), 0.095),
        (("aabbdcccedda", "babbbccceddd"), 0.692),
        (("123321412***", "1233224125*3", "*3332342251*", "12332441251*"), 0.743),
        # The example of https://en.wikipedia.org/wiki/Krippendorff%27s_alpha
        (("*****34121133*3", "1*213343*******", "**21344*21133*4"), 0.691),
    ],
)
def test_alpha_is_that_of_published_examples(observers: Sequence[str], alpha: float) -> None:
    assert krippendorff_alpha(units(*observers)) == pytest.approx(alpha, abs=5e-4)


VALUES = st.lists(st.lists(st.sampled_from("abc"), max_size=4), max_size=8)


@given(VALUES, st.randoms())
def test_the_order_of_units_and_labellers_and_the_names_of_labels_do_not_matter(cases: list[list[str]], random) -> None:
    alpha = krippendorff_alpha(cases)
    renamed = [[{"a": "z", "b": "y", "c": "x"}[value] for value in random.sample(case, len(case))] for case in cases]
    random.shuffle(renamed)
    again = krippendorff_alpha(renamed)
    assert (alpha is None) == (again is None)
    if alpha is not None:
        assert again == pytest.approx(alpha)
        assert alpha <= 1.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), max_size=8))
def test_who_always_agree_have_alpha_one_or_none(cases: list[tuple[str, int]]) -> None:
    alpha = krippendorff_alpha([value] * times for value, times in cases)
    varied = len({value for value, times in cases if times > 1}) > 1
    assert alpha == (1.0 if varied else None)


def test_who_guess_have_alpha_zero() -> None:
    """By simulation: three labellers who do not look, at shares that make them agree in two cases of three."""
    drawn = np.random.default_rng(4).choice(["impersonation", "unrelated"], p=[0.2, 0.8], size=(20_000, 3))
    assert krippendorff_alpha(drawn.tolist()) == pytest.approx(0.0, abs=0.02)
