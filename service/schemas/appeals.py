"""Wire models of appeals: who complains about what, by when it is decided, and what was found."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from service.schemas.checks import EntryOut
from service.schemas.values import Moment, Note, Wire
from service.texts.compose import About, Found

AppealBy = Literal["person", "reporter"]
AppealState = Literal["open", "lifted", "upheld", "overturned"]
AppealFound = Literal["upheld", "overturned"]


class AppealIn(Wire):
    """A complaint that came in."""

    about: About = Field(
        description="action: what was done to the account, its clearance redeemed; decline: that nothing was done on "
        "a report."
    )
    by: AppealBy = Field(
        description="person: whoever runs the account, about an action; reporter: whoever reported it, about a decline."
    )
    arguments: Annotated[str, Field(max_length=5_000, pattern=r"^[^\x00]*$")] = Field(
        "", description="What they say, in their words. People read it; nothing scores it, and an erasure takes it."
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = Field(
        None, description="Of the answers, a primary tag of BCP 47. Null: that of the check's notice, or English."
    )
    contact: Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")] | None = Field(
        None, description="Where the answer goes, if whoever complains says so. An erasure takes it."
    )
    received_at: Moment | None = Field(
        None, description="When it came in; a time to come counts as now. Null: now. The due time counts from it."
    )


class AppealDecisionIn(Wire):
    """What somebody found who had not dealt with the case before."""

    found: AppealFound = Field(description="upheld: what was decided stands; overturned: whoever complained was right.")
    reason: Found = Field(
        description="impersonation where the account pretends to be somebody else; otherwise what it is instead. An "
        "answer with status 409 says which go with which decision."
    )
    note: Note = Field(description="Why, in the words of whoever decided. It goes into no text and no log.")


class AppealLine(Wire):
    """An appeal in short."""

    appeal_id: UUID
    about: About
    by: AppealBy
    state: AppealState = Field(
        description="open; lifted: the action is lifted until it is decided; upheld; overturned."
    )
    received_at: AwareDatetime
    due_at: AwareDatetime
    overdue: bool = Field(description="Not decided, and the time is up. That decides nothing.")


class AppealOut(AppealLine):
    """An appeal, and what to do and to say now."""

    check_id: UUID
    platform: str
    account_id: str
    handle: str = Field(description="As it is searched for.")
    handle_as_written: str = Field(description="As it was when it was checked; empty where it was erased.")
    decided_at: AwareDatetime | None = Field(description="Null while nobody has decided it.")
    reason: Found | None = Field(description="What was found; null while nobody has decided it.")
    language: str = Field(
        description="Of the text: the one that was asked for where there is a text in it, or English."
    )
    direction: Literal["ltr", "rtl"] = Field(description="In which the text is written.")
    subject: str | None = Field(description="What to send to whoever complained: its subject,")
    text: str | None = Field(description="and its text. Null once the texts of the account were erased.")
    next_step: str = Field(description="What to do now, as a sentence.")
    entry: EntryOut | None = Field(None, description="The log's entry of what was just recorded.")


class AppealStep(Wire):
    """What somebody did about an appeal."""

    kind: Literal["lifted", "upheld", "overturned"]
    at: AwareDatetime
    reason: Found | None = Field(description="Null where it was lifted only.")
    actor: str
    note: str


class AppealDetail(AppealOut):
    """An appeal with what was said and done, for reviewers, admins and auditors; others get it without that."""

    received_by: str | None = Field(description="Whose key handed it in. Null for agents and executors.")
    arguments: str | None = Field(description="What whoever complains says. Null for agents and executors.")
    contact: str | None = Field(
        None, description="Where the answer goes, if whoever complained said so. Null for agents and executors."
    )
    steps: list[AppealStep] = Field(description="What was done about it, in order. Empty for agents and executors.")


class AppealPage(Wire):
    """Appeals, the newest first, or by their due times."""

    appeals: list[AppealOut]
    next: int | None = Field(description="Give it as 'before' for the next page; null on the last, and by due time.")
