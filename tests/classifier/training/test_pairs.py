from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.errors import TrainingError
from classifier.features import FEATURE_NAMES
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.simulation import FAMILIES, Case, simulate
from classifier.simulation.population import invent_registry
from classifier.training.pairs import (
    OTHERS_KEPT,
    LabelledPairs,
    check_disjoint,
    chunks,
    identity,
    labelled_pairs,
    split_identities,
)

REGISTRY = invent_registry(60, seed=21)
CASES = list(simulate(REGISTRY.accounts[:25], seed=3))


@pytest.fixture(scope="module")
def pairs() -> LabelledPairs:
    return labelled_pairs(CASES, CandidateIndex(REGISTRY))


def part(*identities: str) -> LabelledPairs:
    n = len(identities)
    return LabelledPairs(
        np.zeros((n, len(FEATURE_NAMES))),
        np.array(["unrelated"] * n),
        np.array(identities, dtype=str),
        np.array(["x"] * n),
        np.arange(n),
    )


def test_every_case_but_an_ordinary_one_is_paired_with_the_account_it_was_made_from(pairs: LabelledPairs) -> None:
    made = [case for case in CASES if case.family != "ordinary"]
    own = np.isin(pairs.families, FAMILIES)
    assert own.sum() == len(made)
    assert pairs.labels[own].tolist() == [case.label for case in made]
    assert pairs.identities[own].tolist() == [identity(case.protected) for case in made]
    assert "ordinary" not in pairs.families


def test_other_candidates_are_unrelated_and_stay_with_the_identity_of_the_case(pairs: LabelledPairs) -> None:
    """Otherwise an identity would be split in two: known from one part and measured in another."""
    other = ~np.isin(pairs.families, FAMILIES)
    assert 0 < other.sum() <= OTHERS_KEPT * len(CASES)
    assert set(pairs.labels[other]) == {"unrelated"}
    assert all(family.endswith("/other") for family in pairs.families[other])
    assert set(pairs.identities) <= {identity(case.protected) for case in CASES}


def test_a_candidate_of_the_same_name_or_handle_is_no_wrong_answer() -> None:
    """Nothing could tell the two apart, so calling one of them wrong would teach noise."""
    owner = ProtectedAccount(platform="x", handle="JaneQuillon", display_name="Jane Quillon")
    twin = ProtectedAccount(platform="x", handle="northwind_boss", display_name="jane quillon")
    look_alike = ProtectedAccount(platform="x", handle="Jane_Qui11on", display_name="Somebody")
    distinct = ProtectedAccount(platform="x", handle="JaneQuillanPress", display_name="Jane Quillan Press")
    index = CandidateIndex(Registry([owner, twin, look_alike, distinct]))
    case = Case(Account(handle="JaneQuillonn", display_name="Jane Quillon"), owner, "impersonation", "typo")
    found = labelled_pairs([case], index)
    assert found.families.tolist() == ["typo", "typo/other"]
    nearness = found.frame()["handle_beyond_chance"].tolist()
    assert nearness[0] > nearness[1] > 0.0


def test_all_parts_of_a_set_are_of_one_length_and_become_one_frame(pairs: LabelledPairs) -> None:
    frame = pairs.frame()
    assert list(frame.columns) == [*FEATURE_NAMES, "label", "identity", "family"]
    assert len(frame) == len(pairs.values) == len(pairs.labels) == len(pairs.identities)
    assert len(pairs.families) == len(pairs.cases) == len(frame)
    np.testing.assert_array_equal(frame[list(FEATURE_NAMES)].to_numpy(), pairs.values)


def test_the_pairs_of_a_case_stand_together_its_own_first(pairs: LabelledPairs) -> None:
    """Otherwise the label of a case would be read from a pair with another candidate."""
    assert np.all(np.diff(pairs.cases) >= 0)
    made = {number for number, case in enumerate(CASES) if case.family != "ordinary"}
    assert made <= set(pairs.cases.tolist()) <= set(range(len(CASES)))
    first = np.unique(pairs.cases, return_index=True)[1]
    assert all("/" not in family or family == "ordinary/other" for family in pairs.families[first])


def test_a_case_is_an_attack_when_its_own_pair_is_and_is_judged_by_its_likeliest_target(pairs: LabelledPairs) -> None:
    numbers = np.unique(pairs.cases)
    expected = [CASES[number].label == "impersonation" and CASES[number].family != "ordinary" for number in numbers]
    assert pairs.is_attack.tolist() == expected
    scores = np.random.default_rng(1).random(len(pairs.cases))
    assert pairs.highest(scores).tolist() == [scores[pairs.cases == number].max() for number in numbers]


def test_cases_may_be_numbered_with_gaps() -> None:
    """Cases of ordinary accounts without any candidate have no pair."""
    few = replace(part("a", "b", "c"), cases=np.array([2, 2, 7]), labels=np.array(["impersonation", "unrelated", "x"]))
    assert few.is_attack.tolist() == [True, False]
    assert few.highest(np.array([0.1, 0.4, 0.2])).tolist() == [0.4, 0.2]


def test_no_text_of_an_account_is_kept(pairs: LabelledPairs) -> None:
    handles = {case.account.handle for case in CASES}
    kept = {*pairs.labels.tolist(), *pairs.families.tolist()}
    assert not handles & kept


def test_the_digest_is_the_same_for_the_same_cases(pairs: LabelledPairs) -> None:
    assert labelled_pairs(iter(CASES), CandidateIndex(REGISTRY)).digest() == pairs.digest()


@pytest.mark.parametrize("name", ["values", "labels", "identities", "families"])
def test_every_change_changes_the_digest(pairs: LabelledPairs, name: str) -> None:
    changed: Any = getattr(pairs, name).copy()
    if name == "values":
        changed[0, np.flatnonzero(~np.isnan(changed[0]))[0]] += 1e-9
    else:
        changed[0] = "z"
    assert replace(pairs, **{name: changed}).digest() != pairs.digest()


def test_a_missing_value_is_not_zero_in_the_digest() -> None:
    one, other = part("a"), part("a")
    other.values[0, 0] = np.nan
    assert one.digest() != other.digest()


def test_no_cases_are_an_error_that_says_so() -> None:
    with pytest.raises(TrainingError, match="no cases"):
        labelled_pairs([], CandidateIndex(REGISTRY))


@given(st.integers(0, 2**32), st.sampled_from([(0.5, 0.5), (0.2, 0.1, 0.7), (0.3, 0.3), (1.0,)]))
def test_splits_share_no_account_and_have_the_sizes_asked_for(seed: int, sizes: tuple[float, ...]) -> None:
    parts = split_identities(REGISTRY, sizes, seed=seed)
    accounts = [account for one in parts for account in one]
    assert len(set(accounts)) == len(accounts)
    assert set(accounts) <= set(REGISTRY)
    assert [len(one) for one in parts] == [round(size * len(REGISTRY)) for size in sizes]


def test_splits_are_drawn_by_the_seed() -> None:
    one, again = (split_identities(REGISTRY, (0.5, 0.5), seed=4) for _ in range(2))
    assert one == again
    assert one != split_identities(REGISTRY, (0.5, 0.5), seed=5)
    assert list(one[0]) != list(REGISTRY)[:30], "by chance, not by the alphabet"


@given(st.integers(1, 40), st.lists(st.floats(0.01, 0.33), min_size=1, max_size=3))
def test_a_part_without_an_account_is_refused(size: int, sizes: list[float]) -> None:
    registry = Registry(REGISTRY.accounts[:size])
    try:
        parts = split_identities(registry, sizes, seed=1)
    except TrainingError:
        assert min(sizes) * size < 1.0 + len(sizes)
    else:
        assert all(len(part) for part in parts)


@given(st.lists(st.sets(st.sampled_from("abcdefgh"), min_size=1), min_size=1, max_size=4))
def test_parts_that_share_an_identity_are_refused(parts: list[set[str]]) -> None:
    sets = [part(*one) for one in parts]
    shared = sum(map(len, parts)) > len(set().union(*parts))
    if shared:
        with pytest.raises(TrainingError, match="more than one split"):
            check_disjoint(*sets)
    else:
        check_disjoint(*sets)


def test_an_identity_is_the_platform_and_the_handle_as_platforms_compare_them() -> None:
    jane = ProtectedAccount(platform="x", handle="JaneQuillon")
    assert identity(jane) == identity(replace(jane, handle="janequillon"))
    assert identity(jane) != identity(replace(jane, platform="mastodon"))


@given(st.integers(0, 1_201))
def test_chunks_hold_every_case_once_and_in_order(size: int) -> None:
    given_cases: list[Any] = list(range(size))
    found = list(chunks(iter(given_cases)))
    assert [case for chunk in found for case in chunk] == given_cases
    assert all(found)
