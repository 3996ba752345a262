"""What a protected account can be called by is read from whatever is known of it."""

from dataclasses import replace

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation.target_words import is_famous, is_mistakable, is_told, latin_words, target_words

PERSON = ProtectedAccount(
    platform="x", handle="qk_77", display_name="Jané Quillon", aliases=("Jane Wetherby Quillon",),
    roles=("CEO of Tolmark Motors",),
)  # fmt: skip


def test_a_person_has_names_titles_and_organisations() -> None:
    found = target_words(PERSON)
    assert (found.name, found.handle, found.words) == ("Jané Quillon", "qk_77", ("Jane", "Quillon"))
    assert "Wetherby" in found.middles
    assert (found.titles, found.organisations, found.is_person) == (("CEO",), ("Tolmark Motors",), True)


def test_an_organisation_is_its_own() -> None:
    found = target_words(ProtectedAccount(platform="x", handle="ostr", display_name="Banco Ostrella"))
    assert (found.titles, found.organisations, found.is_person) == ((), ("Banco Ostrella",), False)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Пётр Алфёров", ("Petr", "Alferov")),
        ("Νίκος", ("Nikos",)),
        ("O'Hara-Lee", ("OHara", "Lee")),
        ("🦊", ()),
        ("__", ()),
    ],
)
def test_words_are_latin(name: str, words: tuple[str, ...]) -> None:
    assert latin_words(name) == words


def test_where_the_name_is_not_known_the_handle_gives_the_words() -> None:
    assert target_words(ProtectedAccount(platform="x", handle="JaneRoe_7")).words == ("Jane", "Roe", "7")


@pytest.mark.parametrize(
    ("account", "told"),
    [
        (Account(handle="jane_quillon"), True),
        (Account(handle="quil1on99"), True),
        (Account(handle="u123", display_name="𝐉𝐚𝐧𝐞 𝐐𝐮𝐢𝐥𝐥𝐨𝐧"), True),
        (Account(handle="u123", bio="founder, Tolmark Motors"), True),
        (Account(handle="u123", links=("https://t.me/janequillon",)), True),
        (Account(handle="jane99", display_name="Send me a message"), False),
        (Account(handle="abc", display_name="CEO"), False),
        (Account(handle="qwzzk"), False),
    ],
)
def test_some_words_tell_who_is_meant_and_common_ones_do_not(account: Account, told: bool) -> None:
    assert is_told(account, PERSON) is told


def test_the_whole_handle_tells_however_short_it_is() -> None:
    assert is_told(Account(handle="qk_77_"), PERSON)
    assert is_told(Account(handle="uon_r"), ProtectedAccount(platform="x", handle="UON_", display_name="Tolmark Union"))


def test_a_name_tells_in_whatever_letters() -> None:
    target = ProtectedAccount(platform="x", handle="qk_77", display_name="Пётр Алфёров")
    assert is_told(Account(handle="abc", display_name="Пётр Алфёров"), target)
    assert is_told(Account(handle="petr_alferov"), target)


def test_a_given_name_alone_tells_of_the_famous_only() -> None:
    given = Account(handle="anna_roe_88")
    assert is_told(given, ProtectedAccount(platform="x", handle="qk_77", display_name="Anna Hartfield", tier="high"))
    assert not is_told(given, ProtectedAccount(platform="x", handle="qk_77", display_name="Anna Hartfield"))


def test_of_an_account_that_nothing_calls_everything_tells() -> None:
    assert is_told(Account(handle="abc"), ProtectedAccount(platform="x", handle="___"))


@pytest.mark.parametrize(
    ("role", "title", "organisation"),
    [
        ("CEO of Tolmark", "CEO", "Tolmark"),
        ("head of support of Tolmark Motors", "head of support", "Tolmark Motors"),
        ("Minister of Health of Velvania", "Minister of Health", "Velvania"),
        ("Senator for Velvania", "Senator", "Velvania"),
    ],
)
def test_a_role_is_a_title_and_an_organisation(role: str, title: str, organisation: str) -> None:
    found = target_words(ProtectedAccount(platform="x", handle="qk_77", roles=(role,)))
    assert (found.titles, found.organisations) == ((title,), (organisation,))


def test_a_name_in_other_letters_is_spelled_as_its_alias_spells_it() -> None:
    target = ProtectedAccount(platform="x", handle="qk_77", display_name="松沢 葵", aliases=("Aoi Matsuzawa",))
    assert target_words(target).words == ("Aoi", "Matsuzawa")
    assert target_words(target).name == "松沢 葵"


BANK = ProtectedAccount(platform="x", handle="quillonbank", display_name="Quillon Bank")


@pytest.mark.parametrize(
    ("handle", "mistakable"),
    [
        ("qui11onbank", True), ("quillonbannk", True), ("quillon_bank", True), ("quillonbank_help", True),
        ("realquillonbank24", True), ("ostrella", False), ("quinnbank", False), ("bank_ada", False),
    ],
)  # fmt: skip
def test_a_handle_by_itself_is_taken_for_another_only_where_it_resembles_it_or_adds_a_claim(
    handle: str, mistakable: bool
) -> None:
    assert is_mistakable(Account(handle=handle), BANK) == mistakable


def test_of_the_famous_any_part_would_be_taken_for_them() -> None:
    for famous in (replace(BANK, followers=1_000_000), replace(BANK, tier="high")):
        assert is_famous(famous)
        assert is_mistakable(Account(handle="bank_ada"), famous)
    assert not is_famous(replace(BANK, followers=999_999))
    assert not is_famous(BANK)
