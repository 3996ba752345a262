from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from classifier.accounts.normal_forms import View
from classifier.features import numeric
from classifier.features.encoded import EncodedAccounts
from classifier.features.encoded_cache import EncodedCache, encode
from classifier.simulation.population import invent_registry
from classifier.storage.encoded_accounts import encode_segment

ACCOUNTS = [list(invent_registry(60, seed=5)), list(invent_registry(40, seed=6))]
PLACES = np.array([(number, row) for number, some in enumerate(ACCOUNTS) for row in range(len(some))])


def packed(packs: EncodedAccounts, slot: int) -> list[int]:
    """An encoded account up to where its last section ends."""
    start = packs.starts[slot]
    size = packs.units[start + packs.units[start] - 1]
    found: list[int] = packs.units[start : start + size].tolist()
    return found


def same(cache: EncodedCache, places: NDArray[np.int64], *, turned: bool) -> None:
    packs, figures, slots = cache.take(places)
    views = [cache.view(number, row) for number, row in places.tolist()]
    alone = encode(views, turned=turned)
    assert [packed(packs, slot) for slot in slots.tolist()] == [packed(alone, one) for one in range(len(views))]
    # How well known an account is, is read of the protected side only; turned round, it has lost its tier.
    read = [column for column in range(numeric.WIDTH) if not turned or column != numeric.PROMINENCE]
    np.testing.assert_array_equal(figures[slots][:, read], numeric.rows(views)[:, read])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[View]:
    """What caches pack from now on."""
    found: list[View] = []
    add = EncodedCache._add
    monkeypatch.setattr(EncodedCache, "_add", lambda self, views: found.extend(views) or add(self, views))
    return found


@pytest.mark.parametrize("turned", [False, True])
def test_what_was_encoded_before_is_not_encoded_again(made: list[View], turned: bool) -> None:
    cache = EncodedCache(ACCOUNTS, [encode_segment(ACCOUNTS[0]), None], turned=turned)
    same(cache, PLACES[np.random.default_rng(2).integers(len(PLACES), size=300)], turned=turned)
    assert {view.account.handle for view in made} <= {account.handle for account in ACCOUNTS[1]}
    assert len({id(view) for view in made}) == len(made) > 0


@pytest.mark.parametrize("turned", [False, True])
def test_accounts_are_found_in_the_cache_as_they_are_encoded(turned: bool) -> None:
    cache, rng = EncodedCache(ACCOUNTS, turned=turned), np.random.default_rng(1)
    for _ in range(8):
        same(cache, PLACES[rng.integers(len(PLACES), size=30)], turned=turned)
    packs, _, _ = cache.take(PLACES)
    assert len(packs.starts) == len(PLACES), "each once"
    assert len(cache.take(PLACES[:0])[2]) == 0


def test_a_full_cache_is_emptied_and_what_was_taken_from_it_stays(made: list[View]) -> None:
    cache = EncodedCache(ACCOUNTS, most_bytes=40_000)
    before, _, slots = cache.take(PLACES[:30])
    kept = [packed(before, slot) for slot in slots.tolist()]
    same(cache, PLACES[40:], turned=False)
    same(cache, PLACES[:5], turned=False)
    made.clear()
    same(cache, PLACES[:60], turned=False)
    assert 0 < len(made) < 60, "some of them again"
    assert [packed(before, slot) for slot in slots.tolist()] == kept


def test_threads_share_a_cache() -> None:
    cache = EncodedCache(ACCOUNTS, most_bytes=60_000)
    order = [np.random.default_rng(seed).permutation(PLACES) for seed in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda places: same(cache, places, turned=False), order))


def test_a_turned_account_is_the_reported_side_of_a_pair() -> None:
    assert EncodedCache(ACCOUNTS, turned=True).view(0, 3).reported.handle == ACCOUNTS[0][3].handle
    assert isinstance(EncodedCache(ACCOUNTS).view(0, 3), View)
