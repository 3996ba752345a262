"""The volume cap: a batch never clears by volume.

One wrong model, registry or file would clear thousands at once, and nobody looks at thousands. So above a number or a
share of would-be cleared rows, towards one protected account or in all, every such row needs review instead. The whole
batch is counted before any row is written, so which row is held back does not depend on the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from classifier.errors import InputError
from classifier.scoring.reason import Reason

# Platform and handle of a protected account.
Target = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeCap:
    """How many rows of a batch may be cleared; all numbers are this project's choice.

    Attributes
    ----------
    total, per_target : int
        Cleared rows at most, in all and towards one protected account: what two people can still look through.
    total_share, per_target_share : float
        The same as a share, in [0, 1], of the rows that could be answered.
    few : int
        Up to so many cleared rows, in all or towards one, no share is too large: a file of three may have two.

    Raises
    ------
    InputError
        If a number is below 0 or a share outside [0, 1].
    """

    total: int = 10_000
    per_target: int = 500
    total_share: float = 0.5
    per_target_share: float = 0.25
    few: int = 100

    def __post_init__(self) -> None:
        for name in ("total", "per_target", "few"):
            if getattr(self, name) < 0:
                raise InputError("must be 0 or more", field=name)
        for name in ("total_share", "per_target_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise InputError("must lie between 0 and 1", field=name)

    def held_back(self, cleared: Mapping[Target, int], answered: int) -> HeldBack:
        """Return what is held back of a batch.

        Parameters
        ----------
        cleared : mapping of (platform, handle) to int
            How many rows would be cleared, by protected account.
        answered : int
            How many rows of the batch could be answered.
        """
        total = sum(cleared.values())
        over = self._over(total, self.total, self.total_share, answered)
        whole = Reason("volume_total", f"This batch would clear {total:,} rows, {over}: {_ASK}") if over else None
        targets = {
            target: Reason(
                "volume_target", f"This batch would clear {count:,} rows towards one account, {found}: {_ASK}"
            )
            for target, count in cleared.items()
            if (found := self._over(count, self.per_target, self.per_target_share, answered))
        }
        return HeldBack(whole, targets)

    def _over(self, count: int, most: int, share: float, answered: int) -> str:
        if count > most:
            return f"more than {most:,}"
        if count > self.few and count > share * answered:
            return f"more than {share:.0%} of it"
        return ""


_ASK = "a batch never clears by volume, ask a second person."


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Why rows that would be cleared are not: all of them, or those towards some protected accounts."""

    whole: Reason | None
    targets: Mapping[Target, Reason]

    def why(self, target: Target) -> Reason | None:
        """Return why a row towards this account that would be cleared is not; ``None`` if it is."""
        return self.whole or self.targets.get(target)

    def __bool__(self) -> bool:
        return self.whole is not None or bool(self.targets)


def cleared_of(rows: Mapping[str, list[str | None]]) -> Counter[Target]:
    """Count the rows that would be cleared by protected account, given the columns of a part."""
    targets = zip(rows["target_platform"], rows["target_handle"], strict=True)
    return Counter(target for verdict, target in zip(rows["verdict"], targets, strict=True) if verdict == "cleared")
