"""Differences: what two versions' manifests say differently, as rows that people and programs read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Manifest = Mapping[str, Any]
Row = dict[str, Any]

# Stands for all figures of versions that were measured on other cases.
OTHER_CASES = ("metrics", "measured on other cases")
# What of the training's facts belongs to which part; what is not named is "other".
_PARTS = {
    "seed": "seed", "registry": "data", "identities": "data", "data": "data", "pairs": "data", "metrics": "metrics",
    "held_out": "metrics", "given": "labels", "labels_by_slice": "labels",
}  # fmt: skip


def differences(one: Manifest, other: Manifest) -> list[Row]:
    """Return what differs, part by part.

    Returns
    -------
    list of dict
        ``part`` (features, certificates, code, libraries, data, seed, metrics, labels, account or other), ``name`` (the
        path to the value), ``a`` and ``b``, where ``None`` also stands for what one of them does not have. Figures that
        were measured on other cases do not compare: instead of them there is ``OTHER_CASES``, and what they were
        measured on.
    """
    ours, theirs = dict(_values(one)), dict(_values(other))
    if (a := _cases(one)) != (b := _cases(other)):
        ours, theirs = _without_figures(ours) | {OTHER_CASES: a}, _without_figures(theirs) | {OTHER_CASES: b}
    names = [*ours, *(name for name in theirs if name not in ours)]
    return [
        {"part": part, "name": name, "a": ours.get((part, name)), "b": theirs.get((part, name))}
        for part, name in names
        if ours.get((part, name)) != theirs.get((part, name))
    ]


def _cases(manifest: Manifest) -> str:
    """Return what the figures of a version were measured on."""
    facts = manifest["training"]
    registry = str(facts.get("registry", "?"))[:12]
    return f"seed {facts.get('seed')}, {facts.get('identities', 0):,} of registry {registry}, code {manifest['code']}"


def _without_figures(values: Mapping[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    return {name: value for name, value in values.items() if name[0] != OTHER_CASES[0]}


def lines(rows: list[Row], a: str, b: str) -> Iterator[str]:
    """Yield the table that a terminal shows."""
    if not rows:
        yield "nothing differs but what the files hold"
        return
    table = [("part", "name", a, b), *((row["part"], row["name"], _shown(row["a"]), _shown(row["b"])) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        first = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False))
        yield f"{first}  {row[3]}".rstrip()
    if any((row["part"], row["name"]) == OTHER_CASES for row in rows):
        yield ""
        yield "Their figures do not compare: they were measured on other cases. 'doublecheck models promote' asks both"
        yield "the same, and so does Workbench.evaluate(model_id=...) of each."


def _values(manifest: Manifest) -> Iterator[tuple[tuple[str, str], Any]]:
    for place, name in enumerate(manifest["features"]):
        yield ("features", name), place
    yield ("code", "version"), manifest["code"]
    for part in ("libraries", "certificates", "account"):
        yield from (((part, path), value) for path, value in _leaves(manifest.get(part)))
    for fact, value in manifest["training"].items():
        yield from (((_PARTS.get(fact, "other"), path), leaf) for path, leaf in _leaves(value, fact))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        items = list(value.items())
    elif isinstance(value, list):
        items = [(_name(one, place), one) for place, one in enumerate(value)]
    else:
        if path:
            yield path, value
        return
    for name, one in items:
        yield from _leaves(one, f"{path}.{name}" if path else str(name))


def _name(value: Any, place: int) -> str:
    """Return what tells an item of a list apart, so that one more does not make all the others differ."""
    names = [
        str(value[key]) for key in ("value", "label", "family", "source") if isinstance(value, Mapping) and key in value
    ]
    return ", ".join(names) or str(place)


def _shown(value: Any) -> str:
    text = "–" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 24 else f"{text[:12]}…"
