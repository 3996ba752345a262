"""Standing: followers, posts, age and badge of impersonators, drawn together by the sort of account they sit on.

Counted over the development sets, November 2026 (aggregates; n accounts):

=========  =====================================  ==============================================================
sort       source (n)                             counts
=========  =====================================  ==============================================================
new        fake support of brands (504)           followers 0: .38, at most 1: .58, 3: .76, 10: .94, 30: .99;
                                                  younger than 3 days .04, 7: .31, 14: .57, 30: .79, 90: .95,
                                                  a year: .99; log(1 + posts) 3.95 +- 1.33; follows nobody: .11,
                                                  log(1 + following) of the others 3.7 +- 1.3
bulk       clones of ordinary people (52)         log followers 4.05 +- .3, following 7.75 +- .36, posts
                                                  7.38 +- .16; years old, made in batches of a few days
aged       look-alike handles (38)                log followers 8.5 +- 1.28, none below 1,000 by selection;
                                                  age in years: tenth .8, median 8.9, ninth tenth 13
small      claims from press pages (20 with       tens to thousands of followers, no dates: log followers
           followers)                             5 +- 2 is assumed
prominent  look-alike handles                     the few with more than 40,000 followers, some with a badge
=========  =====================================  ==============================================================

How often each sort comes is this project's assumption: no set holds all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

import numpy as np

from classifier.simulation.genuine_standing import OBSERVED
from classifier.simulation.sampling import chance, draw

Sort = Literal["new", "small", "aged", "bulk", "prominent"]
# Upper ends and shares below them; drawn evenly between two ends.
_NEW_FOLLOWERS = ((0, 0.38), (1, 0.58), (3, 0.76), (10, 0.945), (30, 0.99), (300, 1.0))
_NEW_DAYS = ((2, 0.04), (6, 0.31), (13, 0.57), (29, 0.80), (89, 0.95), (364, 0.99), (4_000, 1.0))
_SMALL_DAYS = ((29, 0.2), (89, 0.4), (364, 0.65), (1_500, 0.85), (5_000, 1.0))
_AGED_DAYS = ((300, 0.1), (650, 0.2), (1_500, 0.3), (3_250, 0.5), (3_650, 0.75), (4_750, 0.9), (6_000, 1.0))
# Mean and spread of the logarithm of one more than the count.
_LOGS: dict[Sort, dict[str, tuple[float, float]]] = {
    "new": {"following": (3.7, 1.3), "posts": (3.95, 1.33)},
    "small": {"followers": (5.0, 2.0), "following": (5.0, 1.5), "posts": (4.5, 2.0)},
    "aged": {"followers": (7.5, 1.8), "following": (6.0, 1.5), "posts": (7.0, 2.0)},
    "bulk": {"followers": (4.05, 0.3), "following": (7.75, 0.36), "posts": (7.38, 0.3)},
    "prominent": {"followers": (11.0, 1.0), "following": (5.5, 1.5), "posts": (7.5, 1.5)},
}
_VERIFIED: dict[Sort, float] = {"new": 0.0, "small": 0.01, "aged": 0.03, "bulk": 0.0, "prominent": 0.3}
_DEFAULT_AVATAR: dict[Sort, float] = {"new": 0.2, "small": 0.1, "aged": 0.04, "bulk": 0.02, "prominent": 0.0}


def standing(rng: np.random.Generator, sorts: Mapping[Sort, float]) -> dict[str, Any]:
    """Draw counts, dates and flags of an impersonator: fields of an ``Account``.

    Parameters
    ----------
    sorts : mapping
        How often each sort of account comes.
    """
    sort = draw(rng, sorts)
    counts = {name: _count(rng, *logs) for name, logs in _LOGS[sort].items()}
    if sort == "new":
        counts["followers"] = _between(rng, _NEW_FOLLOWERS, 0)
        counts["following"] *= not chance(rng, 0.11)
    days = _between(rng, {"new": _NEW_DAYS, "small": _SMALL_DAYS}.get(sort, _AGED_DAYS), 1)
    return counts | {
        "created_at": OBSERVED - timedelta(days=days, seconds=int(rng.integers(86_400))),
        "observed_at": OBSERVED,
        "verified": chance(rng, _VERIFIED[sort]),
        "default_avatar": chance(rng, _DEFAULT_AVATAR[sort]),
    }


def _count(rng: np.random.Generator, mean: float, spread: float) -> int:
    return max(0, int(np.exp(rng.normal(mean, spread))) - 1)


def _between(rng: np.random.Generator, shares: tuple[tuple[int, float], ...], lowest: int) -> int:
    aim = rng.random()
    for end, share in shares:
        if aim < share:
            return int(rng.integers(lowest, end + 1))
        lowest = end + 1
    return shares[-1][0]
