"""What was added, changed or withdrawn lately: times beside the registry, which its version does not depend on.

1. An account that was added, or changed in what ``changes.matters``, has the time of that.
2. A key by which an account was recognised, and is not any more, has the time when that ended: of an account that was
   withdrawn all keys, of one that was renamed the old handle.
3. A registry that was never changed has no times: the first import is where it begins.
4. Keys are kept as hashes, so that a million cost 16 MB. Two with the same hash share the later time, which only makes
   more careful.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.identity import Key, identity_key, identity_keys, own_keys
from classifier.registry.changes import matters
from classifier.registry.segments import hash_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Run(NamedTuple):
    """Hashes, ascending, and the time of each in microseconds since 1970.

    Attributes
    ----------
    hashes : ndarray of uint64, shape (n,)
    times : ndarray of int64, shape (n,)
    """

    hashes: NDArray[np.uint64]
    times: NDArray[np.int64]

    @classmethod
    def of(cls, hashes: NDArray[np.uint64], times: NDArray[np.int64]) -> Run:
        """Return a run of hashes in any order."""
        order = np.argsort(hashes, kind="stable")
        return cls(hashes[order], times[order])


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """When something last happened to each of some keys.

    Attributes
    ----------
    runs : tuple of Run
        As in a log-structured merge tree: a new one takes up those before it until one is far larger, so that n changes
        make some log n runs.
    """

    runs: tuple[Run, ...] = ()

    def with_more(self, keys: Iterable[Key], at: datetime) -> Times:
        """Return the times with those of keys to which it happened ``at``."""
        hashes = np.array(sorted(set(map(hash_of, keys))), np.uint64)
        if not len(hashes):
            return self
        runs, new = list(self.runs), Run(hashes, np.full(len(hashes), (at - _EPOCH) // _MICROSECOND, np.int64))
        while runs and len(runs[-1].hashes) <= 2 * len(new.hashes):
            new = _merged([runs.pop(), new])
        return Times((*runs, new))

    def last(self, keys: Sequence[Key]) -> datetime | None:
        """Return when it last happened to any of the keys."""
        if not self.runs:
            return None
        wanted = np.array([hash_of(key) for key in keys], np.uint64)
        found: list[int] = []
        for run in self.runs:
            firsts, stops = run.hashes.searchsorted(wanted), run.hashes.searchsorted(wanted, "right")
            found += [
                int(run.times[first:stop].max()) for first, stop in zip(firsts, stops, strict=True) if first < stop
            ]
        return _EPOCH + max(found) * _MICROSECOND if found else None

    def whole(self) -> Run:
        """Return all of them as one run."""
        return _merged(self.runs)

    def since(self, oldest: datetime) -> Times:
        """Return those that are not older."""
        whole = self.whole()
        young = whole.times >= (oldest - _EPOCH) // _MICROSECOND
        return Times((Run(whole.hashes[young], whole.times[young]),)) if young.any() else Times()


def _merged(runs: Sequence[Run]) -> Run:
    hashes = [run.hashes for run in runs] or [np.zeros(0, np.uint64)]
    times = [run.times for run in runs] or [np.zeros(0, np.int64)]
    return Run.of(np.concatenate(hashes), np.concatenate(times))


@dataclass(frozen=True, slots=True, eq=False)
class Recent:
    """What happened to a registry lately.

    Attributes
    ----------
    changed : Times
        Of accounts that were added or changed, by their whole handles.
    lost : Times
        Of keys by which nobody is recognised any more.
    """

    changed: Times = Times()
    lost: Times = Times()

    def after(self, gone: Sequence[ProtectedAccount], fresh: Sequence[ProtectedAccount], at: datetime) -> Recent:
        """Return the same with a change, by which ``gone`` were withdrawn or replaced and ``fresh`` came."""
        before = {key: account for account in gone for key in own_keys(account)}
        new = [account for account in fresh if _is_news(account, before)]
        held = {key for account in fresh for key in identity_keys(account)}
        lost = {key for account in gone for key in identity_keys(account)} - held
        return Recent(self.changed.with_more(map(_name, new), at), self.lost.with_more(lost, at))

    def since(self, oldest: datetime) -> Recent:
        """Return what is not older."""
        return Recent(self.changed.since(oldest), self.lost.since(oldest))

    def registered_at(self, accounts: Iterable[ProtectedAccount]) -> datetime | None:
        """Return when the last of some registered accounts was added or changed; ``None`` if none was lately."""
        return self.changed.last([_name(account) for account in accounts]) if self.changed.runs else None


def _is_news(account: ProtectedAccount, before: dict[Key, ProtectedAccount]) -> bool:
    replaced = {id(before[key]): before[key] for key in own_keys(account) if key in before}
    return len(replaced) != 1 or any(matters(known, account) for known in replaced.values())


def _name(account: ProtectedAccount) -> Key:
    return "protected", "handle", account.platform, identity_key(account.handle)


# Of a registry that was never changed.
NOTHING = Recent()
