"""What is only in the one of two registries, and what took the place of what."""

from __future__ import annotations

from collections.abc import Iterable

from xxhash import xxh3_128_digest

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.identity import own_keys
from classifier.registry.segments import record


def differences(
    before: Iterable[ProtectedAccount], after: Iterable[ProtectedAccount]
) -> tuple[list[ProtectedAccount], list[ProtectedAccount]]:
    """Return the accounts that are only in the one, and those that are only in the other, each in order.

    Examples
    --------
    >>> jane, ada = (ProtectedAccount(platform="x", handle=handle) for handle in ("Jane", "Ada"))
    >>> differences([jane], [jane, ada]) == ([], [ada])
    True
    """
    old, new = ({xxh3_128_digest(record(account)): account for account in some} for some in (before, after))
    gone = [account for key, account in old.items() if key not in new]
    return gone, [account for key, account in new.items() if key not in old]


def replaced(
    gone: Iterable[ProtectedAccount], fresh: Iterable[ProtectedAccount]
) -> list[tuple[ProtectedAccount, ProtectedAccount]]:
    """Return what was replaced by what: accounts with the same id, or the same handle, by their order in ``fresh``."""
    known = {key: account for account in gone for key in own_keys(account)}
    return [
        (before, account)
        for account in fresh
        for before in {id(known[key]): known[key] for key in own_keys(account) if key in known}.values()
    ]
