"""The crowd: strangers who come near by chance, the nearest first, and never the account itself."""

import pytest

from classifier import crowd as crowds
from classifier.accounts import Account, ProtectedAccount
from classifier.candidates import CandidateIndex
from classifier.crowd import NEAR, Crowd
from classifier.edits import beyond_chance
from classifier.registry import Registry
from classifier.views import View

STRANGERS = {
    "JaneQuillon": "Jane Quillon", "janequillon1": "Jane Quillon", "jane_quillom": "J. Quillom",
    "janequilloner": "Quilloner", "bert_and_ernie": "Bert", "zqxj77": "Zed",
}  # fmt: skip
JANE = ProtectedAccount(platform="x", handle="janequillon")


@pytest.fixture(scope="module")
def small() -> Crowd:
    accounts = (ProtectedAccount(platform="x", handle=handle) for handle in STRANGERS)
    return Crowd(CandidateIndex(Registry(accounts)), STRANGERS)


def nearness(handle: str, protected: ProtectedAccount) -> float:
    return beyond_chance(View(Account(handle=handle)).handle, View(protected).handle)


def test_strangers_near_come_the_nearest_first_and_the_account_itself_is_none_of_them(small: Crowd) -> None:
    """Platforms compare handles without case: JaneQuillon is the account, and called a stranger would teach noise."""
    found = small.near(JANE.handle)
    assert [one.handle for one in found] == ["janequillon1", "jane_quillom", "janequilloner"]
    distances = [nearness(one.handle, JANE) for one in found]
    assert distances == sorted(distances, reverse=True)
    assert min(distances) > NEAR


def test_strangers_keep_their_names(small: Crowd) -> None:
    assert all(one.name == STRANGERS[one.handle] for one in small.near(JANE.handle))


def test_nobody_comes_near_a_handle_like_no_other(small: Crowd) -> None:
    assert small.near("wvutsrqpbfgh") == ()


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    monkeypatch.setattr(crowds, "CROWD_SIZE", 4_000)
    return crowds.crowd.__wrapped__()


def test_the_crowd_is_the_same_each_time_and_the_commoner_a_handle_the_more_come_near(fewer: Crowd) -> None:
    assert fewer.names == crowds.crowd.__wrapped__().names
    assert len({handle.casefold() for handle in fewer.names}) == len(fewer.names) > 3_000
    common, rare = (ProtectedAccount(platform="x", handle=handle) for handle in ("newsthe", "qvxkollivander"))
    assert len(fewer.near(common.handle)) > len(fewer.near(rare.handle))
    assert all(nearness(one.handle, common) > NEAR for one in fewer.near(common.handle))
