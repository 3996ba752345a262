"""Simulation: seeded attacks on, and genuine hard cases around, the accounts of any registry.

Each family is one short function of a random generator and a protected account. The families, their shares and
numbers are this project's assumptions, written from public reports of impersonation; they teach, they do not prove.
What a model makes of real accounts is measured on real accounts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np

from classifier import markers, mimicry, wording
from classifier.accounts import Account, ProtectedAccount
from classifier.crowd import near
from classifier.draws import ascii_only, chance, pick, stranger
from classifier.edits import beyond_chance
from classifier.identity import identity_key
from classifier.invention import invent_bio, invent_handle, invent_organisation, invent_person, random_day
from classifier.views import View
from classifier.vocabulary import INTERESTS, PLACE_ENDINGS, PLACE_STEMS

Label = Literal["impersonation", "same_owner", "parody_or_fan", "unrelated"]
LABELS: tuple[Label, ...] = ("impersonation", "same_owner", "parody_or_fan", "unrelated")
Family = Callable[[np.random.Generator, ProtectedAccount], Account | None]

# When simulated profiles are read; no simulated account is younger.
OBSERVED = datetime(2025, 6, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A simulated account, the protected account it was made from, and what it is to it."""

    account: Account
    protected: ProtectedAccount
    label: Label
    family: str


# --- attacks ----------------------------------------------------------------------------------------------------


def typo(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """One or two slips of the finger in the handle, the name copied."""
    return _attacker(rng, protected, _misleading(rng, protected, _slipped))


def look_alike(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Letters of the handle, or of the name, replaced by others that look the same."""
    handle = mimicry.look_alike(rng, protected.handle, ascii_only=chance(rng, 0.8))
    name = protected.display_name and mimicry.look_alike(rng, protected.display_name, ascii_only=False)
    return _attacker(rng, protected, handle, name=name if chance(rng, 0.5) else protected.display_name)


def added_word(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A word that claims to be the real one, or its support, put before or behind the handle."""
    word = pick(rng, mimicry.CLAIMS)
    name = (
        f"{protected.display_name} {pick(rng, ('', 'Official', 'Support', '✔', 'HQ'))}"
        if protected.display_name
        else None
    )
    return _attacker(rng, protected, mimicry.glue(rng, protected.handle, word), name=name)


def decorated(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Underscores, doubled letters or a digit or two added to the handle."""
    return _attacker(rng, protected, _misleading(rng, protected, mimicry.decorate))


def cloned_name(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The name, often dressed up or in other letters, picture and bio too, under a handle that resembles nothing."""
    name = _shown(protected)
    draw = rng.random()
    if draw < 0.25:
        name = mimicry.look_alike(rng, name, ascii_only=False)
    elif draw < 0.35:
        name = mimicry.styled(rng, name)
    elif draw < 0.7:
        name = _said(rng, protected, wording.NAME_DRESSES)
    elif draw < 0.75:
        name = mimicry.typo(rng, name)
    return _attacker(rng, protected, _unlike(rng, protected), name=name)


def claimed_role(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The role, or the name and the role, claimed in name or bio under a random handle, with or without a lure."""
    only_role = bool(protected.roles) and chance(rng, 0.5)
    name = _said(rng, protected, wording.ROLE_NAMES if only_role else ("{name}",))
    bio = _said(rng, protected, wording.ROLE_BIOS)
    account = _attacker(rng, protected, _unlike(rng, protected), name=name)
    return replace(account, bio=f"{bio}. {pick(rng, wording.LURES)}" if chance(rng, 0.7) else bio)


def support(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A service desk that the protected account has nothing to do with."""
    bio = f"{_said(rng, protected, wording.SUPPORT_BIOS)} {pick(rng, ('', pick(rng, wording.LURES)))}".strip()
    name = _said(rng, protected, wording.SUPPORT_NAMES)
    return replace(_attacker(rng, protected, _unlike(rng, protected), name=name), bio=bio)


def spokesman(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A private, backup or managed account that the owner knows nothing of."""
    handle = _unlike(rng, protected) if chance(rng, 0.7) else _misleading(rng, protected, mimicry.typo)
    name = _said(rng, protected, ("{name}", "{name}", *wording.NAME_DRESSES))
    bio = f"{_said(rng, protected, wording.SPEAKING_BIOS)}. {pick(rng, ('', pick(rng, wording.LURES)))}".strip()
    return replace(_attacker(rng, protected, handle, name=name), bio=bio)


def cloned_bio(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """The bio, whole or in part, the handle a variant or random, the name as it is or slightly changed."""
    handle = _misleading(rng, protected, mimicry.typo) if chance(rng, 0.4) else _unlike(rng, protected)
    name = _shown(protected)
    bio = protected.bio or _said(rng, protected, wording.ROLE_BIOS)
    if chance(rng, 0.4):
        bio = mimicry.in_part(rng, bio)
    shown = mimicry.typo(rng, name) if chance(rng, 0.4) else name
    return replace(_attacker(rng, protected, handle, name=shown), bio=bio)


# --- genuine ----------------------------------------------------------------------------------------------------


def secondary(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Another genuine account of the same owner that nobody declared: campaign, press, private, second language."""
    word = pick(rng, mimicry.OFFICE)
    said = _lived(rng, _said(rng, protected, wording.OFFICE_BIOS))
    return Account(
        platform="x",
        handle=mimicry.glue(rng, protected.handle, word) if chance(rng, 0.4) else mimicry.initialled(rng, protected),
        display_name=_said(rng, protected, wording.OFFICE_NAMES),
        bio=pick(rng, (said, said, said, protected.bio, None)),
        links=protected.links if chance(rng, 0.5) else (),
        avatar_pdq=protected.avatar_pdq if chance(rng, 0.4) else _picture(rng),
        followed_by_target=_maybe(rng, 0.5, 0.8),
        **_audience(rng, mean=8.0, spread=2.0, verified=0.4, default_avatar=0.02),
    )


def namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Another person or business of the same name, with a life of its own."""
    name = protected.display_name or " ".join(mimicry.split_words(protected.handle))
    handle = mimicry.own_variant(rng, name) if chance(rng, 0.8) else stranger(rng).handle
    bio = _lived(rng, pick(rng, wording.OWN_LIVES)) if chance(rng, 0.85) else None
    return replace(_ordinary(rng), handle=handle, display_name=name, bio=bio)


def half_namesake(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Somebody with the same given or family name, or with one word of an organisation's name."""
    parts = _shown(protected).split()
    own = invent_person(rng)
    name = f"{pick(rng, own.name.split())} {parts[-1]}" if chance(rng, 0.5) else f"{parts[0]} {own.name.split()[-1]}"
    handle = mimicry.own_variant(rng, name) if chance(rng, 0.8) else stranger(rng).handle
    return replace(_ordinary(rng), handle=handle, display_name=name, bio=_lived(rng, pick(rng, wording.OWN_LIVES)))


def colleague(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """People who work with or for the protected account, held its role before, or hold another there."""
    firm = next((role.partition(" of ")[2] for role in protected.roles if " of " in role), _shown(protected))
    role = pick(rng, protected.roles) if protected.roles else _shown(protected)
    text = pick(rng, wording.COLLEAGUES).replace("{firm}", firm).replace("{role}", role)
    return replace(_ordinary(rng), bio=_lived(rng, text.replace("{name}", _shown(protected))))


def fan(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Admirers, archives and news about the protected account, who say so in the name or in the bio."""
    shown, bio = _said(rng, protected, wording.FAN_NAMES), _said(rng, protected, wording.FAN_BIOS)
    word = pick(rng, ("fans", "fan", "fanclub", "daily", "updates", "archive", "news"))
    handle = mimicry.glue(rng, protected.handle, word) if chance(rng, 0.5) else mimicry.random_handle(rng)
    picture = _copied_picture(rng, protected, 0.5)
    return replace(_ordinary(rng), handle=handle, display_name=shown, bio=bio, avatar_pdq=picture)


def parody(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Parody, satire and role play, declared in the name or in the bio; one in twelve lures all the same."""
    in_name = chance(rng, 0.5)
    shown = _said(rng, protected, wording.PARODY_NAMES if in_name else ("{name}",))
    bio = (
        _said(rng, protected, wording.PARODY_BIOS)
        if not markers.declares_parody(shown.casefold()) or chance(rng, 0.5)
        else None
    )
    if chance(rng, 1 / 12):
        bio = f"{bio or ''} {pick(rng, wording.LURES)}".strip()
    elif bio is None and chance(rng, 0.5):
        bio = _lived(rng, pick(rng, wording.OWN_LIVES))
    handle = pick(
        rng,
        (
            mimicry.glue(rng, protected.handle, pick(rng, ("parody", "fake", "not", "notthe"))),
            mimicry.typo(rng, protected.handle),
            mimicry.random_handle(rng),
        ),
    )
    picture = _copied_picture(rng, protected, 0.5)
    return replace(_ordinary(rng), handle=handle, display_name=shown, bio=bio, avatar_pdq=picture)


def coincidence(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """A handle that shares a word with the protected one, or has a number or another first letter beside it."""
    return replace(_ordinary(rng), handle=mimicry.coincidence(rng, protected.handle))


def neighbour(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """A stranger whose handle, of many thousands that people chose for themselves, comes near; none where none does."""
    found = near(protected.handle)
    if not found:
        return None
    own = pick(rng, found)
    return replace(_ordinary(rng), handle=own.handle, display_name=own.name)


def mention(rng: np.random.Generator, protected: ProtectedAccount) -> Account:
    """Ordinary people who write about, support, quote or cannot stand the protected account."""
    return replace(_ordinary(rng), bio=_said(rng, protected, wording.MENTIONS))


def ordinary(rng: np.random.Generator, protected: ProtectedAccount) -> Account:  # noqa: ARG001 - the base rate needs no target
    """Ordinary people and small businesses: the base rate."""
    return _ordinary(rng)


ATTACKS: dict[str, Family] = {
    f.__name__: f
    for f in (typo, look_alike, added_word, decorated, cloned_name, claimed_role, cloned_bio, support, spokesman)
}
GENUINE: dict[str, tuple[Family, Label]] = {
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
}
FAMILIES: tuple[str, ...] = (*ATTACKS, *GENUINE)
# Whoever imitates looks at what he made: a handle nobody would take for the original is drawn again, a few times.
# In bits beyond chance, as ``edits.beyond_chance`` gives them: one stranger in a million comes as near.
_MISLEADING = 20.0
_TRIES = 5
# What is most easily taken for an impersonator comes more often: strangers near by chance, whom half of the accounts do
# not have, and second accounts.
TIMES = {"neighbour": 10, "secondary": 4}
CASES_EACH = sum(TIMES.get(family, 1) for family in FAMILIES)


def simulate(
    protected: Sequence[ProtectedAccount], *, seed: int, families: Sequence[str] = FAMILIES, each: int = 1
) -> Iterator[Case]:
    """Yield ``each`` cases of every family, times ``TIMES``, for every protected account.

    A case depends on the seed, the account's place and the family only, so more accounts or families change no other.

    Raises
    ------
    ValueError
        If a family is not one of ``FAMILIES``.
    """
    for place, account in enumerate(protected):
        for family in families:
            rng = np.random.default_rng([seed, place, FAMILIES.index(family)])
            for _ in range(each * TIMES.get(family, 1)):
                case = make_case(rng, account, family)
                if case is not None:
                    yield case


def make_case(rng: np.random.Generator, protected: ProtectedAccount, family: str) -> Case | None:
    """Make one case of a family, with some fields unknown as in real sources; None where the family has none."""
    make, label = _family(family)
    account = make(rng, protected)
    while account is not None and identity_key(account.handle) == identity_key(protected.handle):
        account = make(rng, protected)  # that was the account itself: draw again
    if account is None:
        return None
    known = replace(_partly_known(rng, account, family), account_id=str(rng.integers(10**8, 10**15)))
    return Case(known, protected, label, family)


def _family(name: str) -> tuple[Family, Label]:
    return (ATTACKS[name], "impersonation") if name in ATTACKS else GENUINE[name]


# Families whose whole point is in name or bio: without them there is nothing to tell.
_NEEDS_TEXT = frozenset(
    {
        "cloned_name",
        "claimed_role",
        "cloned_bio",
        "support",
        "spokesman",
        "namesake",
        "half_namesake",
        "colleague",
        "fan",
        "mention",
        "secondary",
        "parody",
    }
)


def _partly_known(rng: np.random.Generator, account: Account, family: str) -> Account:
    """Hide what some sources do not tell: everything but handle, dates and audience, or single fields."""
    if family not in _NEEDS_TEXT and chance(rng, 0.4):
        account = Account(
            platform=account.platform, handle=account.handle, followers=account.followers, created_at=account.created_at
        )
    hidden = {
        name: None
        for name in (
            "avatar_pdq",
            "verified",
            "default_avatar",
            "posts",
            "observed_at",
            "followers",
            "created_at",
            "followed_by_target",
        )
        if chance(rng, 0.25)
    }
    return replace(account, **hidden)  # type: ignore[arg-type]


def _attacker(rng: np.random.Generator, protected: ProtectedAccount, handle: str, name: str | None = None) -> Account:
    return Account(
        platform="x",
        handle=handle,
        display_name=(name or protected.display_name or "").strip() or None,
        bio=_attack_bio(rng, protected),
        links=_attack_links(rng, protected),
        avatar_pdq=_copied_picture(rng, protected, 0.6),
        followed_by_target=_maybe(rng, 0.3, 0.01),
        **_audience(rng, mean=6.0, spread=2.0, verified=0.03, default_avatar=0.1),
    )


def _unlike(rng: np.random.Generator, protected: ProtectedAccount) -> str:
    """Make a handle unlike the protected one: random, or of the borne name as a namesake's would be."""
    return mimicry.own_variant(rng, _shown(protected)) if chance(rng, 0.1) else mimicry.random_handle(rng)


def _slipped(rng: np.random.Generator, handle: str) -> str:
    slipped = mimicry.typo(rng, handle)
    return mimicry.decorate(rng, slipped) if chance(rng, 0.2) else slipped


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
    lure = pick(rng, wording.LURES)
    return pick(rng, (copied, f"{copied or ''} {lure}".strip(), lure, lure, invent_bio(rng, None), None))


def _attack_links(rng: np.random.Generator, protected: ProtectedAccount) -> tuple[str, ...]:
    draw = rng.random()
    if draw < 0.3:
        return (f"https://{pick(rng, ('t.me', 'wa.me', 'bit.ly'))}/{mimicry.random_handle(rng)}",)
    if draw < 0.34:
        return protected.links
    return (f"https://{mimicry.random_handle(rng)}.example",) if draw < 0.5 else ()


def _ordinary(rng: np.random.Generator) -> Account:
    persona = invent_person(rng) if chance(rng, 0.85) else invent_organisation(rng)
    handle = invent_handle(rng, persona)
    links = (f"https://{ascii_only(handle).lower()}.example",) if chance(rng, 0.2) else ()
    return Account(
        platform="x",
        handle=handle + str(rng.integers(10, 9999)) if chance(rng, 0.3) else handle,
        display_name=persona.name if chance(rng, 0.8) else persona.latin[0],
        bio=invent_bio(rng, None) if chance(rng, 0.8) else None,
        links=links,
        avatar_pdq=_picture(rng),
        followed_by_target=_maybe(rng, 0.3, 0.02),
        **_audience(rng, mean=6.0, spread=2.2, verified=0.06, default_avatar=0.08),
    )


def _audience(
    rng: np.random.Generator, *, mean: float, spread: float, verified: float, default_avatar: float
) -> dict[str, Any]:
    """Draw counts, dates and flags. Ages are spread alike for all: impersonators sit on old, renamed accounts too."""
    created = random_day(rng, last=OBSERVED - timedelta(days=1))
    return {
        "followers": int(np.exp(rng.normal(mean, spread))),
        "following": int(np.exp(rng.normal(5.5, 1.3))),
        "posts": int(np.exp(rng.normal(6.0, 2.0))),
        "created_at": created,
        "observed_at": OBSERVED,
        "verified": chance(rng, verified),
        "default_avatar": chance(rng, default_avatar),
    }


def _copied_picture(rng: np.random.Generator, protected: ProtectedAccount, share: float) -> str | None:
    """Copy the picture, re-encoded: a few of PDQ's 256 bits differ; the standard's match is within 31."""
    if protected.avatar_pdq is None or not chance(rng, share):
        return _picture(rng)
    flipped = sum(1 << int(bit) for bit in set(rng.integers(0, 256, size=rng.integers(0, 24)).tolist()))
    return f"{int(protected.avatar_pdq, 16) ^ flipped:064x}"


def _picture(rng: np.random.Generator) -> str:
    return rng.bytes(32).hex()


def _maybe(rng: np.random.Generator, known: float, true: float) -> bool | None:
    return chance(rng, true) if chance(rng, known) else None


def _shown(protected: ProtectedAccount) -> str:
    return protected.display_name or " ".join(mimicry.split_words(protected.handle))


def _said(rng: np.random.Generator, protected: ProtectedAccount, options: Sequence[str]) -> str:
    """Draw a wording and fill in what is the protected account's, its role as people paraphrase it."""
    role = mimicry.paraphrase(rng, pick(rng, protected.roles)) if protected.roles else _shown(protected)
    interest = pick(rng, INTERESTS)
    return pick(rng, options).format(
        name=_shown(protected), role=role, handle=protected.handle, interest=interest, place="{place}", firm="{firm}"
    )


def _lived(rng: np.random.Generator, text: str) -> str:
    firm = invent_organisation(rng).name
    place = pick(rng, PLACE_STEMS) + pick(rng, PLACE_ENDINGS)
    return text.replace("{firm}", firm).replace("{place}", place).replace("{interest}", pick(rng, INTERESTS))
