"""Slices of accounts: audience, age, script and how common the name is, as bands and kinds with a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from classifier.accounts.account import Account
from classifier.text.name_frequency import is_name, people
from classifier.text.normalization import scripts

UNKNOWN = "unknown"


# Each name with the least it holds; ends are this project's choice: one a power of ten, as audiences are spread.
FOLLOWERS = (
    (100_000, "100,000 or more"), (10_000, "10,000 to 99,999"), (1_000, "1,000 to 9,999"), (100, "100 to 999"),
    (0, "below 100"),
)  # fmt: skip


AGES = (
    (timedelta(days=5 * 365), "5 years or more"),
    (timedelta(days=365), "1 to 5 years"),
    (timedelta(days=30), "30 days to 1 year"),
    (timedelta.min, "below 30 days"),
)


# How common the rarest known name within a display name is: each band with the least share of people who bear it.
# The ends are this project's choice, one a power of ten.
NAMES = ((1e-3, "common"), (1e-4, "less common"), (0.0, "rare"))
NO_NAME = "no known name"


TITLES = {
    "tier": "Tier of the protected account",
    "script": "Script of handle and name",
    "followers": "Followers",
    "age": "Age of the account",
    "bio": "Bio",
}


def slice_values(account: Account) -> dict[str, str]:
    """Return the value of each slice that the account itself tells.

    Examples
    --------
    >>> slice_values(Account(handle="jane", display_name="Жанна", followers=120))
    {'script': 'Cyrillic + Latin', 'followers': '100 to 999', 'age': 'unknown', 'bio': 'without bio'}
    """
    return {
        "script": script_of(f"{account.handle} {account.display_name or ''}"),
        "followers": _band(account.followers, FOLLOWERS),
        "age": _band(_age(account), AGES),
        "bio": "with bio" if account.bio else "without bio",
    }


def script_of(text: str) -> str:
    """Return the script of a text, or the scripts.

    Examples
    --------
    >>> script_of("Жанна"), script_of("Jane Жанна"), script_of("7")
    ('Cyrillic', 'Cyrillic + Latin', 'no letters')
    """
    return " + ".join(sorted(scripts(text))) or "no letters"


def name_commonness(account: Account) -> str:
    """Return how common the display name is, by the rarest known name within it.

    Two people of a common name are a coincidence; a mistake about them is one about a namesake.

    Returns
    -------
    str
        A name of ``NAMES``, or ``NO_NAME`` where the display name is missing or no word of it is a known name.

    Examples
    --------
    >>> name_commonness(Account(handle="a", display_name="Mary Smith")), name_commonness(Account(handle="mary"))
    ('common', 'no known name')
    """
    shares = [people(word) for word in (account.display_name or "").split() if is_name(word)]
    return next(name for least, name in NAMES if min(shares) >= least) if shares else NO_NAME


def _age(account: Account) -> timedelta | None:
    if account.created_at is None or account.observed_at is None:
        return None
    return account.observed_at - account.created_at


def _band(value: Any, bands: Sequence[tuple[Any, str]]) -> str:
    return UNKNOWN if value is None else next(name for least, name in bands if value >= least)
