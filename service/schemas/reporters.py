"""Wire models of reporters: how many of somebody's notices led to what."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from service.schemas.values import Probability, Wire


class ReporterCounts(Wire):
    """What became of the checks that somebody's notices were for. Each is counted once, as it stands now."""

    platform: str
    since: AwareDatetime = Field(description="Checks from this time on are counted,")
    until: AwareDatetime = Field(description="and before this one.")
    notices: int = Field(description="All that are counted: the sum of the next four.")
    open: int = Field(description="Nobody has decided yet, or what was cleared was not acted on.")
    acted_on: int = Field(description="The action was taken, and no appeal overturned it.")
    not_acted_on: int = Field(
        description="Closed without an action, and nobody said that the notice was wrong: refused for another reason, "
        "too old to be reviewed, or declined and a complaint of the reporter was right."
    )
    unfounded: int = Field(
        description="The account is a protected one or a declared one of its owner, a reviewer declined, or an appeal "
        "overturned the action. Whether it was manifestly unfounded is for people to judge."
    )
    share_unfounded: Probability | None = Field(
        description="Of all notices that are counted; null where there is none."
    )
    cut: bool = Field(description="Whether there are more in this time: only the newest are counted.")
    next_step: str = Field(description="What to do with it, as a sentence.")
