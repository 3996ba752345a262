"""Types of values on the wire. They guard the edge; inside are the frozen dataclasses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictInt,
)

from service.utils.person_key import INVISIBLE

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return value


def _id(value: object) -> str | int | float:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if not isinstance(value, str | int | float) or isinstance(value, bool) or not (whole or isinstance(value, str)):
        raise ValueError("must be text, or a whole number")
    return value  # as it was written: the importer tells what floating point cannot hold


def _whole(value: object) -> object:
    """Return a whole number as one, however it was written: in JSON 7, 7.0 and 0.7e1 are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _rfc_3339(value: object) -> str:
    message = "must be a time in RFC 3339, such as 2026-01-31T12:00:00Z"
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError(message)
    try:
        datetime.fromisoformat(value.upper()).astimezone(UTC)
    except ValueError:
        raise ValueError(message) from None
    except OverflowError:  # the first and the last day that there is, west or east of Greenwich
        raise ValueError("must be a time in the years 1 to 9999, also in UTC") from None
    return value


def _actor(value: str) -> str:
    if not re.fullmatch(_ACTOR, value):
        raise ValueError('must have a character that can be seen, no control character and no "*"')
    return value


def _report(value: object) -> object:
    if not isinstance(value, str | dict):
        raise ValueError("must be text or an object")
    if len(value) > (10_000 if isinstance(value, str) else 100):
        raise ValueError("must have at most 10,000 characters, or 100 members")
    return value


# Unlike pydantic's str it lets unpaired surrogates through: the importers replace them and leave a note, as in files.
Text = Annotated[str, PlainValidator(_text, json_schema_input_type=str)]
Moment = Annotated[AwareDatetime, BeforeValidator(_rfc_3339)]
TimeText = Annotated[str, PlainValidator(_rfc_3339, json_schema_input_type=AwareDatetime)]
Probability = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
# A whole number stays one: the importer sees from its digits whether a program rounded it on its way.
Id = Annotated[str | int | float, PlainValidator(_id, json_schema_input_type=str | int)]
Report = Annotated[str | dict[str, Any], PlainValidator(_report, json_schema_input_type=str | dict[str, Any])]
Count = Annotated[StrictInt, Field(ge=0), BeforeValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=0)])]
# No control characters, not "*", which stands for everybody, and something that can be seen.
_ACTOR = rf"^[^\x00-\x1f\x7f*]*[^*{INVISIBLE}][^\x00-\x1f\x7f*]*$"
ActorName = Annotated[
    str, Field(min_length=1, max_length=200, json_schema_extra={"pattern": _ACTOR}), AfterValidator(_actor)
]
# Something that can be read must stand in it.
Note = Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class Wire(BaseModel):
    """What all wire models have in common: no unknown fields, no changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
