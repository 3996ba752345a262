"""A labelled case: an account, the protected account it is held against, and what it is to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from classifier.accounts.account import Account, ProtectedAccount

Label = Literal["impersonation", "same_owner", "parody_or_fan", "unrelated"]


LABELS: tuple[Label, ...] = ("impersonation", "same_owner", "parody_or_fan", "unrelated")


@dataclass(frozen=True, slots=True)
class Case:
    """An account, the protected account it is held against or was simulated around, and what it is to it."""

    account: Account
    protected: ProtectedAccount
    label: Label
    family: str


# The family of real labelled cases.
GIVEN = "given"
