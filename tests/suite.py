"""The public suite (``data/SUITE.md``), run on any system.

    python -m tests.suite                          ours (the shipped model) and Jaro-Winkler
    python -m tests.suite SYSTEM ...               these, of ``suite_systems.SYSTEMS``
    python -m tests.suite --answers NAME=FILE      any system's answers, a JSON line a case, in order
    python -m tests.suite --reported FILE          write what a system is asked: the reported accounts, in order
    python -m tests.suite --kinds                  one row a kind rather than a group of kinds

It prints Markdown tables. Peers are optional: one that is not installed is left out, with the reason. Without ours, the
standard library is enough, so peers run in an environment of their own.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data"
CASES = DATA / "suite.jsonl"
REGISTRY = DATA / "suite.registry.jsonl"
# At this share of the genuine cases flagged, systems are compared whatever their own thresholds are.
EQUAL_FLAGGED = 0.03
# Cases around one protected account are no independent ones, so whole accounts are drawn: so often, from this seed.
RESAMPLES, SEED = 1_000, 17

ATTACKS = {
    "look-alike and hidden letters": (
        "lookalike_letters_handle", "lookalike_letters_name", "styled_letters", "hidden_characters",
    ),
    "typing errors, affixes": ("typosquat", "affix"),
    "the name": ("name_clone", "name_parts_digits", "other_script"),
    "copies": ("copied_profile", "private_person_clone", "local_business_clone"),
    "office, organisation": ("title_alone", "organisation_alone", "organisation_and_title"),
    "said beside the name": ("asks_as_the_name", "name_in_bio_alone", "messenger_link"),
    "support": ("support_desk", "brand_abbreviated_or_broken"),
    "lures": ("private_backup_fanmail", "recovery_lure", "giveaway_lure"),
    "declared parody that asks": ("parody_with_ask",),
    "old or hijacked": ("old_or_hijacked",),
    "another platform": ("cross_platform",),
    "handle or name alone": ("handle_alone", "name_alone"),
}  # fmt: skip
GENUINE = {
    "namesakes": (
        "namesake", "namesake_accents", "namesake_with_name_handle", "one_letter_apart", "same_profession",
        "role_word_name",
    ),
    "institutions and their desks": ("sibling_institution", "own_support_desk"),
    "the owner's and the family's": ("second_account", "family_member", "after_hack", "moved_or_bridged"),
    "the protected account itself": ("protected_itself", "renamed"),
    "declared parody": ("parody",),
    "fans, updates, critics": ("fan", "updates", "critic"),
    "talkers, repliers": ("talker", "replier"),
    "shared words, coincidences": ("generic_word_business", "coincidental_handle"),
    "ordinary": ("ordinary",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A reported account with the right answer.

    Attributes
    ----------
    side : {"attack", "genuine"}
    kind, difficulty, why : str
        ``difficulty`` is "plain", "hard" or "undecidable"; of the last kind only "must not be cleared" is known.
    reported : dict
        The account's columns, as ``data/schema.json`` has them.
    relations : tuple of str
        Every relation that is right.
    target : str or None
        The protected account's handle, where the right answer names it.
    also : tuple of str
        Other protected accounts that are as right: a president and the presidency.
    may_be_cleared : bool
        False for every genuine account.
    near : str or None
        The protected account that the case was written around.
    """

    id: str
    side: str
    kind: str
    difficulty: str
    reported: dict[str, Any]
    relations: tuple[str, ...]
    target: str | None
    may_be_cleared: bool
    near: str | None
    why: str
    also: tuple[str, ...] = ()

    @property
    def decidable(self) -> bool:
        return self.difficulty != "undecidable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of a case; ``score`` orders cases by how surely they are impersonation, in [0, 1]."""

    relation: str
    target: str | None = None
    cleared: bool = False
    score: float = 0.0


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def cases(path: Path = CASES) -> list[Case]:
    return [
        Case(**{name: value for name, value in row.items() if name != "expected"}, **_expected(row["expected"]))
        for row in rows(path)
    ]


def _expected(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "relations": tuple(told["relations"]), "also": tuple(told.get("also", ()))}


# --- what is counted --------------------------------------------------------------------------------------------------

Pair = tuple[Case, Answer]


def same(one: str | None, other: str | None) -> bool:
    """Handles are compared as people read them: without case and a leading @."""
    return (one or "").casefold().lstrip("@") == (other or "").casefold().lstrip("@")


def found(case: Case, answer: Answer) -> bool:
    """The right target is named, whatever the relation."""
    return any(same(right_target, answer.target) for right_target in (case.target, *case.also))


def called(case: Case, answer: Answer) -> bool:
    """The attack is called impersonation, of the right target."""
    return answer.relation == "impersonation" and found(case, answer)


def flagged(_: Case, answer: Answer) -> bool:
    """Called impersonation, of whomever."""
    return answer.relation == "impersonation"


def right(case: Case, answer: Answer) -> bool:
    """The relation is one that is right, and so is the target where impersonation is."""
    return answer.relation in case.relations and (answer.relation != "impersonation" or found(case, answer))


def cleared(_: Case, answer: Answer) -> bool:
    return answer.cleared


def is_parody(case: Case) -> bool:
    return case.relations == ("parody_or_fan",)


def share(pairs: Iterable[Pair], counts: Callable[[Case, Answer], bool]) -> str:
    """The share among the decidable cases, as ".93"; a dash where there are none."""
    of = [counts(case, answer) for case, answer in pairs if case.decidable]
    return _short(_share_of([of])) if of else "-"


def with_interval(pairs: Iterable[Pair], counts: Callable[[Case, Answer], bool]) -> str:
    """The share with its 95 % interval by protected account, as ".46 (.40-.52)"."""
    of = [(case.near or case.id, counts(case, answer)) for case, answer in pairs if case.decidable]
    around: dict[str, list[bool]] = {}
    for near, counted in of:
        around.setdefault(near, []).append(counted)
    drawn = random.Random(SEED)  # noqa: S311 - no secret
    shares = sorted(_share_of(drawn.choices(list(around.values()), k=len(around))) for _ in range(RESAMPLES))
    bounds = (shares[int(RESAMPLES * at)] for at in (0.025, 0.975))
    return f"{_short(_share_of(around.values()))} ({'-'.join(map(_short, bounds))})"


def _share_of(groups: Iterable[list[bool]]) -> float:
    counted = [one for group in groups for one in group]
    return sum(counted) / len(counted)


def _short(number: float) -> str:
    return f"{number:.2f}".removeprefix("0")


def called_at_equal(pairs: Sequence[Pair]) -> tuple[float, float]:
    """The share of attacks with the right target and a score above that of all but ``EQUAL_FLAGGED`` of the genuine.

    Returns
    -------
    share, threshold : float
    """
    decidable = [pair for pair in pairs if pair[0].decidable]
    genuine = sorted((answer.score for case, answer in decidable if case.side == "genuine"), reverse=True)
    threshold = genuine[int(EQUAL_FLAGGED * len(genuine))]
    attacks = [found(*pair) and pair[1].score > threshold for pair in decidable if pair[0].side == "attack"]
    return sum(attacks) / len(attacks), threshold


def wrongly_cleared(pairs: Iterable[Pair]) -> list[str]:
    """The ids of cases that were cleared and may not be: the list must be empty."""
    return [case.id for case, answer in pairs if answer.cleared and not case.may_be_cleared]


# --- what is printed --------------------------------------------------------------------------------------------------

SUMMARY = (
    "| system | attacks found | called | called at 3 % flagged | genuine flagged | parody seen | genuine right | "
    "**cleared, may not be** | attacks cleared |\n|---|---|---|---|---|---|---|---|---|"
)


def summary_row(name: str, pairs: Sequence[Pair]) -> str:
    attacks = [pair for pair in pairs if pair[0].side == "attack"]
    genuine = [pair for pair in pairs if pair[0].side == "genuine"]
    parodies = [pair for pair in genuine if is_parody(pair[0])]
    equal, threshold = called_at_equal(pairs)
    cells = [
        name, share(attacks, found), with_interval(attacks, called), f"{_short(equal)} (above {threshold:.3f})",
        with_interval(genuine, flagged), share(parodies, right), share(genuine, right),
        str(len(wrongly_cleared(pairs))), share(attacks, cleared),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def part(title: str, groups: dict[str, tuple[str, ...]], systems: dict[str, list[Pair]], *, attack: bool) -> list[str]:
    """One table: a row a group, and for each system found / called, or flagged / answered right."""
    words = "found / called" if attack else "flagged / right"
    heads = " | ".join(f"{name}: {words}" for name in systems)
    lines = [f"| {title} | n | {heads} |", "|---|---|" + "---|" * len(systems)]
    for group, kinds in groups.items():
        chosen = {name: [pair for pair in pairs if pair[0].kind in kinds] for name, pairs in systems.items()}
        number = sum(case.decidable for case, _ in next(iter(chosen.values())))
        first, second = (found, called) if attack else (flagged, right)
        cells = [f"{share(pairs, first)} / {share(pairs, second)}" for pairs in chosen.values()]
        lines.append(f"| {group} | {number} | {' | '.join(cells)} |")
    return lines


def one_by_one(groups: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {kind: (kind,) for kinds in groups.values() for kind in kinds}


def tables(systems: dict[str, list[Pair]], *, kinds: bool = False) -> str:
    by = one_by_one if kinds else dict
    return "\n".join([
        SUMMARY, *(summary_row(name, pairs) for name, pairs in systems.items()), "",
        *part("attacks", by(ATTACKS), systems, attack=True), "",
        *part("genuine", by(GENUINE), systems, attack=False),
    ])  # fmt: skip


def read_answers(path: Path) -> list[Answer]:
    """Read answers: ``relation``, and ``target_handle``, ``verdict``, ``impersonation_probability`` or ``score``."""
    return [
        Answer(
            row.get("relation") or "no_target", row.get("target_handle"), row.get("verdict") == "cleared",
            float(row.get("impersonation_probability") or row.get("score") or 0),
        )
        for row in rows(path)
    ]  # fmt: skip


def paired(those: Sequence[Case], answers: Sequence[Answer]) -> list[Pair]:
    if len(those) != len(answers):
        raise SystemExit(f"{len(answers)} answers to {len(those)} cases: one a case, in order")
    return list(zip(those, answers, strict=True))


def main() -> None:
    from tests.suite_systems import SYSTEMS, NotInstalledError  # noqa: PLC0415 - it imports this file

    parser = argparse.ArgumentParser(prog="python -m tests.suite", description="The public suite on any system.")
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help=f"of {', '.join(SYSTEMS)}")
    parser.add_argument("--answers", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--reported", type=Path, metavar="FILE")
    parser.add_argument("--kinds", action="store_true")
    told = parser.parse_args()
    those, registry = cases(), rows(REGISTRY)
    if told.reported:
        lines = (json.dumps(case.reported, ensure_ascii=False) for case in those)
        told.reported.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return
    results: dict[str, list[Pair]] = {}
    for name in told.systems or ([] if told.answers else ["ours", "jaro-winkler"]):
        try:
            results |= {shown: paired(those, given) for shown, given in SYSTEMS[name](those, registry).items()}
        except NotInstalledError as missing:
            print(f"left out: {missing}", file=sys.stderr)
    for name, _, file in (one.partition("=") for one in told.answers):
        results[name] = paired(those, read_answers(Path(file)))
    if not results:
        raise SystemExit("no system answered")
    print(tables(results, kinds=told.kinds))
    for name, pairs in results.items():
        for case in wrongly_cleared(pairs):
            print(f"{name} cleared {case}, which may not be", file=sys.stderr)


if __name__ == "__main__":
    main()
