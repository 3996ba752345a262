"""Campaigns: accounts that imitate the same protected account with the same bio, link or avatar.

Who set up one often set up the others, so this is what a reviewer wants to see first. Two reports of one account are
one account here.

What every impersonator copies is no sign of one author: the protected account's avatar, and a bio that is made of its
bio, names and roles. Campaigns that share nothing else come last, and ``copied`` says so. Its links make no campaign.

Memory does not grow with the batch: what accounts share is found in several passes over the parts, each for a fraction
of the keys (a key is the hash of target, kind and value), and only the largest groups are kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.text.lexicon import CLAIM_WORDS
from classifier.text.normalization import handle_words, words

# What is kept of an imitator for finding campaigns; null in the rows of all others.
TRACES = pa.schema(
    [
        ("account", pa.uint64()),  # who it is, whatever the report says of it
        ("bio_key", pa.uint64()),
        ("avatar_key", pa.uint64()),
        ("link_keys", pa.list_(pa.uint64())),
        ("copied", pa.list_(pa.string())),  # the kinds in which it has what the protected account has
        ("bio", pa.string()),
        ("links", pa.list_(pa.string())),
        ("avatar", pa.string()),
    ]
)
KEYS = ("bio_key", "avatar_key", "link_keys")
# A campaign has so many accounts at least; so many campaigns are told of at most, the largest.
FEWEST, MOST = 2, 1_000
# Keys that are sorted at once: some 50 MB.
_AT_ONCE = 1_000_000
# A bio of fewer words is chance.
_BIO_WORDS = 3
_SHOWN = 5
_Hashes = NDArray[np.uint64]


def traces(account: Account, target: ProtectedAccount) -> dict[str, Any]:
    """Return what an imitator shares with others, as the columns of ``TRACES``."""
    bio, avatar = words(account.bio or ""), account.avatar_pdq
    its_links = set(map(_address, target.links))
    links = tuple(link for link in map(_address, account.links) if link and link not in its_links)
    same = {"bio": _says_nothing_else(bio, target), "avatar": avatar is not None and avatar == target.avatar_pdq}
    copied = [kind for kind, is_so in same.items() if is_so]
    owner = f"{target.platform} {target.account_id or identity_key(target.handle)}"
    return {
        "account": _hash("account", account.platform or "", account.account_id or identity_key(account.handle)),
        "bio_key": _key(owner, "bio", " ".join(bio), copied) if len(bio) >= _BIO_WORDS else None,
        "avatar_key": _key(owner, "avatar", avatar, copied) if avatar else None,
        "link_keys": [_key(owner, "link", link, copied) for link in links],
        "copied": copied,
        "bio": account.bio,
        "links": links,
        "avatar": account.avatar_pdq,
    }


def _says_nothing_else(bio: Sequence[str], target: ProtectedAccount) -> bool:
    """Tell whether a bio is made of the protected account's texts and names; fewer words beside them are chance."""
    texts = (target.bio, target.display_name, target.handle, *target.aliases, *target.roles, *target.former_handles)
    theirs = {word for text in texts if text for word in words(text)} | set(handle_words(target.handle))
    return bool(theirs.intersection(bio)) and len(set(bio) - theirs - CLAIM_WORDS) < _BIO_WORDS


def _key(owner: str, kind: str, value: str, copied: Sequence[str]) -> int:
    """Return the key of what accounts share. It is odd where that is the protected account's, so that it says so."""
    return _hash(owner, kind, value) & ~1 | (kind in copied)


def _hash(*parts: str) -> int:
    return xxh3_64_intdigest("\0".join(parts).encode("utf-8", "surrogatepass"))


def _address(link: str) -> str | None:
    """Return where a link leads, without what differs between ways to write it."""
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}" if host else None


@dataclass(slots=True)
class Campaign:
    """One campaign.

    Attributes
    ----------
    number : int
        From 1: first those that share more than what the protected account has, of them the one with most accounts.
    accounts, reports : int
        How many accounts it has, and in how many rows they are.
    shared : mapping of str to str
        What they all have, by kind ("bio", "avatar", "link"), as the first of them has it.
    copied : list of str
        The kinds of which that is what the protected account has.
    verdicts : Counter
        Their rows by verdict.
    first : list of (source, row, handle)
        The first few of their rows.
    """

    number: int
    accounts: int
    target_platform: str | None = None
    target_handle: str | None = None
    target_id: str | None = None
    reports: int = 0
    shared: dict[str, str] = field(default_factory=dict)
    copied: list[str] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    first: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def has_an_author(self) -> bool:
        """Whether its accounts share more than what every impersonator copies."""
        return not self.shared.keys() <= set(self.copied)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self) | {
            "verdicts": dict(self.verdicts.most_common()),
            "first": [dict(zip(("source", "row", "handle"), seen, strict=True)) for seen in self.first],
        }


@dataclass(slots=True)
class Campaigns:
    """The campaigns of a batch, by the keys that their accounts share."""

    found: list[Campaign]
    _by_key: dict[int, Campaign]
    _keys: _Hashes

    @classmethod
    def of(cls, parts: Callable[[tuple[str, ...]], Iterable[pa.RecordBatch]], keys: int) -> Campaigns:
        """Find the campaigns.

        Parameters
        ----------
        parts : callable
            Returns all parts of the batch with the columns it is asked for, each time anew.
        keys : int
            How many keys there are in them, about.
        """
        passes = max(1, math.ceil(keys / _AT_ONCE))
        groups: list[tuple[int, int, int, int]] = []
        for number in range(passes):
            groups = sorted([*groups, *_groups(parts, number, passes)])[: MOST * len(KEYS)]
        # Groups of the same accounts, by their number and the sum of their hashes, are one campaign.
        same: dict[tuple[int, int], list[int]] = {}
        for _, size, key, checksum in groups:
            same.setdefault((size, checksum), []).append(key)
        kept = list(same.items())[:MOST]
        found = [Campaign(number, -size) for number, ((size, _), _) in enumerate(kept, start=1)]
        by_key = {key: campaign for campaign, (_, own) in zip(found, kept, strict=True) for key in own}
        return cls(found, by_key, np.array(sorted(by_key), np.uint64))

    def note(self, batch: pa.RecordBatch) -> pa.Array:
        """Take down what a finished part says of the campaigns; return the number of each row's largest, or null."""
        numbers: list[int | None] = [None] * len(batch)
        places = np.unique(np.concatenate([self._known(*_flat(batch.column(name))) for name in KEYS]))
        if len(places):
            rows = batch.take(pa.array(places)).select([*_NEEDED]).to_pylist()
            for place, row in zip(places.tolist(), rows, strict=True):
                numbers[place] = self._note(row)
        return pa.array(numbers, pa.int64())

    def _known(self, keys: _Hashes, places: NDArray[np.int64]) -> NDArray[np.int64]:
        return places[np.isin(keys, self._keys)]

    def _note(self, row: Mapping[str, Any]) -> int:
        own = {id(one): one for one, _, _ in self._shared(row)}.values()
        for entry in own:
            _count(entry, row)
        for one, kind, value in self._shared(row):
            one.shared.setdefault(kind, value)
            if kind in row["copied"] and kind not in one.copied:
                one.copied.append(kind)
        return min(entry.number for entry in own)

    def _shared(self, row: Mapping[str, Any]) -> Iterator[tuple[Campaign, str, str]]:
        pairs = [("bio", row["bio_key"], row["bio"]), ("avatar", row["avatar_key"], row["avatar"])]
        pairs += [("link", key, link) for key, link in zip(row["link_keys"], row["links"], strict=True)]
        for kind, key, value in pairs:
            if key in self._by_key:
                yield self._by_key[key], kind, value


_NEEDED = (
    "source", "row", "handle", "verdict", "target_platform", "target_handle", "target_id",
    *KEYS, "copied", "bio", "links", "avatar",
)  # fmt: skip


def _count(campaign: Campaign, row: Mapping[str, Any]) -> None:
    campaign.target_platform, campaign.target_handle = row["target_platform"], row["target_handle"]
    campaign.target_id = row["target_id"]
    campaign.reports += 1
    campaign.verdicts[row["verdict"]] += 1
    if len(campaign.first) < _SHOWN:
        campaign.first.append((row["source"], row["row"], row["handle"]))


def _groups(
    parts: Callable[[tuple[str, ...]], Iterable[pa.RecordBatch]], number: int, passes: int
) -> Iterator[tuple[int, int, int, int]]:
    """Yield of every group of accounts that share one of this pass's keys what tells its place among them.

    Whether they only copied (1) or not (0), its size, below 0, the key and the checksum.
    """
    keys, accounts = _of_pass(parts, number, passes)
    order = np.lexsort((accounts, keys))
    keys, accounts = keys[order], accounts[order]
    distinct = np.ones(len(keys), bool)
    distinct[1:] = (keys[1:] != keys[:-1]) | (accounts[1:] != accounts[:-1])
    keys, accounts = keys[distinct], accounts[distinct]
    shared, starts, sizes = np.unique(keys, return_index=True, return_counts=True)
    if not len(shared):
        return
    sums = np.add.reduceat(accounts, starts)
    large = sizes >= FEWEST
    found = (shared[large] & np.uint64(1), -sizes[large], shared[large], sums[large])
    yield from zip(*(column.tolist() for column in found), strict=True)


def _of_pass(
    parts: Callable[[tuple[str, ...]], Iterable[pa.RecordBatch]], number: int, passes: int
) -> tuple[_Hashes, _Hashes]:
    keys, accounts = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    for batch in parts(("account", *KEYS)):
        own = batch.column("account").fill_null(0).to_numpy(zero_copy_only=False)
        for name in KEYS:
            values, places = _flat(batch.column(name))
            chosen = (values >> np.uint64(1)) % np.uint64(passes) == number
            keys.append(values[chosen])
            accounts.append(own[places[chosen]])
    return np.concatenate(keys), np.concatenate(accounts)


def _flat(column: pa.Array) -> tuple[_Hashes, NDArray[np.int64]]:
    """Return the keys of a column, and in which row each is; null has none."""
    if pa.types.is_list(column.type):
        places = pc.list_parent_indices(column)
        return column.flatten().to_numpy(zero_copy_only=False), places.to_numpy(zero_copy_only=False)
    known = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    return column.drop_null().to_numpy(zero_copy_only=False), known
