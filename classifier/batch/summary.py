"""What a batch came to: counts by relation, verdict and error, what was held back, campaigns, a second model's answers.

As JSON for machines, as lines for people. Neither has any text of an account but the handles of protected ones and, in
the JSON only, what campaigns share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from classifier.batch.campaigns import Campaign
from classifier.importers.results import SHOWN_ROWS

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


@dataclass(slots=True, repr=False)
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

    def __repr__(self) -> str:
        verdicts = ", ".join(f"{name} {count:,}" for name, count in self.verdicts.most_common())
        return f"<Summary of {self.rows:,} rows, {self.answered:,} answered: {verdicts or 'none'}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(chr(10).join(self.lines()))}</pre>"

    def add(self, batch: pa.RecordBatch, would_be: pa.Array) -> None:
        """Count a finished part; ``would_be`` are its verdicts before anything was held back."""
        self.rows += len(batch)
        self.answered += len(batch) - batch.column("relation").null_count
        for counts, column in (
            (self.sources, batch.column("source")),
            (self.relations, batch.column("relation")),
            (self.verdicts, batch.column("verdict")),
        ):
            counts.update(_counted(column))
        self.would_be_cleared += _counted(would_be)["cleared"]
        for source, row, reason, error in _rows(batch, batch.column("error_reason").is_valid(), _OF_AN_ERROR):
            _at(self.errors, reason, error).add(source, row)
        for source, row, notes in _rows(batch, pc.greater(pc.list_value_length(batch.column("notes")), 0), _OF_A_NOTE):
            for note in notes:
                _at(self.notes, note).add(source, row)
        if "shadow_verdict" in batch.schema.names:
            self._compare(batch.append_column("would_be", would_be))

    def _compare(self, batch: pa.RecordBatch) -> None:
        """Count where a second model answers otherwise; verdicts are compared before anything is held back."""
        for source, row, verdict, relation, target, *others in _rows(
            batch, batch.column("would_be").is_valid(), _ASKED
        ):
            self.shadow_verdicts[verdict, str(others[0])] += 1
            for what, one, other in zip(("verdict", "relation"), (verdict, relation), others, strict=False):
                if one != other:
                    _at(self.differing, f"{what}: {one} -> {other}").add(source, row)
            if target != others[2]:
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
            "campaigns": [campaign.as_json() for campaign in self.campaigns],
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
        if self.shadow_verdicts and not self.differing:
            yield "shadow: the second model answers the same everywhere"
        for what, one in _ordered(self.differing):
            yield f"shadow, {what}: {one.count:,} ({one.where(several=several)})"

    def _campaign_lines(self, *, several: bool) -> Iterator[str]:
        authored = sum(campaign.has_an_author for campaign in self.campaigns)
        if authored:
            yield f"{authored:,} campaigns, accounts that imitate one protected account alike; the largest:"
        if authored < len(self.campaigns):
            only = "groups only copied the protected account, which is no sign of one author; they come last"
            yield f"{len(self.campaigns) - authored:,} {only}"
        for campaign in self.campaigns[:_SHOWN_CAMPAIGNS]:
            where = Found(campaign.reports, first=[(source, row) for source, row, _ in campaign.first]).where(
                several=several
            )
            kinds = ", ".join(
                f"{kind} (the protected account's)" if kind in campaign.copied else kind for kind in campaign.shared
            )
            size, target = f"{campaign.accounts:>9,}", campaign.target_handle
            yield f"  {campaign.number:>3}  {size} accounts, same {kinds}, as @{target} ({where})"


_OF_AN_ERROR = ("source", "row", "error_reason", "error")
_OF_A_NOTE = ("source", "row", "notes")
_ASKED = (
    "source", "row", "would_be", "relation", "target_handle",
    "shadow_verdict", "shadow_relation", "shadow_target_handle",
)  # fmt: skip


def _counted(column: pa.Array) -> Counter[str]:
    found = column.drop_null().value_counts()
    return Counter(dict(zip(*(column.to_pylist() for column in found.flatten()), strict=True)))


def _rows(batch: pa.RecordBatch, wanted: pa.Array, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield some columns of the rows that are wanted."""
    if pc.any(wanted).as_py():
        chosen = batch.select([*names]).filter(wanted)
        yield from zip(*(column.to_pylist() for column in chosen.columns), strict=True)


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
