"""Bios and links of attacks: each style says what it is after, in every language."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.simulation.attack_bios import LINKS, STYLES, bio, links, messenger
from classifier.simulation.attack_phrases import LANGUAGES, WORDINGS
from classifier.simulation.target_words import target_words
from classifier.text.lexicon import declares_parody, lures
from classifier.text.normalization import normal

ACCOUNT = ProtectedAccount(
    platform="x", handle="janeq", display_name="Jane Quillon", bio="Painter of small harbours and of quiet bays",
    roles=("CEO of Tolmark",), links=("https://quillon.example",),
)  # fmt: skip
PERSON = target_words(ACCOUNT)
BARE = target_words(ProtectedAccount(platform="x", handle="northwind"))


def drawn(style: str, language: str = "en", number: int = 200) -> list[str]:
    rng = np.random.default_rng(4)
    found = (STYLES[style](rng, PERSON, WORDINGS[language]) for _ in range(number))
    return [text for text in found if text]


@pytest.mark.parametrize("language", WORDINGS)
@pytest.mark.parametrize("style", STYLES)
def test_every_style_says_something_in_every_language(style: str, language: str) -> None:
    found = drawn(style, language, 60)
    assert found
    assert not any("{" in text for text in found)


def test_every_language_is_drawn() -> None:
    assert set(LANGUAGES) == set(WORDINGS)
    assert sum(LANGUAGES.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("language", WORDINGS)
def test_a_declaration_is_one_and_comes_with_an_ask(language: str) -> None:
    """Those that this project's word lists can read: a few on purpose use none of their words."""
    texts = [normal(text.format(name="jane", handle="j")) for text in WORDINGS[language].declared]
    assert any(declares_parody(text) for text in texts)
    assert any(lures(text) for text in texts)


def test_some_asks_use_no_listed_word() -> None:
    unlisted = [not lures(normal(ask)) for ask in WORDINGS["en"].asks]
    assert 0.2 < np.mean(unlisted) < 0.6


def test_a_part_of_a_bio_has_words_of_it() -> None:
    assert ACCOUNT.bio is not None
    own = set(ACCOUNT.bio.split())
    shared = [len(own & set(text.split())) for text in drawn("partly")]
    assert np.mean([count >= 2 for count in shared]) > 0.8


def test_nothing_is_copied_of_who_has_no_bio() -> None:
    rng = np.random.default_rng(1)
    assert STYLES["copied"](rng, BARE, WORDINGS["en"]) is None
    assert bio(rng, BARE, WORDINGS["en"], {"copied": 0.01, "spam": 1.0}) is not None
    assert bio(rng, BARE, WORDINGS["en"], {"copied": 1.0}) is None


def test_links_come_as_often_as_said() -> None:
    rng = np.random.default_rng(6)
    found = Counter(_sort(links(rng, PERSON)) for _ in range(4_000))
    for kind, share in LINKS.items():
        assert found[kind] / 4_000 == pytest.approx(share, abs=0.025), kind


def _sort(found: tuple[str, ...]) -> str:
    if not found:
        return "none"
    if found == ACCOUNT.links:
        return "copied"
    host = found[0].removeprefix("https://").partition("/")[0]
    if host in {"t.me", "wa.me"}:
        return "messenger"
    if host.startswith("janequillon"):
        return "free"
    return "other" if host.endswith(".example") else "everybody's"


def test_a_messengers_address_often_holds_the_name() -> None:
    rng = np.random.default_rng(6)
    found = [messenger(rng, PERSON) for _ in range(400)]
    assert 0.5 < np.mean(["jane" in path or "quillon" in path for path in found]) < 0.9
    assert messenger(rng, target_words(replace(ACCOUNT, display_name=None, handle="___")))
