"""How many ordinary handles resemble a protected account's, and how many that were made to."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.model_store import ModelStore
from classifier.model_store.shipped import default_id
from classifier.registry.registry import Registry
from classifier.scoring.near_handle import LEAST_BITS, NearHandle
from classifier.scoring.scorer import Scorer
from classifier.simulation import attack_handles, perturbations
from classifier.simulation.people import draw_person, own_handle
from classifier.simulation.population import invent_handle, invent_organisation, invent_person, invent_registry

ORDINARY, ATTACKS = 2_000, 400
JANE = ProtectedAccount(platform="x", handle="JaneRoeNorthwind", former_handles=("QuietOtter",))


@cache
def scorer(of=None):
    stored = ModelStore(Path("/nonexistent")).load(default_id())
    return Scorer(stored.model, stored.model_id, of or invent_registry(1_000, 5))


def ordinary(rng):
    """Invent the handle of somebody who imitates nobody."""
    kind = rng.random()
    if kind < 0.6:
        person = draw_person(rng)
        return own_handle(rng, person.given, person.family)
    return invent_handle(rng, invent_person(rng) if kind < 0.8 else invent_organisation(rng))


def resembles(handle, platform="x"):
    """Tell whether a handle is said to resemble one, or to be one."""
    account = Account(handle=handle, platform=platform)
    if scorer().registry.identify(account):
        return "protected"
    near = scorer().nearest_handle(account)
    return "resembles" if near is not None and near.resembles else "free"


def test_few_ordinary_handles_resemble_one():
    rng = np.random.default_rng(11)
    found = [resembles(ordinary(rng)) for _ in range(ORDINARY)]
    assert found.count("resembles") / ORDINARY < 0.02


@pytest.mark.parametrize(
    "made",
    [
        perturbations.typo,
        attack_handles.twin,
        lambda rng, handle: perturbations.look_alike(rng, handle, ascii_only=False),
    ],
    ids=["slip", "twin", "homoglyph"],
)
def test_most_handles_that_are_made_to_resemble_one_do(made):
    rng = np.random.default_rng(12)
    accounts = list(scorer().registry)
    drawn = [accounts[place] for place in rng.integers(len(accounts), size=ATTACKS)]
    found = [resembles(made(rng, one.handle), one.platform) for one in drawn]
    assert 1 - found.count("free") / ATTACKS > 0.9


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        ("JaneRoeNorthw1nd", True),
        ("JaneRoeNorthwlnd", True),
        ("quietotter", True),  # that it had before
        ("BrassTeapot", False),
    ],
)
def test_a_handle_resembles_one_by_looks_letters_or_history(handle, expected):
    near = scorer(Registry([JANE])).nearest_handle(Account(handle=handle, platform="x"))
    assert (near is not None and near.resembles) is expected


def test_it_is_said_whose_handle_is_nearest():
    other = ProtectedAccount(platform="x", handle="BrassTeapot")
    near = scorer(Registry([JANE, other])).nearest_handle(Account(handle="BrassTeapott", platform="x"))
    assert near.protected == other


def test_bits_count_from_the_bound_on():
    assert NearHandle(JANE, LEAST_BITS).resembles
    assert not NearHandle(JANE, LEAST_BITS - 0.01).resembles
