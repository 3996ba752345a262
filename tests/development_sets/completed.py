"""Profiles as a customer has them: what a data set does not tell is filled in, the same at every run.

A check that is asked for names the account's id and audience; a data set that hides them would hide a clearance too.
What is unknown is drawn from accounts of the same label in the set, else from a set that tells it: fake support for
attacks, ordinary accounts for all others. Of a protected account an old and large audience is invented, a small one
where it is said that nobody verified it. What is known stays as it is.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from classifier.accounts.account import Account, ProtectedAccount
from tests.development_sets.cases import SEEN, key_of

_FEWEST = 10
_FOUNDED = datetime(2008, 1, 1, tzinfo=UTC)
_YEARS = 6
# The median audience of a protected account, by whether it is known not to be verified, and how far it spreads.
_MEDIAN, _UNVERIFIED_MEDIAN, _SPREAD = 300_000, 1_000, 1.5
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account counts, together, and its age when it was seen."""

    followers: int
    following: int | None
    posts: int | None
    age: timedelta

    @classmethod
    def of(cls, account: Account) -> Standing | None:
        """Return it where it is known."""
        if account.followers is None or account.created_at is None:
            return None
        age = (account.observed_at or SEEN) - account.created_at
        return cls(account.followers, account.following, account.posts, max(age, timedelta(days=1)))


def standings(accounts: Sequence[Account]) -> list[Standing]:
    """Return what is known of those of which it is."""
    return [one for one in map(Standing.of, accounts) if one is not None]


def completed(accounts: Sequence[Account], elsewhere: Sequence[Standing]) -> list[Account]:
    """Return reported accounts with ids, counts, dates and badge.

    Parameters
    ----------
    elsewhere : sequence of Standing
        What is drawn from where fewer than ten of the accounts tell theirs; without any, counts stay unknown.
    """
    own = standings(accounts)
    pool = own if len(own) >= _FEWEST else elsewhere
    return [_completed(one, pool) for one in accounts]


def _completed(account: Account, pool: Sequence[Standing]) -> Account:
    rng = random.Random("\n".join(("reported", *key_of(account))))  # noqa: S311 - no secret
    found = replace(
        account,
        account_id=account.account_id or _id(rng, account.platform, 5),
        verified=bool(account.verified),
        observed_at=account.observed_at or SEEN,
    )
    if not pool:
        return found
    drawn = rng.choice(pool)
    return replace(
        found,
        followers=drawn.followers if account.followers is None else account.followers,
        following=drawn.following if account.following is None else account.following,
        posts=drawn.posts if account.posts is None else account.posts,
        created_at=account.created_at or (found.observed_at or SEEN) - drawn.age,
    )


def registered(account: ProtectedAccount) -> ProtectedAccount:
    """Return a protected account with id, audience, age and badge."""
    rng = random.Random("\n".join(("protected", *key_of(account))))  # noqa: S311 - no secret
    median = _UNVERIFIED_MEDIAN if account.verified is False else _MEDIAN
    audience = int(math.exp(rng.gauss(math.log(median), _SPREAD)))
    return replace(
        account,
        account_id=account.account_id or _id(rng, account.platform, 1),
        followers=audience if account.followers is None else account.followers,
        created_at=account.created_at or _FOUNDED + timedelta(seconds=rng.randrange(_YEARS * 365 * 86_400)),
        verified=True if account.verified is None else account.verified,
    )


def _id(rng: random.Random, platform: str | None, first: int) -> str:
    """Return an id of the platform's form; ten digits, of which the first keeps both sides apart."""
    if platform == "bluesky":
        return "did:plc:" + "".join(rng.choices(_BASE32, k=24))
    return str(first * 10**9 + rng.randrange(10**9))
