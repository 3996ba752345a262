"""Which development sets there are, each read from the files of one directory; those whose files are not there are not.

Nothing is fitted on any of them: they are read here and in the other programs of ``tests``, which training does not
import. They were looked at, though, when features were chosen, so that a sealed set may come out lower.
"""

from __future__ import annotations

import csv
import importlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount, as_protected
from classifier.accounts.identity import identity_key
from classifier.registry.registry import Registry
from classifier.simulation.population import invent_handle, invent_organisation, invent_person
from tests import real_data
from tests.development_sets.cases import (
    Case,
    DevelopmentSet,
    distinct,
    hidden_badge,
    independent,
    key_of,
    protected,
    read_cases,
    read_registry,
    reported,
    rows,
)

_LOOKALIKES = {"unrelated": "coincidence"}
# Fuzzers of dnstwist whose results are handles too; those of other domains and subdomains are not.
FUZZERS = (
    "addition", "bitsquatting", "homoglyph", "hyphenation", "insertion", "omission", "plural", "repetition",
    "replacement", "transposition", "vowel-swap",
)  # fmt: skip
PERMUTATIONS = 400
# Names whose permutations are drawn from, and of how many of them also those by look-alike letters: it makes so many
# in other scripts, which are no handles, that one name takes a quarter of a second.
_NAMES, _NAMES_OF_LOOKALIKES = 40, 12
_SLOW = "homoglyph"
_SHORTEST = 4
_INVENTED = 120
_DNSTWIST = "dnstwist"  # the name of its set too, which is not there where the package is not


@dataclass(frozen=True)
class Source:
    """The directory of the sets, and the public registry that most of them are joined with."""

    data: Path
    public: Registry
    by_key: Mapping[tuple[str, str], ProtectedAccount] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {key_of(one): one for one in self.public.accounts})

    def with_targets(self, cases: Sequence[Case], own: Sequence[ProtectedAccount] = ()) -> list[ProtectedAccount]:
        """Return a registry that has every target of cases: as it is registered, or by its handle alone."""
        targets = (
            ProtectedAccount(platform=case.account.platform or "x", handle=case.target) for case in cases if case.target
        )
        return distinct([*own, *(self.by_key.get(key_of(one), one) for one in targets)])


Sets = Iterator[DevelopmentSet]


def every(source: Source) -> Iterator[tuple[str, Callable[[], Sets]]]:
    """Yield name and reader of each set whose files are there; one may yield the set in parts."""
    for path in sorted((source.data / "impersonation").glob("*.jsonl")):
        registry = path.with_suffix(".registry.jsonl")
        if registry.exists():
            yield path.stem, _reader(path, registry)
    for name, files, read in _OTHERS:
        if all((source.data / file).exists() for file in files.split()) and (name != _DNSTWIST or find_spec(name)):
            yield name, _named(read, source, name)


def _reader(path: Path, registry: Path) -> Callable[[], Sets]:
    return lambda: iter([DevelopmentSet(path.stem, read_cases(path), read_registry(registry))])


def _named(read: Callable[[Source, str], Sets], source: Source, name: str) -> Callable[[], Sets]:
    return lambda: read(source, name)


def _namesakes(source: Source, name: str) -> Sets:
    registry = read_registry(source.data / "genuine/namesakes_and_talkers.registry.jsonl")
    yield DevelopmentSet(name, read_cases(source.data / "genuine/namesakes_and_talkers.jsonl"), registry)


def _strangers(file: str) -> Callable[[Source, str], Sets]:
    def read(source: Source, name: str) -> Sets:
        accounts = map(reported, rows(source.data / file))
        yield DevelopmentSet(name, independent(accounts, "genuine"))

    return read


def _profiles(file: str) -> Callable[[Source, str], Sets]:
    def read(source: Source, name: str) -> Sets:
        yield DevelopmentSet(name, independent(real_data.accounts(source.data / file), "genuine"))

    return read


def _brand_support(source: Source, name: str) -> Sets:
    """Read help accounts of brands; where the brand's other account is not told, only other brands are registered."""
    cases = read_cases(source.data / "genuine/brand_support_2017.jsonl")
    brands = source.data / "impersonation/fake_support_2022.registry.jsonl"
    reported = {key_of(case.account) for case in cases}
    known = source.with_targets(cases, read_registry(brands) if brands.exists() else [])
    yield DevelopmentSet(name, cases, [one for one in known if key_of(one) not in reported])


def _government(source: Source, name: str) -> Sets:
    cases = _departments(source)
    yield DevelopmentSet(name, cases, read_registry(source.data / "genuine/government_accounts_2026.registry.jsonl"))


def _government_unregistered(source: Source, name: str) -> Sets:
    registry = read_registry(source.data / "genuine/government_accounts_2026.registry.jsonl")
    others = [
        Case(Account(platform=one.platform, handle=one.handle, display_name=one.display_name), "genuine", "registered",
             (one.display_name or one.handle).casefold())
        for one in registry
    ]  # fmt: skip
    yield DevelopmentSet(name, [*_departments(source), *others])


def _departments(source: Source) -> list[Case]:
    """Return the accounts of one government; what stands for a target there is the department, not a handle."""
    cases = read_cases(source.data / "genuine/government_accounts_2026.jsonl")
    return [Case(one.account, one.label, one.account.platform or "", one.group) for one in cases]


def _lookalikes(source: Source, name: str) -> Sets:
    with (source.data / "pairs/lookalike_handles.csv").open(encoding="utf-8", newline="") as stream:
        cases = [_lookalike(row) for row in csv.DictReader(stream)]
    yield DevelopmentSet(name, cases, source.with_targets(cases))


def _lookalike(row: Mapping[str, str]) -> Case:
    named = {"handle": row["suspended_handle"], "created_at": row["created_date"], "followers": row["followers"]}
    account = reported({"platform": "x", "observed_at": row["report_date"], **named})
    label = _LOOKALIKES.get(row["label"], row["label"])
    return Case(account, label, row["match_rule"], row["target_handle"].casefold(), row["target_handle"])


def _campaigns(source: Source, name: str) -> Sets:
    offices, campaigns = real_data.offices_and_campaigns(source.data)
    registry = distinct(map(as_protected, offices))
    for kind, accounts in (("badge as is", campaigns), ("badge hidden", list(map(hidden_badge, campaigns)))):
        yield DevelopmentSet(f"{name}, {kind}", independent(accounts, "genuine", kind), registry)


def _red_team(file: str) -> Callable[[Source, str], Sets]:
    def read(source: Source, name: str) -> Sets:
        registry = read_registry(source.data / "redteam/registry.jsonl")
        yield DevelopmentSet(name, read_cases(source.data / file, kinds=True), registry, pooled=False)

    return read


def _each_around_its_own(source: Source, name: str) -> Sets:
    """Each case has a registry of its own row among invented others: rows of two cases contradict each other."""
    others = invented(_INVENTED)
    for number, row in enumerate(rows(source.data / "redteam/genuine_cleared.jsonl")):
        own = protected(row["registry"])
        case = Case(reported(row["reported"]), "genuine", "one row", f"case {number}", own.handle)
        yield DevelopmentSet(name, [case], distinct([own, *others]), alone=True, pooled=False)


def invented(number: int) -> list[ProtectedAccount]:
    """Return protected people and organisations that nobody knows, the same at every call."""
    rng = np.random.default_rng(1717)
    personas = [invent_person(rng) if rng.random() < 0.5 else invent_organisation(rng) for _ in range(number)]
    return distinct(
        ProtectedAccount(platform="x", handle=invent_handle(rng, one), display_name=one.name) for one in personas
    )


def _name_pairs(source: Source, name: str) -> Sets:
    """Read names beside names; the reported handle is digits and says nothing. The same name alone is no attack."""
    with (source.data / "names/name_pairs.csv").open(encoding="utf-8", newline="") as stream:
        pairs = [row for row in csv.DictReader(stream) if row["name1"].strip() and row["name2"].strip()]
    names = list(dict.fromkeys(row["name2"] for row in pairs))
    handles = {text: f"p{7_301_113 + 977 * number}" for number, text in enumerate(names)}
    registry = [ProtectedAccount(platform="x", handle=handle, display_name=text) for text, handle in handles.items()]
    yield DevelopmentSet(name, [_name_pair(n, row, handles) for n, row in enumerate(pairs)], registry, pooled=False)


def _name_pair(number: int, row: Mapping[str, str], handles: Mapping[str, str]) -> Case:
    account = Account(platform="x", handle=f"u{4_100_307 + 991 * number}", display_name=row["name1"])
    label = "same name" if row["is_match"].casefold() == "true" else "other name"
    return Case(account, label, row["schema"], row["name2"], handles[row["name2"]])


def _squats(source: Source, name: str) -> Sets:
    with (source.data / "names/package_squats.csv").open(encoding="utf-8", newline="") as stream:
        cases = [_squat(row) for row in csv.DictReader(stream)]
    registry = source.with_targets(cases)
    squatted = set(map(key_of, registry))
    cases = [case for case in cases if key_of(case.account) not in squatted]  # a few are imitated themselves
    yield DevelopmentSet(name, cases, registry, pooled=False)


def _squat(row: Mapping[str, str]) -> Case:
    squat, target = row["malicious_package"], row["target_package"]
    account = Account(platform="x", handle=squat)
    return Case(account, "impersonation", row["classification"], target.casefold(), target)


def _permutations(source: Source, name: str) -> Sets:
    """Draw from what dnstwist makes of registered handles: the handle alone, and with the copied name."""
    drawn = _twisted(source)
    for part in ("handle alone", "with the name"):
        cases = [_twist(*one, with_name=part != "handle alone") for one in drawn]
        yield DevelopmentSet(f"{name}, {part}", cases, source.with_targets(cases), pooled=False)


def _twist(kind: str, handle: str, target: ProtectedAccount, *, with_name: bool) -> Case:
    account = Account(platform="x", handle=handle, display_name=target.display_name if with_name else None)
    return Case(account, "impersonation", kind, target.handle.casefold(), target.handle)


def _twisted(source: Source) -> list[tuple[str, str, ProtectedAccount]]:
    """Return kind, handle and target of permutations that nobody registered, as many of each kind as of the others."""
    rng = random.Random(2017)  # noqa: S311 - no secret
    named = [one for one in source.public.accounts if one.display_name and _is_plain(one.handle)]
    found: dict[str, list[tuple[str, ProtectedAccount]]] = {kind: [] for kind in FUZZERS}
    for number, target in enumerate(rng.sample(named, min(_NAMES, len(named)))):
        for kind, handle in _twists(target.handle.casefold(), slow=number < _NAMES_OF_LOOKALIKES):
            if ("x", identity_key(handle)) not in source.by_key:
                found[kind].append((handle, target))
    each = PERMUTATIONS // len(FUZZERS)
    return [(kind, *one) for kind, made in found.items() for one in rng.sample(made, min(each, len(made)))]


def _is_plain(handle: str) -> bool:
    return handle.isascii() and handle.isalnum() and len(handle) >= _SHORTEST


def _twists(handle: str, *, slow: bool) -> list[tuple[str, str]]:
    fuzzer = importlib.import_module(_DNSTWIST).Fuzzer(f"{handle}.com")
    fuzzer.generate(fuzzers=[kind for kind in FUZZERS if slow or kind != _SLOW])
    made = ((one["fuzzer"], one["domain"].removesuffix(".com").replace("-", "_")) for one in fuzzer.domains)
    return sorted((kind, text) for kind, text in made if kind in FUZZERS and not text.startswith("xn__"))


_OTHERS: tuple[tuple[str, str, Callable[[Source, str], Sets]], ...] = (
    (
        "namesakes and talkers",
        "genuine/namesakes_and_talkers.jsonl genuine/namesakes_and_talkers.registry.jsonl",
        _namesakes,
    ),
    ("repliers", "genuine/repliers_2026.jsonl", _strangers("genuine/repliers_2026.jsonl")),
    ("bluesky popular", "genuine/bluesky_popular_2024.jsonl", _strangers("genuine/bluesky_popular_2024.jsonl")),
    ("brand support", "genuine/brand_support_2017.jsonl", _brand_support),
    (
        "government, one a department registered",
        "genuine/government_accounts_2026.jsonl genuine/government_accounts_2026.registry.jsonl",
        _government,
    ),
    (
        "government, none registered",
        "genuine/government_accounts_2026.jsonl genuine/government_accounts_2026.registry.jsonl",
        _government_unregistered,
    ),
    ("look-alike handles", "pairs/lookalike_handles.csv", _lookalikes),
    *((name, file, _profiles(file)) for name, file in real_data.GENUINE.items()),
    ("campaigns", "congress/people_accounts.jsonl congress/x_v1_profiles.jsonl", _campaigns),
    ("red team, attacks", "redteam/attacks.jsonl redteam/registry.jsonl", _red_team("redteam/attacks.jsonl")),
    ("red team, genuine each", "redteam/genuine_cleared.jsonl", _each_around_its_own),
    (
        "red team, genuine around",
        "redteam/genuine_cleared_around_registry.jsonl redteam/registry.jsonl",
        _red_team("redteam/genuine_cleared_around_registry.jsonl"),
    ),
    ("name pairs", "names/name_pairs.csv", _name_pairs),
    ("package squats", "names/package_squats.csv", _squats),
    (_DNSTWIST, "registry/public_handles.csv", _permutations),
)
