"""Wire models of gates: the sign of life of a process in front of a platform's suspend button."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from service.schemas.values import Wire


class GateSignIn(Wire):
    """What a gate says of itself."""

    waiting: int = Field(0, ge=0, le=2**31 - 1, description="Cases that are under way at the gate.")


class GateSign(Wire):
    """The sign of life was noted. It allows nothing, and no verdict rests on it."""

    gate: str
    at: AwareDatetime = Field(description="When the service heard it, by the service's clock.")
    silent_after_minutes: float = Field(description="After so many minutes without a sign, pages say that it is down.")
