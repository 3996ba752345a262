"""One home directory, and one method for each command.

Examples
--------
>>> import tempfile
>>> from classifier.registry.dataframes import registry_frame
>>> from classifier.simulation.population import invent_registry
>>> bench = Workbench(tempfile.mkdtemp())
>>> bench.import_registry(registry_frame(invent_registry(30, seed=1))).platforms
('x',)
>>> trained = bench.train(bench.registry(), seed=1)
>>> trained.model_id == bench.current_id()
True
>>> bench.score_frame(pd.DataFrame({"handle": ["somebody_else"], "platform": ["x"]}))["verdict"].tolist()
['needs_review']
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard, Unpack, cast

import pandas as pd

from classifier.accounts.canonical.accounts import named_account
from classifier.batch import Batch, Progress, Summary, score_files
from classifier.batch.dataframes import score_frame as score_accounts
from classifier.errors import RegistryError
from classifier.evaluation import evaluate as evaluation
from classifier.evaluation import own_accounts
from classifier.evaluation.evaluate import (
    EVALUATION_SEED,
    assess_labelled,
    measured,
    read_labelled_files,
)
from classifier.evaluation.requirements import Bound, parse_bound
from classifier.labels.accounts import read_labelled_accounts
from classifier.labels.dataset import Labels, read_labels
from classifier.labels.sources import name_of
from classifier.model import account_model
from classifier.model.account_model import AccountModel
from classifier.model_store import ModelStore, StoredModel, Who
from classifier.model_store.glance import glances
from classifier.model_store.manifest_diff import differences
from classifier.promotion import promote as promotion
from classifier.promotion import report
from classifier.promotion.gate import Finding
from classifier.promotion.promote import Examination
from classifier.registry.dataframes import protected_of, registry_frame, registry_of
from classifier.registry.registry import Registry
from classifier.reports.model_card import about_uses, cards
from classifier.scoring.scorer import Scorer
from classifier.simulation import SHARE_OF_ATTACKS, Case, sample_files
from classifier.simulation.population import invent_registry
from classifier.storage.home import load_registry, refuse_rejected, refuse_writing, registry_store
from classifier.storage.paths import DEFAULT_HOME
from classifier.training.registry_quality import shortcomings
from classifier.training.train import DEFAULT_SEED, GIVEN_WEIGHT, train
from classifier.utils.interrupts import not_interrupted
from classifier.utils.progress import bar
from classifier.workbench.certified import Certified, Tier
from classifier.workbench.import_preview import ImportPreview
from classifier.workbench.options import FitOptions, Rows, ScoreOptions
from classifier.workbench.results import Card, Evaluation, Fitted, Trained

Protected = Registry | Rows


def _never(_: int) -> bool:
    return False


def _on_stderr(line: str) -> None:
    print(f"Warning: {line}", file=sys.stderr)


class Workbench:
    """One home directory, and one method for each command.

    Parameters
    ----------
    home : path, optional
        Where models, keys and the registry are kept; created when something is first written. By default what the
        environment says in ``DOUBLECHECK_HOME``, or else ``~/.doublecheck``, as on the command line.
    """

    def __init__(self, home: Path | str | None = None) -> None:
        self.home = Path(home or os.environ.get("DOUBLECHECK_HOME") or DEFAULT_HOME).expanduser()
        self.store = ModelStore(self.home)

    def __repr__(self) -> str:
        return f"Workbench({str(self.home)!r})"

    # --- training and measuring --------------------------------------------------------------------------------------

    def train(
        self, registry: Protected | None = None, *, promote: bool = True, **options: Unpack[FitOptions]
    ) -> Trained:
        """Train a model, store it and, if the gate finds nothing against it, make it the one that serves.

        Interrupted at any moment, it leaves the store as it was. ``options`` are those of ``fit``.
        """
        return self.keep(self.fit(registry, **options), promote=promote, progress=options.get("progress", False))

    def fit(
        self,
        registry: Protected | None = None,
        *,
        account: AccountModel | Rows | Sequence[Rows] | None = None,
        label: str | None = None,
        pairs: Rows | Sequence[Rows] | Labels | Sequence[Case] | None = None,
        kind: str | None = None,
        platform: str | None = None,
        weight: float = GIVEN_WEIGHT,
        seed: int = DEFAULT_SEED,
        tell: Callable[[str], object] = _on_stderr,
        progress: bool = False,
    ) -> Fitted:
        """Train a model over simulated attacks.

        Parameters
        ----------
        registry : Registry, path or DataFrame, optional
            The protected accounts; by default an invented population, or the imported ones where ``pairs`` are given.
        account : AccountModel, path or DataFrame, or several, optional
            The head for the account alone, or labelled accounts to learn it from.
        label : {"fake", "genuine"}, optional
            For tables of public sets that do not tell.
        pairs : path, DataFrame, Labels or sequence of Case, or several, optional
            Your own labelled accounts with ``target_handle`` and ``label``, to learn from as well.
        kind : str, optional
            One of ``votes.KINDS`` for all ``pairs``, where their columns do not tell.
        platform : str, optional
            Of labelled rows that name none.
        weight : float
            How many simulated cases each of your own counts as, from 1 to 1,000.
        tell : callable
            Called before training with each sentence on what the registry lacks; by default they go to standard error.
        """
        # The quick part first: labels that cannot be used are refused before a minute or two of training.
        head, read = self._head(account, platform, label, progress)
        # Pairs need the registry that their targets are in: the imported one where none is named.
        known = None if registry is None and pairs is None else self.registry(registry)
        given = self._given(pairs, known, kind, platform, progress)
        for line in () if known is None else shortcomings(known):
            tell(f"the registry to train around: {line}")
        training = train(known, account=head, given=given, weight=weight, seed=seed, progress=progress)
        about = training.facts.get("given", {})
        used = (about_uses(about["uses"], about["weight"]),) if "uses" in about else ()
        return Fitted(training, known, given, (*read, *given.lines(), *used))

    def keep(self, fitted: Fitted, *, promote: bool = True, progress: bool = False) -> Trained:
        """Store a trained model and, if the gate finds nothing against it, make it the one that serves."""
        before = self.store.ids()
        with not_interrupted():
            model_id = self.store.add(fitted.training, documents=cards)
        try:
            examination = self._examined(model_id, fitted, progress) if promote else Examination(())
        except BaseException:  # Ctrl-C too: nothing was decided, so nothing is kept
            if model_id not in before:
                self.store.discard(model_id)
            raise
        with not_interrupted():
            findings = examination.findings
            serves = promote and promotion.promote(self.store, model_id, findings, who=Who.of_system(), at=_now())
        return Trained(model_id, fitted.training, serves, examination, fitted.read)

    def evaluate(
        self,
        pairs: Rows | Sequence[Rows] = (),
        *,
        kind: str | None = None,
        registry: Protected | None = None,
        model_id: str | None = None,
        platform: str | None = None,
        seed: int = EVALUATION_SEED,
        require: Sequence[Bound | str] = (),
        progress: bool = False,
    ) -> Evaluation:
        """Measure a model on accounts it has never seen, from report to verdict.

        Parameters
        ----------
        pairs : path or DataFrame, or several, optional
            Labelled accounts with ``target_handle`` and ``label``; by default simulated ones.
        kind : str, optional
            One of ``votes.KINDS`` for all ``pairs``, where their columns do not tell.
        registry : Registry, path or DataFrame, optional
            By default the imported one for ``pairs``, and an invented one to simulate around.
        model_id : str, optional
            By default the one that serves: the one that ships with the package, until another is promoted.
        require : sequence of Bound or str
            As "auc>=0.9"; ``measured["bounds"]`` tells which are met.
        """
        at = _now()
        bounds = [parse_bound(bound) if isinstance(bound, str) else bound for bound in require]
        read: list[str] = []
        if rows := _several(pairs):
            known = self.registry(registry)
            labelled, read = read_labelled_files(rows, kind=kind, now=at, platform=platform)
            source = f"labelled accounts of {', '.join(map(name_of, rows))}"
        else:
            invented = registry is None
            known = invent_registry(evaluation.IDENTITIES, seed) if invented else self.registry(registry)
            labelled = evaluation.simulated_cases(known, seed=seed)
            source = f"simulated around protected accounts, seed {seed}"
        scorer = self.scorer(known, model_id=model_id)
        results = assess_labelled(scorer, labelled, progress=progress)
        mix = None if rows else SHARE_OF_ATTACKS
        found = measured(scorer, results, source=source, now=at, bounds=bounds, attacks=mix)
        return Evaluation(scorer, labelled, results, found, read, rows)

    def certify(
        self,
        genuine: Rows | Sequence[Rows],
        *,
        registry: Protected | None = None,
        model_id: str | None = None,
        format: str | None = None,  # noqa: A002 - the option's name everywhere else
        platform: str | None = None,
        dry_run: bool = False,
        progress: bool = False,
    ) -> Certified:
        """Certify a model on your own genuine accounts: of simulated certificate and own accounts the stricter holds.

        Parameters
        ----------
        genuine : path or DataFrame, or several
            Accounts that are genuine; those of the registry are left out.
        registry : Registry, path or DataFrame, optional
            By default the imported one.
        model_id : str, optional
            By default the one that serves.
        format, platform : str, optional
            Of the accounts; of rows that name none.
        dry_run : bool
            Keep nothing. Otherwise it is signed, logged and counts from now on, and nothing takes it back.

        Raises
        ------
        InputError
            If no account counts, or the model learned from a file.
        """
        wanted, at, who = self.store.wanted(model_id), _now(), Who.of_system()
        stored, before = self.store.load(wanted, as_certified=True), self.store.load(wanted).model.certificates
        protected = registry_store(self.home).open().index if registry is None else self.registry(registry)
        measured = own_accounts.measure(
            _several(genuine),
            stored,
            Scorer(stored.model, wanted, protected),
            now=at,
            by=who.name,
            format=format,
            platform=platform,
            progress=partial(bar, desc="certifying", unit="row", shown=progress),
        )
        if not dry_run:
            with not_interrupted():
                self.store.certify(measured.certificate, who=who, at=at)
        tiers = {
            tier: Tier(one, measured.certificate.tiers[tier], before[tier].in_force if tier in before else 1.0)
            for tier, one in stored.model.certificates.items()
        }
        return Certified(measured, tiers, kept=not dry_run)

    # --- scoring -----------------------------------------------------------------------------------------------------

    def score(
        self,
        inputs: Sequence[Path | str] | Path | str,
        output: Path | str,
        *,
        watch: Callable[[Progress], object] = id,
        **options: Unpack[ScoreOptions],
    ) -> Summary:
        """Score files into a file; ``options`` are those of ``batch.Batch``."""
        several = [inputs] if isinstance(inputs, Path | str) else inputs
        batch = Batch(inputs=[str(item) for item in several], output=str(output), home=self.home, **options)
        return score_files(batch, watch=watch)

    def score_frame(
        self,
        frame: pd.DataFrame,
        *,
        registry: Protected | None = None,
        model_id: str | None = None,
        platform: str | None = None,
        format: str | None = None,  # noqa: A002 - the option's name everywhere else
    ) -> pd.DataFrame:
        """Score a DataFrame of accounts: a row of answers for each, under its index; notes and counts in ``attrs``.

        Raises and warns as ``batch.dataframes.score_frame``, which explains ``platform``, ``format`` and the columns.
        """
        scorer = self.scorer(registry, model_id=model_id)
        return score_accounts(frame, scorer, platform=platform, format=format)

    def scorer(self, registry: Protected | None = None, *, model_id: str | None = None) -> Scorer:
        """Return the scorer of a model, by default of the one that serves, over a registry, by default the imported."""
        stored = self.store.load(self.store.wanted(model_id))
        protected = registry_store(self.home).open().index if registry is None else self.registry(registry)
        return Scorer(stored.model, stored.model_id, protected, withdrawn=stored.withdrawn)

    # --- the registry ------------------------------------------------------------------------------------------------

    def registry(self, given: Protected | None = None) -> Registry:
        """Return the imported registry, or the one that is given as a path or a DataFrame."""
        if isinstance(given, Registry):
            return given
        if isinstance(given, pd.DataFrame):
            return registry_of(given, now=_now())
        return load_registry(self.home, None if given is None else Path(given), now=_now())

    def protected(self, given: Protected | None = None) -> pd.DataFrame:
        """Return the protected accounts as a DataFrame."""
        return registry_frame(self.registry(given))

    def import_registry(
        self,
        given: Protected,
        *,
        platform: str | None = None,
        skip_rejected: bool = False,
        allow_removals: bool = False,
        pictures: Path | None = None,
        tell: Callable[[str], object] = id,
        preview: bool = False,
        confirm: Callable[[int], bool] = _never,
        progress: bool = False,
    ) -> Registry:
        """Import protected accounts, replacing those before.

        Parameters
        ----------
        platform : str, optional
            For rows that name none.
        skip_rejected : bool
            Import the rest of a file although its rejected rows are then unprotected.
        allow_removals : bool
            Import although accounts of the registry before are not in it.
        pictures : Path, optional
            Where the files are that the column ``avatar_file`` names; by default beside the file.
        tell : callable
            Called with each line of the report on a file, and of the preview.
        preview : bool
            Tell first what is withdrawn, protects less or resembles a protected account, which takes a moment.
        confirm : callable
            Asked where accounts would be removed, with their number, unless ``allow_removals``.

        Raises
        ------
        RegistryError
            If a row was rejected or an account would be removed.
        """
        if isinstance(given, Path | str):
            registry, found = Registry.load(Path(given), now=_now(), platform=platform, pictures=pictures)
            for line in found.lines():
                tell(line)
            if found.rejected and not skip_rejected:
                raise RegistryError(
                    "nothing was imported: correct the rejected rows, or leave them unprotected with --skip-rejected"
                )
        elif isinstance(given, pd.DataFrame):
            registry = registry_of(given, now=_now(), platform=platform)
        else:
            registry = given
        before = registry_store(self.home).before()
        if before is not None:
            found_out = ImportPreview.of(before, registry)
            for line in found_out.lines(self.scorer) if preview else ():
                tell(line)
            _refuse_removals(len(found_out.withdrawn), lambda count: allow_removals or confirm(count))
        stages = ("packing", "indexing")
        bars = (bar(total=len(registry), desc=stage, unit="account", shown=progress) for stage in stages)
        with next(bars) as packed, next(bars) as indexed:
            registry_store(self.home).replace(registry, watch=indexed.update, watch_encoded=packed.update)
        return registry

    def put(self, given: Protected, *, platform: str | None = None) -> tuple[int, Registry]:
        """Add protected accounts, each in the place of the one with its id or handle; return how many, and all.

        Parameters
        ----------
        platform : str, optional
            For rows that name none.
        """
        if isinstance(given, pd.DataFrame):
            accounts = protected_of(given, now=_now(), platform=platform)
        elif isinstance(given, Registry):
            accounts = list(given)
        else:
            loaded, found = Registry.load(Path(given), now=_now(), platform=platform)
            refuse_rejected(found)
            accounts = list(loaded)
        return len(accounts), registry_store(self.home).change(accounts).index.registry

    def withdraw(self, handles: Sequence[str] | str, *, platform: str) -> Registry:
        """Protect accounts no longer."""
        several = [handles] if isinstance(handles, str) else handles
        named = [named_account(platform, handle) for handle in several]
        return registry_store(self.home).change(withdraw=named).index.registry

    def export_registry(self, output: Path | str, given: Protected | None = None) -> Registry:
        """Write the protected accounts to a CSV, JSONL or Parquet file by its ending."""
        registry = self.registry(given)
        refuse_writing(Path(output), self.home)
        registry.save(Path(output))
        return registry

    # --- the models --------------------------------------------------------------------------------------------------

    def models(self) -> pd.DataFrame:
        """Return the models, one row each, the latest first.

        Returns
        -------
        DataFrame
            ``model_id``, ``stored_at`` (UTC), whether ``serving``, ``served_before`` or ``shipped``, ``seed``,
            ``identities`` and ``labels`` of the training, ``certified`` (alpha by tier) and ``withdrawn`` (reason by
            tier), ``error`` where it cannot be used, and its figures on held-out cases, each in a column. Figures of
            models that were measured on other cases do not compare: ``evaluate`` two on the same.
        """
        return pd.DataFrame(
            [
                {
                    "model_id": one.model_id,
                    "stored_at": pd.Timestamp(one.stored_at),
                    "serving": one.is_serving,
                    "served_before": one.served_before,
                    "shipped": one.is_shipped,
                    "seed": one.seed,
                    "identities": one.identities,
                    "labels": one.labels,
                    "certified": dict(one.certified),
                    "withdrawn": dict(one.withdrawn),
                    "error": one.error,
                    **one.figures,
                }
                for one in glances(self.store)
            ]
        ).astype({"seed": "Int64", "identities": "Int64", "labels": "Int64", "error": "string"})

    def current_id(self) -> str:
        """Return the id of the model that serves."""
        return self.store.current_id()

    def show(self, model_id: str | None = None) -> dict[str, Any]:
        """Return the manifest of a model, by default of the one that serves, after checking signature and digest."""
        return self.store.verify(self.store.wanted(model_id))

    def verify(self, model_id: str | None = None) -> str:
        """Check signature and digest of a model without loading it, and return its id; raises ModelError."""
        wanted = self.store.wanted(model_id)
        self.store.verify(wanted)
        return wanted

    def load(self, model_id: str | None = None) -> StoredModel:
        """Verify and load a model, by default the one that serves."""
        return self.store.load(self.store.wanted(model_id))

    def promote(
        self,
        model_id: str,
        *,
        pairs: Rows | Sequence[Rows] = (),
        kind: str | None = None,
        registry: Protected | None = None,
        platform: str | None = None,
        tell: Callable[[str], object] = id,
        progress: bool = False,
    ) -> tuple[Finding, ...]:
        """Make a stored model serve unless the gate finds something against it, and return what it found.

        Parameters
        ----------
        pairs : path or DataFrame, or several, optional
            Labelled accounts to compare on as well, of targets in ``registry``, by default the imported one.
        tell : callable
            Called with each line of what the gate looked at: every question, what it would have noticed, and what
            the cases cannot tell.
        """
        model_id, rows = self.store.wanted(model_id), _several(pairs)
        known = self.registry(registry) if rows else None
        found = promotion.examine(
            self.store, model_id, registry=known, pairs=rows, kind=kind, platform=platform, progress=progress
        )
        for line in report.lines(found):
            tell(line)
        with not_interrupted():
            promotion.promote(self.store, model_id, found.findings, who=Who.of_system(), at=_now())
        return found.findings

    def rollback(self, model_id: str | None = None) -> str:
        """Make a model serve again that served before, by default the last one, and return its id."""
        with not_interrupted():
            return self.store.roll_back(model_id and self.store.wanted(model_id), who=Who.of_system(), at=_now())

    def diff(self, a: str, b: str | None = None) -> pd.DataFrame:
        """Return how model ``a`` differs from ``b``, by default the serving one: ``part``, ``name``, ``a``, ``b``."""
        rows = differences(self.show(a), self.show(b))
        return pd.DataFrame(rows, columns=["part", "name", "a", "b"])

    def card(self, model_id: str | None = None) -> Card:
        """Return the model card, which a notebook shows."""
        return Card(self.store.card(self.store.wanted(model_id), ".md"))

    # --- samples -----------------------------------------------------------------------------------------------------

    @staticmethod
    def sample(output: Path | str = "data") -> list[Path]:
        """Write the invented sample files and return their paths."""
        return sample_files.write(Path(output))

    def _head(
        self, account: AccountModel | Rows | Sequence[Rows] | None, platform: str | None, label: str | None, watch: bool
    ) -> tuple[AccountModel | None, list[str]]:
        if account is None or isinstance(account, AccountModel):
            return account, []
        found = read_labelled_accounts(_several(account), now=_now(), platform=platform, label=label, progress=watch)
        head = account_model.fit(found.accounts, found.labels, found.sources)
        return head, [source.line() for source in found.files]

    def _examined(self, model_id: str, fitted: Fitted, progress: bool) -> Examination:
        given = fitted.labels.cases
        return promotion.examine(self.store, model_id, registry=fitted.registry, given=given, progress=progress)

    def _given(
        self,
        pairs: Rows | Sequence[Rows] | Labels | Sequence[Case] | None,
        registry: Registry | None,
        kind: str | None,
        platform: str | None,
        progress: bool,
    ) -> Labels:
        if pairs is None or registry is None:
            return Labels()
        if _is_rows(pairs):
            rows = _several(pairs)
            return read_labels(rows, registry, kind=kind, now=_now(), platform=platform, progress=progress)
        return Labels.of(cast(Labels | Sequence[Case], pairs))


def _refuse_removals(removed: int, allow: Callable[[int], bool]) -> None:
    if removed and not allow(removed):
        raise RegistryError(
            f"nothing was imported: {removed:,} accounts of the registry before are not in this file and would be "
            "unprotected; add them, or remove them with --allow-removals"
        )


def _now() -> datetime:
    return datetime.now(UTC)


def _is_rows(given: object) -> TypeGuard[Rows | Sequence[Rows]]:
    """Tell rows, or a sequence of them, from cases."""
    several = given if isinstance(given, list | tuple) else [given]
    return bool(several) and isinstance(several[0], Path | str | pd.DataFrame)


def _several(given: Rows | Sequence[Rows]) -> list[Path | pd.DataFrame]:
    several = [given] if isinstance(given, Path | str | pd.DataFrame) else given
    return [item if isinstance(item, pd.DataFrame) else Path(item) for item in several]
