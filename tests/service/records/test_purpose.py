"""A database is for the demonstration or for a real registry, says so, and is opened for nothing else."""

import json

import pytest

from service.auth.api_keys import create_key
from service.errors import SettingsError
from service.records.database import open_database
from service.records.purpose import claim, purpose_of
from service.records.transaction import Answer, Unit, commit
from service.records.verification import verify
from service.signing import Signer, clearance_keys
from tests.service.conftest import NOW

INVENTED = {"people": ("demo-agent",), "version": lambda: "invented"}


@pytest.fixture
def opened(database_url, tmp_path):
    """An empty database of each kind, and the signer of its log."""
    engine = open_database(database_url)
    yield engine, Signer(clearance_keys(tmp_path))
    engine.dispose()


def write(opened, work):
    engine, signer = opened
    [answer] = commit(engine, signer, [Unit(work)], now=lambda: NOW)
    assert isinstance(answer, Answer), answer


def claimed(opened, purpose):
    engine, signer = opened
    claim(engine, signer, purpose, now=lambda: NOW, **INVENTED)
    return purpose_of(engine)


@pytest.mark.parametrize("purpose", ["demonstration", "registry"])
def test_the_first_service_marks_it_for_good_and_the_log_vouches_for_that(opened, purpose):
    engine, signer = opened
    assert purpose_of(engine) is None
    assert claimed(opened, purpose) == claimed(opened, purpose) == purpose
    with engine.connect() as connection:
        assert verify(connection, signer.public()).entries == 1


@pytest.mark.parametrize(
    ("first", "then", "remedy"),
    [("demonstration", "registry", "move the file away"), ("registry", "demonstration", "registry import")],
)
def test_it_is_never_opened_for_the_other_and_stays_as_it_was(opened, first, then, remedy):
    claimed(opened, first)
    with pytest.raises(SettingsError, match=remedy):
        claimed(opened, then)
    assert purpose_of(opened[0]) == first


def test_the_demonstration_writes_to_no_database_that_something_else_wrote_to(opened):
    write(opened, lambda transaction: Answer(create_key(transaction, "ada", ["admin"])))
    with pytest.raises(SettingsError, match="demonstration"):
        claimed(opened, "demonstration")
    assert claimed(opened, "registry") == "registry"


@pytest.mark.parametrize("trace", ["person", "registry"])
def test_a_demonstrations_database_from_before_there_were_marks_is_known(opened, trace):
    def used(transaction):
        if trace == "person":
            return Answer(create_key(transaction, "demo-agent", ["agent"]))
        transaction.log("in_force", "registry", registry="invented", model="m")
        return Answer("")

    write(opened, used)
    with pytest.raises(SettingsError, match="of the demonstration"):
        claimed(opened, "registry")
    assert purpose_of(opened[0]) is None


def test_a_real_database_from_before_there_were_marks_is_marked(opened):
    def used(transaction):
        transaction.log("in_force", "registry", registry=json.dumps("other"), model="m")
        return Answer("")

    write(opened, used)
    assert claimed(opened, "registry") == "registry"
