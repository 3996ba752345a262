"""The banner on every page: what stands still, since when, and what that means for whoever reads it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from service.decisions.alarms import Alarms, Withdrawn
from service.decisions.gate_signs import Gate
from service.texts.dates import dated
from service.texts.wording import gettext
from service.web.console.presenters.spans import span
from service.web.console.presenters.words import WORDS


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
    since = gettext("Now (by the monitor)") if one.is_by_monitor else gettext("Now")
    if one.at:
        at = dated(one.at, "%-d %b %Y, %H:%M UTC")
        since = gettext("Since %(at)s (by the monitor)", at=at) if one.is_by_monitor else gettext("Since %(at)s", at=at)
    return Banner(
        gettext("The certificate of tier %(tier)s is withdrawn.", tier=WORDS["tier"][one.tier]),
        gettext(
            "%(since)s no check against a protected account of this tier is cleared at once: each needs reviewers, "
            "until another model serves. Clearances and approvals from before do not count.",
            since=since,
        ),
    )


def _silent(gate: Gate, now: datetime, *, sees_keys: bool) -> Banner:
    title, silent = gettext("Gate %(name)s stands still.", name=gate.name), span(now - gate.at)
    if not sees_keys:
        text = gettext(
            "It has not called for %(span)s: what waits there is neither checked nor carried out.", span=silent
        )
        return Banner(title, text)
    text = gettext(
        "It has not called for %(span)s (key of %(actor)s): what waits there is neither checked nor carried out. "
        "Start its process again. If the gate is gone for good, revoke its key.",
        span=silent,
        actor=gate.actor,
    )
    return Banner(title, text)
