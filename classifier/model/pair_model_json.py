"""The model of a pair as JSON: the intercepts, edges and tables that it is, with every float to the last bit.

Reading runs nothing that the file says and needs no class by name, so a stored model stays readable whatever is
renamed. It checks everything and refuses what it does not know. The head for the account alone is a file of its own
(``classifier.model.scorecard``).

Schema
------
::

    format        1
    about         how to compute by hand what the model says
    features      the names, in order
    calibration   {slope, offset}
    certificates  by tier: {alpha, delta, n, errors, threshold, population}
    ranges        by circumstance: [lowest, highest]
    heads         by relation: {intercept, linear, features: by name {edges, steps, centre, slope}}
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from classifier.accounts.account import TIERS
from classifier.errors import ModelError
from classifier.model import strict_json as strict
from classifier.model.additive_tables import AdditiveTables, Floats
from classifier.model.pair_model import CIRCUMSTANCES, OTHER_RELATIONS, PairModel
from classifier.model.platt import Calibration

FORMAT = 1
ABOUT = (
    "Of each head: a feature's value falls into the step that begins at the last edge at or below it; the steps' "
    "numbers and linear * slope * (value - centre) of all features add up with the intercept (a missing value adds 0) "
    "to log-odds. Impersonation is calibrated: slope * log-odds + offset."
)
_IMPERSONATION = "impersonation"
# No log-odds, no edge and no slope comes near: what does would overflow or was made up.
LIMIT = 1e6


def write_pair_model(model: PairModel) -> str:
    """Return the model as JSON without its head for the account alone, one feature of a head a line.

    Examples
    --------
    ``read_pair_model(write_pair_model(model))`` gives the same answers to the last bit.
    """
    heads: dict[str, AdditiveTables] = {_IMPERSONATION: model.impersonation}
    heads |= {name: model.others[name] for name in OTHER_RELATIONS}
    certificates = {tier: certificate.plain() for tier, certificate in model.certificates.items()}
    lines = [
        f'  "format": {FORMAT}',
        f'  "about": {_json(ABOUT)}',
        f'  "features": {_json(model.features)}',
        f'  "calibration": {_json(asdict(model.calibration))}',
        f'  "certificates": {_json(certificates)}',
        f'  "ranges": {_json(model.ranges)}',
        f'  "heads": {{\n{_joined(_head(name, head, model.features) for name, head in heads.items())}\n  }}',
    ]
    return f"{{\n{_joined(lines)}\n}}\n"


def _head(name: str, head: AdditiveTables, features: Sequence[str]) -> str:
    columns = zip(features, head.edges, head.tables, head.centres.tolist(), head.slopes.tolist(), strict=True)
    rows = _joined(
        f"      {_json(feature)}: "
        + _json({"edges": edges.tolist(), "steps": steps.tolist(), "centre": centre, "slope": slope})
        for feature, edges, steps, centre, slope in columns
    )
    return (
        f'    "{name}": {{"intercept": {_json(head.intercept)}, "linear": {_json(head.linear)}, '
        f'"features": {{\n{rows}\n    }}}}'
    )


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def _joined(lines: Iterator[str] | Sequence[str]) -> str:
    return ",\n".join(lines)


def read_pair_model(content: str | bytes) -> PairModel:
    """Read and check a model of a pair; it has no head for the account alone.

    Raises
    ------
    ModelError
        Naming the first value that cannot be: a field too many or too few, a number that is not finite or huge, edges
        that do not rise, tables of another length, a certificate that its sample cannot give.
    """
    try:
        return _model(strict.parsed(content))
    except strict.MALFORMED as error:
        raise ModelError(_reason(error)) from error


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _model(value: object) -> PairModel:
    plain = strict.fields(value, "format about features calibration certificates ranges heads", "the model")
    strict.require(plain["format"] == FORMAT, "format", f"is not {FORMAT}")
    features = tuple(strict.text(name, "features") for name in strict.sequence(plain["features"], "features"))
    strict.require(0 < len(features) == len(set(features)), "features", "empty, or a name stands twice")
    heads = strict.fields(plain["heads"], " ".join((_IMPERSONATION, *OTHER_RELATIONS)), "heads")
    return PairModel(
        features=features,
        impersonation=_tables(heads[_IMPERSONATION], features, f"heads.{_IMPERSONATION}"),
        calibration=_calibration(plain["calibration"]),
        others={name: _tables(heads[name], features, f"heads.{name}") for name in OTHER_RELATIONS},
        certificates={
            _known(tier, TIERS, "certificates"): strict.certificate(found, f"certificates.{tier}")
            for tier, found in strict.mapping(plain["certificates"], "certificates").items()
        },
        ranges={
            _known(name, CIRCUMSTANCES, "ranges"): _range(found, f"ranges.{name}")
            for name, found in strict.mapping(plain["ranges"], "ranges").items()
        },
    )


def _tables(value: object, features: Sequence[str], path: str) -> AdditiveTables:
    plain = strict.fields(value, "intercept linear features", path)
    found = strict.mapping(plain["features"], f"{path}.features")
    strict.require(tuple(found) == tuple(features), f"{path}.features", "not those of the model, in its order")
    rows = [strict.fields(row, "edges steps centre slope", f"{path}.{name}") for name, row in found.items()]
    linear = strict.number(plain["linear"], f"{path}.linear")
    strict.require(0.0 <= linear <= 1.0, f"{path}.linear", "not in [0, 1]")
    return AdditiveTables(
        intercept=strict.number(plain["intercept"], f"{path}.intercept", limit=LIMIT),
        edges=tuple(_edges(row["edges"], f"{path}.{name}.edges") for name, row in zip(features, rows, strict=True)),
        tables=tuple(_steps(row, f"{path}.{name}.steps") for name, row in zip(features, rows, strict=True)),
        linear=linear,
        centres=_numbers([row["centre"] for row in rows], f"{path}.centre"),
        slopes=_numbers([row["slope"] for row in rows], f"{path}.slope"),
    )


def _edges(value: object, path: str) -> Floats:
    edges = _numbers(value, path)
    strict.require(all(one < other for one, other in itertools.pairwise(edges.tolist())), path, "do not rise")
    return edges


def _steps(row: Any, path: str) -> Floats:
    steps = _numbers(row["steps"], path)
    strict.require(len(steps) == len(row["edges"]) + 1, path, "not one more than there are edges")
    return steps


def _numbers(value: object, path: str) -> Floats:
    found = [strict.number(item, path, limit=LIMIT) for item in strict.sequence(value, path)]
    return np.array(found, np.float64)


def _calibration(value: object) -> Calibration:
    plain = strict.fields(value, "slope offset", "calibration")
    slope, offset = (strict.number(plain[name], f"calibration.{name}", limit=LIMIT) for name in ("slope", "offset"))
    strict.require(slope > 0, "calibration.slope", "not above 0")
    return Calibration(slope, offset)


def _range(value: object, path: str) -> tuple[float, float]:
    pair = strict.sequence(value, path)
    strict.require(len(pair) == 2, path, "not two numbers")
    low, high = (strict.number(item, path, limit=LIMIT) for item in pair)
    strict.require(low <= high, path, "the lowest is above the highest")
    return low, high


def _known(name: str, names: Sequence[str], path: str) -> str:
    strict.require(name in names, path, f"{name!r} is none of {', '.join(names)}")
    return name
