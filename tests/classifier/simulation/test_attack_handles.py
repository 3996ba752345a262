"""Handles of attacks are valid, play on the target's, and come as often as was counted."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import ProtectedAccount
from classifier.simulation import attack_handles
from classifier.simulation.attack_handles import AFFIXES, LIMIT, LONG_LIMIT, STYLES
from classifier.simulation.population import invent_registry
from classifier.simulation.target_words import target_words
from classifier.text.normalization import loose_key

PERSON = target_words(
    ProtectedAccount(platform="x", handle="JaneQuillon", display_name="Jane Quillon", roles=("CEO of Tolmark",))
)
BANK = target_words(ProtectedAccount(platform="x", handle="BancoOstrella", display_name="Banco Ostrella"))
NOTHING = target_words(ProtectedAccount(platform="x", handle="___"))
ALL = dict.fromkeys(STYLES, 1.0)
seeds = st.integers(0, 2**32)
targets = st.sampled_from([PERSON, BANK, *map(target_words, invent_registry(40, seed=3).accounts)])


def drawn(style: str, target: object = PERSON, number: int = 400) -> list[str]:
    rng = np.random.default_rng(8)
    found = (STYLES[style](rng, target) for _ in range(number))  # type: ignore[arg-type]
    return [handle for handle in found if handle]


@pytest.mark.parametrize("style", STYLES)
@given(target=targets, seed=seeds)
def test_every_handle_is_one_that_a_platform_takes(style: str, target: object, seed: int) -> None:
    found = attack_handles.handle(np.random.default_rng(seed), target, {style: 1.0})  # type: ignore[arg-type]
    if found is not None:
        assert re.fullmatch(r"\w+", found)
        assert len(found) <= LONG_LIMIT
        assert found == attack_handles.handle(np.random.default_rng(seed), target, {style: 1.0})  # type: ignore[arg-type]


def test_nearly_all_are_what_x_takes() -> None:
    rng = np.random.default_rng(2)
    found = [attack_handles.handle(rng, PERSON, ALL) or "x" for _ in range(2_000)]
    assert np.mean([bool(re.fullmatch(r"[A-Za-z0-9_]+", handle)) for handle in found]) > 0.99
    assert np.mean([len(handle) <= LIMIT for handle in found]) > 0.95


def test_of_a_target_without_a_word_the_handle_is_played_on_and_nothing_else() -> None:
    none = {style for style in STYLES if not drawn(style, NOTHING, 40)}
    assert {"parts", "broken", "automatic"} <= none
    assert np.mean(["__" in handle for handle in drawn("edge", NOTHING)]) > 0.9


def test_look_alikes_look_alike() -> None:
    """Those played on the handle; a few are of the name or of letters that only resemble."""
    same = [loose_key(handle) == loose_key("JaneQuillon") for handle in drawn("look_alike")]
    assert np.mean(same) > 0.6


def test_slips_come_as_often_as_they_were_counted() -> None:
    """Lengths tell: of single slips .32 drop a letter, .27 double or insert one, the others keep the length."""
    rng = np.random.default_rng(5)
    base = ProtectedAccount(platform="x", handle="quillonet")
    longer = Counter(len(attack_handles.slip(rng, target_words(base)) or "") - len("quillonet") for _ in range(4_000))
    assert longer[-1] / 4_000 == pytest.approx(0.30, abs=0.04)
    assert longer[0] / 4_000 == pytest.approx(0.41, abs=0.04)
    assert longer[1] / 4_000 == pytest.approx(0.26, abs=0.04)


def test_endings_come_as_often_as_they_were_counted() -> None:
    """Claims of famous persons end in one to four digits in half, in five or more in one of eight."""
    rng = np.random.default_rng(5)
    endings = [attack_handles.tail(rng) for _ in range(4_000)]
    digits = [len(re.search(r"\d*$", ending)[0]) for ending in endings]  # type: ignore[index]
    assert np.mean([1 <= count <= 4 for count in digits]) == pytest.approx(0.46, abs=0.04)
    assert np.mean([count >= 5 for count in digits]) == pytest.approx(0.10, abs=0.03)


def test_a_word_beside_a_handle_is_one_of_the_affixes() -> None:
    words = {word for _, kind in AFFIXES.values() for word in kind.split()}
    for handle in drawn("affixed", number=100):
        assert any(word in handle.lower() for word in words), handle
    assert sum(weight for weight, _ in AFFIXES.values()) == pytest.approx(1.05, abs=0.01)


def test_parts_of_a_name_are_in_the_handle() -> None:
    found = [handle.lower() for handle in drawn("parts")]
    assert np.mean(["jan" in handle or "qu" in handle for handle in found]) > 0.99
    assert any("jane" in handle and "qu" not in handle for handle in found)
    assert any("quillon" in handle and "jane" not in handle for handle in found)


def test_titles_and_organisations_are_in_the_handle() -> None:
    found = [handle.lower() for handle in drawn("titled")]
    assert np.mean(["ceo" in handle for handle in found]) > 0.7
    assert np.mean(["tolm" in handle for handle in found]) > 0.4
    assert np.mean(["tolm" in handle.lower() for handle in drawn("organisation")]) > 0.95


def test_a_brand_is_broken_in_many_ways_and_still_there() -> None:
    found = drawn("broken", BANK)
    assert len(set(found)) > 350
    flat = [handle.replace("_", "").lower() for handle in found]
    assert np.mean(["ostrella" in handle for handle in flat]) < 0.6
    assert np.mean(["os" in handle or "ban" in handle or "bn" in handle for handle in flat]) > 0.75


@given(seeds)
def test_what_a_platform_hands_out_ends_in_eight_digits(seed: int) -> None:
    assert re.fullmatch(r"JaneQui\d{8}", STYLES["automatic"](np.random.default_rng(seed), PERSON) or "")


@given(st.from_regex(r"[A-Za-z0-9_]{1,20}", fullmatch=True), seeds)
def test_a_twin_is_another_handle_that_reads_alike(handle: str, seed: int) -> None:
    changed = attack_handles.twin(np.random.default_rng(seed), handle)
    assert changed
    assert changed != handle


def test_of_a_target_without_a_letter_only_handles_that_say_nothing_are_drawn() -> None:
    target = target_words(ProtectedAccount(platform="mastodon", handle="・・"))
    assert (target.handle, target.words) == ("", ())
    found = {style: attack_handles.handle(np.random.default_rng(1), target, {style: 1.0}) for style in STYLES}
    assert [style for style, handle in found.items() if handle] == ["meaningless"]
