"""Population: invented people and organisations. The default model is trained over them; the sample files hold some.

Everything is drawn from ``numpy``'s PCG64 with a seed and the number of the account, so account 17 of seed 3 is the
same however many are drawn. Nobody described here exists; see ``data/README.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.simulation import vocabulary as say
from classifier.simulation.sampling import LOCALES, ascii_only, chance, pick, stranger
from classifier.text.normalization import handle_key

SAMPLE_SEED = 20171102
SAMPLE_SIZE = 300
# How many protected accounts go by a handle that has nothing to do with their name.
_NICKNAMES = 0.5
_FIRST_DAY, _LAST_DAY = datetime(2007, 1, 1, tzinfo=UTC), datetime(2024, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Persona:
    """An invented person or organisation, before it is given an account."""

    name: str
    latin: tuple[str, ...]
    role: str
    company: str | None = None


def invent_person(rng: np.random.Generator) -> Persona:
    """Draw a person with a role."""
    locale = pick(rng, LOCALES)
    given, stem, ending = pick(rng, locale.given), pick(rng, locale.stems), pick(rng, locale.endings)
    family = (stem[0] + ending[0], stem[1] + ending[1])
    order = (family[0], given[0]) if locale.family_first else (given[0], family[0])
    role, company = _role(rng)
    return Persona(locale.joiner.join(order), (given[1], family[1]), role, company)


def invent_organisation(rng: np.random.Generator) -> Persona:
    """Draw an organisation."""
    name, _ = _organisation(rng)
    return Persona(name, tuple(name.split()), "", name)


def _organisation(rng: np.random.Generator) -> tuple[str, str]:
    kind = pick(rng, tuple(say.ORGANISATIONS))
    stem = pick(rng, say.STEMS) + pick(rng, say.TAILS) if chance(rng, 0.7) else _place(rng)
    ending = "" if chance(rng, 0.2) else " " + pick(rng, say.ORGANISATIONS[kind][0].split("|"))
    return stem + ending, kind


def _place(rng: np.random.Generator) -> str:
    return pick(rng, say.PLACE_STEMS) + pick(rng, say.PLACE_ENDINGS)


def _role(rng: np.random.Generator) -> tuple[str, str | None]:
    draw = rng.random()
    if draw < 0.45:
        company, kind = _organisation(rng)
        return f"{pick(rng, say.ORGANISATIONS[kind][1].split('|'))} of {company}", company
    if draw < 0.8:
        return pick(rng, say.OFFICES).format(city=_place(rng), country=_place(rng)), None
    return pick(rng, say.CALLINGS), None


def invent_bio(rng: np.random.Generator, role: str | None) -> str:
    """Draw a bio; ``None`` for ``role`` draws an ordinary person's."""
    first, second, third = (pick(rng, say.INTERESTS) for _ in range(3))
    template = pick(rng, say.ORDINARY_BIOS if role is None else say.BIOS)
    tags = [f"#{word.title().replace(' ', '')}" for word in (first, second)]
    role_text = (role or "")[:1].upper() + (role or "")[1:]
    return template.format(
        role=role_text, interest=first, interest2=second, interest3=third, city=_place(rng), tag=tags[0], tag2=tags[1]
    )


def invent_handle(rng: np.random.Generator, persona: Persona) -> str:
    """Draw a handle as genuine accounts have them: from the Latin name, the role or the words of an organisation."""
    first, last = ascii_only(persona.latin[0]), ascii_only("".join(persona.latin[1:]))
    if not persona.role:
        joined = first + last
        return pick(
            rng, (joined, joined, joined.lower(), f"{first}_{last}".strip("_"), f"{first}HQ", f"the{first}", first)
        )[:20]
    title = say.HANDLE_PREFIXES.get(persona.role.split()[0])
    if title and chance(rng, 0.5):
        return title + pick(rng, (last, first + last))
    styles = (
        f"{first}{last}",
        f"{first}_{last}",
        f"{first}{last}".lower(),
        f"{first[0]}{last}",
        f"{last}{first[0]}",
        f"{first}{last[0]}",
        f"{last}{first}",
        f"{first}.{last}".replace(".", "_").lower(),
        last if len(last) > 5 else first + last,
        f"{pick(rng, say.COMMON_WORDS)}{first}",
        f"real{first}{last}",
        f"{first}{last}{rng.integers(10, 99)}",
    )
    return pick(rng, styles + styles[:3] * 3)[:20]


def invent_protected(seed: int, number: int) -> ProtectedAccount:
    """Invent protected account ``number`` of ``seed``.

    How much is known of it varies as in real registries: a third are a handle, perhaps with a name; the rest hold
    role, bio, audience and dates.
    """
    rng = np.random.default_rng([seed, number])
    persona = invent_person(rng) if chance(rng, 0.7) else invent_organisation(rng)
    handle = stranger(rng).handle if chance(rng, _NICKNAMES) else invent_handle(rng, persona)
    if chance(rng, 0.35):
        name = persona.name if chance(rng, 0.4) else None
        return ProtectedAccount(platform="x", handle=handle, display_name=name)
    followers = int(np.exp(rng.normal(11.0, 2.0)))
    domain = f"https://www.{ascii_only(''.join(persona.latin)).lower()}.example"
    return ProtectedAccount(
        platform="x",
        handle=handle,
        account_id=str(int(rng.integers(10**8, 10**15))),
        display_name=persona.name,
        bio=invent_bio(rng, persona.role or f"The home of {persona.name}") if chance(rng, 0.85) else None,
        aliases=_aliases(rng, persona),
        roles=(persona.role,) if " " in persona.role else (),
        former_handles=(invent_handle(rng, persona) + "Old",) if chance(rng, 0.1) else (),
        links=(domain,) if chance(rng, 0.7) else (),
        followers=followers,
        created_at=random_day(rng, _FIRST_DAY, datetime(2018, 1, 1, tzinfo=UTC)),
        verified=chance(rng, 0.6),
        avatar_pdq=rng.bytes(32).hex() if chance(rng, 0.7) else None,
        tier="high" if followers > 500_000 else "standard",
    )


def _aliases(rng: np.random.Generator, persona: Persona) -> tuple[str, ...]:
    if not persona.role or chance(rng, 0.6):
        return ()
    return (f"{persona.latin[0][0]}. {persona.latin[1]}",)


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
