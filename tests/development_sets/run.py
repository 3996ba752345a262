"""Every development set asked of a model: one row a case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from tqdm import tqdm

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.model.pair_model import PairModel
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.assessment import Assessment
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from tests.development_sets import peer
from tests.development_sets.cases import ATTACKS, Case, DevelopmentSet, key_of, read_cases
from tests.development_sets.completed import Standing, completed, registered, standings
from tests.development_sets.sets import Source, every
from tests.real_data import GENUINE, accounts

Which = Literal["public", "own"]
_NOW = datetime(2026, 12, 1, tzinfo=UTC)
_FAKES, _ORDINARY = "impersonation/fake_support_2022.jsonl", GENUINE["ordinary"]


class _Public:
    """The public accounts, indexed once; registries of sets are changes of them."""

    def __init__(self, accounts: Sequence[ProtectedAccount]) -> None:
        self._registry = Registry(accounts)
        self._keys = {key_of(one): (one.platform, one.handle) for one in self._registry.accounts}

    @cached_property
    def _index(self) -> CandidateIndex:
        return CandidateIndex(self._registry)

    def index(self, own: Sequence[ProtectedAccount], strangers: Collection[tuple[str, str]]) -> CandidateIndex:
        """Return the index with a set's accounts and without strangers; where both have an account, the set's stays."""
        gone = [self._keys[key] for key in strangers if key in self._keys]
        return self._index.after(self._registry.changed(own, gone)) if own or gone else self._index


def run(
    scorer_model: PairModel,
    model_id: str,
    data: Path,
    *,
    registry: Which = "public",
    only: Collection[str] = (),
    progress: bool = False,
) -> pd.DataFrame:
    """Ask a model about every development set.

    Nothing of any set is used to fit a model: all of them are held out, each source and each target.

    Parameters
    ----------
    data : Path
        The directory of the sets, laid out as ``tests.development_sets.sets`` reads it.
    registry : {"public", "own"}
        Whether each set's protected accounts stand among the public ones, or alone. A set without any is asked of the
        public ones.
    only : collection of str
        Names of sets; by default all, in the order of ``every``.

    Returns
    -------
    DataFrame
        One row a case, without any handle or text of an account: ``set``, ``pooled``, ``label``, ``kind``, ``group`` (a
        number within the set: cases of one target or family share it), ``found`` (the target is the right one),
        ``called`` (impersonation, of the right target), ``called_any`` (impersonation of anybody), ``parody`` (called
        so), ``relation``, ``probability``, ``jw`` and ``jw_found`` (the peer's score, and whether its best is the right
        one), ``verdict``, ``verdict_completed`` (with ids, audience and dates invented where they are missing) and
        ``cleared`` (either verdict).
    """
    return Runner(data).run(scorer_model, model_id, registry=registry, only=only, progress=progress)


class Runner:
    """The sets of one directory, read and indexed once, to ask several models."""

    def __init__(self, data: Path) -> None:
        public = Registry.load(data / "registry" / "public_handles.csv", now=_NOW)[0]
        self._source = Source(data, public)
        self._elsewhere = {True: _fakes(data), False: _ordinary(data)}
        self._as_is, self._complete = _Public(public.accounts), _Public([registered(one) for one in public.accounts])

    @property
    def names(self) -> list[str]:
        """The names of the sets that are there."""
        return [name for name, _ in every(self._source)]

    def run(
        self,
        model: PairModel,
        model_id: str,
        *,
        registry: Which = "public",
        only: Collection[str] = (),
        progress: bool = False,
    ) -> pd.DataFrame:
        """As the function."""
        chosen = [(name, read) for name, read in every(self._source) if not only or name in only]
        rows: list[dict[str, Any]] = []
        with tqdm(chosen, desc="development sets", unit="set", disable=None if progress else True) as bar:
            for name, read in bar:
                bar.set_postfix_str(name)
                for one in read():
                    rows += self._rows(one, model, model_id, registry)
        found = pd.DataFrame(rows)
        found["group"] = found.groupby("set")["group"].transform(lambda groups: pd.factorize(groups)[0])
        return found

    def _rows(self, one: DevelopmentSet, model: PairModel, model_id: str, which: Which) -> Iterator[dict[str, Any]]:
        own, reported = list(one.registry), [case.account for case in one.cases]
        scorer = Scorer(model, model_id, self._index(self._as_is, one, own, which))
        as_is = scorer.assess_many(reported, explain=False)
        complete = Scorer(model, model_id, self._index(self._complete, one, list(map(registered, own)), which))
        answers = complete.assess_many(self._completed(one.cases), explain=False)
        peers = own or scorer.registry.accounts
        scores, places = peer.jaro_winkler(reported, peers)
        for case, first, second, score, place in zip(
            one.cases, as_is, answers, scores.tolist(), places.tolist(), strict=True
        ):
            yield {
                "set": one.name, "pooled": one.pooled, "label": case.label, "kind": case.kind, "group": case.group,
                **_answered(case, first), "jw": score, "jw_found": _is_target(case, peers[place]),
                "verdict_completed": _verdict(second), "cleared": "cleared" in (_verdict(first), _verdict(second)),
            }  # fmt: skip

    def _index(
        self, public: _Public, one: DevelopmentSet, own: Sequence[ProtectedAccount], which: Which
    ) -> CandidateIndex:
        if own and (one.alone or which == "own"):
            return CandidateIndex(Registry(own))
        return public.index(own, one.strangers())

    def _completed(self, cases: Sequence[Case]) -> list[Account]:
        found: dict[int, Account] = {}
        for attacks in (True, False):
            places = [place for place, case in enumerate(cases) if (case.label in ATTACKS) is attacks]
            made = completed([cases[place].account for place in places], self._elsewhere[attacks])
            found.update(zip(places, made, strict=True))
        return [found[place] for place in range(len(cases))]


def _answered(case: Case, found: Assessment) -> dict[str, Any]:
    right = found.target is not None and _is_target(case, found.target)
    called = found.relation == "impersonation"
    return {
        "found": right,
        "called": right and called,
        "called_any": called,
        "parody": found.relation == "parody_or_fan",
        "relation": found.relation,
        "probability": found.impersonation_probability,
        "verdict": _verdict(found),
    }


def _is_target(case: Case, target: ProtectedAccount) -> bool:
    platform = case.account.platform
    same = platform is None or platform == target.platform
    return case.target is not None and same and identity_key(case.target) == identity_key(target.handle)


def _verdict(found: Assessment) -> str:
    return decide(found, "suspend", None, now=_NOW, policy=Policy()).verdict


def _fakes(data: Path) -> list[Standing]:
    path = data / _FAKES
    return standings([case.account for case in read_cases(path)]) if path.exists() else []


def _ordinary(data: Path) -> list[Standing]:
    path = data / _ORDINARY
    return standings(accounts(path)) if path.exists() else []
