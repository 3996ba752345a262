import gc
import logging
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.errors import RegistryError
from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.registry_store import CURRENT, RegistryStore
from service.decisions.current_scorer import FollowedScorer

JANE = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1")
ADA = ProtectedAccount(platform="x", handle="AdaBrask", account_id="2")


@pytest.fixture
def store(tmp_path):
    store = RegistryStore(tmp_path)
    store.replace(Registry([JANE]))
    return store


@pytest.fixture
def followed(store, stored, home):
    opened = store.open()
    return FollowedScorer(Scorer(stored.model, stored.model_id, opened.index), store, opened, ModelStore(home))


def relation(followed):
    return followed().assess(Account(platform="x", handle="AdaBrask")).relation


def test_an_account_protected_while_serving_is_recognised_at_the_next_look(store, followed):
    before = followed()
    assert relation(followed) != "is_protected"
    store.change([ADA])
    followed.look()
    assert relation(followed) == "is_protected"
    assert before.registry.version != followed().registry.version
    assert before.assess(Account(platform="x", handle="AdaBrask")).relation != "is_protected"  # one check, one registry


def test_a_withdrawn_account_and_a_new_import_are_followed_too(store, followed):
    store.change([ADA], withdraw=[("x", "janequillon")])
    followed.look()
    assert len(followed().registry) == 1
    store.replace(Registry([JANE, ADA]))
    followed.look()
    assert len(followed().registry) == 2


def test_what_was_replaced_is_freed_without_a_collection(store, followed):
    """Collections of what is old come rarely where it is served: replaced registries must not wait for them."""
    replaced = weakref.ref(followed())
    gc.collect()
    gc.disable()
    try:
        store.change([ADA])
        followed.look()
        assert replaced() is None
    finally:
        gc.enable()


def test_nothing_new_changes_nothing(followed):
    before = followed()
    followed.look()
    assert followed() is before


def test_a_registry_that_cannot_be_read_serves_nothing_until_it_can(store, followed, tmp_path, caplog):
    whole = (tmp_path / CURRENT).read_text()
    (tmp_path / CURRENT).write_text("{")
    with caplog.at_level(logging.ERROR):
        followed.look()
        followed.look()
    with pytest.raises(RegistryError, match="cannot be read"):
        followed()
    assert len(caplog.records) == 1
    (tmp_path / CURRENT).write_text(whole)
    followed.look()
    assert relation(followed) != "is_protected"


def test_the_thread_takes_changes_over_by_itself(store, followed, monkeypatch):
    monkeypatch.setattr("service.decisions.current_scorer.INTERVAL", 0.01)
    followed.start()
    try:
        store.change([ADA])
        for _ in range(1_000):
            if len(followed().registry) == 2:
                break
            followed._stopped.wait(0.01)
        assert relation(followed) == "is_protected"
    finally:
        followed.stop()


def test_anything_unexpected_in_the_thread_serves_nothing(followed, monkeypatch):
    def fail():
        raise ZeroDivisionError

    monkeypatch.setattr("service.decisions.current_scorer.INTERVAL", 0.01)
    monkeypatch.setattr(followed, "look", fail)
    followed.start()
    followed._stopped.wait(0.5)
    followed.stop()
    with pytest.raises(RegistryError):
        followed()


def test_promotions_and_rollbacks_drop_no_request(store, small_training, tmp_path, monkeypatch):
    """Checks run without a pause while the serving model changes to and fro: each is answered by one of the two."""
    monkeypatch.setattr("service.decisions.current_scorer.INTERVAL", 0.001)
    models = ModelStore(tmp_path / "home")
    one = models.add(Training(small_training.model, {"seed": 1}))
    other = models.add(Training(small_training.model, {"seed": 2}))
    models.promote(one)
    opened = store.open()
    followed = FollowedScorer(Scorer(small_training.model, one, opened.index), store, opened, models)
    answered, stopped = [], threading.Event()

    def ask():
        while not stopped.is_set():
            answered.append(followed().assess(Account(platform="x", handle="AdaBrask")).model_id)

    followed.start()
    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        try:
            for _ in range(5):
                for change, wanted in ((lambda: models.promote(other), other), (models.roll_back, one)):
                    change()
                    waited = time.monotonic()
                    while followed().model_id != wanted and time.monotonic() - waited < 60:
                        time.sleep(0.001)
                    assert followed().model_id == wanted
        finally:
            stopped.set()
            followed.stop()
        for one_asking in asking:
            one_asking.result()  # whatever failed there fails here
    assert set(answered) == {one, other}
