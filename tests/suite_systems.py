"""The systems that ``python -m tests.suite`` knows how to ask. Each is a function from cases and registry to answers.

A peer is asked as its own documentation says, at its own threshold. It is imported when it is asked.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.suite import REGISTRY, Answer, Case, same

Registered = dict[str, Any]
Answers = dict[str, list[Answer]]
# A line of Jaro-Winkler: at the stricter threshold few are wrong, at the other few are missed.
JARO_WINKLER_THRESHOLDS = (0.95, 0.85)
# yente's default for a match, https://www.opensanctions.org/docs/yente/deploy/#settings
NOMENKLATURA_THRESHOLD = 0.7
# impersonation-detector 0.4.0, Thresholds.hold: a person looks before the message is delivered
DETECTOR_THRESHOLD = 0.6
# x-impersonation-guard 0.2: what its queue of low confidence takes, and what its review queue takes, of 100
GUARD_THRESHOLDS = (40, 70)


class NotInstalledError(Exception):
    """A system cannot be asked here."""


def installed(module: str, package: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise NotInstalledError(f"{package} ({error}): pip install {package}") from error


def ours(cases: Sequence[Case], _: Sequence[Registered]) -> Answers:
    """The model that the package ships, as a first start takes it, and the policy's verdict on a suspension.

    With DOUBLECHECK_HOME set, the model that serves there.
    """
    importers = import_module("classifier.importers")
    model_store = import_module("classifier.model_store")
    policy = import_module("classifier.scoring.policy")
    registry = import_module("classifier.registry.registry").Registry
    scorer = import_module("classifier.scoring.scorer").Scorer
    now = datetime.now(UTC)
    home = os.environ.get("DOUBLECHECK_HOME")
    with tempfile.TemporaryDirectory() as temporary:
        store = model_store.ModelStore(Path(home or temporary))
        if not home:
            store.first_start()
        stored = store.load()
    asked = [importers.import_account(case.reported, "doublecheck", now=now).account for case in cases]
    found = scorer(stored.model, stored.model_id, registry.load(REGISTRY, now=now)[0]).assess_many(asked)
    verdicts = [policy.decide(one, "suspend", None, now=now, policy=policy.Policy()).verdict for one in found]
    answers = [
        Answer(one.relation, one.target and one.target.handle, verdict == "cleared", one.impersonation_probability)
        for one, verdict in zip(found, verdicts, strict=True)
    ]
    return {f"doublecheck {stored.model_id[:8]}": answers}


def ranked(score: Callable[[Registered, Case], float], case: Case, registry: Sequence[Registered]) -> tuple[str, float]:
    """The protected account with the highest score, and that score."""
    best = max(registry, key=lambda one: score(one, case))
    return best["handle"], score(best, case)


def answer(case: Case, target: str, score: float, *, threshold: float) -> Answer:
    """What a system that only knows likeness says: the protected account itself, impersonation, or nothing."""
    if same(case.reported["handle"], target):
        return Answer("is_protected", target)
    if score < threshold:
        return Answer("no_target", target, score=score)
    return Answer("impersonation", target, score=score)


def names(account: Registered) -> list[str]:
    """What an account is called: its name, a protected one's aliases, its handle without a server."""
    told = [account.get("display_name"), *account.get("aliases", ()), account["handle"].split("@")[0]]
    return [name for name in told if name]


def jaro_winkler(cases: Sequence[Case], registry: Sequence[Registered]) -> Answers:
    """The highest Jaro-Winkler similarity of handle to handle or of name to name, without case."""
    similarity = installed("rapidfuzz.distance", "rapidfuzz").JaroWinkler.similarity

    def score(one: Registered, case: Case) -> float:
        reported = case.reported
        name = (reported.get("display_name") or "").casefold()
        told = [one.get("display_name"), *one.get("aliases", ())]
        by_name = [similarity(name, text.casefold()) for text in told if text and name]
        return max([similarity(reported["handle"].casefold(), one["handle"].casefold()), *by_name])

    found = [(case, *ranked(score, case, registry)) for case in cases]
    return {
        f"Jaro-Winkler at {threshold}": [answer(*one, threshold=threshold) for one in found]
        for threshold in JARO_WINKLER_THRESHOLDS
    }


def nomenklatura(cases: Sequence[Case], registry: Sequence[Registered]) -> Answers:
    """Its logic-v2 and name-based matchers, over names, aliases and handles as names of a LegalEntity."""
    matching = installed("nomenklatura.matching", "nomenklatura")
    entity = installed("followthemoney", "followthemoney").EntityProxy.from_dict

    def made(told: str, account: Registered) -> Any:
        # It remembers an entity's names by its id, so each id may stand for one account only.
        return entity({"id": told, "schema": "LegalEntity", "properties": {"name": names(account)}})

    protected = [(one["handle"], made(f"protected-{number}", one)) for number, one in enumerate(registry)]
    answers: Answers = {}
    for algorithm in (matching.LogicV2, matching.NameMatcher):
        config = algorithm.default_config()
        given = []
        for case in cases:
            asked = made(case.id, case.reported)
            scores = [(algorithm.compare(asked, one, config).score, handle) for handle, one in protected]
            score, target = max(scores, key=lambda pair: pair[0])
            given.append(answer(case, target, score, threshold=NOMENKLATURA_THRESHOLD))
        answers[f"nomenklatura {version('nomenklatura')} {algorithm.NAME}"] = given
    return answers


def impersonation_detector(cases: Sequence[Case], registry: Sequence[Registered]) -> Answers:
    """One detector a protected account; the profile is asked as a message: name, handle, bio and links."""
    detector = installed("impersonation_detector", "impersonation-detector")
    told_of = [(one["handle"], [*names(one), *map(_host, one.get("links", ()))]) for one in registry]
    protected = [(handle, detector.Detector(told)) for handle, told in told_of]
    given = []
    for case in cases:
        told = case.reported
        message = detector.Message(
            body=told.get("bio", ""), sender_name=told.get("display_name", ""), sender_address=told["handle"],
            links=tuple(told.get("links", ())),
        )  # fmt: skip
        risks = [(one.analyze(message).risk, handle) for handle, one in protected]
        score, target = max(risks, key=lambda pair: pair[0])
        given.append(answer(case, target, score, threshold=DETECTOR_THRESHOLD))
    return {f"impersonation-detector {version('impersonation-detector')}": given}


def x_impersonation_guard(cases: Sequence[Case], registry: Sequence[Registered]) -> Answers:
    """Its score of a candidate against each protected account, as of the day on which the account was seen.

    A declared parody that it would not take to its queue counts as seen. Its picture hash has 64 bits and ours 256, so
    only pictures that are nearly the same count.
    """
    package = "x_impersonation_guard"
    score = installed(f"{package}.scoring", package.replace("_", "-")).score_candidate
    profile = import_module(f"{package}.models").AccountProfile
    settings = import_module(f"{package}.config")
    protected = [
        (one["handle"], _profile(one, profile), settings.ProtectedIdentity.model_construct(display_name=names(one)[0]))
        for one in registry
    ]
    best = []
    for case in cases:
        asked = _profile(case.reported, profile)
        seen = datetime.fromisoformat(case.reported.get("observed_at", "2026-06-01T00:00:00Z"))
        scores = [
            (score(one, asked, identity, settings.ScoringConfig(), now=seen), handle)
            for handle, one, identity in protected
        ]
        known = [pair for pair in scores if _OWN in pair[0].mitigations]
        best.append((case, *max(known or scores, key=lambda pair: pair[0].score)))
    return {
        f"x-impersonation-guard {version('x-impersonation-guard')} at {threshold}": [
            _guarded(*one, threshold=threshold) for one in best
        ]
        for threshold in GUARD_THRESHOLDS
    }


_OWN = "candidate is the protected account"


def _guarded(case: Case, result: Any, target: str, *, threshold: int) -> Answer:
    if _OWN in result.mitigations:
        return Answer("is_protected", target)
    said = answer(case, target, result.score / 100, threshold=threshold / 100)
    declared = any("parody" in mitigation for mitigation in result.mitigations)
    return replace(said, relation="parody_or_fan") if declared and said.relation == "no_target" else said


def _profile(account: Registered, profile: Any) -> Any:
    return profile(
        id=account.get("account_id", f"unknown {account['handle']}"), username=account["handle"],
        name=account.get("display_name", ""), description=account.get("bio", ""),
        verified=account.get("verified") or False, followers_count=account.get("followers", 0),
        following_count=account.get("following", 0), tweet_count=account.get("posts", 0),
        created_at=account.get("created_at"), profile_image_phash=account.get("avatar_pdq"),
    )  # fmt: skip


def _host(link: str) -> str:
    return (urlsplit(link).hostname or "").removeprefix("www.")


SYSTEMS: dict[str, Callable[[Sequence[Case], Sequence[Registered]], Answers]] = {
    "ours": ours,
    "jaro-winkler": jaro_winkler,
    "nomenklatura": nomenklatura,
    "impersonation-detector": impersonation_detector,
    "x-impersonation-guard": x_impersonation_guard,
}
