"""Conjunctions: what says more together, what is missing, what bounds them, and that compiled code says the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import FEATURE_NAMES, FEATURES, compute, kernel, named
from classifier.features.feature import Feature
from tests.classifier.features.accounts import Fields, value

JANE: Fields = {"handle": "HarbourBraid", "display_name": "Jane Quillon", "roles": ("Mayor of Tamstad",)}
CONJUNCTIONS = [one for one in FEATURES if one.of_values is not None]
by_name = pytest.mark.parametrize("conjunction", CONJUNCTIONS, ids=lambda one: one.name)
values = st.floats(-80.0, 80.0) | st.sampled_from([0.0, 1.0])
shares = st.floats(0.0, 1.0)
# A share or a count; the audience of no account is beyond 10 ** 10, and none is older than the platforms.
_DRAWN = {"prominence": st.floats(0.0, 10.0), "age": st.floats(0.0, 30.0), "name_fits_own_handle": shares}
_DRAWN["lure"] = st.sampled_from([0.0, 1.0])
_BELOW_NOTHING = ("handle_beyond_chance",)


def drawn(data: st.DataObject, conjunction: Feature) -> list[float]:
    """Values that the parts of a conjunction may have."""
    usual = st.floats(0.0, 80.0)
    kinds = [_DRAWN.get(part, values if part in _BELOW_NOTHING else usual) for part in conjunction.parts]
    return [data.draw(kind) for kind in kinds]


def of(conjunction: Feature, parts: list[float]) -> float:
    assert conjunction.of_values is not None
    return float(conjunction.of_values(*parts))


@by_name
@given(data=st.data())
def test_more_of_a_part_moves_it_the_way_that_the_part_may_move_the_probability(
    conjunction: Feature, data: st.DataObject
) -> None:
    """R7 follows: age is a part that may only lower it, and audience or verification of the reported side are none."""
    if conjunction.monotone != 1:
        assert not {"age", "followers", "verified", "followers_relative"} & set(conjunction.parts)
        return
    parts = drawn(data, conjunction)
    before = of(conjunction, parts)
    for place, name in enumerate(conjunction.parts):
        more = [*parts]
        more[place] += data.draw(st.floats(0.0, 20.0))
        way = named(name).monotone or 1
        assert way * (of(conjunction, more) - before) >= -1e-9, name


@by_name
@given(data=st.data())
def test_r8_a_missing_part_makes_it_missing_or_counts_for_nothing(conjunction: Feature, data: st.DataObject) -> None:
    parts = drawn(data, conjunction)
    full = of(conjunction, parts)
    assert math.isfinite(full)
    for place, name in enumerate(conjunction.parts):
        if (conjunction.name, name) == ("new_and_named_so", "name_says_else"):
            continue  # where the name is known, this is missing because it asks, and then it says nobody else
        without = of(conjunction, [*parts[:place], math.nan, *parts[place + 1 :]])
        least = -20.0 if conjunction.name.endswith("famous") else 0.0
        assert math.isnan(without) or least <= without <= full
    assert math.isnan(of(conjunction, [math.nan] * len(parts)))


@given(st.data())
def test_compiled_and_plain_python_say_the_same(data: st.DataObject) -> None:
    rows = np.array(data.draw(st.lists(st.lists(values | st.just(math.nan), min_size=5, max_size=5), max_size=3)))
    rows = np.resize(rows, (len(rows), len(FEATURES))) if rows.size else np.zeros((0, len(FEATURES)))
    written = rows.copy()
    kernel.conjoin(written)
    for row, known in zip(written, rows, strict=True):
        for place, one in enumerate(FEATURES):
            parts = [known[FEATURE_NAMES.index(part)] for part in one.parts]
            expected = of(one, parts) if one.of_values else known[place]
            np.testing.assert_equal(row[place], expected, one.name)


def test_a_part_of_a_conjunction_is_no_conjunction() -> None:
    """They are written in one pass behind the others."""
    assert len(CONJUNCTIONS) >= 5
    for one in CONJUNCTIONS:
        assert all(named(part).of_values is None for part in one.parts), one.name
        assert one.kind != "target"


def test_the_same_words_say_more_the_more_people_follow_whom_they_name() -> None:
    """Beside a person whom 200 million follow, namesakes are nothing; beside a plumber it is the other way round."""
    cases: list[tuple[str, Fields]] = [
        ("handle_of_the_famous", {"handle": "x_quillon"}),
        ("name_of_the_famous", {"display_name": "Ada Quillon"}),
        ("bio_of_the_famous", {"bio": "Quillon writes here"}),
    ]
    for name, said in cases:
        found = [value(name, said, JANE | {"followers": count}) for count in (0, 400, 10**5, 2 * 10**8)]
        assert found == sorted(set(found)), name
        assert found[0] < 0.0 < found[-1], name
        assert math.isnan(value(name, said, JANE)), "nobody knows how many"
        assert value(name, {"handle": "u5583", "display_name": "Xk", "bio": "xk"}, JANE | {"followers": 10**9}) == -20.0


def test_a_rare_word_says_more_than_a_common_one_beside_the_same_account() -> None:
    rare, common = (
        value(
            "name_of_the_famous",
            {"display_name": f"Xk {word}"},
            JANE | {"display_name": f"Jane {word}", "followers": 9},
        )
        for word in ("Quillon", "Smith")
    )
    assert rare > common


def test_a_borne_name_counts_where_the_profile_asks() -> None:
    asks: Fields = {"handle": "u5583", "bio": "DM me on Telegram to claim it"}
    asks_not: Fields = {"handle": "u5583", "bio": "I paint harbours"}
    for said in ({"handle": "x_quillon_x"}, {"display_name": "Jane Quillon"}, {"links": ("https://t.me/janequillon",)}):
        assert value("bears_and_asks", asks | said, JANE) > 20.0
        assert value("bears_and_asks", asks_not | said, JANE) == 0.0
    assert value("bears_and_asks", asks, JANE) == 0.0
    assert math.isnan(value("bears_and_asks", {"handle": "x_quillon_x"}, JANE))


@pytest.mark.parametrize(
    ("otherwise", "age", "expected"),
    [
        (0.0, 0.25, 0.75),
        (math.nan, 0.25, 0.75),
        (40.0, 0.25, 0.0),
        (0.0, 1.0, 0.0),
        (0.0, 9.0, 0.0),
        (0.0, -1.0, 1.0),  # read before it was created, by clocks that disagree
        (0.0, math.nan, math.nan),
    ],
)
def test_the_whole_name_counts_while_the_account_is_new_and_says_nothing_else(
    otherwise: float, age: float, expected: float
) -> None:
    np.testing.assert_equal(of(named("new_and_named_so"), [1.0, otherwise, age]), expected)
    np.testing.assert_equal(of(named("new_and_named_so"), [math.nan, otherwise, age]), math.nan)


def test_who_is_called_otherwise_shares_a_handle_by_chance() -> None:
    for name in ("near_but_called_otherwise", "handle_of_another_name"):
        same, other = (
            value(name, {"handle": "quillonx", "display_name": said}, JANE | {"handle": "quillon"})
            for said in ("Jane Quillon", "Berta Quillonx Ostrella")
        )
        assert same == 0.0 < other, name


def test_of_what_stands_in_both_the_less_counts() -> None:
    both = {"handle": "x_quillon", "display_name": "Jane Quillon"}
    handle, name = (value(one, both, JANE) for one in ("handle_bears", "name_bears"))
    assert value("borne_twice", both, JANE) == min(handle, name) > 0.0
    assert value("borne_twice", both | {"handle": "u5583"}, JANE) == 0.0
    assert compute([]).shape == (0, len(FEATURES))
