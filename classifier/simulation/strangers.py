"""Strangers: accounts that have nothing to do with the protected one, near it by chance or not at all.

All: ``unrelated``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import lives, perturbations
from classifier.simulation import vocabulary as say
from classifier.simulation.coincidences import neighbours
from classifier.simulation.genuine_account import account, own_page, speaks
from classifier.simulation.genuine_standing import BODIES, KNOWN, PEOPLE
from classifier.simulation.organisations import (
    COUNTRIES,
    FIELDS,
    PUBLIC,
    firm_handle,
    invent_firm,
    invent_institution,
    invent_place,
)
from classifier.simulation.people import draw_person, latin, own_handle
from classifier.simulation.profiles import lived, ordinary_account, shown_name
from classifier.simulation.sampling import chance, pick

# Of ordinary people whose profile shows a name, how many spell it in the handle: counted over ordinary accounts.
_NAMED_ALIKE = 0.45


def coincidence(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A handle that shares a word with the protected one, or has a number or another first letter beside it."""
    handle = perturbations.coincidence(rng, protected.handle)
    stranger = replace(ordinary_account(rng), handle=handle)
    # As many strangers spell their names in their handles as other people do.
    words = filter(str.isalpha, perturbations.split_words(handle))
    named = " ".join(words).title() if chance(rng, _NAMED_ALIKE) else None
    return stranger if not named or stranger.display_name is None else replace(stranger, display_name=named)


def neighbour(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """A stranger whose handle, of many thousands that people chose for themselves, comes near; none where none does."""
    found = neighbours(protected.handle)
    if not found:
        return None
    person = pick(rng, found)
    return replace(ordinary_account(rng), handle=person.handle, display_name=person.name)


def other_body(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Public bodies and firms of the same sort elsewhere: another ministry, another city's police, another bank."""
    other = invent_institution(rng) if chance(rng, 0.5) else invent_firm(rng)
    words = shown_name(protected).split()
    kept = [word for word in words if word.casefold().strip(",") in _SORTS] or words[-1:]
    place = invent_place(rng)
    name = pick(
        rng, (f"{place} {' '.join(kept)}", f"{' '.join(kept)} {place}", f"{other.core} {' '.join(kept)}", other.name)
    )
    whole = latin(name)
    short = "".join(latin(word)[:4] for word in name.split())
    handle = next((one for one in (whole, short) if 0 < len(one) <= 15 and chance(rng, 0.7)), firm_handle(rng, other))
    bio = speaks(rng, protected, lives.OTHER_BODIES)
    return account(rng, handle, name, bio, kind=BODIES, links=own_page(rng, handle, 0.5))


# Words that say what sort of body it is, which others of the sort share.
_SORTS = frozenset(
    word.casefold().strip(",")
    for pattern in (*PUBLIC, *FIELDS, *(country for _, _, country in COUNTRIES))
    for word in pattern.partition("|")[0].split()
    if "{" not in word
) | frozenset("bank banco airlines hotel radio times post news club fc united university store".split())


def replier(rng: np.random.Generator, protected: ProtectedAccount) -> Account:  # noqa: ARG001 - the base rate
    """Ordinary people of today who answer the famous: emojis, jokes and trades in the name, handles of any sort."""
    person = draw_person(rng)
    pattern = (
        pick(rng, lives.REPLIER_NAMES)
        if chance(rng, 0.5)
        else pick(rng, ("{first} {last}", "{first}", "{first} {emoji}"))
    )
    name = pattern.format(
        first=person.given, last=person.family, emoji=pick(rng, lives.EMOJIS), interest=pick(rng, say.INTERESTS),
        place=invent_place(rng), firm=invent_firm(rng).name,
    )  # fmt: skip
    handle = own_handle(rng, person.given, person.family)
    bio = lived(rng, pick(rng, (*lives.PEOPLE, *lives.BUSINESSES))) if chance(rng, 0.85) else None
    return account(
        rng, handle, name.lower() if chance(rng, 0.12) else name, bio, kind=PEOPLE, links=own_page(rng, handle)
    )


def known_stranger(rng: np.random.Generator, protected: ProtectedAccount) -> Account:  # noqa: ARG001 - the base rate
    """Others whom many follow, most with a badge: writers, clubs, firms, officials, none of them registered."""
    if chance(rng, 0.4):
        firm = invent_firm(rng)
        return account(rng, firm_handle(rng, firm), firm.name, f"Official account of {firm.name}", kind=KNOWN)
    person = draw_person(rng)
    bio = lived(
        rng,
        pick(
            rng,
            (
                "Author. {interest}",
                "Reporter at {firm}",
                "Mayor of {place}",
                "Actor",
                "CEO of {firm}",
                "Captain, {firm}",
            ),
        ),
    )
    handle = own_handle(rng, person.given, person.family)
    return account(rng, handle, person.name, bio, kind=KNOWN, links=own_page(rng, handle, 0.5))


def ordinary(rng: np.random.Generator, protected: ProtectedAccount) -> Account:  # noqa: ARG001 - the base rate needs no target
    """Ordinary people and small businesses: the base rate."""
    return ordinary_account(rng)
