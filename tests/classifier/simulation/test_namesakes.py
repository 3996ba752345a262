"""Namesakes: as many as bear the name, named as they are, with handles of their own name."""

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation.genuine import GENUINE
from classifier.simulation.namesakes import bearers, neighbouring
from classifier.text.name_frequency import is_family, is_given
from classifier.text.spelling import spelled

MARIA = ProtectedAccount(platform="x", handle="mariagarcia", display_name="María García", followers=300)
RARE = "Ilvar Quenthaven"


def made(kind: str, protected: ProtectedAccount = MARIA, number: int = 300) -> list[Account]:
    rng = np.random.default_rng(8)
    found = (GENUINE[kind][0](rng, protected) for _ in range(number))
    return [account for account in found if account is not None]


def test_as_many_bear_a_name_as_its_parts_are_common() -> None:
    assert bearers("Maria Garcia") > bearers("Maria Thornberry") >= bearers(RARE) == bearers("Maria") == 0.0
    assert bearers("Garcia Maria") == bearers("maría garcía") == bearers("Maria Garcia")


@pytest.mark.parametrize(
    ("name", "followers", "least", "most"),
    [
        ("Maria Garcia", 40_000_000, 0.6, 0.9),
        (RARE, 40_000_000, 0.01, 0.2),
        (RARE, 300, 0.6, 0.9),
        (RARE, None, 0.6, 0.9),
    ],
)
def test_the_famous_have_as_many_namesakes_as_bear_their_name_and_the_little_known_have_cousins(
    name: str, followers: int | None, least: float, most: float
) -> None:
    protected = ProtectedAccount(platform="x", handle="x1", display_name=name, followers=followers)
    shown = [(account.display_name or "").casefold() for account in made("namesake", protected)]
    # Some show their given name only.
    assert least < np.mean([one == name.casefold() for one in shown]) < most


def test_neighbours_one_letter_apart_are_names_as_well() -> None:
    rng = np.random.default_rng(2)
    found = {neighbouring(rng, "Maria Garcia") for _ in range(200)}
    assert "Marla Garcia" in found
    for name in found:
        assert name is not None
        first, last = name.split()
        assert (first == "Maria") != (last == "Garcia")
        assert is_given(first)
        assert is_family(last)
        assert Levenshtein.distance(name, "Maria Garcia") == 1
    assert neighbouring(rng, "Ilvarqo Quenthaven") is None


def test_who_writes_his_name_otherwise_has_the_same_name() -> None:
    folded = {spelled(account.display_name or "").casefold() for account in made("written_namesake")}
    assert "maria garcia" in folded
    assert len(folded) > 5


def test_handles_follow_the_names_of_their_bearers() -> None:
    handles = [account.handle.casefold() for account in made("namesake")]
    assert 0.5 < np.mean(["maria" in handle or "garcia" in handle for handle in handles]) < 0.95
    assert 0.1 < np.mean([any(c.isdigit() for c in handle) for handle in handles]) < 0.6


def test_some_bear_a_role_as_a_name() -> None:
    judge = ProtectedAccount(
        platform="x", handle="judgeholbeck", display_name="Ann Holbeck", roles=("Judge of Tamstad",)
    )
    assert sum("Judge" in (account.display_name or "") for account in made("role_word_name", judge)) > 30


def test_businesses_share_a_common_word_and_no_more() -> None:
    bank = ProtectedAccount(platform="x", handle="northernbank", display_name="Northern Bank")
    names = {(account.display_name or "").casefold() for account in made("generic_word", bank)}
    assert all("northern" in name or "bank" in name for name in names)
    assert "northern bank" not in names
