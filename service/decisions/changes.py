"""How an account differs from what was judged, when its clearance is redeemed. Pure.

1. All that it was judged by is compared, by ``JUDGED``, and every difference is named.
2. What was judged and is not sent now refuses: a change must not hide in a gap (R8). It is "gone" only where the
   redemption says that it is empty.
3. What nobody could judge, because it was not there, refuses too where people recognise an account by it. A flag or
   a count that only became known is no change.
4. Counts move. An audience that grew or fell by much is another audience, and so are posts that were deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from classifier.accounts.account import Account
from classifier.accounts.identity import identity_key
from classifier.scoring.reason import Reason
from classifier.scoring.same_account import same_creation, same_picture
from service.decisions.clearance_token import account_name

# An audience that grew by more than half, and by more than this many people, within minutes is another audience: this
# project's choice. Accounts of a few followers may gain a few. What falls is measured the same way.
AUDIENCE_GROWTH, AUDIENCE_SLACK = 1.5, 100
# What people recognise an account by, and what its platform says of it.
PROFILE = (
    "display_name", "bio", "location", "links", "verified_links", "avatar_pdq", "created_at", "verification",
    "platform_labels", "leads_to", "former_handles", "renamed_at",
)  # fmt: skip
FLAGS = ("verified", "default_avatar", "followed_by_target")
COUNTS = ("followers", "posts")
# The rest of an account's columns: who it is has reasons of its own, and these say nothing that an account is
# judged by towards another one (``following``, ``listed``), or change with every look.
JUDGED = (*PROFILE, *FLAGS, *COUNTS)


def changes(then: Account, now: Account, emptied: Collection[str] = ()) -> Iterator[Reason]:
    """Yield how an account differs from what was judged.

    Parameters
    ----------
    emptied : collection of str
        Columns that the redemption says are empty: what is missing otherwise may be there all the same.

    Examples
    --------
    >>> then, now = Account(handle="a", bio="Chair", followers=9), Account(handle="a", followers=12)
    >>> [reason.code for reason in changes(then, now)]
    ['profile_incomplete']
    >>> [reason.code for reason in changes(then, now, emptied=["bio"])]
    ['profile_changed']
    """
    if (then.platform, then.account_id) != (now.platform, now.account_id) and account_name(then) != account_name(now):
        yield Reason("other_account", "It was given for another account.")
    if identity_key(then.handle) != identity_key(now.handle):
        yield Reason("renamed", "The account has another handle now.")
    if now.verified and not then.verified:
        yield Reason("verified_since", "The account was verified since.")
    if now.followers is not None and _is_more(now.followers, then.followers or 0):
        yield Reason("audience_grown", f"{now.followers:,} people follow the account now, {then.followers or 0:,} did.")
    found = {name: _difference(name, getattr(then, name), getattr(now, name), name in emptied) for name in JUDGED}
    changed = [f"{_words(name)} ({how})" for name, how in found.items() if how and how != _MISSING]
    missing = [_words(name) for name, how in found.items() if how == _MISSING]
    if changed:
        yield Reason(
            "profile_changed",
            f"The account is not as it was judged: {', '.join(changed)}. Ask for a new check of it as it is now.",
        )
    if missing:
        yield Reason(
            "profile_incomplete",
            f"Judged and not sent now: {', '.join(missing)}. Send the whole profile as it is now, in the format it was "
            "checked in. If that is gone, ask for a new check.",
        )


_MISSING = "missing"


def _difference(name: str, then: Any, now: Any, is_emptied: bool) -> str:
    """Say how a column differs; nothing where it does not, or where its change has a reason of its own."""
    had, has = then not in (None, ()), now not in (None, ())
    if not had:
        return "new" if has and name in PROFILE else ""
    if not has:
        return "gone" if is_emptied else _MISSING
    return "" if _is_same(name, then, now) else "changed"


def _is_same(name: str, then: Any, now: Any) -> bool:
    if name in COUNTS:
        return not _is_more(then, now)
    if name == "verified":
        return not then or bool(now)  # a new verification has its own reason
    if name == "avatar_pdq":
        return same_picture(int(then, 16), int(now, 16))
    if isinstance(then, datetime):
        return same_creation(then, now)
    return set(then) == set(now) if isinstance(then, tuple) else bool(then == now)


def _is_more(count: int, than: int) -> bool:
    return count > than * AUDIENCE_GROWTH and count > than + AUDIENCE_SLACK


def _words(name: str) -> str:
    return {"avatar_pdq": "picture", "default_avatar": "default picture"}.get(name, name.replace("_", " "))
