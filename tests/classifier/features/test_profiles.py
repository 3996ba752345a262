"""Links, picture, people; audience, age and verification."""

import math
from datetime import UTC, datetime

import pytest

from tests.classifier.features.accounts import Fields, value

DAY = datetime(2020, 1, 1, tzinfo=UTC)
YEAR_LATER = datetime(2020, 12, 31, 6, tzinfo=UTC)  # 365.25 days
ZEROS, ONES, HALF = "00" * 32, "ff" * 32, "0f" * 32


@pytest.mark.parametrize(
    ("name", "reported", "protected", "expected"),
    [
        ("same_domain", {"links": ("https://a.example/x",)}, {"links": ("http://www.A.example",)}, 1.0),
        ("same_domain", {"links": ("https://b.example",)}, {"links": ("https://a.example",)}, 0.0),
        ("same_domain", {"links": ("https://bit.ly/1",)}, {"links": ("https://bit.ly/2",)}, math.nan),
        ("messenger_link", {"links": ("https://t.me/jane",)}, {}, 1.0),
        ("messenger_link", {"links": ("https://a.example",)}, {}, 0.0),
        ("avatar_similarity", {"avatar_pdq": HALF}, {"avatar_pdq": HALF}, 1.0),
        ("avatar_similarity", {"avatar_pdq": HALF}, {"avatar_pdq": ZEROS}, 0.0),
        ("avatar_similarity", {"avatar_pdq": ONES}, {"avatar_pdq": ZEROS}, 0.0),
        ("avatar_similarity", {"avatar_pdq": "01" + ZEROS[2:]}, {"avatar_pdq": ZEROS}, 1 - 1 / 128),
        ("default_avatar", {"default_avatar": True}, {}, 1.0),
        ("followed_by_target", {"followed_by_target": False}, {}, 0.0),
        ("verified", {"verified": True}, {"verified": False}, 1.0),
        ("followers", {"followers": 999}, {}, 3.0),
        ("followers", {"followers": 0}, {}, 0.0),
        ("followers_relative", {"followers": 9}, {"followers": 99_999}, -4.0),
        ("created_later", {"created_at": YEAR_LATER}, {"created_at": DAY}, 1.0),
        ("created_later", {"created_at": DAY}, {"created_at": YEAR_LATER}, -1.0),
        ("age", {"created_at": DAY, "observed_at": YEAR_LATER}, {"created_at": YEAR_LATER}, 1.0),
        ("posts", {"posts": 99}, {}, 2.0),
    ],
)
def test_what_they_say_of_profiles(name: str, reported: Fields, protected: Fields, expected: float) -> None:
    assert value(name, reported, protected) == pytest.approx(expected, nan_ok=True)


def test_hashes_of_other_lengths_and_of_none_are_compared_bit_by_bit() -> None:
    assert value("avatar_similarity", {"avatar_pdq": "f" * 80}, {"avatar_pdq": "f" * 64}) == 0.5
    assert value("avatar_similarity", {"avatar_pdq": "0"}, {"avatar_pdq": "0" * 64}) == 1.0


def test_a_time_without_zone_is_in_utc() -> None:
    assert value("created_later", {"created_at": DAY.replace(tzinfo=None)}, {"created_at": DAY}) == 0.0
