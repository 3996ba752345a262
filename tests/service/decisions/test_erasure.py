"""What a person asks to be erased is gone from everywhere; what decisions rest on stays; nothing is decided on it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from classifier.accounts.account import Account
from classifier.accounts.columns import COLUMNS, REPORTED
from classifier.errors import InputError
from service.auth.api_keys import Caller
from service.decisions.erasure import KEPT, Order, checks_of, erase, too_old, without_texts
from service.decisions.outcomes import labels
from service.decisions.queue_marks import mark
from service.decisions.recorded import find_decision, reader
from service.decisions.replay import replay
from service.errors import ErasedError, UnknownCheckError
from service.records.database import forget_overwritten
from service.records.tables import decisions, metadata
from service.records.verification import verify
from service.settings import Settings
from tests.service.conftest import NOW, acted, appeal, body
from tests.service.decisions.test_statement_of_reasons import SAID, act, statement

AUDITOR, REVIEWERS = ("aud", "auditor"), (("rev-1", "reviewer"), ("rev-2", "reviewer"))
RULES = Settings().rules()
ORDER = Order("officer", "request 7")
# Texts that stand nowhere else.
ACCOUNT = body()["account"] | {
    "display_name": "Jolanthe Quuxburger", "bio": "Xylophonist from Zwolle.", "location": "Zwolle-Zuid",
    "links": ["https://quuxburger.example/"], "avatar_pdq": "f0e1" * 16,
}  # fmt: skip
TEXTS = (
    "Quuxburger",
    "quuxburger",
    "Xylophonist",
    "Zwolle-Zuid",
    "f0e1f0e1",
    "JaneR0e",
    "plagiarises",
    "I saw",
    "mistaken",
    "xylophones",
    "bassoonist",
)
REPORT = SAID | {"text": "It plagiarises me."}


def erased(client, *check_ids, order=ORDER):
    return client.commit(lambda transaction: erase(transaction, check_ids, order))


def asked(client, **changes):
    """Have the account checked and looked at, with everything that people may write; return the check's number."""
    account = ACCOUNT | {"followers": 200_000} | changes
    check_id = client.check(account=account, report=REPORT).json()["check_id"]
    client.get(f"/v1/checks/{check_id}", by=REVIEWERS[0])
    reviewer = Caller("k", "rev-1", frozenset({"reviewer"}))
    client.commit(lambda transaction: mark(transaction, "skip", check_id, reviewer, RULES, "I know the bassoonist."))
    given = {"answer": "approve", "reason": "I saw it."}
    client.post(f"/v1/checks/{check_id}/approvals", json=given, by=REVIEWERS[0])
    return check_id


def everything(client):
    """All that is in the database, as text. (SQLAlchemy shortens what a row of its own is shown as.)"""
    with client.check_service.engine.connect() as connection:
        return str([list(map(tuple, connection.execute(select(table)))) for table in metadata.sorted_tables])


def verified(client):
    with client.check_service.engine.connect() as connection:
        return verify(connection, client.check_service.signer.public())


def judged(client, check_id):
    """Have a check judged by somebody who does not know what was answered."""
    address, by = f"/v1/second-looks/{check_id}", ("blind", "reviewer")
    client.get(address, by=by)
    given = {"relation": "impersonation", "reason": "Both play xylophones."}
    assert client.post(f"{address}/answer", json=given, by=by).status_code == 200


def test_the_texts_are_gone_and_the_log_holds(make_client, database_url):
    recorded = make_client(database_url=database_url, second_look_share=1)
    check_id, other = asked(recorded), acted(recorded, account=ACCOUNT | {"account_id": "9002"})
    assert appeal(recorded, other, "upheld", note="mistaken").status_code == 200
    judged(recorded, check_id)
    before = everything(recorded)
    assert [one for one in TEXTS if one not in before] == []
    assert erased(recorded, check_id, other) == 2
    after = everything(recorded)
    assert [one for one in TEXTS if one in after] == []
    assert verified(recorded).decisions == 2


def test_answers_kept_for_idempotency_keys_go_too(recorded):
    check = {"json": body(account=ACCOUNT), "headers": {"Idempotency-Key": "k1"}}
    check_id = recorded.post("/v1/checks", **check).json()["check_id"]
    other = {"json": body(), "headers": {"Idempotency-Key": "k2"}}
    kept = recorded.post("/v1/checks", **other).json()["check_id"]
    erased(recorded, check_id)
    assert "quuxburger" not in everything(recorded).casefold()
    assert recorded.post("/v1/checks", **other).json()["check_id"] == kept
    assert recorded.post("/v1/checks", **check).json()["check_id"] != check_id, "it is a new check"


def test_what_decisions_rest_on_stays(recorded):
    check_id = asked(recorded)
    before = recorded.get(f"/v1/checks/{check_id}", by=AUDITOR).json()
    erased(recorded, check_id)
    found = recorded.get(f"/v1/checks/{check_id}", by=AUDITOR).json()
    assert (before["erased"], found["erased"]) == (False, True)
    same = ("verdict", "reasons", "relation", "target", "impersonation_probability", "account_digest", "model_id")
    assert {name: found["check"][name] for name in same} == {name: before["check"][name] for name in same}
    assert (found["account"]["platform"], found["account"]["account_id"]) == ("x", "9001")
    assert (found["report"], found["check"]["notes"]) == (None, [])
    assert {item["reported"] for item in found["check"]["evidence"]} == {""}
    assert [item["value"] for item in found["check"]["evidence"]] == [i["value"] for i in before["check"]["evidence"]]
    assert found["history"][-1]["kind"] == "record_erased"
    assert found["history"][-1]["data"]["by"] == "officer"
    assert found["history"][-1]["data"]["because"] == "request 7"
    for search in ({"account_id": "9001"}, {"handle": "JaneR0e"}):  # what finds it stays
        [line] = recorded.get("/v1/checks", params=search, by=AUDITOR).json()["checks"]
        assert (line["check_id"], line["handle_as_written"]) == (check_id, "")


def test_a_person_may_have_what_identifies_the_account_erased_but_not_of_an_overturned_check(recorded):
    check_id, wronged = asked(recorded), acted(recorded, account=ACCOUNT)
    assert appeal(recorded, wronged, relation="unrelated").status_code == 200
    everything_goes = ORDER._replace(identifiers=True)
    with pytest.raises(InputError, match=wronged):
        erased(recorded, check_id, wronged, order=everything_goes)
    assert erased(recorded, check_id, order=everything_goes) == 1
    assert erased(recorded, check_id, order=everything_goes) == 0, "there is nothing left"
    found = recorded.get(f"/v1/checks/{check_id}", by=AUDITOR).json()["account"]
    assert "account_id" not in found
    assert erased(recorded, wronged) == 1
    [line] = recorded.get("/v1/checks", params={"account_id": "9001"}, by=AUDITOR).json()["checks"]
    assert line["check_id"] == wronged
    assert verified(recorded).decisions == 2


def test_what_identifies_the_account_stays_where_an_appeal_may_still_be_overturned(recorded):
    taken, outstanding = acted(recorded, account=ACCOUNT), recorded.check(account=ACCOUNT).json()["clearance"]
    with pytest.raises(InputError, match=f"{taken} was acted on"):
        erased(recorded, taken, order=ORDER._replace(identifiers=True))
    assert erased(recorded, taken) == 1
    assert appeal(recorded, taken).status_code == 200
    redeeming = {"token": outstanding["token"], "account": ACCOUNT}
    assert recorded.post("/v1/clearances/redeem", json=redeeming).status_code == 409
    again = recorded.check(account=ACCOUNT).json()
    assert again["verdict"] == "needs_review", "of an erased profile nobody knows whether it is the same"
    assert [reason["code"] for reason in again["reasons"]][:2] == ["found_genuine_before", "appeal_overturned"]


def test_erasing_twice_changes_nothing(recorded):
    check_id = asked(recorded)
    assert (erased(recorded, check_id), erased(recorded, check_id)) == (1, 0)


def test_what_an_appeal_wrote_afterwards_is_erased_by_the_next_wish(recorded):
    check_id = acted(recorded, account=ACCOUNT)
    erased(recorded, check_id)
    assert appeal(recorded, check_id, "upheld", note="mistaken").status_code == 200
    assert "mistaken" in everything(recorded)
    assert (erased(recorded, check_id), erased(recorded, check_id)) == (1, 0)
    assert "mistaken" not in everything(recorded)
    assert verified(recorded).decisions == 1


@pytest.mark.parametrize("account_id", ["9001", None])
@pytest.mark.parametrize("first", ["appeal", "erasure"])
def test_an_overturned_appeal_stops_the_next_check_of_an_erased_account(recorded, account_id, first):
    """Whichever came first, and also of an account that only its handle names."""
    account = ACCOUNT | {"account_id": account_id}
    check_id = acted(recorded, account=account)
    if first == "erasure":
        erased(recorded, check_id)
    assert appeal(recorded, check_id, relation="unrelated").status_code == 200
    erased(recorded, check_id)
    again = recorded.check(account=account).json()
    assert (again["verdict"], again["clearance"]) == ("needs_review", None)
    assert "appeal_overturned" in {reason["code"] for reason in again["reasons"]}
    assert recorded.get(f"/v1/checks/{check_id}", by=AUDITOR).json()["warnings"] != []


def test_nothing_is_decided_on_an_erased_check_any_more(recorded):
    answer = recorded.check(account=ACCOUNT).json()
    erased(recorded, answer["check_id"])
    redeeming = {"token": answer["clearance"]["token"], "account": ACCOUNT}
    assert recorded.post("/v1/clearances/redeem", json=redeeming).json()["code"] == "erased"
    assert recorded.post(f"/v1/checks/{answer['check_id']}/clearance").status_code == 410
    found = recorded.get(f"/v1/checks/{answer['check_id']}", by=AUDITOR).json()
    assert [one["state"] for one in found["clearances"]] == ["revoked"]


def test_an_erased_check_takes_no_answer_and_waits_for_nobody(recorded):
    check_id = asked(recorded)
    erased(recorded, check_id)
    recorded.get(f"/v1/checks/{check_id}", by=REVIEWERS[1])
    given = {"answer": "approve", "reason": "It is."}
    refused = recorded.post(f"/v1/checks/{check_id}/approvals", json=given, by=REVIEWERS[1])
    assert (refused.status_code, refused.json()["code"]) == (409, "review_refused")
    assert recorded.post(f"/v1/checks/{check_id}/clearance").status_code == 410
    caller = asyncio.run(recorded.check_service.callers.of(recorded.key(*REVIEWERS[1])))
    assert asyncio.run(recorded.check_service.waiting(caller)).total == 0


def test_an_approved_check_is_not_cleared_once_it_is_erased(recorded):
    check_id = asked(recorded)
    recorded.get(f"/v1/checks/{check_id}", by=REVIEWERS[1])
    given = {"answer": "approve", "reason": "It is."}
    assert recorded.post(f"/v1/checks/{check_id}/approvals", json=given, by=REVIEWERS[1]).json()["state"] == "approved"
    erased(recorded, check_id)
    assert recorded.post(f"/v1/checks/{check_id}/clearance").status_code == 410


def test_it_is_not_replayed_and_teaches_nothing(recorded):
    check_id = acted(recorded, account=ACCOUNT | {"followers": 200_000})
    assert appeal(recorded, check_id, "upheld").status_code == 200
    engine = recorded.check_service.engine
    assert len(list(labels(engine, reviews=True))) == 3
    erased(recorded, check_id)
    assert list(labels(engine, reviews=True)) == []
    with engine.connect() as connection, pytest.raises(ErasedError):
        replay(find_decision(reader(connection), check_id), None, None)


def test_its_statement_of_reasons_stays_as_it_was_filed(recorded):
    check_id = act(recorded, ACCOUNT, report=REPORT)
    before = statement(recorded, check_id)
    erased(recorded, check_id)
    assert statement(recorded, check_id) == before
    assert before["source_type"] == "SOURCE_ARTICLE_16"


def test_a_check_of_the_same_account_is_shown_beside_an_erased_one(recorded):
    """What changed since is told from later checks that still have their texts."""
    first, later = asked(recorded), asked(recorded, bio="Another.")
    erased(recorded, later)
    caller = asyncio.run(recorded.check_service.callers.of(recorded.key(*REVIEWERS[1])))
    assert asyncio.run(recorded.check_service.case_file(first, caller)).changes == ()
    with pytest.raises(ErasedError):
        asyncio.run(recorded.check_service.case_file(later, caller))


# --- whose checks they are -------------------------------------------------------------------------------------------


def found(client, **named):
    with client.check_service.engine.connect() as connection:
        nothing = dict.fromkeys(("platform", "account_id", "handle", "check_id"))
        return [one.row.id for one in checks_of(reader(connection), **nothing | named)]


def test_an_account_is_found_by_its_id_or_its_handle_as_written_and_no_look_alike_is(recorded):
    own = asked(recorded)
    handle_only = recorded.check(account=ACCOUNT | {"account_id": None}).json()["check_id"]
    impostor = recorded.check(account=ACCOUNT | {"handle": "JaneROe", "account_id": "77"}).json()["check_id"]
    elsewhere = recorded.check(account=ACCOUNT | {"platform": "mastodon", "handle": "JaneR0e"}).json()["check_id"]
    assert found(recorded, platform="Twitter", account_id="9001") == [own]
    assert found(recorded, platform="x", handle="@janer0e") == [own, handle_only]
    assert found(recorded, platform="x", account_id="9001", handle="JANER0E") == [own, handle_only]
    assert found(recorded, platform="x", account_id="77") == [impostor]
    assert found(recorded, check_id=elsewhere) == [elsewhere]
    assert found(recorded, platform="x", handle="nobody") == []


@pytest.mark.parametrize(
    "named",
    [{}, {"platform": "x"}, {"handle": "a"}, {"account_id": "1"}, {"check_id": "1", "platform": "x", "handle": "a"}],
)
def test_what_names_no_account_erases_nothing(client, named):
    with pytest.raises(InputError):
        found(client, **named)


def test_a_check_that_is_not_there_is_an_error(client):
    with pytest.raises(UnknownCheckError):
        found(client, check_id="00000000-0000-0000-0000-000000000000")


# --- what is left ----------------------------------------------------------------------------------------------------


def test_no_column_of_an_account_that_holds_text_is_kept():
    """A column that is added to accounts is erased unless its kind is one that holds no text."""
    free = {"handle", "display_name", "bio", "location", "links", "leads_to", "verified_links", "avatar_pdq",
            "former_handles"}  # fmt: skip
    assert {name for name in REPORTED if COLUMNS[name].kind not in KEPT} == free
    record = {"request": {"report": "x"}, "answer": {"evidence": [], "notes": ["x"]}, "account": {}}
    record["account"] = dict.fromkeys(Account.__slots__, "x")
    left = without_texts(record, identifiers=False)["account"]
    assert set(left) == set(Account.__slots__) - free
    assert set(left) - set(without_texts(record, identifiers=True)["account"]) == {"account_id"}


def test_nothing_is_left_in_the_files_of_an_embedded_database(make_client, tmp_path):
    client = make_client(database_url=f"sqlite:///{tmp_path}/own.db")
    check_id = asked(client)

    def held():
        return b"".join(path.read_bytes() for path in Path(tmp_path).glob("own.db*"))

    assert b"Quuxburger" in held()
    erased(client, check_id)
    assert forget_overwritten(client.check_service.engine)
    assert b"Quuxburger" not in held()


# --- by age ----------------------------------------------------------------------------------------------------------


def keeping(make_client, database_url, days):
    return make_client(database_url=database_url, keep_texts_days=days)


def with_texts(client):
    query = select(decisions.c.id).where(decisions.c.erased.is_(None)).order_by(decisions.c.seq)
    with client.check_service.engine.connect() as connection:
        return list(connection.execute(query).scalars())


def erase_old(client, at):
    client.clock.at = at
    return asyncio.run(client.upkeep.erase_old())


def test_texts_are_erased_by_age_in_batches_and_overturned_ones_stay(make_client, database_url, monkeypatch):
    monkeypatch.setattr("service.decisions.erasure.TOGETHER", 2)
    client = keeping(make_client, database_url, days=30)
    old = [acted(client, account=ACCOUNT), *(asked(client) for _ in range(3))]
    assert appeal(client, old[0], "upheld").status_code == 200
    wronged = acted(client, account=ACCOUNT | {"account_id": "9002", "handle": "JanetRoe"})
    for outcome in ("upheld", "overturned"):
        assert appeal(client, wronged, outcome).status_code == 200
    client.clock.at = NOW + timedelta(days=20)
    recent = acted(client, account=ACCOUNT)
    assert erase_old(client, NOW + timedelta(days=30)) == 0
    assert with_texts(client) == [*old, wronged, recent]
    assert erase_old(client, NOW + timedelta(days=30, seconds=1)) == 2
    assert with_texts(client) == [wronged, recent]
    history = client.get(f"/v1/checks/{old[0]}", by=AUDITOR).json()["history"]
    assert history[-1]["data"]["by"] == "retention"
    assert history[-1]["data"]["because"] == "texts are kept for 30 days"
    assert erase_old(client, NOW + timedelta(days=100)) == 1
    assert with_texts(client) == [wronged]
    assert appeal(client, recent, "upheld", note="mistaken").status_code == 200
    assert erase_old(client, NOW + timedelta(days=130)) == 0
    assert erase_old(client, NOW + timedelta(days=130, seconds=1)) == 1
    assert "mistaken" not in everything(client)
    assert verified(client).decisions == 6


def test_an_open_check_waits_however_short_texts_are_kept(make_client, database_url):
    client = keeping(make_client, database_url, days=0.01)
    check_id = asked(client)
    open_for = timedelta(hours=72) + 2 * timedelta(minutes=15)  # review, then clearance, then its redemption
    assert erase_old(client, NOW + open_for) == 0
    assert with_texts(client) == [check_id]
    assert erase_old(client, NOW + open_for + timedelta(seconds=1)) == 1
    assert with_texts(client) == []


def test_by_default_nothing_is_erased_by_age(recorded):
    check_id = asked(recorded)
    assert erase_old(recorded, NOW + timedelta(days=36_500)) == 0
    assert with_texts(recorded) == [check_id]


def test_a_batch_is_found_by_an_index_and_not_by_reading_all(recorded):
    """Records are large and never fewer: what is erased already must not be read each hour."""
    asked(recorded)
    embedded = recorded.check_service.engine.dialect.name == "sqlite"
    query = too_old(timedelta(days=30), recorded.check_service.rules, NOW)
    with recorded.check_service.engine.connect() as connection:
        asked_ = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
        if not embedded:  # of a table with one row, PostgreSQL would read it
            connection.execute(text("SET enable_seqscan = off"))
        plan = connection.execute(text(f"EXPLAIN {'QUERY PLAN ' if embedded else ''}{asked_}")).all()
    assert "ix_decisions_with_texts" in str(plan)


# --- proofs of identity ----------------------------------------------------------------------------------------------


def test_what_a_proof_of_identity_stands_on_is_not_erased_by_age(recorded):
    """The profile that it found genuine would be gone, and an action on it would not be refused any more."""
    kept, other = (asked(recorded, account_id=one) for one in ("9001", "9002"))
    given = {"check_id": kept, "proof": "domain", "note": "The site names it."}
    made = recorded.post("/v1/findings", json=given, by=REVIEWERS[0])
    assert made.status_code == 200, made.text
    rules = recorded.check_service.rules

    def old():
        with recorded.check_service.engine.connect() as connection:
            late = NOW + timedelta(days=400)
            return [row.id for row in reader(connection)(too_old(timedelta(days=200), rules, late))]

    assert old() == [other]
    [finding] = made.json()["findings"]
    ended = {"json": {"reason": "passed_on"}, "by": REVIEWERS[1]}
    assert recorded.post(f"/v1/findings/{finding['finding_id']}/end", **ended).status_code == 200
    assert set(old()) == {kept, other}
    with pytest.raises(InputError, match="warns of its account"):
        erased(recorded, kept, order=ORDER._replace(identifiers=True))
