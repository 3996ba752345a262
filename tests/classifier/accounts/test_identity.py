"""By what a reported account is recognised as a protected one (R1): by identity, never by resemblance."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import QUESTIONS, id_key, identity_key, identity_keys, questions
from classifier.registry.registry import Registry

anything = st.text(st.characters(exclude_categories=()), max_size=40)
ascii_texts = st.text(st.characters(codec="ascii"), max_size=40) | st.text("@/ aA\t\x1c_.", max_size=12)


class General(str):
    """A handle that says it is not ASCII, so that it takes the way of all others."""

    __slots__ = ()

    def isascii(self) -> bool:
        return False


@given(ascii_texts)
def test_the_short_way_for_ascii_leads_to_the_same_key(handle: str) -> None:
    key = identity_key(handle)
    assert identity_key(General(handle)) == (key or handle)  # of nothing visible, as it is


@given(anything)
def test_what_surrounds_a_handle_and_its_case_do_not_change_whose_it_is(handle: str) -> None:
    key = identity_key(f"{handle}jane{handle}")
    assert identity_key(f" @{handle}jane{handle}/\u200b ") == key
    assert identity_key(f"@@{handle}jane{handle}//") == key
    if handle.isascii():
        assert identity_key(f"{handle}jane{handle}".upper()) == key


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_a_key_is_its_own(handle: str) -> None:
    assert identity_key(identity_key(handle)) == identity_key(handle)


@pytest.mark.parametrize(
    ("handle", "key"),
    [
        ("Jane_Roe", "jane_roe"),
        ("J\u0430ne", "j\u0430ne"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ＪａｎｅＲｏｅ", "janeroe"),
        ("ﬁona", "fiona"),
        ("ja ne\tr\u00a0oe", "janeroe"),
        ("jane@Social.Example", "jane@social.example"),
        ("\u200b", "\u200b"),
        ("@/@", ""),
        ("", ""),
    ],
)
def test_a_handle_is_compared_by_its_letters_and_never_by_what_they_resemble(handle: str, key: str) -> None:
    assert identity_key(handle) == key


def test_what_is_asked_goes_from_the_strongest_to_the_weakest_on_every_platform() -> None:
    asked = list(questions(Account(handle="@Jane", account_id=" 7 "), ("x", "bluesky")))
    assert asked == [
        (kind, how, platform, "7" if how == "account_id" else "jane")
        for (kind, how), platform in product(QUESTIONS, ("x", "bluesky"))
    ]
    assert QUESTIONS == (
        ("protected", "account_id"),
        ("protected", "handle"),
        ("secondary", "account_id"),
        ("secondary", "handle"),
    )


def test_an_account_of_a_known_platform_is_asked_of_that_one_only() -> None:
    asked = list(questions(Account(handle="jane", platform="x"), ("bluesky", "x")))
    assert asked == [("protected", "handle", "x", "jane"), ("secondary", "handle", "x", "jane")]
    assert list(questions(Account(handle="@", platform="x", account_id=" "), ("x",))) == []


def test_a_handle_without_its_server_asks_for_itself_and_then_for_anybody_of_that_name() -> None:
    handles = [
        value for _, how, _, value in questions(Account(handle="Jane", platform="mastodon"), ()) if how == "handle"
    ]
    assert handles == ["jane", "jane@"] * 2
    handles = [value for *_, value in questions(Account(handle="Jane@a.example", platform="mastodon"), ())]
    assert handles == ["jane@a.example"] * 2


def test_the_keys_of_a_protected_account_are_what_is_asked_for() -> None:
    owner = ProtectedAccount(
        platform="mastodon",
        handle="Jane@One.example",
        account_id="7",
        secondary_ids=("8",),
        secondary_handles=("Club@one.example",),
    )
    keys = set(identity_keys(owner))
    assert keys == {
        ("protected", "account_id", "mastodon", "7@one.example"),
        ("protected", "handle", "mastodon", "jane@one.example"),
        ("protected", "handle", "mastodon", "jane@"),
        ("secondary", "account_id", "mastodon", "8@one.example"),
        ("secondary", "handle", "mastodon", "club@one.example"),
        ("secondary", "handle", "mastodon", "club@"),
    }
    for reported in (
        Account(handle="jane@one.example"),
        Account(handle="jane"),
        Account(handle="@Jane", platform="mastodon", account_id="7"),
        Account(handle="?@one.example", account_id="8"),
        Account(handle="club", platform="mastodon"),
    ):
        assert keys & set(questions(reported, ("mastodon",)))
    assert not keys & set(questions(Account(handle="?@two.example", account_id="7"), ("mastodon", "x")))


@given(anything, anything)
def test_an_id_is_bare_everywhere_but_on_mastodon(account_id: str, handle: str) -> None:
    assert id_key(account_id, "x", handle) == account_id.strip()
    assert bool(id_key(account_id, "mastodon", handle)) == bool(account_id.strip())
    assert id_key(None, "mastodon", handle) == id_key(None, "x", handle) == ""


# Once wrong: of two owners who declare the same secondary account, a changed registry names the one that was there
# first, the same registry written anew the first in order; so the answer changes when the file is written again.
def test_who_owns_a_secondary_account_does_not_depend_on_when_the_owners_were_put() -> None:
    late = ProtectedAccount(platform="x", handle="zed", secondary_handles=("two",))
    early = ProtectedAccount(platform="x", handle="amy", secondary_handles=("two",))
    asked = Account(platform="x", handle="two")
    assert Registry([late]).changed([early]).identify(asked) == Registry([late, early]).identify(asked)


@pytest.mark.parametrize(
    ("handle", "key"),
    [
        ("jane@käse.example", "jane@xn--kse-qla.example"),
        ("Jane@KÄSE.example.", "jane@xn--kse-qla.example"),
        ("jane@xn--kse-qla.example", "jane@xn--kse-qla.example"),
        ("käse.example", "xn--kse-qla.example"),
        ("jane.example.", "jane.example"),
        ("jane。example", "jane.example"),
        ("jane@straße.example", "jane@xn--strae-oqa.example"),
        ("jane@sociаl.example", "jane@xn--socil-7ve.example"),
    ],
)
def test_a_host_is_compared_in_its_one_form(handle: str, key: str) -> None:
    assert identity_key(handle) == key
    assert identity_key(key) == key


def test_an_id_that_is_an_address_says_its_server_itself() -> None:
    owner = ProtectedAccount(
        platform="mastodon", handle="jane@one.example", account_id="https://One.example/users/jane/"
    )
    registry = Registry([owner])
    for account_id in ("https://one.example/users/jane", "http://ONE.example./users/jane"):
        asked = Account(platform="mastodon", handle="renamed@two.example", account_id=account_id)
        assert registry.identify(asked) is not None
    other = Account(platform="mastodon", handle="renamed@two.example", account_id="https://two.example/users/jane")
    assert registry.identify(other) is None


def test_an_address_that_tells_only_an_id_is_never_taken_for_a_handle() -> None:
    odd = ProtectedAccount(platform="x", handle="i/user/12", account_id="99")
    assert Registry([odd]).identify(Account(platform="x", handle="i/user/12", account_id="12")) is None
    assert Registry([odd]).identify(Account(platform="x", handle="i/user/99", account_id="99")) is not None
