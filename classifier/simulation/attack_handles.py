"""The handle of an attack: how it plays on the target's handle or name, what is put beside it, and what it ends in.

Counted over the development sets, November 2026 (aggregates, every target weighing the same; n handles of m targets):

===========================  ==========  ==========  ===========  ==========  ==========
what was done to the handle  typosquats  packages    look-alikes  clones      named
n of m                       340 of 27   143 of 67   38 of 31     52 of 52    66 of 53
===========================  ==========  ==========  ===========  ==========  ==========
a letter dropped             .18         .16         .07          .00         .00
two swapped                  .13         .09         .03          .00         .00
a letter doubled             .12         .06         .07          .00         .06
a letter inserted            .01         .06         .11          .00         .04
a letter put before, behind  .07         .08         .02          .00         .06
a letter changed             .02         .14         .10          .02         .01
a letter that looks alike    .02         .02         .16          .98         .02
separators only              .00         .08         .02          .00         .05
a word or TLD put beside     .39         .11         .00          .00         .21
digits put behind            .00         .02         .03          .00         .12
two or more, or otherwise    .06         .20         .40          .00         .44
===========================  ==========  ==========  ===========  ==========  ==========

Claims of famous persons (59): digits behind .61 (five or more .12), an underscore inside .25, a title or organisation
in the handle .48, all in lower case. Fake support (605 of 11): nothing of the brand .08, the start of one of its words
.15, one word .63, all .14; cut at 15 characters .31, an underscore inside .40, first .06, last .11, doubled .09; a
country .34, a word of support .17, digits behind .14, a digit within .08, all in capitals .06.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from classifier.simulation import perturbations
from classifier.simulation.sampling import a_word, chance, draw, pick, stranger
from classifier.simulation.target_words import TargetWords, latin_words

# X's longest handle; older and other platforms have longer ones.
LIMIT, LONG_LIMIT = 15, 20
_LONG = 0.04
_SHORT = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Put beside a handle or a name, by what they are to make believe.
AFFIXES = {
    "official": (0.2, "official oficial ofi ofc offi ok okay oficiall officiel resmi verified legit"),
    "support": (
        0.22,
        "help ayuda ajuda support soporte suporte care cs atencion atend aten chat hs info service servicio sac "
        "cliente consultas responde reclamos bantuan layanan hilfe aide destek helpdesk assist online 24 24hs 247",
    ),
    "country": (0.2, "ar arg mx us usa uk br id in de es fr ng ke za ph co cl pe tr it ca au eu latam"),
    "real": (0.14, "real thereal the iam its im mr mrs only true just hi xx x me one"),
    "line": (0.1, "private prv backup bk alt new page tv live channel team hq fc dm pv vip inbox line second"),
    "money": (0.07, "giveaway gift berbagi promo loans fx invest trade crypto bonus grant hadiah"),
    "web": (0.12, "app com net web io pro org inc corp group store"),
}
# Titles as handles shorten them.
_TITLES = {"founder": "founder", "president": "pres", "senator": "sen", "governor": "gov", "minister": "min"}
_VOWELS = re.compile(r"(?<=.)[aeiou]")
_TWINS = {"i": "l1", "I": "l1", "l": "I1", "L": "I1", "o": "0", "O": "0", "1": "lI", "0": "oO"}
_TWIN_RUNS = {"rn": "m", "m": "rn", "vv": "w", "w": "vv", "cl": "d", "d": "cl"}
_LEET = str.maketrans("aeiost", "431057")

Style = Callable[[np.random.Generator, TargetWords], str | None]


def slip(rng: np.random.Generator, target: TargetWords) -> str:
    """A slip of the finger in the handle or the joined name, seldom two."""
    base = _base(rng, target)
    changed = perturbations.typo(rng, base)
    return perturbations.typo(rng, changed) if chance(rng, 0.12) else changed


def look_alike(rng: np.random.Generator, target: TargetWords) -> str:
    """Letters that look the same: mostly I, l, 1 and O, 0, then rn for m and the like, seldom of other alphabets."""
    base = _base(rng, target)
    if chance(rng, 0.6):
        return twin(rng, base)
    return perturbations.look_alike(rng, base, ascii_only=not chance(rng, 0.03))


def edge(rng: np.random.Generator, target: TargetWords) -> str:
    """A letter or two, underscores, or a digit or two before or behind."""
    base = _base(rng, target)
    letter = pick(rng, _LETTERS)
    return pick(rng, (f"{base}{letter}", f"{letter}{base}", f"{base}{base[-1]}", perturbations.decorate(rng, base)))


def separated(rng: np.random.Generator, target: TargetWords) -> str:
    """The words of handle or name with underscores otherwise: more, fewer, elsewhere."""
    base = _base(rng, target)
    if "_" in base.strip("_") and chance(rng, 0.5):
        return base.replace("_", pick(rng, ("", "__")))
    parts = perturbations.split_words(base)
    joined = pick(rng, ("_", "__")).join(parts) if len(parts) > 1 else base
    before, behind = pick(rng, (("", "_"), ("_", ""), ("", "__"), ("_", "_"), ("", "")))
    return f"{before}{joined}{behind}"


def affixed(rng: np.random.Generator, target: TargetWords) -> str:
    """The handle or the name with a word beside it, now and then two; of a long name its longest word."""
    base = _base(rng, target, handle=0.55)
    if len(base) > LIMIT - _SHORT and target.words and chance(rng, 0.5):
        base = max(target.words, key=len)
    handle = beside(rng, base, affix(rng))
    return beside(rng, handle, affix(rng)) if chance(rng, 0.12) else handle


def numbered(rng: np.random.Generator, target: TargetWords) -> str:
    """The handle or the name with digits behind."""
    base = _base(rng, target)
    return fitted(base + pick(rng, ("", "", "_")), tail(rng) or str(rng.integers(1, 999)))


def parts(rng: np.random.Generator, target: TargetWords) -> str | None:
    """Parts of the name: the given name alone, the last alone, an initial, a middle name; title words and digits."""
    if not target.words:
        return None
    words = [word.lower() for word in target.words]
    first, last = words[0], words[-1]
    middle = pick(rng, target.middles).lower() if target.middles else pick(rng, _LETTERS)
    joiner = pick(rng, ("", "", "_"))
    cores = (
        first, last, first + joiner + last, last + joiner + first, first[0] + joiner + last, first + joiner + last[0],
        first + joiner + middle, first + joiner + middle + joiner + last, middle + joiner + last,
        f"mr{joiner}{last}", first + joiner + last[: max(1, len(last) // 2)], first[0] + last[:4], f"{first}x{last}",
    )  # fmt: skip
    core = pick(rng, cores)
    if chance(rng, 0.25):
        word = _title(rng, target) if target.titles and chance(rng, 0.6) else affix(rng)
        core = beside(rng, core, word)
    return fitted(core, tail(rng))


def titled(rng: np.random.Generator, target: TargetWords) -> str | None:
    """The title with the organisation, or with a part of the name."""
    if not target.titles and not target.organisations:
        return None
    title = _title(rng, target)
    organisation = _organisation(rng, target)
    named = pick(rng, target.words).lower() if target.words else organisation
    joiner = pick(rng, ("", "", "_"))
    cores = (
        f"{title}{joiner}{organisation}", f"{title}of{organisation}", f"{organisation}{joiner}{title}",
        f"{title}{joiner}{named}", f"{named}{joiner}{title}", f"{named}{joiner}{title}{organisation}",
        f"{named}{joiner}{organisation}", f"{organisation}{joiner}{named}",
    )  # fmt: skip
    return fitted(pick(rng, cores), tail(rng))


def organisation(rng: np.random.Generator, target: TargetWords) -> str | None:
    """The organisation, or a product's word of it, with a word or digits."""
    if not target.organisations:
        return None
    core = _organisation(rng, target)
    return beside(rng, core, affix(rng)) if chance(rng, 0.6) else fitted(core, tail(rng))


def broken(rng: np.random.Generator, target: TargetWords) -> str | None:
    """The name broken on purpose: cut, shortened, its vowels gone, letters put in, its words turned round."""
    if not target.words:
        return None
    named = (
        target.words if not target.organisations or chance(rng, 0.7) else latin_words(pick(rng, target.organisations))
    )
    if not named:
        return None
    words = list(named)
    if len(words) > 1 and chance(rng, 0.15):
        words.reverse()
    place = int(rng.integers(len(words)))
    for other in range(len(words)):
        if other == place or chance(rng, 0.3):
            words[other] = _broken_word(rng, words[other])
    if len(words) > 1 and chance(rng, 0.35):
        words.pop(int(rng.integers(len(words))))
    core = pick(rng, ("", "", "_", "__")).join(words)
    return beside(rng, core, affix(rng)) if chance(rng, 0.5) else fitted(core, tail(rng))


def automatic(rng: np.random.Generator, target: TargetWords) -> str | None:
    """What a platform hands out to whoever types the name: its first letters and eight digits."""
    joined = "".join(target.words)
    return fitted(joined, str(rng.integers(10**7, 10**8))) if joined else None


def meaningless(rng: np.random.Generator, _target: TargetWords) -> str | None:
    """Letters and digits, or the handle of somebody whose account it was."""
    if chance(rng, 0.45):
        return perturbations.random_handle(rng)
    return fitted(stranger(rng).handle, tail(rng))


def role_word(rng: np.random.Generator, target: TargetWords) -> str | None:
    """A word of service or of the trade without the target's name: "cardhelp__", "onlinebank_24"."""
    core = beside(rng, affix(rng), pick(rng, (affix(rng), a_word(rng))))
    return fitted(core, tail(rng)) if not target.is_person or chance(rng, 0.3) else None


STYLES: dict[str, Style] = {
    style.__name__: style
    for style in (
        slip, look_alike, edge, separated, affixed, numbered, parts, titled, organisation, broken, automatic,
        meaningless, role_word,
    )
}  # fmt: skip
# The second thing done to a handle, where two are done to it.
_ALSO = 0.12


def handle(rng: np.random.Generator, target: TargetWords, styles: dict[str, float]) -> str | None:
    """Draw a handle in one of ``styles``, valid on X; None where that style has no word to work with."""
    style = STYLES[draw(rng, styles)]
    found = style(rng, target) if target.handle or target.words or style is meaningless else None
    if not found:
        return None
    if chance(rng, _ALSO):
        found = twin(rng, found) if chance(rng, 0.5) else perturbations.typo(rng, found)
    return _valid(rng, found)


def of_name(rng: np.random.Generator, name: str) -> str | None:
    """Draw a handle that spells the name that is shown, as a platform proposes it; None where it has no letters."""
    joined = pick(rng, ("", "", "_")).join(latin_words(name))
    return _valid(rng, fitted(joined, tail(rng))) if joined else None


def twin(rng: np.random.Generator, text: str) -> str:
    """Replace one to three of I, l, 1, O and 0, or a run such as rn; a letter by the digit it resembles otherwise."""
    runs = [run for run in _TWIN_RUNS if run in text.lower()]
    places = [place for place, char in enumerate(text) if char in _TWINS]
    if runs and (not places or chance(rng, 0.3)):
        run = pick(rng, runs)
        return re.sub(run, _TWIN_RUNS[run], text, count=1, flags=re.IGNORECASE)
    if not places:
        return perturbations.look_alike(rng, text, ascii_only=True)
    chosen = {pick(rng, places) for _ in range(draw(rng, {1: 0.75, 2: 0.2, 3: 0.05}))}
    return "".join(pick(rng, _TWINS[char]) if place in chosen else char for place, char in enumerate(text))


def affix(rng: np.random.Generator) -> str:
    """Draw a word that is put beside a handle."""
    kind = draw(rng, {kind: weight for kind, (weight, _) in AFFIXES.items()})
    return pick(rng, _AFFIX_WORDS[kind])


_AFFIX_WORDS = {kind: tuple(words.split()) for kind, (_, words) in AFFIXES.items()}


def beside(rng: np.random.Generator, core: str, word: str) -> str:
    """Put a word behind, or before, with or without an underscore; the core is cut where both are too long."""
    joiner = draw(rng, {"": 0.56, "_": 0.38, "__": 0.06})
    core = core[: max(4, LIMIT - len(word) - len(joiner))] if chance(rng, 0.8) else core
    shown = pick(rng, (word, word, word.title(), word.upper() if len(word) < _SHORT else word))
    return f"{core}{joiner}{shown}" if chance(rng, 0.72) else f"{shown}{joiner}{core}"


def tail(rng: np.random.Generator) -> str:
    """Draw what a handle ends in: nothing, digits, letters and digits, or underscores."""
    kind = draw(rng, {"": 0.32, "short": 0.43, "long": 0.1, "mixed": 0.1, "_": 0.05})
    if kind == "short":
        length = draw(rng, {1: 0.25, 2: 0.3, 3: 0.25, 4: 0.2})
        return pick(rng, ("", "", "_")) + "".join(pick(rng, "0123456789") for _ in range(length))
    if kind == "long":
        return "".join(pick(rng, "0123456789") for _ in range(int(rng.integers(5, 9))))
    if kind == "mixed":
        return "".join(pick(rng, _LETTERS + "0123456789") for _ in range(int(rng.integers(2, 5))))
    return pick(rng, ("_", "__", "___")) if kind == "_" else ""


def fitted(core: str, ending: str) -> str:
    """Return a handle whose ending is whole: platforms cut what stands before it."""
    return core[: max(3, LIMIT - len(ending))] + ending


def _base(rng: np.random.Generator, target: TargetWords, handle: float = 0.88) -> str:
    """Return what is played upon: the handle, with this probability, or the name in one word."""
    joined = pick(rng, ("", "", "_")).join(target.words) or target.handle
    return target.handle if target.handle.strip("_") and chance(rng, handle) else joined


def _title(rng: np.random.Generator, target: TargetWords) -> str:
    title = re.sub(r"[^A-Za-z]", "", pick(rng, target.titles)).lower() if target.titles else affix(rng)
    return (_TITLES.get(title, title) or affix(rng))[:9]


def _organisation(rng: np.random.Generator, target: TargetWords) -> str:
    if not target.organisations:
        return affix(rng)
    words = latin_words(pick(rng, target.organisations)) or ("org",)
    return "".join(words[: draw(rng, {1: 0.6, 2: 0.4})]).lower()


def _broken_word(rng: np.random.Generator, word: str) -> str:
    if len(word) < 4:
        return word
    kind = draw(rng, {"cut": 0.3, "vowels": 0.15, "inserted": 0.2, "digit": 0.1, "split": 0.1, "slip": 0.15})
    place = int(rng.integers(1, len(word)))
    if kind == "cut":
        return word[: int(rng.integers(max(2, len(word) // 2 - 1), len(word)))]
    if kind == "vowels":
        return _VOWELS.sub("", word) if chance(rng, 0.5) else word[:1] + _VOWELS.sub("", word[1:])[:2]
    if kind == "inserted":
        return word[:place] + pick(rng, _LETTERS) * int(rng.integers(1, 3)) + word[place:]
    if kind == "digit":
        return word[:place] + word[place].translate(_LEET) + word[place + 1 :]
    return word[:place] + "_" + word[place:] if kind == "split" else perturbations.typo(rng, word)


def _valid(rng: np.random.Generator, handle: str) -> str:
    """Cut a handle to what a platform takes and write it as people do: in lower case, as it is, or in capitals."""
    cut = re.sub(r"\W", "", handle)[: LONG_LIMIT if chance(rng, _LONG) else LIMIT]
    how = rng.random()
    return cut if how < 0.5 else cut.lower() if how < 0.95 else cut.upper()
