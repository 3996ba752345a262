"""What the page of a batch says: how far it is, and what it came to, in words and figures ready for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service.texts.dates import share_percent
from service.texts.wording import Message, Words
from service.web.console.presenters.spans import span

RELATIONS: Mapping[str, str] = Words(
    {
        "is_protected": "are protected accounts themselves",
        "impersonation": "imitate a protected account",
        "same_owner": "may be another account of the same owner",
        "parody_or_fan": "say that they are parodies or fans",
        "unrelated": "resemble a protected account slightly: probably unrelated",
        "no_target": "resemble no protected account",
        "error": "could not be read",
    }
)
VERDICTS: Mapping[str, tuple[str, str]] = Words(
    {
        "refused": ("\u2715", Message("Do not act")),
        "needs_review": ("?", Message("Needs approval")),
        "cleared": ("\u2713", Message("Would be cleared")),
        "error": ("!", Message("Could not be read")),
    }
)
_SHARED: Mapping[str, str] = Words(
    {
        "bio": "They have the same bio",
        "link": "They have the same link",
        "avatar": "They have the same picture, by its hash",
    }
)
# Campaigns that a page shows; the answers have the number of each row's.
SHOWN_CAMPAIGNS, OPEN_CAMPAIGNS = 20, 3
# Rows a second from which on it is said how long the rest will take.
_SLOWEST = 0.1
# Letters of a shared text, and of a hash, that are shown.
_SHOWN_TEXT, _SHOWN_HASH = 200, 16


@dataclass(frozen=True, slots=True)
class Figure:
    """A count with its share of all, as words and as the width of a bar from 0 to 100."""

    kind: str
    count: int
    share: str
    width: float


@dataclass(frozen=True, slots=True)
class Course:
    """How far scoring is.

    Attributes
    ----------
    left : str
        How long it will take, about; empty where nobody can say yet.
    found : list of Figure
        The rows that were scored since it was begun or gone on with, by relation.
    """

    rows: int
    expected: int
    percent: int
    rate: int
    left: str
    resumed: int
    found: list[Figure]


def figures(counts: Mapping[str, int], kinds: Iterable[str]) -> list[Figure]:
    """Return the counts that are not zero, in the order of their kinds.

    Examples
    --------
    >>> [(one.kind, one.share, one.width) for one in figures({"a": 1, "b": 999, "c": 0}, "abc")]
    [('a', '0.10 %', 1.0), ('b', '99.90 %', 99.9)]
    """
    total = sum(counts.values())
    return [
        Figure(kind, count, share_percent(count / total), max(1.0, round(100 * count / total, 2)))
        for kind in kinds
        if (count := counts.get(kind, 0))
    ]


def course(progress: Mapping[str, Any]) -> Course:
    """Return how far a job is by its progress, which is empty before it has begun.

    Examples
    --------
    >>> course({"rows": 500, "resumed": 0, "expected": 2000, "rate": 10.0, "relations": {}}).left
    '2 minutes'
    """
    rows, expected, rate = progress.get("rows", 0), progress.get("expected") or 0, progress.get("rate") or 0.0
    left = span(timedelta(seconds=(expected - rows) / rate)) if rate >= _SLOWEST and expected else ""
    percent = int(100 * rows / expected) if expected else 0
    found = figures(progress.get("relations", {}), RELATIONS)
    return Course(rows, expected, percent, round(rate), left, progress.get("resumed", 0), found)


def verdict_figures(summary: Mapping[str, Any]) -> list[Figure]:
    """Return how many rows have which verdict, or none."""
    return figures(summary["verdicts"] | {"error": summary["rows"] - summary["answered"]}, VERDICTS)


def relation_figures(summary: Mapping[str, Any]) -> list[Figure]:
    """Return how many rows were found to be what."""
    return figures(summary["relations"] | {"error": summary["rows"] - summary["answered"]}, RELATIONS)


def campaigns_of(summary: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the campaigns that show a common author, and the groups that only copied the protected account."""
    found = summary["campaigns"]
    return [one for one in found if has_an_author(one)], [one for one in found if not has_an_author(one)]


def has_an_author(campaign: Mapping[str, Any]) -> bool:
    """Tell whether the accounts of a campaign share more than what every impersonator copies.

    Examples
    --------
    >>> has_an_author({"shared": {"bio": "Actor.", "link": "t.example/x"}, "copied": ["bio"]})
    True
    >>> has_an_author({"shared": {"bio": "Actor."}, "copied": ["bio"]})
    False
    """
    return not campaign["shared"].keys() <= set(campaign["copied"])


def shared(campaign: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Return what the accounts of a campaign have in common: what it is, its text, and whether it was copied.

    Examples
    --------
    >>> shared({"shared": {"link": "t.example/x"}, "copied": []})
    [('They have the same link', 't.example/x', False)]
    """
    return [
        (_SHARED[kind], _shortened(kind, text), kind in campaign["copied"]) for kind, text in campaign["shared"].items()
    ]


def _shortened(kind: str, text: str) -> str:
    most = _SHOWN_HASH if kind == "avatar" else _SHOWN_TEXT
    return text if len(text) <= most else f"{text[:most]}..."
