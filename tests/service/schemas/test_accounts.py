"""The wire models of accounts take every column of the table, and the importer reads what they take."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from classifier.accounts.account import PLATFORM_LABELS, TIERS, VERIFICATIONS
from classifier.accounts.columns import COLUMNS, PROTECTED, REPORTED
from classifier.importers import import_account, import_protected
from service.schemas.accounts import AccountIn, ProtectedIn

NOW = datetime(2025, 7, 1, tzinfo=UTC)
# Of each kind, what may stand in a column and what may not.
GOOD = {
    "platform": "x", "handle": "jane_r0e", "id": "1234", "text": "Jane Roe", "count": 7, "flag": True,
    "time": "2020-01-31T12:00:00Z", "verification": VERIFICATIONS[0], "pdq": "0f" * 32, "tier": TIERS[1],
    "texts": ["Jane"], "handles": ["jane_roe"], "ids": ["5678"], "labels": [PLATFORM_LABELS[0]],
}  # fmt: skip
BAD = {
    "platform": 1, "handle": 1, "id": 1.5, "text": 1, "count": -1, "flag": "yes", "time": "yesterday",
    "verification": "bought", "pdq": 1, "tier": "low", "texts": "Jane", "handles": [1], "ids": [1.5],
    "labels": ["unknown"],
}  # fmt: skip
IN_ADDRESS = ("platform", "handle")


def test_they_have_the_columns_of_the_table_and_a_picture():
    assert AccountIn.model_fields.keys() == {*REPORTED, "avatar"}
    assert ProtectedIn.model_fields.keys() == {*PROTECTED, "avatar"} - set(IN_ADDRESS)


@pytest.mark.parametrize("name", REPORTED)
def test_what_is_taken_of_a_reported_account_is_read(name):
    row = {"handle": "jane_r0e", "platform": "x", name: GOOD[COLUMNS[name].kind]}
    imported = import_account(AccountIn(**row).model_dump(exclude_none=True), "doublecheck", now=NOW)
    assert imported.notes == ()
    assert getattr(imported.account, name) not in (None, ())


@pytest.mark.parametrize("name", sorted({*PROTECTED} - {*IN_ADDRESS}))
def test_what_is_taken_of_a_protected_account_is_read(name):
    body = ProtectedIn(**{name: GOOD[COLUMNS[name].kind]}).model_dump(exclude_none=True)
    imported = import_protected(body | {"platform": "x", "handle": "jane"}, now=NOW)
    assert imported.notes == ()
    assert getattr(imported.account, name) not in (None, (), "standard")


@pytest.mark.parametrize("name", REPORTED)
def test_what_is_none_of_its_kind_is_refused_of_a_reported_account(name):
    with pytest.raises(ValidationError) as refused:
        AccountIn(**{"handle": "jane_r0e"} | {name: BAD[COLUMNS[name].kind]})
    assert {error["loc"][0] for error in refused.value.errors()} == {name}


@pytest.mark.parametrize("name", sorted({*PROTECTED} - {*IN_ADDRESS}))
def test_what_is_none_of_its_kind_is_refused_of_a_protected_account(name):
    with pytest.raises(ValidationError) as refused:
        ProtectedIn(**{name: BAD[COLUMNS[name].kind]})
    assert {error["loc"][0] for error in refused.value.errors()} == {name}


def test_only_a_handle_is_required():
    assert [name for name, field in AccountIn.model_fields.items() if field.is_required()] == ["handle"]
    assert not any(field.is_required() for field in ProtectedIn.model_fields.values())
    assert ProtectedIn().tier == "standard"


def test_every_column_is_described():
    for model in (AccountIn, ProtectedIn):
        assert all(field.description.endswith(".") for field in model.model_fields.values())
