"""Wire models of demands: what an account has to change, by when, and what was seen of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Discriminator, Field, Tag

from classifier.importers.formats.detect import RawFormat
from classifier.platform_rules.demands import DemandKind
from service.schemas.accounts import AccountIn
from service.schemas.checks import EntryOut, format_kind
from service.schemas.values import Wire

DemandState = Literal["open", "due", "met", "unmet", "withdrawn"]


class DemandResult(Wire):
    """Whether a part of a demand is met."""

    kind: DemandKind
    met: bool | None = Field(description="Null where the profile that was sent does not tell.")


class DemandOut(Wire):
    """A demand on an account, and what became of it."""

    demand_id: UUID
    check_id: UUID = Field(description="The check whose clearance made the demand.")
    platform: str
    account_id: str
    handle: str = Field(description="As it is searched for.")
    handle_as_written: str = Field(description="As it was when it was checked; empty where it was erased.")
    kinds: list[DemandKind] = Field(description="What the account has to change.")
    made_at: AwareDatetime
    due_at: AwareDatetime
    state: DemandState = Field(
        description="open; due: the time is up and nobody has looked since; met; unmet: a fresh check may ask for "
        "more; withdrawn: the account is protected by now, and nothing is demanded of it."
    )
    results: list[DemandResult] = Field(description="What the last look at the profile found; empty before the first.")
    looked_at: AwareDatetime | None = Field(description="When that was.")
    language: str = Field(description="Of the text: the one the notice names, where there is a text in it, or English.")
    direction: Literal["ltr", "rtl"] = Field(description="In which the text is written.")
    subject: str = Field(description="What to send to whoever runs the account: its subject,")
    text: str = Field(description="and its text.")
    next_step: str = Field(description="What to do now, as a sentence.")
    entry: EntryOut | None = Field(None, description="The log's entry of the look just recorded.")


class DemandPage(Wire):
    """Demands, the newest first."""

    demands: list[DemandOut]
    next: int | None = Field(description="Give it as 'before' for the next page; null on the last.")


class AccountLookIn(Wire):
    """The account as it is now, in Doublecheck's own columns."""

    format: Literal["doublecheck"] = "doublecheck"
    account: AccountIn


class RawLookIn(Wire):
    """The account as another platform's interface returns it now."""

    format: RawFormat
    account: dict[str, Any]


LookIn = Annotated[
    Annotated[AccountLookIn, Tag("columns")] | Annotated[RawLookIn, Tag("raw")], Discriminator(format_kind)
]
