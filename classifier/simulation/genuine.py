"""The genuine accounts that are easily taken for impersonators, and those that are not: as many kinds as attacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import perturbations, phrases
from classifier.simulation.coincidences import neighbours
from classifier.simulation.population import invent_person
from classifier.simulation.profiles import (
    audience,
    copied_picture,
    lived,
    maybe,
    ordinary_account,
    picture,
    recoded,
    said,
    shown_name,
)
from classifier.simulation.sampling import chance, pick, stranger
from classifier.text import lexicon

Genuine = Callable[[np.random.Generator, ProtectedAccount], Account | None]
Label = Literal["same_owner", "parody_or_fan", "unrelated"]


def secondary(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Another genuine account of the same owner that nobody declared: campaign, press, private, second language."""
    word = pick(rng, perturbations.OFFICE)
    text = lived(rng, said(rng, protected, phrases.OFFICE_BIOS))
    account = Account(
        platform="x",
        handle=perturbations.glue(rng, protected.handle, word)
        if chance(rng, 0.4)
        else perturbations.initialled(rng, protected),
        display_name=said(rng, protected, phrases.OFFICE_NAMES),
        bio=pick(rng, (text, text, text, protected.bio, None)),
        links=protected.links if chance(rng, 0.5) else (),
        avatar_pdq=protected.avatar_pdq if chance(rng, 0.4) else picture(rng),
        followed_by_target=maybe(rng, 0.5, 0.8),
        **audience(rng, mean=8.0, spread=2.0, verified=0.4, default_avatar=0.02),
    )
    copied = account.avatar_pdq
    if copied is None or copied != protected.avatar_pdq or not chance(rng, 0.5):
        return account
    return replace(account, avatar_pdq=recoded(rng, copied))


def namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Another person or business of the same name, with a life of its own."""
    name = protected.display_name or " ".join(perturbations.split_words(protected.handle))
    handle = perturbations.own_variant(rng, name) if chance(rng, 0.8) else stranger(rng).handle
    bio = lived(rng, pick(rng, phrases.OWN_LIVES)) if chance(rng, 0.85) else None
    return replace(ordinary_account(rng), handle=handle, display_name=name, bio=bio)


def half_namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Somebody with the same given or family name, or with one word of an organisation's name."""
    parts = shown_name(protected).split()
    person = invent_person(rng)
    name = (
        f"{pick(rng, person.name.split())} {parts[-1]}" if chance(rng, 0.5) else f"{parts[0]} {person.name.split()[-1]}"
    )
    handle = perturbations.own_variant(rng, name) if chance(rng, 0.8) else stranger(rng).handle
    return replace(
        ordinary_account(rng), handle=handle, display_name=name, bio=lived(rng, pick(rng, phrases.OWN_LIVES))
    )


def colleague(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """People who work with or for the protected account, held its role before, or hold another there."""
    firm = next((role.partition(" of ")[2] for role in protected.roles if " of " in role), shown_name(protected))
    role = pick(rng, protected.roles) if protected.roles else shown_name(protected)
    text = pick(rng, phrases.COLLEAGUES).replace("{firm}", firm).replace("{role}", role)
    return replace(ordinary_account(rng), bio=lived(rng, text.replace("{name}", shown_name(protected))))


def fan(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Admirers, archives and news about the protected account, who say so in the name or in the bio."""
    shown, bio = said(rng, protected, phrases.FAN_NAMES), said(rng, protected, phrases.FAN_BIOS)
    word = pick(rng, ("fans", "fan", "fanclub", "daily", "updates", "archive", "news"))
    handle = perturbations.glue(rng, protected.handle, word) if chance(rng, 0.5) else perturbations.random_handle(rng)
    picture = copied_picture(rng, protected, 0.5)
    return replace(ordinary_account(rng), handle=handle, display_name=shown, bio=bio, avatar_pdq=picture)


def parody(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Parody, satire and role play, declared in the name or in the bio; one in twelve lures all the same."""
    in_name = chance(rng, 0.5)
    shown = said(rng, protected, phrases.PARODY_NAMES if in_name else ("{name}",))
    bio = (
        said(rng, protected, phrases.PARODY_BIOS)
        if not lexicon.declares_parody(shown.casefold()) or chance(rng, 0.5)
        else None
    )
    if chance(rng, 1 / 12):
        bio = f"{bio or ''} {pick(rng, phrases.LURES)}".strip()
    elif bio is None and chance(rng, 0.5):
        bio = lived(rng, pick(rng, phrases.OWN_LIVES))
    handle = pick(
        rng,
        (
            perturbations.glue(rng, protected.handle, pick(rng, ("parody", "fake", "not", "notthe"))),
            perturbations.typo(rng, protected.handle),
            perturbations.random_handle(rng),
        ),
    )
    picture = copied_picture(rng, protected, 0.5)
    return replace(ordinary_account(rng), handle=handle, display_name=shown, bio=bio, avatar_pdq=picture)


def coincidence(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A handle that shares a word with the protected one, or has a number or another first letter beside it."""
    return replace(ordinary_account(rng), handle=perturbations.coincidence(rng, protected.handle))


def neighbour(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """A stranger whose handle, of many thousands that people chose for themselves, comes near; none where none does."""
    found = neighbours(protected.handle)
    if not found:
        return None
    person = pick(rng, found)
    return replace(ordinary_account(rng), handle=person.handle, display_name=person.name)


def mention(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Ordinary people who write about, support, quote or cannot stand the protected account."""
    return replace(ordinary_account(rng), bio=said(rng, protected, phrases.MENTIONS))


def admirer(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Ordinary people under their own name who show the protected account's picture, and say so or say nothing."""
    bio = said(rng, protected, pick(rng, (phrases.FAN_BIOS, phrases.MENTIONS))) if chance(rng, 0.5) else None
    account = ordinary_account(rng)
    return replace(account, bio=bio or account.bio, avatar_pdq=copied_picture(rng, protected, 1.0))


def ordinary(rng: np.random.Generator, protected: ProtectedAccount) -> Account:  # noqa: ARG001 - the base rate needs no target
    """Ordinary people and small businesses: the base rate."""
    return ordinary_account(rng)


GENUINE: dict[str, tuple[Genuine, Label]] = {
    "secondary": (secondary, "same_owner"),
    "namesake": (namesake, "unrelated"),
    "fan": (fan, "parody_or_fan"),
    "parody": (parody, "parody_or_fan"),
    "coincidence": (coincidence, "unrelated"),
    "mention": (mention, "unrelated"),
    "ordinary": (ordinary, "unrelated"),
    "neighbour": (neighbour, "unrelated"),
    "half_namesake": (half_namesake, "unrelated"),
    "colleague": (colleague, "unrelated"),
    "admirer": (admirer, "unrelated"),
}
