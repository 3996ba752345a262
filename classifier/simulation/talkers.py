"""Talkers: ordinary people who name the protected account in name or bio because it is what they talk about.

All: ``unrelated``. They speak in their own name, or beside it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import lives
from classifier.simulation.genuine_account import account, own_page, parts, speaks
from classifier.simulation.genuine_standing import PEOPLE, WRITERS, Standing
from classifier.simulation.organisations import acronym
from classifier.simulation.people import cased, draw_person, latin, number, own_handle
from classifier.simulation.profiles import copied_picture, shown_name
from classifier.simulation.sampling import chance, pick


def mention(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Ordinary people who write about, support, quote or cannot stand the protected account."""
    return _talker(rng, protected, lives.MENTIONS, PEOPLE)


def journalist(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Journalists, biographers, fact checkers and analysts who cover the protected account."""
    return _talker(rng, protected, lives.JOURNALISTS, WRITERS)


def investor(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Holders of the share or the coin, customers, admirers of the company: $TICKER in name or bio."""
    ticker = (acronym(shown_name(protected)) or latin(shown_name(protected))[:4] or "COIN").upper()
    made = _talker(rng, protected, tuple(text.replace("{ticker}", ticker) for text in lives.INVESTORS), PEOPLE)
    return replace(made, display_name=f"{made.display_name} ${ticker}") if chance(rng, 0.15) else made


def colleague(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """People who work with or for the protected account, held its role before, or hold another there."""
    company = next((role.partition(" of ")[2] for role in protected.roles if " of " in role), shown_name(protected))
    says = tuple(text.replace("{company}", company.replace("{", "{{").replace("}", "}}")) for text in lives.EMPLOYEES)
    made = _talker(rng, protected, says, PEOPLE, known=1.0)
    if chance(rng, 0.15):  # the firm behind one's own handle: anna_northwind
        first, firm = latin((made.display_name or "team").split()[0]) or "team", latin(company)[:9]
        made = replace(made, handle=cased(rng, f"{first}_{firm}" if firm else f"{first}{number(rng)}"))
    return made


def supporter(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Supporters and opponents who carry the name in their own: "Anna for NAME", "NAME must go"."""
    person, (first, last) = draw_person(rng), parts(protected)
    called = pick(rng, (last or first, first, f"{first} {last}".strip()))
    slogan = pick(rng, lives.SUPPORTERS).replace("{name}", called).replace("{first}", person.given)
    role = protected.roles[0] if protected.roles else called
    name = slogan.replace("{role}", role).replace("{place}", person.family).replace("{tag}", f"{latin(called)}2028")
    handle = own_handle(rng, person.given, person.family)
    if chance(rng, 0.3):
        tail = latin(called)[:9] or "us"
        handle = cased(
            rng,
            pick(rng, (f"{latin(person.given)}4{tail}", f"vote{tail}{number(rng)}", f"{latin(person.given)}_{tail}")),
        )
    return account(rng, handle, name, speaks(rng, protected, lives.PEOPLE), links=own_page(rng, handle, 0.1))


def admirer(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Ordinary people under their own name who show the protected account's picture, and say so or say nothing."""
    options = pick(rng, (lives.FAN_BIOS, lives.MENTIONS, lives.PEOPLE, lives.PEOPLE))
    made = _talker(rng, protected, options, PEOPLE)
    return replace(made, avatar_pdq=copied_picture(rng, protected, 1.0))


def _talker(
    rng: np.random.Generator,
    protected: ProtectedAccount,
    says: tuple[str, ...],
    kind: Standing,
    *,
    known: float = 0.97,
) -> Account:
    person = draw_person(rng)
    handle = own_handle(rng, person.given, person.family)
    name = person.name if chance(rng, 0.8) else person.given
    return account(rng, handle, name, speaks(rng, protected, says, known), kind=kind, links=own_page(rng, handle))
