"""What the overview says of the certificates against their bounds, and of the population against the training's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from classifier.certification.monitoring.error_bound import DELTA
from classifier.certification.monitoring.population_drift import MUCH
from classifier.certification.neyman_pearson import Certificate
from service.decisions.overview import Period
from service.texts.dates import dated, number, share_percent
from service.texts.wording import Message, Words, gettext, ngettext
from service.web.console.presenters.overview import Picture, named
from service.web.console.presenters.trend_charts import Bar, columns
from service.web.console.presenters.words import WORDS

# Evidence from which on a certificate is withdrawn.
LIMIT = 1 / DELTA
_STATES = Words({"holds": "holds", "watch": "holds, watch it", "withdrawn": "withdrawn"})
_HEAD = (
    Message("Tier"), Message("State"), Message("Known genuine"), Message("Above the threshold"),
    Message("May be above"), Message("Measured on"), Message("Evidence"), Message("Withdrawn at"),
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
        return Picture("certificates", gettext("The model has no certificate: nothing is cleared at once"))
    seen: Mapping[str, Any] = last["tiers"] if last and last["model"] == model else {}
    return Picture(
        "certificates",
        _finding(tiers, seen, withdrawn),
        note=_looked(last, model),
        bars=tuple(_bar(tier, seen.get(tier, {}), tier in withdrawn) for tier in tiers if seen.get(tier)),
        head=tuple(map(gettext, _HEAD)),
        rows=tuple(_row(tier, seen.get(tier, {}), certified.get(tier), tier in withdrawn) for tier in tiers),
    )


def _finding(tiers: Sequence[str], seen: Mapping[str, Any], withdrawn: Mapping[str, str]) -> str:
    if withdrawn:
        return gettext("Certificate withdrawn for tier %(tiers)s", tiers=_tiers(sorted(withdrawn)))
    known = [seen[tier]["highest"] for tier in tiers if "highest" in seen.get(tier, {})]
    if not known:
        return gettext(
            "Certificates of tier %(tiers)s hold; the monitor has not looked at this model yet", tiers=_tiers(tiers)
        )
    return gettext(
        "Certificates hold: evidence against the bound %(evidence)s, withdrawn at %(limit)s",
        evidence=f"{max(known):.3g}",
        limit=f"{LIMIT:g}",
    )


def _tiers(names: Sequence[str]) -> str:
    words = [WORDS["tier"].get(name, name) for name in names]
    return gettext("%(one)s and %(other)s", one=words[0], other=words[1]) if len(words) == 2 else ", ".join(words)


def _looked(last: Mapping[str, Any] | None, model: str) -> str:
    if last is None or last["model"] != model:
        return gettext("The monitor looks at decisions of the model that serves, as often as its setting says.")
    when = datetime.fromtimestamp(last["at"], UTC)
    return ngettext(
        "The monitor last looked on %(when)s, at %(count)s decision.",
        "The monitor last looked on %(when)s, at %(count)s decisions.",
        last["decisions"],
        when=dated(when, "%-d %b %Y, %H:%M UTC"),
        count=number(last["decisions"]),
    )


def _bar(tier: str, figures: Mapping[str, Any], is_withdrawn: bool) -> Bar:
    evidence = max(float(figures.get("highest", 1.0)), 1.0)
    length = 100 * min(math.log(evidence) / math.log(LIMIT), 1.0)
    return Bar(
        WORDS["tier"].get(tier, tier),
        "refused" if is_withdrawn else "plain",
        round(length, 2),
        gettext("%(part)s of %(whole)s", part=f"{evidence:.3g}", whole=f"{LIMIT:g}"),
    )


def _row(tier: str, figures: Mapping[str, Any], one: Certificate | None, is_withdrawn: bool) -> tuple[str, ...]:
    state = "withdrawn" if is_withdrawn else figures.get("state", "holds")
    counted = [number(figures[name]) if name in figures else gettext("not looked at") for name in ("genuine", "errors")]
    bound = [share_percent(one.alpha), number(one.n)] if one else [gettext("none any more"), ""]
    evidence = f"{figures['highest']:.3g}" if "highest" in figures else gettext("not looked at")
    return (WORDS["tier"].get(tier, tier), _STATES[state], *counted, *bound, evidence, f"{LIMIT:g}")


def drift(runs: Sequence[Mapping[str, Any]], period: Period) -> Picture:
    """Return how far the population lay from the training's: of each step of the period the run that saw most."""
    steps: dict[str, Mapping[str, Any]] = {}
    for run in runs:
        step = named(run["at"], period)
        if run["stability_index"] is not None and run["stability_index"] >= _index(steps.get(step)):
            steps[step] = run
    known = list(steps.values())
    if not known:
        few = gettext("Too few checks to compare the population with the training's in this period")
        return Picture("drift", few if runs else gettext("The monitor has not looked in this period"))
    last, values = known[-1], [float(run["stability_index"]) for run in known]
    largest = f"{values[-1]:.2f}"
    finding = gettext("Population: the largest stability index is %(index)s, no shift", index=largest)
    if values[-1] >= MUCH:
        finding = gettext(
            "Population: the largest stability index is %(index)s; a shift begins at %(limit)s",
            index=largest,
            limit=f"{MUCH:g}",
        )
    outside = last["outside_share"]
    return Picture(
        "drift",
        finding,
        note=""
        if outside is None
        else gettext("%(share)s of decisions lie beyond what was certified on.", share=share_percent(outside)),
        columns=columns(
            [_at(run) for run in known],
            [[value] for value in values],
            ["plain"],
            limit=MUCH,
            top=f"{max([*values, MUCH * 1.2]):.2f}",
        ),
        head=(
            gettext("Looked at (UTC)"),
            gettext("Largest stability index"),
            gettext("Beyond what was certified on"),
        ),
        rows=tuple((_at(run), f"{run['stability_index']:.3f}", share_percent(run["outside_share"])) for run in known),
    )


def _index(run: Mapping[str, Any] | None) -> float:
    return -1.0 if run is None else float(run["stability_index"])


def _at(run: Mapping[str, Any]) -> str:
    return dated(run["at"], "%-d %b, %H:%M")
