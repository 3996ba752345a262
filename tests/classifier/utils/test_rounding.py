import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.rounding import DIGITS, all_rounded, rounded


@given(st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-6))
def test_it_moves_a_number_by_less_than_its_last_digit_and_only_once(value: float) -> None:
    assert abs(rounded(value) - value) <= 0.51 * abs(value) * 10.0 ** (1 - DIGITS)
    assert rounded(rounded(value)) == rounded(value)


def test_what_two_kernels_add_up_to_is_one_number() -> None:
    """Measured: the same fit with two of OpenBLAS's kernels."""
    one, other = (
        np.array([1.3585263202974578, 0.009147993039879584]),
        np.array([1.358526320297455, 0.009147993039879608]),
    )
    assert one.tolist() != other.tolist()
    assert all_rounded(one).tolist() == all_rounded(other).tolist() == [1.358526, 0.009147993]
