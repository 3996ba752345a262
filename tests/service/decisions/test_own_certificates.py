"""What was certified on own accounts while the service runs: it is taken over, shown, replayed, and never loosens."""

import time
from dataclasses import replace

import pytest

from classifier.accounts.account import canonical
from classifier.model_store import ModelStore, Who
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from service.decisions.current_scorer import FixedScorer, FollowedScorer
from service.decisions.recorded import find_decision, reader
from service.decisions.replay import replay
from service.schemas.checks import CheckResponse
from service.settings import Settings
from tests.classifier.certification.test_own_accounts import BOUND, RECORD
from tests.service.conftest import UNLIMITED, Client, Clock
from tests.test_rules import CERTIFICATE, FAKE, NOW, TARGET, gullible

GIVEN = {"account": canonical(FAKE), "action": "suspend", "actor": "agent-17"}


@pytest.fixture
def models(tmp_path):
    models = ModelStore(tmp_path / "home")
    models.promote(models.add(Training(gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), {"seed": 1})))
    return models


@pytest.fixture(params=["fixed", "followed"])
def client(request, models, tmp_path):
    stored, store = models.load(), registry_store(tmp_path)
    store.replace(Registry([TARGET]))
    opened = store.open()
    scorer = Scorer(stored.model, stored.model_id, opened.index)
    current = FixedScorer(scorer, models) if request.param == "fixed" else FollowedScorer(scorer, store, opened, models)
    client = Client(current, Settings(database_url=f"sqlite:///{tmp_path}/test.db", **UNLIMITED), Clock())
    client.current = current
    yield client
    client.check_service.close()


def certify(models, client, model_id=None, **bound):
    own = replace(BOUND, **bound)
    record = replace(RECORD, model_id=model_id or models.current_id(), tiers={"standard": own})
    models.certify(record, who=Who("ada"), at=NOW)
    client.current.look()


def asked(client):
    return client.post("/v1/checks", json=GIVEN).json()


def replayed(client, models, check_id):
    with client.check_service.engine.connect() as connection:
        decision = find_decision(reader(connection), check_id)
    return decision, replay(decision, models, Policy())


def test_the_stricter_holds_and_is_shown_beside_the_simulated_one(client, models):
    before = asked(client)
    certify(models, client, threshold=1.0)
    after = asked(client)
    assert (before["verdict"], after["verdict"]) == ("cleared", "needs_review")
    assert (before["certificate"]["own"], after["certificate"]["threshold"]) == (None, 0.9)
    assert after["certificate"]["own"] == {
        "n": 299, "near": 299, "errors": 0, "cleared": 0, "bound": 0.01, "near_bound": 0.01, "threshold": 1.0,
        "at": "2026-11-30T00:00:00Z", "registry_version": "r",
    }  # fmt: skip
    assert after["reasons"][0]["code"] == "below_threshold"
    assert after["reasons"][0]["text"].endswith(
        "the certified threshold, above 99.99 %, which own genuine accounts raised."
    )
    serving = client.get("/v1/models", by=("aud", "auditor")).json()["serving"]
    assert serving["certificates"]["standard"]["own"]["threshold"] == 1.0
    assert serving["certificates"]["high"]["own"] is None


def test_a_lower_threshold_and_too_few_change_nothing_and_are_shown(client, models):
    certify(models, client, threshold=0.2)
    assert asked(client)["verdict"] == "cleared"
    certify(models, client, threshold=None, at="2027-01-01T00:00:00+00:00")
    found = asked(client)
    assert (found["verdict"], found["certificate"]["own"]["threshold"]) == ("cleared", 0.2)


def test_a_clearance_from_before_is_not_redeemed_any_more(client, models):
    token = asked(client)["clearance"]["token"]
    certify(models, client, threshold=1.0)
    refused = client.post("/v1/clearances/redeem", json={"token": token, "account": GIVEN["account"]})
    assert refused.status_code == 409
    assert "which own genuine accounts raised" in refused.text


def test_where_they_contradict_it_nothing_is_cleared(client, models):
    certify(models, client, threshold=None, holds=False)
    found = asked(client)
    assert (found["verdict"], found["certificate"]) == ("needs_review", None)
    assert found["reasons"][0]["code"] == "certificate_withdrawn"
    assert "On own genuine accounts" in found["reasons"][0]["text"]


def test_a_forged_one_clears_nothing(client, models, tmp_path):
    certify(models, client)
    assert asked(client)["verdict"] == "cleared"
    [path] = (tmp_path / "home" / "models" / models.current_id() / "own").iterdir()
    path.write_text(path.read_text().replace("0.95", "0.05"))
    client.current.look()
    found = asked(client)
    assert (found["verdict"], found["certificate"]) == ("needs_review", None)
    assert "cannot be trusted" in found["reasons"][0]["text"]


def test_that_of_another_model_does_not_count(client, models):
    other = models.add(Training(gullible({"standard": CERTIFICATE}), {"seed": 2}))
    certify(models, client, other, threshold=1.0)
    assert asked(client)["verdict"] == "cleared"


def test_it_is_taken_over_without_being_told(client, models, monkeypatch):
    monkeypatch.setattr("service.decisions.current_scorer.INTERVAL", 0.01)
    record = replace(RECORD, model_id=models.current_id(), tiers={"standard": replace(BOUND, threshold=1.0)})
    if isinstance(client.current, FollowedScorer):
        client.current.start()
    models.certify(record, who=Who("ada"), at=NOW)
    ends = time.monotonic() + 20
    while asked(client)["verdict"] == "cleared" and time.monotonic() < ends:
        time.sleep(0.05)
    assert asked(client)["verdict"] == "needs_review"
    if isinstance(client.current, FollowedScorer):
        client.current.stop()


def test_what_was_decided_is_replayed_with_what_was_in_force_then(client, models):
    checks = [asked(client)["check_id"]]
    for number, threshold in enumerate((0.95, 1.0)):
        certify(models, client, threshold=threshold, at=f"2027-01-0{number + 1}T00:00:00+00:00")
        checks.append(asked(client)["check_id"])
    certify(models, client, threshold=None, holds=False, at="2027-01-03T00:00:00+00:00")
    checks.append(asked(client)["check_id"])
    found = [replayed(client, models, check_id) for check_id in checks]
    assert [decision.row.verdict for decision, _ in found] == ["cleared", "cleared", "needs_review", "needs_review"]
    assert [(again.differences, again.verdict) for _, again in found] == [
        ((), decision.row.verdict) for decision, _ in found
    ]


def test_a_record_of_before_there_were_any_is_read_and_replayed(client, models):
    decision, _ = replayed(client, models, asked(client)["check_id"])
    certificate = {name: value for name, value in decision.answer["certificate"].items() if name != "own"}
    before = replace(decision, record=decision.record | {"answer": decision.answer | {"certificate": certificate}})
    assert replay(before, models, Policy()).differences == ()
    assert CheckResponse.model_validate(before.answer).certificate.in_force == 0.9
