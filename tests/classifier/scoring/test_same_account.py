"""When two accounts may be one. The policy's tests ask the same through verdicts: here each sign stands alone."""

from dataclasses import replace

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.scoring.same_account import SAME_PICTURE, bears_openly, maybe_the_same, same_picture

TARGET = ProtectedAccount(platform="x", account_id="1", handle="NorthwindJane", display_name="Jane Quillon")
OTHER = Account(platform="x", account_id="2", handle="N0rthwindJane")


def codes(account: Account, target: ProtectedAccount = TARGET) -> list[str]:
    return [reason.code for reason in maybe_the_same(account, target)]


def test_another_id_and_another_handle_are_another_account() -> None:
    assert codes(OTHER) == []


def test_every_sign_is_named_and_not_only_the_first() -> None:
    assert codes(replace(OTHER, account_id=None, handle="northwind.jane")) == ["identity_unproven", "same_handle"]


def test_a_picture_counts_as_the_same_up_to_the_bits_that_saving_it_anew_changes() -> None:
    assert same_picture(0, 2**SAME_PICTURE - 1)
    assert not same_picture(0, 2 ** (SAME_PICTURE + 1) - 1)


@pytest.mark.parametrize(
    ("handle", "openly"),
    [("real_northwindjane", True), ("quillon_jane", True), ("N0rthwindJane", False), ("jo", False)],
)
def test_a_handle_that_has_the_other_in_it_as_written_bears_it_openly(handle: str, openly: bool) -> None:
    assert bears_openly(Account(platform="x", handle=handle), TARGET) is openly
