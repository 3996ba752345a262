"""Any past decision is answered again by its exact model, and everything it takes can be handed over."""

import hashlib
import json
from dataclasses import replace

import pytest

from classifier.accounts.account import canonical
from classifier.errors import NoModelError
from classifier.model_store import ModelStore, Withdrawal, shipped
from classifier.model_store.training_result import Training
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer
from classifier.simulation import simulate
from classifier.storage.home import registry_store
from service.decisions.current_scorer import FixedScorer, FollowedScorer
from service.decisions.recorded import find_decision, reader
from service.decisions.replay import export, replay
from service.records.log_chain import Entry, entry_hash
from service.records.verification import check_signature
from service.schemas.checks import CheckResponse
from service.settings import Settings
from service.signing import public_pem
from tests.conftest import PRESIDENT
from tests.service.conftest import UNLIMITED, Client, Clock
from tests.test_rules import CERTIFICATE, IMITATORS, NEIGHBOURS, additive, gullible

AUDITOR = ("aud", "auditor")


@pytest.fixture(scope="module")
def asked(scorer: Scorer, tmp_path_factory):
    """A service with the default model that was asked some 150 checks of all families and of ordinary accounts."""
    url = f"sqlite:///{tmp_path_factory.mktemp('replay')}/test.db"
    client = Client(FixedScorer(scorer), Settings(database_url=url, **UNLIMITED), Clock())
    cases = simulate(list(scorer.registry)[:8], seed=11)
    copied = canonical(PRESIDENT)
    imitator = {name: copied[name] for name in ("platform", "bio", "avatar_pdq") if name in copied} | {
        "account_id": "5", "handle": "OIIivanderBrask", "display_name": "\u041ellivander Brask", "followers": 12,
        "links": ["https://t.me/ollivanderbrask"], "verified": False, "created_at": "2026-04-25T00:00:00Z",
        "observed_at": "2026-05-01T00:00:00Z",
    }  # fmt: skip
    real = [{"platform": "x", "handle": scorer.registry.accounts[0].handle}, {"handle": "zzqqxxkk"}, imitator]
    for account in [*(canonical(case.account) for case in cases), *real]:
        given = {"account": account, "action": "suspend", "actor": "agent-17"}
        assert client.post("/v1/checks", json=given).status_code == 200
    yield client
    client.check_service.close()


def decisions(client):
    with client.check_service.engine.connect() as connection:
        read = reader(connection)
        page = client.get("/v1/checks", params={"limit": 200}, by=AUDITOR).json()
        return [find_decision(read, one["check_id"]) for one in page["checks"]]


def test_every_decision_is_answered_as_it_was(asked, home) -> None:
    """Of two protected accounts, the target and the likeliest: no other had a part in the answer."""
    found = decisions(asked)
    relations = {decision.answer["relation"] for decision in found}
    assert relations >= {"impersonation", "unrelated", "is_protected", "no_target", "same_owner"}
    assert {decision.row.verdict for decision in found} >= {"cleared", "needs_review", "refused"}
    for decision in found:
        again = replay(decision, ModelStore(home), Policy())
        assert again.differences == ()
        assert again.compared_policy
        assert again.verdict == decision.row.verdict


@pytest.mark.parametrize(
    ("name", "value"), [("impersonation_probability", 0.123), ("relation", "unrelated"), ("verdict", "refused")]
)
def test_what_was_not_answered_so_is_noticed(asked, home, name, value) -> None:
    [decision] = [one for one in decisions(asked) if one.row.verdict == "cleared"][:1]
    forged = replace(decision, record=decision.record | {"answer": decision.answer | {name: value}})
    assert replay(forged, ModelStore(home), Policy()).differences == (name,)


def test_another_policy_is_not_held_against_the_decision(asked, home) -> None:
    [decision] = [one for one in decisions(asked) if one.row.verdict == "cleared"][:1]
    again = replay(decision, ModelStore(home), Policy(version="another", high_impact_followers=1))
    assert (again.verdict, again.differences, again.compared_policy) == ("needs_review", (), False)


def test_without_its_model_nothing_is_replayed(asked, tmp_path, monkeypatch) -> None:
    """Also of the model that shipped, once another one ships and the home with its copy is lost."""
    assert replay(decisions(asked)[0], ModelStore(tmp_path), Policy()).differences == ()
    monkeypatch.setattr(shipped, "DEFAULT_MODEL", "0" * 64)
    with pytest.raises(NoModelError):
        replay(decisions(asked)[0], ModelStore(tmp_path), Policy())


def test_an_export_proves_itself_without_the_database(asked, home) -> None:
    """The record is the one whose digest the entry holds, and the entry is in a chain that ends in a signature."""
    check_id = decisions(asked)[0].row.id
    keys = {name: public_pem(key) for name, key in asked.check_service.signer.public().items()}
    with asked.check_service.engine.connect() as connection:
        bundle = json.loads(json.dumps(export(connection, check_id, ModelStore(home), keys)))
    [entry, *_] = [Entry(**one) for one in bundle["history"]]
    assert hashlib.sha256(bundle["record"].encode()).hexdigest() == json.loads(entry.data)["record"]
    previous = entry.previous
    for one in bundle["proof"]["chain"]:
        link = Entry(**one)
        assert link.previous == previous
        assert link.hash == entry_hash(link.seq, link.at, link.kind, link.subject, link.data, link.previous)
        previous = link.hash
    checkpoint = bundle["proof"]["checkpoint"]
    key = asked.check_service.signer.public()[checkpoint["signed_by"]]
    check_signature(checkpoint["seq"], previous, key, checkpoint["signature"])
    assert checkpoint["signed_by"] in bundle["proof"]["keys"]
    assert bundle["model_manifest"]["features"]


def test_every_decision_is_replayed_on_its_model_whatever_became_of_it(small_training, registry, tmp_path):
    """A serves, then B, then A again, then A without its certificate: after each step all decisions so far are
    answered as they were, by the model that decided, with the certificates it had then."""
    models = ModelStore(tmp_path / "home")
    first, second = models.add(small_training), models.add(Training(gullible({"standard": CERTIFICATE}), {"seed": 1}))
    models.promote(first)
    store = registry_store(tmp_path)
    store.replace(registry)
    opened = store.open()
    followed = FollowedScorer(Scorer(small_training.model, first, opened.index), store, opened, models)
    client = Client(followed, Settings(database_url=f"sqlite:///{tmp_path}/test.db", **UNLIMITED), Clock())
    protected = [one for one in registry if one.tier == "standard"][:8]
    attacks = [one.account for one in simulate(protected, seed=11) if one.label == "impersonation"][:40]
    withdrawal = Withdrawal(model_id=first, tier="standard", at="2026-05-01T12:00:00Z", code="bound_broken",
                            text="Two of two.", by="monitor")  # fmt: skip
    cleared = []
    for step in (
        lambda: None, lambda: models.promote(second), models.roll_back, lambda: models.withdraw(withdrawal)
    ):  # fmt: skip
        step()
        followed.look()
        for account in attacks:
            given = {"account": canonical(account), "action": "suspend", "actor": "agent-17"}
            assert client.post("/v1/checks", json=given).status_code == 200
        found = decisions(client)
        again = [replay(one, models, Policy()) for one in found]
        assert {one.differences for one in again} == {()}
        assert [one.verdict for one in again] == [one.row.verdict for one in found]
        cleared.append(sum(one.row.verdict == "cleared" for one in found))
    client.check_service.close()
    assert {one.answer["model_id"] for one in found} == {first, second}
    assert 0 < cleared[0] < cleared[1] < cleared[2] == cleared[3]  # without its certificate nothing more was cleared


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory):
    """A service that was asked about imitators of three accounts that resemble one another, and its models."""
    directory = tmp_path_factory.mktemp("neighbours")
    models = ModelStore(directory / "home")
    models.promote(models.add(Training(additive(1, scale=1.0), {"seed": 1})))
    found = models.load()
    settings = Settings(database_url=f"sqlite:///{directory}/test.db", **UNLIMITED)
    client = Client(FixedScorer(Scorer(found.model, found.model_id, NEIGHBOURS)), settings, Clock())
    for account in IMITATORS:
        given = {"account": canonical(account), "action": "suspend", "actor": "agent-17"}
        assert client.post("/v1/checks", json=given).status_code == 200
    yield client, models
    client.check_service.close()


def test_a_decision_is_replayed_also_where_a_third_account_gave_the_clearing_probability(neighbours) -> None:
    client, models = neighbours
    found = decisions(client)
    thirds = [one for one in found if one.record["steadiest"] not in (one.record["target"], one.record["likeliest"])]
    assert thirds
    assert {replay(one, models, Policy()).differences for one in found} == {()}
    without = replace(thirds[0], record=thirds[0].record | {"steadiest": None})
    assert "clearing_probability" in replay(without, models, Policy()).differences


def test_a_record_of_before_policy_4_is_read_and_replayed_as_it_was(neighbours) -> None:
    """It knows no clearing probability and no kinds; its threshold was compared with the probability itself."""
    client, models = neighbours
    for decision in decisions(client):
        new = {"clearing_probability", "strongest_kind"}
        answer = {name: value for name, value in decision.answer.items() if name not in new}
        answer["evidence"] = [{key: one[key] for key in one if key != "kind"} for one in answer["evidence"]]
        answer["policy_version"] = "3"
        record = {name: value for name, value in decision.record.items() if name != "steadiest"}
        before = replace(decision, record=record | {"answer": answer})
        again = replay(before, models, Policy())
        assert (again.differences, again.compared_policy) == ((), False)
        assert CheckResponse.model_validate(answer).compared == answer["impersonation_probability"]
