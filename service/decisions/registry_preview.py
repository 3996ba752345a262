"""What a change of the registry would do, before it is done, and why it takes two people. No database, no web.

A change takes a second admin where it

1. withdraws a protected account;
2. takes away identity or protection of one (``classifier.registry.changes.weakened``);
3. registers an account, or names of it, that resemble another registered one: the genuine account would be held to be
   the impersonator of its impersonator. The scorer itself tells (``classifier.scoring.resemblance``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from classifier.accounts.account import ProtectedAccount, canonical, protected_from
from classifier.accounts.identity import own_keys
from classifier.errors import RegistryError
from classifier.registry.changes import matters, weakened
from classifier.scoring.reason import Reason
from classifier.scoring.resemblance import newly_resembled
from classifier.scoring.scorer import Scorer
from service.errors import RegistryConflictError
from service.schemas.registry import ChangedField

# What is registered, and what would be; ``None`` where nothing is, or would be.
Pair = tuple[ProtectedAccount | None, ProtectedAccount | None]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do.

    Attributes
    ----------
    before, after : ProtectedAccount or None
        What is registered, and what would be; ``before`` is ``None`` for a new account, ``after`` for a withdrawal.
    reasons : tuple of Reason
        Why it takes a second admin; empty where one may do it.
    registry_version : str
        Of the registry that it would change.
    """

    before: ProtectedAccount | None
    after: ProtectedAccount | None
    reasons: tuple[Reason, ...]
    registry_version: str

    @property
    def account(self) -> ProtectedAccount:
        """The account that it is about."""
        account = self.after or self.before
        assert account is not None  # noqa: S101 - a change is about an account
        return account

    @property
    def put(self) -> list[ProtectedAccount]:
        """What is put into the registry."""
        return [self.after] if self.after else []

    @property
    def withdraw(self) -> list[tuple[str, str]]:
        """What is withdrawn from it: platform and handle."""
        return [(self.before.platform, self.before.handle)] if self.before and not self.after else []

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: platform and handle."""
        return self.account.platform, self.account.handle

    @property
    def is_done(self) -> bool:
        """Whether the registry is as it would be."""
        return self.before == self.after

    @property
    def pairs(self) -> list[Pair]:
        """Of each account that it is about, what is registered and what would be."""
        return [(self.before, self.after)]

    def text(self) -> str:
        """Return it as JSON: what the record of a change that waits holds."""
        return json.dumps(
            {
                "before": self.before and canonical(self.before),
                "after": self.after and canonical(self.after),
                "reasons": [{"code": reason.code, "text": reason.text} for reason in self.reasons],
                "registry": self.registry_version,
            },
            separators=(",", ":"),
        )

    @classmethod
    def of(cls, text: str) -> Preview:
        """Return what ``text`` made."""
        plain = json.loads(text)
        before, after = (protected_from(plain[side]) if plain[side] else None for side in ("before", "after"))
        reasons = tuple(Reason(reason["code"], reason["text"]) for reason in plain["reasons"])
        return cls(before, after, reasons, plain["registry"])

    def still_holds(self, now: Preview) -> bool:
        """Tell whether the change does the same now, for no further reason, as when it was looked at."""
        same = (self.before, self.after) == (now.before, now.after)
        return same and {reason.code for reason in now.reasons} <= {reason.code for reason in self.reasons}


def preview_withdrawal(scorer: Scorer, account: ProtectedAccount) -> Preview:
    """Return what it does to withdraw a registered account.

    Raises
    ------
    RegistryConflictError
        If nothing would be left.
    """
    try:
        scorer.registry.changed(withdraw=[(account.platform, account.handle)])
    except RegistryError as error:
        raise RegistryConflictError(error.message) from error
    reason = Reason("withdraws", f"@{account.handle} would be protected no longer.")
    return Preview(account, None, (reason,), scorer.registry.version)


def preview_put(scorer: Scorer, account: ProtectedAccount) -> Preview:
    """Return what it does to put an account into the registry.

    Raises
    ------
    RegistryConflictError
        If it cannot be put: it is two registered ones.
    """
    registry = scorer.registry
    places = {place for key in own_keys(account) for place in registry.places(key)}
    if len(places) > 1:
        raise RegistryConflictError(
            "its id is one protected account's and its handle another's: withdraw one of them first"
        )
    before = next((registry.segments[number].accounts[row] for number, row in places), None)
    return Preview(before, account, tuple(_reasons(scorer, before, account)), registry.version)


def _reasons(scorer: Scorer, before: ProtectedAccount | None, account: ProtectedAccount) -> Iterator[Reason]:
    fields = weakened(before, account) if before else ()
    if fields:
        named = ", ".join(fields).replace("_", " ")
        yield Reason("weakens", f"What is registered of @{account.handle} would identify or protect less: {named}.")
    if before is None or matters(before, account):
        for target in newly_resembled(scorer, before, account):
            yield Reason("resembles", f"It resembles another protected account, @{target.handle} ({target.platform}).")


def does(pair: Pair) -> str:
    """Return what a change does to an account."""
    before, after = pair
    return "withdraw" if after is None else "replace" if before else "add"


def changed_fields(pair: Pair) -> tuple[ChangedField, ...]:
    """Return the columns that a change changes, with what is registered and what would be."""
    before, after = (canonical(one) if one else {} for one in pair)
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    return tuple(ChangedField(field=name, before=before.get(name), after=after.get(name)) for name in names)
