"""The account head as a text that people can read: one JSON file with the steps, the points and what they rest on.

The default scorecard is part of the package, learned from public research sets by
``python -m tests.real_accounts --write``; a stored model has the one it was trained with. A scorecard holds aggregate
figures only, and no step of fewer than ``MIN_STEP_ACCOUNTS`` accounts. Reading checks everything and refuses what it
does not know: a scorecard that breaks R7, or of other features than this code computes, is no scorecard.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any, cast

from classifier.errors import FeatureMismatchError, ModelError
from classifier.model import strict_json as strict
from classifier.model.account_features import PROFILE_FEATURES, PROFILE_NAMES, ProfileFeature
from classifier.model.account_model import LADDER, MIN_STEP_ACCOUNTS, AccountModel, LearnedFrom, Steps
from classifier.model.platt import Calibration

FORMAT = 2
ABOUT = (
    "How likely an account is bought, spam or automated, from its profile alone. Each count falls into the step that "
    "begins at or below it; the points of all features add up (a missing count has 0, as has a feature without steps, "
    "of which too little was learned); slope * points + offset are the log-odds, as many inauthentic as genuine "
    "accounts supposed. The account is flagged when its probability is above the certificate's threshold. Outside "
    "'known' and on other platforms there is no answer."
)
# Points beyond these would be no power of ten of a count below 10^10, and could overflow the sigmoid.
_POINTS_LIMIT, _SLOPE_LIMIT = 20.0, 20.0


@cache
def default_account_model() -> AccountModel:
    """Return the scorecard of the package.

    Raises
    ------
    ModelError
        If the installed file is damaged.
    """
    return read_scorecard((files("classifier.model") / "scorecards" / "account.json").read_text(encoding="utf-8"))


def write_scorecard(model: AccountModel) -> str:
    """Return the model as JSON, one step a line, ending in a line break."""
    lines = [
        f'  "format": {FORMAT},',
        f'  "about": {json.dumps(ABOUT)},',
        f'  "learned_from": {_listed([asdict(source) for source in model.learned_from])},',
        f'  "platforms": {json.dumps(sorted(model.platforms))},',
        f'  "features": {{\n{_features(model)}\n  }},',
        f'  "calibration": {json.dumps({"slope": model.calibration.slope, "offset": model.calibration.offset})},',
        f'  "certificate": {json.dumps(None if model.certificate is None else model.certificate.plain())}',
    ]
    return "\n".join(["{", *lines, "}", ""])


def _features(model: AccountModel) -> str:
    return ",\n".join(
        f'    "{name}": {{"known": {json.dumps(list(steps.known))}, "steps": {_listed(_rows(steps), "    ")}}}'
        for name, steps in model.steps.items()
    )


def _rows(steps: Steps) -> list[dict[str, float]]:
    columns = zip(steps.edges, steps.points, steps.accounts, strict=True)
    return [{"from": edge, "points": points, "accounts": accounts} for edge, points, accounts in columns]


def _listed(items: list[dict[str, Any]], indent: str = "  ") -> str:
    return "[\n" + ",\n".join(f"{indent}  {json.dumps(item)}" for item in items) + f"\n{indent}]"


def read_scorecard(text: str | bytes) -> AccountModel:
    """Read and check a scorecard.

    Raises
    ------
    FeatureMismatchError
        If it has other features than ``PROFILE_NAMES``, or in another order.
    ModelError
        If it is no JSON of this format, or anything in it cannot be: a field too many or too few, a number that is
        not finite, steps out of order or too small, points that rise, a certificate that its sample cannot give.
    """
    try:
        return _model(strict.parsed(text))
    except strict.MALFORMED as error:
        raise ModelError(
            "the scorecard of the account head is malformed: install the package again, or train again"
        ) from error


def _model(plain: Any) -> AccountModel:
    strict.fields(plain, "format about learned_from platforms features calibration certificate")
    if plain["format"] != FORMAT:
        raise ModelError(
            f"the scorecard has another format than {FORMAT}: use the version of doublecheck that wrote it"
        )
    if tuple(plain["features"]) != PROFILE_NAMES:
        raise FeatureMismatchError("the scorecard has other features than this version computes: train again")
    strict.fields(plain["calibration"], "slope offset")
    slope, offset = (strict.number(plain["calibration"][name]) for name in ("slope", "offset"))
    _require(0 < slope <= _SLOPE_LIMIT and abs(offset) <= _POINTS_LIMIT)
    _require(all(type(name) is str and name for name in plain["platforms"]))
    return AccountModel(
        steps={feature.name: _steps(feature, plain["features"][feature.name]) for feature in PROFILE_FEATURES},
        calibration=Calibration(slope, offset),
        certificate=None if plain["certificate"] is None else strict.certificate(plain["certificate"]),
        platforms=frozenset(plain["platforms"]),
        learned_from=tuple(_learned_from(source) for source in plain["learned_from"]),
    )


def _steps(feature: ProfileFeature, plain: Any) -> Steps:
    strict.fields(plain, "known steps")
    for row in plain["steps"]:
        strict.fields(row, "from points accounts")
    edges = tuple(strict.count(row["from"]) for row in plain["steps"])
    points = tuple(strict.number(row["points"]) for row in plain["steps"])
    accounts = tuple(strict.count(row["accounts"]) for row in plain["steps"])
    known = tuple(map(strict.count, plain["known"]))
    if feature.start > 0 and not edges:
        _require(known == (0, 0))
        return Steps((), (), (), (0, 0))
    _require(len(edges) > 0 and edges[0] == 0 and set(edges) <= set(LADDER))
    _require(all(one < other for one, other in itertools.pairwise(edges)))
    # Never rising; never falling where more of it is suspicious.
    _require(all(feature.weight * (one - other) >= 0.0 for one, other in itertools.pairwise(points)))
    _require(all(score == 0.0 for edge, score in zip(edges, points, strict=True) if edge < feature.start))
    _require(max(map(abs, points)) <= _POINTS_LIMIT and min(accounts) >= MIN_STEP_ACCOUNTS)
    _require(len(known) == 2 and known[0] < known[1])
    _require(known[0] == 0 or not (feature.standing or feature.start > 0))
    return Steps(edges, points, accounts, cast("tuple[int, int]", known))


def _learned_from(plain: Any) -> LearnedFrom:
    strict.fields(plain, "source genuine inauthentic citation")
    citation = plain["citation"]
    _require(isinstance(citation, str))
    return LearnedFrom(
        strict.text(plain["source"]), strict.count(plain["genuine"]), strict.count(plain["inauthentic"]), citation
    )


def _require(holds: bool) -> None:
    strict.require(holds, "scorecard", "a value cannot be")
