"""Callers: API keys, what they may do, and until when their actors have access. No FastAPI here.

A key is ``dck_<id>_<secret>``, shown once. Of the secret, 32 random bytes, only the SHA-256 is kept: there is nothing
to guess, so that a slow hash would only slow down every request.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Engine, Row, bindparam, select, update

from classifier.errors import InputError
from service.errors import ForbiddenError, UnauthenticatedError
from service.records.database import translated
from service.records.people import People, people_by
from service.records.tables import access_ends, actor_names, keys, stamp
from service.records.transaction import Transaction
from service.utils.person_key import fault_of, person_key

Role = Literal["agent", "reviewer", "admin", "auditor", "executor"]
ROLES: tuple[Role, ...] = get_args(Role)
# Seconds for which a key that was looked up is believed; whatever changes something looks again when it is committed.
BELIEVED = 1.0
_KEY = re.compile(r"dck_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_ACTOR = re.compile(r"[^\x00-\x1f\x7f*]{1,200}")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key came with a request.

    Attributes
    ----------
    names : frozenset of str
        The keys of all names that the person has (``records.people``).
    """

    key_id: str
    actor: str
    roles: frozenset[str]
    access_ends_at: datetime | None = None
    names: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, row: Row[Any], people: People) -> Caller:
        """Return the caller of a key: of its row, or of one that holds ``id``, ``actor`` and ``roles``."""
        roles, ends = frozenset(row.roles.split()), people.access_end(row.actor)
        return cls(row.id, row.actor, roles, ends, people.names(row.actor))

    def is_called(self, name: str) -> bool:
        """Tell whether a name, in any spelling, is one of this person's."""
        return person_key(name) in self.names or same_person(name, self.actor)

    def require(self, *allowed: Role) -> None:
        """Refuse a caller that has none of these roles.

        Raises
        ------
        ForbiddenError
        """
        if not self.roles & set(allowed):
            raise ForbiddenError(f"this needs a key with the role {' or '.join(allowed)}")

    def require_access(self, now: datetime) -> None:
        """Refuse a caller whose access has ended.

        Raises
        ------
        ForbiddenError
        """
        if self.access_ends_at and self.access_ends_at <= now:
            raise ForbiddenError("this actor's access has ended")


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are spellings of one; what ties other names together, ``records.people`` knows.

    Examples
    --------
    >>> same_person("Jane", " jane"), same_person("jane", "jane2")
    (True, False)
    """
    return person_key(one) == person_key(other)


# --- what the command line does --------------------------------------------------------------------------------------


class Drawn(NamedTuple):
    """A key that was drawn: its id, the digest of its secret, which is all that is kept, and the key if it is known."""

    id: str
    digest: str
    key: str = ""


def draw_key() -> Drawn:
    """Return a key that nobody has seen yet, and that is in force nowhere."""
    name, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    return Drawn(name, _digest(secret), f"dck_{name}_{secret}")


def create_key(transaction: Transaction, actor: str, roles: Iterable[Role], *, person: str | None = None) -> str:
    """Make a key and return it: the only time that it is seen.

    Parameters
    ----------
    person : str, optional
        An id of the person: the names of all keys that have it are one person's.

    Raises
    ------
    InputError
        If the actor's name, the person's id or the roles cannot be used, or the actor has another id already.
    """
    named = check_new_key(transaction, actor, roles, person)
    drawn = draw_key()
    add_key(transaction, drawn, actor, named, person=person)
    return drawn.key


def check_new_key(transaction: Transaction, actor: str, roles: Iterable[str], person: str | None) -> list[Role]:
    """Return the roles of a key that is to be made, in order.

    Raises
    ------
    InputError
        As ``create_key``.
    """
    named = [role for role in ROLES if role in set(roles)]
    if not named:
        raise InputError(f"must be one or more of {', '.join(ROLES)}", field="role")
    check_name(actor, "actor")
    if person is not None:
        check_name(person, "person")
        _check_tie(transaction, actor, person)
    return named


def add_key(
    transaction: Transaction,
    drawn: Drawn,
    actor: str,
    roles: Sequence[Role],
    *,
    person: str | None = None,
    subject: str | None = None,
    **by: str,
) -> None:
    """Put a key that was drawn and checked into force.

    Parameters
    ----------
    subject : str, optional
        The account at the provider of the sign-in that it stands for (``auth.oidc``).
    by : str
        Who decided that, for the log.
    """
    row: dict[str, Any] = {"id": drawn.id, "digest": drawn.digest, "actor": actor, "roles": " ".join(roles)}
    row |= {"created_at": transaction.stamp, "person": person, "subject": subject}
    ties = {name: value for name, value in (("person", person), ("account", subject)) if value is not None}
    transaction.record(keys, "key_created", drawn.id, row, actor=actor, roles=list(roles), **ties, **by)


def check_name(name: str, field_: str) -> None:
    """Refuse a name that no key can be made for.

    Raises
    ------
    InputError
    """
    if not _ACTOR.fullmatch(name):
        raise InputError('must have 1 to 200 characters, none of them a control character or "*"', field=field_)
    if fault := fault_of(name):
        raise InputError(fault, field=field_)


def _check_tie(transaction: Transaction, actor: str, person: str) -> None:
    """Refuse to tie two persons together by mistake: what is tied stays so."""
    for row in transaction.read(select(keys.c.actor, keys.c.person).where(keys.c.person.is_not(None))):
        if same_person(row.actor, actor) and not same_person(row.person, person):
            raise InputError(f"must be '{row.person}', which keys of '{row.actor}' have already", field="person")


def revoke_key(transaction: Transaction, key_id: str, **by: str) -> None:
    """Take a key out of force, for good; ``by`` says to the log who did it.

    Raises
    ------
    InputError
        If there is no such key in force.
    """
    if not transaction.read(select(keys.c.id).where(keys.c.id == key_id, keys.c.revoked.is_(None))):
        raise InputError("is no key in force; 'doublecheck keys list' shows them", field="key_id")
    take_out(transaction, key_id, **by)


def take_out(transaction: Transaction, key_id: str, **by: str) -> None:
    """Take a key out of force that is in force."""
    entry = transaction.log("key_revoked", key_id, **by)
    transaction.change(_REVOKE, which=key_id, entry=entry.seq)


_REVOKE = update(keys).where(keys.c.id == bindparam("which")).values(revoked=bindparam("entry"))


def end_access(transaction: Transaction, actor: str, ends_at: datetime | None, **by: str) -> None:
    """Register when an actor's access ends, under whatever name; ``None``: no end is known. ``by``: who did it.

    It is registered for each name of the person that has an end, so that the earlier one of another name does not stay.
    """
    people, mine = transaction.people, person_key(actor)
    others = sorted(name for name in people.names(actor) if name != mine and people.ends.get(name))
    for name in (actor, *(min(people.written[other]) for other in others)):
        row = {"actor": name, "access_ends_at": None if ends_at is None else stamp(ends_at)}
        transaction.record(access_ends, "access_end_set", "actor", row, **row, **by)


def require_known(transaction: Transaction, actor: str) -> None:
    """Refuse a name that nobody has: an end of access that is registered for it would hold for nobody.

    Raises
    ------
    InputError
        If no key is of such an actor, and no check was ever asked for in that name.
    """
    names = transaction.people.names(actor)
    if transaction.people.spellings(actor):
        return
    if not transaction.read(select(actor_names.c.name).where(actor_names.c.key.in_(names)).limit(1)):
        raise InputError(
            f"'{actor}' has no key and was never named in a check: 'doublecheck keys list' shows the names; "
            "with --new the end is registered for somebody who has yet to come",
            field="actor",
        )


class Listed(NamedTuple):
    """A key's row, and when its actor's access ends."""

    key: Row[Any]
    access_ends_at: datetime | None


def list_keys(engine: Engine) -> list[Listed]:
    """Return all keys with their actors' ends of access, the oldest first."""
    with translated(), engine.connect() as connection:
        people = people_by(connection)
        rows = connection.execute(select(keys).order_by(keys.c.seq)).all()
    return [Listed(row, people.access_end(row.actor)) for row in rows]


# --- what every request does -----------------------------------------------------------------------------------------


class Callers:
    """Finds the caller of a request. What was found is believed for ``BELIEVED`` seconds."""

    def __init__(self, engine: Engine, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[str, tuple[float, Caller]] = {}

    async def of(self, key: str) -> Caller:
        """Return the caller whose key this is; what was found just now needs no look at the database.

        Raises
        ------
        UnauthenticatedError, RecordsError
            As ``find``.
        """
        at, caller = self._known.get(key, (0.0, None))
        if caller and self._clock() - at < BELIEVED:
            return caller
        return await asyncio.to_thread(self.find, key)

    def find(self, key: str) -> Caller:
        """Return the caller whose key this is.

        Raises
        ------
        UnauthenticatedError
            If it is nobody's, or not in force any more.
        RecordsError
            If the database cannot be asked.
        """
        parts = _KEY.fullmatch(key)
        found = self._find(parts[1]) if parts else None
        if parts is None or found is None or not hmac.compare_digest(found[0].digest, _digest(parts[2])):
            raise UnauthenticatedError(
                "this API key is not valid: ask your administrator for a new one ('doublecheck keys create' makes it)"
            )
        caller = Caller.of(*found)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[key] = self._clock(), caller
        return caller

    def _find(self, key_id: str) -> tuple[Row[Any], People] | None:
        with translated(), self._engine.connect() as connection:
            row = connection.execute(select(keys).where(keys.c.id == key_id, keys.c.revoked.is_(None))).one_or_none()
            return None if row is None else (row, people_by(connection))


def key_id_of(key: str) -> str | None:
    """Return the id of what is written like a key, whether or not there is one; ``None`` for anything else."""
    parts = _KEY.fullmatch(key)
    return parts[1] if parts else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
