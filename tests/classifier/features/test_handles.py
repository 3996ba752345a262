"""What two handles have in common."""

import pytest

from tests.classifier.features.accounts import handles, value


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("handle_look_alike", "northvvind", "northwind", 1.0),
        ("handle_look_alike", "nоrthwind", "northwind", 1.0),  # Cyrillic о
        ("handle_look_alike", "North_Wind", "northwind", 0.0),
        ("handle_look_alike", "southwind", "northwind", 0.0),
        ("handle_beyond_chance", "zqxjkvbp", "jane", -10.0),
        ("handle_reads_worse", "zqxjkvbp", "northwind", 0.0),  # far from like: nothing to say
        ("handle_reads_worse", "northwind", "northwind", 0.0),
        ("handle_reads_worse", "northwind77", "northwind", 0.0),  # a number breaks no word
        ("handle_starts_otherwise", "ollivandersmith", "bollivandersmith", 1.0),
        ("handle_starts_otherwise", "bollivandersmit", "bollivandersmith", 0.0),
        ("handle_starts_otherwise", "0llivandersmith", "ollivandersmith", 0.0),  # looks the same
        ("handle_starts_otherwise", "zqxjkvbp", "ollivandersmith", 0.0),
        ("handle_number_changed", "ollivandersmith78", "ollivandersmith77", 1.0),
        ("handle_number_changed", "ollivandersmith7", "ollivandersmith", 0.0),  # it had none
        ("handle_number_changed", "ollivandersmith77", "ollivandersmith77", 0.0),
        ("handle_claim_added", "northwind_official", "northwind", 1.0),
        ("handle_claim_added", "realnorthwind", "northwind", 1.0),
        ("handle_claim_added", "NorthWindSupport", "northwind", 1.0),
        ("handle_claim_added", "official_northwind", "official_northwind", 0.0),
        ("handle_claim_added", "northwinds", "northwind", 0.0),
        ("handle_office_differs", "northwindpress", "northwind", 1.0),
        ("handle_office_differs", "northwind", "northwindpress", 1.0),
        ("handle_office_differs", "northwind_press", "northwind_press", 0.0),
        ("handle_office_differs", "northwinds", "northwind", 0.0),
        ("handle_extended", "northwindbank", "northwind", 1.0),
        ("handle_extended", "northwind", "thenorthwindx", 1.0),
        ("handle_extended", "northwinds", "northwind", 0.0),  # one letter is an edit
        ("handle_extended", "northwindofficial", "northwind", 0.0),  # that is a claim
        ("handle_extended", "northwind42", "northwind", 0.0),
        ("handle_extended", "northwind", "northwind", 0.0),
    ],
)
def test_what_they_say_of_handles(name: str, reported: str, protected: str, expected: float) -> None:
    assert handles(name, reported, protected) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("nearer", "further", "protected"),
    [
        ("ollivandersmith", "ollivandersmlth", "ollivandersmith"),
        ("ollivandersmith", "ollivander_smith", "ollivandersmith"),  # a separator costs a little
        ("ollivandersmlth", "ollivandersmqth", "ollivandersmith"),  # looks the same, looks another
        ("ollivandersmth", "ollivanderth", "ollivandersmith"),
        ("ollivandersmiht", "ollivandersmitt_x", "ollivandersmith"),
    ],
)
def test_a_handle_is_the_further_beyond_chance_the_less_was_changed(nearer: str, further: str, protected: str) -> None:
    ours, theirs = (handles("handle_beyond_chance", one, protected) for one in (nearer, further))
    assert ours > theirs


def test_a_rare_handle_is_hit_upon_by_chance_less_often_than_a_common_one_of_its_length() -> None:
    assert handles("handle_beyond_chance", "martyzbent1", "martyzbent") > handles(
        "handle_beyond_chance", "cryptonews1", "cryptonews"
    )


def test_who_copies_a_handle_breaks_its_words() -> None:
    assert handles("handle_reads_worse", "goldenharbvur", "goldenharbour") > 5.0
    assert handles("handle_reads_worse", "goldenharbour", "goldenharbvur") < -5.0


def test_a_handle_that_spells_the_protected_name_is_seen_though_the_protected_handle_is_another() -> None:
    known = {"display_name": "Jane Quillon"}
    assert value("name_spelled", {"handle": "janequillon"}, known) > 15.0
    assert value("name_spelled", {"handle": "jane_qui11on"}, known) > 5.0
    assert value("name_spelled", {"handle": "bert_and_ernie"}, known) < 0.0
    assert value("name_spelled", {"handle": "janequillon"}, {"aliases": ("Jane Quillon",)}) > 15.0
