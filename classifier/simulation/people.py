"""People: given and family names as often as people bear them, and how people write and choose their handles.

What is common is drawn often, so that two people of one name meet as often as they do. Shares of handles were
counted over two sets of ordinary accounts (524 of 2019, 473 of 2026): the handle is the name in 22 %, the name with
more in 20 %, holds a word of it in 22 %, a part of the name in 4 %, and has nothing to do with it in 27 %; 15 to 24 %
have an underscore, 8 to 15 % end in two digits or more, 2 to 5 % in five or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from classifier.simulation import vocabulary as say
from classifier.simulation.sampling import a_word, chance, draw, pick
from classifier.text.name_frequency import Kind, Name, key, languages
from classifier.text.spelling import spelled

LONGEST = 15  # what X allows for handles
# People whose family name is in no table: as many as the census leaves out of its common names, roughly.
RARE = 0.2
FAMILY_FIRST = frozenset(("ja", "ko", "zh", "vi"))
_NO_SPACE = frozenset(("ja", "ko", "zh"))
# Given as often in Latin letters on international platforms, this project's assumption.
_SHOWN_LATIN = 0.4
TRADES = (
    "art", "fit", "photo", "law", "dj", "md", "yoga", "music", "writes", "design", "dev", "films", "realtor", "phd",
    "cpa", "books", "golf", "chef", "fc", "tattoo", "beauty", "garage", "plumbing", "decor",
)  # fmt: skip
_CITIES = ("nyc", "la", "ldn", "atl", "tx", "bcn", "mex", "sp", "ist", "lagos", "delhi", "jkt", "bln", "uk", "za", "au")
# Other spellings of the same name: letters that sound alike.
_SOUNDS = (
    ("ph", "f"), ("f", "ph"), ("y", "i"), ("i", "y"), ("k", "c"), ("c", "k"), ("th", "t"), ("z", "s"), ("s", "z"),
    ("ee", "i"), ("oo", "u"), ("ou", "u"), ("u", "oo"), ("w", "v"), ("j", "y"), ("sh", "ch"), ("v", "b"), ("ie", "y"),
)  # fmt: skip
_ACCENTED = {"a": "áàãâä", "e": "éèêë", "i": "íï", "o": "óôöõ", "u": "úüû", "n": "ñ", "c": "ç", "s": "š", "z": "ž"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's name: in the letters he writes it in, and its two parts in Latin letters, given name first."""

    name: str
    given: str
    family: str
    language: str


def draw_person(rng: np.random.Generator, *, rare: float = RARE) -> Person:
    """Draw a person by the frequency of names; with the share ``rare`` the family name is one of a kind."""
    code = draw(rng, _shares())
    given = draw_name(rng, code, "given")
    family = invented_family(rng, code) if chance(rng, rare) else draw_name(rng, code, "family")
    latin = Name(given.latin, given.latin, 0.0), Name(family.latin, family.latin, 0.0)
    shown = latin if chance(rng, _SHOWN_LATIN) else (given, family)
    return Person(ordered(shown[0].native, shown[1].native, code), given.latin, family.latin, code)


def ordered(given: str, family: str, code: str) -> str:
    """Return the full name in the order in which speakers of a language write it."""
    if not given.isascii() or not family.isascii():
        joiner = "" if code in _NO_SPACE else " "
        return joiner.join((family, given) if code in FAMILY_FIRST else (given, family))
    return f"{given} {family}"


@cache
def _shares() -> dict[str, float]:
    return {code: language.share for code, language in languages().items()}


def draw_name(rng: np.random.Generator, code: str, kind: Kind) -> Name:
    """Draw a given or family name of a language as often as it is borne."""
    names, sums = _table(code, kind)
    return names[int(np.searchsorted(sums, rng.random() * sums[-1], side="right").clip(0, len(names) - 1))]


@cache
def _table(code: str, kind: Kind) -> tuple[tuple[Name, ...], NDArray[np.float64]]:
    # Letter by letter, Arabic, Hebrew and Hindi names give words in small letters that nobody writes.
    names = tuple(name for name in getattr(languages()[code], kind) if name.latin[:1].isupper())
    return names, np.array(list(accumulate(name.share for name in names)))


# In whose sound family names of other languages are made up; of those that are not named here none are.
_SOUND = {"pt": "es", "it": "es", "nl": "de", "sv": "de", "pl": "de", "uk": "ru", "in": "en", "id": "en", "ke": "yo"}


def invented_family(rng: np.random.Generator, code: str) -> Name:
    """Draw a family name that nobody else bears, in the sound of a language; a common one where there is no sound."""
    found = next((locale for locale in say.LOCALES if locale.code == _SOUND.get(code, code)), None)
    if found is None:
        return draw_name(rng, code, "family")
    stem, ending = pick(rng, found.stems), pick(rng, found.endings)
    middle = pick(rng, found.stems)[1].lower() if found.code == "en" and chance(rng, 0.3) else ""
    return Name(stem[0] + middle + ending[0], latin(stem[1] + middle + ending[1]), 0.0)


# --- the same name, or nearly ----------------------------------------------------------------------------------------


@cache
def _near(kind: Kind) -> dict[str, tuple[str, ...]]:
    """Return the names of the table by what is left of them without one letter."""
    found: dict[str, list[str]] = {}
    known = {key(name.latin): name.latin for each in languages().values() for name in getattr(each, kind)}
    for folded, latin in sorted(known.items()):
        for place in range(-1, len(folded)):
            found.setdefault(folded[:place] + folded[place + 1 :] if place >= 0 else folded, []).append(latin)
    return {left: tuple(names) for left, names in found.items()}


@lru_cache(5_000)
def neighbours_of(name: str, kind: Kind) -> tuple[str, ...]:
    """Return the names one letter from ``name``: another letter, one more or one less.

    Examples
    --------
    >>> "Marla" in neighbours_of("Maria", "given"), "Nell" in neighbours_of("Neil", "given")
    (True, True)
    """
    folded, near = key(name), _near(kind)
    left = {folded, *(folded[:place] + folded[place + 1 :] for place in range(len(folded)))}
    found = {other for part in left for other in near.get(part, ()) if len(key(other)) > 2}
    return tuple(sorted(other for other in found if key(other) != folded and _is_one_apart(folded, key(other))))


def _is_one_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def written_otherwise(rng: np.random.Generator, name: str) -> str:
    """Write a name in another honest way: without marks, with them, in capitals, in another script or spelling."""
    options = [
        spelled(name), _marked(rng, name), latin(name, keep=" "), name.upper(), name.lower(), _sounding(rng, name),
        _turned(name), _native(name),
    ]  # fmt: skip
    others = [other for other in options if other and other != name]
    return pick(rng, others) if others else f"{name}."


def _marked(rng: np.random.Generator, name: str) -> str:
    places = [place for place, char in enumerate(name) if char in _ACCENTED and place]
    if not places:
        return name
    place = pick(rng, places)
    return name[:place] + pick(rng, _ACCENTED[name[place]]) + name[place + 1 :]


def _sounding(rng: np.random.Generator, name: str) -> str:
    fitting = [(old, new) for old, new in _SOUNDS if old in name[1:]]
    if not fitting:
        return name
    old, new = pick(rng, fitting)
    return name[0] + name[1:].replace(old, new, 1)


def _turned(name: str) -> str:
    words = name.split()
    return f"{words[-1]} {' '.join(words[:-1])}" if len(words) > 1 else name


@cache
def _by_latin() -> dict[str, str]:
    names = [name for each in languages().values() for name in (*each.given, *each.family)]
    return {key(name.latin): name.native for name in reversed(names) if not spelled(name.native).isascii()}


def _native(name: str) -> str:
    words = [_by_latin().get(key(word)) for word in name.split()]
    return " ".join(word for word in words if word) if words and all(words) else name


def latin(text: str, *, keep: str = "") -> str:
    """Return a text in Latin letters without marks; "" where nothing can be said in them."""
    return "".join(c for c in anyascii(spelled(text)) if (c.isascii() and c.isalnum()) or c in keep).strip()


# --- handles ---------------------------------------------------------------------------------------------------------

_STYLES = {"name": 0.22, "with": 0.22, "word": 0.25, "part": 0.05, "initials": 0.03, "nothing": 0.23}


def own_handle(rng: np.random.Generator, given: str, family: str, *, nothing: bool = True) -> str:
    """Choose a handle as somebody of a name does; with ``nothing`` also those that have nothing to do with the name.

    Parameters
    ----------
    given, family : str
        In any letters; one of them may be empty.
    """
    first, last = latin(given), latin(family)
    if not first + last:
        return f"user{rng.integers(10**4, 10**8)}"
    first, last = first or last, last if first else ""
    style = draw(rng, _STYLES)
    if style == "nothing" and nothing:
        return cased(rng, _nothing(rng))
    return cased(rng, _of_name(rng, style, first, last))


def _of_name(rng: np.random.Generator, style: str, first: str, last: str) -> str:
    joiner = "_" if chance(rng, 0.2) else ""
    if style == "name":
        return pick(rng, (first + joiner + last, first + joiner + last, last + joiner + first)).strip("_")
    if style == "word":
        word = pick(rng, (first, last or first))
        other = pick(
            rng, (a_word(rng), pick(rng, TRADES), pick(rng, say.COMMON_WORDS), pick(rng, _CITIES), number(rng))
        )
        return pick(rng, (f"{word}{joiner}{other}", f"{other.lstrip('0123456789') or 'its'}{joiner}{word}"))
    if style == "part":
        return pick(rng, (last or first, first, f"{first}{last[:3]}"))
    if style == "initials":
        return f"{first[0]}{last[:1]}{joiner}{pick(rng, (*TRADES, *_CITIES, number(rng)))}"
    return with_more(rng, first, last)


def with_more(rng: np.random.Generator, first: str, last: str) -> str:
    """Add to a full name what makes it free: a number, a year, a middle initial, a trade, a city."""
    joiner = "_" if chance(rng, 0.25) else ""
    full, initial = f"{first}{joiner}{last}".strip("_"), pick(rng, "abcdefghjklmnprstw")
    return pick(
        rng,
        (
            f"{full}{number(rng)}", f"{full}{number(rng)}", f"{first[0]}{joiner}{last or first}{number(rng)}",
            f"{first}{joiner}{initial}{joiner}{last}".strip("_"), f"{full}{joiner}{pick(rng, TRADES)}",
            f"{full}{joiner}{pick(rng, _CITIES)}", f"{pick(rng, ('the', 'its', 'real', 'mr', 'dr'))}{full}",
            f"{full}_",
 f"_{full}", f"{last or first}{joiner}{first}{number(rng)}",
        ),
    )  # fmt: skip


def number(rng: np.random.Generator) -> str:
    """Draw the number that people put behind a name: a digit or two, a year, or what the platform proposes."""
    return draw(
        rng,
        {
            str(rng.integers(1, 10)): 0.25, f"{rng.integers(0, 100):02}": 0.35, str(rng.integers(1950, 2012)): 0.2,
            str(rng.integers(100, 1_000)): 0.1, str(rng.integers(10**4, 10**8)): 0.1,
        },
    )  # fmt: skip


def _nothing(rng: np.random.Generator) -> str:
    joiner = "_" if chance(rng, 0.25) else ""
    first, second = a_word(rng), pick(rng, (a_word(rng), pick(rng, say.COMMON_WORDS)))
    return pick(rng, (f"{first}{joiner}{second}", f"{first}{joiner}{second}", f"{first}{number(rng)}", f"the{first}"))


def cased(rng: np.random.Generator, handle: str) -> str:
    """Cut a handle to what the platform allows, and write it small as two of five do."""
    cut = handle[:LONGEST]
    return cut.lower() if chance(rng, 0.4) else cut


def words_of(name: str) -> Sequence[str]:
    """Return the words of a name; the name itself where it has none."""
    return name.split() or [name]
