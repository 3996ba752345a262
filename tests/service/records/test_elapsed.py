"""Both databases work out the same seconds."""

from datetime import timedelta

import pytest
from sqlalchemy import literal, select

from service.records.database import open_database
from service.records.elapsed import seconds_between
from service.records.tables import stamp
from tests.service.conftest import NOW


@pytest.mark.parametrize("span", [timedelta(seconds=0.5), timedelta(hours=30), timedelta(days=400)])
def test_seconds_are_those_between_two_stamps(database_url, span):
    engine = open_database(database_url)
    with engine.connect() as connection:
        found = connection.execute(
            select(seconds_between(literal(stamp(NOW)), literal(stamp(NOW + span))))
        ).scalar_one()
        nothing = connection.execute(select(seconds_between(literal(stamp(NOW)), literal(None)))).scalar_one()
    engine.dispose()
    assert float(found) == pytest.approx(span.total_seconds(), abs=0.001)
    assert nothing is None
