"""What several features ask of the same pair, found once: for all pairs of a batch in one pass where that is faster."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from classifier.edits import Nearness, nearness
from classifier.views import View

# Of a name's bits, how many make that it is borne: all but a middle initial or a title.
BORNE = 0.75


class Common(NamedTuple):
    """What two accounts have in common.

    Attributes
    ----------
    handles : Nearness
        How near the reported handle is to the protected one.
    names : sequence of Nearness
        How near it is to each of the protected account's names, as a handle would write them.
    name_kept, name_share : float
        How much of a protected name or alias the reported name has, in bits and in [0, 1]: the most; 0 where unknown.
    role_share : float
        How much of a protected role the reported name claims, in [0, 1]: the most; 0 where unknown.
    bears : bool
        Whether the reported name has nearly all of the protected account's name, alias or role.
    """

    handles: Nearness
    names: Sequence[Nearness]
    name_kept: float
    name_share: float
    role_share: float
    bears: bool


def common(reported: View, protected: View) -> Common:
    """Return what two accounts have in common; found when first asked for."""
    found = reported.compared.get(id(protected))
    if found is None:
        compare([(reported, protected)])
        found = reported.compared[id(protected)]
    known: Common = found[1]
    return known


def compare(pairs: Sequence[tuple[View, View]]) -> None:
    """Find what all pairs have in common, for ``common`` to return."""
    handles = (
        (reported.handle, other)
        for reported, protected in pairs
        for other in (protected.handle, *protected.joined_names)
    )
    near = iter(nearness(list(handles)))
    for reported, protected in pairs:
        # Kept with the view, or another view might come to have its identity.
        reported.compared[id(protected)] = protected, _common(reported, protected, near)


def _common(reported: View, protected: View, near: Iterator[Nearness]) -> Common:
    handles, names = next(near), [next(near) for _ in protected.joined_names]
    kept, name_share = _name_kept(reported, protected)
    role_share = most_claimed(protected, reported.canonical_name)
    same = reported.loose_name != "" and reported.loose_name == protected.loose_name
    bears = same or name_share >= BORNE or role_share >= BORNE
    return Common(handles, names, kept, name_share, role_share, bears)


def _name_kept(reported: View, protected: View) -> tuple[float, float]:
    own = reported.name_word_readings
    most, most_share = 0.0, 0.0
    for name, total in protected.name_totals:
        kept = sum([bits for read, bits in name if not read.isdisjoint(own)])
        most, most_share = max(most, kept), max(most_share, kept / total)
    return most, most_share


def most_claimed(protected: View, words: Collection[str]) -> float:
    """Return how much of the protected account's roles words claim, by bits, in [0, 1]: the most."""
    return max([share(role, total, words) for role, total in protected.role_totals], default=0.0)


def share(weights: Mapping[str, float], total: float, words: Collection[str]) -> float:
    """Return how much of weighed words, by their bits, is among ``words``."""
    return sum([bits for word, bits in weights.items() if word in words]) / total
