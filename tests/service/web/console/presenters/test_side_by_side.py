import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from service.web.console.presenters.side_by_side import (
    SHOWN_ITEMS,
    SHOWN_TEXT,
    SIMILAR_BITS,
    outline,
    pictures,
    rows,
    rows_alone,
)

TARGET = ProtectedAccount(platform="x", handle="JaneRoe")
FULL = replace(
    TARGET,
    account_id="1001",
    display_name="Jane Roe",
    verified=True,
    bio="Chair of Northwind.",
    links=("https://northwind.example", "https://jane.example"),
    roles=("Chair of Northwind",),
    secondary_handles=("jane_private",),
)


def marks(account, target=TARGET):
    return {row.label: (row.mark, row.words) for row in rows(account, target)}


def text(cell):
    return ["".join(run for piece in entry for run, _ in piece.runs) for entry in cell.entries]


def test_missing_is_neither_same_nor_different():
    bare = marks(Account(handle="JaneRoe"))
    assert bare.pop("Handle") == ("same", "same")
    assert bare.pop("Tier")[0] == "alone"
    assert set(bare.values()) == {("unknown", "not known")}
    assert {mark for mark, _ in marks(Account(handle="other"), FULL).values()} == {"differs", "unknown", "alone"}


def test_what_is_given_on_both_sides_is_compared():
    account = Account(
        handle="janeroe",
        platform="x",
        account_id="9001",
        display_name="Jane R0e",
        verified=False,
        bio="Chair of Northwind.",
        links=("https://jane.example", "https://other.example"),
    )
    found = marks(account, FULL)
    assert found["Handle"] == ("differs", "only the case differs")
    assert found["Display name"] == ("alike", "looks alike, is not the same")
    assert found["Platform"] == found["Bio"] == ("same", "same")
    assert found["Platform's id"] == found["Verified"] == ("differs", "differs")
    assert found["Links"] == ("differs", "1 of them the same")
    assert found["Roles"] == found["Second accounts"] == ("alone", "not compared")


def test_links_in_another_order_are_the_same():
    account = Account(handle="a", links=FULL.links[::-1])
    assert marks(account, FULL)["Links"] == ("same", "same")


def test_scripts_are_named_on_the_side_that_mixes_them():
    handle = rows(Account(handle="JаneRoe"), TARGET)[0]
    assert (handle.reported.scripts, handle.protected.scripts) == ("Mixes Cyrillic and Latin", "")
    assert [letter.words for letter in handle.letters] == ["Cyrillic small letter a, not Latin a"]


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_what_is_shown_of_a_spelling_is_the_spelling(reported, protected):
    row = rows(Account(handle=reported), replace(TARGET, handle=protected))[0]
    for cell, whole in ((row.reported, reported), (row.protected, protected)):
        assert whole.startswith(text(cell)[0])
        assert bool(cell.left_out) == (text(cell)[0] != whole)


def test_long_texts_and_lists_are_cut_and_it_is_said():
    account = Account(handle="a", bio="x" * 5_000, links=tuple(f"https://{n}.example" for n in range(50)))
    found = {row.label: row.reported for row in rows(account, TARGET)}
    assert text(found["Bio"]) == ["x" * SHOWN_TEXT]
    assert found["Bio"].left_out == "and 4,400 more characters, not shown"
    assert len(found["Links"].entries) == SHOWN_ITEMS
    assert found["Links"].left_out == "and 42 more, not shown"


def test_an_account_without_a_target_is_shown_alone():
    found = {row.label: text(row.reported) for row in rows_alone(Account(handle="sunny", bio="Hello"))}
    assert (found["Handle"], found["Bio"], found["Links"]) == (["sunny"], ["Hello"], [])


# --- pictures --------------------------------------------------------------------------------------------------------


def differing(bits):
    return f"{(1 << bits) - 1:064x}"


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (0, "the same picture"),
        (14, "a similar picture (differs in 14 of 256 bits)"),
        (SIMILAR_BITS, "a similar picture (differs in 31 of 256 bits)"),
        (SIMILAR_BITS + 1, "another picture (differs in 32 of 256 bits)"),
        (256, "another picture (differs in 256 of 256 bits)"),
    ],
)
def test_pictures_are_compared_by_their_distance(bits, words):
    assert pictures("0" * 64, differing(bits)).words == words


@pytest.mark.parametrize(("ours", "theirs"), [(None, "f" * 64), ("f" * 64, None), (None, None)])
def test_a_missing_picture_is_neither_same_nor_different(ours, theirs):
    found = pictures(ours, theirs)
    assert (found.mark, found.reported is None, found.protected is None) == ("unknown", ours is None, theirs is None)


@given(st.integers(0, 2**256 - 1))
def test_a_fingerprint_draws_each_bit_once(bits):
    drawn = 0
    for column, row, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", outline(bits)):
        for place in range(int(column), int(column) + int(width)):
            drawn += 1 << (255 - 16 * int(row) - place)
    assert drawn == bits
