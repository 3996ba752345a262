"""Attacks: every kind says whom it means, and copes with whatever is known of its target."""

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation.attacks import ATTACKS, KINDS, attack
from classifier.simulation.population import invent_registry
from classifier.simulation.target_words import is_told

FULL = ProtectedAccount(
    platform="x", handle="janequillon", display_name="Jane Quillon", bio="Painter of small harbours and quiet bays",
    roles=("CEO of Tolmark", "founder of Veltis"), aliases=("Jane W. Quillon",), links=("https://quillon.example",),
    followers=2_000_000, avatar_pdq="ab" * 32, tier="high",
)  # fmt: skip
BANK = ProtectedAccount(platform="x", handle="BancoOstrella", display_name="Banco Ostrella", bio="Cuenta oficial.")
PROTECTED = (FULL, BANK, *invent_registry(80, seed=21).accounts)
STRANGE = (
    ProtectedAccount(platform="x", handle="___"),
    ProtectedAccount(platform="x", handle="q"),
    ProtectedAccount(platform="mastodon", handle="東京@social.example", display_name="🦊", bio=".", roles=("?",)),
)


@cache
def drawn(kind: str, protected: ProtectedAccount = FULL, number: int = 300) -> list[Account]:
    rng = np.random.default_rng(9)
    return [account for account in (ATTACKS[kind](rng, protected) for _ in range(number)) if account]


@pytest.mark.parametrize("kind", ATTACKS)
def test_every_kind_names_its_target_in_some_facet(kind: str) -> None:
    for protected in PROTECTED:
        rng = np.random.default_rng(2)
        for _ in range(4):
            account = attack(rng, protected, kind)
            assert account is not None, protected
            assert is_told(account, protected)


@pytest.mark.parametrize("kind", ATTACKS)
@pytest.mark.parametrize("protected", STRANGE, ids=lambda account: account.handle)
@settings(max_examples=20)
@given(seed=st.integers(0, 2**32))
def test_targets_of_which_hardly_anything_is_known_break_nothing(
    kind: str, protected: ProtectedAccount, seed: int
) -> None:
    account = attack(np.random.default_rng(seed), protected, kind)
    assert account == attack(np.random.default_rng(seed), protected, kind)
    assert account is None or (account.handle and "" not in (account.display_name, account.bio))


@pytest.mark.parametrize("field", ["display_name", "bio", "roles", "aliases", "links", "followers", "avatar_pdq"])
def test_any_field_of_the_target_may_be_missing(field: str) -> None:
    less = replace(FULL, **{field: () if field in {"roles", "aliases", "links"} else None})  # type: ignore[arg-type]
    for kind in ATTACKS:
        assert len(drawn(kind, less, 20)) == 20, kind


def test_weights_of_each_facet_add_up() -> None:
    for kind, weights in KINDS.items():
        for facet in (weights.handles, weights.names, weights.bios, weights.standings):
            assert sum(facet.values()) == pytest.approx(1.0, abs=0.1), (kind, facet)


def test_facets_are_drawn_for_themselves() -> None:
    """No kind has a bio, a link or an age of its own: every kind of attack has hundreds of looks."""
    for kind in ATTACKS:
        looks = Counter(
            (bool(one.display_name), bool(one.bio), bool(one.links), (one.followers or 0) > 100) for one in drawn(kind)
        )
        assert len(looks) >= 6, kind
        assert max(looks.values()) < 0.6 * len(drawn(kind)), kind


def said(one: Account) -> str:
    return f"{one.display_name} {one.bio}".casefold()


def test_kinds_are_after_what_they_are_called_by() -> None:
    assert np.mean(["tolmark" in said(one) or "veltis" in said(one) for one in drawn("title_claim")]) > 0.6
    assert np.mean(["tolmark" in said(one) or "veltis" in said(one) for one in drawn("organisation_claim")]) > 0.8
    assert np.mean(["quillon" in (one.display_name or "").casefold() for one in drawn("asks")]) < 0.15
    assert np.mean([one.display_name == FULL.display_name for one in drawn("clone")]) > 0.8
    assert np.mean([one.bio == FULL.bio for one in drawn("clone")]) > 0.5


def test_fake_support_is_new_and_tiny_and_mostly_shows_the_brand_in_its_name() -> None:
    """Of the real ones .94 have at most ten followers; one in seven simulated sits on an older account."""
    found = drawn("support", BANK, 1_000)
    assert 0.75 < np.mean([(one.followers or 0) <= 10 for one in found]) < 0.95
    assert np.mean(["ostrella" in (one.display_name or "").casefold() for one in found]) > 0.85
    handles = [one.handle.replace("_", "").casefold() for one in found]
    shown = [any(part in handle for part in ("ostr", "banc", "bnc", "rella")) for handle in handles]
    assert 0.06 < 1 - np.mean(shown) < 0.3


def test_pictures_are_copied_as_they_are_saved_anew_or_not_at_all() -> None:
    """PDQ calls 31 of 256 bits or fewer the same picture."""
    own = int(FULL.avatar_pdq or "", 16)
    apart = [(int(one.avatar_pdq or "", 16) ^ own).bit_count() for one in drawn("name_claim")]
    assert 0 in apart
    assert any(0 < bits <= 31 for bits in apart)
    assert 0.35 < np.mean([bits <= 31 for bits in apart]) < 0.65
    assert not [bits for bits in apart if 31 < bits < 80]
