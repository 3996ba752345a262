"""A check against an account that the registry holds since lately takes two people, whichever way it came there.

All people are invented; model, registry and database are real.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifier.accounts.account import ProtectedAccount
from classifier.cli.main import main
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from service.decisions.recorded import find_decision, reader
from service.decisions.replay import replay
from service.server.bootstrap import load_scorer
from service.settings import Settings
from tests.service.conftest import AGENT, NOW, UNLIMITED, Client, Clock
from tests.service.test_rules import approve, clearance, refusals

BOSS, CHIEF = ("boss", "admin"), ("chief", "admin")
REVIEWERS = (("rev-1", "reviewer"), ("rev-2", "reviewer"))
PICTURE = "f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f"
REPORTED = {
    "platform": "x", "account_id": "900100200", "handle": "OIIivanderBrask", "display_name": "Ollivander Brask",
    "bio": "45th President of Velmoria. Building harbours, bridges and a quiet country. Message me for a giveaway.",
    "links": ["https://t.me/oiiivanderbrask"], "avatar_pdq": PICTURE, "followers": 120, "following": 300, "posts": 40,
    "created_at": "2026-03-01T00:00:00Z", "observed_at": "2026-05-01T00:00:00Z", "verified": False,
}  # fmt: skip
BIO = "Harbour pilot and author of Tides of Northwind."
SOMEBODY = ProtectedAccount(platform="x", handle="QuimbyTerrane", account_id="7", display_name="Quimby Terrane")


@pytest.fixture
def own(home: Path, president: ProtectedAccount, tmp_path: Path) -> Path:
    """A home directory with a registry that was imported long ago."""
    own = tmp_path / "home"
    shutil.copytree(home, own)
    registry_store(own).replace(Registry([president, SOMEBODY]), at=NOW - timedelta(days=90))
    return own


@pytest.fixture
def start(own: Path, database_url: str):
    """Return a starter of services on this home and this database."""
    started = []

    def starting() -> Client:
        settings = Settings(home=own, database_url=database_url, **UNLIMITED)
        started.append(Client(load_scorer(settings), settings, Clock(NOW)))
        started[-1].key(*CHIEF)
        return started[-1]

    yield starting
    for client in started:
        client.check_service.close()


@pytest.fixture
def client(start) -> Client:
    return start()


def check(client: Client, **changes: object):
    client.check_service.current.look()  # what its thread does every second
    given = {"account": REPORTED | changes, "action": "suspend", "actor": "agent-17"}
    return client.post("/v1/checks", json=given).json()


def codes(answer) -> set[str]:
    return {reason["code"] for reason in answer["reasons"]}


def redeem(client: Client, token: str):
    return client.post("/v1/clearances/redeem", json={"token": token, "account": REPORTED}, by=AGENT)


def changed(own: Path, president: ProtectedAccount, how: str) -> None:
    """Change what is registered of the president, in each of the ways in which it can be changed."""
    other = replace(president, bio=f"{president.bio} Since 2021.")
    if how == "put":
        registry_store(own).change([other], at=NOW)
    elif how == "import":
        registry_store(own).replace(Registry([other, SOMEBODY]), at=NOW)
    else:  # twice: what was put is imported again, as an operator does to make one file of many changes
        registry_store(own).change([other], at=NOW)
        registry_store(own).replace(registry_store(own).open().index.registry, at=NOW + timedelta(hours=1))


def test_what_was_imported_first_is_cleared_and_what_was_added_by_an_admin_is_not(client: Client) -> None:
    answer = check(client)
    assert answer["verdict"] == "cleared", answer["reasons"]
    # The thief's way: somebody is registered whom the genuine account resembles.
    columns = {"account_id": "555", "display_name": "Wilhelmina Oxbarrow", "followers": 5_000_000, "verified": True,
               "created_at": "2009-01-01T00:00:00Z", "bio": BIO, "avatar_pdq": PICTURE}  # fmt: skip
    assert client.request("PUT", "/v1/protected/x/WilhelminaOxbarrow", json=columns, by=BOSS).status_code == 200
    genuine = {"handle": "WilheIminaOxbarrow", "display_name": "Wilhelmina Oxbarrow", "bio": BIO}
    doubted = check(client, **genuine)
    assert doubted["verdict"] == "needs_review"
    assert codes(doubted) == {"recently_registered"}, "nothing else would have held it up"
    assert "2026-05-01" in doubted["reasons"][0]["text"]
    assert doubted["required_approvals"] == 2
    client.clock.at += timedelta(hours=72)
    assert check(client, **genuine)["verdict"] == "cleared"


@pytest.mark.parametrize("how", ["put", "import", "import of what was put"])
def test_a_change_is_seen_at_check_at_clear_and_at_redemption(
    client: Client, start, own: Path, president: ProtectedAccount, how: str
) -> None:
    cleared = check(client)
    assert cleared["verdict"] == "cleared", cleared["reasons"]
    changed(own, president, how)
    assert "recently_registered" in refusals(clearance(client, cleared["check_id"])), "a clearance given anew"
    assert "recently_registered" in refusals(redeem(client, cleared["clearance"]["token"]))
    for one in (client, start()):  # another worker, and one that is started after it
        doubted = check(one)
        assert (doubted["verdict"], codes(doubted)) == ("needs_review", {"recently_registered"})


def test_two_people_may_agree_and_what_changes_after_that_is_news(
    client: Client, own: Path, president: ProtectedAccount
) -> None:
    changed(own, president, "put")
    doubted, later = (check(client) for _ in range(2))
    for check_id in (doubted["check_id"], later["check_id"]):
        for reviewer in REVIEWERS:
            assert approve(client, check_id, reviewer).status_code == 200
    given = clearance(client, doubted["check_id"])
    assert given.status_code == 200, given.text
    assert redeem(client, given.json()["token"]).status_code == 200
    registry_store(own).change([replace(president, bio="47th President of Velmoria.")], at=NOW + timedelta(minutes=1))
    assert "recently_registered" in refusals(clearance(client, later["check_id"]))


def test_an_account_that_was_withdrawn_still_protects_for_a_while(
    client: Client, own: Path, president: ProtectedAccount
) -> None:
    """Withdrawn, and then reported as the imitator of somebody who was registered in its place."""
    impostor = replace(
        president, handle="0llivanderBrask", account_id="31", secondary_ids=(), secondary_handles=(), former_handles=()
    )
    registry_store(own).change([impostor], at=NOW - timedelta(days=20))
    registry_store(own).change(withdraw=[("x", president.handle)], at=NOW)
    for genuine in (
        {"handle": president.handle, "account_id": president.account_id},
        {"handle": "BraskRenamed", "account_id": president.account_id},
        {"handle": president.handle, "account_id": "99"},
        {"handle": "PresVelmoria", "account_id": "98"},
    ):
        doubted = check(client, **genuine)
        assert doubted["verdict"] == "needs_review", doubted["reasons"]
        assert "recently_withdrawn" in codes(doubted), genuine
    client.clock.at += timedelta(hours=72)
    assert "recently_withdrawn" not in codes(check(client, handle=president.handle))


def test_a_decision_is_replayed_as_it_was_made(client: Client, own: Path, president: ProtectedAccount) -> None:
    changed(own, president, "put")
    doubted = check(client)
    with client.check_service.engine.connect() as connection:
        decision = find_decision(reader(connection), doubted["check_id"])
    replayed = replay(decision, ModelStore(own), client.check_service.rules.policy)
    assert (replayed.verdict, replayed.differences) == ("needs_review", ())


def test_the_first_import_clears_and_the_next_counts(
    own: Path, president: ProtectedAccount, tmp_path: Path, start
) -> None:
    """By the command line, as operators do."""
    shutil.rmtree(own / "registry")
    file = tmp_path / "protected.jsonl"
    Registry([president, SOMEBODY]).save(file)
    assert CliRunner().invoke(main, ["registry", "import", str(file), "--home", str(own)]).exit_code == 0
    assert check(start())["verdict"] == "cleared"
    Registry([replace(president, bio=f"{president.bio} Since 2021."), SOMEBODY]).save(file)
    assert CliRunner().invoke(main, ["registry", "import", str(file), "--home", str(own)]).exit_code == 0
    assert codes(check(start())) == {"recently_registered"}
