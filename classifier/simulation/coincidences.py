"""A crowd of strangers: enough invented accounts that some come near a protected one by chance.

What a coincidence looks like cannot be written down: it depends on which names and words are common. So strangers
choose handles as people do, out of given names, family names, words by their frequency, initials and numbers, and the
index finds those that come nearest to a protected account. The rarer the protected handle, the further away they stay.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.accounts.normal_forms import View
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.simulation.sampling import Stranger, stranger
from classifier.text.edit_distance import beyond_chance

CROWD_SEED, CROWD_SIZE = 1_102, 80_000
# Nearer than this, in bits beyond chance (``edits.beyond_chance``), a stranger's handle is one that misleads.
NEAR = -5.0


def near(handle: str, among: CandidateIndex) -> tuple[Stranger, ...]:
    """Return the strangers whose handles come near a protected one, the nearest first; often none."""
    protected = Account(handle=handle, platform="x")
    views = [one.view for one in among.find(protected)]
    others = [view for view in views if identity_key(view.account.handle) != identity_key(handle)]
    theirs = View(protected).handle
    distance = {view.account.handle: -beyond_chance(view.handle, theirs) for view in others}
    nearest = sorted((view.account for view in others), key=lambda one: (distance[one.handle], one.handle))
    return tuple(Stranger(one.handle, one.display_name or "") for one in nearest if distance[one.handle] < -NEAR)


@lru_cache(1_000)
def neighbours(handle: str) -> tuple[Stranger, ...]:
    """Return the strangers of the crowd who come near a protected handle, the nearest first."""
    return near(handle, crowd())


@cache
def crowd() -> CandidateIndex:
    """Return the crowd as an index, the same each time; made when first asked for, in a few seconds."""
    rng = np.random.default_rng([CROWD_SEED])
    strangers = {identity_key(one.handle): one for one in (stranger(rng) for _ in range(CROWD_SIZE))}
    return CandidateIndex(
        Registry(ProtectedAccount(platform="x", handle=one.handle, display_name=one.name) for one in strangers.values())
    )
