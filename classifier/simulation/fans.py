"""Fans and jesters: who admires, collects, mourns or mocks the protected account, and deceives nobody.

All: ``parody_or_fan``. Of declared parodies collected from press pages a quarter declare it in handle or name by a
listed word, many by a comic name alone; the median has 34,000 followers. Fans declare themselves in name or bio.
"""

from __future__ import annotations

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation import lives, perturbations
from classifier.simulation.attack_phrases import LANGUAGES as SPOKEN
from classifier.simulation.attack_phrases import WORDINGS
from classifier.simulation.genuine_account import account, own_page, parts, speaks
from classifier.simulation.genuine_standing import JESTERS, PEOPLE, Standing
from classifier.simulation.people import LONGEST, cased, latin, number
from classifier.simulation.profiles import copied_picture, said, shown_name
from classifier.simulation.sampling import a_word, chance, draw, pick

# A declared parody or fan account that asks to be messaged all the same: of 14 that declare themselves around a famous
# person 6 do. It is a parody to the model, and a case for review to the policy, as all parodies are.
_LURING = 0.4
_FOLLOWED = Standing(3_000.0, 2.3, verified=0.02, tiny=0.1)


def fan(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Admirers, fan clubs and news by fans, who say so in the name, in the bio or in both."""
    name = said(rng, protected, lives.FAN_NAMES)
    words = (
        "fans",
        "fan",
        "fanclub",
        "daily",
        "updates",
        "news",
        "charts",
        "army",
        "stan",
        "club",
        "nation",
        "fc",
        "loverz",
    )
    plain = name == shown_name(protected)
    bio = speaks(rng, protected, lives.FAN_BIOS, 1.0 if plain else 0.8)
    return _about(rng, protected, words, name, bio, _FOLLOWED)


def archive(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Archives, quotes, bots, clips and trackers of what the protected account said."""
    words = ("archive", "bot", "quotes", "said", "clips", "ooc", "memes", "nocontext", "tracker", "watch", "ebooks")
    name, bio = said(rng, protected, lives.ARCHIVE_NAMES), speaks(rng, protected, lives.ARCHIVE_BIOS, 0.8)
    return _about(rng, protected, words, name, bio, _FOLLOWED)


def memorial(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Those who keep the memory of somebody, or of a club, a show, a firm that is gone."""
    name, bio = pick(rng, lives.MEMORIALS)
    words = ("memorial", "legacy", "tribute", "rip", "forever", "remembered")
    filled = (text.replace("{name}", shown_name(protected)) for text in (name, bio))
    return _about(rng, protected, words, next(filled), next(filled), PEOPLE)


def parody(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Parody, satire and role play, declared in the name or in the bio, in many languages; many ask for messages."""
    if chance(rng, 0.55):
        name = said(rng, protected, lives.PARODY_NAMES)
        bio = speaks(rng, protected, pick(rng, (lives.COMIC_BIOS, lives.PARODY_BIOS)), 0.8)
    else:  # declared in the bio alone: some in the very name
        name = shown_name(protected) if chance(rng, 0.4) else _comic(rng, protected)
        bio = speaks(rng, protected, lives.PARODY_BIOS, 1.0)
    if chance(rng, _LURING):
        bio = f"{bio} {pick(rng, WORDINGS[draw(rng, SPOKEN)].asks)}".strip()
    words = ("parody", "fake", "not", "notthe", "satire", "parodia", "unreal", "rp", "spoof", "bored")
    return _about(rng, protected, words, name, bio, JESTERS)


def comic(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Parody that declares itself by a transparent name or handle alone: NotX, FakeX, BoredX, X's cat."""
    word = pick(rng, lives.ADJECTIVES)
    name = _comic(rng, protected, word) if chance(rng, 0.8) else shown_name(protected)
    plain = ("not", "fake", "bored", "drunk", "notreal")
    others = ("emo", "lord", "queen", "dark", "thedark", latin(word) or "not")
    handles = plain if name == shown_name(protected) else plain + others
    bio = speaks(rng, protected, lives.COMIC_BIOS, 0.7)
    return _about(rng, protected, handles, name, bio, JESTERS, before=0.8, beside=0.85)


def commentary(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Commentary, criticism and role play that say what they are: unofficial, fictional, about and not by."""
    names = (
        "{name} commentary",
        "Commentary on {name}",
        "{name} RP",
        "{name} (unofficial)",
        "What {name} means",
        "{name} Explained",
    )
    bios = (
        "Commentary about {name}, unofficial",
        "Role play. Fictional",
        "Not {name}. Opinions about",
        "No oficial",
        "unofficial",
    )
    words = ("explained", "rp", "unofficial", "critic", "decoded", "comments", "talk")
    return _about(rng, protected, words, said(rng, protected, names), speaks(rng, protected, bios, 1.0), PEOPLE)


def _comic(rng: np.random.Generator, protected: ProtectedAccount, word: str | None = None) -> str:
    """Make a name that nobody takes for the original: an adjective, another first name, half of the name in jest."""
    first, last = parts(protected)
    word = word or pick(rng, lives.ADJECTIVES)
    other = a_word(rng).title()
    return pick(
        rng,
        (
            f"{word} {last or first}",
            f"{word} {first}",
            f"{word} {first} {last}",
            f"{other} {last or first}",
            f"{first}'s {other}",
            f"{first} Mc{other}face",
            f"{last or first}, but {word.lower()}",
            f"{first} {other}",
            f"The {word} {last or first}",
        ),
    ).strip()


def _about(
    rng: np.random.Generator,
    protected: ProtectedAccount,
    words: tuple[str, ...],
    name: str,
    bio: str,
    kind: Standing,
    *,
    before: float = 0.35,
    beside: float = 0.6,
) -> Account:
    """Return an account about the protected one; with the share ``beside`` its handle puts a word beside the target's.

    With the share ``before`` the word comes first.
    """
    handle = _beside(rng, protected, pick(rng, words), before) if chance(rng, beside) else _apart(rng)
    picture = copied_picture(rng, protected, 0.4)
    return account(rng, handle, name, bio, kind=kind, links=own_page(rng, handle), pdq=picture, followed=0.05)


def _beside(rng: np.random.Generator, protected: ProtectedAccount, word: str, before: float) -> str:
    first, last = parts(protected)
    bare = protected.handle.lstrip("@").partition("@")[0]
    bases = {bare: 0.35, latin(f"{first}{last}"): 0.25, latin(last): 0.25, latin(first): 0.15}
    room = LONGEST - len(word) - 1
    fitting = {base: share for base, share in bases.items() if base and len(base) <= room}
    base = draw(rng, fitting) if fitting else bare[: max(3, room)]
    joiner = "_" if chance(rng, 0.25) else ""
    return cased(rng, f"{word}{joiner}{base}" if chance(rng, before) else f"{base}{joiner}{word}")


def _apart(rng: np.random.Generator) -> str:
    return pick(
        rng,
        (perturbations.random_handle(rng)[:LONGEST], cased(rng, a_word(rng) + a_word(rng)), a_word(rng) + number(rng)),
    )
