"""Wire models of the registry."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from classifier.accounts.account import Tier, Verification
from service.schemas.values import Count, Id, Text, TimeText, Wire


class ProtectedIn(Wire):
    """A protected account, but for platform and handle, which are in the address."""

    account_id: Id | None = Field(None, description="The platform's own id. Without it nothing near it is cleared.")
    display_name: Text | None = None
    bio: Text | None = None
    aliases: list[Text] = Field(default_factory=list)
    roles: list[Text] = Field(default_factory=list, examples=[["CEO of Northwind"]])
    former_handles: list[Text] = Field(default_factory=list)
    links: list[Text] = Field(default_factory=list)
    secondary_ids: list[Id] = Field(default_factory=list, description="Ids of further accounts of the same owner.")
    secondary_handles: list[Text] = Field(default_factory=list, description="Handles of further accounts of theirs.")
    followers: Count | None = None
    created_at: TimeText | None = None
    verified: bool | None = Field(None, strict=True, description="Whether the platform vouches for who it is.")
    verification: Verification | None = Field(None, description="What its check rests on; it outranks verified.")
    avatar: Text | None = Field(None, description="The picture in base64, in place of its hash; it is not kept.")
    avatar_pdq: Text | None = None
    tier: Tier = "standard"


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
