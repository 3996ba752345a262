"""A crowd of strangers: enough invented accounts that some come near a protected one by chance.

What a coincidence looks like cannot be written down: it depends on which names and words are common. So strangers
choose handles as people do, out of given names, family names, words by their frequency, initials and numbers, and the
index finds those that come nearest to a protected account. The rarer the protected handle, the further away they stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from classifier.accounts import Account, ProtectedAccount
from classifier.candidates import CandidateIndex
from classifier.draws import Stranger, stranger
from classifier.edits import beyond_chance
from classifier.identity import identity_key
from classifier.registry import Registry
from classifier.views import View

CROWD_SEED, CROWD_SIZE = 1_102, 80_000
# Nearer than this, in bits beyond chance (``edits.beyond_chance``), a stranger's handle is one that misleads.
NEAR = -5.0


@dataclass(frozen=True)
class Crowd:
    """Strangers, indexed."""

    index: CandidateIndex
    names: dict[str, str] = field(repr=False)

    def near(self, protected: ProtectedAccount) -> list[Stranger]:
        """Return the strangers whose handles come near that of a protected account, the nearest first; often none."""
        theirs = View(protected)
        views = [one.view for one in self.index.find(Account(handle=protected.handle, platform="x"))]
        others = (view for view in views if identity_key(view.account.handle) != identity_key(protected.handle))
        near = sorted((-beyond_chance(view.handle, theirs.handle), view.account.handle) for view in others)
        return [Stranger(handle, self.names[handle]) for distance, handle in near if distance < -NEAR]


@cache
def crowd() -> Crowd:
    """Return the crowd, the same each time; made when first asked for, in a few seconds."""
    rng = np.random.default_rng([CROWD_SEED])
    strangers = {identity_key(one.handle): one for one in (stranger(rng) for _ in range(CROWD_SIZE))}
    registry = Registry(
        ProtectedAccount(platform="x", handle=one.handle, display_name=one.name) for one in strangers.values()
    )
    return Crowd(CandidateIndex(registry), {one.handle: one.name for one in strangers.values()})
