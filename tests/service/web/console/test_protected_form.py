"""The form of a protected account says of it all that is registered: saved as it is, it changes nothing."""

from datetime import UTC, datetime

from classifier.accounts.account import ProtectedAccount
from classifier.registry.demonstration import demonstration_registry
from service.web.console.forms import Form
from service.web.console.protected_form import filled, read_protected_form

NOW = datetime(2026, 5, 1, tzinfo=UTC)
FULL = ProtectedAccount(
    platform="mastodon", handle="jane@social.example", account_id="108", display_name="Jane Q.", bio="One. Two.",
    aliases=("J. Q.", "Jane, of Q."), roles=("CEO of Northwind",), former_handles=("janeq@social.example",),
    links=("https://jane.example/",), secondary_ids=("109",), secondary_handles=("jane_private@social.example",),
    followers=12_000, created_at=datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC), verified=False, avatar_pdq="ab" * 32,
    tier="high", verification="paid",
)  # fmt: skip


def test_an_account_that_is_saved_as_it_is_stays_what_it_is():
    for account in (FULL, *demonstration_registry()):
        sent = {name: value.replace("\n", "\r\n") for name, value in filled(account).items()}  # as browsers do
        assert read_protected_form(Form(sent), now=NOW) == account
