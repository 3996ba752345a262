"""What two display names have in common."""

import math

import pytest

from tests.classifier.features.accounts import Fields, handles, names, value


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("mixed_scripts", "nоrthwind", "northwind", 1.0),  # Cyrillic о
        ("mixed_scripts", "northwind", "nоrthwind", 0.0),
    ],
)
def test_what_they_say_of_handles(name: str, reported: str, protected: str, expected: float) -> None:
    assert handles(name, reported, protected) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("name_similarity", "Roe, Jane", "Jane Roe", 1.0),
        ("name_similarity", "ＪＡＮＥ  roe", "Jane Roe", 1.0),
        ("name_similarity", "Jаne Rое", "Jane Roe", 1.0),  # Cyrillic
        ("name_covered", "The one and only Jane Roe", "Jane Roe", 1.0),
        ("name_covered", "Roe, Jane", "Jane Roe", 1.0),
        ("name_covered", "Jаne Rое", "Jane Roe", 1.0),
        ("name_covered", "Jack O’Neil", "Jack O’Neil", 1.0),
        ("name_covered", "Ada Brask", "Jane Roe", 0.0),
        ("name_kept", "Ada Brask", "Jane Roe", 0.0),
        ("name_look_alike", "Jаne Rое", "Jane Roe", 1.0),
        ("name_look_alike", "JANE  ROE!", "Jane Roe", 0.0),
        ("name_look_alike", "Jan Roe", "Jane Roe", 0.0),
        ("name_claim_added", "Jane Roe Official", "Jane Roe", 1.0),
        ("name_claim_added", "Jane Roe ✔", "Jane Roe", 1.0),
        ("name_claim_added", "Real Estate Jane", "Real Estate Jane", 0.0),
        ("office_declared", "Jane Roe for Congress", "Jane Roe", 1.0),
        ("office_declared", "Jane Roe Press", "Jane Roe", 0.0),  # a paper may be called so
        ("office_declared", "Northwind Press Office", "Northwind Press Office", 0.0),
        ("mixed_scripts", "Jаne Roe", "Jane Roe", 1.0),
    ],
)
def test_what_they_say_of_names(name: str, reported: str, protected: str, expected: float) -> None:
    assert names(name, reported, protected) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("name_spells_handle", {"display_name": "North Wind"}, {"handle": "northwind"}, 1.0),
        ("name_spells_handle", {"display_name": "North Wind"}, {"display_name": "Northwind"}, math.nan),
        ("name_fits_own_handle", {"handle": "jane_roe_paints", "display_name": "Jane Roe"}, {}, 1.0),
        ("name_fits_own_handle", {"handle": "xq771", "display_name": "Jane Roe"}, {}, 0.0),
        ("name_covered", {"display_name": "Roe Quist"}, {"aliases": ("J. Roe Quist",)}, 1.0),
        ("office_declared", {"bio": "Campaign account"}, {"display_name": "Jane Roe"}, 1.0),
    ],
)
def test_what_they_say_of_profiles(name: str, reported: Fields, protected: Fields, expected: float) -> None:
    assert value(name, reported, protected) == pytest.approx(expected, nan_ok=True)


def test_a_rare_word_of_a_name_counts_for_more_than_a_common_one() -> None:
    for name in ("name_kept", "name_covered"):
        assert names(name, "Ada Quillon", "John Quillon") > names(name, "John Brask", "John Quillon") > 0.0
