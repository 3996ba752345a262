from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account
from classifier.batch import campaigns as module
from classifier.batch.campaigns import KEYS, Campaign, Campaigns, traces
from classifier.batch.score_rows import Asked
from tests.classifier.batch.rows import TARGET, asked, part, unreadable

BIO = "Join my channel today for a surprise"


def found(*parts: list[Asked], passes: int = 1) -> tuple[list[Campaign], list[list[int | None]]]:
    """The campaigns, and what the rows of each part are told of them."""
    batches = [part(rows) for rows in parts]

    def read(columns: Iterable[str]) -> Iterator[pa.RecordBatch]:
        return (batch.select([*columns]) for batch in batches)

    campaigns = Campaigns.of(read, passes * module._AT_ONCE)
    numbers = [campaigns.note(batch).to_pylist() for batch in batches]
    return campaigns.found, numbers


def test_accounts_with_one_bio_are_one_campaign_however_the_bio_is_written() -> None:
    (campaign,), numbers = found(
        [asked(1, "fake1", bio=BIO), asked(2, "fake2", bio=f"{BIO.upper()}!!"), asked(3, "fake3"), unreadable(4)],
        [asked(5, "fake5", bio=BIO), asked(6, "genuine", bio=BIO)],
    )
    assert (campaign.accounts, campaign.reports, campaign.shared) == (3, 3, {"bio": BIO})
    assert (campaign.target_handle, campaign.target_id, campaign.copied) == (TARGET.handle, "7", [])
    assert campaign.verdicts == {"cleared": 3}
    assert campaign.first == [("in.csv", 1, "fake1"), ("in.csv", 2, "fake2"), ("in.csv", 5, "fake5")]
    assert numbers == [[1, 1, None, None], [1, None]]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("link", {"links": ["https://www.lure.example/x/"]}, {"links": ["http://lure.example/x"]}),
        ("link", {"links": ["https://a.example/?id=1", "https://b.example"]}, {"links": ["b.example"]}),
        ("avatar", {"avatar_pdq": "ab" * 32}, {"avatar_pdq": "ab" * 32}),
    ],
)
def test_a_link_or_a_picture_makes_a_campaign_too(kind: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    (campaign,), _ = found([asked(1, "fake1", **one), asked(2, "fake2", **other)])
    assert list(campaign.shared) == [kind]


def test_what_the_same_accounts_share_is_one_campaign() -> None:
    shared = {"bio": BIO, "links": ["https://lure.example"], "avatar_pdq": "cd" * 32}
    (campaign,), _ = found([asked(row, f"fake{row}", **shared) for row in (1, 2, 3)])
    assert set(campaign.shared) == {"bio", "link", "avatar"}
    assert campaign.accounts == 3


@pytest.mark.parametrize(
    "rows",
    [
        [asked(1, "fake1", bio=BIO), asked(2, "fake2ada", bio=BIO)],  # another protected account
        [asked(1, "fake1", bio=BIO), asked(1, "fake1", bio=BIO)],  # two reports of one account
        [asked(1, "fake1", bio="Chief"), asked(2, "fake2", bio="Chief")],  # hardly anything
        [asked(1, "fake1"), asked(2, "fake2")],
        [asked(1, "fake1", links=["http://["]), asked(2, "fake2", links=["http://["])],
        [],
    ],
)
def test_what_is_no_campaign(rows: list[Asked]) -> None:
    assert found(rows)[0] == []


def test_the_bio_of_the_protected_account_itself_is_told_apart() -> None:
    (campaign,), _ = found([asked(row, f"fake{row}", bio=TARGET.bio) for row in (1, 2)])
    assert (list(campaign.shared), campaign.copied) == (["bio"], ["bio"])


PICTURED = replace(TARGET, avatar_pdq="ef" * 32, display_name="Jane Quillon", links=("https://northwind.example",))


@pytest.mark.parametrize(
    "bio",
    ["Chair of Northwind", "chair of NORTHWIND!", "Jane Quillon, Chair", "Official: Jane Quillon", "Northwind's chair"],
)
def test_a_bio_made_of_the_protected_accounts_texts_is_copied(bio: str) -> None:
    assert traces(Account(handle="a", bio=bio), PICTURED)["copied"] == ["bio"]


@pytest.mark.parametrize("bio", [BIO, f"{TARGET.bio}. {BIO}", "Follow my telegram", "", None])
def test_a_bio_that_says_more_is_not(bio: str | None) -> None:
    assert traces(Account(handle="a", bio=bio), PICTURED)["copied"] == []


def test_the_protected_accounts_picture_is_copied_and_its_links_are_left_out() -> None:
    kept = traces(
        Account(handle="a", avatar_pdq="ef" * 32, links=("http://www.northwind.example/", "lure.example")), PICTURED
    )
    assert (kept["copied"], kept["links"], len(kept["link_keys"])) == (["avatar"], ("lure.example",), 1)


def test_what_only_copies_the_protected_account_comes_behind_smaller_campaigns_of_one_author() -> None:
    rows = [asked(row, f"fake{row}", bio=TARGET.bio) for row in range(1, 6)]
    rows += [asked(row, f"fake{row}", bio=BIO) for row in (11, 12)]
    campaigns, (numbers,) = found(rows)
    assert [(one.number, one.accounts, one.has_an_author) for one in campaigns] == [(1, 2, True), (2, 5, False)]
    assert numbers == [2] * 5 + [1] * 2


def test_accounts_that_copy_and_share_a_lure_have_one_author() -> None:
    (campaign,), _ = found([asked(row, f"fake{row}", bio=TARGET.bio, links=["lure.example"]) for row in (1, 2)])
    assert (campaign.has_an_author, campaign.copied) == (True, ["bio"])


def test_two_reports_of_one_account_are_two_rows_of_it() -> None:
    rows = [asked(1, "fake1", bio=BIO), asked(1, "fake1", bio=BIO, followers=99), asked(2, "fake2", bio=BIO)]
    (campaign,), _ = found(rows)
    assert (campaign.accounts, campaign.reports) == (2, 3)


def test_the_largest_come_first_and_are_the_ones_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    rows = [
        asked(10 * size + n, f"fake{size}x{n}", bio=f"{BIO} number {size}") for size in (2, 4, 3) for n in range(size)
    ]
    campaigns, (numbers,) = found(rows)
    assert [one.accounts for one in campaigns] == [4, 3]
    assert numbers == [None] * 2 + [1] * 4 + [2] * 3


ROWS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.sampled_from("abc")), max_size=30)


@given(ROWS, st.integers(1, 5), st.randoms(use_true_random=False))
def test_several_passes_and_any_order_find_what_one_look_at_everything_finds(
    drawn: list[tuple[int, str, str]], passes: int, random: Any
) -> None:
    rows = [asked(who, f"fake{who}", bio=f"{BIO} {bio}", links=[f"{link}.example"]) for who, bio, link in drawn]
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for who, bio, link in drawn:
        groups["bio", bio].add(who)
        groups["link", link].add(who)
    expected = sorted({frozenset(group) for group in groups.values() if len(group) > 1}, key=len, reverse=True)
    campaigns, _ = found(rows[:7], rows[7:], passes=passes)
    assert [one.accounts for one in campaigns] == [len(group) for group in expected]
    random.shuffle(rows)
    again, _ = found(rows, passes=1)
    assert [(one.accounts, one.reports) for one in again] == [(one.accounts, one.reports) for one in campaigns]


@given(st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_a_profile_holds_leaves_traces_of_it(bio: str, links: list[str]) -> None:
    kept = traces(Account(handle="a", bio=bio, links=tuple(links)), TARGET)
    assert set(kept) == {"account", *KEYS, "copied", "bio", "links", "avatar"}
    assert len(kept["links"]) == len(kept["link_keys"])
