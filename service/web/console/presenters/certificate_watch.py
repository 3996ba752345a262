"""What the overview says of the certificates against their bounds, and of the population against the training's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from classifier.certification.monitoring.error_bound import DELTA
from classifier.certification.monitoring.population_drift import MUCH
from classifier.certification.neyman_pearson import Certificate
from classifier.utils.percent import share_percent
from service.decisions.overview import Period
from service.web.console.presenters.overview import Picture, named
from service.web.console.presenters.sentences import count_of
from service.web.console.presenters.trend_charts import Bar, columns

# Evidence from which on a certificate is withdrawn.
LIMIT = 1 / DELTA
_STATES = {"holds": "holds", "watch": "holds, watch it", "withdrawn": "withdrawn"}
_HEAD = (
    "Tier", "State", "Known genuine", "Above the threshold", "May be above", "Measured on", "Evidence", "Withdrawn at",
)  # fmt: skip


def certificates(
    last: Mapping[str, Any] | None, certified: Mapping[str, Certificate], withdrawn: Mapping[str, str], model: str
) -> Picture:
    """Return how far each certificate is from its bound.

    Parameters
    ----------
    last : mapping or None
        What the last run of the monitor logged.
    certified : mapping of str to Certificate
        Those in force, by tier.
    withdrawn : mapping of str to str
        Why those of other tiers are not.
    """
    tiers = sorted({*certified, *withdrawn})
    if not tiers:
        return Picture("certificates", "The model has no certificate: nothing is cleared at once")
    seen: Mapping[str, Any] = last["tiers"] if last and last["model"] == model else {}
    return Picture(
        "certificates",
        _finding(tiers, seen, withdrawn),
        note=_looked(last, model),
        bars=tuple(_bar(tier, seen.get(tier, {}), tier in withdrawn) for tier in tiers if seen.get(tier)),
        head=_HEAD,
        rows=tuple(_row(tier, seen.get(tier, {}), certified.get(tier), tier in withdrawn) for tier in tiers),
    )


def _finding(tiers: Sequence[str], seen: Mapping[str, Any], withdrawn: Mapping[str, str]) -> str:
    if withdrawn:
        return f"Certificate withdrawn for tier {' and '.join(sorted(withdrawn))}"
    known = [seen[tier]["highest"] for tier in tiers if "highest" in seen.get(tier, {})]
    if not known:
        return f"Certificates of tier {' and '.join(tiers)} hold; the monitor has not looked at this model yet"
    return f"Certificates hold: evidence against the bound {max(known):.3g}, withdrawn at {LIMIT:g}"


def _looked(last: Mapping[str, Any] | None, model: str) -> str:
    if last is None or last["model"] != model:
        return "The monitor looks at decisions of the model that serves, as often as its setting says."
    when = datetime.fromtimestamp(last["at"], UTC)
    return f"The monitor last looked on {when:%-d %b %Y, %H:%M} UTC, at {count_of(last['decisions'], 'decision')}."


def _bar(tier: str, figures: Mapping[str, Any], is_withdrawn: bool) -> Bar:
    evidence = max(float(figures.get("highest", 1.0)), 1.0)
    length = 100 * min(math.log(evidence) / math.log(LIMIT), 1.0)
    return Bar(tier, "refused" if is_withdrawn else "plain", round(length, 2), f"{evidence:.3g} of {LIMIT:g}")


def _row(tier: str, figures: Mapping[str, Any], one: Certificate | None, is_withdrawn: bool) -> tuple[str, ...]:
    state = "withdrawn" if is_withdrawn else figures.get("state", "holds")
    counted = [f"{figures[name]:,}" if name in figures else "not looked at" for name in ("genuine", "errors")]
    bound = [share_percent(one.alpha), f"{one.n:,}"] if one else ["none any more", ""]
    evidence = f"{figures['highest']:.3g}" if "highest" in figures else "not looked at"
    return (tier, _STATES[state], *counted, *bound, evidence, f"{LIMIT:g}")


def drift(runs: Sequence[Mapping[str, Any]], period: Period) -> Picture:
    """Return how far the population lay from the training's: of each step of the period the run that saw most."""
    steps: dict[str, Mapping[str, Any]] = {}
    for run in runs:
        step = named(run["at"], period)
        if run["stability_index"] is not None and run["stability_index"] >= _index(steps.get(step)):
            steps[step] = run
    known = list(steps.values())
    if not known:
        few = "Too few checks to compare the population with the training's"
        return Picture("drift", f"{few if runs else 'The monitor has not looked'} in this period")
    last, values = known[-1], [float(run["stability_index"]) for run in known]
    largest = f"the largest stability index is {values[-1]:.2f}"
    finding = f"{largest}, no shift" if values[-1] < MUCH else f"{largest}; a shift begins at {MUCH:g}"
    outside = last["outside_share"]
    return Picture(
        "drift",
        f"Population: {finding}",
        note="" if outside is None else f"{share_percent(outside)} of decisions lie beyond what was certified on.",
        columns=columns(
            [_at(run) for run in known],
            [[value] for value in values],
            ["plain"],
            limit=MUCH,
            top=f"{max([*values, MUCH * 1.2]):.2f}",
        ),
        head=("Looked at (UTC)", "Largest stability index", "Beyond what was certified on"),
        rows=tuple((_at(run), f"{run['stability_index']:.3f}", share_percent(run["outside_share"])) for run in known),
    )


def _index(run: Mapping[str, Any] | None) -> float:
    return -1.0 if run is None else float(run["stability_index"])


def _at(run: Mapping[str, Any]) -> str:
    return f"{run['at']:%-d %b, %H:%M}"
