"""A protected account is found by a part of what it is called, also in a registry that was changed since."""

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.registry.segments import PackedAccounts, Segment
from service.decisions import registry_search
from service.decisions.registry_search import find

JANE = ProtectedAccount(
    platform="x", handle="JaneQuillon", account_id="4711", display_name="Jane \u00c9toile", aliases=("J. \"Q\"",),
    former_handles=("QuillonBefore",), secondary_handles=("jq_private",),
)  # fmt: skip
OTHERS = [ProtectedAccount(platform="x", handle=f"Other{number:03}") for number in range(40)]
ADDED = ProtectedAccount(platform="bluesky", handle="ada.example", display_name="Ada Brask")


def packed(registry):
    """The same registry as one that was opened from its file: the accounts are JSON in one buffer."""
    (segment,) = registry.segments
    accounts = PackedAccounts.of(segment.accounts)
    return Registry.restored(Segment(accounts, segment.hashes, segment.rows), registry.platforms, registry.version)


PLAIN = Registry([JANE, *OTHERS])
CHANGED = packed(PLAIN).changed([ADDED], [("x", "Other003")])


@pytest.mark.parametrize("registry", [PLAIN, packed(PLAIN), CHANGED])
@pytest.mark.parametrize(
    "text",
    ["QUILL", "@janequ", "4711", "71", "\u00e9toile", "before", "private", 'j. "q', "jane \u00c9", "janequillon"],
)
def test_every_name_of_an_account_finds_it(registry, text):
    assert find(registry, text).accounts == [JANE]


def test_what_was_added_is_found_and_what_was_withdrawn_is_not():
    assert find(CHANGED, "brask").accounts == [ADDED]
    assert find(CHANGED, "other003") == find(CHANGED, "nobody")
    assert find(CHANGED, "").accounts == list(CHANGED)


def test_more_than_a_page_can_hold_and_too_little_time_are_said(monkeypatch):
    monkeypatch.setattr(registry_search, "MOST", 10)
    some = find(PLAIN, "other")
    assert (len(some.accounts), some.are_all) == (10, False)
    assert find(PLAIN, "").are_all is False
    monkeypatch.setattr(registry_search, "_TOGETHER", 1)
    assert find(packed(PLAIN), "JaneQuillon", seconds=0.0).accounts == [JANE], "a whole handle is found at any time"
