"""Wire models of handles that nobody has registered yet."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, FiniteFloat

from service.schemas.values import Wire

HandleState = Literal["free", "resembles", "protected"]


class HandleOut(Wire):
    """Whether a handle may be given to somebody."""

    platform: str
    handle: str = Field(description="As it was read.")
    state: HandleState = Field(
        description="protected: it is a protected account's. resembles: somebody could take it for one's. "
        "free: neither. It says nothing of any account, and nothing follows from it."
    )
    protected_handle: str | None = Field(None, description="The protected account's; null where it is free.")
    protected_name: str | None = Field(None, description="Its display name, where it has one.")
    score: FiniteFloat | None = Field(
        None,
        description="Where it resembles one: how much more the two handles share than by chance, in bits. Below "
        "the bound only where they look the same, or the protected account had the handle before.",
    )
    registry_version: str
