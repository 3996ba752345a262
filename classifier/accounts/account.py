"""Accounts as the rest of the project sees them: frozen, checked, in one unit each; missing is ``None``.

Times are aware ``datetime`` in UTC, counts are non-negative ``int``, avatars are PDQ hashes as 64 hexadecimal digits.
``Account`` and ``ProtectedAccount`` trust their values: ``classifier.importers`` is the door that checks them.

References
----------
PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq (a 256-bit perceptual hash of a picture)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

from classifier.utils.canonical_json import canonical_json, sha256

Tier = Literal["standard", "high"]
TIERS: tuple[Tier, ...] = ("standard", "high")
# What a platform's check rests on. All but "paid" are given for who somebody is; whoever pays gets that one.
Verification = Literal["paid", "legacy", "organisation", "government", "platform"]
VERIFICATIONS: tuple[Verification, ...] = ("paid", "legacy", "organisation", "government", "platform")
# What a platform itself says of an account: that it is a parody or fan account, that it hides what the account showed.
PlatformLabel = Literal["parody", "hidden"]
PLATFORM_LABELS: tuple[PlatformLabel, ...] = ("parody", "hidden")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A reported account: somebody wants to act on it. Only ``handle`` is required.

    Attributes
    ----------
    handle : str
        The public name in the platform's address, without a leading "@"; case is kept.
    platform : str or None
        "x", "mastodon", "bluesky", ... in lower case; ``None`` when the source does not say.
    account_id : str or None
        The platform's own identifier, as text.
    verified : bool or None
        Whether the platform vouches for who it is. A paid check does not: with one it is false.
    verification : one of ``VERIFICATIONS`` or None
        What its check rests on; ``None`` where it has none, or nobody says.
    platform_labels : tuple of str
        What the platform itself says of it, of ``PLATFORM_LABELS``.
    leads_to : tuple of str
        Other accounts that the platform says are the same owner's, as "platform:handle" or "platform:id": where it
        moved, what it is a bridged copy of.
    verified_links : tuple of str
        Those of its links that the platform found to link back: whoever owns them owns the account.
    followed_by_target : bool or None
        Whether the protected account it may imitate follows it.
    observed_at : datetime or None
        When the profile was read; ages are counted up to then.
    former_handles : tuple of str
        Handles that it had before, as far as anybody says. No model reads them; they only speak for caution.
    renamed_at : datetime or None
        When it took its handle of now.
    """

    handle: str
    platform: str | None = None
    account_id: str | None = None
    display_name: str | None = None
    bio: str | None = None
    location: str | None = None
    links: tuple[str, ...] = ()
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    listed: int | None = None
    created_at: datetime | None = None
    verified: bool | None = None
    default_avatar: bool | None = None
    avatar_pdq: str | None = None
    followed_by_target: bool | None = None
    observed_at: datetime | None = None
    verification: Verification | None = None
    platform_labels: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    verified_links: tuple[str, ...] = ()
    former_handles: tuple[str, ...] = ()
    renamed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedAccount:
    """A registered genuine account. Only ``platform`` and ``handle`` are required.

    Attributes
    ----------
    aliases, roles : tuple of str
        Other names ("J. Q. Public"), and what the account's owner is ("CEO of Northwind").
    former_handles : tuple of str
        Handles the same account had before.
    secondary_ids, secondary_handles : tuple of str
        Further genuine accounts of the same owner on the same platform, declared by the owner.
    verified, verification
        As of ``Account``.
    tier : {"standard", "high"}
        How much harm a wrong action does; "high" needs a stricter certificate.
    """

    platform: str
    handle: str
    account_id: str | None = None
    display_name: str | None = None
    bio: str | None = None
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    former_handles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    secondary_ids: tuple[str, ...] = ()
    secondary_handles: tuple[str, ...] = ()
    followers: int | None = None
    created_at: datetime | None = None
    verified: bool | None = None
    avatar_pdq: str | None = None
    tier: Tier = "standard"
    verification: Verification | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A reported account and a protected account it may imitate. The order matters: who copies whom."""

    reported: Account
    protected: ProtectedAccount

    def swapped(self) -> Pair:
        """Return the pair the other way round: the protected account reported as an imitator of the reported one.

        What only one side can have (aliases, roles, posts, location, ...) becomes missing.
        """
        return Pair(as_reported(self.protected), as_protected(self.reported))


# What both have and a pair that is swapped takes along. Former handles stay: no feature compares them.
_SHARED = (
    "handle", "account_id", "display_name", "bio", "links", "followers", "created_at", "verified", "avatar_pdq",
    "verification",
)  # fmt: skip


def as_reported(protected: ProtectedAccount) -> Account:
    """Return the protected account as somebody would report it."""
    return Account(platform=protected.platform, **{name: getattr(protected, name) for name in _SHARED})


def as_protected(reported: Account) -> ProtectedAccount:
    """Return the reported account as if it were registered."""
    return ProtectedAccount(platform=reported.platform or "", **{name: getattr(reported, name) for name in _SHARED})


def canonical(account: Account | ProtectedAccount) -> dict[str, Any]:
    """Return the account as plain JSON values: times in RFC 3339 and UTC, tuples as lists, missing values left out."""
    values = ((name, getattr(account, name)) for name in account.__slots__)
    return {name: _plain(value) for name, value in values if value is not None and value != ()}


def protected_from(plain: Mapping[str, Any]) -> ProtectedAccount:
    """Return the protected account that ``canonical`` made ``plain`` of."""
    # Ten for each account that is scored: setting the fields one by one takes half the time of calling the class.
    if not _FIELDS.issuperset(plain):
        raise TypeError(f"a protected account has no {', '.join(sorted(set(plain) - _FIELDS))}")
    account = object.__new__(ProtectedAccount)
    for name, put, default in _SETTERS:
        value = plain.get(name, default)
        if value is MISSING:
            raise TypeError(f"a protected account has a {name}")
        put(account, tuple(value) if type(value) is list else value)
    if "created_at" in plain:
        _put_created_at(account, datetime.fromisoformat(plain["created_at"]))
    return account


_FIELDS = frozenset(field.name for field in fields(ProtectedAccount))
_SETTERS = tuple(
    (field.name, getattr(ProtectedAccount, field.name).__set__, field.default) for field in fields(ProtectedAccount)
)
_put_created_at = ProtectedAccount.__dict__["created_at"].__set__


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return list(value) if isinstance(value, tuple) else value


def digest(account: Account | ProtectedAccount) -> str:
    """Return the SHA-256 of the canonical JSON of the account, in hexadecimal: its snapshot's name.

    Examples
    --------
    >>> digest(Account(handle="a")) == digest(Account(handle="a", followers=None))
    True
    """
    return sha256(canonical_json(canonical(account)))
