"""Population: invented people and organisations. The default model is trained over them; the sample files hold some.

Whom a platform protects: the few whom millions follow, many whom some follow, politicians, firms, public bodies,
services of which only a handle is known, and ordinary people who were copied once. Names are as common as names are
(``people``, ``organisations``), so that some have many namesakes and others none. Shares are this project's
assumption; how handles go with names was counted over a registry of 27,784 public handles (4,552 with a name): equal in
24 %, the name with more in 21 %, a word of it in 44 %, nothing in 6 % of politicians and press; more elsewhere.

Everything is drawn from ``numpy``'s PCG64 with a seed and the number of the account, so account 17 of seed 3 is the
same however many are drawn. Nobody described here exists; see ``data/README.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.simulation import vocabulary as say
from classifier.simulation.organisations import (
    Organisation,
    firm_handle,
    invent_firm,
    invent_institution,
    invent_place,
)
from classifier.simulation.people import LONGEST, RARE, draw_person, latin, own_handle
from classifier.simulation.sampling import a_word, chance, draw, pick, stranger
from classifier.text.normalization import handle_key

SAMPLE_SEED = 20171102
SAMPLE_SIZE = 300
# How many protected people go by a handle that has nothing to do with their name.
_NICKNAMES = 0.25
_FIRST_DAY, _LAST_DAY = datetime(2007, 1, 1, tzinfo=UTC), datetime(2024, 12, 31, tzinfo=UTC)
_JOINED_BY = datetime(2020, 1, 1, tzinfo=UTC)
# A larger audience than this is of the higher tier.
HIGH_AUDIENCE = 500_000


@dataclass(frozen=True, slots=True)
class Persona:
    """An invented person or organisation, before it is given an account."""

    name: str
    latin: tuple[str, ...]
    role: str
    company: str | None = None


@dataclass(frozen=True, slots=True)
class _Subject:
    """Somebody to protect: who he is, and what his account may hold.

    ``audience`` is mean and spread of the logarithm of his followers, ``bare`` how often only a handle is known.
    """

    persona: Persona
    handle: str
    audience: tuple[float, float]
    roles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    bare: float = 0.25
    most: float = 3e8
    least: float = 0.0


def invent_person(rng: np.random.Generator, *, rare: float = RARE) -> Persona:
    """Draw a person with a role; the name as common as names are, with the share ``rare`` one of a kind."""
    person = draw_person(rng, rare=rare)
    role, company = _role(rng)
    return Persona(person.name, (person.given, person.family), role, company)


def invent_organisation(rng: np.random.Generator) -> Persona:
    """Draw an organisation."""
    return _organisation(invent_firm(rng))


def _organisation(firm: Organisation) -> Persona:
    return Persona(firm.name, tuple(firm.name.split()), "", firm.name)


def _role(rng: np.random.Generator) -> tuple[str, str | None]:
    draw_ = rng.random()
    if draw_ < 0.45:
        company = invent_firm(rng).name
        kind = pick(rng, tuple(say.ORGANISATIONS))
        return f"{pick(rng, say.ORGANISATIONS[kind][1].split('|'))} of {company}", company
    return (_office(rng), None) if draw_ < 0.8 else (pick(rng, say.CALLINGS), None)


def _office(rng: np.random.Generator) -> str:
    return pick(rng, say.OFFICES).format(city=invent_place(rng), country=invent_place(rng))


def invent_bio(rng: np.random.Generator, role: str | None) -> str:
    """Draw a bio; ``None`` for ``role`` draws an ordinary person's."""
    first, second, third = (pick(rng, say.INTERESTS) for _ in range(3))
    template = pick(rng, say.ORDINARY_BIOS if role is None else say.BIOS)
    tags = [f"#{word.title().replace(' ', '')}" for word in (first, second)]
    role_text = (role or "")[:1].upper() + (role or "")[1:]
    return template.format(
        role=role_text,
        interest=first,
        interest2=second,
        interest3=third,
        city=invent_place(rng),
        tag=tags[0],
        tag2=tags[1],
    )


def invent_handle(rng: np.random.Generator, persona: Persona) -> str:
    """Draw a handle as genuine accounts have them: from the Latin name, the role or the words of an organisation."""
    first, last = latin(persona.latin[0]) or "user", latin("".join(persona.latin[1:]))
    if not persona.role:
        joined = first + last
        return pick(
            rng, (joined, joined, joined.lower(), f"{first}_{last}".strip("_"), f"{first}HQ", f"the{first}", first)
        )[:LONGEST]
    title = say.HANDLE_PREFIXES.get(persona.role.split()[0])
    if title and chance(rng, 0.5):
        return (title + pick(rng, (last, first + last)))[:LONGEST]
    styles = (
        f"{first}{last}",
        f"{first}_{last}",
        f"{first}{last}".lower(),
        f"{first[0]}{last}",
        f"{last}{first[0]}",
        f"{first}{last[:1]}",
        f"{last}{first}",
        f"{first}_{last}".lower(),
        last if len(last) > 5 else first + last,
        f"{pick(rng, say.COMMON_WORDS)}{first}",
        f"real{first}{last}",
        f"{first}{last}{rng.integers(10, 99)}",
    )
    fitting = [style for style in styles + styles[:3] * 3 if len(style) <= LONGEST]
    return pick(rng, fitting) if fitting else f"{first[0]}{last}"[:LONGEST]


# --- whom there is to protect ----------------------------------------------------------------------------------------


def _known_person(rng: np.random.Generator) -> _Subject:
    """People whom some follow: managers, journalists, artists, athletes; of common names."""
    persona = invent_person(rng, rare=0.35)
    roles = (persona.role,) if " " in persona.role else ()
    return _Subject(persona, _handle(rng, persona), (10.5, 1.8), roles, _aliases(rng, persona), most=5e6)


def _famous_person(rng: np.random.Generator) -> _Subject:
    """The few whom millions follow: most of a name like no other, several roles, names people call them by."""
    persona = invent_person(rng, rare=0.75)
    given, family = persona.latin
    roles = [persona.role, *(_role(rng)[0] for _ in range(int(rng.integers(0, 4))))]
    spoken = [role for role in roles if " " in role]
    called = tuple(name for name in (family, f"{given[:1]}. {family}", _nickname(rng, persona)) if chance(rng, 0.5))
    return _Subject(
        persona, _handle(rng, persona), (16.0, 1.3), tuple(dict.fromkeys(spoken)), called, bare=0.1, least=1e6
    )


def _politician(rng: np.random.Generator) -> _Subject:
    """Politicians: an office, a handle that often says so, audiences of all sizes."""
    persona = invent_person(rng, rare=0.3)
    persona = Persona(persona.name, persona.latin, _office(rng))
    return _Subject(persona, _handle(rng, persona), (9.5, 1.8), (persona.role,), _aliases(rng, persona))


def _private_person(rng: np.random.Generator) -> _Subject:
    """Ordinary people of a small audience who were copied once, and so are protected."""
    person = draw_person(rng)
    persona = Persona(person.name, (person.given, person.family), pick(rng, say.CALLINGS))
    return _Subject(persona, own_handle(rng, person.given, person.family), (5.5, 1.5), most=2e4)


def _firm(rng: np.random.Generator) -> _Subject:
    """Banks, airlines, shops, exchanges, clubs, newsrooms: of common words, letters, places; some in a country only."""
    firm = invent_firm(rng)
    handle = stranger(rng).handle if chance(rng, 0.06) else firm_handle(rng, firm)
    short = (firm.core,) if firm.core != firm.name and chance(rng, 0.6) else ()
    aliases = (*short, *((firm.acronym,) if firm.acronym else ()))
    roles = (firm.kind,) if chance(rng, 0.35) else ()
    return _Subject(_organisation(firm), handle, (10.8, 1.9), roles, aliases)


def _institution(rng: np.random.Generator) -> _Subject:
    """Public bodies, which have siblings of nearly the same name everywhere."""
    body = invent_institution(rng)
    aliases = (body.acronym,) if body.acronym and chance(rng, 0.6) else ()
    return _Subject(_organisation(body), firm_handle(rng, body), (9.5, 1.7), (body.kind,) * chance(rng, 0.2), aliases)


def _service(rng: np.random.Generator) -> _Subject:
    """Exchanges, bots and services of which the handle is all: a word in small letters, or two glued."""
    made = (pick(rng, say.STEMS) + pick(rng, say.TAILS)).lower()
    word, other = a_word(rng), pick(rng, (*say.TAILS, *say.COMMON_WORDS))
    handle = pick(rng, (made, made, f"{word}{other}", f"{word}-{other}".replace("-", "_"), word + a_word(rng), word))
    return _Subject(Persona(handle, (handle,), ""), handle[:15], (8.0, 2.0), bare=0.85)


_SUBJECTS: dict[Callable[[np.random.Generator], _Subject], float] = {
    _known_person: 0.24, _famous_person: 0.1, _politician: 0.15, _private_person: 0.12, _firm: 0.2, _institution: 0.08,
    _service: 0.11,
}  # fmt: skip


def invent_protected(seed: int, number: int) -> ProtectedAccount:
    """Invent protected account ``number`` of ``seed``.

    How much is known of it varies as in real registries: a third are a handle, perhaps with a name; the rest hold
    some of role, bio, audience and dates.
    """
    rng = np.random.default_rng([seed, number])
    subject = draw(rng, _SUBJECTS)(rng)
    persona = subject.persona
    if chance(rng, subject.bare):
        name = persona.name if chance(rng, 0.45) else None
        return ProtectedAccount(platform="x", handle=subject.handle, display_name=name)
    followers = _audience(rng, subject) if chance(rng, 0.9) else None
    domain = f"https://www.{latin(''.join(persona.latin)).lower() or 'home'}.example"
    return ProtectedAccount(
        platform="x",
        handle=subject.handle,
        account_id=str(int(rng.integers(10**8, 10**15))),
        display_name=persona.name,
        bio=_bio(rng, subject) if chance(rng, 0.75) else None,
        aliases=subject.aliases,
        roles=subject.roles if chance(rng, 0.85) else (),
        former_handles=(invent_handle(rng, persona)[:12] + "Old",) if chance(rng, 0.1) else (),
        links=(domain,) if chance(rng, 0.7) else (),
        followers=followers,
        created_at=random_day(rng, _FIRST_DAY, _JOINED_BY) if chance(rng, 0.9) else None,
        verified=chance(rng, 0.6) if chance(rng, 0.85) else None,
        avatar_pdq=rng.bytes(32).hex() if chance(rng, 0.6) else None,
        tier="high" if (followers or 0) > HIGH_AUDIENCE else "standard",
    )


def _bio(rng: np.random.Generator, subject: _Subject) -> str:
    """Draw what somebody says of himself: an organisation what it is, people of several roles some or all of them."""
    persona = subject.persona
    if not persona.role:
        filled = pick(rng, say.BODY_BIOS).replace("{name}", persona.name).replace("{handle}", subject.handle)
        return filled.replace("{place}", invent_place(rng))
    if len(subject.roles) > 1 and chance(rng, 0.6):
        return pick(rng, (". ", " | ", ", ", " & ")).join(subject.roles)
    return invent_bio(rng, persona.role)


def _audience(rng: np.random.Generator, subject: _Subject) -> int:
    drawn = min(subject.most, np.exp(rng.normal(*subject.audience)))
    return int(max(drawn, subject.least * rng.uniform(1.0, 2.0)))


def _handle(rng: np.random.Generator, persona: Persona) -> str:
    return stranger(rng).handle if chance(rng, _NICKNAMES) else invent_handle(rng, persona)


def _aliases(rng: np.random.Generator, persona: Persona) -> tuple[str, ...]:
    if chance(rng, 0.6):
        return ()
    return (f"{persona.latin[0][:1]}. {persona.latin[1]}",)


def _nickname(rng: np.random.Generator, persona: Persona) -> str:
    given, family = persona.latin
    return pick(
        rng, (f"{given[:1]}{family[:1]}".upper(), f"{given[:3]}", f"{family[:4]}y", f"King {given}", f"DJ {family}")
    )


def random_day(rng: np.random.Generator, first: datetime = _FIRST_DAY, last: datetime = _LAST_DAY) -> datetime:
    """Draw a second between two times."""
    return first + timedelta(seconds=int(rng.integers(int((last - first).total_seconds()))))


def invent_registry(size: int, seed: int) -> Registry:
    """Invent a registry of ``size`` protected accounts with distinct handles."""
    accounts: dict[str, ProtectedAccount] = {}
    number = 0
    while len(accounts) < size:
        account = invent_protected(seed, number)
        accounts.setdefault(handle_key(account.handle), account)
        number += 1
    return Registry(accounts.values())


def sample_registry() -> Registry:
    """Return the registry of ``data/registry.csv``, which ``registry.demonstration`` ships."""
    return invent_registry(SAMPLE_SIZE, SAMPLE_SEED)
