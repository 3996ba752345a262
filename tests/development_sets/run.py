"""Every development set asked of a model: one row a case."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
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
from tests.real_data import GENUINE, accounts, public

Which = Literal["public", "own"]
_NOW = datetime(2026, 12, 1, tzinfo=UTC)
_FAKES, _ORDINARY = "impersonation/fake_support_2022.jsonl", GENUINE["ordinary"]


def run(
    scorer_model: PairModel,
    model_id: str,
    data: Path,
    *,
    registry: Which = "public",
    only: Collection[str] = (),
    progress: bool = False,
) -> pd.DataFrame:
    """Ask a model about every development set; whoever asks several keeps a ``Runner``.

    Nothing of any set is used to fit a model: all of them are held out, each source and each target.

    Parameters
    ----------
    data : Path
        The directory of the sets, laid out as ``tests.development_sets.sets`` reads it.
    registry : {"public", "own"}
        Whether each set's protected accounts stand among the public ones, or alone. A set without any is asked of the
        public ones.
    only : collection of str
        Names of sets; by default all that are there.

    Returns
    -------
    DataFrame
        One row a case, without any handle or text of an account: ``set``, ``pooled``, ``label``, ``kind``, ``group`` (a
        number within the set: cases of one target or family share it), ``found`` (the target is the right one),
        ``called`` (impersonation, of the right target), ``called_any`` (impersonation of anybody), ``parody`` (called
        so), ``relation``, ``probability``, ``jw`` and ``jw_found`` (the peer's score, and whether its best is the right
        one), ``verdict``, ``verdict_completed`` (with ids, audience and dates invented where they are missing) and
        ``cleared`` (either verdict is that).
    """
    return Runner(data).run(scorer_model, model_id, registry=registry, only=only, progress=progress)


class Runner:
    """The sets of one directory, read, completed and indexed once, to ask several models."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._prepared = cache(self._prepare)

    @cached_property
    def _source(self) -> Source:
        return Source(self._data, public(self._data))

    @cached_property
    def _as_is(self) -> _Public:
        return _Public(self._source.public)

    @cached_property
    def _complete(self) -> _Public:
        return _Public(Registry(map(registered, self._source.public.accounts)))

    @cached_property
    def _elsewhere(self) -> dict[bool, list[Standing]]:
        """What is drawn from where a set does not tell its own, by whether for attacks."""
        fakes, ordinary = self._data / _FAKES, self._data / _ORDINARY
        return {
            True: standings([case.account for case in read_cases(fakes)]) if fakes.exists() else [],
            False: standings(accounts(ordinary)) if ordinary.exists() else [],
        }

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
        """Ask a model, as the function does."""
        rows: list[dict[str, Any]] = []
        chosen = [name for name in self.names if not only or name in only]
        with tqdm(chosen, desc="development sets", unit="set", disable=not progress) as bar:
            for name in bar:
                bar.set_postfix_str(name)
                for part in self._prepared(name, registry):
                    rows += part.rows(model, model_id)
        found = pd.DataFrame(rows)
        found["group"] = found.groupby("set")["group"].transform(lambda groups: pd.factorize(groups)[0])
        return found

    def _prepare(self, name: str, which: Which) -> list[_Prepared]:
        read = dict(every(self._source))[name]
        return [self._ready(part, which) for part in read()]

    def _ready(self, part: DevelopmentSet, which: Which) -> _Prepared:
        own = list(part.registry)
        index = self._index(self._as_is, part, own, which)
        peers = own or index.registry.accounts
        scores, places = peer.jaro_winkler([case.account for case in part.cases], peers)
        return _Prepared(
            part,
            index,
            self._index(self._complete, part, list(map(registered, own)), which),
            self._completed(part.cases),
            scores.tolist(),
            [_is_target(case, peers[place]) for case, place in zip(part.cases, places.tolist(), strict=True)],
        )

    def _index(
        self, base: _Public, part: DevelopmentSet, own: Sequence[ProtectedAccount], which: Which
    ) -> CandidateIndex:
        if own and (part.alone or which == "own"):
            return CandidateIndex(Registry(own))
        return base.index(own, part.strangers())

    def _completed(self, cases: Sequence[Case]) -> list[Account]:
        found: dict[int, Account] = {}
        for attacks in (True, False):
            places = [place for place, case in enumerate(cases) if (case.label in ATTACKS) is attacks]
            made = completed([cases[place].account for place in places], self._elsewhere[attacks])
            found.update(zip(places, made, strict=True))
        return [found[place] for place in range(len(cases))]


class _Public:
    """The public accounts, indexed once; registries of sets are changes of them."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._keys = {key_of(one): (one.platform, one.handle) for one in registry.accounts}

    @cached_property
    def _index(self) -> CandidateIndex:
        return CandidateIndex(self._registry)

    def index(self, own: Sequence[ProtectedAccount], strangers: Collection[tuple[str, str]]) -> CandidateIndex:
        """Return the index with a set's accounts and without strangers; where both have an account, the set's stays."""
        gone = [self._keys[key] for key in sorted(strangers) if key in self._keys]
        return self._index.after(self._registry.changed(own, gone)) if own or gone else self._index


@dataclass(frozen=True)
class _Prepared:
    """A set with all that does not depend on the model; the last four by case."""

    part: DevelopmentSet
    as_is: CandidateIndex
    complete: CandidateIndex
    accounts: Sequence[Account]
    peer_scores: Sequence[float]
    peer_found: Sequence[bool]

    def rows(self, model: PairModel, model_id: str) -> Iterator[dict[str, Any]]:
        cases = self.part.cases
        answers = Scorer(model, model_id, self.as_is).assess_many([case.account for case in cases], explain=False)
        complete = Scorer(model, model_id, self.complete).assess_many(self.accounts, explain=False)
        columns = (cases, answers, complete, self.peer_scores, self.peer_found)
        for case, answer, other, score, found in zip(*columns, strict=True):
            row = {"set": self.part.name, "pooled": self.part.pooled, **_told(case), **_answered(case, answer)}
            yield row | {"jw": score, "jw_found": found} | _verdicts(answer, other)


def _told(case: Case) -> dict[str, Any]:
    return {"label": case.label, "kind": case.kind, "group": case.group}


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
    }


def _verdicts(*found: Assessment) -> dict[str, Any]:
    said = [decide(one, "suspend", None, now=_NOW, policy=Policy()).verdict for one in found]
    return {"verdict": said[0], "verdict_completed": said[1], "cleared": "cleared" in said}


def _is_target(case: Case, target: ProtectedAccount) -> bool:
    platform = case.account.platform
    same = platform is None or platform == target.platform
    return case.target is not None and same and identity_key(case.target) == identity_key(target.handle)
