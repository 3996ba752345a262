"""Profiles: what all families draw: an ordinary account, counts and dates, pictures, phrases filled in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import perturbations
from classifier.simulation.genuine_standing import PEOPLE, standing
from classifier.simulation.organisations import firm_handle, invent_firm, invent_place
from classifier.simulation.people import draw_person, latin, own_handle
from classifier.simulation.population import invent_bio
from classifier.simulation.sampling import chance, pick
from classifier.simulation.vocabulary import COUNTRIES, INTERESTS


def ordinary_account(rng: np.random.Generator) -> Account:
    """Draw an ordinary person or small business."""
    if chance(rng, 0.85):
        person = draw_person(rng)
        name, handle = person.name, own_handle(rng, person.given, person.family)
        shown = name if chance(rng, 0.75) else person.given
    else:
        firm = invent_firm(rng)
        shown, handle = firm.name, firm_handle(rng, firm)
    links = (f"https://{latin(handle).lower() or 'home'}.example",) if chance(rng, 0.2) else ()
    return Account(
        platform="x",
        handle=handle,
        display_name=shown,
        bio=invent_bio(rng, None) if chance(rng, 0.85) else None,
        links=links,
        avatar_pdq=picture(rng),
        followed_by_target=maybe(rng, 0.3, 0.02),
        **standing(rng, PEOPLE),
    )


def copied_picture(rng: np.random.Generator, protected: ProtectedAccount, share: float) -> str | None:
    """Copy the picture, re-encoded: a few of PDQ's 256 bits differ; the standard's match is within 31."""
    if protected.avatar_pdq is None or not chance(rng, share):
        return picture(rng)
    return recoded(rng, protected.avatar_pdq)


def recoded(rng: np.random.Generator, pdq: str) -> str:
    """Return the hash of a picture that was made smaller or saved anew."""
    flipped = sum(1 << int(bit) for bit in set(rng.integers(0, 256, size=rng.integers(0, 24)).tolist()))
    return f"{int(pdq, 16) ^ flipped:064x}"


def picture(rng: np.random.Generator) -> str:
    """Draw the PDQ hash of a picture that is like no other."""
    return rng.bytes(32).hex()


def place(rng: np.random.Generator) -> str | None:
    """Draw the place a profile names; one in three names none. Countries are as common as invented places."""
    if chance(rng, 0.33):
        return None
    invented = invent_place(rng)
    return pick(rng, (invented, pick(rng, COUNTRIES), f"{invented}, {pick(rng, COUNTRIES)}"))


def maybe(rng: np.random.Generator, known: float, true: float) -> bool | None:
    """Draw a flag that is known with one probability, and true with another where it is known."""
    return chance(rng, true) if chance(rng, known) else None


def shown_name(protected: ProtectedAccount) -> str:
    """Return what a protected account is called; the words of its handle where its name is not known."""
    return protected.display_name or " ".join(perturbations.split_words(protected.handle))


def said(rng: np.random.Generator, protected: ProtectedAccount, options: Sequence[str]) -> str:
    """Draw a wording and fill in what is the protected account's, its role as people paraphrase it."""
    role = perturbations.paraphrase(rng, pick(rng, protected.roles)) if protected.roles else shown_name(protected)
    interest = pick(rng, INTERESTS)
    return pick(rng, options).format(
        name=shown_name(protected),
        role=role,
        handle=protected.handle,
        interest=interest,
        place="{place}",
        firm="{firm}",
    )


def lived(rng: np.random.Generator, text: str) -> str:
    """Fill in what is somebody's own: a firm, a place, an interest."""
    firm = invent_firm(rng).name
    return (
        text.replace("{firm}", firm).replace("{place}", invent_place(rng)).replace("{interest}", pick(rng, INTERESTS))
    )
