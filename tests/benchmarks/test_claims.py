"""The held-out cases are valid accounts, each of a known kind, and the same for the same seed."""

from __future__ import annotations

import unicodedata
from string import Formatter

import numpy as np
import pytest

from classifier.accounts.account import ProtectedAccount, canonical
from classifier.registry.registry import Registry
from tests.benchmarks.claims import Case, cases
from tests.benchmarks.claims_fill import families, subject
from tests.benchmarks.claims_names import stylised
from tests.benchmarks.claims_people import invent
from tests.benchmarks.claims_titles import LANGUAGES

LABELS = {"impersonation", "same_owner", "parody_or_fan", "unrelated"}


@pytest.fixture(scope="module")
def protected() -> list[ProtectedAccount]:
    return invent(150, 3)


@pytest.fixture(scope="module")
def drawn(protected: list[ProtectedAccount]) -> list[Case]:
    return list(cases(protected, 4, 2))


def test_the_invented_make_a_registry(protected: list[ProtectedAccount]) -> None:
    assert len(Registry(protected)) == len(protected)
    assert all(subject(one).role in one.roles for one in protected)


def test_every_family_is_drawn(drawn: list[Case]) -> None:
    assert {one.family for one in drawn} == {one.name for one in families()}
    assert {one.label for one in drawn} == LABELS


def test_the_same_for_the_same_seed(protected: list[ProtectedAccount], drawn: list[Case]) -> None:
    assert list(cases(protected, 4, 2)) == drawn
    assert list(cases(protected, 5, 2)) != drawn


def test_no_case_is_a_protected_account_or_has_a_place_left_to_fill(
    protected: list[ProtectedAccount], drawn: list[Case]
) -> None:
    registry = Registry(protected)
    for one in drawn:
        assert registry.identify(one.account) is None
        assert canonical(one.account)["handle"].isascii()
        assert not any(found for _, found, _, _ in Formatter().parse(one.account.display_name or ""))


def test_attacks_have_a_target_and_ordinary_people_none(drawn: list[Case]) -> None:
    assert all(one.target is not None for one in drawn if one.label != "unrelated")
    assert all(one.target is None for one in drawn if one.family == "ordinary")


def test_without_roles_there_are_still_cases() -> None:
    known = [ProtectedAccount(platform="x", handle="amaradiaz", display_name="Amara Diaz", bio="Writing about rivers.")]
    assert {one.label for one in cases(known, 1, 1)} == LABELS


def test_wordings_are_of_known_languages() -> None:
    assert {line.language for one in families() for line in one.lines} <= set(LANGUAGES)


def test_stylised_letters_are_letters() -> None:
    rng = np.random.default_rng(0)
    for _ in range(100):
        assert all(unicodedata.category(letter) != "Cn" for letter in stylised(rng, "Hugh Zachary Abdel"))
