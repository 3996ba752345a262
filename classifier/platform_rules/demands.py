"""What an account can be asked to change instead of being suspended, and whether it has. Pure.

1. A demand is met only by what the profile says: what is not given tells nothing (R8), neither met nor unmet.
2. Another name, handle or picture is another one than before, and none that resembles the protected account's.
3. A label is where the platform's rule asks for it, in the rule's words. In the bio any sentence does that declares a
   parody or fan account, or that the account is somebody else's: a namesake has nothing to label.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from rapidfuzz.distance import JaroWinkler

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.platform_rules.labels import bears_label, starts_with_label
from classifier.platform_rules.rule_files import PlatformRule
from classifier.scoring.same_account import bare_handle, same_picture
from classifier.text.lexicon import declares_parody, names_operator
from classifier.text.normalization import handle_key, skeleton

DemandKind = Literal[
    "label_at_start", "label_in_bio", "other_picture", "other_name", "other_handle", "declare_operator"
]
DEMANDS: tuple[DemandKind, ...] = (
    "label_at_start", "label_in_bio", "other_picture", "other_name", "other_handle", "declare_operator",
)  # fmt: skip
# Two names or handles that are at least so alike, by Jaro and Winkler, resemble each other. It is the usual cut of
# record linkage (Winkler 1990), and errs towards asking for a name that is further away.
ALIKE = 0.9
# Letters from which a name that stands within another resembles it.
FEWEST_LETTERS = 4


def is_met(kind: DemandKind, then: Account, now: Account, target: ProtectedAccount, rule: PlatformRule) -> bool | None:
    """Tell whether an account has changed what was demanded.

    Parameters
    ----------
    then, now : Account
        As it was when the demand was made, and as it is now.
    target : ProtectedAccount
        Whom it resembled.
    rule : PlatformRule
        What the platform asks of parody and fan accounts.

    Returns
    -------
    bool or None
        ``None`` where the profile does not tell.

    Examples
    --------
    >>> from classifier.platform_rules.rule_files import shipped_rules
    >>> then, target = Account(handle="jane_r0e"), ProtectedAccount(platform="x", handle="JaneRoe")
    >>> rule = shipped_rules().of("x")
    >>> is_met("label_in_bio", then, Account(handle="jane_r0e", bio="A parody."), target, rule)
    True
    >>> is_met("label_in_bio", then, Account(handle="jane_r0e"), target, rule) is None
    True
    """
    if kind == "label_at_start":
        return None if now.display_name is None else starts_with_label(now.display_name, rule)
    if kind == "label_in_bio":
        return None if now.bio is None else bears_label(now.bio, rule) or declares_parody(View(now).bio)
    if kind == "declare_operator":
        return None if now.bio is None else names_operator(View(now).bio)
    if kind == "other_picture":
        return shows_another(now, then.avatar_pdq, target.avatar_pdq)
    if kind == "other_name":
        names = (target.display_name, *target.aliases)
        return None if now.display_name is None else _is_other(now.display_name, then.display_name, names)
    handles = (target.handle, *target.former_handles)
    return _is_other(bare_handle(now), bare_handle(then), [bare_handle(replace(target, handle=one)) for one in handles])


def shows_another(account: Account, *pictures: str | None) -> bool | None:
    """Tell whether an account shows another picture than all of these PDQ hashes; ``None`` where none can be compared.

    Examples
    --------
    >>> shows_another(Account(handle="jo", avatar_pdq="0" * 64), "f" * 64, None)
    True
    """
    if account.default_avatar:
        return True
    known = [int(picture, 16) for picture in pictures if picture]
    if account.avatar_pdq is None or not known:
        return None
    return not any(same_picture(int(account.avatar_pdq, 16), picture) for picture in known)


def _is_other(now: str, then: str | None, protected: Iterable[str | None]) -> bool:
    if then is not None and _key(now) == _key(then):
        return False
    return not any(name and _resembles(_key(now), _key(name)) for name in protected)


def _key(text: str) -> str:
    return handle_key(skeleton(text))


def _resembles(one: str, other: str) -> bool:
    within = len(other) >= FEWEST_LETTERS and other in one
    return within or float(JaroWinkler.similarity(one, other)) >= ALIKE
