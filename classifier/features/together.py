"""What says more together: the same words beside a famous target, a claim by a new account, a name borne and an ask.

How likely an account that bears somebody's name is an imitator depends on how many people bear it by chance and on how
many imitate this target. Beside a person whom 200 million follow, namesakes are nothing; beside a local plumber it is
the other way round.
"""

from __future__ import annotations

import math

from classifier.features import bearings, claims, handles, names, profiles
from classifier.features.feature import conjunction
from classifier.utils.jit import helper

# Of so few bits nothing is borne at all.
_NOTHING = 8.0
# Below and above this, more says no more.
_LEAST, _MOST = -20.0, 60.0
# People whose accounts could bear a name by chance, in bits: ten billion.
_PEOPLE = 33.2
# Fewer bits of other words say nothing of a life of one's own.
_SAYS_LITTLE = 12.0
# Bits of a power of ten.
_TEN = math.log2(10.0)


@helper
def _beyond(bits: float, prominence: float) -> float:
    """Return by how many bits imitators outnumber those who bear as much by chance."""
    if math.isnan(prominence) or math.isnan(bits):
        return math.nan
    if bits < _NOTHING:
        return _LEAST
    return max(_LEAST, min(_MOST, bits + prominence * _TEN - _PEOPLE))


@helper
def _more(value: float, other: float) -> float:
    if math.isnan(value):
        return other
    return value if math.isnan(other) or value > other else other


@conjunction(bearings.handle_bears, bearings.handle_bears_organisation, profiles.prominence, kind="handle", monotone=1)
def handle_of_the_famous(words: float, organisation: float, prominence: float) -> float:
    """How far imitators outnumber people whose handle says as much by chance: rare words, a famous account (bits)."""
    return _beyond(_more(words, organisation), prominence)


@conjunction(
    names.name_kept, bearings.name_bears, bearings.name_bears_organisation, profiles.prominence, kind="name", monotone=1
)  # fmt: skip
def name_of_the_famous(kept: float, words: float, organisation: float, prominence: float) -> float:
    """How far imitators outnumber people whose name says as much by chance: rare words, a famous account (bits)."""
    return _beyond(_more(kept, _more(words, organisation)), prominence)


@conjunction(bearings.bio_bears, profiles.prominence, kind="bio")
def bio_of_the_famous(words: float, prominence: float) -> float:
    """How far imitators outnumber people whose bio says as much by chance: rare words, a famous account (bits)."""
    return _beyond(words, prominence)


@conjunction(
    bearings.handle_bears, bearings.name_bears, names.name_kept, bearings.name_bears_organisation,
    bearings.links_bear, claims.lure, kind="lures", monotone=1,
)  # fmt: skip
def bears_and_asks(
    handle: float, name: float, kept: float, organisation: float, links: float, lures: float
) -> float:  # fmt: skip
    """How much of the protected name stands in handle, name or links of a profile that asks for messages or money."""
    if math.isnan(lures):
        return math.nan
    borne = _more(_more(_more(handle, name), _more(kept, organisation)), links)
    return 0.0 if lures == 0.0 or math.isnan(borne) else min(_MOST, borne)


@conjunction(handles.handle_beyond_chance, bearings.name_says_else, kind="handle", monotone=-1)
def near_but_called_otherwise(near: float, otherwise: float) -> float:
    """The handle is near although the name says somebody else (bits)."""
    return math.nan if math.isnan(otherwise) else max(0.0, min(near, otherwise))


@conjunction(bearings.handle_bears, names.name_fits_own_handle, bearings.name_says_else, kind="handle", monotone=-1)
def handle_of_another_name(borne: float, fits: float, otherwise: float) -> float:
    """What the handle shares with the protected account is the reported account's name, which says more (bits)."""
    return math.nan if math.isnan(fits) or math.isnan(otherwise) else min(borne * fits, otherwise)


@conjunction(names.name_covered, bearings.name_says_else, profiles.age, kind="standing", monotone=1)
def new_and_named_so(covered: float, otherwise: float, age: float) -> float:
    """It bears the whole name and says nothing else, and is new (years short of one)."""
    if math.isnan(covered) or math.isnan(age):
        return math.nan
    # Read before it was created, by clocks that disagree: as new as can be, no more.
    years_short = min(1.0, max(0.0, 1.0 - age))
    return covered * years_short if math.isnan(otherwise) or otherwise < _SAYS_LITTLE else 0.0


@conjunction(bearings.handle_bears, bearings.name_bears, kind="name", monotone=1)
def borne_twice(handle: float, name: float) -> float:
    """How much of the protected name stands both in handle and name (bits)."""
    return math.nan if math.isnan(name) else min(handle, name)
