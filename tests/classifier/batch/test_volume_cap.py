from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.batch.volume_cap import Target, VolumeCap, cleared_of
from classifier.errors import InputError

ADA, JANE = ("x", "ada"), ("x", "jane")
LOOSE = {"total": 10**9, "per_target": 10**9, "total_share": 1.0, "per_target_share": 1.0}


@pytest.mark.parametrize(
    ("limit", "cleared", "answered", "held"),
    [
        ({"total": 5}, {JANE: 3, ADA: 2}, 10, []),
        ({"total": 4}, {JANE: 3, ADA: 2}, 10, [JANE, ADA]),
        ({"per_target": 2}, {JANE: 3, ADA: 2}, 10, [JANE]),
        ({"total_share": 0.5, "few": 0}, {JANE: 3, ADA: 2}, 10, []),
        ({"total_share": 0.49, "few": 0}, {JANE: 3, ADA: 2}, 10, [JANE, ADA]),
        ({"per_target_share": 0.2, "few": 0}, {JANE: 3, ADA: 2}, 10, [JANE]),
        ({"per_target_share": 0.2, "few": 3}, {JANE: 3, ADA: 2}, 10, []),  # so few that no share is too large
        ({"total": 0}, {JANE: 1}, 10**6, [JANE]),
    ],
)
def test_what_is_above_a_number_or_share_is_held_back(
    limit: dict[str, float], cleared: dict[Target, int], answered: int, held: list[Target]
) -> None:
    found = VolumeCap(**LOOSE | limit).held_back(cleared, answered)  # type: ignore[arg-type]
    assert [target for target in cleared if found.why(target)] == held
    assert bool(found) == bool(held)


@given(
    st.dictionaries(st.tuples(st.just("x"), st.text("abc", min_size=1)), st.integers(1, 500), max_size=8),
    st.builds(VolumeCap, total=st.integers(0, 900), per_target=st.integers(0, 400), few=st.integers(0, 50)),
    st.integers(0, 2_000),
)
def test_what_is_left_is_never_above_a_number(cleared: dict[Target, int], cap: VolumeCap, others: int) -> None:
    held = cap.held_back(cleared, sum(cleared.values()) + others)
    left = {target: count for target, count in cleared.items() if held.why(target) is None}
    assert sum(left.values()) <= cap.total
    assert all(count <= cap.per_target for count in left.values())


def test_the_reason_says_how_many_and_what_to_do() -> None:
    held = VolumeCap(total=4).held_back({JANE: 5}, 10)
    why = held.why(JANE)
    assert why is not None
    assert (why.code, why.text) == (
        "volume_total",
        "This batch would clear 5 rows, more than 4: a batch never clears by volume, ask a second person.",
    )


@pytest.mark.parametrize("limit", [{"total": -1}, {"per_target": -1}, {"total_share": 1.1}, {"per_target_share": -0.1},
                                   {"total_share": float("nan")}, {"few": -1}])  # fmt: skip
def test_a_limit_that_means_nothing_is_refused(limit: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(limit))):
        VolumeCap(**limit)  # type: ignore[arg-type]


def test_only_cleared_rows_count() -> None:
    columns = {"verdict": ["cleared", "needs_review", None, "cleared"], "target_platform": ["x", "x", None, "x"],
               "target_handle": ["ada", "ada", None, "jane"]}  # fmt: skip
    assert cleared_of(columns) == Counter({ADA: 1, JANE: 1})
