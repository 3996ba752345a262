"""What somebody who wants an account cleared says of it: the numbers that help most, and nothing that hinders.

Who reports an account may send any id, count and date, and may leave out what speaks for the account. What it says of
itself stays as it is: a lie there is another account, and redemption compares it (``service.decisions.changes``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from classifier.accounts.account import Account

SEEN = datetime(2026, 11, 29, tzinfo=UTC)
_YOUNG = SEEN - timedelta(days=20)
_IDS = {"bluesky": "did:plc:zzzzyyyyxxxxwwwwvvvvuuuu"}
_OTHER_ID = "555111222"

FOLLOWERS: tuple[int, ...] = (0, 40, 9_000)
CREATED: tuple[datetime | None, ...] = (None, _YOUNG)
# What may be left out, besides nothing: whatever speaks for an account of its own.
LEFT_OUT: tuple[dict[str, Any], ...] = (
    {},
    {"bio": None},
    {"links": (), "verified_links": ()},
    {"bio": None, "links": (), "verified_links": (), "location": None},
    {"display_name": None},
    {"avatar_pdq": None},
)
POSTS: tuple[dict[str, Any], ...] = ({}, {"posts": 0, "following": 900, "default_avatar": True})


def completions(account: Account) -> Iterator[Account]:
    """Yield an account as it is, and as an attacker would complete it.

    Examples
    --------
    >>> len(list(completions(Account(handle="a", platform="x"))))
    73
    """
    yield account
    for left_out, followers, created, posts in product(LEFT_OUT, FOLLOWERS, CREATED, POSTS):
        changed: dict[str, Any] = {
            "account_id": account.account_id or _IDS.get(account.platform or "", _OTHER_ID),
            "followers": followers,
            "created_at": created or account.created_at,
            "verified": False,
            "verification": None,
            "followed_by_target": False,
            "observed_at": SEEN,
        }
        yield replace(account, **changed | posts | left_out)
