"""The key that stands for a person of the provider: like any other key, but that nobody ever sees its secret.

So whatever holds for keys holds for these people: sessions, approvals, clearances, quotas and ends of access.

1. After a sign-in the account has one key, with the roles that the provider named just now, or none. A role that is
   gone takes the key away, and with it sessions and approvals.
2. An account is one person for good, whatever it is called (``records.people``). Its name may be the name of an API
   key: that is the same person.
3. A name that another account of the provider has here is refused. So is a change of name to that of somebody known:
   both would make two people one, and let each act for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from service.auth.api_keys import ROLES, Caller, add_key, draw_key, same_person, take_out
from service.auth.oidc.claims import ProviderPerson
from service.records.tables import keys
from service.records.transaction import Transaction

_ENDED = "Your access here has ended. Ask your administrator."
_TAKEN = (
    "Another account has your name here. Ask your administrator to revoke its key, which 'doublecheck keys list' shows."
)
_RENAMED = (
    "Your name has changed to one that somebody else may have here. Ask your administrator to tie both names together."
)


def key_of(transaction: Transaction, person: ProviderPerson) -> Caller | str:
    """Return a person with the key that stands for them, made or kept; or why there is none, for that person."""
    rows = transaction.read(select(keys).where(keys.c.subject.is_not(None)).order_by(keys.c.seq))
    fault = person.fault or _fault(transaction, person, rows)
    mine = [row for row in rows if row.subject == person.subject and row.revoked is None]
    kept = None if fault else next((row for row in mine if _fits(row, person)), None)
    for row in mine:
        if row is not kept:
            take_out(transaction, row.id)
    if fault:
        return fault
    if kept is not None:
        return Caller(kept.id, kept.actor, person.roles)
    drawn, roles = draw_key(), [role for role in ROLES if role in person.roles]
    add_key(transaction, drawn, person.name, roles, subject=person.subject)
    return Caller(drawn.id, person.name, person.roles)


def _fits(row: Row[Any], person: ProviderPerson) -> bool:
    return same_person(row.actor, person.name) and frozenset(row.roles.split()) == person.roles


def _fault(transaction: Transaction, person: ProviderPerson, rows: Sequence[Row[Any]]) -> str:
    people = transaction.people
    ends = people.access_end(person.name)
    if ends is not None and ends <= transaction.now:
        return _ENDED
    others = (row for row in rows if row.subject != person.subject and row.revoked is None)
    if any(same_person(row.actor, person.name) for row in others):
        return _TAKEN
    before = [row.actor for row in rows if row.subject == person.subject]
    renamed = before and not any(people.same(name, person.name) for name in before)
    if renamed and any(ends <= transaction.now for name in before if (ends := people.access_end(name)) is not None):
        return _ENDED
    return _RENAMED if renamed and people.spellings(person.name) else ""
