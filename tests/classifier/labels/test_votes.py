"""Everybody has one vote, an appeal outranks what it overturned, and nothing is resolved towards impersonation."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account
from classifier.errors import FileFormatError, InputError
from classifier.labels.adjudication import majority, settle
from classifier.labels.votes import IMPERSONATION, UNCLEAR, Vote, read_votes
from classifier.utils.pseudonyms import pseudonym

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def vote(label: str, labeller: str = "", at: int | None = None, *, overturned: bool = False, **account: Any) -> Vote:
    """A vote on the case zorp / Ada Vex; ``at`` counts days, and no labeller stands for a file that names nobody."""
    return Vote(
        account=Account(**({"handle": "zorp", "platform": "x"} | account)),
        target="adavex",
        label=label,
        family=label,
        labeller=labeller or "a file",
        is_named=bool(labeller),
        at=None if at is None else NOW - timedelta(days=100 - at),
        overturned=overturned,
        part=None,
        source=0,
        row=1,
    )


def settled(*votes: Vote) -> str | None:
    [one] = settle(votes)[0]
    return one.label


LABELS = st.sampled_from([IMPERSONATION, "unrelated", "parody_or_fan", UNCLEAR])


@given(st.lists(LABELS, min_size=1, max_size=9))
def test_impersonation_never_wins_without_two_of_three(labels: list[str]) -> None:
    found = majority(labels)
    assert found != UNCLEAR
    if found == IMPERSONATION:
        assert 3 * labels.count(IMPERSONATION) >= 2 * len(labels)
    if found is not None:
        assert 2 * labels.count(found) > len(labels)
    assert found == majority(labels[::-1])


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([IMPERSONATION], IMPERSONATION),
        ([IMPERSONATION, "unrelated"], None),
        ([IMPERSONATION] * 2 + ["unrelated"], IMPERSONATION),
        ([IMPERSONATION] * 3 + ["unrelated"] * 2, None),
        (["unrelated"] * 3 + [IMPERSONATION] * 2, None),
        (["unrelated"] * 3 + ["parody_or_fan"] * 2, "unrelated"),
        (["unrelated", "parody_or_fan"], None),
        ([IMPERSONATION, UNCLEAR], None),
        ([UNCLEAR], None),
    ],
)
def test_a_clear_majority_settles_a_case_and_anything_else_is_unclear(labels: list[str], expected: str | None) -> None:
    votes = [vote(label, f"labeller {place}") for place, label in enumerate(labels)]
    assert majority(labels) == settled(*votes) == expected


def test_a_labeller_has_one_vote_the_latest() -> None:
    again = [vote(IMPERSONATION, "p", day) for day in (1, 2, 3)]
    assert settled(*again, vote("unrelated", "q", 1)) is None
    assert settled(vote("unrelated", "p", 5), vote(IMPERSONATION, "p", 4)) == "unrelated"
    assert settled(vote("unrelated", "p"), vote(IMPERSONATION, "p")) is None, "nobody knows which came last"


def test_rows_that_name_nobody_count_once_and_contradict_each_other() -> None:
    assert settled(*[vote(IMPERSONATION)] * 5, vote("unrelated", "p"), vote("unrelated", "q")) == "unrelated"
    assert settled(vote(IMPERSONATION, "", 1), vote("unrelated", "", 2)) is None


def test_an_overturned_appeal_outranks_what_came_before_it_and_nothing_later() -> None:
    before = [vote(IMPERSONATION, name, 1) for name in "pqrs"]
    appeal = vote("same_owner", "t", 2, overturned=True)
    assert settled(*before, appeal) == settled(appeal, *before) == "same_owner"
    assert settled(appeal, *(vote(IMPERSONATION, name, 3) for name in "pq")) == IMPERSONATION
    assert settled(appeal, vote(IMPERSONATION, "p", 3)) is None


def test_what_was_overturned_is_still_a_disagreement() -> None:
    _, agreement = settle([vote(IMPERSONATION, "p", 1), vote("unrelated", "q", 2, overturned=True)])
    assert (agreement.compared, agreement.unclear) == (1, 0)
    assert [(one.name, one.contradicted) for one in agreement.labellers] == [("p", 1), ("q", 0)]


def test_a_case_is_an_account_with_a_target_by_its_id_where_one_is_known() -> None:
    renamed = [vote("unrelated", "p", account_id="7"), vote("unrelated", "q", account_id="7", handle="zorp2")]
    assert len(settle(renamed)[0]) == 1
    assert len(settle([*renamed, vote("unrelated", "r", handle="ZORP")])[0]) == 1, "by its handle, in any case"
    assert len(settle([*renamed, vote("unrelated", "r", platform="mastodon")])[0]) == 2
    assert len(settle([vote("unrelated", "p", account_id="7"), vote("unrelated", "p", account_id="8")])[0]) == 2


# --- files -----------------------------------------------------------------------------------------------------------


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(*paths: Path, **options: Any) -> tuple[list[Vote], Sequence[Any]]:
    return read_votes(paths, now=NOW, platform="x", **options)


def test_each_kind_is_told_by_its_columns(tmp_path: Path) -> None:
    outcomes = written(
        tmp_path / "outcomes.csv",
        "platform,handle,target_handle,label,labeller,labelled_at,check_id,outcome",
        "x,zorp,AdaVex,unrelated,rev,2025-11-02T18:59:00Z,c1,overturned",
    )
    labels = written(
        tmp_path / "own.csv", "handle,target_handle,label,family,slice", "zorp,@AdaVex,unrelated,typo,press"
    )
    alike = written(tmp_path / "alike.csv", "suspended_handle,target_handle,label", "zorp,AdaVex,parody_or_supporter")
    votes, sources = read(outcomes, labels, alike)
    assert [one.kind for one in sources] == ["outcomes", "labels", "look-alikes"]
    assert [one.label for one in votes] == ["unrelated", "unrelated", "parody_or_fan"]
    assert [one.overturned for one in votes] == [True, False, False]
    assert [one.labeller for one in votes] == [pseudonym(name) for name in ("rev", "own.csv", "alike.csv")]
    assert [one.family for one in votes] == ["unrelated", "typo", "parody_or_supporter"]
    assert (votes[0].at, votes[1].part, votes[1].target) == (
        datetime(2025, 11, 2, 18, 59, tzinfo=UTC),
        "press",
        "AdaVex",
    )


def test_a_bad_row_refuses_own_files_and_is_counted_in_other_peoples(tmp_path: Path) -> None:
    rows = ("zorp,AdaVex,unrelated", ",AdaVex,unrelated", "zorp3,,unrelated", "zorp4,AdaVex,")
    own = written(tmp_path / "own.csv", "handle,target_handle,label", *rows)
    with pytest.raises(InputError, match=r"row 2, field 'handle': .*\(own\.csv\)"):
        read(own)
    votes, [source] = read(written(tmp_path / "alike.csv", "suspended_handle,target_handle,label", *rows))
    assert len(votes) == 1
    assert dict(source.rejected) == {"handle_missing": 1, "target_handle_missing": 1, "label_missing": 1}
    assert read(own, kind="look-alikes")[1][0].used == 1, "a kind may be named"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("zorp,AdaVex,unrelated,soon,", "labelled_at"),
        ("zorp,AdaVex,unrelated,2031-01-01T00:00:00Z,", "labelled_at"),
        (f"zorp,AdaVex,unrelated,,{'a' * 51}", "slice"),
    ],
)
def test_what_cannot_be_used_names_its_field(tmp_path: Path, row: str, message: str) -> None:
    """A time in the future would win against every later label."""
    with pytest.raises(InputError, match=f"row 1, field '{message}'"):
        read(written(tmp_path / "own.csv", "handle,target_handle,label,labelled_at,slice", row))


def test_files_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    own = written(tmp_path / "own.csv", "handle,target_handle,label", "zorp,AdaVex,unrelated")
    copy = written(tmp_path / "copy.csv", "handle,target_handle,label", "zorp,AdaVex,unrelated")
    with pytest.raises(FileFormatError, match=r"copy\.csv: is the same as own\.csv"):
        read(own, copy)
    with pytest.raises(FileFormatError, match="no such kind"):
        read(own, kind="votes")
    with pytest.raises(FileFormatError, match=r"not one row can be used.*label_missing 1"):
        read(written(tmp_path / "alike.csv", "suspended_handle,target_handle,label", "zorp,AdaVex,"))
