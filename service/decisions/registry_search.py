"""Finding protected accounts by a part of a handle, a name or an id: over the registry in memory, within bounds.

An account that is named by its whole handle or id is always found. A part is looked for as long as ``SECONDS``; whoever
asks is told where that was too short, or where more than ``MOST`` fit.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.registry.registry import Registry
from classifier.registry.segments import PackedAccounts, Segment

MOST, SECONDS = 500, 2.0
# Accounts whose JSON is looked through at once, before any of them is made.
_TOGETHER = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """The accounts that fit, by platform and handle, and whether these are all."""

    accounts: list[ProtectedAccount]
    are_all: bool


def find(registry: Registry, text: str, *, seconds: float = SECONDS) -> Found:
    """Return the accounts whose handle, name, alias, id or further handle has a text in it; of no text the first ones.

    Parameters
    ----------
    seconds : float
        For which it is looked for.
    """
    wanted = text.strip().removeprefix("@").casefold()
    if not wanted:
        return Found(list(islice(_in_order(registry), MOST)), len(registry) <= MOST)
    until = time.monotonic() + seconds
    found = {_order(account): account for account in _exact(registry, text)}
    for accounts in _blocks(registry, wanted):
        found |= {_order(account): account for account in accounts if _fits(account, wanted)}
        if len(found) > MOST or time.monotonic() > until:
            return Found(_sorted(found)[:MOST], are_all=False)
    return Found(_sorted(found), are_all=True)


def _exact(registry: Registry, text: str) -> Iterator[ProtectedAccount]:
    for platform in registry.platforms:
        for asked in (Account(platform=platform, handle=text), Account(platform=platform, handle="", account_id=text)):
            if identity := registry.identify(asked):
                yield identity.protected


def _blocks(registry: Registry, wanted: str) -> Iterator[list[ProtectedAccount]]:
    """Yield the registry's accounts in blocks, leaving out those that cannot fit; a block may be empty."""
    for segment, gone in zip(registry.segments, registry.gone, strict=True):
        for start in range(0, len(segment.accounts), _TOGETHER):
            stop = min(start + _TOGETHER, len(segment.accounts))
            if not _may_hold(segment, start, stop, wanted):
                yield []
                continue
            rows = (start + np.flatnonzero(~gone[start:stop])).tolist()
            yield [segment.accounts[row] for row in rows]


def _may_hold(segment: Segment, start: int, stop: int, wanted: str) -> bool:
    """Tell whether accounts may have a text in them, by their JSON, which has only plain letters as they are."""
    packed = segment.accounts
    if not isinstance(packed, PackedAccounts) or not wanted.isascii() or '"' in wanted or "\\" in wanted:
        return True
    text = packed.blob[int(packed.starts[start]) : int(packed.starts[stop])].tobytes()
    return wanted.encode() in text.lower()


def _fits(account: ProtectedAccount, wanted: str) -> bool:
    texts = (account.handle, account.display_name, account.account_id, *account.aliases)
    texts += (*account.former_handles, *account.secondary_handles, *account.secondary_ids)
    return any(wanted in text.casefold() for text in texts if text)


def _in_order(registry: Registry) -> Iterator[ProtectedAccount]:
    """Yield the accounts by platform and handle without making all of them: each segment is in order."""
    parts = map(_kept, registry.segments, registry.gone)
    yield from heapq.merge(*parts, key=_order)


def _kept(segment: Segment, gone: NDArray[np.bool_]) -> Iterator[ProtectedAccount]:
    return (segment.accounts[row] for row in np.flatnonzero(~gone).tolist())


def _order(account: ProtectedAccount) -> tuple[str, str]:
    return account.platform, identity_key(account.handle)


def _sorted(found: dict[tuple[str, str], ProtectedAccount]) -> list[ProtectedAccount]:
    return [found[key] for key in sorted(found)]
