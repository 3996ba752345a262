from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pandas as pd
import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.evaluation.evaluate import Labelled, assess_labelled, labelled_cases, measured
from classifier.evaluation.requirements import parse_bound
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.reports.mistakes import Mistakes, worst_mistakes
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate

HOSTILE = "<script>alert(1)</script>"


class Evaluated(NamedTuple):
    """What a report is made of."""

    scorer: Scorer
    labelled: list[Labelled]
    results: pd.DataFrame
    measured: dict[str, Any]
    mistakes: Mistakes


@pytest.fixture(scope="session")
def evaluated(small_training: Training, registry: Registry, president: ProtectedAccount) -> Evaluated:
    """Simulated cases around some accounts, and two with the texts of an attacker in every field."""
    scorer = Scorer(small_training.model, "small", registry)
    hostile = Account(platform="x", handle=f"{president.handle}_{HOSTILE}", display_name=HOSTILE, bio=HOSTILE)
    labelled = [
        *labelled_cases(simulate([president, *registry.accounts[:10]], seed=3)),
        Labelled(hostile, president.handle, "unrelated", f"{HOSTILE} $\\frac$"),
        Labelled(Account(platform="x", handle=HOSTILE), f"@{HOSTILE}", "impersonation", "$x_ 日本"),
    ]
    results = assess_labelled(scorer, labelled)
    bounds = [parse_bound("auc>=0.5"), parse_bound("genuine_called_impersonation<=0")]
    found = measured(scorer, results, source=f"labelled accounts of {HOSTILE}", now=datetime.now(UTC), bounds=bounds)
    return Evaluated(scorer, labelled, results, found, worst_mistakes(scorer, labelled, results))
