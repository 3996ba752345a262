from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import ProtectedAccount
from classifier.importers import import_protected
from classifier.simulation.population import (
    SAMPLE_SIZE,
    Persona,
    invent_bio,
    invent_handle,
    invent_organisation,
    invent_person,
    invent_protected,
    invent_registry,
    random_day,
    sample_registry,
)
from classifier.simulation.sampling import ascii_only, chance, pick
from classifier.text.normalization import handle_key

NOW = datetime(2026, 1, 1, tzinfo=UTC)
seeds = st.integers(0, 2**32)
numbers = st.integers(0, 10_000)


@given(seeds, numbers)
def test_an_account_depends_on_its_seed_and_number_only(seed: int, number: int) -> None:
    assert invent_protected(seed, number) == invent_protected(seed, number)


def test_other_seeds_and_numbers_give_other_accounts() -> None:
    assert len({invent_protected(1, number) for number in range(50)}) > 45
    assert len({invent_protected(seed, 1) for seed in range(50)}) > 45


def test_a_registry_begins_with_the_same_accounts_however_many_are_drawn() -> None:
    assert set(invent_registry(40, seed=8)) < set(invent_registry(60, seed=8))


def test_a_registry_has_as_many_accounts_as_asked_for_with_handles_that_differ() -> None:
    registry = invent_registry(500, seed=2)
    assert len(registry) == 500
    assert len({handle_key(account.handle) for account in registry}) == 500
    assert registry.version == invent_registry(500, seed=2).version


def test_the_sample_is_the_same_on_every_machine() -> None:
    """data/registry.csv and the README speak of this one."""
    registry = sample_registry()
    assert len(registry) == SAMPLE_SIZE
    assert registry.version == sample_registry().version


@given(seeds, numbers)
def test_an_invented_account_is_one_that_could_be_imported(seed: int, number: int) -> None:
    account = invent_protected(seed, number)
    row = {name: getattr(account, name) for name in ProtectedAccount.__dataclass_fields__}
    imported = import_protected(row, now=NOW)
    assert (imported.error, imported.account) == (None, account)
    assert imported.notes == ()


@given(seeds, numbers)
def test_handles_are_plain(seed: int, number: int) -> None:
    handle = invent_protected(seed, number).handle
    assert handle.isascii()
    assert handle.replace("_", "").isalnum()


def test_as_much_is_unknown_as_in_real_registries() -> None:
    accounts = invent_registry(600, seed=4).accounts
    bare = np.mean([account.account_id is None for account in accounts])
    assert 0.25 < bare < 0.45
    for field in ("display_name", "bio", "followers", "verified", "avatar_pdq"):
        known = np.mean([getattr(account, field) is not None for account in accounts])
        assert 0.2 < known < 0.95, field
    assert any(account.former_handles for account in accounts)
    assert any(account.aliases for account in accounts)


def test_the_tier_follows_the_audience() -> None:
    accounts = invent_registry(400, seed=4).accounts
    assert {account.tier for account in accounts} == {"standard", "high"}
    for account in accounts:
        assert (account.tier == "high") == ((account.followers or 0) > 500_000)


def test_names_are_written_in_several_scripts_and_have_latin_handles() -> None:
    rng = np.random.default_rng(3)
    people = [invent_person(rng) for _ in range(400)]
    assert any(not person.name.isascii() for person in people)
    assert any(person.name.isascii() for person in people)
    for person in people:
        assert len(person.latin) == 2
        assert invent_handle(rng, person).isascii()


@given(seeds)
def test_organisations_have_a_name_and_no_role(seed: int) -> None:
    one = invent_organisation(np.random.default_rng(seed))
    assert one.name
    assert one.role == ""
    assert " ".join(one.latin) == one.name


@given(seeds, st.sampled_from([None, "mayor of Tamstad"]))
def test_bios_hold_no_placeholder_and_the_role_in_capitals_if_any(seed: int, role: str | None) -> None:
    bio = invent_bio(np.random.default_rng(seed), role)
    assert bio
    assert not {"{", "}"} & set(bio)


def test_most_bios_of_somebody_say_what_they_are() -> None:
    rng = np.random.default_rng(1)
    assert np.mean(["Mayor of Tamstad" in invent_bio(rng, "mayor of Tamstad") for _ in range(200)]) > 0.5


@given(st.text(max_size=20))
def test_what_is_left_of_a_name_in_ascii_is_never_empty(text: str) -> None:
    left = ascii_only(text)
    assert left.isascii()
    assert left.isalnum()


def test_marks_are_taken_off_and_letters_kept() -> None:
    assert ascii_only("Jürgen Bjørn-Şahin") == "JurgenBjornSahin"
    assert ascii_only("José Hélène") == "JoseHelene"
    assert ascii_only("東京") == "user"


@given(seeds)
def test_a_random_day_lies_between_its_bounds(seed: int) -> None:
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 3, tzinfo=UTC)
    assert first <= random_day(np.random.default_rng(seed), first, last) < last


def test_chances_are_what_they_say() -> None:
    rng = np.random.default_rng(5)
    assert np.mean([chance(rng, 0.3) for _ in range(4_000)]) == pytest.approx(0.3, abs=0.03)
    assert not any(chance(rng, 0.0) for _ in range(100))
    assert all(chance(rng, 1.0) for _ in range(100))
    assert {pick(rng, "abc") for _ in range(100)} == set("abc")


def test_a_persona_of_one_word_has_a_handle() -> None:
    rng = np.random.default_rng(6)
    assert all(invent_handle(rng, Persona("Northwind", ("Northwind",), "")) for _ in range(50))


def test_some_are_famous_many_are_known_and_some_are_private_people() -> None:
    followers = [one.followers for one in invent_registry(800, seed=7).accounts if one.followers is not None]
    assert 0.05 < np.mean([count > 1_000_000 for count in followers]) < 0.3
    assert 0.1 < np.mean([count < 1_000 for count in followers]) < 0.4
    assert max(followers) <= 300_000_000


def test_the_famous_have_several_roles_and_names_they_are_called_by() -> None:
    accounts = invent_registry(800, seed=7).accounts
    assert any(len(one.roles) > 2 for one in accounts)
    assert any(len(one.aliases) > 1 for one in accounts)
    assert all(one.followers is None or one.followers >= 1_000_000 for one in accounts if len(one.roles) > 1)
