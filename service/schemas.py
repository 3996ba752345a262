"""Wire models: what the HTTP interface takes and gives. They guard the edge; inside are the frozen dataclasses."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    FiniteFloat,
    PlainValidator,
    StrictBool,
    StrictInt,
    Tag,
)

from classifier.accounts import Tier
from classifier.authenticity import AUDIENCE
from classifier.policy import Action, VerdictName
from classifier.scoring import Relation

RawFormat = Literal["x-v1", "x-v2", "mastodon", "bluesky"]

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return value


def _rfc_3339(value: object) -> str:
    message = "must be a time in RFC 3339, such as 2026-01-31T12:00:00Z"
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError(message)
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueError(message) from None
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
Report = Annotated[str | dict[str, Any], PlainValidator(_report, json_schema_input_type=str | dict[str, Any])]
Count = Annotated[StrictInt, Field(ge=0)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountIn(_Wire):
    """A reported account in Doublecheck's own columns. What is missing counts as unknown, never as a mismatch."""

    handle: Text = Field(description='The public name in the address; a leading "@" is dropped.', examples=["jane_r0e"])
    platform: Text | None = Field(None, description="Without it nothing can be cleared.", examples=["x"])
    account_id: Text | None = Field(None, description="The platform's own identifier, as text.")
    display_name: Text | None = Field(None, examples=["Jane Roe"])
    bio: Text | None = None
    location: Text | None = None
    links: list[Text] = Field(default_factory=list, description="Links of the profile.")
    followers: Count | None = Field(None, description="Without it the impact is unknown and nothing can be cleared.")
    following: Count | None = None
    posts: Count | None = None
    listed: Count | None = Field(None, description="How many lists the account is on.")
    created_at: TimeText | None = Field(None, description="RFC 3339.")
    verified: StrictBool | None = None
    default_avatar: StrictBool | None = Field(None, description="Whether the picture is the platform's placeholder.")
    avatar_pdq: Text | None = Field(None, description="PDQ hash of the picture, 64 hexadecimal digits.")
    followed_by_target: StrictBool | None = Field(
        None, description="Whether the protected account it may imitate follows it."
    )
    observed_at: TimeText | None = Field(
        None, description="When the profile was read, RFC 3339; its age counts only with it."
    )


class ActorIn(_Wire):
    """Who wants to act."""

    actor_id: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["agent-17"])
    access_ends_at: Moment | None = Field(
        None, description="When the actor's access ends, RFC 3339, if an end is known."
    )


def _named(value: object) -> object:
    return {"actor_id": value} if isinstance(value, str) else value


class _CheckIn(_Wire):
    action: Action = Field(description="What the actor wants to do to the account.")
    actor: Annotated[ActorIn, BeforeValidator(_named, json_schema_input_type=ActorIn | str)] = Field(
        description="Who wants to act; the identifier alone will do."
    )
    report: Report | None = Field(None, description="What was reported, for people to read. It is never scored.")


class AccountCheckIn(_CheckIn):
    """A check of an account given in Doublecheck's own columns."""

    format: Literal["doublecheck"] = "doublecheck"
    account: AccountIn


class RawCheckIn(_CheckIn):
    """A check of a profile as another platform's interface returns it."""

    format: RawFormat = Field(description="The interface that returned the profile.")
    account: dict[str, Any] = Field(description="The profile, unchanged: the object of one user, account or actor.")


def _kind(value: object) -> str:
    given = value.get("format") if isinstance(value, dict) else getattr(value, "format", None)
    return "columns" if given is None or given == "doublecheck" else "raw"


# Chosen by ``format`` before anything is validated, so that errors name the fields of one of the two only.
CheckRequest = Annotated[
    Annotated[AccountCheckIn, Tag("columns")] | Annotated[RawCheckIn, Tag("raw")], Discriminator(_kind)
]


class ReasonOut(_Wire):
    """Why a verdict is what it is."""

    code: str = Field(description="Stable, for machines.")
    text: str = Field(description="A sentence, for people.")


class TargetOut(_Wire):
    """The public fields of a protected account."""

    platform: str
    account_id: str | None
    handle: str
    display_name: str | None
    followers: int | None
    created_at: datetime | None
    verified: bool | None
    tier: Tier


class EvidenceOut(_Wire):
    """One compared value of the pair."""

    feature: str
    explanation: str
    value: FiniteFloat | None = Field(description="What was measured; null where there was nothing to measure.")
    reported: str = Field(description="The reported account's side of the comparison.")
    protected: str = Field(description="The protected account's side of the comparison.")
    contribution: FiniteFloat = Field(description="Log-odds: above 0 speaks for impersonation, below 0 against it.")


class CertificateOut(_Wire):
    """The measured bound on wrongful clearance."""

    alpha: Probability = Field(description="The largest share of genuine accounts that may score above the threshold.")
    delta: Probability = Field(description="The probability that the share is larger after all.")
    n: int = Field(description="Genuine accounts the threshold was certified on.")
    errors: int = Field(description="How many of them score above it.")
    threshold: Probability = Field(description="Only a strictly greater probability can be cleared.")
    population: str = Field(description="What the accounts were drawn from; the bound says nothing about others.")


class CheckResponse(_Wire):
    """The full answer to one check."""

    check_id: UUID
    checked_at: AwareDatetime
    verdict: VerdictName
    reasons: list[ReasonOut] = Field(min_length=1, description="The weightiest first.")
    required_approvals: int = Field(description="Approvals by other people that the action needs before it is cleared.")
    relation: Relation = Field(description="What the reported account is to the target.")
    target: TargetOut | None = Field(description="The protected account it imitates, belongs to, or is.")
    impersonation_probability: Probability
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
    clearance: None = Field(None, description="No clearances are issued yet: a cleared verdict comes without a token.")
    notes: list[str] = Field(description="What was changed in the account's values when it was read.")
    account_digest: str = Field(description="SHA-256 of the account as read: the name of its snapshot.")
    model_id: str
    policy_version: str
    registry_version: str


class Alive(_Wire):
    """The process answers."""

    status: str = "alive"


class Ready(_Wire):
    """The model and the registry answer."""

    status: str = "ready"
    model_id: str
    registry_version: str
    protected_accounts: int = Field(description="How many accounts are protected.")
    demo: bool = Field(description="Whether they are invented, because no registry is configured.")
