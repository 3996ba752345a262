"""Wire models of standing findings that people make: whose account it is, by what proof, and how a finding ends."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StrictBool

from service.schemas.checks import EntryOut
from service.schemas.demands import LookIn
from service.schemas.values import Note, Wire

FindingProof = Literal["id_document", "platform_verified", "domain", "authorisation", "court_order", "other"]
# In words that say nothing of anybody: the log keeps it for ever.
EndReason = Literal["proof_wrong", "passed_on", "made_by_mistake", "asked_by_person", "other"]
# Accounts that somebody declares beside the one of the check.
MOST_RELATED = 20


class FindingIn(Wire):
    """Somebody proved that the account of a check is theirs, and which others are."""

    check_id: UUID = Field(description="The check of the account; its profile there is what is held to be genuine.")
    proof: FindingProof = Field(description="What proof was seen.")
    note: Note = Field(description="What was seen, in the reviewer's words. Not the document itself, nor its number.")
    related: list[LookIn] = Field(
        default_factory=list,
        max_length=MOST_RELATED,
        description="Other accounts of the same person, each with its whole profile, platform and id.",
    )


class FindingEndIn(Wire):
    """Why a finding does not hold any more."""

    reason: EndReason = Field(description="passed_on: somebody else has the account now; the others say what they are.")
    all: StrictBool = Field(False, description="Whether all findings of the same proof end.")


class FindingOut(Wire):
    """What a proof of identity found of an account."""

    finding_id: UUID
    proven_id: UUID = Field(description="The same in all findings of one proof.")
    check_id: UUID = Field(description="The check that it was made at; the account may be another than its.")
    proof: FindingProof
    platform: str
    account_id: str = Field(description="As accounts are compared: on Mastodon with its server.")
    handle: str = Field(description="As it is searched for.")
    handle_as_written: str = Field(description="As it was then; empty where it was erased.")
    profile: dict[str, Any] | None = Field(description="The account as it was then; null where it was erased.")
    note: str = Field(description="Empty where it was erased.")
    made_by: str
    made_at: AwareDatetime
    state: Literal["stands", "ended"]
    ended_at: AwareDatetime | None
    ended_by: str | None
    ended_because: EndReason | None
    entry: EntryOut | None = Field(None, description="The log's entry of what was just done.")


class ProofOut(Wire):
    """What was just found, or ended."""

    findings: list[FindingOut] = Field(min_length=1)
    revoked: int = Field(description="Clearances for these accounts that are void by it.")


class FindingPage(Wire):
    """Findings, the newest first."""

    findings: list[FindingOut]
    next: int | None = Field(description="Give it as 'before' for the next page; null on the last.")
