import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.features import FEATURE_NAMES, FEATURES, KINDS
from classifier.scoring.assessment import KIND_WORDS
from classifier.scoring.evidence import NEGLIGIBLE, Evidence, gather

REPORTED = Account(
    handle="JaneR0e", display_name="Jane Roe", links=("https://a.example", "https://b.example"), followers=12,
    verified=False,
)  # fmt: skip
PROTECTED = ProtectedAccount(
    platform="x", handle="JaneRoe", display_name="Jane Roe", roles=("Mayor of Tamstad", "Painter"),
    created_at=datetime(2011, 3, 4, tzinfo=UTC),
)  # fmt: skip

numbers = st.lists(
    st.floats(allow_infinity=False), min_size=len(FEATURES), max_size=len(FEATURES)
)  # fmt: skip
weights = st.lists(
    st.floats(-8, 8) | st.floats(-2 * NEGLIGIBLE, 2 * NEGLIGIBLE), min_size=len(FEATURES), max_size=len(FEATURES)
)


def evidence_of(name: str, value: float = 1.0, contribution: float = 2.0) -> tuple[Evidence, ...]:
    values = [value if other == name else math.nan for other in FEATURE_NAMES]
    return gather(REPORTED, PROTECTED, values, [contribution] * len(FEATURES))


@given(numbers, weights)
def test_everything_that_weighs_is_shown_and_nothing_else(values: list[float], contributions: list[float]) -> None:
    shown = {one.feature: one for one in gather(REPORTED, PROTECTED, values, contributions)}
    for name, value, contribution in zip(FEATURE_NAMES, values, contributions, strict=True):
        weighs = not math.isnan(value) and abs(contribution) >= NEGLIGIBLE
        assert (name in shown) == weighs
        if weighs:
            assert (shown[name].value, shown[name].contribution) == (value, contribution)


@given(numbers, weights)
def test_the_weightiest_comes_first_for_and_against_alike(values: list[float], contributions: list[float]) -> None:
    shown = [abs(one.contribution) for one in gather(REPORTED, PROTECTED, values, contributions)]
    assert shown == sorted(shown, reverse=True)


def test_both_values_are_kept_as_text_with_the_features_own_sentence() -> None:
    (one,) = evidence_of("name_similarity", 0.9)
    sentence = "How alike the names look or sound, in any order of their words"
    assert one == Evidence("name_similarity", sentence, 0.9, "Jane Roe", "Jane Roe", 2.0, "name")


def test_every_kind_of_evidence_has_a_name_for_people() -> None:
    assert set(KIND_WORDS) == {*KINDS, "target"}
    assert {feature.kind for feature in FEATURES} <= set(KIND_WORDS)


@pytest.mark.parametrize(
    ("feature", "reported", "protected"),
    [
        ("name_spelled", "JaneR0e · Jane Roe", "JaneRoe · Jane Roe"),
        ("role_in_name", "Jane Roe", "Jane Roe · Mayor of Tamstad, Painter"),
        ("same_domain", "https://a.example, https://b.example", ""),
        ("followers", "12", ""),
        ("verified", "False", ""),
        ("created_later", "", "2011-03-04 00:00:00+00:00"),
    ],
)
def test_a_side_without_the_field_shows_nothing(feature: str, reported: str, protected: str) -> None:
    (one,) = evidence_of(feature)
    assert (one.reported, one.protected) == (reported, protected)


@pytest.mark.parametrize(
    ("feature", "value", "sentence"),
    [
        ("handle_look_alike", 1.0, "The handles differ but look the same"),
        ("handle_look_alike", 0.0, "Not so: the handles differ but look the same"),
        ("parody_declared", 0.7, "The handle, name or bio says that it is a parody, fan or commentary account"),
        ("role_in_name", 0.0, "How much of the protected account's role the name claims"),
        ("handle_beyond_chance", -4.0, "How much more the handles share than a stranger's would by chance (bits)"),
    ],
)
def test_a_statement_that_does_not_hold_is_not_shown_as_if_it_did(feature: str, value: float, sentence: str) -> None:
    (one,) = evidence_of(feature, value)
    assert one.explanation == sentence


@given(st.floats(-30, 30))
def test_what_is_left_out_as_negligible_moves_no_probability_by_more_than_said(log_odds: float) -> None:
    def probability(value: float) -> float:
        return 1.0 / (1.0 + math.exp(-value))

    assert abs(probability(log_odds + NEGLIGIBLE) - probability(log_odds)) < 0.013


def test_lists_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shorter|longer"):
        gather(REPORTED, PROTECTED, [1.0], [1.0])
