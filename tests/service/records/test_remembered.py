"""Which warnings are about which account: the same id or handle on the same platform, as identity compares them."""

from types import SimpleNamespace

import pytest

from classifier.accounts.account import Account
from service.records.remembered import Subject, asked_of, sorted_by_account, subject_of


def of(handle="jane", platform="x", account_id=None):
    return subject_of(Account(handle=handle, platform=platform, account_id=account_id))


ADDRESS = "https://a.example/users/jane"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (of(account_id="17"), of("roe", account_id="17"), True),
        (of(account_id="17"), of("JANE", account_id="18"), True),  # somebody may have taken the handle: two people look
        (of(account_id="17"), of("@Ja\u200bne"), True),
        (of(account_id="17"), of("roe", account_id="18"), False),
        (of(account_id="17"), of("roe", "bluesky", account_id="17"), False),
        (of(account_id="17"), of("roe", None, account_id="17"), True),  # a platform that is not given may be any
        (of(platform="bluesky"), of(platform=None), True),
        (of("roe"), of("jane"), False),  # two without an id are not one
        (of("i/user/17", account_id="17"), of("i/user/18", account_id="18"), False),
        (of("i/user/17"), of("i/user/17"), False),  # no handle, and no id
        (of("jane@a.example", "mastodon"), of("jane@b.example", "mastodon"), False),
        (of("jane@a.example", "mastodon"), of("jane", "mastodon"), True),  # anybody's of that name
        (of("jane@a.example", "mastodon", "5"), of("joe@a.example", "mastodon", "5"), True),
        (
            of("jane@a.example", "mastodon", "5"),
            of("joe@b.example", "mastodon", "5"),
            False,
        ),  # an id counts in a server
        (of("jane@a.example", "mastodon", ADDRESS), of("joe@b.example", "mastodon", ADDRESS), True),
    ],
)
def test_what_is_the_same_account_is_symmetric(one, other, same):
    assert one.matches(other) == other.matches(one) == same
    row = SimpleNamespace(seq=1, name=one.name, **one._asdict())
    found = asked_of([other])
    looked_up = row.account_id in found["ids"] or row.name in found["names"]
    assert bool(looked_up and sorted_by_account([row], [other])[other]) == same, "what matches is found"


def test_warnings_are_sorted_to_the_accounts_they_are_about_each_once_and_in_order():
    jane, joe, nobody = of(account_id="17"), of("joe", account_id="18"), Subject("x", "", "")
    rows = [
        SimpleNamespace(seq=seq, name=subject.name, **subject._asdict())
        for seq, subject in enumerate((jane, joe, of("roe", account_id="17"), jane, nobody), 1)
    ]
    found = sorted_by_account(rows, [jane, joe, nobody])
    assert {subject: [row.seq for row in found[subject]] for subject in found} == {
        jane: [1, 3, 4],
        joe: [2],
        nobody: [],
    }
