"""Rows are found as people look for them, in the right order, and a page holds no more than it shows."""

import json

import pytest

from classifier.accounts.account import Account
from service.uploads.row_file import TOGETHER, write_rows
from service.uploads.row_search import Row, Wanted, find_accounts, find_rows, has_rows

MANY = 2 * TOGETHER + 7


def answer(row, handle="a", **more):
    return {
        "row": row, "platform": "x", "handle": handle, "relation": "impersonation", "target_handle": "JaneRoe",
        "impersonation_probability": 0.5, "verdict": "needs_review", "campaign": None,
        "reasons": [{"code": "c", "text": "Because."}], "error": None,
    } | more  # fmt: skip


def unread(row):
    nothing = dict.fromkeys(("platform", "handle", "relation", "target_handle", "impersonation_probability", "verdict"))
    return answer(row) | nothing | {"reasons": [], "error": "row 3: no handle"}


def numbers(directory, limit=25, **wanted):
    return [row.row for row in find_rows(directory, Wanted(**wanted), limit).rows]


@pytest.fixture
def few(tmp_path):
    rows = [
        answer(1, "JaneR0e", verdict="cleared", impersonation_probability=0.9, campaign=1),
        answer(2, "j\u0430neroe_help", target_handle="AdaBrask", impersonation_probability=0.2),  # a Cyrillic letter
        unread(3),
        answer(4, "someone", relation="no_target", target_handle=None, impersonation_probability=0.1, campaign=2),
    ]
    read = [
        Account(handle="JaneR0e", bio="Actor."),
        Account(handle="j\u0430neroe_help"),
        None,
        Account(handle="someone"),
    ]
    write_rows(rows, read, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        ({}, [1, 2, 3, 4]),
        ({"handle": "JANER"}, [1, 2]),  # as it is written, and as it looks
        ({"handle": "@janer0"}, [1, 2]),
        ({"handle": "HELP"}, [2]),
        ({"handle": "%"}, []),
        ({"handle": ".*"}, []),
        ({"verdict": "cleared"}, [1]),
        ({"verdict": "error"}, [3]),
        ({"relation": "no_target"}, [4]),
        ({"target": "brask"}, [2]),
        ({"target": "@JaneRoe", "verdict": "needs_review"}, []),
        ({"campaign": 2}, [4]),
        ({"sort": "probability"}, [1, 2, 4, 3]),
        ({"sort": "target"}, [2, 1, 3, 4]),
        ({"sort": "handle"}, [1, 2, 4, 3]),
        ({"page": 2}, []),
    ],
)
def test_rows_are_found_and_sorted(few, wanted, rows):
    assert numbers(few, **wanted) == rows


def test_a_row_is_shown_whole(few):
    first, _, third, _ = find_rows(few, Wanted(), 25).rows
    assert first == Row(1, "x", "JaneR0e", "impersonation", "JaneRoe", 0.9, "cleared", 1, ["Because."])
    assert (third.verdict, third.relation, third.why) == ("error", "error", ["row 3: no handle"])


def test_accounts_are_those_that_were_read(few):
    assert find_accounts(few, [1, 3, 99]) == {1: {"handle": "JaneR0e", "bio": "Actor."}}


def test_an_upload_of_an_earlier_version_has_no_rows(tmp_path, few):
    assert has_rows(few)
    assert not has_rows(tmp_path / "none")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """More rows than one group of the file has."""
    directory = tmp_path_factory.mktemp("many")
    rows = (answer(n, f"h{n}", impersonation_probability=n / MANY) for n in range(1, MANY + 1))
    write_rows(rows, (Account(handle=f"h{n}") for n in range(1, MANY + 1)), directory)
    return directory


def test_every_row_is_on_one_page_whatever_the_order(many):
    seen = [n for page in range(1, MANY // 100 + 2) for n in numbers(many, 100, page=page, sort="probability")]
    assert seen == list(range(MANY, 0, -1))
    assert find_rows(many, Wanted(handle="h20"), 5).total == sum("h20" in f"h{n}" for n in range(1, MANY + 1))


def test_accounts_are_found_in_any_group(many):
    wanted = [1, TOGETHER, TOGETHER + 1, MANY]
    assert {n: one["handle"] for n, one in find_accounts(many, wanted).items()} == {n: f"h{n}" for n in wanted}


def test_rows_that_do_not_belong_together_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        write_rows([answer(1), answer(2)], [Account(handle="a")], tmp_path)
    assert not has_rows(tmp_path)


def test_the_file_is_its_owners_only(few):
    assert (few / "rows.parquet").stat().st_mode & 0o077 == 0
    assert json.dumps(find_rows(few, Wanted(), 1).rows[0].why) == '["Because."]'
