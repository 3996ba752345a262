"""Statements are exported complete, in the order in which they became so, in pages that the database takes."""

import json
from datetime import timedelta

import pytest

from classifier.errors import InputError
from service.decisions.recorded import reader
from service.decisions.statement_export import incomplete, pages, unstated
from tests.service.conftest import NOW
from tests.service.decisions.test_statement_of_reasons import SAID, TERMS, act, complete
from tests.service.transparency_database import TransparencyDatabase


def exported(client, since=NOW, after=None):
    with client.check_service.engine.connect() as connection:
        return [json.loads(page.body)["statements"] for page in pages(reader(connection), since, after)]


def puids(client, **options):
    return [[one["puid"] for one in page] for page in exported(client, **options)]


@pytest.fixture
def filing(make_client, database_url):
    return make_client(database_url=database_url, **TERMS)


def test_pages_are_what_the_database_takes_and_none_is_sent_twice(filing, monkeypatch):
    monkeypatch.setattr("service.decisions.statement_export.PAGE", 2)
    acted = [act(filing, {"account_id": str(number)}, report=SAID) for number in range(3)]
    assert puids(filing) == [acted[:2], acted[2:]]
    database = TransparencyDatabase()
    assert [database.post({"statements": page}) for page in exported(filing)] == [(201, {}), (201, {})]
    late = act(filing, report=SAID)
    assert puids(filing, after=acted[2]) == [[late]]
    assert [database.post({"statements": page})[0] for page in exported(filing, after=acted[2])] == [201]
    assert database.post({"statements": exported(filing)[0]})[0] == 422, "sent again, they are refused"


def test_what_was_completed_late_comes_late_and_is_not_passed_over(filing):
    lacking, whole = act(filing), act(filing, report=SAID)
    assert puids(filing) == [[whole]]
    with filing.check_service.engine.connect() as connection:
        [told] = incomplete(reader(connection), NOW)
    assert told == (lacking, "source_type, automated_detection")
    filing.clock.at = NOW + timedelta(days=3)
    assert complete(filing, lacking, source_type="SOURCE_VOLUNTARY", automated_detection="Yes").status_code == 200
    assert puids(filing, after=whole) == [[lacking]]
    assert puids(filing, since=NOW + timedelta(days=3)) == [[lacking]], "it became complete then"
    assert puids(filing, since=NOW + timedelta(days=3, seconds=1)) == []
    assert TransparencyDatabase().post({"statements": exported(filing)[0]}) == (201, {})
    with filing.check_service.engine.connect() as connection:
        assert list(incomplete(reader(connection), NOW)) == []
        assert unstated(reader(connection), NOW) == 0


def test_a_place_to_go_on_from_must_be_one(filing):
    lacking = act(filing)
    for after in (lacking, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(InputError, match="puid"):
            puids(filing, after=after)


def test_a_page_has_as_many_as_the_database_takes_at_most():
    from service.decisions.statement_export import PAGE  # noqa: PLC0415 -- the other tests change it
    from tests.service.transparency_database import TOGETHER  # noqa: PLC0415

    assert PAGE == TOGETHER
