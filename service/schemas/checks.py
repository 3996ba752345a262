"""Wire models of checks: what is asked and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    FiniteFloat,
    Tag,
    model_validator,
)

from classifier.accounts.account import Tier
from classifier.importers.formats.detect import RawFormat
from classifier.model.account_model import AUDIENCE
from classifier.platform_rules.demands import DEMANDS, DemandKind
from classifier.scoring.assessment import Relation
from classifier.scoring.policy import Action, VerdictName
from service.limits import LONGEST_DEMAND_HOURS
from service.schemas.accounts import AccountIn
from service.schemas.notices import DueOut, NoticeIn, ReporterOut
from service.schemas.values import ActorName, Moment, Probability, Report, Wire


class ActorIn(Wire):
    """Who wants to act."""

    actor_id: ActorName = Field(examples=["agent-17"])
    access_ends_at: Moment | None = Field(
        None, description="When the actor's access ends, RFC 3339, if an end is known."
    )


def named_actor(value: object) -> object:
    """Read an actor that is given by name alone."""
    return {"actor_id": value} if isinstance(value, str) else value


def _each_once(schema: dict[str, Any]) -> None:
    """Say in the interface's document that no demand stands twice."""
    schema["anyOf"][0]["uniqueItems"] = True


def _distinct(demands: list[DemandKind]) -> list[DemandKind]:
    if len(set(demands)) != len(demands):
        raise ValueError("must name each demand once")
    return demands


# What the validators below say, for the interface's document.
_DEMANDS_WITH_A_CHANGE: dict[str, Any] = {
    "if": {"properties": {"action": {"const": "require_change"}}},
    "then": {"properties": {"demands": {"type": "array"}}, "required": ["demands"]},
    "else": {"properties": {"demands": {"type": "null"}, "time_limit_hours": {"type": "null"}}},
}
_ACTOR_OR_TRIAGE: dict[str, Any] = {
    "oneOf": [
        {
            "properties": {"actor": {"not": {"type": "null"}}, "triage": {"const": False}},
            "required": ["actor"],
        },
        {"properties": {"actor": {"type": "null"}, "triage": {"const": True}}, "required": ["triage"]},
    ]
}
_ONE_KIND_OF_REPORT: dict[str, Any] = {
    "anyOf": [{"properties": {"report": {"type": "null"}}}, {"properties": {"reports": {"type": "null"}}}]
}


class _CheckIn(Wire):
    model_config = ConfigDict(json_schema_extra=_DEMANDS_WITH_A_CHANGE | _ACTOR_OR_TRIAGE | _ONE_KIND_OF_REPORT)

    action: Action = Field(description="What the actor wants to do to the account.")
    actor: Annotated[
        ActorIn | None, BeforeValidator(named_actor, json_schema_input_type=ActorIn | ActorName | None)
    ] = Field(None, description="Who wants to act; the identifier alone will do. Needed unless it is a triage.")
    triage: bool = Field(
        False,
        strict=True,
        description="In the place of actor: nobody is named who acts. It permits nobody anything before two people "
        "agree and somebody is named.",
    )
    report: Report | None = Field(None, description="What was reported, for people to read. It is never scored.")
    demands: Annotated[list[DemandKind], AfterValidator(_distinct)] | None = Field(
        None,
        min_length=1,
        max_length=len(DEMANDS),
        json_schema_extra=_each_once,
        description="With the action require_change, and only with it: what the account has to change.",
    )
    time_limit_hours: int | None = Field(
        None,
        ge=1,
        le=LONGEST_DEMAND_HOURS,
        description="With require_change: how long the account has for it. By default what the service is set to.",
    )

    @model_validator(mode="after")
    def _names_who_acts(self) -> Self:
        if self.triage and self.actor:
            raise ValueError("a triage names nobody who acts: send actor or triage, not both")
        if not self.triage and not self.actor:
            raise ValueError("name who acts (actor), or say that nobody is known yet: triage: true")
        return self

    @model_validator(mode="after")
    def _are_for_a_change(self) -> Self:
        wanted = self.action == "require_change"
        if wanted and not self.demands:
            raise ValueError("require_change takes demands: name what the account has to change")
        if not wanted and (self.demands or self.time_limit_hours):
            raise ValueError("demands and time_limit_hours go with the action require_change only")
        return self

    notice: NoticeIn | None = Field(None, description="Who reports and why. It is never scored.")
    reports: Annotated[list[Report] | None, Field(min_length=1, max_length=50)] = Field(
        None, description="Several reports of the account, in place of report. They are never scored."
    )
    external_ref: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")] | None = Field(
        None, description="What the platform calls the case."
    )
    subject_url: Annotated[str, Field(max_length=2_000, pattern=r"^https?://[^\s\x00]+$")] | None = Field(
        None, description="Where people see the account on its platform."
    )

    @model_validator(mode="after")
    def _has_one_kind_of_report(self) -> Self:
        if self.report is not None and self.reports:
            raise ValueError("report and reports say the same: send one of the two")
        return self


class AccountCheckIn(_CheckIn):
    """A check of an account given in Doublecheck's own columns."""

    format: Literal["doublecheck"] = "doublecheck"
    account: AccountIn


class RawCheckIn(_CheckIn):
    """A check of a profile as another platform's interface returns it."""

    format: RawFormat = Field(description="The interface that returned the profile.")
    account: dict[str, Any] = Field(
        description="The profile, unchanged: the object of one user, account or actor, or a report of it."
    )


def format_kind(value: object) -> str:
    """Tell the branch of a request with an account: our own columns, or another interface's profile."""
    given = value.get("format") if isinstance(value, dict) else getattr(value, "format", None)
    return "columns" if given is None or given == "doublecheck" else "raw"


# Chosen by ``format`` before anything is validated, so that errors name the fields of one of the two only.
CheckRequest = Annotated[
    Annotated[AccountCheckIn, Tag("columns")] | Annotated[RawCheckIn, Tag("raw")], Discriminator(format_kind)
]


class ReasonOut(Wire):
    """Why a verdict is what it is."""

    code: str = Field(description="Stable, for machines.")
    text: str = Field(description="A sentence, for people.")


class TargetOut(Wire):
    """The public fields of a protected account."""

    platform: str
    account_id: str | None
    handle: str
    display_name: str | None
    followers: int | None
    created_at: datetime | None
    verified: bool | None
    tier: Tier


class EvidenceOut(Wire):
    """One compared value of the pair."""

    feature: str
    explanation: str
    value: FiniteFloat | None = Field(description="What was measured; null where there was nothing to measure.")
    reported: str = Field(description="The reported account's side of the comparison.")
    protected: str = Field(description="The protected account's side of the comparison.")
    contribution: FiniteFloat = Field(description="Log-odds: above 0 speaks for impersonation, below 0 against it.")
    kind: str | None = Field(
        None,
        description="Of evidence: handle, name, bio, lures, picture, standing or target. Null where it is of none.",
    )


class OwnCertificateOut(Wire):
    """What the operator's own genuine accounts say of the certificate."""

    n: int = Field(description="Own genuine accounts, none of them in the registry.")
    near: int = Field(description="Those of them that resemble a protected account.")
    errors: int = Field(description="How many score above the certificate's threshold.")
    cleared: int = Field(description="How many the policy would have cleared.")
    bound: Probability = Field(
        description="With confidence 1 - delta at most this share of accounts like these scores above it."
    )
    near_bound: Probability = Field(description="The same of those that resemble a protected account.")
    threshold: Probability | None = Field(
        description="What they ask for at the certificate's alpha and delta; null where they are too few."
    )
    at: AwareDatetime = Field(description="When it was certified.")
    registry_version: str = Field(description="The registry that they were held against.")


class CertificateOut(Wire):
    """The measured bound on wrongful clearance."""

    alpha: Probability = Field(description="The largest share of genuine accounts that may score above the threshold.")
    delta: Probability = Field(description="The probability that the share is larger after all.")
    n: int = Field(description="Genuine accounts the threshold was certified on.")
    errors: int = Field(description="How many of them score above it.")
    threshold: Probability = Field(
        description="Only a strictly greater clearing_probability can be cleared, and none that is not above "
        "own.threshold too: the stricter holds."
    )
    population: str = Field(description="What the accounts were drawn from; the bound says nothing about others.")
    own: OwnCertificateOut | None = Field(
        None, description="What the operator's own accounts say of it; null where none were certified for this model."
    )

    @property
    def in_force(self) -> float:
        """The threshold that counts: the stricter of the two."""
        asked = None if self.own is None else self.own.threshold
        return self.threshold if asked is None else max(self.threshold, asked)


class ClearanceOut(Wire):
    """A permission for one action on one account, to be redeemed once and soon."""

    clearance_id: UUID
    token: str = Field(description="A JWT signed with EdDSA; /.well-known/jwks.json has the keys.")
    expires_at: AwareDatetime


class EntryOut(Wire):
    """An entry of the log. Keep it: it proves later that the log was not written anew."""

    seq: int = Field(description="Its number.")
    hash: str = Field(description="SHA-256 of its canonical JSON, which holds the hash of the entry before.")


class RequirementOut(Wire):
    """What the platform's rule for parody and fan accounts asks, and whether the account meets it."""

    code: Literal["label_position", "picture_same", "platform_label"]
    met: bool | None = Field(description="Null where the profile does not tell.")
    text: str = Field(description="A sentence, for people.")


class OfferOut(Wire):
    """A change that the account could be asked for instead of what suspends it."""

    demands: list[DemandKind] = Field(min_length=1)
    why: str = Field(description="A sentence, for people.")


class CheckResponse(Wire):
    """The full answer to one check."""

    check_id: UUID
    checked_at: AwareDatetime
    verdict: VerdictName
    reasons: list[ReasonOut] = Field(min_length=1, description="The weightiest first.")
    required_approvals: int = Field(description="Approvals by other people that the action needs before it is cleared.")
    relation: Relation = Field(description="What the reported account is to the target.")
    target: TargetOut | None = Field(description="The protected account it imitates, belongs to, or is.")
    impersonation_probability: Probability
    clearing_probability: Probability | None = Field(
        None,
        description="The same with the strongest kind of evidence taken away: what the threshold is compared with. "
        "Null in answers of before policy 4, which compared impersonation_probability.",
    )
    strongest_kind: str | None = Field(
        None, description="The kind of evidence that was taken away for it; null where none speaks for impersonation."
    )
    relation_probabilities: dict[str, Probability] = Field(description="Adding up to 1; empty without a target.")
    inauthentic_probability: Probability | None = Field(
        description="Of the account alone, whoever it may imitate: that it is bought, spam or automated, supposing as "
        "many such accounts as genuine ones. It never clears anything."
    )
    inauthentic: bool | None = Field(
        description="Whether that is above its certified threshold. True is no proof by itself, least of all for an "
        f"account with fewer than {AUDIENCE} followers: new and hardly used genuine accounts look the same."
    )
    inauthentic_reason: str | None = Field(description="Why inauthentic is null; null where it is not.")
    evidence: list[EvidenceOut] = Field(description="The weightiest first.")
    certificate: CertificateOut | None = Field(description="Null: nothing of this tier can be cleared.")
    clearance: ClearanceOut | None = Field(None, description="The permission; null unless the verdict is cleared.")
    entry: EntryOut | None = Field(None, description="Where the log vouches for it; null where nothing is recorded.")
    requirements: list[RequirementOut] = Field(
        default=[], description="What the platform asks of parody and fan accounts. It never changes the verdict."
    )
    offer: OfferOut | None = Field(
        None, description="The milder measure that fits; null where none does. It never changes the verdict."
    )
    platform_rules_version: str | None = Field(
        None, description="Of the rule files that requirements and offer rest on; null in older answers."
    )
    reporter: ReporterOut | None = Field(None, description="The reporter's own account, where the notice has it.")
    due: DueOut | None = Field(None, description="By when it should be answered. Overdue never clears anything.")
    notes: list[str] = Field(description="What was changed in the account's values when it was read.")
    account_digest: str = Field(description="SHA-256 of the account as read: the name of its snapshot.")
    model_id: str
    policy_version: str
    registry_version: str

    @property
    def compared(self) -> float:
        """The probability that the threshold is compared with."""
        return self.impersonation_probability if self.clearing_probability is None else self.clearing_probability
