"""The life of the keys that sign: each step is in the log; nothing that a retired key signs afterwards is believed."""

import json
import shutil

import pytest
from sqlalchemy import select

from classifier.errors import InputError, SignatureError
from classifier.utils.keyring import KeyRing
from service.decisions.clearance_token import read_token, token_of
from service.errors import ClearanceError, RecordsError, TamperedError
from service.records.database import open_database
from service.records.kept_checkpoints import latest_checkpoint
from service.records.proofs import prove
from service.records.retired_keys import SUBJECT, retirements
from service.records.signing_keys import ROTATED, kept_retirements, retire, rotate
from service.records.tables import checkpoints, log
from service.records.transaction import Answer, Unit, commit
from service.records.verification import verify
from service.signing import Signer
from tests.service.conftest import NOW
from tests.service.decisions.test_clearance_token import GIVEN


def entry(transaction):
    return transaction.log("in_force", "registry").seq


def by_hand(books, step, *more):
    """Do a step as the command line does."""
    return step(books.do, books.rows, books.signer, *more, by="root", **({"because": "leaked"} if more else {}))


def verified(books, signer=None):
    signer = signer or books.signer
    with books.engine.connect() as connection:
        return verify(connection, signer.known(), also=kept_retirements(signer))


def signed_by(books, seq):
    [found] = books.rows(select(checkpoints.c.signed_by).where(checkpoints.c.seq == seq))
    return found[0]


def steps(books):
    rows = books.rows(select(log).where(log.c.subject == SUBJECT).order_by(log.c.seq))
    return [(row.seq, row.kind, json.loads(row.data)) for row in rows]


@pytest.fixture
def thief(books, tmp_path):
    """Who has the key that signs, and writes to the database past the service."""
    copy = tmp_path / "stolen"
    books.do(entry)
    shutil.copytree(books.signer.directory, copy)
    signer = Signer(KeyRing(copy))
    signer.mark.is_set_aside = True  # the thief's program does not ask
    return signer


def test_the_key_before_signs_that_another_comes_after_it(books):
    books.do(entry)
    before = books.signer.present().key_id
    after = by_hand(books, rotate)
    [(seq, kind, said)] = steps(books)
    assert (kind, said) == (ROTATED, {"before": before, "after": after, "by": "root"})
    assert signed_by(books, seq) == before
    assert signed_by(books, books.do(entry)) == books.signer.present().key_id == after
    assert verified(books).entries == 3


def test_where_the_log_cannot_have_it_the_key_before_still_signs(books):
    books.do(entry)
    before = books.signer.present().key_id

    def fail(_):
        raise RecordsError("the database cannot be used now")

    with pytest.raises(RecordsError):
        rotate(fail, books.rows, books.signer, by="root")
    assert books.signer.present().key_id == before
    by_hand(books, rotate)
    assert len(books.signer.public()) == 2, "the key that was prepared came into force"


def test_a_rotation_that_was_interrupted_goes_on(books, monkeypatch):
    books.do(entry)

    def killed(_):
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(KeyRing, "rotate", killed)
        with pytest.raises(OSError, match="killed"):
            by_hand(books, rotate)
    after = by_hand(books, rotate)
    assert [said["after"] for _, _, said in steps(books)] == [after], "the log has it once"
    assert books.signer.present().key_id == after


def test_a_retired_key_is_accepted_no_more_and_what_it_signed_stays_proved(books, thief):
    old = books.signer.present().key_id
    seq = books.do(entry)
    token = token_of(GIVEN, thief.present())
    assert read_token(token, books.signer.public()) == GIVEN
    by_hand(books, rotate)
    retired = by_hand(books, retire, old)
    with pytest.raises(ClearanceError):
        read_token(token, books.signer.public())
    assert old not in {key["kid"] for key in books.signer.jwks()["keys"]}
    assert steps(books)[-1] == (retired, "signing_key_retired", {"key": old, "by": "root", "because": "leaked"})
    assert verified(books).ends_at == retired
    assert prove(books.rows, [seq], books.signer.known())[seq].fault == ""


def test_the_key_that_signs_is_rotated_before_it_is_retired(books):
    books.do(entry)
    old = books.signer.present().key_id
    retired = by_hand(books, retire, old)
    assert [kind for _, kind, _ in steps(books)] == [ROTATED, "signing_key_retired"]
    assert signed_by(books, retired) == books.signer.present().key_id != old
    assert verified(books).ends_at == retired


def test_what_a_retired_key_signs_afterwards_is_found(books, thief):
    by_hand(books, retire, thief.present().key_id)
    with books.engine.connect() as connection:
        end = latest_checkpoint(connection)
    [done] = commit(books.engine, thief, [Unit(lambda transaction: Answer(str(entry(transaction))))], now=lambda: NOW)
    books.do(entry)
    with pytest.raises(TamperedError, match=f"entry {int(done.body)}: .*retired"):
        verified(books)
    fault = prove(books.rows, [int(done.body)], books.signer.known())[int(done.body)].fault
    assert f"entry {end.seq} retired" in fault


def test_who_has_a_retired_key_cannot_write_the_log_anew(books, thief, tmp_path):
    """Not even with the retirement left out, or made up: the home knows where it stands."""
    old = thief.present().key_id
    by_hand(books, retire, old)
    anew = open_database(f"sqlite:///{tmp_path}/anew.db")
    for _ in range(9):
        commit(anew, thief, [Unit(lambda transaction: Answer(str(entry(transaction))))], now=lambda: NOW)
    with anew.connect() as connection, pytest.raises(TamperedError):
        verify(connection, books.signer.known(), also=kept_retirements(books.signer))
    anew.dispose()


def test_a_home_whose_key_another_home_retired_writes_nothing_until_it_has_a_new_one(books, tmp_path):
    books.do(entry)
    other = Signer(KeyRing(tmp_path / "other"))
    shutil.copytree(other.directory / "trusted", books.signer.directory / "trusted", dirs_exist_ok=True)
    shutil.copytree(books.signer.directory / "trusted", other.directory / "trusted", dirs_exist_ok=True)
    by_hand(books, retire, other.present().key_id)
    with pytest.raises(RecordsError, match="keys rotate"):
        commit(books.engine, other, [Unit(lambda _: Answer(""))], now=lambda: NOW)

    def change(work):
        commit(books.engine, other, [Unit(lambda transaction: Answer(str(work(transaction))))], now=lambda: NOW)

    rotate(change, books.rows, other, by="root")
    shutil.copytree(other.directory / "trusted", books.signer.directory / "trusted", dirs_exist_ok=True)
    assert signed_by(books, books.do(entry) - 1) == other.present().key_id
    assert verified(books).entries == 4


def test_a_retirement_is_done_once_at_each_home(books):
    books.do(entry)
    old = books.signer.present().key_id
    assert by_hand(books, retire, old) == by_hand(books, retire, old) == retirements(books.rows)[old]


def test_a_key_that_nobody_knows_is_not_retired(books):
    with pytest.raises(InputError, match="keys signing"):
        by_hand(books, retire, "nobody")


def test_without_the_note_of_a_retirement_nothing_is_verified(books):
    books.do(entry)
    by_hand(books, retire, books.signer.present().key_id)
    [note] = (books.signer.directory / "retired").glob("*.json")
    note.write_text("{}")
    with pytest.raises(SignatureError, match="until when"):
        kept_retirements(books.signer)
