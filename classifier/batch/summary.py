"""What a batch came to: counts by relation, verdict and error, what was held back, campaigns, a second model's answers.

As JSON for machines, as lines for people. Neither has any text of an account but the handles of protected ones and, in
the JSON only, what campaigns share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from classifier.batch.campaigns import Campaign

SHOWN_ROWS = 20
_SHOWN_CAMPAIGNS = 5


@dataclass(slots=True)
class Found:
    """One kind of error, note or difference: how often, and where first."""

    count: int = 0
    what: str = ""
    first: list[tuple[str, int]] = field(default_factory=list)

    def add(self, source: str, row: int) -> None:
        """Count one row."""
        self.count += 1
        if len(self.first) < SHOWN_ROWS:
            self.first.append((source, row))

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        first = [{"source": source, "row": row} for source, row in self.first]
        return {"count": self.count} | ({"what": self.what} if self.what else {}) | {"first": first}

    def where(self, *, several: bool) -> str:
        """Return where, for people; with the names of the files if there are several."""
        rows = ", ".join(f"{source}:{row}" if several else str(row) for source, row in self.first)
        return f"row{'s' if self.count > 1 else ''} {rows}{', ...' if self.count > len(self.first) else ''}"


@dataclass(slots=True)
class Summary:
    """What a batch came to.

    Attributes
    ----------
    rows, answered : int
        Rows read, and those of them that have an answer.
    relations, verdicts : Counter
        Of the answered rows, the verdicts as they were written.
    errors, notes : dict of str to Found
        Rows without an answer by reason; what was changed or left out of a row, by kind.
    would_be_cleared, held_back : int
        Rows that the policy would clear, and those of them that need review because there are too many.
    why_held_back : dict of str to int
        For each reason how many rows.
    campaigns : list of Campaign
    differing : dict of (str, str) to Found
        With a second model: rows by both verdicts, where relation, target or verdict differ.
    facts : dict
        Model, registry and the like, for the JSON.
    """

    rows: int = 0
    answered: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    errors: dict[str, Found] = field(default_factory=dict)
    notes: dict[str, Found] = field(default_factory=dict)
    would_be_cleared: int = 0
    held_back: int = 0
    why_held_back: Counter[str] = field(default_factory=Counter)
    campaigns: list[Campaign] = field(default_factory=list)
    shadow_verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    differing: dict[str, Found] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def add(self, batch: pa.RecordBatch, would_be: list[str | None]) -> None:
        """Count a finished part; ``would_be`` are its verdicts before anything was held back."""
        column = {name: batch.column(name).to_pylist() for name in _COUNTED if name in batch.schema.names}
        self.rows += len(batch)
        self.sources.update(column["source"])
        self.relations.update(filter(None, column["relation"]))
        self.verdicts.update(filter(None, column["verdict"]))
        self.answered += len(batch) - column["relation"].count(None)
        self.would_be_cleared += would_be.count("cleared")
        rows = zip(*(column[name] for name in ("source", "row", "error_reason", "error", "notes")), strict=True)
        for source, row, reason, error, notes in rows:
            if reason is not None:
                _at(self.errors, reason, error).add(source, row)
            for note in notes or ():
                _at(self.notes, note).add(source, row)
        if "shadow_verdict" in column:
            self._compare(column, would_be)

    def _compare(self, column: Mapping[str, list[Any]], would_be: list[str | None]) -> None:
        """Count where a second model answers otherwise; verdicts are compared before anything is held back."""
        names = ("source", "row", "relation", "shadow_relation", "target_handle", "shadow_target_handle")
        rows = zip(*(column[name] for name in names), would_be, column["shadow_verdict"], strict=True)
        for source, row, relation, other_relation, target, other_target, verdict, other_verdict in rows:
            if verdict is None:
                continue
            self.shadow_verdicts[str(verdict), str(other_verdict)] += 1
            if verdict != other_verdict:
                _at(self.differing, f"verdict: {verdict} -> {other_verdict}").add(source, row)
            if relation != other_relation:
                _at(self.differing, f"relation: {relation} -> {other_relation}").add(source, row)
            if target != other_target:
                _at(self.differing, "target").add(source, row)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        found: dict[str, Any] = {
            "rows": self.rows,
            "answered": self.answered,
            "sources": dict(self.sources),
            "relations": dict(self.relations.most_common()),
            "verdicts": dict(self.verdicts.most_common()),
            "errors": {reason: one.as_json() for reason, one in _ordered(self.errors)},
            "notes": {note: one.as_json() for note, one in _ordered(self.notes)},
            "volume": {
                "would_be_cleared": self.would_be_cleared,
                "held_back": self.held_back,
                "why": dict(self.why_held_back.most_common()),
            },
            "campaigns": [one.as_json() for one in self.campaigns],
        }
        if self.shadow_verdicts:
            found["shadow"] = {
                "verdicts": [
                    {"verdict": one, "shadow_verdict": other, "rows": count}
                    for (one, other), count in self.shadow_verdicts.most_common()
                ],
                "differing": {what: one.as_json() for what, one in _ordered(self.differing)},
            }
        return found | self.facts

    def lines(self) -> Iterator[str]:
        """Yield it for people to read."""
        rejected = self.rows - self.answered
        yield f"{self.rows:,} rows read, {self.answered:,} accepted, {rejected:,} rejected"
        several = len(self.sources) > 1
        for reason, one in _ordered(self.errors):
            yield f"rejected, {reason}: {one.count:,} ({one.where(several=several)}): {one.what}"
        for note, one in _ordered(self.notes):
            yield f"note, {note}: {one.count:,} ({one.where(several=several)})"
        for title, counts in (("relation", self.relations), ("verdict", self.verdicts)):
            for name, count in counts.most_common():
                yield f"  {title:9} {count:>11,}  {name}"
        for why, count in self.why_held_back.most_common():
            yield f"held back, {count:,} rows: {why}"
        yield from self._campaign_lines(several=several)
        for what, one in _ordered(self.differing):
            yield f"shadow, {what}: {one.count:,} ({one.where(several=several)})"

    def _campaign_lines(self, *, several: bool) -> Iterator[str]:
        if self.campaigns:
            yield f"{len(self.campaigns):,} campaigns, accounts that imitate one protected account alike; the largest:"
        for one in self.campaigns[:_SHOWN_CAMPAIGNS]:
            where = Found(one.reports, first=[(source, row) for source, row, _ in one.first]).where(several=several)
            kinds = ", ".join(f"{kind} (its own)" if kind in one.copied else kind for kind in one.shared)
            yield f"  {one.number:>3}  {one.accounts:>9,} accounts, same {kinds}, as @{one.target_handle} ({where})"


_COUNTED = (
    "source", "row", "relation", "verdict", "error_reason", "error", "notes", "target_handle",
    "shadow_relation", "shadow_target_handle", "shadow_verdict",
)  # fmt: skip


def _at(kinds: dict[str, Found], kind: str, what: str | None = None) -> Found:
    if kind not in kinds:
        kinds[kind] = Found(what=_remedy(what or ""))
    return kinds[kind]


def _remedy(error: str) -> str:
    """Return an error's text without the row it was met at first."""
    place, _, rest = error.partition(": ")
    return f"{place.partition(', ')[2]}: {rest}".removeprefix(": ") if place.startswith("row ") else error


def _ordered(kinds: dict[str, Found]) -> list[tuple[str, Found]]:
    return sorted(kinds.items(), key=lambda item: (-item[1].count, item[0]))
