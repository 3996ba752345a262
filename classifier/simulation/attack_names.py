"""The name of an attack: the target's in some form, its title or organisation, an ask, a service desk, or none.

Counted over the development sets, November 2026 (aggregates):

- claims of one famous person (59): a sentence that asks .59, a title or organisation .22, the given name with an
  epithet or an epithet alone .14, the handle again .05;
- fake support (504 with a name): copied to the letter .73, but for accents, case or a full stop .16, with more .09,
  another .01;
- claims on many targets (61 with a name): an honorific before it .33, with other words beside it .21 (loans,
  promotions, official, a channel), in full .08, spelled otherwise .07, a part, turned round or otherwise .31;
- clones of ordinary people (52): the name as it is.

The mix below weighs these kinds alike.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from classifier.simulation import perturbations
from classifier.simulation.attack_phrases import EPITHETS, FLAGS, SIGNS, Wordings
from classifier.simulation.population import invent_person
from classifier.simulation.sampling import chance, draw, pick
from classifier.simulation.target_words import TargetWords
from classifier.text.spelling import MARKS
from classifier.text.stream_safe import normalized

Style = Callable[[np.random.Generator, TargetWords, Wordings], str | None]


def copied(_rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str:
    """The name to the letter."""
    return target.name


def respelled(rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str:
    """Accents dropped, in capitals or small letters, turned round, a word less, or with a slip."""
    words = target.name.split()
    turned = " ".join(reversed(words))
    options = (
        _without_marks(target.name), target.name.upper(), target.name.lower(), f"{target.name}.", turned,
        perturbations.typo(rng, target.name), "".join(words), " ".join(words[1:]) or target.name,
    )  # fmt: skip
    return pick(rng, options)


def dressed(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str:
    """The name with a claim, a sign or a flag."""
    claim, sign, flag = pick(rng, say.claims), pick(rng, SIGNS), pick(rng, FLAGS)
    shown = pick(rng, (target.name, target.name, _part(rng, target)))
    options = (
        f"{shown} {claim}", f"{shown} {sign}", f"{shown} {flag}", f"{sign} {shown} {sign}", f"{shown} ({claim})",
        f"{claim} {shown}", f"{shown} | {claim}", f"The real {shown}", f"{shown} {claim} {sign}", f"{shown} {claim}",
    )  # fmt: skip
    return pick(rng, options)


def honoured(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """The name, or the given name, behind an honorific or a title."""
    if not target.is_person:
        return None
    title = pick(rng, target.titles) if target.titles and chance(rng, 0.6) else pick(rng, say.honorifics)
    named = pick(rng, (target.name, target.name, _part(rng, target)))
    return pick(rng, (f"{title} {named}", f"{title} {named}", f"{named} {title}", f"{named} - {title}"))


def in_part(rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str:
    """The given name or the last, alone, with an initial, a middle name, an epithet, or what it is the name of."""
    part = _part(rng, target)
    middle = pick(rng, target.middles) if target.middles else pick(rng, EPITHETS)
    initials = " ".join(f"{word[0]}." for word in target.words) or part
    other = pick(rng, target.words) if target.words else part
    options = (
        part, f"{part} {other[:1].upper()}.", f"{pick(rng, EPITHETS)} {part}", f"{part} {middle}", initials,
        f"{part} X", f"{part} {pick(rng, SIGNS)}", f"{pick(rng, EPITHETS)}",
    )  # fmt: skip
    return pick(rng, options)


def title(rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str | None:
    """The title with the organisation, as people say it, or with the given name; seldom alone."""
    if not target.titles:
        return None
    called = pick(rng, target.titles)
    held = " ".join(filter(None, (called, "of", pick(rng, target.organisations)))) if target.organisations else called
    said = perturbations.paraphrase(rng, held)
    part = _part(rng, target)
    options = (
        said,
        said,
        f"{said} {pick(rng, SIGNS)}",
        f"{part} {called}",
        f"{called} {part}",
        f"{said} ({part})",
        called,
    )
    return _shouted(rng, pick(rng, options))


def organisation(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str | None:
    """The organisation, alone or with a claim, a country or a department."""
    if not target.organisations:
        return None
    firm = pick(rng, target.organisations)
    first = firm.split()[0]
    claim, flag = pick(rng, say.claims), pick(rng, FLAGS)
    options = (
        firm,
        f"{firm} {claim}",
        f"{first} {claim}",
        f"{firm} {flag}",
        first,
        f"{claim} {firm}",
        f"{firm} {first}",
    )
    return _shouted(rng, pick(rng, options))


def roles(rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str | None:
    """A list of roles: "CEO - Northwind, Founder of Soltek"."""
    return role_list(rng, target)


def asks(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str:
    """A sentence that asks, in place of a name; seldom with the name behind."""
    ask = _shouted(rng, pick(rng, say.ask_names))
    shown = draw(rng, {"": 0.75, " {sign}": 0.13, " {name}": 0.06, "!": 0.06})
    return ask + shown.format(sign=pick(rng, SIGNS), name=_part(rng, target))


def desk(rng: np.random.Generator, target: TargetWords, say: Wordings) -> str:
    """A service desk of the name, or of the organisation."""
    served = pick(rng, target.organisations) if target.organisations and chance(rng, 0.8) else target.name
    return pick(rng, say.desks).format(name=served)


def styled(rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str:
    """The name in letters for mathematicians, small capitals, spaced out or between signs."""
    if chance(rng, 0.7):
        return perturbations.styled(rng, target.name)
    joiner = pick(rng, (".", "⭐", "·", "~"))
    return joiner.join(target.name.replace(" ", "")) if chance(rng, 0.5) else joiner.join(target.name.split())


def look_alike(rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str:
    """The name with letters that look the same."""
    return perturbations.look_alike(rng, target.name, ascii_only=chance(rng, 0.3))


def other_surname(rng: np.random.Generator, target: TargetWords, _say: Wordings) -> str | None:
    """The name with somebody else's surname added, as borrowed accounts show it."""
    return f"{target.name} {invent_person(rng).latin[-1]}" if target.is_person else None


def somebody(rng: np.random.Generator, _target: TargetWords, _say: Wordings) -> str:
    """Another person's name: handle, bio or link say who is meant."""
    return invent_person(rng).name


STYLES: dict[str, Style] = {
    style.__name__: style
    for style in (
        copied, respelled, dressed, honoured, in_part, title, organisation, roles, asks, desk, styled, look_alike,
        other_surname, somebody,
    )
}  # fmt: skip
# Names that are drawn by the handle: shown again, or nothing at all.
AGAIN, EMPTY = "again", "empty"
_TRIES, _LONGEST = 5, 50


def name(
    rng: np.random.Generator, target: TargetWords, say: Wordings, styles: dict[str, float], handle: str
) -> str | None:
    """Draw a name in one of ``styles``, and again where a style has no word to work with; None where it is empty."""
    for _ in range(_TRIES):
        style = draw(rng, styles)
        if style in (AGAIN, EMPTY):
            return handle if style == AGAIN else None
        found = (STYLES[style](rng, target, say) or "").strip()[:_LONGEST].strip()
        if found:
            return found
    return None


def role_list(rng: np.random.Generator, target: TargetWords) -> str | None:
    """Draw the roles in other words: as a list, with signs, commas or the given name before them."""
    held = [(called, firm) for called, firm in zip(target.titles, target.organisations, strict=False)]
    if not held:
        return None
    how = pick(rng, ("{0} - {1}", "{0} of {1}", "{1} {0}", "{1}. {0}", "{0} @{1}", "{0}, {1}", "{1}: {0}"))
    sign = pick(rng, ("", "", f" {pick(rng, SIGNS)}"))
    parts = [how.format(called, firm) + sign for called, firm in held if chance(rng, 0.9)] or [how.format(*held[0])]
    if chance(rng, 0.3):
        parts.append(
            pick(rng, ("Investor", "Philanthropist", "Engineer", "Father", "Architect", "Believer", "Founder"))
        )
    return pick(rng, (", ", " / ", " | ", " · ", " & ", " ")).join(parts)


def _part(rng: np.random.Generator, target: TargetWords) -> str:
    words = target.name.split()
    return pick(rng, (words[0], words[0], words[-1])) if words else target.name


def _shouted(rng: np.random.Generator, text: str) -> str:
    how = rng.random()
    return text if how < 0.55 else text.upper() if how < 0.85 else text.title()


def _without_marks(text: str) -> str:
    return MARKS.sub("", normalized("NFKD", text))
