"""What a model's manifest tells of its training, ready for the page: figures, kinds of cases, parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifier.accounts.slices import TITLES
from service.texts.dates import number, share_percent
from service.texts.recorded import recorded
from service.texts.wording import Message, gettext
from service.web.console.presenters.case_kinds import kind
from service.web.console.presenters.trend_charts import Bar

# The figures that a person asks for first: the card has all.
_FIGURES = (
    ("impersonation_with_right_target", Message("attacks called impersonation of the right protected account")),
    ("genuine_called_impersonation", Message("genuine accounts called impersonation")),
    ("genuine_cleared_for_suspension", Message("genuine accounts that the policy would clear for suspension")),
    (
        "attacks_cleared_for_suspension",
        Message("attacks that the policy would clear for suspension without a second person"),
    ),
)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Bars of kinds of cases, with a heading."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a model.

    Attributes
    ----------
    stored_at : datetime
        When it was stored here, or installed.
    cases : tuple of int or None
        Attacks and genuine accounts that it was measured on; ``None`` where nothing was measured.
    figures : tuple
        Words and shares.
    parts : tuple
        Tables: title, and of each part its name, attacks found, genuine called impersonation.
    """

    stored_at: datetime
    seed: int | None
    code: str
    cases: tuple[int, int] | None
    figures: tuple[tuple[str, str], ...]
    kinds: tuple[Kinds, ...]
    parts: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


def measured(manifest: Mapping[str, Any], stored_at: datetime) -> Measured:
    """Return what a verified manifest tells."""
    training = manifest["training"]
    held_out = training.get("held_out") or {}
    figures = held_out.get("figures", {})
    families = held_out.get("families", ())
    attacks = [one for one in families if one["label"] == "impersonation"]
    genuine = [one for one in families if one["label"] != "impersonation"]
    found = (Kinds(gettext("Attacks that were found"), _bars(attacks, "found", "plain")),
             Kinds(gettext("Genuine accounts called impersonation"), _bars(genuine, "flagged", "refused")))  # fmt: skip
    return Measured(
        stored_at,
        training.get("seed"),
        str(manifest.get("code", "")),
        (figures["attacks"], figures["genuine"]) if figures else None,
        tuple((gettext(words), share_percent(figures[name])) for name, words in _FIGURES if name in figures),
        tuple(one for one in found if one.bars),
        tuple((recorded(TITLES[name]), tuple(map(_part, held_out["slices"][name]))) for name in TITLES if families),
    )


def _bars(families: Iterable[Mapping[str, Any]], figure: str, tone: str) -> tuple[Bar, ...]:
    shares = [(one["family"], one[figure]) for one in families if one[figure]["of"]]
    ranked = sorted(shares, key=lambda one: -one[1]["share"])
    return tuple(Bar(kind(name), tone, round(100 * share["share"], 2), counted(share)) for name, share in ranked)


def _part(part: Mapping[str, Any]) -> tuple[str, str, str]:
    return part["value"], counted(part["found"]), counted(part["flagged"])


def counted(share: Mapping[str, Any]) -> str:
    """Return a share with what it was counted of.

    Examples
    --------
    >>> counted({"count": 59, "of": 97, "share": 0.6082}), counted({"count": 0, "of": 0, "share": None})
    ('60.8 % (59 of 97)', '–')
    """
    if not share["of"]:
        return "–"
    found = {"share": share_percent(share["share"]), "count": number(share["count"]), "all": number(share["of"])}
    return gettext("%(share)s (%(count)s of %(all)s)", **found)
