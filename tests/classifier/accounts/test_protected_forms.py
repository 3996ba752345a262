"""What only a protected account has: its names, roles, the phrases of both, and what may stand in another's texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.accounts.protected_forms import (
    EXACTLY,
    MOST_BORNE,
    ORGANISATION,
    SHORTEST_BORNE,
    WHOLE,
    WORD,
    as_read,
    read_word,
)


def view(handle: str = "jane", **fields: object) -> View:
    return View(Account(handle=handle, **fields))  # type: ignore[arg-type]


def test_the_names_of_a_protected_account_are_its_name_and_aliases() -> None:
    protected = View(ProtectedAccount(platform="x", handle="jane", display_name="Jane Roe", aliases=("J. Roe", "🦊")))
    assert protected.names == ("jane roe", "j. roe", "🦊")
    assert protected.joined_names[:2] == ("janeroe", "jroe")
    assert len(protected.name_weights) == 2, "symbols have no words"


def test_a_role_has_its_telling_words_and_its_title_by_one_name() -> None:
    protected = View(ProtectedAccount(platform="x", handle="jane", roles=("Chief Executive of Northwind", "of")))
    (role,) = protected.role_words
    assert set(role) == {"ceo", "northwind"}
    assert role["northwind"] > role["ceo"] > 0.0
    assert {"ceo", "northwind"} <= view(display_name="Geschäftsführer, Northwind").canonical_name
    assert {"ceo", "northwind"} <= view(bio="CEO @ Northwind").canonical_bio


def test_only_a_protected_account_has_phrases_to_be_claimed() -> None:
    assert view(display_name="Jane Roe").phrases == frozenset()


def test_what_it_is_called_and_what_it_is_are_told_apart() -> None:
    protected = View(
        ProtectedAccount(platform="x", handle="jane", display_name="Jane Roe", roles=("Jane Roe", "CEO of Northwind"))
    )
    assert ("jane", "roe") in protected.role_phrases
    assert protected.called_phrases == frozenset()
    assert protected.phrases == protected.role_phrases


JANE = View(
    ProtectedAccount(
        platform="x", handle="Harbour_Braid", display_name="Jané Quillon", aliases=("W. Oxmoor",),
        roles=("Mayor of Tamstad", "CEO of Ostrella"),
    )
)  # fmt: skip
hostile = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


def test_handle_names_words_initials_and_organisations_may_be_borne() -> None:
    kinds = dict.fromkeys((WHOLE, WORD, ORGANISATION), frozenset[str]())
    for kind, text in JANE.bearable:
        kinds[kind] |= {text}
    assert kinds == {
        WHOLE: {"harbourbraid", "janequillon", "quillonjane", "oxmoor"},
        WORD: {"jane", "quillon", "jquillon", "janeq"},
        ORGANISATION: {"tamstad", "ostrella"},
    }
    assert JANE.organisations == ("tamstad", "ostrella")


def test_the_words_of_names_are_told_as_they_are_spelled_for_each_name() -> None:
    assert JANE.name_spelled == (("jane", "quillon"), ("oxmoor",))
    assert [len(name) for name in JANE.name_spelled] == [len(name) for name in JANE.name_weights]


def test_known_are_the_words_of_names_roles_and_handle_however_they_are_written() -> None:
    for word in ("jane", "Quíllon", "OXMOOR", "tamstad", "harbour", "braid", "harbourbraid"):
        read = as_read(word.casefold().replace("í", "i"))
        assert read in JANE.known_words, word
    for word in ("mary", "bakery", "mayor"):
        assert as_read(word) not in JANE.known_words, word


@given(st.lists(hostile, max_size=40), hostile.filter(str.strip), st.lists(hostile, max_size=3))
def test_what_may_be_borne_is_bounded_and_long_enough(names: list[str], handle: str, roles: list[str]) -> None:
    of = View(ProtectedAccount(platform="x", handle=handle, aliases=tuple(names), roles=tuple(roles)))
    assert len(of.bearable) <= MOST_BORNE
    assert len(set(of.bearable)) == len(of.bearable)
    assert all(len(text) >= SHORTEST_BORNE for _, text in of.bearable)


@pytest.mark.parametrize(
    ("word", "read"), [("maria", "=maria"), ("marla", "=marla"), ("neil", "=neil"), ("nell", "=nell")]
)
def test_a_word_that_is_a_name_is_read_as_it_is_spelled(word: str, read: str) -> None:
    assert as_read(word) == read == EXACTLY + word


@pytest.mark.parametrize("written", ["qui11on", "qu\u0456llon", "quillon"])
def test_a_word_that_is_no_name_is_read_as_it_looks(written: str) -> None:
    assert as_read(written) == as_read("quillon")
    assert not as_read(written).startswith(EXACTLY)


@given(hostile)
def test_however_a_word_is_read_is_among_its_readings(word: str) -> None:
    assert as_read(word) in {*read_word(word)[0], ""}
