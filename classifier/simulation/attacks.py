"""The attacks: each family one short function of a random generator and a protected account."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.simulation import perturbations, phrases
from classifier.simulation.population import invent_bio
from classifier.simulation.profiles import audience, copied_picture, maybe, recoded, said, shown_name
from classifier.simulation.sampling import chance, pick
from classifier.text.edit_distance import beyond_chance

# Whoever imitates looks at what he made: a handle nobody would take for the original is drawn again, a few times.
# In bits beyond chance, as ``edit_distance.beyond_chance`` gives them: one stranger in a million comes as near.
_MISLEADING = 20.0
_TRIES = 5


def typo(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """One or two slips of the finger in the handle, the name copied."""
    return _attacker(rng, protected, _misleading(rng, protected, _slipped))


def look_alike(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Letters of the handle, or of the name, replaced by others that look the same."""
    handle = perturbations.look_alike(rng, protected.handle, ascii_only=chance(rng, 0.8))
    name = protected.display_name and perturbations.look_alike(rng, protected.display_name, ascii_only=False)
    return _attacker(rng, protected, handle, name=name if chance(rng, 0.5) else protected.display_name)


def added_word(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A word that claims to be the real one, or its support, put before or behind the handle."""
    word = pick(rng, perturbations.CLAIMS)
    name = (
        f"{protected.display_name} {pick(rng, ('', 'Official', 'Support', '✔', 'HQ'))}"
        if protected.display_name
        else None
    )
    return _attacker(rng, protected, perturbations.glue(rng, protected.handle, word), name=name)


def decorated(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Underscores, doubled letters or a digit or two added to the handle."""
    return _attacker(rng, protected, _misleading(rng, protected, perturbations.decorate))


def cloned_name(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The name, often dressed up or in other letters, picture and bio too, under a handle that resembles nothing."""
    name = shown_name(protected)
    draw = rng.random()
    if draw < 0.25:
        name = perturbations.look_alike(rng, name, ascii_only=False)
    elif draw < 0.35:
        name = perturbations.styled(rng, name)
    elif draw < 0.7:
        name = said(rng, protected, phrases.NAME_DRESSES)
    elif draw < 0.75:
        name = perturbations.typo(rng, name)
    return _attacker(rng, protected, _unlike(rng, protected), name=name)


def claimed_role(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The role, or the name and the role, claimed in name or bio under a random handle, with or without a lure."""
    only_role = bool(protected.roles) and chance(rng, 0.5)
    name = said(rng, protected, phrases.ROLE_NAMES if only_role else ("{name}",))
    bio = said(rng, protected, phrases.ROLE_BIOS)
    account = _attacker(rng, protected, _unlike(rng, protected), name=name)
    return replace(account, bio=f"{bio}. {pick(rng, phrases.LURES)}" if chance(rng, 0.7) else bio)


def support(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A service desk that the protected account has nothing to do with."""
    bio = f"{said(rng, protected, phrases.SUPPORT_BIOS)} {pick(rng, ('', pick(rng, phrases.LURES)))}".strip()
    name = said(rng, protected, phrases.SUPPORT_NAMES)
    return replace(_attacker(rng, protected, _unlike(rng, protected), name=name), bio=bio)


def spokesman(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A private, backup or managed account that the owner knows nothing of."""
    handle = _unlike(rng, protected) if chance(rng, 0.7) else _misleading(rng, protected, perturbations.typo)
    name = said(rng, protected, ("{name}", "{name}", *phrases.NAME_DRESSES))
    bio = f"{said(rng, protected, phrases.SPEAKING_BIOS)}. {pick(rng, ('', pick(rng, phrases.LURES)))}".strip()
    return replace(_attacker(rng, protected, handle, name=name), bio=bio)


def cloned_bio(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The bio, whole or in part, the handle a variant or random, the name as it is or slightly changed."""
    handle = _misleading(rng, protected, perturbations.typo) if chance(rng, 0.4) else _unlike(rng, protected)
    name = shown_name(protected)
    bio = protected.bio or said(rng, protected, phrases.ROLE_BIOS)
    if chance(rng, 0.4):
        bio = perturbations.in_part(rng, bio)
    shown = perturbations.typo(rng, name) if chance(rng, 0.4) else name
    return replace(_attacker(rng, protected, handle, name=shown), bio=bio)


def cloned_picture(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Name and picture, half of them saved anew, under a handle that resembles nothing; but for the picture a namesake.

    Where the protected account's picture is not known the bio is copied.
    """
    known = protected.avatar_pdq
    copied = recoded(rng, known) if known and chance(rng, 0.5) else known
    bio = pick(rng, (invent_bio(rng, None), None)) if known else protected.bio
    account = _attacker(rng, protected, perturbations.random_handle(rng), name=shown_name(protected))
    return replace(account, bio=bio, links=(), avatar_pdq=copied, default_avatar=False)


ATTACKS: dict[str, Callable[[np.random.Generator, ProtectedAccount], Account]] = {
    f.__name__: f
    for f in (
        typo, look_alike, added_word, decorated, cloned_name, claimed_role, cloned_bio, support, spokesman,
        cloned_picture,
    )
}  # fmt: skip


def _attacker(rng: np.random.Generator, protected: ProtectedAccount, handle: str, name: str | None = None) -> Account:
    return Account(
        platform="x",
        handle=handle,
        display_name=(name or protected.display_name or "").strip() or None,
        bio=_attack_bio(rng, protected),
        links=_attack_links(rng, protected),
        avatar_pdq=copied_picture(rng, protected, 0.6),
        followed_by_target=maybe(rng, 0.3, 0.01),
        **audience(rng, mean=6.0, spread=2.0, verified=0.03, default_avatar=0.1),
    )


def _unlike(rng: np.random.Generator, protected: ProtectedAccount) -> str:
    """Make a handle unlike the protected one: random, or of the borne name as a namesake's would be."""
    return (
        perturbations.own_variant(rng, shown_name(protected)) if chance(rng, 0.1) else perturbations.random_handle(rng)
    )


def _slipped(rng: np.random.Generator, handle: str) -> str:
    slipped = perturbations.typo(rng, handle)
    return perturbations.decorate(rng, slipped) if chance(rng, 0.2) else slipped


def _misleading(
    rng: np.random.Generator, protected: ProtectedAccount, change: Callable[[np.random.Generator, str], str]
) -> str:
    """Change a handle so that it misleads: of a few changes the first far beyond chance, or else the furthest."""
    theirs, best, furthest = View(protected).handle, protected.handle, -math.inf
    for _ in range(_TRIES):
        handle = change(rng, protected.handle)
        distance = beyond_chance(View(Account(handle=handle)).handle, theirs)
        if distance > furthest:
            best, furthest = handle, distance
        if furthest >= _MISLEADING:
            break
    return best


def _attack_bio(rng: np.random.Generator, protected: ProtectedAccount) -> str | None:
    """Copied, made up, a lure, both, or none."""
    role = pick(rng, protected.roles) if protected.roles else None
    copied = protected.bio if chance(rng, 0.5) else invent_bio(rng, role)
    lure = pick(rng, phrases.LURES)
    return pick(rng, (copied, f"{copied or ''} {lure}".strip(), lure, lure, invent_bio(rng, None), None))


def _attack_links(rng: np.random.Generator, protected: ProtectedAccount) -> tuple[str, ...]:
    draw = rng.random()
    if draw < 0.3:
        return (f"https://{pick(rng, ('t.me', 'wa.me', 'bit.ly'))}/{perturbations.random_handle(rng)}",)
    if draw < 0.34:
        return protected.links
    return (f"https://{perturbations.random_handle(rng)}.example",) if draw < 0.5 else ()
