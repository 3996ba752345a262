"""Whatever is done to the log, the first entry that is wrong is named."""

import base64
import hashlib
import json
from dataclasses import replace

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.hash_chain import GENESIS
from service.errors import TamperedError
from service.records import log_chain
from service.records.log_chain import (
    ADDED,
    Entry,
    canonical,
    check_signature,
    entry_hash,
    row_digest,
    signed_bytes,
    verified,
)
from service.records.verification import ROWS
from service.signing import key_id

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
# The columns of the rows that the log vouches for, as the migrations that made them, 0001 and 0003, do.
FIRST = {
    "decisions": "seq id at caller key_id actor action verdict platform account_id handle record",
    "views": "seq decision actor at",
    "approvals": "seq decision actor key_id answer reason at",
    "clearances": "seq id decision issued_at expires_at spent revoked",
    "outcomes": "seq decision outcome relation note actor at",
    "warnings": "seq decision kind codes what platform account_id handle name at",
    "keys": "seq id digest actor roles created_at revoked",
    "access_ends": "seq actor access_ends_at",
}
contents = st.lists(st.tuples(texts, texts, st.dictionaries(texts, texts, max_size=3)), min_size=2, max_size=8)


def chained(contents):
    """A log of these kinds, subjects and data."""
    previous, entries = GENESIS, []
    for seq, (kind, subject, data) in enumerate(contents, start=1):
        text, at = canonical(data), f"2026-05-01T12:00:0{seq}.000000Z"
        hash_ = entry_hash(seq, at, kind, subject, text, previous)
        entries.append(Entry(seq, at, kind, subject, text, previous, hash_))
        previous = hash_
    return entries


@given(contents)
def test_a_log_that_nobody_touched_is_right(contents):
    entries = chained(contents)
    assert list(verified(entries)) == entries


@given(contents, st.data())
def test_a_changed_entry_is_named(contents, data):
    entries = chained(contents)
    place = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from(["at", "kind", "subject", "data", "previous", "hash"]))
    entries[place] = replace(entries[place], **{name: getattr(entries[place], name) + "x"})
    with pytest.raises(TamperedError) as caught:
        list(verified(entries))
    assert caught.value.seq == place + 1


@given(contents, st.data())
def test_a_rewritten_entry_is_found_at_the_next(contents, data):
    """Whoever changes an entry and its hash breaks the one that follows."""
    entries = chained(contents)
    place = data.draw(st.integers(0, len(entries) - 2))
    one = replace(entries[place], subject=entries[place].subject + "x")
    again = entry_hash(one.seq, one.at, one.kind, one.subject, one.data, one.previous)
    entries[place] = replace(one, hash=again)
    with pytest.raises(TamperedError) as caught:
        list(verified(entries))
    assert caught.value.seq == place + 2


@given(contents, st.data())
def test_a_removed_entry_is_named(contents, data):
    entries = chained(contents)
    place = data.draw(st.integers(0, len(entries) - 2))
    del entries[place]
    with pytest.raises(TamperedError, match="missing") as caught:
        list(verified(entries))
    assert caught.value.seq == place + 1


@given(contents, st.data())
def test_reordered_entries_are_named(contents, data):
    entries = chained(contents)
    one, other = sorted(data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True)))
    entries[one], entries[other] = entries[other], entries[one]
    with pytest.raises(TamperedError) as caught:
        list(verified(entries))
    assert caught.value.seq == one + 1


def test_the_hash_is_that_of_canonical_json():
    """Anybody can check it without this code: RFC 8785 and SHA-256 are all it takes."""
    text = canonical({"b": "ü", "a": 1.0})
    assert text == '{"a":1,"b":"ü"}'
    content = {"at": "t", "data": text, "kind": "k", "previous": GENESIS, "seq": 1, "subject": "s"}
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert entry_hash(1, "t", "k", "s", text, GENESIS) == hashlib.sha256(plain).hexdigest()


def test_a_signature_stands_for_one_entry_by_one_key():
    key, other, hash_ = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), "ab" * 32
    signature = base64.b64encode(key.sign(signed_bytes(hash_))).decode()
    check_signature(1, hash_, key.public_key(), signature)
    for wrong in (("cd" * 32, key, signature), (hash_, other, signature), (hash_, key, "!"), (hash_, key, "")):
        with pytest.raises(TamperedError, match="wrong signature"):
            check_signature(1, wrong[0], wrong[1].public_key(), wrong[2])
    with pytest.raises(TamperedError, match="not trusted"):
        check_signature(1, hash_, None, signature)
    assert key_id(key.public_key()) != key_id(other.public_key())


values = (
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | texts
)
tables = st.dictionaries(texts, values | st.lists(values, max_size=3) | st.dictionaries(texts, values, max_size=2))


@given(tables)
def test_the_short_way_to_canonical_json_is_that_of_the_standard(data):
    """Numbers of more than 53 bits have no canonical form, on either way."""
    try:
        expected = rfc8785.dumps(data).decode()
    except rfc8785.CanonicalizationError:
        with pytest.raises(rfc8785.CanonicalizationError):
            canonical(data)
    else:
        assert canonical(data) == expected


def test_a_column_that_a_migration_adds_changes_no_digest_of_a_row_from_before(monkeypatch):
    before = {"actor": "maria", "access_ends_at": None}
    digest = row_digest(before)
    assert row_digest({**before, "team": None}) != digest, "what the list is for"
    monkeypatch.setattr(log_chain, "ADDED", frozenset({"team"}))
    assert row_digest({**before, "team": None}) == digest
    assert row_digest({**before, "team": "north"}) != digest
    assert row_digest({"actor": "maria"}) != digest, "columns of the first migrations count without a value too"


def test_every_column_of_a_vouched_row_is_of_the_first_migrations_or_may_be_null_and_is_listed():
    """Else ``audit verify`` would report every row from before as tampered with."""
    tables = {table.name: table for table in ROWS.values()}
    for name, first in FIRST.items():
        for column in tables[name].columns:
            if column.name not in first.split():
                listed = column.name in ADDED or column.name in log_chain._LATER
                assert listed, f"{name}.{column.name}: list it in log_chain.ADDED"
                assert column.nullable, f"{name}.{column.name}"
