from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from classifier.accounts.account import Account
from classifier.accounts.slices import name_commonness, slice_values
from classifier.evaluation.metrics import Share
from classifier.evaluation.slices import by_name, by_slice

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("followers", "band"),
    [(None, "unknown"), (0, "below 100"), (99, "below 100"), (100, "100 to 999"), (9_999, "1,000 to 9,999"),
     (10_000, "10,000 to 99,999"), (100_000, "100,000 or more"), (10**12, "100,000 or more")],
)  # fmt: skip
def test_the_bands_of_followers(followers: int | None, band: str) -> None:
    assert slice_values(Account(handle="a", followers=followers))["followers"] == band


@pytest.mark.parametrize(
    ("days", "band"),
    [(-3, "below 30 days"), (29, "below 30 days"), (30, "30 days to 1 year"), (365, "1 to 5 years"),
     (5 * 365, "5 years or more")],
)  # fmt: skip
def test_the_bands_of_age(days: int, band: str) -> None:
    account = Account(handle="a", created_at=NOW - timedelta(days=days), observed_at=NOW)
    assert slice_values(account)["age"] == band


def test_an_age_needs_both_dates() -> None:
    assert slice_values(Account(handle="a", created_at=NOW))["age"] == "unknown"
    assert slice_values(Account(handle="a", observed_at=NOW))["age"] == "unknown"


@pytest.mark.parametrize(
    ("account", "script"),
    [(Account(handle="jane"), "Latin"), (Account(handle="123"), "no letters"),
     (Account(handle="жанна"), "Cyrillic"), (Account(handle="jane", display_name="Жанна"), "Cyrillic + Latin")],
)  # fmt: skip
def test_scripts_are_those_of_handle_and_name(account: Account, script: str) -> None:
    assert slice_values(account)["script"] == script


def test_an_empty_bio_is_none() -> None:
    assert [slice_values(Account(handle="a", bio=bio))["bio"] for bio in (None, "", "x")] == [
        "without bio", "without bio", "with bio",
    ]  # fmt: skip


def results(rows: list[tuple[str, bool, str, str]]) -> pd.DataFrame:
    """Cases by label, whether flagged, script and followers; every target right, every probability a half."""
    frame = pd.DataFrame(rows, columns=["label", "flagged", "script", "followers"])
    return frame.assign(right_target=True, probability=0.5, tier="high", age="unknown", bio="with bio")


def test_the_figures_of_a_slice_by_hand() -> None:
    found = by_slice(
        results([
            ("impersonation", True, "Latin", "unknown"), ("impersonation", False, "Latin", "below 100"),
            ("unrelated", True, "Latin", "below 100"), ("impersonation", False, "Greek", "100,000 or more"),
        ])
    )  # fmt: skip
    assert [(one.value, one.found, one.flagged, one.auc) for one in found["script"]] == [
        ("Greek", Share(0, 1), Share(0, 0), None),
        ("Latin", Share(1, 2), Share(1, 1), 0.5),
    ]
    assert [one.value for one in found["followers"]] == ["below 100", "100,000 or more", "unknown"]
    assert [one.value for one in found["tier"]] == ["high"]


def test_rare_scripts_are_one_value() -> None:
    rows = [("impersonation", True, f"script {n}", "unknown") for n in range(20) for _ in range(40 - n)]
    found = by_slice(results(rows))["script"]
    assert len(found) == 9
    assert {one.value: one.found.of for one in found}["other"] == sum(40 - n for n in range(8, 20))


def test_of_parts_found_alike_the_one_with_more_false_alarms_comes_first() -> None:
    rows = [("impersonation", True, script, "unknown") for script in ("Arabic", "Latin")]
    found = by_slice(
        results([*rows, ("unrelated", False, "Arabic", "unknown"), ("unrelated", True, "Latin", "unknown")])
    )
    assert [one.value for one in found["script"]] == ["Latin", "Arabic"]


@pytest.mark.parametrize(
    ("name", "band"),
    [("Mary Smith", "common"), ("Mary Xqzv", "common"), ("Xqzv", "no known name"), ("", "no known name"),
     (None, "no known name")],
)  # fmt: skip
def test_how_common_a_name_is(name: str | None, band: str) -> None:
    assert name_commonness(Account(handle="mary", display_name=name)) == band


def test_the_rarest_known_name_counts() -> None:
    shares = {0.005: "common", 0.0005: "less common", 0.00005: "rare"}
    for share, band in shares.items():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("classifier.accounts.slices.is_name", lambda _: True)
            patch.setattr("classifier.accounts.slices.people", {"A": 0.1, "B": share}.get)
            assert name_commonness(Account(handle="a", display_name="A B")) == band


def test_the_figures_by_name_are_those_of_its_parts() -> None:
    rows = [("impersonation", True, "Latin", "unknown"), ("genuine", True, "Latin", "unknown")]
    frame = results(rows).assign(name=["common", "rare"])
    rare, common = by_name(frame)
    assert (rare.value, rare.flagged.count, rare.flagged.of, rare.found.of) == ("rare", 1, 1, 0)
    assert (common.value, common.found.of, common.flagged.of) == ("common", 1, 0)
