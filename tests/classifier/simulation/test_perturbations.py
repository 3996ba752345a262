"""Whatever is imitated, the imitation is something, and something else."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.identity import identity_key
from classifier.simulation import perturbations
from classifier.simulation.population import invent_registry
from classifier.text.lexicon import canonical
from classifier.text.normalization import normal, skeleton, words

Mimic = Callable[[np.random.Generator, str], str]

# Handles as platforms have them: never empty.
handles = st.from_regex(r"[A-Za-z0-9_]{1,20}", fullmatch=True)
names = st.text(min_size=1, max_size=20).filter(str.strip)
seeds = st.integers(0, 2**32)

OF_HANDLES: dict[str, Mimic] = {
    "typo": perturbations.typo,
    "look_alike_ascii": lambda rng, text: perturbations.look_alike(rng, text, ascii_only=True),
    "look_alike": lambda rng, text: perturbations.look_alike(rng, text, ascii_only=False),
    "decorate": perturbations.decorate,
    "glue": lambda rng, text: perturbations.glue(rng, text, "official"),
    "coincidence": perturbations.coincidence,
}


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("mimic", OF_HANDLES)
@given(handle=handles, seed=seeds)
def test_an_imitation_is_never_empty_and_never_the_original(mimic: str, handle: str, seed: int) -> None:
    changed = OF_HANDLES[mimic](rng(seed), handle)
    assert changed
    assert changed != handle


@pytest.mark.parametrize("mimic", ["decorate", "glue", "coincidence"])
@given(handle=handles, seed=seeds)
def test_what_is_added_to_a_handle_is_more_than_another_case(mimic: str, handle: str, seed: int) -> None:
    """Platforms compare handles without regard to case: the same in other case is the very same account."""
    assert identity_key(OF_HANDLES[mimic](rng(seed), handle)) != identity_key(handle)


@pytest.mark.parametrize("mimic", OF_HANDLES)
@settings(max_examples=20)
@given(handle=handles, seed=seeds)
def test_the_same_seed_gives_the_same_imitation(mimic: str, handle: str, seed: int) -> None:
    assert OF_HANDLES[mimic](rng(seed), handle) == OF_HANDLES[mimic](rng(seed), handle)


@pytest.mark.parametrize("mimic", ["typo", "look_alike_ascii", "look_alike"])
@given(name=names, seed=seeds)
def test_names_of_any_script_can_be_imitated(mimic: str, name: str, seed: int) -> None:
    changed = OF_HANDLES[mimic](rng(seed), name)
    assert changed
    assert changed != name


@given(handles, seeds)
def test_a_typo_is_one_slip_or_two_in_longer_texts(handle: str, seed: int) -> None:
    assert 1 <= OSA.distance(handle, perturbations.typo(rng(seed), handle)) <= (2 if len(handle) > 9 else 1)


def test_no_look_alike_is_the_letter_itself() -> None:
    for table in (perturbations._ASCII_LOOK_ALIKE, perturbations._UNICODE_LOOK_ALIKE):
        for char, others in table.items():
            assert char not in others


@given(handles, seeds)
def test_ascii_look_alikes_are_ascii(handle: str, seed: int) -> None:
    assert perturbations.look_alike(rng(seed), handle, ascii_only=True).isascii()


def test_unicode_look_alikes_leave_ascii_in_most_draws() -> None:
    changed = [perturbations.look_alike(rng(seed), "ollivander", ascii_only=False) for seed in range(60)]
    assert sum(not one.isascii() for one in changed) > 30
    assert any(skeleton(one) == skeleton("ollivander") for one in changed)


@given(handles, st.sampled_from(perturbations.OFFICE), seeds)
def test_a_glued_word_leaves_both_readable(handle: str, word: str, seed: int) -> None:
    changed = perturbations.glue(rng(seed), handle, word)
    assert handle in changed
    assert word in changed


@given(handles, seeds)
def test_a_decorated_handle_keeps_every_letter_in_order(handle: str, seed: int) -> None:
    letters = iter(perturbations.decorate(rng(seed), handle))
    assert all(char in letters for char in handle)


@given(seeds)
def test_random_handles_are_plain(seed: int) -> None:
    handle = perturbations.random_handle(rng(seed))
    assert handle.isascii()
    assert handle.isalnum()
    assert handle != perturbations.random_handle(rng(seed + 1))


@given(st.sampled_from(invent_registry(40, seed=6).accounts), seeds)
def test_an_owners_second_handle_is_plain(protected: ProtectedAccount, seed: int) -> None:
    handle = perturbations.initialled(rng(seed), protected)
    assert handle.isascii()
    assert 1 <= len(handle) <= perturbations.HANDLE_LIMIT


@pytest.mark.parametrize("protected", invent_registry(40, seed=6).accounts, ids=lambda account: account.handle)
def test_an_owners_second_handle_is_nearly_always_another(protected: ProtectedAccount) -> None:
    """A name as a handle may be the very handle: then the simulation draws again, and must soon find another."""
    found = [identity_key(perturbations.initialled(rng(seed), protected)) for seed in range(40)]
    assert sum(one == identity_key(protected.handle) for one in found) < 15


ROLES = ["CEO of Northwind", "Mayor of Tamstad", "Prime Minister", "Painter", "Senator for Tamstad"]


@given(st.sampled_from(ROLES), seeds)
def test_a_paraphrased_role_keeps_its_organisation(role: str, seed: int) -> None:
    said = perturbations.paraphrase(rng(seed), role)
    assert said.strip() == said != ""
    organisation = role.partition(" of ")[2] or role.partition(" for ")[2]
    assert organisation in said
    assert perturbations.paraphrase(rng(seed), role) == said


def test_a_role_is_said_in_many_ways_and_often_by_a_title_that_is_read_as_the_same() -> None:
    said = {perturbations.paraphrase(rng(seed), "CEO of Northwind") for seed in range(200)}
    assert len(said) > 12
    assert any("Geschäftsführer" in one for one in said)
    same = [one for one in said if {"ceo", "northwind"} <= set(words(canonical(normal(one))))]
    assert len(same) > len(said) // 2


@given(handles.filter(lambda text: text.isalpha() and len(text) > 1), seeds)
def test_a_styled_name_is_written_otherwise_and_reads_the_same(name: str, seed: int) -> None:
    changed = perturbations.styled(rng(seed), name)
    assert normal(changed).replace(" ", "").replace("\u200b", "") == normal(name)


def test_styles_are_all_used() -> None:
    found = {perturbations.styled(rng(seed), "Jane") for seed in range(200)}
    assert {"J\u200ba\u200bn\u200be", "JANE", "J a n e"} < found
    assert len(found) == 8


@given(st.lists(st.sampled_from("painter of small harbours and quiet bays".split()), max_size=12), seeds)
def test_a_part_of_a_text_has_its_words_in_their_order(parts: list[str], seed: int) -> None:
    text = " ".join(parts)
    kept = iter(parts)
    part = perturbations.in_part(rng(seed), text).split()
    assert all(word in kept for word in part)
    assert bool(part) == bool(parts)


@pytest.mark.parametrize(
    ("handle", "parts"),
    [
        ("JaneRoe", ["Jane", "Roe"]),
        ("RepJane_Roe4", ["Rep", "Jane", "Roe", "4"]),
        ("northwind", ["northwind"]),
        ("___", ["___"]),
        ("東京", ["東京"]),
    ],
)
def test_handles_come_apart_at_capitals_digits_and_underscores(handle: str, parts: list[str]) -> None:
    assert perturbations.split_words(handle) == parts


@given(st.text(min_size=1, max_size=20))
def test_every_handle_has_a_word(handle: str) -> None:
    assert all(perturbations.split_words(handle))
    assert perturbations.split_words(handle)
