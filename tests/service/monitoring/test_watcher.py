"""Watching over the running service, on both databases: a certificate that does not hold clears nothing any more."""

import asyncio
import json
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from classifier.errors import InputError, ModelError
from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from service.auth.api_keys import create_key
from service.decisions.current_scorer import FixedScorer, FollowedScorer
from service.decisions.erasure import Order, erase
from service.decisions.outcomes import count_outcomes, write_labels
from service.decisions.recorded import find_decision, reader
from service.decisions.replay import replay
from service.errors import RecordsError
from service.monitoring.watcher import Watcher, _observed, last_run
from service.records.tables import decisions, log, outcomes
from service.records.verification import verify
from service.settings import Settings
from service.web.app import _keep_watch
from tests.service.conftest import NO_HOME, TARGET, UNLIMITED, Client, Clock, acted, appeal, body, canned
from tests.service.test_rules import redeem, refusals
from tests.test_rules import CERTIFICATE, gullible

REVIEWERS = (("rev-1", "reviewer"), ("rev-2", "reviewer"))


@pytest.fixture
def models(tmp_path):
    """A store with a model that takes everything for an impersonation."""
    store = ModelStore(tmp_path / "home")
    store.promote(store.add(Training(gullible({"standard": CERTIFICATE, "high": CERTIFICATE}), {"seed": 1})))
    return store


@pytest.fixture
def client(make_client, database_url, models):
    """A service whose answers are canned and said to be the stored model's."""
    return make_client(canned(model_id=models.current_id()), database_url=database_url)


@pytest.fixture
def watcher(client, models):
    return Watcher(client.check_service.engine, client.check_service.signer, models, client.clock)


def decided(client, models, number, *, outcome=None, by=REVIEWERS, **changes):
    """Ask for one of many accounts; where an appeal found something, act on it first, and let ``by`` say it."""
    client.scorer.answer = canned(**{"model_id": models.current_id()} | changes)
    account = body()["account"] | {"account_id": str(number), "handle": f"JaneR0e{number}"}
    if outcome is None:
        return client.check(account=account).json()["check_id"]
    check_id = acted(client, account=account)
    for reviewer in by:
        assert appeal(client, check_id, outcome, by=reviewer).status_code == 200
    return check_id


def answered(client, check_id, answer, by):
    client.get(f"/v1/checks/{check_id}", by=by)
    given = {"answer": answer, "reason": "looked at it"}
    response = client.post(f"/v1/checks/{check_id}/approvals", json=given, by=by)
    assert response.status_code == 200, response.text


def logged(client, kind):
    with client.check_service.engine.connect() as connection:
        rows = connection.execute(select(log.c.data).where(log.c.kind == kind).order_by(log.c.seq)).scalars()
        return [json.loads(row) for row in rows]


def test_nothing_known_speaks_against_nothing(client, models, watcher):
    decided(client, models, 1)
    health = watcher.run(models.current_id())
    assert (health.decisions, [one.state for one in health.tiers]) == (1, ["holds", "holds"])
    assert models.withdrawn(models.current_id()) == {}
    assert logged(client, "monitored")[0]["tiers"]["high"]["highest"] == 1


def test_overturned_clearances_withdraw_the_certificate_of_their_tier_once_and_for_good(client, models, watcher):
    for number in range(2):
        decided(client, models, number, outcome="overturned")
    model_id = models.current_id()
    assert watcher.run(model_id).state == "withdrawn"
    assert watcher.run(model_id).state == "withdrawn"
    assert set(models.load().model.certificates) == {"standard"}
    [entry] = logged(client, "certificate_withdrawn")
    assert (entry["tier"], entry["by"], entry["code"]) == ("high", "monitor", "bound_broken")
    assert (entry["figures"]["genuine"], entry["figures"]["errors"]) == (2, 2)
    assert "JaneR" not in json.dumps(entry)
    with client.check_service.engine.connect() as connection:
        verify(connection, client.check_service.signer.public())


def test_genuine_accounts_below_the_threshold_are_counted_too(client, models, watcher):
    for number in range(12):
        decided(client, models, number, outcome="overturned", impersonation_probability=0.5)
    decided(client, models, 99, outcome="overturned")
    high = watcher.run(models.current_id()).tiers[0]
    assert (high.tier, high.state, high.bound.genuine, high.bound.errors) == ("high", "holds", 13, 1)


def test_what_scored_above_the_threshold_by_a_single_kind_of_evidence_is_no_mistake(client, models, watcher):
    for number in range(3):
        decided(client, models, number, outcome="overturned", clearing_probability=0.5)
    [high, _] = watcher.run(models.current_id()).tiers
    assert (high.state, high.bound.genuine, high.bound.errors) == ("holds", 3, 0)


def test_a_decision_of_before_policy_4_counts_by_its_probability(client, models):
    decided(client, models, 1)
    with client.check_service.engine.connect() as connection:
        record = json.loads(connection.execute(select(decisions.c.record)).scalar_one())
    found = models.load()
    [now] = _observed(json.dumps(record), found.model_id, found.model)
    del record["answer"]["clearing_probability"]
    [before] = _observed(json.dumps(record), found.model_id, found.model)
    assert (now.score, before.score) == (0.951, 0.992)


def test_reviewers_who_say_that_it_is_none_are_heard_until_an_appeal_says_otherwise(client, models, watcher):
    doubtful = {"direction": 0.0}  # above the threshold, and still for people to decide
    declined, approved = (decided(client, models, number, **doubtful) for number in range(2))
    answered(client, declined, "decline", REVIEWERS[0])
    for reviewer in REVIEWERS:
        answered(client, approved, "approve", reviewer)
    overturned = decided(client, models, 2, outcome="overturned", **doubtful)
    health = watcher.run(models.current_id())
    assert (health.tiers[0].bound.genuine, health.tiers[0].bound.errors) == (2, 2)
    assert health.reliability.n == 3
    appeal(client, overturned, "upheld", by=REVIEWERS[0])
    assert watcher.examine(models.current_id()).tiers[0].bound.genuine == 1


def test_two_approvals_that_turn_out_to_be_one_persons_say_nothing(client, models, watcher):
    check_id = decided(client, models, 0, direction=0.0)
    for name in ("quill-day", "quill-night"):
        answered(client, check_id, "approve", (name, "reviewer"))
    assert watcher.examine(models.current_id()).reliability.n == 1
    for name in ("quill-day", "quill-night"):
        client.commit(lambda transaction, name=name: create_key(transaction, name, ["reviewer"], person="P-9"))
    assert watcher.examine(models.current_id()).reliability.n == 0


@pytest.mark.parametrize(("people", "state"), [(["rev-1"], "watch"), (["rev-1", "REV-1"], "watch"),
                                               (["rev-1", "rev-2"], "withdrawn")])  # fmt: skip
def test_one_persons_word_withdraws_nothing_and_two_peoples_does(client, models, watcher, people, state):
    """Three overturned of one reviewer, then confirmed by the same person under another spelling, or by a second."""
    for number in range(3):
        decided(client, models, number, outcome="overturned", by=[(name, "reviewer") for name in people])
    [high, _] = watcher.run(models.current_id()).tiers
    assert (high.state, high.bound.errors, high.bound.is_broken) == (state, 3, True)
    assert ("rests on one person's word" in high.sentence) == (state == "watch")
    assert logged(client, "monitored")[-1]["tiers"]["high"]["others"] == high.others
    assert (high.others >= 1 / high.bound.delta) == (state == "withdrawn")


def test_declines_of_one_reviewer_withdraw_nothing_either(client, models, watcher):
    checks = [decided(client, models, number, direction=0.0) for number in range(4)]
    for check_id in checks:
        answered(client, check_id, "decline", REVIEWERS[0])
    assert watcher.run(models.current_id()).tiers[0].state == "watch"
    for number in (4, 5):
        answered(client, decided(client, models, number, direction=0.0), "decline", REVIEWERS[1])
    assert watcher.run(models.current_id()).tiers[0].state == "withdrawn"


def test_outcomes_of_what_nobody_acted_on_are_no_evidence(client, models, watcher, tmp_path):
    """Versions before 0003 of the tables took them: here are some of theirs."""

    def as_before(check_id):
        def write(transaction):
            row = {"decision": check_id, "outcome": "overturned", "relation": "unrelated", "note": "", "at": "-"}
            transaction.record(outcomes, "outcome", check_id, row | {"actor": check_id})

        return write

    for number in range(3):
        client.commit(as_before(decided(client, models, number)))
    high = watcher.run(models.current_id()).tiers[0]
    assert (high.state, high.bound.genuine) == ("holds", 0)
    assert count_outcomes(client.check_service.engine) == {"upheld": 0, "overturned": 0}
    with pytest.raises(RecordsError, match="no check with a target"):
        write_labels(client.check_service.engine, tmp_path / "cases.csv")


def test_decisions_of_other_models_say_nothing_about_this_one(client, models, watcher):
    for number in range(3):
        decided(client, models, number, outcome="overturned", model_id="0123456789abcdef")
    assert watcher.run(models.current_id()).tiers[0].bound.genuine == 0


def test_only_recent_decisions_are_compared_with_the_training_and_all_outcomes_count(client, models, watcher):
    decided(client, models, 1, outcome="overturned")
    client.clock.at += timedelta(days=31)
    try:
        health = watcher.run(models.current_id())
        assert (health.decisions, health.tiers[0].bound.genuine) == (0, 1)
        assert watcher.run(models.current_id(), since=client.clock.at - timedelta(days=40)).decisions == 1
    finally:
        client.clock.at -= timedelta(days=31)


def test_an_erased_record_says_the_same_to_whoever_watches(client, models, watcher):
    """It still counts for the certificate's bound, and in the comparison of populations."""
    asked = [decided(client, models, 1, outcome="overturned"), decided(client, models, 2, outcome="upheld")]
    asked += [decided(client, models, 3)]
    before = watcher.run(models.current_id())
    client.commit(lambda transaction: erase(transaction, asked, Order("officer", "request 7")))
    after = watcher.run(models.current_id())
    assert [tier.bound for tier in before.tiers] == [tier.bound for tier in after.tiers]
    assert (before.drifts, before.outside) == (after.drifts, after.outside)
    assert after.decisions == 3


def test_an_erased_account_without_an_id_is_another_than_the_next_one(client, models):
    found = models.load()
    names = set()
    for handle in ("janeroe1", "janeroe2"):
        check_id = client.check(account=body()["account"] | {"account_id": None, "handle": handle}).json()["check_id"]
        client.commit(lambda transaction, one=check_id: erase(transaction, [one], Order("officer", "request 7")))
        with client.check_service.engine.connect() as connection:
            record = connection.execute(select(decisions.c.record).where(decisions.c.id == check_id)).scalar_one()
        names |= {one.account for one in _observed(record, found.model_id, found.model)}
    assert len(names) == 2
    assert not any("janeroe" in name for name in names)


def test_a_deleted_withdrawal_is_put_back_from_the_log(client, models, watcher, tmp_path):
    model_id = models.current_id()
    watcher.withdraw(model_id, "high", by="kay", text="A case in the papers.")
    before = models.withdrawn(model_id)
    (tmp_path / "home" / "models" / model_id / "withdrawn" / "high.json").unlink()
    assert models.withdrawn(model_id) == {}
    watcher.run(model_id)
    assert models.withdrawn(model_id) == before
    assert "by kay: A case in the papers." in before["high"]
    assert len(logged(client, "certificate_withdrawn")) == 1


def test_a_tier_without_a_certificate_cannot_be_withdrawn(watcher, models):
    other = models.add(Training(gullible({"standard": CERTIFICATE}), {"seed": 2}))
    with pytest.raises(InputError, match="no certificate"):
        watcher.withdraw(other, "high", by="kay", text="Why.")


def test_of_all_workers_one_runs_at_a_time(client, models, watcher):
    other = Watcher(client.check_service.engine, client.check_service.signer, models, client.clock)
    assert watcher.run_if_due(models.current_id(), 60) is not None
    assert other.run_if_due(models.current_id(), 60) is None
    client.clock.at += timedelta(minutes=61)
    try:
        assert other.run_if_due(models.current_id(), 60) is not None
    finally:
        client.clock.at -= timedelta(minutes=61)


def test_a_run_that_is_stopped_has_no_effect(client, models, watcher):
    for number in range(2):
        decided(client, models, number, outcome="overturned")
    watcher.stop()
    with pytest.raises(RecordsError, match="stopped"):
        watcher.run(models.current_id())
    assert models.withdrawn(models.current_id()) == {}


def test_metrics_tell_what_was_found_and_when(client, models, watcher):
    assert last_run(client.check_service.engine) is None
    assert "doublecheck_monitor_last_run_timestamp_seconds" not in client.get("/metrics").text
    decided(client, models, 1, outcome="overturned")
    watcher.run(models.current_id())
    text = client.get("/metrics").text
    assert 'doublecheck_certificate_holds{tier="high"} 1.0' in text
    assert 'doublecheck_monitor_evidence{tier="high"} 5.5' in text
    assert "doublecheck_monitor_decisions 1.0" in text
    [ran] = [line for line in text.splitlines() if line.startswith("doublecheck_monitor_last_run_timestamp_seconds")]
    assert float(ran.split()[1]) == client.clock.at.timestamp()


def test_the_service_watches_by_itself_and_goes_on_after_a_run_that_failed(client, models, watcher, monkeypatch):
    for number in range(2):
        decided(client, models, number, outcome="overturned")
    monkeypatch.setattr("service.web.app.WATCHED", 0.01)
    monkeypatch.setattr(client.scorer, "model_id", models.current_id())
    whole, failed = watcher.run_if_due, []

    def fail_once(*arguments):
        if failed:
            return whole(*arguments)
        failed.append(arguments)
        raise RecordsError("the database is away")

    monkeypatch.setattr(watcher, "run_if_due", fail_once)

    async def watch():
        task = asyncio.create_task(_keep_watch(client.check_service, watcher, 60))
        for _ in range(1_000):
            if models.withdrawn(models.current_id()):
                break
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(watch())
    assert set(models.withdrawn(models.current_id())) == {"high"}
    assert "doublecheck_monitor_failures_total 1.0" in client.get("/metrics").text


# --- what a withdrawal does to what was cleared before ---------------------------------------------------------------


def fixed(models, tmp_path):
    stored = models.load()
    return FixedScorer(Scorer(stored.model, stored.model_id, Registry([TARGET])), models)


def followed(models, tmp_path):
    store = registry_store(tmp_path / "home")
    store.replace(Registry([TARGET]))
    stored, opened = models.load(), store.open()
    return FollowedScorer(Scorer(stored.model, stored.model_id, opened.index), store, opened, models)


@pytest.fixture(params=[fixed, followed])
def serving(request, models, tmp_path, database_url):
    """A service with the stored model, over a fixed registry and over a followed one."""
    settings = Settings(home=NO_HOME, database_url=database_url, **UNLIMITED)
    client = Client(request.param(models, tmp_path), settings, Clock())
    yield client
    client.check_service.close()


def test_a_clearance_given_before_the_withdrawal_is_not_redeemed_after_it(serving, models):
    first, second = (serving.check().json() for _ in range(2))
    assert (first["verdict"], second["verdict"]) == ("cleared", "cleared")
    assert redeem(serving, first).status_code == 200
    watcher = Watcher(serving.check_service.engine, serving.check_service.signer, models, serving.clock)
    watcher.withdraw(models.current_id(), "high", by="kay", text="A case in the papers.")
    assert "certificate_withdrawn" in refusals(redeem(serving, second))
    after = serving.check().json()
    assert (after["verdict"], after["certificate"]) == ("needs_review", None)
    assert {"code": "certificate_withdrawn", "text": models.withdrawn(models.current_id())["high"]} in after["reasons"]
    assert 'doublecheck_certificate_holds{tier="high"} 0.0' in serving.get("/metrics").text
    for answer in (second, after):  # each on the model as it was then
        with serving.check_service.engine.connect() as connection:
            decision = find_decision(reader(connection), answer["check_id"])
        found = replay(decision, models, Policy())
        assert (found.verdict, found.differences) == (answer["verdict"], ())


def test_approvals_given_before_the_withdrawal_do_not_stand_in_for_the_certificate(serving, models):
    account = body()["account"] | {"verified": True}
    check_id = serving.check(account=account).json()["check_id"]
    for reviewer in REVIEWERS:
        answered(serving, check_id, "approve", reviewer)
    watcher = Watcher(serving.check_service.engine, serving.check_service.signer, models, serving.clock)
    watcher.withdraw(models.current_id(), "high", by="kay", text="A case in the papers.")
    assert refusals(serving.post(f"/v1/checks/{check_id}/clearance")) == {"certificate_withdrawn"}
    again = serving.check(account=account).json()["check_id"]
    for reviewer in REVIEWERS:
        answered(serving, again, "approve", reviewer)
    assert serving.post(f"/v1/checks/{again}/clearance").status_code == 200, "people who knew of it may decide"


def test_checks_notice_a_withdrawal_within_a_second(serving, models, monkeypatch):
    watcher = Watcher(serving.check_service.engine, serving.check_service.signer, models, serving.clock)
    monkeypatch.setattr("service.decisions.current_scorer.INTERVAL", 0.01)
    current = serving.check_service.current
    if isinstance(current, FollowedScorer):
        current.start()
    watcher.withdraw(models.current_id(), "high", by="kay", text="A case in the papers.")
    for _ in range(500):
        if current().withdrawn:
            break
        watcher._stopped.wait(0.01)
    assert serving.check().json()["verdict"] == "needs_review"
    if isinstance(current, FollowedScorer):
        current.stop()


def test_a_store_that_cannot_be_read_clears_nothing(serving, tmp_path):
    (tmp_path / "home" / "models").rename(tmp_path / "gone")
    serving.check_service.current._looked = 0.0
    with suppress(ModelError):  # a followed scorer keeps it for the next check
        serving.check_service.current.look()
    assert serving.check().status_code == 503
