"""What certifying on own accounts found, tier by tier: as a table, as lines for a terminal, as plain JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from classifier.certification.neyman_pearson import Certificate, OwnBound, smallest_sample
from classifier.certification.own_accounts import next_bound
from classifier.evaluation.own_accounts import Measured
from classifier.utils.percent import share_percent

State = Literal["too few", "holds", "raises", "refuted"]
_LEFT_OUT = {
    "rejected": "not read",
    "repeated": "came before",
    "in_registry": "in the registry",
    "beyond_the_certificate": "unlike what the certificates were measured on, so nothing is cleared of them",
}
_LAST = {
    "too few": "Give more genuine accounts, or rely on the simulated certificate as before.",
    "holds": "Certify again when the model, or whom you serve, changes.",
    "raises": "Fewer checks are cleared from now on. Certify again when the model, or whom you serve, changes.",
    "refuted": "Look whether the named rows are genuine; then train another model, or on labels of your own.",
}


@dataclass(frozen=True, slots=True)
class Tier:
    """What was found for one tier.

    Attributes
    ----------
    simulated : Certificate
        As it was trained.
    own : OwnBound
    before : float
        The threshold that was in force; nothing is above 1.
    """

    simulated: Certificate
    own: OwnBound
    before: float

    @property
    def after(self) -> float:
        """The threshold that is in force with it: never less than before."""
        return max(self.before, self.own.least)

    @property
    def needed(self) -> int:
        """How many more accounts that resemble a protected one it takes to ask for a threshold."""
        return max(0, smallest_sample(self.simulated.alpha, self.simulated.delta) - self.own.near)

    @property
    def state(self) -> State:
        """What they say of the simulated certificate."""
        if not self.own.holds:
            return "refuted"
        if self.own.threshold is None:
            return "too few"
        return "raises" if self.own.threshold > self.simulated.threshold else "holds"

    def row(self) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        rung, more = next_bound(self.own.errors, self.own.near, delta=self.simulated.delta)
        counted = {name: getattr(self.own, name) for name in ("n", "near", "errors", "cleared", "bound", "near_bound")}
        asked = {"alpha": self.simulated.alpha, "delta": self.simulated.delta, "needed": self.needed}
        thresholds = {"own_threshold": self.own.threshold, "before": self.before, "after": self.after}
        return counted | {"next_bound": rung, "next_takes": more} | asked | thresholds | {"state": self.state}


@dataclass(frozen=True)
class Certified:
    """What own genuine accounts say of a model's certificates.

    Attributes
    ----------
    measured : Measured
    tiers : mapping of str to Tier
    kept : bool
        Whether it was signed and counts from now on.
    """

    measured: Measured = field(repr=False)
    tiers: Mapping[str, Tier]
    kept: bool

    def __repr__(self) -> str:
        found = "; ".join(f"{tier}: {one.state}, {one.before:.4f} -> {one.after:.4f}" for tier, one in self._sorted())
        return f"Certified({found}{'' if self.kept else '; not kept'})"

    @property
    def holds(self) -> bool:
        """Whether no tier's certificate is refuted."""
        return all(one.own.holds for one in self.tiers.values())

    @property
    def table(self) -> pd.DataFrame:
        """The figures, one row a tier."""
        return pd.DataFrame([one.row() for _, one in self._sorted()], index=[tier for tier, _ in self._sorted()])

    def plain(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        tiers = {tier: one.row() | {"rows": list(self.measured.errors[tier])} for tier, one in self._sorted()}
        return self.measured.certificate.plain() | {"tiers": tiers, "kept": self.kept}

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        certificate = self.measured.certificate
        for reason, count in certificate.left_out.items():
            yield f"left out, {_LEFT_OUT[reason]}: {count:,}"
        yield f"model {certificate.model_id}, registry {certificate.registry_version[:12]}"
        for tier, one in self._sorted():
            yield from _lines(tier, one)
            if places := self.measured.errors[tier]:
                yield f"  above the threshold: {'; '.join(places)}"
        if not self.kept:
            yield "nothing was kept: without --dry-run it is signed, logged and counts from then on"
        worst = max((one.state for one in self.tiers.values()), key=list(_LAST).index)
        yield f"next: {_LAST[worst]}"

    def _sorted(self) -> list[tuple[str, Tier]]:
        return sorted(self.tiers.items())

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>{self.table.to_html(float_format='{:.4f}'.format)}"


def _lines(tier: str, one: Tier) -> Iterator[str]:
    own, sure = one.own, f"{100 - 100 * one.simulated.delta:g} %"
    rung, more = next_bound(own.errors, own.near, delta=one.simulated.delta)
    yield (
        f"tier {tier}: {own.n:,} genuine accounts, {own.near:,} of which resemble a protected one; {own.errors:,} "
        f"above the simulated threshold, {own.cleared:,} would be cleared"
    )
    yield (
        f"  with {sure} confidence at most {share_percent(own.bound)} of accounts like all, and "
        f"{share_percent(own.near_bound)} of those that resemble one, are above it; promised: "
        f"{share_percent(one.simulated.alpha)}"
    )
    yield f"  the next bound, {rung * 100:g} % of those that resemble one, takes {more:,} more without an error"
    yield f"  threshold {one.before:.4f} -> {_shown(one)}: {_said(one)}"


def _shown(one: Tier) -> str:
    return "none" if one.after >= 1.0 else f"{one.after:.4f}"


def _said(one: Tier) -> str:
    return {
        "too few": f"too few accounts to ask for another; {one.needed:,} more that resemble a protected one",
        "holds": f"these accounts ask for {one.own.threshold or 0.0:.4f}, so the certificate holds for them too",
        "raises": f"these accounts ask for {one.own.threshold or 0.0:.4f}, and the stricter holds",
        "refuted": "they contradict the certificate, too few to certify another: nothing of the tier is cleared",
    }[one.state]
