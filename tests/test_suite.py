"""The public suite is what its page says, every case can be read, and nothing genuine in it is cleared by ours."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.importers import import_account, read_protected
from classifier.scoring.assessment import RELATIONS
from tests import suite, suite_systems
from tests.suite import ATTACKS, GENUINE, Answer, Case

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "data" / "SUITE.md").read_text(encoding="utf-8")
NOW = datetime.now(UTC)
CASES = suite.cases()
REGISTERED = suite.rows(suite.REGISTRY)


def protected_handles() -> set[str]:
    """Whatever the registry says is a protected account's: its handle, former ones, those of declared secondaries."""
    told = [[one["handle"], *one.get("former_handles", ()), *one.get("secondary_handles", ())] for one in REGISTERED]
    return {handle.casefold() for handles in told for handle in handles}


def test_every_protected_account_is_read_without_a_note() -> None:
    read = list(read_protected(suite.REGISTRY, now=NOW))
    assert [(one.row, one.error, one.notes) for one in read if one.error or one.notes] == []


def test_every_reported_account_is_read_and_only_disguise_is_noted() -> None:
    read = {case.id: import_account(case.reported, "doublecheck", now=NOW) for case in CASES}
    assert [name for name, one in read.items() if one.error] == []
    noted = {name: one.notes for name, one in read.items() if one.notes}
    assert set(Counter(note for notes in noted.values() for note in notes)) <= {
        "display_name: direction controls removed"
    }


def test_ids_are_unique_and_made_of_the_kind() -> None:
    assert Counter(case.id for case in CASES).most_common(1)[0][1] == 1
    assert [case.id for case in CASES if not re.fullmatch(rf"{case.kind}-\d\d", case.id)] == []


def test_no_account_is_reported_twice() -> None:
    reported = Counter((case.reported["platform"], case.reported["handle"].casefold()) for case in CASES)
    assert [account for account, count in reported.items() if count > 1] == []


def test_every_target_is_registered() -> None:
    handles = {one["handle"] for one in REGISTERED}
    assert len(handles) == len(REGISTERED)
    assert {case.target for case in CASES} - {None} <= handles
    assert {case.near for case in CASES} - {None} <= handles
    assert {handle for case in CASES for handle in case.also} <= handles


def test_every_protected_account_has_cases() -> None:
    assert {one["handle"] for one in REGISTERED} == {case.near for case in CASES} - {None}


def test_no_protected_account_is_among_the_attacks() -> None:
    attacks = [case for case in CASES if case.side == "attack"]
    ids = {one.get("account_id") for one in REGISTERED} - {None}
    assert [case.id for case in attacks if case.reported["handle"].casefold() in protected_handles()] == []
    assert [case.id for case in attacks if case.reported.get("account_id") in ids] == []


def test_relations_are_those_of_an_assessment() -> None:
    assert {relation for case in CASES for relation in case.relations} <= set(RELATIONS)


def test_every_right_answer_agrees_with_itself() -> None:
    assert [case.id for case in CASES if not _agrees(case)] == []


def _agrees(case: Case) -> bool:
    if case.difficulty not in ("plain", "hard", "undecidable") or not case.why.endswith("."):
        return False
    if case.difficulty == "undecidable":
        return len(case.relations) > 1 and case.target is None and not case.may_be_cleared
    if case.side == "attack":
        return case.relations == ("impersonation",) and case.target == case.near is not None
    named = not set(case.relations) <= {"unrelated", "no_target"}
    return "impersonation" not in case.relations and (case.target is not None) == named


def test_nothing_genuine_may_be_cleared() -> None:
    assert [case.id for case in CASES if case.side == "genuine" and case.may_be_cleared] == []


def test_every_kind_is_in_one_group_of_its_side() -> None:
    for side, groups in (("attack", ATTACKS), ("genuine", GENUINE)):
        kinds = [kind for group in groups.values() for kind in group]
        assert Counter(kinds) == Counter({case.kind for case in CASES if case.side == side})


def test_the_page_names_every_kind_with_its_number_of_cases() -> None:
    counts = Counter(case.kind for case in CASES)
    told = {kind: int(number) for kind, number in re.findall(r"^\|[^|]*\| `(\w+)` \| (\d+) \|", PAGE, re.MULTILINE)}
    assert told == counts


def test_the_page_states_the_totals() -> None:
    sides = Counter(case.side for case in CASES)
    undecidable = sum(not case.decidable for case in CASES)
    assert f"| `suite.registry.jsonl` | {len(REGISTERED)} |" in PAGE
    assert f"| `suite.jsonl` | {len(CASES)} |" in PAGE
    assert f"## Attacks: {sides['attack']}\n" in PAGE
    assert f"## Genuine accounts: {sides['genuine']}\n" in PAGE
    assert f"Of {undecidable} undecidable cases" in PAGE
    assert f"of {sum('account_id' in case.reported for case in CASES)} cases with id and dates" in PAGE


def test_the_page_names_every_system() -> None:
    assert f"python -m tests.suite {' '.join(list(suite_systems.SYSTEMS)[1:])}\n" in PAGE


def test_two_thirds_of_the_cases_are_complete() -> None:
    assert 0.6 < sum("account_id" in case.reported for case in CASES) / len(CASES) < 0.75


def test_age_and_audience_alone_tell_little_of_the_genuine() -> None:
    """Or a system would pass that looks at nothing else."""
    full = [case for case in CASES if {"observed_at", "followers"} <= set(case.reported) and case.side == "genuine"]
    new = [case for case in full if case.reported["followers"] < 100 and _days(case) < 365]
    assert len(new) > len(full) / 10


def _days(case: Case) -> int:
    seen, made = (datetime.fromisoformat(case.reported[name]) for name in ("observed_at", "created_at"))
    return (seen - made).days


def test_nothing_that_is_shipped_knows_the_suite() -> None:
    """It is never trained on."""
    paths = [path for top in ("classifier", "service") for path in (ROOT / top).rglob("*.py")]
    assert [path for path in paths if "suite." + "jsonl" in path.read_text(encoding="utf-8")] == []


# --- how it is counted -----------------------------------------------------------------------------------------------

ATTACK = Case("a-01", "attack", "a", "plain", {"handle": "fake"}, ("impersonation",), "Real", True, "Real", "A fake.")
NAMESAKE = Case("n-01", "genuine", "n", "plain", {"handle": "other"}, ("unrelated",), None, False, "Real", "Another.")


def test_an_attack_is_called_only_with_its_target() -> None:
    assert suite.called(ATTACK, Answer("impersonation", "@real"))
    assert not suite.called(ATTACK, Answer("impersonation", "SomebodyElse"))
    assert not suite.called(ATTACK, Answer("unrelated", "Real"))
    assert suite.found(ATTACK, Answer("unrelated", "Real"))
    assert suite.called(replace(ATTACK, also=("Office",)), Answer("impersonation", "Office"))


def test_a_genuine_account_is_flagged_whoever_it_is_said_to_imitate() -> None:
    assert suite.flagged(NAMESAKE, Answer("impersonation", "Anybody"))
    assert not suite.right(NAMESAKE, Answer("impersonation", "Anybody"))
    assert suite.right(NAMESAKE, Answer("unrelated", "Real"))


def test_the_undecidable_count_only_where_they_are_cleared() -> None:
    open_case = replace(NAMESAKE, id="u-01", difficulty="undecidable")
    pairs = [(NAMESAKE, Answer("unrelated")), (open_case, Answer("impersonation", "Real", cleared=True))]
    assert suite.share(pairs, suite.flagged) == ".00"
    assert suite.wrongly_cleared(pairs) == ["u-01"]


def test_an_interval_is_by_protected_account() -> None:
    """A hundred cases around two accounts, all right around one and wrong around the other, say as much as two."""
    around = [
        (replace(ATTACK, near=near), Answer("impersonation", "Real" if near == "A" else "X")) for near in "AB" * 50
    ]
    assert suite.with_interval(around, suite.called) == ".50 (.00-1.00)"
    apart = [(replace(case, near=str(number)), answer) for number, (case, answer) in enumerate(around)]
    low, high = map(float, re.findall(r"\.\d\d", suite.with_interval(apart, suite.called))[1:])
    assert 0.38 <= low < 0.5 < high <= 0.62  # two standard errors of a share of a hundred


def test_at_equal_flags_only_attacks_above_the_genuine_count() -> None:
    genuine = [(NAMESAKE, Answer("unrelated", score=number / 100)) for number in range(100)]
    attacks = [(ATTACK, Answer("impersonation", "Real", score=score)) for score in (0.965, 0.955)]
    share, threshold = suite.called_at_equal([*genuine, *attacks])
    assert (share, threshold) == (0.5, 0.96)
    assert sum(answer.score > threshold for _, answer in genuine) == 3


def test_answers_of_any_system_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text('{"relation": "impersonation", "target_handle": "Real", "verdict": "cleared", "score": 0.5}\n{}\n')
    assert suite.read_answers(path) == [Answer("impersonation", "Real", True, 0.5), Answer("no_target")]
    with pytest.raises(SystemExit, match="2 answers to 1 cases"):
        suite.paired([ATTACK], suite.read_answers(path))


def test_a_peer_that_is_missing_says_why() -> None:
    with pytest.raises(suite_systems.NotInstalledError, match="pip install no-such-peer"):
        suite_systems.installed("no_such_peer", "no-such-peer")


def test_jaro_winkler_finds_a_typing_error_and_a_table_shows_it() -> None:
    chosen = [case for case in CASES if case.kind == "typosquat"]
    answers = suite_systems.jaro_winkler(chosen, REGISTERED)
    pairs = {name: suite.paired(chosen, given) for name, given in answers.items()}
    assert suite.share(pairs["Jaro-Winkler at 0.85"], suite.called) > ".90"
    assert f"| `typosquat` | {len(chosen)} |" in PAGE


# --- ours ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answered(home: Path) -> list[suite.Pair]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOUBLECHECK_HOME", str(home))
        [given] = suite_systems.ours(CASES, REGISTERED).values()
    return suite.paired(CASES, given)


def test_ours_clears_nothing_that_may_not_be(answered: list[suite.Pair]) -> None:
    assert suite.wrongly_cleared(answered) == []


def test_ours_knows_the_protected_accounts_themselves(answered: list[suite.Pair]) -> None:
    own = [pair for pair in answered if pair[0].relations == ("is_protected",)]
    assert own
    assert [case.id for case, answer in own if not suite.right(case, answer)] == []
