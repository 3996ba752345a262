"""Labelled accounts: our own files are read whole or not at all, public sets as far as they can be used."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from classifier.errors import FileFormatError, InputError
from classifier.labels.accounts import SOURCE_LENGTH, read_labelled_accounts
from classifier.labels.sources import digests
from tests import real_data

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = [
    {"platform": "x", "handle": "jane", "followers": 5, "posts": 2, "label": "fake", "source": "campaign"},
    {"platform": "x", "handle": "ada", "followers": 900, "posts": 70, "label": "Genuine", "source": "survey"},
    {
        "platform": "mastodon",
        "handle": "Jane",
        "followers": None,
        "posts": 1,
        "label": "inauthentic",
        "source": "survey",
    },
]


def saved(path: Path, rows: list[dict[str, Any]]) -> Path:
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif path.suffix == ".parquet":
        pd.DataFrame(rows).astype({"followers": "Int64"}).to_parquet(path)
    else:
        pd.DataFrame(rows).astype({"followers": "Int64"}).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_labelled_accounts_are_read_in_order_from_every_format(tmp_path: Path, ending: str) -> None:
    found = read_labelled_accounts(saved(tmp_path / f"a{ending}", ROWS), now=NOW)
    assert [one.handle for one in found.accounts] == ["jane", "ada", "Jane"]
    assert [(one.followers, one.posts) for one in found.accounts] == [(5, 2), (900, 70), (None, 1)]
    assert found.labels == (True, False, True)
    assert found.sources == ("campaign", "survey", "survey")


def test_labelled_accounts_may_be_given_their_platform(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jsonl", [{name: value for name, value in ROWS[0].items() if name != "platform"}])
    assert read_labelled_accounts(path, now=NOW, platform="instagram").accounts[0].platform == "instagram"


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        ({"label": None}, ("row 2", "'label'", "every labelled row needs it")),
        ({"label": " "}, ("row 2", "'label'", "every labelled row needs it")),
        ({"label": "bot"}, ("row 2", "'label'", "must be one of fake, inauthentic, genuine")),
        ({"label": 1}, ("row 2", "'label'", "must be one of")),
        ({"source": ""}, ("row 2", "'source'", "every labelled row needs it")),
        ({"source": "a" * (SOURCE_LENGTH + 1)}, ("row 2", "'source'", "at most 100")),
        ({"source": "a\x1b[2Jb"}, ("row 2", "'source'", "printable")),
        ({"platform": None}, ("row 2", "'platform'", "--platform")),
        ({"handle": None}, ("row 2", "'handle'", "missing")),
        ({"handle": "JANE"}, ("row 2", "'handle'", "row 1 again", "leave one out")),
    ],
)
def test_labelled_accounts_that_cannot_be_used_name_row_field_and_remedy(
    tmp_path: Path, change: dict[str, Any], messages: tuple[str, ...]
) -> None:
    path = saved(tmp_path / "a.jsonl", [ROWS[0], ROWS[1] | change, ROWS[2]])
    with pytest.raises(InputError) as caught:
        read_labelled_accounts(path, now=NOW)
    for message in messages:
        assert message in str(caught.value)


def test_labelled_accounts_without_a_row_or_a_column_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("platform,handle,label,source\n", encoding="utf-8")
    with pytest.raises(FileFormatError, match="no rows"):
        read_labelled_accounts(tmp_path / "a.csv", now=NOW)
    (tmp_path / "b.csv").write_text("platform,handle,source\nx,jane,survey\n", encoding="utf-8")
    with pytest.raises(InputError, match="'label'"):
        read_labelled_accounts(tmp_path / "b.csv", now=NOW)


def test_a_row_that_is_no_row_of_the_file_is_refused_by_number(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(ROWS[0]) + "\nno json\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2: the line is not JSON"):
        read_labelled_accounts(tmp_path / "a.jsonl", now=NOW)


def cresci(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    columns = ["id", "name", "screen_name", "statuses_count", "followers_count", "friends_count", "created_at"]
    with (folder / "users.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([number, name, name, 5, 9, 3, ""] for number, name in enumerate(names, start=1))
    return folder / "users.csv"


def test_files_of_several_kinds_are_read_together_and_counted(tmp_path: Path) -> None:
    own = saved(tmp_path / "a.jsonl", ROWS)
    bots = cresci(tmp_path / "fake_followers.csv", "zorp_one", "", "zorp_two")
    found = read_labelled_accounts([own, bots], now=NOW)
    assert [one.handle for one in found.accounts] == ["jane", "ada", "Jane", "zorp_one", "zorp_two"]
    assert found.labels == (True, False, True, True, True)
    assert found.sources[-2:] == ("cresci-2017/fake_followers",) * 2
    assert [(one.kind, one.rows, one.used, dict(one.rejected)) for one in found.files] == [
        ("accounts", 3, 3, {}),
        ("cresci", 3, 2, {"handle_missing": 1}),
    ]
    assert found.files[1].sha256 == digests([bots])[0]
    assert found.files[1].line() == "users.csv (cresci): 3 rows read, 2 used; left out: handle_missing 1"


def test_an_account_that_public_sets_repeat_counts_once_and_one_they_contradict_not_at_all(tmp_path: Path) -> None:
    """Otherwise a certificate would count it twice, or take somebody genuine for fake."""
    bots = cresci(tmp_path / "fake_followers.csv", "zorp_one", "zorp_two", "ZORP_ONE")
    people = cresci(tmp_path / "genuine_accounts.csv", "ada_vex", "zorp_two")
    found = read_labelled_accounts([bots, people], now=NOW)
    assert [(one.handle, label) for one, label in zip(found.accounts, found.labels, strict=True)] == [
        ("zorp_one", True),
        ("ada_vex", False),
    ]
    assert [dict(one.rejected) for one in found.files] == [{"repeated": 1, "contradicted": 1}, {"contradicted": 1}]


def test_an_own_row_that_repeats_another_files_account_names_both(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "a.jsonl", ROWS), saved(tmp_path / "b.jsonl", ROWS[:2])
    with pytest.raises(InputError, match=r"row 1, field 'handle': is that of row 1 of a.jsonl again.*\(b.jsonl\)"):
        read_labelled_accounts([first, second], now=NOW)


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "a.jsonl", ROWS), saved(tmp_path / "b.jsonl", ROWS)
    with pytest.raises(FileFormatError, match=r"b\.jsonl: is the same as a\.jsonl"):
        read_labelled_accounts([first, second], now=NOW)


def test_a_public_set_of_which_nothing_can_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match=r"not one row can be used.*handle_missing 2"):
        read_labelled_accounts(cresci(tmp_path / "fake_followers", "", ""), now=NOW)


@pytest.mark.skipif(not real_data.DATA.is_dir(), reason="the real data (../shared/data) is not here")
def test_the_real_accounts_are_refused_for_the_ones_that_occur_twice() -> None:
    """Two of the set's sources hold some of the same accounts, and a certificate counts each once."""
    path = real_data.DATA / "accounts" / "x_accounts.parquet"
    assert pd.read_parquet(path, columns=["handle"])["handle"].str.casefold().duplicated().any()
    with pytest.raises(InputError, match=r"is that of row \d+ again; leave one out"):
        read_labelled_accounts(path, now=datetime.now(UTC))
