"""What an account can be asked to change instead of being suspended, and whether it has. Pure.

1. A demand is met only by what the profile says: what is not given tells nothing (R8), neither met nor unmet.
2. Another name, handle or picture is another one than before, and none that resembles the protected account's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from rapidfuzz.distance import JaroWinkler

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.scoring.same_account import same_picture
from classifier.text.lexicon import declares_parody, names_operator
from classifier.text.normalization import handle_key, skeleton

DemandKind = Literal[
    "label_at_start", "label_in_bio", "other_picture", "other_name", "other_handle", "declare_operator"
]
DEMANDS: tuple[DemandKind, ...] = (
    "label_at_start", "label_in_bio", "other_picture", "other_name", "other_handle", "declare_operator",
)  # fmt: skip
# How many words of a name are its start: labels such as "not the real" and "fan account of" have so many.
START_WORDS = 3
# Two names or handles that are at least so alike, by Jaro and Winkler, resemble each other. It is the usual cut of
# record linkage (Winkler 1990), and errs towards asking for a name that is further away.
ALIKE = 0.9
# Letters from which a name that stands within another resembles it.
FEWEST_LETTERS = 4


def is_met(kind: DemandKind, then: Account, now: Account, target: ProtectedAccount) -> bool | None:
    """Tell whether an account has changed what was demanded.

    Parameters
    ----------
    then, now : Account
        As it was when the demand was made, and as it is now.
    target : ProtectedAccount
        Whom it resembled.

    Returns
    -------
    bool or None
        ``None`` where the profile does not tell.

    Examples
    --------
    >>> then, target = Account(handle="jane_r0e"), ProtectedAccount(platform="x", handle="JaneRoe")
    >>> is_met("label_in_bio", then, Account(handle="jane_r0e", bio="A parody."), target)
    True
    >>> is_met("label_in_bio", then, Account(handle="jane_r0e"), target) is None
    True
    """
    if kind == "label_at_start":
        return None if now.display_name is None else _starts_with_label(View(now).name)
    if kind == "label_in_bio":
        return None if now.bio is None else declares_parody(View(now).bio)
    if kind == "declare_operator":
        return None if now.bio is None else names_operator(View(now).bio)
    if kind == "other_picture":
        return _is_other_picture(then, now, target)
    if kind == "other_name":
        names = (target.display_name, *target.aliases)
        return None if now.display_name is None else _is_other(now.display_name, then.display_name, names)
    handles = (target.handle, *target.former_handles)
    return _is_other(_bare(now), _bare(then), [handle.partition("@")[0] for handle in handles])


def _starts_with_label(name: str) -> bool:
    return declares_parody(" ".join(re.findall(r"\w+", name)[:START_WORDS]))


def _is_other_picture(then: Account, now: Account, target: ProtectedAccount) -> bool | None:
    if now.default_avatar:
        return True
    known = [picture for picture in (then.avatar_pdq, target.avatar_pdq) if picture]
    if now.avatar_pdq is None or not known:
        return None
    return not any(same_picture(int(now.avatar_pdq, 16), int(picture, 16)) for picture in known)


def _bare(account: Account) -> str:
    return account.handle.partition("@")[0]


def _is_other(now: str, then: str | None, protected: Iterable[str | None]) -> bool:
    if then is not None and _key(now) == _key(then):
        return False
    return not any(name and _resembles(_key(now), _key(name)) for name in protected)


def _key(text: str) -> str:
    return handle_key(skeleton(text))


def _resembles(one: str, other: str) -> bool:
    within = len(other) >= FEWEST_LETTERS and other in one
    return within or float(JaroWinkler.similarity(one, other)) >= ALIKE
