"""Names of attacks: each style says what it is named after."""

import numpy as np
import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.simulation import attack_names
from classifier.simulation.attack_names import STYLES, name, role_list
from classifier.simulation.attack_phrases import WORDINGS
from classifier.simulation.target_words import TargetWords, target_words
from classifier.text.normalization import loose_key, normal

ACCOUNT = ProtectedAccount(
    platform="x", handle="janeq", display_name="Jané Quillon", roles=("CEO of Tolmark", "founder of Veltis Labs")
)
PERSON = target_words(ACCOUNT)
BANK = target_words(ProtectedAccount(platform="x", handle="BancoOstrella", display_name="Banco Ostrella"))


def drawn(style: str, target: TargetWords = PERSON, language: str = "en") -> list[str]:
    rng = np.random.default_rng(4)
    found = (STYLES[style](rng, target, WORDINGS[language]) for _ in range(200))
    return [text for text in found if text]


@pytest.mark.parametrize("language", WORDINGS)
@pytest.mark.parametrize("style", STYLES)
def test_every_style_says_something_in_every_language(style: str, language: str) -> None:
    assert drawn(style, language=language)
    assert not any("{" in text for text in drawn(style, language=language))


@pytest.mark.parametrize("style", ["title", "roles", "honoured", "other_surname"])
def test_what_only_people_have_is_not_said_of_a_bank(style: str) -> None:
    assert drawn(style, BANK) == []


def test_titles_come_with_the_organisation_or_the_name() -> None:
    told = [
        any(word in loose_key(text) for word in map(loose_key, ("Tolmark", "Veltis", "Jane", "Quillon")))
        for text in drawn("title")
    ]
    assert np.mean(told) > 0.8
    assert len(set(drawn("title"))) > 60


def test_an_organisation_alone_has_no_name_of_a_person() -> None:
    assert not any("quillon" in normal(text) for text in drawn("organisation"))
    assert all("tolm" in normal(text) or "veltis" in normal(text) for text in drawn("organisation"))


def test_asks_are_sentences_without_the_name_in_most() -> None:
    found = drawn("asks")
    assert np.mean(["jan" in normal(text) or "quillon" in normal(text) for text in found]) < 0.15
    assert any(text.isupper() for text in found)


def test_accents_are_dropped_in_some() -> None:
    assert "Jane Quillon" in drawn("respelled")


def test_styled_and_look_alike_names_read_the_same() -> None:
    plain = loose_key("Jané Quillon")
    assert np.mean([loose_key(text).replace("⭐", "") == plain for text in drawn("styled")]) > 0.9
    assert np.mean([loose_key(text) == plain for text in drawn("look_alike")]) > 0.7


def test_a_role_list_names_the_roles_in_other_words() -> None:
    rng = np.random.default_rng(1)
    found = [role_list(rng, PERSON) or "" for _ in range(100)]
    assert all("Tolmark" in text or "Veltis" in text for text in found)
    assert np.mean(["Tolmark" in text and "Veltis" in text for text in found]) > 0.7
    assert role_list(rng, BANK) is None


def test_a_style_without_a_word_is_drawn_again_and_empty_stays_empty() -> None:
    rng = np.random.default_rng(1)
    say = WORDINGS["en"]
    assert {name(rng, BANK, say, {"title": 0.01, "copied": 1.0}, "h") for _ in range(50)} == {"Banco Ostrella"}
    assert name(rng, BANK, say, {"title": 1.0}, "h") is None
    assert name(rng, BANK, say, {attack_names.EMPTY: 1.0}, "h") is None
    assert name(rng, BANK, say, {attack_names.AGAIN: 1.0}, "h77") == "h77"
