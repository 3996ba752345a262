"""Whatever is changed in the database behind the service's back is found, and the first wrong entry is named."""

import shutil
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update

from classifier.utils.keyring import KeyRing
from service.decisions.erasure import Order, erase
from service.errors import RecordsError, TamperedError
from service.records import verification
from service.records.database import open_database
from service.records.kept_checkpoints import Checkpoint, latest_checkpoint
from service.records.parallel_verification import verify_snapshot
from service.records.tables import (
    access_ends,
    appeal_codes,
    appeal_steps,
    appeals,
    approvals,
    asker_steps,
    checkpoints,
    clearances,
    decisions,
    demand_looks,
    demands,
    findings,
    head,
    key_answers,
    keys,
    known_cases,
    log,
    metadata,
    notices,
    outcomes,
    purposes,
    queue_marks,
    registry_answers,
    registry_changes,
    registry_edits,
    registry_steps,
    registry_views,
    second_look_answers,
    second_look_views,
    second_looks,
    statement_additions,
    statements,
    usage,
    views,
    warnings,
)
from service.records.tables import key_changes as key_changes_table
from service.records.transaction import Answer, Unit, commit
from service.records.verification import ROWS, verify
from service.signing import Signer, clearance_keys
from tests.service.conftest import ASSESSMENTS, NOW, build
from tests.service.databases import KINDS, copied, new_database
from tests.service.records.lived import live


class Books(NamedTuple):
    """A database that was lived in, and the keys that its log is signed with."""

    engine: Engine
    signer: Signer


@pytest.fixture(scope="module", params=KINDS)
def life(request, tmp_path_factory):
    """The address of a database that was lived in, of each kind, with its server and the keys of its log."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    url = new_database(server) if server else f"sqlite:///{tmp_path_factory.mktemp('life')}/life.db"
    intake = {"appeals_per_hour": 60, "complaint_url": "https://platform.example/complain"}
    client = build(ASSESSMENTS["impersonation"], database_url=url, second_look_share=1, **intake)
    live(client)
    client.check_service.close()
    return url, server, client.check_service.signer


@pytest.fixture
def lived(life, tmp_path):
    """A copy of it and of its home's keys, to tamper with."""
    url, server, signer = life
    engine = open_database(copied(url, server, tmp_path))
    keys_of_home = shutil.copytree(signer.directory, tmp_path / "keys")
    yield Books(engine, Signer(KeyRing(keys_of_home)))
    engine.dispose()


def verified(client, **options):
    with client.engine.connect() as connection:
        return verify(connection, client.signer.public(), **options)


def tamper(client, *statements):
    """Change the database as whoever has it in hands can: without foreign keys in the way."""
    off = {"sqlite": "PRAGMA foreign_keys = OFF", "postgresql": "SET session_replication_role = replica"}
    on = {"sqlite": "PRAGMA foreign_keys = ON", "postgresql": "SET session_replication_role = DEFAULT"}
    with client.engine.connect() as connection:
        kind = connection.dialect.name
        connection.execution_options(isolation_level="AUTOCOMMIT") if kind == "postgresql" else None
        if kind == "sqlite":
            connection.connection.driver_connection.execute(off[kind])
        else:
            connection.execute(text(off[kind]))
        for statement in statements:
            connection.execute(statement)
        if kind == "sqlite":
            connection.commit()
            connection.connection.driver_connection.execute(on[kind])
        else:
            connection.execute(text(on[kind]))


def seqs(client, kind):
    with client.engine.connect() as connection:
        return list(connection.execute(select(log.c.seq).where(log.c.kind == kind).order_by(log.c.seq)).scalars())


def found(client):
    with pytest.raises(TamperedError) as caught:
        verified(client)
    return caught.value.seq


def test_what_nobody_touched_is_right(lived):
    result = verified(lived)
    with lived.engine.connect() as connection:
        kinds = set(connection.execute(select(log.c.kind)).scalars())
    assert {"check", "clearance_issued", "clearance_redeemed", "clearance_refused", "clearance_revoked", "approval",
            "evidence_shown", "outcome", "warning_noted", "key_created", "key_revoked", "access_end_set", "statement",
            "statement_completed", "record_erased", "demand_made", "demand_looked_at", "appeal_received", "appeal_step",
            } <= kinds  # fmt: skip
    assert result.decisions == 5
    assert 0 < result.signatures < result.entries, "one a commit: a check and its clearance share one"


def test_an_empty_log_is_right(recorded):
    assert verified(recorded.check_service).entries == 0


@pytest.mark.parametrize("column", ["at", "kind", "subject", "data", "previous", "hash"])
def test_a_changed_entry_is_named(lived, column):
    [first, *_] = seqs(lived, "check")
    tamper(lived, update(log).where(log.c.seq == first).values({column: "0" * 20}))
    assert found(lived) == first


def test_a_removed_entry_is_named(lived):
    [first, *_] = seqs(lived, "approval")
    tamper(lived, delete(checkpoints).where(checkpoints.c.seq == first), delete(log).where(log.c.seq == first))
    assert found(lived) == first


def test_the_last_entry_removed_is_missed(lived):
    last = verified(lived).entries
    tamper(lived, delete(checkpoints).where(checkpoints.c.seq == last), delete(log).where(log.c.seq == last))
    assert found(lived) == last


def test_swapped_entries_are_named(lived):
    one, other = seqs(lived, "approval")
    spare = 10**6
    tamper(
        lived,
        update(log).where(log.c.seq == one).values(seq=spare),
        update(log).where(log.c.seq == other).values(seq=one),
        update(log).where(log.c.seq == spare).values(seq=other),
    )
    assert found(lived) == one


def test_what_is_written_while_it_is_verified_is_no_tampering(recorded, monkeypatch):
    monkeypatch.setattr(verification, "_CHUNK", 1)
    recorded.check()
    service = recorded.check_service
    with service.engine.connect() as connection:
        last = connection.execute(select(head.c.seq)).scalar_one()
    found_ = verify_snapshot(service.engine, service.signer.public(), watch=lambda _: recorded.check())
    assert found_.entries == found_.ends_at == last


def test_what_came_after_a_checkpoint_is_verified_alone(lived):
    one, other = seqs(lived, "approval")[:2]
    query = select(log.c.seq, log.c.hash, checkpoints.c.signed_by, checkpoints.c.signature).join(checkpoints)
    with lived.engine.connect() as connection:
        since = Checkpoint(*connection.execute(query.where(log.c.seq >= one).order_by(log.c.seq)).first())
    whole, later = verified(lived), verified(lived, since=since)
    assert (later.entries, later.ends_at, later.hash) == (whole.entries - since.seq, whole.ends_at, whole.hash)
    tamper(lived, update(approvals).where(approvals.c.seq == one).values(reason="another"))
    assert verified(lived, since=since) == later
    tamper(lived, update(approvals).where(approvals.c.seq == other).values(reason="another"))
    with pytest.raises(TamperedError) as caught:
        verified(lived, since=since)
    assert caught.value.seq == other
    with pytest.raises(TamperedError, match="is not the one whose checkpoint was kept"):
        verified(lived, since=since._replace(seq=since.seq - 1))


def test_several_processes_find_the_same(lived, monkeypatch):
    monkeypatch.setattr(verification, "PART", 20)
    shared = {"trusted": lived.signer.public(), "processes": 2}
    assert verify_snapshot(lived.engine, **shared) == verified(lived)
    last = seqs(lived, "check")[-1]
    tamper(lived, update(decisions).where(decisions.c.seq == last).values(verdict="refused"))
    with pytest.raises(TamperedError) as caught:
        verify_snapshot(lived.engine, **shared)
    assert caught.value.seq == last


CHANGES = [
    ("check", decisions, {"verdict": "refused"}),
    ("check", decisions, {"actor": "somebody else"}),
    ("check", decisions, {"record": '{"answer":{},"account":{}}'}),
    ("check", decisions, {"account_id": "7"}),
    ("check", decisions, {"handle": "somebody"}),
    ("check", decisions, {"at": "2020-01-01T00:00:00.000000Z"}),
    ("evidence_shown", views, {"actor": "somebody else"}),
    ("approval", approvals, {"answer": "decline"}),
    ("approval", approvals, {"actor": "somebody else"}),
    ("approval", approvals, {"reason": "another"}),
    ("clearance_issued", clearances, {"expires_at": "2030-01-01T00:00:00.000000Z"}),
    ("clearance_issued", clearances, {"issued_at": "2030-01-01T00:00:00.000000Z"}),
    ("demand_made", demands, {"due_at": "2030-01-01T00:00:00.000000Z"}),
    ("demand_looked_at", demand_looks, {"state": "met"}),
    ("demand_looked_at", demand_looks, {"results": "[]"}),
    ("outcome", outcomes, {"outcome": "upheld"}),
    ("outcome", outcomes, {"note": "another"}),
    ("finding_made", findings, {"account_id": "7"}),
    ("finding_made", findings, {"note": "another"}),
    ("finding_made", findings, {"proof": "other"}),
    ("notice_noted", notices, {"reporter": "0" * 64}),
    ("appeal_received", appeals, {"arguments": "another"}),
    ("appeal_received", appeals, {"due_at": "2030-01-01T00:00:00.000000Z"}),
    ("appeal_step", appeal_steps, {"kind": "overturned"}),
    ("appeal_step", appeal_steps, {"actor": "somebody else"}),
    ("warning_noted", warnings, {"kind": "corrected"}),
    ("warning_noted", warnings, {"handle": "another"}),
    ("statement", statements, {"body": "{}"}),
    ("statement", statements, {"missing": ""}),
    ("statement_completed", statement_additions, {"body": "{}"}),
    ("second_look_drawn", second_looks, {"at": "2020-01-01T00:00:00.000000Z"}),
    ("second_look_shown", second_look_views, {"actor": "somebody else"}),
    ("second_look_answered", second_look_answers, {"relation": "unrelated"}),
    ("second_look_answered", second_look_answers, {"seconds": 1}),
    ("second_look_answered", second_look_answers, {"reason": "another"}),
    ("known_case_hidden", known_cases, {"right_answer": "decline"}),
    ("known_case_hidden", known_cases, {"at": "2020-01-01T00:00:00.000000Z"}),
    ("queue_mark", queue_marks, {"kind": "claim"}),
    ("queue_mark", queue_marks, {"note": "another"}),
    ("queue_mark", queue_marks, {"actor": "somebody else"}),
    ("queue_mark", queue_marks, {"ends_at": "2030-01-01T00:00:00.000000Z"}),
    ("asker_step", asker_steps, {"kind": "asked"}),
    ("asker_step", asker_steps, {"actor": "somebody else"}),
    ("appeal_code_given", appeal_codes, {"code": "0" * 16}),
    ("key_change_asked", key_changes_table, {"roles": "agent reviewer"}),
    ("key_change_asked", key_changes_table, {"digest": "0" * 64}),
    ("key_change_answered", key_answers, {"answer": "decline"}),
    ("key_change_answered", key_answers, {"actor": "somebody else"}),
    ("key_created", keys, {"roles": "agent reviewer admin auditor"}),
    ("key_created", keys, {"actor": "somebody else"}),
    ("key_created", keys, {"digest": "0" * 64}),
    ("access_end_set", access_ends, {"access_ends_at": None}),
]


@pytest.mark.parametrize(
    ("kind", "table", "change"), CHANGES, ids=lambda one: str(one) if isinstance(one, dict) else ""
)
def test_a_row_that_its_entry_does_not_vouch_for_is_found(lived, kind, table, change):
    [first, *_] = seqs(lived, kind)
    tamper(lived, update(table).where(table.c.seq == first).values(change))
    assert found(lived) == first


# Changes of the registry are written where one can be changed, and purposes where a service starts: their tests remove
# their rows.
ELSEWHERE = {registry_changes, registry_views, registry_answers, registry_edits, purposes}


def test_the_log_vouches_for_every_row_of_what_somebody_did():
    tied = {table for table in metadata.tables.values() if "seq" in table.c and table.c.seq.foreign_keys}
    assert set(ROWS.values()) == tied - {checkpoints, registry_steps}  # both are signed


@pytest.mark.parametrize("table", [table for table in ROWS.values() if table not in ELSEWHERE])
def test_a_removed_row_is_missed(lived, table):
    with lived.engine.connect() as connection:
        first = connection.execute(select(table.c.seq).order_by(table.c.seq)).scalars().first()
    tamper(lived, delete(table).where(table.c.seq == first))
    assert found(lived)


def test_a_spent_clearance_cannot_be_made_good_again(lived):
    spent, *_ = seqs(lived, "clearance_redeemed")
    tamper(lived, update(clearances).where(clearances.c.spent == spent).values(spent=None))
    assert found(lived) == spent


def test_a_revoked_key_cannot_be_put_in_force_again(lived):
    [revoked] = seqs(lived, "key_revoked")
    tamper(lived, update(keys).values(revoked=None))
    assert found(lived) == revoked


def test_a_finding_cannot_be_made_to_stand_again(lived):
    [ended] = seqs(lived, "finding_ended")
    tamper(lived, update(findings).where(findings.c.ended == ended).values(ended=None))
    assert found(lived) == ended


def test_a_finding_that_nobody_ended_is_not_said_to_have(lived):
    [ended] = seqs(lived, "finding_ended")
    tamper(lived, update(findings).where(findings.c.ended.is_(None)).values(ended=ended))
    assert found(lived)


def test_a_row_that_no_entry_vouches_for_is_found(lived):
    [first, *_] = seqs(lived, "approval")
    with lived.engine.connect() as connection:
        row = connection.execute(select(approvals).where(approvals.c.seq == first)).one()._asdict()
    tamper(lived, insert(approvals).values(row | {"seq": 10**6, "actor": "rev-3"}))
    assert found(lived)


def test_a_clearance_that_was_never_spent_is_not_said_to_be(lived):
    tamper(lived, update(clearances).where(clearances.c.spent.is_(None)).values(spent=1))
    assert found(lived)


def test_a_key_revoked_without_a_word_in_the_log_is_found(lived):
    tamper(lived, update(keys).values(revoked=1))
    assert found(lived)


def erased(client):
    """The numbers of the check that was not erased, of the one that was, and of the entry that erased it."""
    *_, first, second, _ = seqs(client, "check")  # the last is a known case: a copy, erased with what it copies
    entry, _ = seqs(client, "record_erased")
    return first, second, entry


def column(client, of, seq):
    with client.engine.connect() as connection:
        return connection.execute(select(of).where(of.table.c.seq == seq)).scalar_one()


@pytest.mark.parametrize("names", ["the erasure of another check", "an entry of another kind", "no entry"])
def test_an_erasure_that_the_log_does_not_have_is_tampering(lived, names):
    first, second, entry = erased(lived)
    by = {"the erasure of another check": entry, "an entry of another kind": second, "no entry": 10**6}[names]
    tamper(lived, update(decisions).where(decisions.c.seq == first).values(record="{}", erased=by))
    assert found(lived) == first


def test_texts_that_are_there_are_not_said_to_be_erased(lived):
    first, _, entry = erased(lived)
    tamper(lived, update(decisions).where(decisions.c.seq == first).values(erased=entry))
    assert found(lived) == first


def test_what_an_erasure_left_is_vouched_for(lived):
    _, second, _ = erased(lived)
    left = column(lived, decisions.c.record, second)
    tamper(lived, update(decisions).where(decisions.c.seq == second).values(record=left + " "))
    assert found(lived) == second


@pytest.mark.parametrize(
    ("kind", "table"), [("check", decisions), ("approval", approvals), ("second_look_answered", second_look_answers)]
)
def test_what_was_erased_cannot_be_put_back(lived, kind, table):
    """Even by whoever kept the row as it was: the log says that it was erased."""
    last = max(seq for seq in seqs(lived, kind) if column(lived, table.c.erased, seq))
    tamper(lived, update(table).where(table.c.seq == last).values(erased=None))
    assert found(lived) in {last, erased(lived)[2]}


def test_what_was_erased_cannot_be_put_back_word_for_word(tmp_path):
    service = build(ASSESSMENTS["impersonation"], database_url=f"sqlite:///{tmp_path}/own.db")
    check_id = service.check().json()["check_id"]
    books = Books(service.check_service.engine, service.check_service.signer)
    with books.engine.connect() as connection:
        whole = connection.execute(select(decisions)).one()._asdict()
    service.commit(lambda transaction: erase(transaction, [check_id], Order("officer", "request 7")))
    assert verified(books).decisions == 1
    tamper(books, update(decisions).values(whole))
    assert found(books) == seqs(books, "record_erased")[0]
    service.check_service.close()


def again(client, seq, *, identifiers=False):
    """Erase the check of an entry, and return how many checks were."""
    check_id = column(client, decisions.c.id, seq)
    order = Order("officer", "request 8", identifiers)
    work = Unit(lambda transaction: Answer(str(erase(transaction, [check_id], order))))
    [answer] = commit(client.engine, client.signer, [work], now=lambda: NOW)
    return answer.body


def test_an_erasure_may_be_followed_by_another(lived):
    first, second, _ = erased(lived)
    assert again(lived, second) == "0"
    assert again(lived, first) == "1"
    assert verified(lived).decisions == 5


def test_signatures_by_others_are_none(lived, tmp_path):
    stranger = Signer(clearance_keys(tmp_path))
    with lived.engine.connect() as connection, pytest.raises(TamperedError, match="not trusted"):
        verify(connection, stranger.public())


def test_a_signature_for_another_entry_is_none(lived):
    with lived.engine.connect() as connection:
        first, second = connection.execute(select(checkpoints).order_by(checkpoints.c.seq).limit(2)).all()
    tamper(lived, update(checkpoints).where(checkpoints.c.seq == first.seq).values(signature=second.signature))
    assert found(lived) == first.seq


def test_an_end_that_nobody_signed_is_found(lived):
    last = verified(lived).entries
    tamper(lived, delete(checkpoints).where(checkpoints.c.seq == last))
    assert found(lived) == last


def test_a_log_cut_off_or_set_back_is_found_by_the_checkpoint_that_was_kept(lived):
    """Whoever holds the whole database can set it back to an earlier state: only what is kept elsewhere tells."""
    with lived.engine.connect() as connection:
        kept = latest_checkpoint(connection)
        before = connection.execute(select(log).where(log.c.seq == kept.seq - 1)).one()
    assert verified(lived, kept=kept).entries == kept.seq
    more = Unit(lambda transaction: Answer(str(transaction.log("in_force", "registry").seq)))
    commit(lived.engine, lived.signer, [more], now=lambda: NOW)
    assert verified(lived, kept=kept).entries == kept.seq + 1, "what came since is fine"
    ends = [table.c.seq for table in metadata.sorted_tables if "seq" in table.c and table not in {head}]
    tamper(
        lived,
        *(delete(column.table).where(column >= kept.seq) for column in ends),
        update(keys).values(revoked=None),
        delete(log).where(log.c.kind.in_(["key_revoked"])),
        update(head).values(seq=before.seq, hash=before.hash),
        delete(usage),
    )
    with pytest.raises(TamperedError):
        verified(lived, kept=kept)


def test_an_empty_log_has_no_checkpoint(recorded):
    with recorded.check_service.engine.connect() as connection, pytest.raises(RecordsError):
        latest_checkpoint(connection)
