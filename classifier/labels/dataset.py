"""Labels: real labelled cases from files of several kinds, what they were read from and how far labellers agreed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.slices import slice_values
from classifier.errors import TrainingError
from classifier.importers.results import RowError
from classifier.labels.adjudication import settle, with_label
from classifier.labels.agreement import Agreement
from classifier.labels.labelled_case import GIVEN, LABELS, Case, Label
from classifier.labels.sources import LabelSource, Rows
from classifier.labels.votes import TARGET_UNKNOWN, UNCLEAR, Vote, read_votes
from classifier.registry.registry import Registry

_LABELS: dict[str, Label] = {label: label for label in LABELS}


@dataclass(frozen=True, slots=True)
class Labels:
    """Labelled cases to learn from.

    Attributes
    ----------
    cases : tuple of Case
        Each one account and protected target, with the label that counts.
    sources : tuple of LabelSource
        The files; empty where the cases come from elsewhere.
    agreement : Agreement or None
        ``None`` where nobody knows who labelled.
    parts : tuple of (str or None)
        For each case what its file's column ``slice`` says.
    """

    cases: tuple[Case, ...] = ()
    sources: tuple[LabelSource, ...] = ()
    agreement: Agreement | None = None
    parts: tuple[str | None, ...] = ()

    @classmethod
    def of(cls, labelled: Labels | Sequence[Case]) -> Labels:
        """Return labels as they are, or cases as labels."""
        return labelled if isinstance(labelled, Labels) else cls(tuple(labelled))

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.cases)

    def facts(self) -> dict[str, Any]:
        """Return what a manifest keeps of them, plain JSON values without any text of an account.

        ``slices`` has a row a value: ``slice``, ``value``, ``cases``, ``impersonation``.
        """
        return {
            "cases": len(self.cases),
            "labels": dict(sorted(Counter(case.label for case in self.cases).items())),
            "sources": [source.facts() for source in self.sources],
            "agreement": None if self.agreement is None else self.agreement.facts(),
            "slices": self._slices(),
        }

    def _slices(self) -> list[dict[str, Any]]:
        parts = self.parts or (None,) * len(self.cases)
        cases: Counter[tuple[str, str]] = Counter()
        attacks: Counter[tuple[str, str]] = Counter()
        for case, part in zip(self.cases, parts, strict=True):
            values = {"tier": case.protected.tier, **slice_values(case.account)} | ({"slice": part} if part else {})
            for item in values.items():
                cases[item] += 1
                attacks[item] += case.label == "impersonation"
        return [
            {"slice": name, "value": value, "cases": cases[name, value], "impersonation": attacks[name, value]}
            for name, value in sorted(cases)
        ]

    def lines(self) -> list[str]:
        """Return what was read, for people: a line a file, then the labels, then the agreement."""
        if not self.cases:
            return []
        counts = ", ".join(f"{label} {count:,}" for label, count in self.facts()["labels"].items())
        return [
            *(source.line() for source in self.sources),
            f"{len(self.cases):,} cases: {counts}",
            *(() if self.agreement is None else (self.agreement.line(),)),
        ]


def read_labels(
    sources: Sequence[Rows],
    registry: Registry,
    *,
    kind: str | None = None,
    now: datetime,
    platform: str | None = None,
    progress: bool = False,
) -> Labels:
    """Read labelled cases of any kind of ``classifier.labels.votes``, and settle where labellers disagree.

    Parameters
    ----------
    registry : Registry
        The protected accounts that labels may be about.
    kind : str, optional
        One of ``votes.KINDS`` for all files; told from the columns of each where it is not given.
    platform : str, optional
        For rows that name none.
    progress : bool
        Show a bar for each file on standard error.

    Raises
    ------
    InputError
        If a file cannot be read, or holds a row that its kind does not forgive: one that is unreadable, has a label
        that is no relation (``unclear`` is one nobody learns from), or a target that ``registry`` does not protect.
    TrainingError
        If every case is unclear.
    """
    protected: dict[tuple[str | None, str], ProtectedAccount] = {}

    def resolve(vote: Vote) -> Vote:
        found = _target(vote, registry)
        protected[vote.account.platform, found.handle] = found
        return replace(vote, target=found.handle)

    votes, sources_read = read_votes(sources, kind=kind, now=now, platform=platform, resolve=resolve, progress=progress)
    settled, agreement = settle(votes)
    clear = with_label(settled)
    if not clear:
        raise TrainingError("not one labelled case is clear: labellers disagree on every one, or call it unclear")
    cases = (
        Case(vote.account, protected[vote.account.platform, vote.target], _LABELS[vote.label], GIVEN) for vote in clear
    )
    return Labels(tuple(cases), sources_read, agreement, tuple(vote.part for vote in clear))


def _target(vote: Vote, registry: Registry) -> ProtectedAccount:
    """Return the protected account that a vote is about."""
    if vote.label not in _LABELS and vote.label != UNCLEAR:
        raise RowError("label_unknown", f"must be one of {', '.join((*LABELS, UNCLEAR))}", field="label")
    found = registry.identify(Account(handle=vote.target, platform=vote.account.platform))
    if found is None:
        message = "is not in the registry; add that account to it, or give the row its platform with --platform"
        raise RowError(TARGET_UNKNOWN, message, field="target_handle")
    return found.protected
