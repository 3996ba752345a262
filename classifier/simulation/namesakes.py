"""Namesakes: other people and businesses of the same name, or nearly. All of them are unrelated.

Their handles follow their own name, so handle and name resemble the protected account's alike. How many there are
depends on how many people bear the name: of a common one many; of one like no other hardly any, unless nobody knows
the protected account either: two plumbers of a rare name are cousins.
"""

from __future__ import annotations

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import lives
from classifier.simulation.genuine_account import account, is_body, own_page, parts, speaks
from classifier.simulation.genuine_standing import BUSINESS, PEOPLE, WRITERS, Standing
from classifier.simulation.organisations import COMMON, KINDS, acronym, invent_core, invent_place
from classifier.simulation.people import (
    cased,
    draw_person,
    latin,
    neighbours_of,
    number,
    own_handle,
    with_more,
    written_otherwise,
)
from classifier.simulation.profiles import shown_name
from classifier.simulation.sampling import a_word, chance, pick
from classifier.text.name_frequency import Kind, family_share, given_share, key

# Accounts there are, roughly; and how many namesakes must be expected before somebody famous has them as others do.
ACCOUNTS = 3e8
_FAMOUS, _EXPECTED, _LEAST = 1_000_000, 100.0, 0.1


def bearers(name: str) -> float:
    """Return how many accounts may bear a full name, by the frequency of its first and last word.

    Examples
    --------
    >>> bearers("Maria Garcia") > 1_000 > bearers("Maria Quenthaven") == 0.0
    True
    """
    words = name.split()
    if len(words) < 2:
        return 0.0
    first, last = words[0], words[-1]
    return ACCOUNTS * max(given_share(first) * family_share(last), given_share(last) * family_share(first))


def _is_borne(rng: np.random.Generator, protected: ProtectedAccount) -> bool:
    """Draw whether a namesake turns up: always of the little known, of the famous as often as the name is borne."""
    if (protected.followers or 0) < _FAMOUS:
        return True
    return chance(rng, min(1.0, _LEAST + bearers(shown_name(protected)) / _EXPECTED))


def namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Another person or business of the same name, with a life of its own."""
    if not _is_borne(rng, protected):
        return half_namesake(rng, protected)
    return _bearer(rng, protected, shown_name(protected))


def written_namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A namesake who writes the name otherwise: no accents, another script, another spelling, in capitals."""
    if not _is_borne(rng, protected):
        return half_namesake(rng, protected)
    return _bearer(rng, protected, written_otherwise(rng, shown_name(protected)))


def one_letter_apart(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Somebody whose name is one letter from the protected one's, and a name all the same: Marla beside Maria."""
    name = neighbouring(rng, shown_name(protected))
    if name is None:
        return half_namesake(rng, protected)
    return _bearer(rng, protected, name)


def neighbouring(rng: np.random.Generator, name: str) -> str | None:
    """Exchange one word of a name for a name one letter from it; None where no word has such a neighbour."""
    words = name.split()
    found = [
        (place, other) for place, word in enumerate(words) for other in neighbours_of(latin(word), _kind(place, words))
    ]
    if not found:
        return None
    place, other = pick(rng, found)
    return " ".join([*words[:place], other, *words[place + 1 :]])


def _kind(place: int, words: list[str]) -> Kind:
    return "family" if 0 < place == len(words) - 1 else "given"


def half_namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Somebody with the same given or family name, or with a part of an organisation's name."""
    first, last = parts(protected)
    person = draw_person(rng)
    name = f"{person.given} {last or first}" if chance(rng, 0.5) else f"{first} {person.family}"
    return _bearer(rng, protected, name)


def middle_name(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Somebody of the same name who has one more: a middle name, an initial, a second family name, a Jr."""
    first, last = parts(protected)
    other = draw_person(rng)
    initial = other.given[:1]
    if not last:
        return _bearer(rng, protected, pick(rng, (f"{other.given} {first}", f"{first} {other.family}")))
    added = (
        f"{first} {other.given} {last}", f"{first} {initial}. {last}", f"{first} {last} {other.family}",
        f"{first} {last}-{other.family}", f"{first} {last} Jr.", f"{first} {other.family} {last}",
        f"{first} {last} III",
    )  # fmt: skip
    return _bearer(rng, protected, pick(rng, added))


def trading_namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A namesake in business, who asks to be written to, called or paid: about his own business."""
    name = shown_name(protected) if _is_borne(rng, protected) else neighbouring(rng, shown_name(protected))
    return _bearer(rng, protected, name or draw_person(rng).name, says=lives.BUSINESSES, kind=BUSINESS)


def namesake_in_office(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A namesake of the same trade: another senator, another actor, another captain, elsewhere."""
    title = protected.roles[0].partition(" of ")[0].partition(" for ")[0] if protected.roles else "Artist"
    says = (
        f"{title}. Husband, father.", f"{title}, {{place}}", f"{title} at {{firm}}", f"{title}, retired",
        f"{title} of {{place}}. {{interest}}", f"Former {title} in {{place}}",
    )  # fmt: skip
    name = shown_name(protected) if _is_borne(rng, protected) else neighbouring(rng, shown_name(protected))
    return _bearer(rng, protected, name or draw_person(rng).name, says=says, kind=WRITERS)


def role_word_name(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """People who bear a role as a name: Anna Bishop, Reggie King, Judge Reinhart, Joe Banks."""
    person = draw_person(rng)
    titles = [word for role in protected.roles for word in role.split() if word[:1].isupper() and len(word) > 3]
    word = pick(rng, titles[:2]) if titles and chance(rng, 0.5) else pick(rng, lives.ROLE_WORDS)
    last = parts(protected)[1] or person.family
    name = pick(
        rng,
        (
            f"{person.given} {word}",
            f"{person.given} {word}",
            f"{word} {person.family}",
            f"{person.given} {word} {last}",
        ),
    )
    return _bearer(rng, protected, name)


def generic_word(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A business that shares a common word with the protected one: North Bank beside Northern Bank, another hotel."""
    words = shown_name(protected).split()
    other = pick(rng, (pick(rng, COMMON), invent_core(rng), invent_place(rng), a_word(rng).title()))
    shared = pick(rng, words)
    pattern = pick(rng, pick(rng, tuple(KINDS.values()))[1].split("|"))
    name = pick(rng, (f"{other} {shared}", f"{shared} {other}", pattern.format(shared), f"{shared} & {other}"))
    if key(name) == key(shown_name(protected)):
        name = f"{invent_place(rng)} {shared}"
    return _business(rng, protected, name)


def _bearer(
    rng: np.random.Generator,
    protected: ProtectedAccount,
    name: str,
    *,
    says: tuple[str, ...] = lives.PEOPLE,
    kind: Standing = PEOPLE,
) -> Account:
    """Return the account of somebody who bears a name: a person, or of an organisation's name mostly a business."""
    if is_body(protected) and chance(rng, 0.7):
        return _business(rng, protected, name)
    words = name.split() or [name]
    handle = _handle(rng, words)
    shown = pick(rng, (name, name, name, name, name.lower(), f"{words[0]} {words[-1][:1]}.", words[0]))
    links = own_page(rng, handle)
    return account(rng, handle, shown, speaks(rng, protected, says, 0.8), kind=kind, links=links)


def _handle(rng: np.random.Generator, words: list[str]) -> str:
    first, last = latin(words[0]), latin("".join(words[1:]))
    if first + last and chance(rng, 0.4):  # the plain name was gone
        return cased(rng, with_more(rng, first or last, last if first else ""))
    return own_handle(rng, words[0], "".join(words[1:]))


def _business(rng: np.random.Generator, protected: ProtectedAccount, name: str) -> Account:
    whole = latin(name) or "shop"
    place = invent_place(rng)
    short = latin((name.split() or [whole])[0]) or whole
    handle = pick(
        rng,
        (
            whole,
            f"{whole}{number(rng)}",
            f"{whole}_{place}",
            f"{short}{place}",
            f"{short}{pick(rng, ('shop', 'co', 'cafe'))}",
            f"the{whole}",
            f"{acronym(name) or short}{place}",
            f"{short}_{number(rng)}",
        ),
    )
    shown = pick(rng, (name, name, name, f"{name} {place}", f"{name} & Co", name.upper()))
    bio = speaks(rng, protected, lives.SHOPS if chance(rng, 0.7) else lives.BUSINESSES)
    return account(rng, cased(rng, handle), shown, bio, kind=BUSINESS, links=own_page(rng, whole, 0.4))
