"""Wire models of the registry."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from service.schemas.checks import EntryOut, ReasonOut
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


ChangeState = Literal["pending", "approved", "applied", "declined", "expired"]


class ChangedField(Wire):
    """A column of a protected account that a change would change."""

    field: str
    before: Any = Field(description="What is registered; null where nothing is.")
    after: Any = Field(description="What would be; null where nothing would.")


class ChangedAccount(Wire):
    """One account of an import, and what it would change of it."""

    does: Literal["add", "replace", "withdraw"]
    platform: str
    handle: str
    changes: list[ChangedField]


class RefusedRow(Wire):
    """A row of a file that cannot be used."""

    row: int
    message: str


class Imported(Wire):
    """What an import of a file would do."""

    added: int
    changed: int
    withdrawn: int
    unchanged: int = Field(description="Accounts of the file that are registered so already.")
    accounts: list[ChangedAccount] = Field(description="Each account it would change; empty in a list of changes.")
    refused: list[RefusedRow] = Field(description="Rows that are left out, the first of them.")
    refused_rows: int = Field(description="How many rows are left out.")


class ChangeAnswer(Wire):
    """What an admin answered."""

    admin: str
    answer: Literal["approve", "decline"]
    reason: str
    at: AwareDatetime


class RegistryChange(Wire):
    """A change of the registry that takes a second admin."""

    change_id: UUID
    state: ChangeState = Field(description="Nothing is changed before it is applied.")
    does: Literal["add", "replace", "withdraw", "import"]
    platform: str = Field(description="Empty for an import.")
    handle: str = Field(description="Of an import the file's name.")
    reasons: list[ReasonOut] = Field(description="Why it takes a second admin.")
    changes: list[ChangedField] = Field(description="What it would change.")
    asked_by: str
    asked_at: AwareDatetime
    expires_at: AwareDatetime = Field(description="Until when it can be answered.")
    answers: list[ChangeAnswer]
    applied: int | None = Field(description="The log's entry since which it is in force; null until then.")
    imported: Imported | None = Field(None, description="What an import of a file would do.")
    registry_version: str = Field(description="Of the registry that it was asked of.")
    entry: EntryOut | None = Field(None, description="The log's entry of asking for it.")


class RegistryChanges(Wire):
    """Changes that take, or took, a second admin: the newest first."""

    changes: list[RegistryChange]
