"""Organisations: of every kind, named with and without what they are, with handles that a platform allows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.simulation.organisations import KINDS, acronym, firm_handle, invent_firm, invent_institution
from classifier.simulation.people import LONGEST

seeds = st.integers(0, 2**32)


@given(seeds)
def test_firms_and_public_bodies_have_names_and_handles(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for made in (invent_firm(rng), invent_institution(rng)):
        assert made.core in made.name
        handle = firm_handle(rng, made)
        assert 1 <= len(handle) <= LONGEST
        assert handle.isascii()
        assert handle.replace("_", "").isalnum()


def test_firms_are_of_every_kind_as_often_as_said_and_some_belong_to_a_country() -> None:
    rng = np.random.default_rng(1)
    firms = [invent_firm(rng) for _ in range(2_000)]
    assert {firm.kind for firm in firms} == {role for _, _, role in KINDS.values()}
    assert abs(np.mean([firm.kind == "Bank" for firm in firms]) - KINDS["bank"][0]) < 0.03
    assert 0.2 < np.mean([firm.country is not None for firm in firms]) < 0.3
    assert any(firm.core == firm.name and " " not in firm.name for firm in firms)


def test_letters_are_those_of_the_words() -> None:
    assert acronym("Bank of Velmoria") == "BOV"
    assert acronym("Blueworks") is None
