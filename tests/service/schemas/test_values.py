"""Values on the wire: whole numbers however they are written, times that are times everywhere."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.records.tables import moment, stamp
from service.schemas.values import Count, Id, Moment, TimeText

COUNT, ID = TypeAdapter[int](Count), TypeAdapter[Any](Id)
MOMENT, TIME_TEXT = TypeAdapter[datetime](Moment), TypeAdapter[str](TimeText)
NO_TIMES = (
    "0.5", "0", "1767225600", "2026-01-31", "12:00:00Z", "2026-01-31T12:00Z", "2026-01-31T12:00:00", "",
    "2026-02-30T12:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T23:59:60Z", "2026-W05-6T12:00:00Z",
    "2026-031T12:00:00Z", "0000-01-01T00:00:00Z", "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+01",
    "\u0662\u0660\u0662\u0666-01-31T12:00:00Z", " 2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z\n",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59.999999-14:00",
)  # fmt: skip
EDGES = ("0001-01-01T00:00:00-14:00", "9999-12-31T23:59:59+14:00", "2026-01-31t12:00:00.123456789z")


@given(st.integers(0, 2**53))
def test_a_whole_number_is_one_however_it_is_written(number):
    assert COUNT.validate_python(float(number)) == number
    assert type(COUNT.validate_python(float(number))) is int
    assert ID.validate_python(float(number)) == number


@pytest.mark.parametrize("value", [0.5, -1, -1.0, True, "7", float("inf"), float("nan"), None, [1]])
def test_what_is_no_count_is_none(value):
    with pytest.raises(ValidationError):
        COUNT.validate_python(value)


@pytest.mark.parametrize("value", [0.5, True, float("inf"), float("nan"), None, [1]])
def test_what_is_no_id_is_none(value):
    with pytest.raises(ValidationError):
        ID.validate_python(value)


@pytest.mark.parametrize("value", [*NO_TIMES, 0.5, 0, 1767225600, None, True])
@pytest.mark.parametrize("kind", [MOMENT, TIME_TEXT])
def test_what_is_no_time_in_rfc_3339_is_refused(kind, value):
    with pytest.raises(ValidationError, match="must be a time"):
        kind.validate_python(value)


@pytest.mark.parametrize("text", EDGES)
def test_every_time_that_is_taken_can_be_recorded(text):
    assert TIME_TEXT.validate_python(text) == text
    taken = MOMENT.validate_python(text)
    assert moment(stamp(taken)) == taken.astimezone(UTC)
