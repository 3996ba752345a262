"""Files of public sets, invented here in the sets' own forms: what is known of each account comes through, no more."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from classifier.errors import FileFormatError
from classifier.importers.research_sets.cresci import CAMPAIGNS
from classifier.importers.research_sets.detect import read_public, set_of
from classifier.importers.research_sets.labelled_row import PublicRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(path: Path, **options: Any) -> list[PublicRow]:
    name = set_of(path)
    assert name is not None
    return list(read_public(path, name, now=NOW, **options))


def reasons(rows: list[PublicRow]) -> list[str]:
    return [getattr(row.error, "reason", "") for row in rows]


# --- cresci ----------------------------------------------------------------------------------------------------------

USER = {
    "id": "616", "name": "Zorp Vex", "screen_name": "zorp_vex", "statuses_count": "20", "followers_count": "3",
    "friends_count": "51", "favourites_count": "0", "listed_count": "1", "url": "NULL", "location": "",
    "default_profile_image": "", "verified": "", "description": "Hello", "following": "",
    "created_at": "Thu Apr 06 15:24:15 +0000 2017", "timestamp": "2017-04-06 17:24:15",
    "crawled_at": "2017-05-02 06:41:46", "updated": "2017-05-03 15:53:47",
}  # fmt: skip


def table(path: Path, *changes: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [USER | change for change in changes]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_user_table_gives_the_account_as_it_was_crawled(tmp_path: Path) -> None:
    [row] = read(table(tmp_path / "social_spambots_1.csv" / "users.csv", {}))
    assert row.account is not None
    assert (row.account.platform, row.account.account_id, row.account.handle) == ("x", "616", "zorp_vex")
    assert (row.account.followers, row.account.following, row.account.posts, row.account.listed) == (3, 51, 20, 1)
    assert row.account.created_at == datetime(2017, 4, 6, 15, 24, 15, tzinfo=UTC)
    assert row.account.observed_at == datetime(2017, 5, 2, 6, 41, 46, tzinfo=UTC)
    assert (row.account.verified, row.account.default_avatar) == (None, None), "empty is not known"
    assert (row.is_fake, row.source) == (True, "cresci-2017/social_spambots_1")


def test_milliseconds_with_an_l_are_a_time(tmp_path: Path) -> None:
    [row] = read(table(tmp_path / "traditional_spambots_1.csv" / "users.csv", {"created_at": "1280858434000L"}))
    assert row.account is not None
    assert row.account.created_at == datetime(2010, 8, 3, 18, 0, 34, tzinfo=UTC)


@pytest.mark.parametrize("set_name", CAMPAIGNS)
def test_the_folder_tells_what_the_accounts_are(tmp_path: Path, set_name: str) -> None:
    for name, is_fake in CAMPAIGNS[set_name].items():
        for place, folder in enumerate((name, f"{name.upper()}.csv")):
            [row] = read(table(tmp_path / f"case{place}" / folder / "users.csv", {}))
            assert (row.is_fake, row.source) == (is_fake, f"{set_name}/{name}")


def test_a_table_of_no_known_name_needs_its_label_and_a_known_name_wins(tmp_path: Path) -> None:
    """Otherwise one wrong option would turn a set of genuine accounts into fakes."""
    unknown = table(tmp_path / "varol" / "users.csv", {})
    with pytest.raises(FileFormatError, match="--label fake or --label genuine"):
        read(unknown)
    [row] = read(unknown, label="genuine")
    assert (row.is_fake, row.source) == (False, "varol")
    [row] = read(table(tmp_path / "genuine_accounts.csv" / "users.csv", {}), label="fake")
    assert row.is_fake is False


def test_one_bad_row_of_a_table_is_counted_and_stops_nothing(tmp_path: Path) -> None:
    path = table(tmp_path / "E13" / "users.csv", {}, {"screen_name": ""}, {"screen_name": "ada_vex"})
    rows = read(path)
    assert reasons(rows) == ["", "handle_missing", ""]
    assert [row.number for row in rows] == [1, 2, 3]


def test_a_file_with_our_own_label_and_source_is_our_own(tmp_path: Path) -> None:
    assert set_of(table(tmp_path / "users.csv", {"label": "fake", "source": "survey"})) is None


# --- TwiBot ----------------------------------------------------------------------------------------------------------

PROFILE = {
    "id": "17 ", "id_str": "17 ", "name": "Zorp Vex ", "screen_name": "zorp_vex ", "location": " ",
    "description": "Hello ", "entities": "{'url': {'urls': []}} ", "protected": "False ", "followers_count": "692 ",
    "friends_count": "15 ", "listed_count": "4 ", "created_at": "Tue Nov 18 10:27:25 +0000 2008 ", "url": "None ",
    "verified": "True ", "statuses_count": "9798 ", "default_profile_image": "False ",
}  # fmt: skip


def listed(path: Path, *elements: Any) -> Path:
    path.write_text(json.dumps(elements), encoding="utf-8")
    return path


def test_twibot_20_gives_padded_words_their_meaning(tmp_path: Path) -> None:
    path = listed(tmp_path / "train.json", {"ID": "17", "profile": PROFILE, "tweet": ["hi"], "label": "1"})
    [row] = read(path)
    assert row.account is not None
    assert (row.account.handle, row.account.account_id, row.account.display_name) == ("zorp_vex", "17", "Zorp Vex")
    assert (row.account.verified, row.account.default_avatar, row.account.location) == (True, False, None)
    assert (row.account.followers, row.account.posts, row.account.links) == (692, 9798, ())
    assert row.account.created_at == datetime(2008, 11, 18, 10, 27, 25, tzinfo=UTC)
    assert (row.is_fake, row.source) == (True, "twibot-20")


def test_twibot_20_accounts_without_label_or_profile_are_counted(tmp_path: Path) -> None:
    path = listed(
        tmp_path / "dev.json",
        {"ID": "1", "profile": PROFILE, "label": "0"},
        {"ID": "2", "profile": PROFILE},
        {"ID": "3", "profile": None, "label": "1"},
        {"ID": "4", "profile": PROFILE, "label": "2"},
    )
    rows = read(path)
    assert reasons(rows) == ["", "label_missing", "profile_missing", "label_missing"]
    assert rows[0].is_fake is False


V2 = {
    "id": "u77", "username": "zorp_vex", "name": "Zorp Vex", "created_at": "2020-01-16 02:02:55+00:00",
    "description": "Hello", "entities": None, "verified": False, "url": "", "location": None,
    "public_metrics": {"followers_count": 7, "following_count": 9, "tweet_count": 40, "listed_count": 0},
}  # fmt: skip


def test_twibot_22_takes_each_label_from_the_file_beside_it(tmp_path: Path) -> None:
    path = listed(
        tmp_path / "user.json", V2, V2 | {"id": "u78", "username": "ada_vex"}, V2 | {"id": "u79"}, {"id": "t1"}
    )
    with pytest.raises(FileFormatError, match=r"no label\.csv beside it"):
        read(path)
    (tmp_path / "label.csv").write_text("id,label\nu77,bot\nu78,human\nt1,human\n", encoding="utf-8")
    rows = read(path)
    assert reasons(rows) == ["", "", "label_missing", "profile_missing"]
    assert [(row.account.handle, row.is_fake) for row in rows[:2] if row.account] == [
        ("zorp_vex", True),
        ("ada_vex", False),
    ]
    assert rows[0].account is not None
    assert (rows[0].account.account_id, rows[0].account.followers) == ("77", 7)


def test_a_list_of_no_known_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="is of no set that is known"):
        set_of(listed(tmp_path / "a.json", {"handle": "zorp"}))
