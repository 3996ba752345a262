"""Owners: further genuine accounts of whoever the protected account is of, that nobody declared. All: ``same_owner``.

They look like fakes on purpose: new and tiny after a hack, a backup, a help desk that asks for a message. An owner
writes the same sentences as a thief. What he does not do: misspell his own name, or put a long number behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import lives, perturbations
from classifier.simulation.genuine_account import account, is_body, own_page, parts, same_picture, speaks
from classifier.simulation.genuine_standing import ANEW, BODIES, DESK, PRIVATE, SECOND, Standing
from classifier.simulation.organisations import COUNTRIES, FIELDS, acronym, invent_place
from classifier.simulation.people import LONGEST, cased, latin, written_otherwise
from classifier.simulation.profiles import shown_name
from classifier.simulation.sampling import chance, draw, pick

# A word that is too long for the handle is drawn again, so often.
_TRIES = 8


def secondary(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Campaign, office, press and staff accounts of the same owner."""
    name = shown_name(protected)
    dressed = (
        f"{name} for Congress", f"{name} Press", f"{name} Campaign", f"Office of {name}", f"{name} News",
        f"Team {name}",
        name, name, name, f"{name} Jobs", f"Friends of {name}", f"{name} Prensa", f"Prensa {name}", f"Equipo {name}",
        f"Rep. {name}", f"{name} Events", f"{name} Tour",
    )  # fmt: skip
    word = pick(rng, perturbations.OFFICE)
    handle = perturbations.initialled(rng, protected) if chance(rng, 0.5) else _handle(rng, protected, (word,))
    says = pick(rng, (lives.TEAMS, lives.TEAMS, lives.PRIVATE))
    return _second(rng, protected, handle, pick(rng, dressed), speaks(rng, protected, says), SECOND)


def starting_over(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The owner anew, after a hack, a lost password or a suspension: mostly new, mostly tiny."""
    words = ("2", "real", "new", "01", "_", "back", "official", "tv", "x", "3", "again", "the", "its", "1")
    handle = _handle(rng, protected, words)
    return _second(
        rng, protected, handle, _shown(rng, protected, ("{name}",)), speaks(rng, protected, lives.ANEW, 0.9), ANEW
    )


def backup(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A reserve, an old account whose password is lost, a second one that says where the first is."""
    handle = _handle(rng, protected, ("backup", "bkp", "2", "alt", "_old", "88", "reserva", "second", "two", "spare"))
    name = _shown(rng, protected, ("{name}", "{name}", "{name} (backup)", "{name} 2", "{name} old", "{name} backup"))
    return _second(rng, protected, handle, name, speaks(rng, protected, lives.BACKUPS), ANEW)


def private(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The owner in private: for friends, without office, often with half a name."""
    first, _ = parts(protected)
    handle = _handle(rng, protected, ("priv", "finsta", "personal", "irl", "offduty", "s_life", "at_home", "private"))
    name = _shown(
        rng, protected, ("{name}", "{name}", f"{first}", f"{first} (private)", f"{first.lower()}", "{name} personal")
    )
    return _second(rng, protected, handle, name, speaks(rng, protected, lives.PRIVATE), PRIVATE, official=0.1)


def family(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The family, the couple, the pet or the hobby of the owner, run by the owner."""
    first, last = parts(protected)
    handle = _handle(rng, protected, ("family", "fam", "dogs", "and_co", "home", "travels", "kitchen"))
    name = _shown(
        rng,
        protected,
        (f"The {last or first} Family", f"{first} & family", "{name} & family", f"{first}'s dogs", "{name} travels"),
    )
    return _second(rng, protected, handle, name, speaks(rng, protected, lives.FAMILIES), PRIVATE, official=0.1)


def support_desk(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The owner's own help desk, whose messages are open and which asks for one."""
    words = (
        "help",
        "care",
        "support",
        "cares",
        "ayuda",
        "ask",
        "soporte",
        "atencion",
        "service",
        "assist",
        "hilft",
        "sac",
    )
    names = (
        "{name} Customer Care", "{name} Support", "{name} Help", "{name} Ayuda", "{name} Service", "Ask {name}",
        "{name} Cares",
        "Atención {name}", "{name} Atendimento", "{name} hilft", "{name} Kundenservice", "{name} Assistance", "{name}",
        "{name} Soporte", "{name} Destek", "{name} Care", "{name} Helps", "Служба поддержки {name}",
    )  # fmt: skip
    handle = _handle(rng, protected, words)
    return _second(rng, protected, handle, _shown(rng, protected, names), speaks(rng, protected, lives.DESKS), DESK)


def own_channel(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The owner's account that leads to a channel, a list or another platform of his own."""
    handle = _handle(
        rng, protected, ("vip", "live", "tv", "daily", "club", "podcast", "yt", "2", "channel", "music", "streams")
    )
    name = _shown(
        rng, protected, ("{name}", "{name} VIP", "{name} Live", "{name} Channel", "{name} Podcast", "{name} TV")
    )
    made = _second(rng, protected, handle, name, speaks(rng, protected, lives.CHANNELS, 0.95), SECOND)
    channel = latin(protected.handle) or "channel"
    host = draw(
        rng, {"t.me": 0.4, "youtube.com": 0.2, "discord.gg": 0.1, "twitch.tv": 0.1, "wa.me/channel": 0.1, "": 0.3}
    )
    return _linked(made, f"https://{host}/{channel}") if host else made


def second_language(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The owner in another language or script, or for another country."""
    code, country, spoken = pick(rng, COUNTRIES)
    handle = _handle(
        rng, protected, (code, code.lower(), country, "es", "en", "fr", "de", "pt", "ar", "ja", "tr", "latino")
    )
    names = (
        "{name} en español",
        f"{{name}} {spoken}",
        f"{{name}} {code}",
        "{name} Deutsch",
        "{name} em português",
        "{name}",
    )
    name = _shown(rng, protected, names)
    if chance(rng, 0.2):
        name = written_otherwise(rng, name)
    return _second(rng, protected, handle, name, speaks(rng, protected, lives.LANGUAGES), SECOND)


def renamed(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The owner under another handle: after a new brand, a merger, a marriage, a new office."""
    handle = _handle(rng, protected, ("hq", "group", "global", "official", "app", "now", "inc", "online"))
    name = _shown(rng, protected, ("{name}", "{name}", "{name} Group", "{name} HQ", "{name} Global"))
    return _second(rng, protected, handle, name, speaks(rng, protected, lives.RENAMED, 0.7), SECOND)


def sibling(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Other accounts of the same organisation: offices, regions, stores, departments, newsrooms; of people too."""
    place, (code, country, spoken), field = invent_place(rng), pick(rng, COUNTRIES), pick(rng, FIELDS)
    words = (
        code, country, place, "jobs", "news", "careers", "press", "dev", "labs", "business", "store", "sports", "women",
        "academy", "events", field.lower(), "alerts", "stories", "research", "tech", "status", "green",
    )  # fmt: skip
    names = (
        f"{{name}} {spoken}", f"{{name}} {place}", "{name} Jobs", "{name} Newsroom", "{name} Careers",
        "{name} Developers",
        f"{{name}} {field}", "{name} Women", "{name} Academy", f"{{name}} - {place}", "{name} Business", "{name} Press",
        f"Office of {field}, {{name}}", "{name} Store", "{name} Alerts", f"{place} {{name}}", "{name} Stories",
    )  # fmt: skip
    handle = _handle(rng, protected, words)
    says = lives.SIBLINGS if is_body(protected) else lives.TEAMS
    return _second(rng, protected, handle, _shown(rng, protected, names), speaks(rng, protected, says, 0.8), BODIES)


def _second(
    rng: np.random.Generator,
    protected: ProtectedAccount,
    handle: str,
    name: str,
    bio: str,
    kind: Standing,
    *,
    official: float = 0.4,
) -> Account:
    """Return another account of the owner; with the share ``official`` it links to the page that is registered."""
    if protected.bio and chance(rng, 0.08):
        bio = protected.bio
    links = protected.links if chance(rng, official) else own_page(rng, protected.handle, 0.3)
    picture = same_picture(rng, protected, 0.5)
    return account(rng, handle, name, bio, kind=kind, links=links, pdq=picture, followed=0.6)


def _linked(made: Account, link: str) -> Account:
    return replace(made, links=(link, *made.links))


def _shown(rng: np.random.Generator, protected: ProtectedAccount, options: Sequence[str]) -> str:
    return pick(rng, options).replace("{name}", _called(rng, protected))


def _called(rng: np.random.Generator, protected: ProtectedAccount) -> str:
    """Return what owners call themselves: the registered name, as it is or without marks, or an alias."""
    name = shown_name(protected)
    if protected.aliases and chance(rng, 0.2):
        return pick(rng, protected.aliases)
    return pick(rng, (name, name, name, name, name, latin(name, keep=" .") or name, name.upper()))


def _handle(rng: np.random.Generator, protected: ProtectedAccount, words: Sequence[str]) -> str:
    """Put a word of the owner's choice beside the handle, the name, a part of it or its letters: none cut short."""
    name = shown_name(protected)
    bare = protected.handle.lstrip("@").partition("@")[0]
    first = latin(name.split()[0]) if name.split() else ""
    bases = {bare: 0.5, latin(name): 0.25, acronym(name) or bare: 0.15, first: 0.1}
    word = pick(rng, words)
    for _ in range(_TRIES):
        fitting = {base: share for base, share in bases.items() if base and len(base) + len(word) < LONGEST}
        if fitting:
            return cased(rng, perturbations.glue(rng, draw(rng, fitting), word))
        word = pick(rng, words)
    return perturbations.glue(rng, bare, word)  # platforms other than X allow more
