"""Assessment: what the model says of one reported account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from classifier.accounts.account import Account, ProtectedAccount

if TYPE_CHECKING:  # the policy, and all who only name these types, start without statistics and features
    from classifier.certification.neyman_pearson import Certificate
    from classifier.scoring.evidence import Evidence

Relation = Literal["is_protected", "same_owner", "impersonation", "parody_or_fan", "unrelated", "no_target"]


RELATIONS: tuple[Relation, ...] = (
    "is_protected", "same_owner", "impersonation", "parody_or_fan", "unrelated", "no_target",
)  # fmt: skip
# What people call the kinds of evidence of ``features.Kind``.
KIND_WORDS: Mapping[str, str] = {
    "handle": "the handle",
    "name": "the name",
    "bio": "the bio",
    "lures": "links and asks",
    "picture": "the picture",
    "standing": "audience, age and verification",
    "target": "what is known of the protected account",
}
# Those that are evidence against an account; what is known of the protected one is none against anybody.
EVIDENCE_KINDS = KIND_WORDS.keys() - {"target"}


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
        Calibrated probability that it imitates a protected account, in [0, 1]: the highest over all candidates, which
        is ``target``'s when the relation is impersonation; 0 where there is no candidate or it is protected itself.
    clearing_probability : float
        The clearing probability: the same with the strongest kind of evidence taken away, in [0,
        ``impersonation_probability``]. It is what certified thresholds are compared with, because no clearance rests on
        a single kind of evidence (R9).
    strongest_kind : str or None
        The kind that was taken away for it, one of ``features.KINDS``; ``None`` where none speaks for impersonation.
    kinds : mapping of str to float
        What each of ``features.KINDS`` adds to the log-odds of that candidate; a conjunction counts in each of its.
    relation_probabilities : mapping of str to float
        Towards ``target``: impersonation, same_owner, parody_or_fan, unrelated, adding up to 1; empty without a pair.
    evidence : tuple of Evidence
        What speaks for and against impersonation, the weightiest first; contributions are in log-odds.
    uncovered : tuple of str
        Circumstances in which the account lies beyond what the certificate was measured on: it does not speak of it.
    certificate : Certificate or None
        The bound for the target's tier; ``None``: nothing in the tier may be cleared.
    withdrawn : str or None
        Why that tier's certificate was withdrawn, where it was: ``certificate`` is ``None`` then.
    direction : {-1, 0, 1}
        Who looks like the original: 1 the target, -1 the reported account, 0 when nothing tells.
    likeliest, steadiest : ProtectedAccount or None
        The candidates whose probabilities ``impersonation_probability`` and ``clearing_probability`` are; with
        ``target`` and ``others`` all that the answer rests on.
    others : tuple of ProtectedAccount
        Candidates besides ``target`` that the account more likely than not imitates, belongs to or mocks.
    others_own_or_parody : float
        The highest probability, over ``others``, that it is that owner's own account or a parody of theirs.
    declared_secondary : bool
        Whether the owner of ``target`` declared this account as their own.
    registered_at : datetime or None
        When the last of ``target``, ``likeliest`` and ``steadiest`` was added to the registry or changed; ``None``
        where none was lately.
    unprotected_at : datetime or None
        When this very account was withdrawn from the registry; ``None`` where it was not lately.
    inauthentic_probability, inauthentic, inauthentic_reason
        What the account says by itself, whoever it may imitate, as in ``account_model.Authenticity``. The policy does
        not read them: they never clear anything.
    """

    account: Account
    relation: Relation
    target: ProtectedAccount | None = None
    impersonation_probability: float = 0.0
    clearing_probability: float = 0.0
    strongest_kind: str | None = None
    kinds: Mapping[str, float] = field(default_factory=dict)
    relation_probabilities: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    certificate: Certificate | None = None
    uncovered: tuple[str, ...] = ()
    withdrawn: str | None = None
    direction: int = 0
    likeliest: ProtectedAccount | None = None
    steadiest: ProtectedAccount | None = None
    others: tuple[ProtectedAccount, ...] = ()
    others_own_or_parody: float = 0.0
    declared_secondary: bool = False
    registered_at: datetime | None = None
    unprotected_at: datetime | None = None
    inauthentic_probability: float | None = None
    inauthentic: bool | None = None
    inauthentic_reason: str | None = None
    model_id: str
    registry_version: str
