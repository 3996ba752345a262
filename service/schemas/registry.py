"""Wire models of the registry."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from service.schemas.values import Wire


class ProtectedOut(Wire):
    """A protected account as it is registered."""

    protected: dict[str, Any] = Field(description="Its columns, those without a value left out.")
    registry_version: str


class ProtectedPage(Wire):
    """Protected accounts, by platform and handle."""

    protected: list[dict[str, Any]]
    total: int
    next: int | None = Field(description="Give it as 'after' for the next page; null on the last.")
    registry_version: str


class Withdrawn(Wire):
    """The account is protected no longer."""

    registry_version: str
