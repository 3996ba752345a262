"""Standing of genuine accounts: followers, posts, age and badge, from those made last week to those of the first days.

Counted over the development sets, November 2026 (aggregates; n accounts), followers by percentile:

======================  ======  =====  ======  =======  =========
set                          n    5th    25th   median       95th
======================  ======  =====  ======  =======  =========
ordinary, talkative        524      7     122      806     64,600
labelled by people         377     10     102      579     86,500
ordinary, of 2017        3,473     28     149      341      3,550
verified of 2019           973  1,540   4,280   11,200    351,000
campaign and office        506    443   2,340    9,000    146,000
declared parodies           25  4,350  18,000   34,000    185,000
======================  ======  =====  ======  =======  =========

None of these sets holds accounts that were made last week, because nobody collects them; they exist all the same, and
they are those that are reported: ``NEW`` of them and ``TINY`` are this project's assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from classifier.simulation.sampling import chance

# When simulated profiles are read; no simulated account is younger.
OBSERVED = datetime(2025, 6, 30, tzinfo=UTC)
NEW, NEW_DAYS = 0.08, 90
TINY, TINY_FOLLOWERS = 0.13, 10
_OLDEST_DAYS = 6_700  # in the year 2007


@dataclass(frozen=True, slots=True)
class Standing:
    """What accounts of one kind look like.

    Attributes
    ----------
    followers, spread : float
        The median of those that are neither new nor tiny, and the spread of the logarithm.
    verified, new, tiny : float
        How many have a badge, are younger than ``NEW_DAYS``, have fewer than ``TINY_FOLLOWERS`` followers.
    """

    followers: float
    spread: float = 2.0
    verified: float = 0.03
    new: float = NEW
    tiny: float = TINY


PEOPLE = Standing(500.0)
WRITERS = Standing(1_500.0, verified=0.15, tiny=0.05, new=0.04)
BUSINESS = Standing(300.0, 1.8, verified=0.04)
BODIES = Standing(3_000.0, 1.8, verified=0.25, tiny=0.08, new=0.05)
KNOWN = Standing(12_000.0, 1.6, verified=0.6, tiny=0.0, new=0.01)
JESTERS = Standing(5_000.0, 2.2, verified=0.03, tiny=0.1)
SECOND = Standing(3_000.0, 2.2, verified=0.35, tiny=0.1)
DESK = Standing(2_000.0, 2.8, verified=0.3, tiny=0.2, new=0.15)
ANEW = Standing(400.0, 2.5, verified=0.03, tiny=0.35, new=0.6)
PRIVATE = Standing(120.0, 1.6, verified=0.02, tiny=0.25, new=0.12)


def standing(rng: np.random.Generator, kind: Standing) -> dict[str, Any]:
    """Draw counts, dates and flags of a genuine account: fields of an ``Account``."""
    is_new = chance(rng, kind.new)
    followers = np.exp(rng.normal(np.log(kind.followers), kind.spread))
    if chance(rng, kind.tiny) or (is_new and chance(rng, 0.5)):
        followers = rng.integers(0, TINY_FOLLOWERS)
    days = int(rng.integers(1, NEW_DAYS) if is_new else rng.integers(NEW_DAYS, _OLDEST_DAYS))
    posts = np.exp(rng.normal(3.0 if is_new else 6.5, 1.9))
    return {
        "followers": int(followers),
        "following": int(np.exp(rng.normal(5.5, 1.5))),
        "posts": int(posts),
        "created_at": OBSERVED - timedelta(days=days, seconds=int(rng.integers(86_400))),
        "observed_at": OBSERVED,
        "verified": chance(rng, kind.verified) and not is_new,
        "default_avatar": chance(rng, 0.2 if is_new else 0.05),
    }
