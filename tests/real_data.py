"""Figures on real accounts: ``python -m tests.real_data [DIRECTORY]`` prints them, aggregates only.

The data is not part of the project. DIRECTORY (default ``../shared/data``) holds ``registry/public_handles.csv``,
``congress/``, ``profiles/``, ``genuine/``, ``impersonation/`` and ``pairs/lookalike_handles.csv``. Nothing of it is
used to fit the model that is judged.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from classifier.accounts.account import Account, ProtectedAccount, as_protected, as_reported
from classifier.evaluation.evaluate import assess_labelled, read_labelled
from classifier.evaluation.metrics import by_family
from classifier.importers import read_accounts
from classifier.model.account_model import AUDIENCE
from classifier.model_store import ModelStore, StoredModel
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from classifier.storage.paths import DEFAULT_HOME

DATA = Path(__file__).parents[1].parent / "shared" / "data"
NOW = datetime.now(UTC)
GENUINE = {
    "congress, 2017": "congress/x_v1_profiles.jsonl",
    "verified, 2020": "profiles/verified_2020_x_v1.jsonl",
    "ordinary": "profiles/ordinary_x_v2.jsonl",
}


def accounts(path: Path) -> list[Account]:
    return [one.account for one in read_accounts(path, now=NOW) if one.account is not None]


def public(data: Path) -> Registry:
    return Registry.load(data / "registry" / "public_handles.csv", now=NOW)[0]


def without(registry: Registry, others: Iterable[Account]) -> list[ProtectedAccount]:
    """The protected accounts that are none of the others, so that these are strangers to the registry."""
    handles = {account.handle.casefold() for account in others}
    return [account for account in registry.accounts if account.handle.casefold() not in handles]


def answers(stored: StoredModel, protected: Iterable[ProtectedAccount], reported: Sequence[Account]) -> Counter[str]:
    """How often each relation and each verdict was the answer."""
    scorer = Scorer(stored.model, stored.model_id, Registry(protected))
    found = scorer.assess_many(reported)
    verdicts = (decide(one, "suspend", None, now=NOW, policy=Policy()).verdict for one in found)
    return Counter([*(one.relation for one in found), *verdicts])


def alone(stored: StoredModel, reported: Sequence[Account]) -> Counter[str]:
    """How often each answer was given about the account alone, and how often to whom the certificate speaks of."""
    head = stored.model.account
    if head is None:
        return Counter({"no answer": len(reported)})
    found: Counter[str] = Counter()
    for account, one in zip(reported, head.assess_many(reported), strict=True):
        answer = {True: "inauthentic", False: "not inauthentic", None: "no answer"}[one.inauthentic]
        found[answer] += 1
        if (account.followers or 0) >= AUDIENCE:
            found[f"{answer}, {AUDIENCE} followers or more"] += 1
    return found


def offices_and_campaigns(data: Path) -> tuple[list[Account], list[Account]]:
    """The office accounts of people who also have a campaign account, and those campaign accounts."""
    profiles = {one.account_id: one for one in accounts(data / GENUINE["congress, 2017"])}
    offices, campaigns = [], []
    for line in (data / "congress" / "people_accounts.jsonl").read_text(encoding="utf-8").splitlines():
        own = [one for one in json.loads(line)["accounts"] if one["id"] in profiles]
        kinds = [[profiles[one["id"]] for one in own if one["account_type"] == kind] for kind in ("office", "campaign")]
        if all(kinds):
            offices += kinds[0]
            campaigns += kinds[1]
    return offices, campaigns


def undeclared_campaigns(stored: StoredModel, data: Path, *, badge: bool) -> tuple[int, Counter[str]]:
    """Campaign accounts reported while only the office accounts, with their profiles, are registered."""
    offices, campaigns = offices_and_campaigns(data)
    protected = {account.handle.casefold(): as_protected(account) for account in offices}
    others = without(public(data), [*offices, *campaigns])
    reported = campaigns if badge else [replace(account, verified=False) for account in campaigns]
    return len(reported), answers(stored, [*others, *protected.values()], reported)


def target_ranks(registry: Registry, data: Path) -> list[int | None]:
    """The place of the target among the candidates, from 1, for each look-alike impersonation.

    Targets that the registry's file lacks are added, by their handle alone.
    """
    labelled = read_labelled(data / "pairs" / "lookalike_handles.csv", now=NOW, platform="x")
    attacks = [one for one in labelled if one.label == "impersonation"]
    targets = [ProtectedAccount(platform="x", handle=one.target) for one in attacks]
    missing = {one.handle.casefold(): one for one in targets if registry.identify(as_reported(one)) is None}
    index = CandidateIndex(registry.changed(missing.values()))
    ranks: list[int | None] = []
    for one in attacks:
        found = [found.view.account.handle.casefold() for found in index.find(one.account)]
        ranks.append(found.index(one.target.casefold()) + 1 if one.target.casefold() in found else None)
    return ranks


def resembling(stored: StoredModel, protected: Iterable[ProtectedAccount], handles: Iterable[str]) -> list[str | None]:
    """Whose handle each handle would be taken for, if anybody's."""
    scorer = Scorer(stored.model, stored.model_id, Registry(protected))
    found = [scorer.nearest_handle(Account(platform="x", handle=handle)) for handle in handles]
    return [one.protected.handle.casefold() if one and one.resembles else None for one in found]


def typosquats(data: Path) -> list[tuple[str, str]]:
    """Handles of typosquats of exchanges' accounts, each with its target's."""
    lines = (data / "impersonation" / "exchange_typosquats.jsonl").read_text(encoding="utf-8").splitlines()
    rows = map(json.loads, lines)
    return [(row["handle"], row["target_handle"]) for row in rows if row["label"] == "impersonation"]


def print_handles(stored: StoredModel, registry: Registry, data: Path) -> None:
    """Print how many handles alone resemble a protected one: of real accounts, and of attacks on it."""
    for name, file in (GENUINE | {"who replies, 2026": "genuine/repliers_2026.jsonl"}).items():
        some = accounts(data / file)
        found = resembling(stored, without(registry, some), [account.handle for account in some])
        print(f"handles of {name}: {sum(map(bool, found))} of {len(found)} resemble a protected one")
    labelled = read_labelled(data / "pairs" / "lookalike_handles.csv", now=NOW, platform="x")
    pairs = {label: [(one.account.handle, one.target) for one in labelled if one.label == label]
             for label in ("impersonation", "unrelated")}  # fmt: skip
    kinds = {"look-alikes": pairs["impersonation"], "coincidences": pairs["unrelated"], "typosquats": typosquats(data)}
    for name, attacks in kinds.items():
        targets = {target.casefold(): ProtectedAccount(platform="x", handle=target) for _, target in attacks}
        known = {account.handle.casefold() for account in registry.accounts}
        added = registry.changed([one for handle, one in targets.items() if handle not in known]).accounts
        found = resembling(stored, added, [handle for handle, _ in attacks])
        right = sum(one == target.casefold() for one, (_, target) in zip(found, attacks, strict=True))
        print(f"handles, {name}: {sum(map(bool, found))} of {len(found)} resemble one, {right} the target's")


def main() -> None:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    home = Path(os.environ.get("DOUBLECHECK_HOME", DEFAULT_HOME)).expanduser()
    stored = ModelStore(home).load()
    registry = public(data)
    print(f"model {stored.model_id}, {len(registry):,} protected accounts\n")
    for name, file in GENUINE.items():
        reported = accounts(data / file)
        print(f"{name}, registered as they are: {dict(answers(stored, registry.accounts, reported))}")
        print(f"{name}, taken out of the registry: {dict(answers(stored, without(registry, reported), reported))}")
        print(f"{name}, the account alone: {dict(alone(stored, reported))}")
    for badge in (True, False):
        number, found = undeclared_campaigns(stored, data, badge=badge)
        print(f"{number} undeclared campaign accounts, {'as they are' if badge else 'badge hidden'}: {dict(found)}")
    ranks = target_ranks(registry, data)
    print(f"targets of {len(ranks)} look-alike impersonations, by place among the candidates: {dict(Counter(ranks))}")
    print_handles(stored, registry, data)
    labelled = read_labelled(data / "pairs" / "lookalike_handles.csv", now=NOW, platform="x")
    results = assess_labelled(Scorer(stored.model, stored.model_id, registry), labelled)
    handles = {account.handle.casefold() for account in registry.accounts}
    known = [one.target.casefold() in handles for one in labelled]
    print("\nlook-alike handles, all:\n", by_family(results).round(3).to_string(index=False))
    print("\nthose whose target is registered:\n", by_family(results[known]).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
