"""What the figures of sets should come to. The goals are for sealed sets of the same kinds: here they show the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """The least a share should be, or the most."""

    set: str
    label: str
    share: str
    least: float | None = None
    most: float | None = None
    kind: str | None = None

    @property
    def words(self) -> str:
        """What is asked for."""
        return f">= {self.least}" if self.least is not None else f"<= {self.most}"

    def met(self, value: float) -> bool:
        """Tell whether a share is as it should be."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


_ROLES, _SUPPORT, _NAMED = "role_claims_2026", "fake_support_2022", "named_many_targets"
_A = "impersonation"
GOALS = (
    Goal(_ROLES, _A, "found", least=0.95),
    Goal(_ROLES, _A, "called", least=0.90),
    Goal(_ROLES, "parody_or_supporter", "parody", least=0.75),
    Goal(_ROLES, "unrelated", "called_any", most=0.06),
    Goal(_ROLES, _A, "cleared", least=0.20),
    Goal(_SUPPORT, _A, "found", least=0.98, kind="profile"),
    Goal(_SUPPORT, _A, "called", least=0.93, kind="profile"),
    Goal(_SUPPORT, _A, "called", least=0.55, kind="handle alone"),
    Goal(_SUPPORT, _A, "cleared", least=0.30),
    Goal(_NAMED, _A, "found", least=0.85),
    Goal(_NAMED, _A, "called", least=0.70),
    Goal("parody_many_targets", "parody_or_fan", "parody", least=0.50),
    Goal("parody_many_targets", "parody_or_fan", "called_any", most=0.25),
    Goal("namesakes and talkers", "genuine", "called_any", most=0.10),
    Goal("exchange_typosquats", _A, "called", least=0.90),
    Goal("name_clones_2018", _A, "called", least=0.97),
    Goal("look-alike handles", _A, "called", least=0.88),
    Goal("look-alike handles", "coincidence", "called_any", most=0.05),
    Goal("red team, attacks", _A, "called", least=0.80),
    Goal("dnstwist, handle alone", _A, "called", least=0.93),
    Goal("dnstwist, with the name", _A, "called", least=0.98),
    *(
        Goal(name, "genuine", "called_any", most=0.01)
        for name in ("ordinary", "verified, 2020", "congress, 2017", "repliers", "bluesky popular")
    ),
    Goal("campaigns, badge as is", "genuine", "called_any", most=0.01),
    Goal("campaigns, badge hidden", "genuine", "called_any", most=0.01),
    Goal("government, one a department registered", "genuine", "called_any", most=0.02),
    Goal("government, none registered", "genuine", "called_any", most=0.02),
    Goal("red team, genuine each", "genuine", "called_any", most=0.03),
    Goal("red team, genuine around", "genuine", "called_any", most=0.03),
)


def judged(sets: Sequence[Mapping[Any, Any]], kinds: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """Return each goal of the sets that were asked, with its figure and whether it is met.

    Parameters
    ----------
    sets, kinds : sequence of mapping
        Rows of ``figures.by_set``, by label and by kind.
    """
    known = {(row["set"], row["label"], row.get("kind")): row for row in (*sets, *kinds)}
    found = []
    for goal in GOALS:
        row = known.get((goal.set, goal.label, goal.kind))
        if row is not None:
            value = row[goal.share]
            named = {"set": goal.set, "label": goal.label, "kind": goal.kind or "", "share": goal.share}
            found.append({**named, "goal": goal.words, "value": value, "met": goal.met(value)})
    return found
