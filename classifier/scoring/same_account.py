"""May two accounts be the same one, or the same owner's? Pure. Whatever speaks for it speaks against a clearance.

1. Two accounts are two only where that is proved: by ids in the platform's form that differ, and by another handle.
2. The same second of creation, or the same picture with the same link, speaks for one owner.
3. A handle that has the protected handle or name in it as it is written is what an owner's other account and a
   namesake's have.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.canonical.handles import is_unnamed
from classifier.accounts.canonical.ids import prove_two
from classifier.accounts.identity import identity_key
from classifier.accounts.normal_forms import View
from classifier.scoring.reason import Reason
from classifier.text.lexicon import LURE_HOSTS
from classifier.text.normalization import handle_key
from classifier.text.spelling import spelled

# Bits in which the PDQ hashes of one picture differ at most, of 256: what PDQ's authors recommend.
SAME_PICTURE = 31
# Letters of a handle or word from which it is looked for in another: two stand in any.
_FEWEST_LETTERS = 3


def maybe_the_same(account: Account, target: ProtectedAccount) -> Iterator[Reason]:
    """Yield why a reported account may be the protected one itself, or its owner's: renamed, or another account."""
    if not prove_two(account.account_id, target.account_id, target.platform):
        yield Reason(
            "identity_unproven",
            "Without both accounts' ids, as the platform gives them, this may be the protected account, renamed.",
        )
    if is_unnamed(account.handle):
        yield Reason("handle_unknown", "The reported account's handle is not given, only an id.")
    if handle_key(account.handle.partition("@")[0]) == handle_key(target.handle.partition("@")[0]):
        yield Reason("same_handle", "The handle is the protected one but for case, separators or server.")
    if identity_key(account.handle) in map(identity_key, target.former_handles):
        yield Reason("former_handle", "The protected account had this handle before: it may be the same account.")
    elif _had_a_handle_of(account, target):
        yield Reason("former_handle", "It had a handle of the protected account before: it may be the same account.")
    if same_creation(account.created_at, target.created_at):
        yield Reason("same_creation", "Both were created in the same second: it may be the same account.")
    if _same_picture_and_link(View(account), View(target)):
        yield Reason("same_picture_and_link", "Picture and link are the protected account's: it may be its owner's.")


def _had_a_handle_of(account: Account, target: ProtectedAccount) -> bool:
    theirs = map(identity_key, (target.handle, *target.former_handles))
    return not set(map(identity_key, account.former_handles)).isdisjoint(theirs)


def bears_openly(account: Account, target: ProtectedAccount) -> bool:
    """Tell whether a handle has another's handle in it, or all words of a name, in plain spelling, and more."""
    handle = _plain(bare_handle(account))
    if handle == _plain(bare_handle(target)):
        return False  # the same handle, which is a reason of its own
    names = [[bare_handle(target)], *(name.split() for name in (target.display_name or "", *target.aliases))]
    return any(_is_within([_plain(word) for word in words], handle) for words in names)


def _is_within(words: list[str], handle: str) -> bool:
    """Tell whether a name is in a handle: joined, or each of its words where two or more are no initials."""
    told, joined = [word for word in words if len(word) >= _FEWEST_LETTERS], "".join(words)
    return (len(joined) >= _FEWEST_LETTERS and joined in handle) or (len(told) > 1 and all(w in handle for w in told))


def bare_handle(account: Account | ProtectedAccount) -> str:
    """Return a handle without its server or domain."""
    return account.handle.partition("." if account.platform == "bluesky" else "@")[0]


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, spelled(text).casefold()))


def same_creation(one: datetime | None, other: datetime | None) -> bool:
    """Tell whether two times are the same second; one source gives the day only, which reads as its first second.

    Examples
    --------
    >>> same_creation(datetime(2024, 5, 1), datetime(2024, 5, 1, 17, 30)), same_creation(datetime(2024, 5, 1), None)
    (True, False)
    """
    if one is None or other is None:
        return False
    first, second = one.replace(microsecond=0), other.replace(microsecond=0)
    is_day = any((time.hour, time.minute, time.second) == (0, 0, 0) for time in (first, second))
    return first == second or (is_day and first.date() == second.date())


def same_picture(one: int, other: int) -> bool:
    """Tell whether two PDQ hashes are of one picture.

    Examples
    --------
    >>> same_picture(0b1011, 0b1010), same_picture(0, 2**256 - 1)
    (True, False)
    """
    return (one ^ other).bit_count() <= SAME_PICTURE


def _same_picture_and_link(account: View, target: View) -> bool:
    if account.picture is None or target.picture is None:
        return False
    if not same_picture(account.picture, target.picture):
        return False
    sites = account.own_domains & target.own_domains - LURE_HOSTS
    return bool(sites) or not _addresses(account).isdisjoint(_addresses(target))


def _addresses(account: View) -> frozenset[str]:
    """Return the account's links as they are compared: of a site that everybody uses, only the very page counts."""
    bare = (link.strip().casefold().partition("://")[2] or link for link in account.account.links)
    return frozenset(link.removeprefix("www.").rstrip("/") for link in bare)
