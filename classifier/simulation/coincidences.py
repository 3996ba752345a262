"""Coincidences: a crowd of invented strangers, so large that some come near a protected account by chance.

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
# Nearer than this, in bits beyond chance (``edit_distance.beyond_chance``), a stranger's handle is one that misleads.
NEAR = -5.0


def near(handle: str, among: CandidateIndex) -> tuple[Stranger, ...]:
    """Return the strangers whose handles come near a protected one, the nearest first; often none."""
    protected = Account(handle=handle, platform="x")
    views = [candidate.view for candidate in among.find(protected)]
    others = [view for view in views if identity_key(view.account.handle) != identity_key(handle)]
    theirs = View(protected).handle
    distance = {view.account.handle: -beyond_chance(view.handle, theirs) for view in others}
    nearest = sorted((view.account for view in others), key=lambda account: (distance[account.handle], account.handle))
    misleading = [account for account in nearest if distance[account.handle] < -NEAR]
    return tuple(Stranger(account.handle, account.display_name or "") for account in misleading)


@lru_cache(1_000)
def neighbours(handle: str) -> tuple[Stranger, ...]:
    """Return the strangers of the crowd who come near a protected handle, the nearest first."""
    return near(handle, crowd())


@cache
def crowd() -> CandidateIndex:
    """Return the crowd as an index, the same each time; made when first asked for, in a few seconds."""
    rng = np.random.default_rng([CROWD_SEED])
    drawn = (stranger(rng) for _ in range(CROWD_SIZE))
    people = {identity_key(person.handle): person for person in drawn}.values()
    return CandidateIndex(
        Registry(ProtectedAccount(platform="x", handle=person.handle, display_name=person.name) for person in people)
    )
