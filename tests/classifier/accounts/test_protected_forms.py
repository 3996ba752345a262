"""What only a protected account has: its names, roles and the phrases of both."""

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View


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
