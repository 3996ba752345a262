"""The bio and the links of an attack.

Counted over the development sets, November 2026 (aggregates):

- fake support (504 profiles): the bio copied .19, partly or nearly .14, in other words with the brand .37, without it
  .28, empty .02; it asks to write or leave a number in .53 and calls itself official in .25; a link .67;
- claims of one famous person (59): asks .63 (with a messenger's address .32), a list of roles .07, something else .22,
  empty .08; one declares a fan account and asks all the same;
- claims on many targets, typosquats, look-alikes, clones: unknown in nearly all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from classifier.simulation import perturbations
from classifier.simulation.attack_names import role_list
from classifier.simulation.attack_phrases import SIGNS, SPAM, Wordings
from classifier.simulation.population import invent_bio
from classifier.simulation.sampling import chance, draw, pick
from classifier.simulation.target_words import TargetWords

Style = Callable[[np.random.Generator, TargetWords, Wordings], str | None]
_EVERYBODYS = ("bit.ly", "tinyurl.com", "cutt.ly", "linktr.ee", "rb.gy", "beacons.ai")
_FREE_SITES = ("blogspot.com", "wixsite.com", "web.app", "netlify.app", "wordpress.com", "weebly.com", "vercel.app")


def copied(_rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str | None:
    """The bio to the letter."""
    return target.account.bio


def partly(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """Some of the bio's words, with slips, or with an ask behind."""
    if not target.account.bio:
        return None
    part = perturbations.in_part(rng, target.account.bio)
    changed = perturbations.typo(rng, part) if chance(rng, 0.3) else part
    return f"{changed} {pick(rng, say.asks)}" if chance(rng, 0.3) else changed


def roles(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """The roles in other words, alone or behind the name."""
    listed = role_list(rng, target)
    if listed is None:
        return None
    return pick(
        rng, (listed, listed, f"{target.name}. {listed}", f"{listed}. {pick(rng, say.asks)}", f"I am the {listed}")
    )


def claims(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """Says that it is the official, the private, the backup or the managed account."""
    text = _filled(rng, pick(rng, say.claim_bios), target)
    return f"{text}. {pick(rng, say.asks)}" if chance(rng, 0.4) else text


def asks(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """Asks to write, click, pay or claim, with or without the address of a messenger."""
    text = pick(rng, say.asks)
    shown = text.upper() if chance(rng, 0.2) else text
    return f"{shown} {pick(rng, ('👇 ', '⬇️ ', '📩 ', ''))}{messenger(rng, target)}" if chance(rng, 0.4) else shown


def named(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """The name alone, or with a sign or a claim."""
    claim = pick(rng, say.claims)
    options = (target.name, target.name.upper(), f"{target.name} {pick(rng, SIGNS)}", f"{claim} {target.name}")
    return pick(rng, options)


def desk(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """What a service desk says of itself, now and then with slips."""
    text = _filled(rng, pick(rng, say.desk_bios), target)
    if chance(rng, 0.3):
        text = f"{text}. {pick(rng, say.desk_bios).format(name=target.name)}"
    return perturbations.typo(rng, text) if chance(rng, 0.2) else text


def declared(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """A declaration, as parodies and fans make it, with an ask beside it."""
    return _filled(rng, pick(rng, say.declared), target)


def ordinary(rng: np.random.Generator, _target: TargetWords, _say: Wordings) -> str | None:
    """What ordinary people write."""
    return invent_bio(rng, None)


def spam(rng: np.random.Generator, _target: TargetWords, _say: Wordings) -> str | None:
    """Advertising that has to do with nobody."""
    return pick(rng, SPAM)


STYLES: dict[str, Style] = {
    style.__name__: style
    for style in (copied, partly, roles, claims, asks, named, desk, declared, ordinary, spam)
}  # fmt: skip
EMPTY = "empty"
_TRIES, _LONGEST = 5, 160


def bio(rng: np.random.Generator, target: TargetWords, say: Wordings, styles: dict[str, float]) -> str | None:
    """Draw a bio in one of ``styles``, and again where a style has nothing to work with; None where it is empty."""
    for _ in range(_TRIES):
        style = draw(rng, styles)
        found = None if style == EMPTY else (STYLES[style](rng, target, say) or "").strip()[:_LONGEST].strip()
        if found or style == EMPTY:
            return found
    return None


# How often each sort of link comes, to whom; of fake support two in three show one.
LINKS = {"none": 0.55, "messenger": 0.16, "everybody's": 0.08, "copied": 0.09, "free": 0.06, "other": 0.06}


def links(rng: np.random.Generator, target: TargetWords) -> tuple[str, ...]:
    """Draw links: none, a messenger's, a shortener's, the target's, a free site with its name, or another."""
    kind = draw(rng, LINKS)
    brand = "".join(target.words).lower() or perturbations.random_handle(rng)
    if kind == "messenger":
        return (f"https://{messenger(rng, target)}",)
    if kind == "everybody's":
        return (f"https://{pick(rng, _EVERYBODYS)}/{perturbations.random_handle(rng)[:7]}",)
    if kind == "copied":
        return target.account.links
    if kind == "free":
        host = pick(rng, (brand, f"{brand}-{pick(rng, ('help', 'online', 'login', 'promo', 'official'))}"))
        return (f"https://{host}.{pick(rng, _FREE_SITES)}",)
    return () if kind == "none" else (f"https://{perturbations.random_handle(rng)}.example",)


def messenger(rng: np.random.Generator, target: TargetWords) -> str:
    """Draw the address of a messenger, most with a part of the target's name in its path."""
    if chance(rng, 0.15):
        return f"wa.me/{rng.integers(10**9, 10**11)}"
    words = [word.lower() for word in target.words] or [target.handle]
    joined = pick(rng, ("", "_", "")).join(words)
    extra = pick(rng, ("", "_private", "_official", "x", str(rng.integers(1, 99_999)), "_chat", "prv", "_team"))
    path = pick(rng, (joined, joined, words[0], words[-1], perturbations.random_handle(rng)))
    return f"t.me/{path}{extra}"


def _filled(rng: np.random.Generator, text: str, target: TargetWords) -> str:
    protected = target.account
    return text.format(
        name=target.name,
        handle=protected.handle,
        role=perturbations.paraphrase(rng, pick(rng, protected.roles)) if protected.roles else target.name,
        organisation=pick(rng, target.organisations) if target.organisations else target.name,
    )
