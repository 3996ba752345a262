"""Scoring: one reported account in, one assessment out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from classifier.accounts import Account, ProtectedAccount
from classifier.evidence import Evidence
from classifier.thresholds import Certificate

Relation = Literal["is_protected", "same_owner", "impersonation", "parody_or_fan", "unrelated", "no_target"]
RELATIONS: tuple[Relation, ...] = (
    "is_protected", "same_owner", "impersonation", "parody_or_fan", "unrelated", "no_target",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the model says of one reported account.

    Attributes
    ----------
    relation : one of ``RELATIONS``
        Towards ``target``; ``no_target`` when no protected account resembles the reported one.
    target : ProtectedAccount or None
        The one protected account it most likely imitates, belongs to, or is.
    impersonation_probability : float
        Calibrated probability that it imitates ``target``, in [0, 1]; 0 where there is no target or it is the target.
    relation_probabilities : mapping of str to float
        Over impersonation, same_owner, parody_or_fan and unrelated, adding up to 1; empty without a pair.
    evidence : tuple of Evidence
        What speaks for and against impersonation, the weightiest first; contributions are in log-odds.
    certificate : Certificate or None
        The bound for the target's tier; ``None``: nothing in the tier may be cleared.
    declared_secondary : bool
        Whether the owner of ``target`` declared this account as their own.
    """

    account: Account
    relation: Relation
    target: ProtectedAccount | None = None
    impersonation_probability: float = 0.0
    relation_probabilities: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    certificate: Certificate | None = None
    declared_secondary: bool = False
    inauthentic_probability: float | None = None
    inauthentic: bool | None = None
    model_id: str
    registry_version: str
