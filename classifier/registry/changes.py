"""What a change of a protected account does to its protection. Pure: two accounts in, names of fields out.

Whoever may change the registry may have a genuine account cleared: by withdrawing it, by registering something in its
place that protects less, or by registering an "original" that looks like it. So there are two questions.

1. ``weakened``: does the change take away identity or protection? Then it takes a second person. Harmless is what only
   adds: aliases, roles, links, former handles, secondary accounts; a lower audience, a later creation; another bio.
2. ``matters``: does it change what is compared with reported accounts? Then checks against it take two people for a
   while. Declared secondary accounts do not matter, because nothing is compared with them; nor does an audience that
   stays within the same power of two, because registries are refreshed every night. The power of two is of the number
   itself, not of what it was before: many small steps cross the same lines as a large one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.identity import identity_key

_LISTS = ("aliases", "roles", "former_handles", "links", "secondary_ids", "secondary_handles")
_STANDING = ("followers", "created_at", "verified")


def weakened(before: ProtectedAccount, after: ProtectedAccount) -> tuple[str, ...]:
    """Return the fields by which a change takes away identity or protection; empty where it is harmless.

    Examples
    --------
    >>> one = ProtectedAccount(platform="x", handle="JaneQuillon", tier="high", aliases=("Jane",))
    >>> weakened(one, ProtectedAccount(platform="x", handle="JaneQuillon", aliases=("Jane", "J. Q.")))
    ('tier',)
    """
    lost = (name for name in _LISTS if set(getattr(before, name)) - set(getattr(after, name)))
    return (*_other_identity(before, after), *lost, *_more_original(before, after))


def _other_identity(before: ProtectedAccount, after: ProtectedAccount) -> tuple[str, ...]:
    other = (
        ("handle", identity_key(before.handle) != identity_key(after.handle)),
        ("account_id", before.account_id != after.account_id),
        ("display_name", before.display_name != after.display_name),
        ("avatar_pdq", before.avatar_pdq is not None and before.avatar_pdq != after.avatar_pdq),
        ("tier", before.tier == "high" and after.tier != "high"),
    )
    return tuple(name for name, is_other in other if is_other)


def _more_original(before: ProtectedAccount, after: ProtectedAccount) -> tuple[str, ...]:
    """Return the fields by which it looks more like the original than before: what lets its imitators be cleared."""
    earlier = before.created_at and after.created_at and after.created_at < before.created_at
    more = (
        ("followers", (audience(after.followers) or 0) > (audience(before.followers) or 0)),
        ("created_at", bool(earlier)),
        ("verified", bool(after.verified and not before.verified)),
        ("verification", after.verification is not None and after.verification != before.verification),
    )
    told = (name for name in _STANDING if getattr(before, name) is None and getattr(after, name) is not None)
    return tuple(dict.fromkeys((*(name for name, is_more in more if is_more), *told)))


def matters(before: ProtectedAccount, after: ProtectedAccount) -> bool:
    """Tell whether a change changes what reported accounts are compared with.

    Examples
    --------
    >>> one = ProtectedAccount(platform="x", handle="JaneQuillon", followers=9_000)
    >>> matters(one, ProtectedAccount(platform="x", handle="janequillon", followers=9_100, secondary_handles=("jq",)))
    False
    >>> matters(one, ProtectedAccount(platform="x", handle="JaneQuillon", followers=9_000, aliases=("Bo Terrane",)))
    True
    """
    return _compared(before) != _compared(after)


def _compared(account: ProtectedAccount) -> ProtectedAccount:
    lists: dict[str, Any] = {name: tuple(sorted(getattr(account, name))) for name in _LISTS}
    lists |= {"secondary_ids": (), "secondary_handles": ()}
    return replace(account, handle=identity_key(account.handle), followers=audience(account.followers), **lists)


def audience(followers: int | None) -> int | None:
    """Return an audience as the power of two above it, so that a few followers more are no change."""
    return None if followers is None else followers.bit_length()
