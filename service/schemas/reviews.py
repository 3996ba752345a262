"""Wire models of what happens to a check afterwards: reviews, clearances, outcomes, search."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from classifier.importers.formats.detect import RawFormat
from classifier.model.pair_model import OtherRelation
from classifier.platform_rules.demands import DemandKind
from classifier.scoring.policy import Action, VerdictName
from service.schemas.accounts import AccountIn
from service.schemas.appeals import AppealLine
from service.schemas.checks import (
    ActorIn,
    CheckResponse,
    EntryOut,
    ReasonOut,
    format_kind,
    named_actor,
)
from service.schemas.notices import DueOut, NoticeOut
from service.schemas.overdue import FallOut
from service.schemas.values import ActorName, Note, Wire

ReviewState = Literal["open", "approved", "declined", "expired", "not_needed", "withdrawn"]
ClearanceState = Literal["valid", "spent", "revoked", "expired"]
OutcomeName = Literal["upheld", "overturned"]
WithdrawalReason = Literal["mistyped", "resembles_nobody", "not_needed"]


class ApprovalIn(Wire):
    """A reviewer's answer to a check that takes two people."""

    answer: Literal["approve", "decline"]
    reason: Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")] = Field(
        description="Why, in the reviewer's words."
    )


# What the validator below says, for the interface's document.
_EXECUTOR_WITH_AN_APPROVAL: dict[str, Any] = {
    "if": {"properties": {"answer": {"const": "decline"}}},
    "then": {"properties": {"executor": {"type": "null"}}},
}


class CheckApprovalIn(ApprovalIn):
    """A reviewer's answer to a check, which of a triage may say who is to act."""

    model_config = ConfigDict(json_schema_extra=_EXECUTOR_WITH_AN_APPROVAL)

    executor: ActorName | None = Field(
        None, description="With approve, of a triage only: who is to act. Nobody who approves it."
    )

    @model_validator(mode="after")
    def _approves(self) -> Self:
        if self.executor is not None and self.answer != "approve":
            raise ValueError("executor goes with approve: who declines lets nobody act")
        return self


class ApprovalOut(Wire):
    """What a reviewer answered."""

    reviewer: str
    answer: Literal["approve", "decline"]
    reason: str
    at: AwareDatetime
    counts: bool = Field(description="False once it has expired, or the reviewer's access or key has.")
    executor: str | None = Field(None, description="Of a triage: who is to act, as this reviewer says.")


class ReviewOut(Wire):
    """How far the review of a check has come."""

    check_id: UUID
    state: ReviewState
    required: int = Field(description="Approvals that are needed, by as many people.")
    approvals: list[ApprovalOut]
    lapses_at: AwareDatetime | None = Field(
        None, description="Until when it can be answered; null where nothing waits."
    )
    entry: EntryOut | None = Field(None, description="The log's entry of the answer just given.")


class ClearIn(Wire):
    """Who takes a clearance."""

    actor: ActorName | None = Field(
        None, description="Who acts: needed of a triage. Of any other check it is the check's actor, or nothing."
    )


class WithdrawIn(Wire):
    """Why whoever asked for a check withdraws it."""

    reason: WithdrawalReason = Field(
        description="mistyped: another account was meant. resembles_nobody: no protected account is concerned. "
        "not_needed: no action is wanted any more."
    )


class WithdrawalOut(Wire):
    """That whoever asked for a check withdrew it: nobody can act on it any more."""

    reason: WithdrawalReason
    actor: str
    at: AwareDatetime


class ClearanceStatus(Wire):
    """A clearance that was issued, without its token."""

    clearance_id: UUID
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    state: ClearanceState
    actor: str | None = Field(None, description="Of a triage: who acts by it.")


class OutcomeIn(Wire):
    """What an appeal found; the latest counts, and those before stay readable."""

    outcome: OutcomeName
    relation: OtherRelation = Field(
        "unrelated", description="Where it was overturned: what the account is to the target instead."
    )
    note: Note = Field(description="Why, in the words of whoever decided the appeal.")
    actor: ActorName | None = Field(None, description="With a tool's key only: who decided the appeal on the platform.")


class OutcomeOut(Wire):
    """A recorded outcome."""

    check_id: UUID
    outcome: OutcomeName
    relation: str = Field(description="The label that training reads.")
    note: str
    actor: str
    at: AwareDatetime
    entry: EntryOut | None = None


class WarningOut(Wire):
    """What speaks against acting on the account of a check, and is remembered across its checks."""

    code: str = Field(description="Stable, such as appeal_overturned, appeal_open or seen_at_redemption.")
    text: str = Field(description="A sentence, for people.")
    at: AwareDatetime
    check_id: UUID = Field(description="The check that it comes from.")
    after: bool = Field(description="Whether it came after this check, which nobody can act on any more then.")


class HistoryLine(Wire):
    """One entry of the log about a check."""

    seq: int
    at: AwareDatetime
    kind: str
    data: dict[str, Any]
    hash: str


class ActorOut(Wire):
    """Who wanted to act, as it was recorded."""

    actor_id: str = Field(description="Empty of a triage.")
    access_ends_at: AwareDatetime | None = Field(
        description="The earliest end that was known of the actor's or the caller's access."
    )


class CheckDetail(Wire):
    """A check with all that became of it."""

    check: CheckResponse
    action: Action
    actor: ActorOut
    caller: str = Field(description="Whose key asked.")
    account: dict[str, Any] = Field(description="The account as it was read: what account_digest is of.")
    report: str | dict[str, Any] | None
    triage: bool = Field(False, description="Whether nobody was named who acts.")
    reports: list[str | dict[str, Any]] | None = Field(None, description="Several, in the place of report.")
    notice: NoticeOut | None = Field(
        None,
        description="Who reports and why, without the reporter's own account. For whoever asked, reviewers, admins and "
        "auditors.",
    )
    external_ref: str | None = Field(None, description="What the platform calls the case.")
    subject_url: str | None = Field(None, description="Where people see the account on its platform.")
    erased: bool = Field(False, description="Whether the account's texts, and what was written of it, are erased.")
    held: bool = Field(
        False, description="Whether it is in no queue: it resembles nobody, and its asker has not asked people."
    )
    withdrawn: WithdrawalOut | None = Field(None, description="That its asker withdrew it, if so.")
    review: ReviewOut
    clearances: list[ClearanceStatus]
    outcomes: list[OutcomeOut]
    appeals: list[AppealLine] = Field(
        default_factory=list, description="Complaints about it: GET /v1/appeals/{appeal_id} has each."
    )
    warnings: list[WarningOut] = Field(
        default_factory=list, description="What stands against acting on the account now, from any check of it."
    )
    history: list[HistoryLine] = Field(description="What the log says of it, in order.")
    falls_to: FallOut | None = Field(
        None, description="The milder measure that may be asked for instead: it is overdue, and that is set and fits."
    )


class CheckLine(Wire):
    """A check among others."""

    check_id: UUID
    checked_at: AwareDatetime
    verdict: VerdictName
    action: Action
    actor: str = Field(description="Empty of a triage.")
    platform: str
    account_id: str
    handle: str = Field(description="As it is searched for: case and what looks alike are not told apart.")
    handle_as_written: str = Field(description="As it was when it was checked; empty where it was erased.")
    due: DueOut | None = Field(None, description="By when it should be answered.")
    escalated: bool = Field(False, description="Overdue; only told where what waits is sorted by due time.")
    falls_to: FallOut | None = Field(
        None, description="The milder measure that may be asked for instead; only told where escalated is."
    )


class CheckPage(Wire):
    """Checks, the newest first."""

    checks: list[CheckLine]
    next: int | None = Field(description="Give it as 'before' for the next page; null on the last.")


class _RedeemIn(Wire):
    token: str = Field(min_length=1, max_length=4_000)
    actor: Annotated[
        ActorIn | None, BeforeValidator(named_actor, json_schema_input_type=ActorIn | ActorName | None)
    ] = Field(
        None, description="Who acts; by default the actor of the key. A clearance is spent by whom it was given to."
    )


class AccountRedeemIn(_RedeemIn):
    """A clearance to be spent, with the account as it is now in Doublecheck's own columns."""

    format: Literal["doublecheck"] = "doublecheck"
    account: AccountIn


class RawRedeemIn(_RedeemIn):
    """A clearance to be spent, with the profile as another platform's interface returns it now."""

    format: RawFormat
    account: dict[str, Any]


RedeemIn = Annotated[
    Annotated[AccountRedeemIn, Tag("columns")] | Annotated[RawRedeemIn, Tag("raw")], Discriminator(format_kind)
]


class Redeemed(Wire):
    """The clearance was good and is spent now: act, once."""

    redeemed: Literal[True] = True
    clearance_id: UUID
    check_id: UUID
    action: Action
    actor: str
    account: str = Field(description="Platform and id of the account.")
    redeemed_at: AwareDatetime
    entry: EntryOut


class Refused(Wire):
    """Why a clearance does not hold."""

    reasons: list[ReasonOut]


class Revoked(Wire):
    """The clearance is void."""

    clearance_id: UUID
    state: ClearanceState
    entry: EntryOut


class BatchIn(Wire):
    """Up to 1,000 checks at once. One that cannot be read is answered with its error."""

    checks: list[Any] = Field(min_length=1, max_length=1_000, description="Each as POST /v1/checks takes it.")


class BatchRow(Wire):
    """The answer to one check of a batch: what the policy would say. Never a clearance."""

    row: int = Field(description="Its number in the request, from 1.")
    verdict: VerdictName | None = None
    reasons: list[ReasonOut] = Field(default_factory=list)
    required_approvals: int | None = None
    relation: str | None = None
    target_handle: str | None = None
    target_id: str | None = None
    impersonation_probability: float | None = None
    clearing_probability: float | None = Field(
        None,
        description="The same with the strongest kind of evidence taken away: what the threshold is compared with.",
    )
    requirements: str | None = Field(
        None,
        description="What the platform's rule asks of a parody or fan account, such as 'label_position=unmet "
        "picture_same=unknown': met, unmet or unknown; null where nothing is asked.",
    )
    offer: list[DemandKind] = Field(
        default_factory=list, description="The demands of a milder measure that fits; empty where none does."
    )
    error: str | None = Field(None, description="Why there is no verdict.")


class BatchResponse(Wire):
    """The answers, in order."""

    results: list[BatchRow]
    model_id: str
    policy_version: str
    registry_version: str
    entry: EntryOut
