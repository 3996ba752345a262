"""Wire model of what people are told about a check."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from service.schemas.values import Wire


class ToldOut(Wire):
    """What the person behind the reported account, or whoever reported it, may be told. It names nobody else."""

    to: Literal["person", "reporter"]
    lang: str = Field(description="The language it is in: a primary tag of BCP 47.")
    dir: Literal["ltr", "rtl"] = Field(description="In which direction the language is written.")
    subject: str
    text: str = Field(description="All of it as plain text: paragraphs with an empty line between.")
    facts: list[str] = Field(max_length=3, description="What weighed most, each a sentence; empty while it is open.")
    cure: str | None = Field(description="What would put it right; null where there is nothing to do.")
    complain: str | None = Field(description="How to complain; null while nothing is decided.")
    automated: bool = Field(description="Whether a machine took part: whether a probability was computed.")
    people: int = Field(description="How many people answered the check's review.")
    action_taken: Literal["suspend", "deactivate", "delete", "require_change"] | None = Field(
        description="What was done and still stands; null where nothing was, an appeal overturned it, or it is lifted "
        "until one is decided."
    )
