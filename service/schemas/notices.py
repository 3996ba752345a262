"""Wire models of notices: who reports an account, with what authority, and why. Never scored."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from classifier.scoring.assessment import Relation
from classifier.scoring.circumstances import Circumstance
from service.schemas.accounts import AccountIn
from service.schemas.values import ActorName, Moment, Probability, Wire

Reporter = Literal[
    "person", "authorised", "guardian", "employer", "trusted_flagger", "authority", "stranger", "own_detection"
]
Proof = Literal["none", "id_document", "platform_verified", "domain", "authorisation", "court_order", "other"]


class NoticeOut(Wire):
    """A notice as it was recorded: without the reporter's account, which is somebody else's."""

    reporter: Reporter = Field(description="Who reports.")
    reporter_id: ActorName | None = Field(None, description="The platform's name of the reporter, to count notices.")
    proof: list[Proof] = Field(default_factory=list, max_length=7, description="What proof was seen.")
    owner_says: Literal["mine", "not_mine", "hijacked"] | None = Field(
        None, description="What the person who is resembled says of the reported account."
    )
    ground: Literal["terms", "law"] = "terms"
    harm: Literal["fraud", "minor", "election", "emergency", "none"] = "none"
    circumstances: list[Circumstance] = Field(default_factory=list, max_length=3)
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = Field(None, description="ISO 3166, two letters.")
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = Field(None, description="BCP 47, primary tag.")
    received_at: Moment | None = Field(None, description="When it was received; without it the time of the check.")


class NoticeIn(NoticeOut):
    """A notice: it may add caution and a due time, and is never scored."""

    account: AccountIn | None = Field(None, description="The reporter's own account, which is checked too.")


class ReporterOut(Wire):
    """What the reporter's own account looks like."""

    relation: Relation
    target_handle: str | None
    probability: Probability
    looks_like_imitator: bool = Field(description="Whether the reporter rather than the reported one may imitate.")


class DueOut(Wire):
    """By when the check should be answered. Overdue never clears anything."""

    due_at: AwareDatetime
    because: str
