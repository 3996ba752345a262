"""Wire model of what an overdue check falls to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from classifier.platform_rules.demands import DemandKind
from service.schemas.values import Wire


class FallOut(Wire):
    """The milder measure that somebody may ask for instead, in a fresh check. Nothing is done by itself."""

    action: Literal["require_change"] = "require_change"
    demands: list[DemandKind] = Field(min_length=1)
    text: str = Field(description="What to do, as a sentence.")
