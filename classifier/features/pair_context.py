"""What several features ask of the same pair, found once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from typing import NamedTuple

from classifier.accounts.normal_forms import View
from classifier.text.edit_distance import Nearness, nearness

# Of a name's bits, how many make that it is borne: all but a middle initial or a title.
BORNE = 0.75


class Common(NamedTuple):
    """What two accounts have in common.

    Attributes
    ----------
    handles : Nearness
        How near the reported handle is to the protected one.
    spelled : float
        How far beyond chance it is from the nearest of the protected account's names, as a handle would write them.
    glued_on : tuple of str
        What stands before and behind one handle in the other; empty where neither is in the other.
    name_kept, name_share : float
        How much of a protected name or alias the reported name has, in bits and in [0, 1]: the most; 0 where unknown.
    role_share : float
        How much of a protected role the reported name claims, in [0, 1]: the most; 0 where unknown.
    bears : bool
        Whether the reported name has nearly all of the protected account's name, alias or role.
    """

    handles: Nearness
    spelled: float
    glued_on: tuple[str, ...]
    name_kept: float
    name_share: float
    role_share: float
    bears: bool


def common(reported: View, protected: View) -> Common:
    """Return what two accounts have in common; found when first asked for."""
    found = reported.compared.get(id(protected))
    if found is None:
        # Kept with the view, or another view might come to have its identity.
        found = reported.compared[id(protected)] = protected, _common(reported, protected)
    known: Common = found[1]
    return known


def _common(reported: View, protected: View) -> Common:
    spelled = [nearness(reported.handle, name).beyond for name in protected.joined_names]
    kept, name_share = _name_kept(reported, protected)
    role_share = most_claimed(protected, reported.canonical_name)
    same = reported.loose_name != "" and reported.loose_name == protected.loose_name
    return Common(
        handles=nearness(reported.handle, protected.handle),
        spelled=max(spelled, default=-math.inf),
        glued_on=_glued_on(reported.handle, protected.handle),
        name_kept=kept,
        name_share=name_share,
        role_share=role_share,
        bears=same or name_share >= BORNE or role_share >= BORNE,
    )


def _glued_on(one: str, other: str) -> tuple[str, ...]:
    short, long = (other, one) if len(other) < len(one) else (one, other)
    if short not in long:
        return ()
    before, _, after = long.partition(short)
    return before, after


def _name_kept(reported: View, protected: View) -> tuple[float, float]:
    own = reported.name_word_readings
    if own.isdisjoint(protected.all_name_readings):
        return 0.0, 0.0
    most, most_share = 0.0, 0.0
    for name, total in protected.name_totals:
        kept = sum([bits for read, bits in name if not read.isdisjoint(own)])
        most, most_share = max(most, kept), max(most_share, kept / total)
    return most, most_share


def most_claimed(protected: View, words: Set[str]) -> float:
    """Return how much of the protected account's roles words claim, by bits, in [0, 1]: the most."""
    if protected.all_role_words.isdisjoint(words):
        return 0.0
    return max([share(role, total, words) for role, total in protected.role_totals])


def share(weights: Mapping[str, float], total: float, words: Set[str]) -> float:
    """Return how much of weighed words, by their bits, is among ``words``."""
    if weights.keys().isdisjoint(words):
        return 0.0
    return sum([bits for word, bits in weights.items() if word in words]) / total
