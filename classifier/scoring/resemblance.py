"""Whom a protected account resembles among the others: whoever imitates one of them could be held to imitate the other.

It is asked about under each of its names, as it is and without audience, age and verification: whoever registers it may
claim those, and by them it may look like the original rather than the copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.accounts.identity import identity_key
from classifier.errors import RegistryError
from classifier.scoring.assessment import Assessment
from classifier.scoring.scorer import Scorer

# From here on it is likelier than not that one imitates the other, whoever looks like the original.
RESEMBLES = 0.5


def newly_resembled(
    scorer: Scorer, before: ProtectedAccount | None, account: ProtectedAccount
) -> list[ProtectedAccount]:
    """Return the registered accounts that an account resembles, by any of its names.

    Parameters
    ----------
    before : ProtectedAccount or None
        What it takes the place of: not counted, nor are those that this one resembles.
    """
    if before is None:
        return list(_resembled(scorer, account).values())
    try:
        others = scorer.registry.changed(withdraw=[(before.platform, before.handle)])
    except RegistryError:  # it is the only one: there is nobody to resemble
        return []
    without = scorer.over(others)
    known = _resembled(without, before)
    return [target for key, target in _resembled(without, account).items() if key not in known]


def _resembled(scorer: Scorer, account: ProtectedAccount) -> dict[tuple[str, str], ProtectedAccount]:
    """Return the registered accounts that it resembles, by platform and handle."""
    found = scorer.assess_many(list(_as_asked(account)), explain=False)
    targets = (one.target for one in found if one.target and _is_alike(one))
    return {(target.platform, identity_key(target.handle)): target for target in targets}


def _as_asked(account: ProtectedAccount) -> Iterator[Account]:
    claimed = as_reported(account)
    bare = replace(claimed, followers=None, created_at=None, verified=None, verification=None)
    for name in dict.fromkeys((account.display_name, *account.aliases)):
        yield from (replace(one, display_name=name) for one in (claimed, bare))


def _is_alike(found: Assessment) -> bool:
    return found.relation not in {"unrelated", "no_target"} or found.impersonation_probability >= RESEMBLES
