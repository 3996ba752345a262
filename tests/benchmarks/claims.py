"""Accounts that claim an identity in words: ``python -m tests.benchmarks.claims`` prints what is made of them.

The handle tells nothing; the name, a role or the bio does. Held out: written from public warnings and platform rules,
by somebody who had not seen the simulation that the model learns from, and never used to fit or tune. Over an invented
registry, and over real ones where ``tests.real_data`` finds them (aggregates only).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from classifier.accounts.account import Account, ProtectedAccount, as_protected
from classifier.model_store import ModelStore, StoredModel
from classifier.registry.registry import Registry
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from classifier.storage.paths import DEFAULT_HOME
from tests.benchmarks.claims_fill import Family, Subject, bare, choose, families, fill, subject
from tests.benchmarks.claims_people import FAKER_OF, NOW, faker_of, invent
from tests.benchmarks.claims_profile import account
from tests.benchmarks.population import draw_population
from tests.real_data import DATA, GENUINE, accounts, offices_and_campaigns, public, without

PROTECTED, INVENTED, NAMED = (
    400,
    2_000,
    3_000,
)  # protected accounts, others with roles and bios, others with a name only
BATCH = 100
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One account with its label; ``target`` is whom it imitates, belongs to, mocks, or is confused with."""

    account: Account
    target: ProtectedAccount | None
    label: str
    family: str


def cases(protected: Sequence[ProtectedAccount], seed: int, each: int) -> Iterator[Case]:
    """Yield up to so many cases of each family; the same for the same arguments, whatever ran before."""
    subjects = [subject(one) for one in protected]
    taken = {_plain(one.handle) for one in protected}
    for number, family in enumerate(families()):
        for turn, locale in enumerate(FAKER_OF.values()):
            faker_of(locale).seed_instance(seed * 1_000_003 + number * 101 + turn)
        fitting = [one for one in subjects if family.about in one.kinds]
        rng = np.random.default_rng((seed, number))
        for _ in range(each):
            found = _case(rng, family, fitting)
            if found is not None and _plain(found.account.handle) not in taken:
                yield found


def _case(rng: np.random.Generator, family: Family, fitting: Sequence[Subject]) -> Case | None:
    """Return a case of the family about one of those it fits, the first that has what a wording needs."""
    for _ in range(_TRIES):
        about = None
        if family.about != "none":
            if not fitting:
                return None
            about = fitting[int(rng.integers(len(fitting)))]
        line = choose(rng, family, about)
        if line is not None:
            made = account(rng, family.label, family.name, about, fill(rng, line, about))
            return Case(made, about.protected if about else None, family.label, family.name)
    return None


def _plain(handle: str) -> str:
    return "".join(one for one in handle.casefold() if one.isalnum())


def measure(scorer: Scorer, drawn: Sequence[Case], title: str) -> pd.DataFrame:
    """Return one row a case: what the model and the policy make of it."""
    rows = []
    for start in tqdm(range(0, len(drawn), BATCH), desc=title, unit="batch"):
        batch = drawn[start : start + BATCH]
        for case, found in zip(batch, scorer.assess_many([one.account for one in batch]), strict=True):
            is_right = found.target is not None and case.target is not None and found.target == case.target
            verdict = decide(found, "suspend", None, now=NOW, policy=Policy()).verdict
            relation = "unrelated" if found.relation == "no_target" else found.relation
            called = relation == "impersonation"
            rows.append((
                case.label, case.family, is_right, called, called and is_right, relation == case.label,
                relation == "parody_or_fan", relation == "is_protected", verdict == "cleared",
            ))  # fmt: skip
    columns = "label family target called called_right relation parody protected cleared".split()
    return pd.DataFrame(rows, columns=columns)


def table(results: pd.DataFrame) -> str:
    """Return the counts by family."""
    grouped = results.groupby(["label", "family"], sort=False)
    counts = grouped[["target", "called", "called_right", "relation", "cleared"]].sum()
    return str(grouped.size().to_frame("cases").join(counts).reset_index().to_string(index=False))


def totals(results: pd.DataFrame) -> Iterator[str]:
    """Yield a line for each promise."""
    label = results["label"]
    attack, lures = label == "impersonation", results["family"] == "luring_parody"
    declared, unrelated, own = (label == "parody_or_fan") & ~lures, label == "unrelated", label == "same_owner"
    for title, rows, column in (
        ("attacks, target found", attack, "target"),
        ("attacks called impersonation", attack, "called"),
        ("attacks called impersonation of the right target", attack, "called_right"),
        ("attacks cleared for action", attack, "cleared"),
        ("declared parody and fans seen as such", declared, "parody"),
        ("declared parody and fans called impersonation", declared, "called"),
        ("luring parody called impersonation", lures, "called"),
        ("ordinary and unrelated called impersonation", unrelated, "called"),
        ("same owner called impersonation", own, "called"),
        ("same owner seen as such", own, "relation"),
        ("genuine, luring parody left out, cleared for action", ~attack & ~lures, "cleared"),
        ("luring parody cleared for action", lures, "cleared"),
        ("taken for a protected account itself", label != "", "protected"),
    ):
        chosen = results.loc[rows, column]
        yield f"{title}: {chosen.sum()} of {len(chosen)} ({chosen.mean():.1%})" if len(chosen) else f"{title}: none"


def report(stored: StoredModel, registry: Registry, drawn: Sequence[Case], title: str) -> None:
    results = measure(Scorer(stored.model, stored.model_id, registry), drawn, title)
    print(f"\n{title}: {len(registry):,} protected accounts, {len(drawn):,} cases\n{table(results)}")
    print(*totals(results), sep="\n", flush=True)


def over_invented(stored: StoredModel, seed: int, each: int) -> None:
    """Report on people and organisations that nobody knows, with roles, among others."""
    known = invent(PROTECTED + INVENTED, seed)
    drawn = list(cases(known[:PROTECTED], seed, each))
    kept = _beside(known, draw_population(NAMED, seed), drawn)
    report(stored, Registry(kept), drawn, "invented")


def over_real(stored: StoredModel, seed: int, each: int, data: Path) -> None:
    """Report on real public accounts, which have neither roles nor aliases: their bio describes the role."""
    campaigns = offices_and_campaigns(data)[1]  # the same people again: then there is no one right target
    for name in ("congress, 2017", "verified, 2020"):
        read = {_named(one): as_protected(one) for one in accounts(data / GENUINE[name]) if one.display_name}
        known = without(Registry(read.values()), campaigns)
        drawn = list(cases(known, seed, each))
        names = {_named(one) for one in known}
        kept = _beside(known, (one for one in public(data).accounts if not _is_again(one, names)), drawn)
        report(stored, Registry(kept), drawn, name)


def _named(one: Account | ProtectedAccount) -> str:
    return _plain(bare(one.display_name or ""))


def _is_again(one: ProtectedAccount, names: Collection[str]) -> bool:
    """Whether it may be another account of somebody of these names, by its name or handle."""
    handle = _plain(one.handle)
    return _named(one) in names or any(len(name) > 7 and name in handle for name in names)


def _beside(
    known: Sequence[ProtectedAccount], others: Iterable[ProtectedAccount], drawn: Sequence[Case]
) -> list[ProtectedAccount]:
    """Return the known accounts and those others that are none of them and have no case's handle."""
    targets = {_plain(one.handle) for one in known}
    ids = {one.account_id for one in known}
    reported = {_plain(case.account.handle) for case in drawn}
    mine = [one for one in known if _plain(one.handle) not in reported]
    gone = targets | reported
    return [*mine, *(one for one in others if _plain(one.handle) not in gone and one.account_id not in ids - {None})]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=20, help="cases of each family")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA, help="where the real accounts are")
    options = parser.parse_args()
    home = Path(os.environ.get("DOUBLECHECK_HOME", DEFAULT_HOME)).expanduser()
    stored = ModelStore(home).load()
    print(f"model {stored.model_id}")
    over_invented(stored, options.seed, options.each)
    if not all((options.data / file).exists() for file in ("registry/public_handles.csv", *GENUINE.values())):
        print(f"\nno real accounts in {options.data}: left out")
        return
    over_real(stored, options.seed, options.each, options.data)


if __name__ == "__main__":
    main()
