"""The crowd: strangers who come near by chance, the nearest first, and never the account itself."""

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.simulation import coincidences as crowds
from classifier.simulation.coincidences import NEAR, near
from classifier.text.edit_distance import beyond_chance

STRANGERS = {
    "JaneQuillon": "Jane Quillon", "janequillon1": "Jane Quillon", "jane_quillom": "J. Quillom",
    "janequilloner": "Quilloner", "bert_and_ernie": "Bert", "zqxj77": "Zed",
}  # fmt: skip
JANE = ProtectedAccount(platform="x", handle="janequillon")


@pytest.fixture(scope="module")
def small() -> CandidateIndex:
    accounts = (ProtectedAccount(platform="x", handle=one, display_name=name) for one, name in STRANGERS.items())
    return CandidateIndex(Registry(accounts))


def nearness(handle: str, protected: ProtectedAccount) -> float:
    return beyond_chance(View(Account(handle=handle)).handle, View(protected).handle)


def test_strangers_near_come_the_nearest_first_and_the_account_itself_is_none_of_them(small: CandidateIndex) -> None:
    """Platforms compare handles without case: JaneQuillon is the account, and called a stranger would teach noise."""
    found = near(JANE.handle, small)
    assert [one.handle for one in found] == ["janequillon1", "jane_quillom", "janequilloner"]
    distances = [nearness(one.handle, JANE) for one in found]
    assert distances == sorted(distances, reverse=True)
    assert min(distances) > NEAR


def test_strangers_keep_their_names(small: CandidateIndex) -> None:
    assert all(one.name == STRANGERS[one.handle] for one in near(JANE.handle, small))


def test_nobody_comes_near_a_handle_like_no_other(small: CandidateIndex) -> None:
    assert near("wvutsrqpbfgh", small) == ()


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> CandidateIndex:
    monkeypatch.setattr(crowds, "CROWD_SIZE", 4_000)
    return crowds.crowd.__wrapped__()


def test_the_crowd_is_the_same_each_time_and_the_commoner_a_handle_the_more_come_near(fewer: CandidateIndex) -> None:
    assert fewer.registry.version == crowds.crowd.__wrapped__().registry.version
    assert len({one.handle.casefold() for one in fewer.registry}) == len(fewer.registry) > 3_000
    common, rare = (ProtectedAccount(platform="x", handle=handle) for handle in ("newsthe", "qvxkollivander"))
    assert len(near(common.handle, fewer)) > len(near(rare.handle, fewer))
    assert all(nearness(one.handle, common) > NEAR for one in near(common.handle, fewer))
