"""The banner on every page: what stands still, since when, and what that means for whoever reads it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from service.decisions.alarms import Alarms, Withdrawn
from service.decisions.gate_signs import Gate
from service.web.console.presenters.spans import span


class Banner(NamedTuple):
    """One alarm: what it is in a few words, and what it means."""

    title: str
    text: str


def banners(alarms: Alarms, *, now: datetime, sees_keys: bool) -> list[Banner]:
    """Return what the banner says, one alarm a line.

    Parameters
    ----------
    sees_keys : bool
        Whether the reader may know whose key a gate has.
    """
    withdrawn = [_withdrawn(one) for one in alarms.withdrawn]
    return withdrawn + [_silent(gate, now, sees_keys=sees_keys) for gate in alarms.silent]


def _withdrawn(one: Withdrawn) -> Banner:
    since = f"Since {one.at:%-d %b %Y, %H:%M} UTC" if one.at else "Now"
    who = " (by the monitor)" if one.is_by_monitor else ""
    return Banner(
        f"The certificate of tier {one.tier} is withdrawn.",
        f"{since}{who} no check against a protected account of this tier is cleared at once: each needs reviewers, "
        "until another model serves. Clearances and approvals from before do not count.",
    )


def _silent(gate: Gate, now: datetime, *, sees_keys: bool) -> Banner:
    whose = f" (key of {gate.actor})" if sees_keys else ""
    text = f"It has not called for {span(now - gate.at)}{whose}: what waits there is neither checked nor carried out."
    if sees_keys:
        text += " Start its process again. If the gate is gone for good, revoke its key."
    return Banner(f"Gate {gate.name} stands still.", text)
