"""A case: one account that a platform wants something done about, and how far that has come."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID, uuid5

# In the order in which a case goes through them, then ``raised``: what the platform did without a clearance, which
# stays visible until somebody settles it. The last five are ends; ``joined`` is a report that another case took along.
State = Literal["new", "answered", "waiting", "approved", "redeeming", "redeemed", "acted", "raised", "done", "refused",
                "stands", "failed", "joined"]  # fmt: skip
ENDS: frozenset[State] = frozenset({"done", "refused", "stands", "failed", "joined"})
# Reports that a check takes.
MOST_REPORTS = 50
_NAMES = UUID("5d0f2a0e-6f0f-4f57-9d5c-2a4c2a1a7f10")


@dataclass(slots=True)
class Case:
    """What a gate remembers of a case.

    Attributes
    ----------
    ref : str
        What the platform calls it; two with the same are one case.
    account : str
        The platform's id of the account.
    action : str
        What is to be done: suspend, deactivate or delete.
    actor : str or None
        The person who wants it done; ``None`` where nobody is known, or no person decided: a triage.
    reports : list of str
        What was reported, for reviewers to read.
    extra : dict
        What the platform's file needs to go on; plain JSON. The worker reads ``only_approved``: it
        is checked as a triage, which takes two people, because the account is only what another server claims.
    state : State
    round : int
        How often the account was checked anew, because it changed: from 0.
    check_id, verdict, clearance_id : str or None
    token : str or None
        The clearance, while it is to be redeemed.
    profile : dict or None
        The profile that is being redeemed with, and when it was read: ``{"format", "account", "at"}``.
    redeemed_at : float or None
        Seconds since 1970.
    attempted : bool
        Whether the platform may have taken the action, though nobody knows.
    told : list of str
        What the platform was told already, by name: each is told once.
    why : str
        Why it stands where it does, as a sentence, without personal data.
    """

    ref: str
    account: str
    action: str
    actor: str | None = None
    reports: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    state: State = "new"
    round: int = 0
    check_id: str | None = None
    verdict: str | None = None
    clearance_id: str | None = None
    token: str | None = None
    profile: dict[str, Any] | None = None
    redeemed_at: float | None = None
    attempted: bool = False
    told: list[str] = field(default_factory=list)
    why: str = ""

    def add(self, reports: Iterable[str]) -> None:
        """Add reports that are not known yet; of more than a check takes the latest are kept.

        Examples
        --------
        >>> case = Case("report-7", "17", "suspend", reports=["A fake."])
        >>> case.add(["A fake.", "It asks for money."])
        >>> case.reports
        ['A fake.', 'It asks for money.']
        """
        self.reports = list(dict.fromkeys([*self.reports, *reports]))[-MOST_REPORTS:]

    @property
    def is_over(self) -> bool:
        """Whether nothing follows any more."""
        return self.state in ENDS

    def key(self, purpose: str, *about: object) -> str:
        """Return an idempotency key: the same for the same purpose and content, so that what was lost is asked again.

        Examples
        --------
        >>> case = Case("report-7", "17", "suspend")
        >>> case.key("check", {"handle": "a"}) == case.key("check", {"handle": "a"})
        True
        >>> case.key("check", {"handle": "a"}) == case.key("check", {"handle": "b"})
        False
        """
        content = sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()
        return str(uuid5(_NAMES, f"{self.ref} {self.round} {purpose} {content}"))

    def to_json(self) -> str:
        """Return it as the book keeps it."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Case:
        """Return what ``to_json`` wrote; members that this version does not know are left out."""
        known = json.loads(text)
        return cls(**{name: value for name, value in known.items() if name in cls.__slots__})
