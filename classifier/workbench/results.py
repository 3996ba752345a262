"""What the calls of the workbench return: objects that show themselves as tables in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from classifier.evaluation.comparison import ALPHAS, compare, trade_off
from classifier.evaluation.evaluate import (
    EVALUATION_SEED,
    Labelled,
    evidence_frame,
)
from classifier.evaluation.metrics import by_family, is_attack, is_found
from classifier.labels.dataset import Labels
from classifier.labels.sources import Rows
from classifier.model_store.training_result import Training
from classifier.promotion.gate import Finding
from classifier.promotion.promote import Examination
from classifier.registry.registry import Registry
from classifier.reports.evaluation_report import lines, write_report
from classifier.reports.mistakes import Mistakes, mistakes_by_family, worst_mistakes
from classifier.scoring.assessment import Assessment
from classifier.scoring.scorer import Scorer
from classifier.training.train import genuine_scores

# Figures that a short view has.
_SHOWN = ("auc", "impersonation_with_right_target", "genuine_called_impersonation")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model that was trained and not stored yet, what it learned from, and lines on what that was read from."""

    training: Training
    registry: Registry | None = None
    labels: Labels = field(default_factory=Labels)
    read: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Trained:
    """A model that was trained and stored.

    Attributes
    ----------
    is_serving : bool
        Whether it was made the one that serves.
    examination : Examination
        What the gate found and what it looked at; empty where it was not asked.
    read : tuple of str
        Lines on what its labels were read from.
    """

    model_id: str
    training: Training
    is_serving: bool
    examination: Examination = field(default=Examination(()), repr=False)
    read: tuple[str, ...] = ()

    def __repr__(self) -> str:
        against = ", ".join(finding.code for finding in self.findings)
        state = "serving" if self.is_serving else f"not serving{against and f': {against}'}"
        return f"<Trained {self.model_id}, {state}; certified: {', '.join(self.training.model.certificates) or 'none'}>"

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the gate has against it; empty also where the gate was not asked."""
        return self.examination.findings

    @property
    def questions(self) -> pd.DataFrame:
        """What the gate asked in the order of harm: both models' shares, bounds, margin, answer, what is noticed."""
        return self.examination.frame()

    @property
    def certificates(self) -> pd.DataFrame:
        """The certificate of each tier that has one: a tier that is not there has nobody cleared."""
        found = self.training.model.certificates
        names = ["alpha", "delta", "n", "errors", "threshold", "population"]
        rows = [[getattr(certificate, name) for name in names] for certificate in found.values()]
        return pd.DataFrame(rows, columns=names, index=pd.Index(list(found), name="tier"))

    def _repr_html_(self) -> str:
        serving = "serving" if self.is_serving else "not serving"
        against = "".join(f"<li>{finding.code}: {escape(finding.text)}</li>" for finding in self.findings)
        among = "; ".join(f"{tier}: {one}" for tier, one in self.certificates["population"].items())
        table = self.certificates.drop(columns="population").rename_axis(None).to_html()
        asked = self.questions.to_html(index=False, float_format="{:.4f}".format) if self.examination.answers else ""
        return f"<p>Model <code>{self.model_id}</code>, {serving}</p><ul>{against}</ul>{asked}{table}<p>{among}</p>"


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What a model said of labelled accounts.

    Attributes
    ----------
    scorer : Scorer
    labelled : list of Labelled
    results : DataFrame
        Of ``evaluate.assess_labelled``: what ``plots`` draws.
    measured : dict
        Of ``evaluate.measured``: everything the report says.
    read : list of str
        Lines on what the labels were read from; none where the cases were simulated.
    sources : list of path or DataFrame
        What they were read from.
    """

    scorer: Scorer
    labelled: Sequence[Labelled]
    results: pd.DataFrame
    measured: dict[str, Any]
    read: Sequence[str] = ()
    sources: Sequence[Rows] = ()

    def __repr__(self) -> str:
        figures = self.measured["figures"]
        shown = ", ".join(f"{name} {figures[name]:.3f}" for name in _SHOWN if figures.get(name) is not None)
        return f"<Evaluation of {self.scorer.model_id} on {len(self.labelled):,} cases: {shown}>"

    @property
    def cases(self) -> pd.DataFrame:
        """The results with ``platform``, ``handle`` and ``target`` of each case first.

        The index is that of the DataFrame that the cases are from, or the rows of the file, from 1; of several, both
        levels. Cases that are unclear are not there. It holds handles: ``results`` has none.
        """
        who = [(one.account.platform, one.account.handle, one.target) for one in self.labelled]
        named = pd.DataFrame(who, columns=["platform", "handle", "target"], index=self.results.index)
        return pd.concat([named, self.results], axis=1).set_axis(self._index(), axis=0)

    def _index(self) -> pd.Index:
        places = [one.place for one in self.labelled if one.place is not None]
        if len(places) < len(self.labelled):
            return self.results.index
        if len(self.sources) == 1 and isinstance(source := self.sources[0], pd.DataFrame):
            return source.index.take([row - 1 for _, row in places])
        if len(self.sources) == 1:
            return pd.Index([row for _, row in places], name="row")
        found = [(number, _label(self.sources[number], row)) for number, row in places]
        return pd.MultiIndex.from_tuples(found, names=["source", "row"])

    @property
    def families(self) -> pd.DataFrame:
        """The shares of every family of cases."""
        return by_family(self.results)

    @property
    def figures(self) -> pd.Series:
        """All figures over the whole set."""
        return pd.Series(self.measured["figures"], name="measured")

    @cached_property
    def worst(self) -> Mistakes:
        """The worst mistakes with their evidence, as the report shows them."""
        return worst_mistakes(self.scorer, self.labelled, self.results)

    def mistakes(self, *, each: int = 3) -> pd.DataFrame:
        """Return the worst mistakes of every family with their evidence."""
        return mistakes_by_family(self.scorer, self.labelled, self.results, each=each)

    def explain(self, place: int) -> tuple[Assessment, pd.DataFrame]:
        """Return the assessment of one case, by its place in ``results``, and its evidence as a DataFrame."""
        found = self.scorer.assess(self.labelled[place].account)
        return found, evidence_frame(found)

    def compare(self, other: Evaluation, *, by: str = "family") -> pd.DataFrame:
        """Return what changes from this model to another that was evaluated on the same cases."""
        return compare(self.results, other.results, by=by)

    def thresholds(
        self, *, alphas: Sequence[float] = ALPHAS, delta: float = 0.05, seed: int = EVALUATION_SEED + 1
    ) -> pd.DataFrame:
        """Return what each alpha costs in missed attacks, certified on one genuine account of each protected one."""
        attacks = self.results[is_attack(self.results)]
        scores = attacks["clearing_probability"].where(is_found(attacks), 0.0)
        genuine = genuine_scores(self.scorer, seed=seed)
        return trade_off(scores, genuine, alphas=alphas, delta=delta)

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        return lines(self.measured)

    def write(self, path: Path | str, *, accounts: bool = True) -> None:
        """Write the report (.html) or the figures (.json); ``accounts=False`` shows no mistakes."""
        write_report(Path(path), self.measured, self.results, self.worst if accounts else None)

    def _repr_html_(self) -> str:
        return self.figures.to_frame().to_html(float_format="{:.4f}".format)


def _label(source: Rows, row: int) -> Any:
    """Return what a reader calls a row: by its label in a DataFrame, by its number in a file."""
    return source.index[row - 1] if isinstance(source, pd.DataFrame) else row


@dataclass(frozen=True, slots=True)
class Card:
    """A model card."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text
