"""May a reported account be a hijacked one, taken from its owner and renamed into the target's look? Pure.

1. Whoever takes over an account with an audience renames it, and imitates somebody with it. Suspended, its owner loses
   it for good; secured, the owner gets it back. What is said here only ever asks for two people.
2. It was somebody's: two years old or older, and followed by a thousand people or more. Where one of the two is not
   known, the other decides (R8); where neither is, nothing tells that it was anybody's.
3. It had another look: a handle before was quite another than the target's. Where the source names none, that it was
   renamed lately is enough.
4. It has the target's look now, by its handle or its name.
5. It was renamed within thirty days, or nobody says when. A time to come counts as lately: a wrong clock excludes
   nothing.

Somebody who gathered followers under one name, and then took the target's, looks the same from outside: the two people
tell them apart. The numbers are this project's choice; no model reads former handles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from rapidfuzz.distance import Levenshtein

from classifier.accounts.account import Account, ProtectedAccount
from classifier.scoring.reason import Reason
from classifier.scoring.same_account import bare_handle, bears_openly
from classifier.text.normalization import loose_key

OLD = timedelta(days=730)
AUDIENCE = 1_000
LATELY = timedelta(days=30)
# Shares of letters, 0 to 1: from the first on a handle looks like another, up to the second it is quite another.
LIKE, QUITE_OTHER = 0.7, 0.5


def maybe_hijacked(account: Account, target: ProtectedAccount, now: datetime) -> Iterator[Reason]:
    """Yield that an account may be hijacked; nothing where that is not so.

    Parameters
    ----------
    now : datetime
        The time of the decision, aware.

    Examples
    --------
    >>> from datetime import UTC
    >>> account = Account(handle="JaneR0e", followers=9_000, former_handles=("bakes_in_oslo",))
    >>> target = ProtectedAccount(platform="x", handle="JaneRoe")
    >>> [reason.code for reason in maybe_hijacked(account, target, datetime(2026, 5, 1, tzinfo=UTC))]
    ['maybe_hijacked']
    """
    if _was_somebodys(account, now) and _looked_otherwise(account, target, now) and _has_the_look(account, target):
        yield Reason(
            "maybe_hijacked",
            f"It may be a hijacked account, renamed to look like @{target.handle}: secure it, do not suspend it, and "
            "ask whose it was.",
        )


def _was_somebodys(account: Account, now: datetime) -> bool:
    old = None if account.created_at is None else now - account.created_at >= OLD
    followed = None if account.followers is None else account.followers >= AUDIENCE
    return False not in (old, followed) and (old or followed) is True


def _looked_otherwise(account: Account, target: ProtectedAccount, now: datetime) -> bool:
    """Tell whether an account was renamed from another look, lately or nobody says when."""
    if account.renamed_at is None:
        return any(_is_quite_other(account, handle, target) for handle in account.former_handles)
    if now - account.renamed_at > LATELY:
        return False
    return not account.former_handles or any(
        _is_quite_other(account, handle, target) for handle in account.former_handles
    )


def _is_quite_other(account: Account, handle: str, target: ProtectedAccount) -> bool:
    before = replace(account, handle=handle)
    return likeness(before, target) <= QUITE_OTHER and not bears_openly(before, target)


def _has_the_look(account: Account, target: ProtectedAccount) -> bool:
    if likeness(account, target) >= LIKE or bears_openly(account, target):
        return True
    name = loose_key(account.display_name or "")
    return bool(name) and name in map(loose_key, filter(None, (target.display_name, *target.aliases)))


def likeness(account: Account, target: ProtectedAccount) -> float:
    """Return how like an account's handle is to a protected one's handle or names at most, from 0 to 1.

    Look-alike letters, case and separators do not count; a server or domain does not either.

    Examples
    --------
    >>> likeness(Account(handle="j.a.n.e_r0e"), ProtectedAccount(platform="x", handle="JaneRoe"))
    1.0
    """
    key = loose_key(bare_handle(account))
    keys = map(loose_key, filter(None, (bare_handle(target), target.display_name, *target.aliases)))
    return max((Levenshtein.normalized_similarity(key, other) for other in keys if key and other), default=0.0)
