"""Features of pairs of views, in order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import FEATURES, compute
from tests.classifier.features.accounts import plain_protected, plain_reported


@given(st.lists(st.tuples(plain_reported, plain_protected), max_size=4))
def test_features_are_computed_in_the_order_of_the_list_one_row_a_pair(
    pairs: list[tuple[Account, ProtectedAccount]],
) -> None:
    views = [(View(reported), View(protected)) for reported, protected in pairs]
    found = compute(views)
    assert found.shape == (len(pairs), len(FEATURES))
    for row, (reported, protected) in zip(found, views, strict=True):
        np.testing.assert_array_equal(row, [one.compute(reported, protected) for one in FEATURES])


def test_no_pairs_have_no_features() -> None:
    assert compute([]).shape == (0, len(FEATURES))
