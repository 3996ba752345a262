"""A big, realistic registry of protected accounts, drawn from word lists of many locales: the same for the same seed.

Nobody in it exists. About four in five accounts are persons (see ``names``), the others organisations. Handles are what
people make of their name, or of something else, once the obvious one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import ProtectedAccount, Tier
from tests.benchmarks.names import Named, Pool, company_words, draw_people, locale_pools

LONGEST, USUAL, SHORTEST = 20, 15, 4  # of a handle, in characters; X gives 15, some older and other services more
ORGANISATIONS = 0.2  # their share of the accounts

# Share, then the parts: g given, f family, g1 f1 initials, m a middle initial, nick, y4 y2 a year, n1..n4 digits.
# For an organisation g and f are the halves of its name.
_PERSON_HANDLES = (
    "120 {g}{f} 45 {g}_{f} 40 {f}{g} 14 {f}_{g} 50 {g1}{f} 16 {g1}_{f} 36 {g}{f1} 12 {f}{g1} 22 {g1}{m}{f} "
    "18 {g}{m}{f} 10 {g}_{m}_{f} 40 {pre}{g}{f} 14 {pre}_{g}{f} 14 {pre}{f} 10 {pre}{g} 14 {g}{f}{post} 8 {f}{post} "
    "14 {g}{f}_{post} 46 {g}{f}{n2} 22 {g}{n4} 20 {g}{f}{n1} 24 {g}{f}{y4} 26 {g}{y2}{f} 20 {g}_{f}{y2} 14 {g}{n3} "
    "14 {f}{n2} 12 {f}_{n1} 20 {g}{job} 16 {g}_{job} 12 {g}{f}{job} 8 {job}{g} 16 {g}{city} 10 {g}_{city} 16 {nick}{f} "
    "8 {g}in{city} 14 {nick}_{n2} 12 {nick}{city} 10 {nick}{job} 14 {adj}{g} 10 {adj}_{nick} 10 {g}{noun} 10 _{g}{f} "
    "10 {g}{f}_ 8 _{g}_{f}_ 6 x{g}{f}x 6 {g}x{f} 24 {adj}{noun} 22 {adj}{noun}{n2} 16 {noun}_{adj} 14 {noun}{n3} "
    "12 {adj}_{noun}{n1}"
)
_BRAND_HANDLES = (
    "200 {g}{f} 60 {g}_{f} 60 {g} 40 {g}{f}HQ 40 {g}{post} 30 {g}_{post} 24 get{g} 24 the{g}{f} 24 {g}{f}{cc} "
    "30 {g}_{cc} 20 {g}App 20 team{g} 20 {g}Global 16 hello{g} 16 {g1}{f} 12 {g}{n1} 12 {g}{y4} 10 {g}{city} "
    "10 {g}{f}_ 10 we{g} 10 {adj}{noun} 8 {g}online 8 ask{g} 8 {g}news"
)
_PREFIXES = (
    "the real iam its im dr mr ms prof coach thereal only just hey dj chef sir lady captain mc itsme thisis".split()
)
_SUFFIXES = "official real tv live music art hq online jr phd md writes plays fit 4real xo games fc page world".split()
_JOBS = (
    "writes codes art music fit photo cooks design dev law tattoo runs yoga paints films reads travels beats makeup "
    "chess gaming poet news drums golf vet nurse physio realty crypto teach data"
).split()
_CITIES = (
    "nyc ldn la tx paris berlin madrid rome lagos nairobi accra cairo dubai delhi mumbai dhaka jakarta bkk hanoi tokyo "
    "osaka seoul sydney nz rio sp bogota lima cdmx bcn lisbon praha wien kyiv sofia ist"
).split()
_ADJECTIVES = (
    "lucky silent sunny wild lazy crazy happy little big blue dark golden lost midnight electric cosmic salty sweet "
    "hungry brave quiet neon rusty velvet lunar mighty fuzzy sleepy humble frozen secret pixel"
).split()
_NOUNS = (
    "panda tiger fox wolf moon star river storm coffee pixel ninja wizard unicorn dragon penguin cactus pizza whale "
    "rocket shadow raven garden ocean mango phoenix biscuit otter comet guitar thunder robot lemon"
).split()
_NICKNAMES = ("y", "ie", "o", "z", "")
_COUNTRIES = "uk us in de fr es it nl br mx ca au ng ke za jp kr tr pl se".split()
_BRAND_STARTS = (
    "Nov Kel Zan Lum Ver Alt Bri Cor Dex Fen Gal Hel Jor Kav Lor Mir Nex Orb Pel Quil Ros Syl Tor Vel Wex".split()
)
_BRAND_ENDS = "ira trix ova eo ix ara ent ly io era um eva on ante isk elle ora ium ax ette ino awa".split()
_TRADES = (
    "Kitchen Bakery Bikes Books Coffee Games Labs Studio Records Yoga Motors Farms Toys Press Media Health".split()
)
# An organisation's name, then the halves of it that its handle is made of: f and o family names, g a given name (fl, ol
# and gl in Latin letters), new an invented word.
_BRANDS = tuple(
    tuple(part.strip() for part in line.split("|"))
    for line in (
        "{f} {suffix} | {fl} |",
        "{f} {o} {suffix} | {fl} | {ol}",
        "{f} & {o} | {fl} | {ol}",
        "{f}-{o} | {fl} | {ol}",
        "{g} {f} {suffix} | {gl} | {fl}",
        "{fl} {trade} | {fl} | {trade}",
        "{gl}'s {trade} | {gl}s | {trade}",
        "{new} {sector} | {new} | {sector}",
        "{new} {suffix} | {new} |",
        "{new} {fl} | {new} | {fl}",
        "{fl} {sector} | {fl} | {sector}",
        "{adj} {noun} {sector} | {adj}{noun} | {sector}",
        "{adj} {fl} {trade} | {adj}{fl} | {trade}",
    )
)


def draw_population(size: int, seed: int) -> list[ProtectedAccount]:
    """Return so many protected accounts of platform "x", whose handles differ without regard to case.

    Examples
    --------
    >>> draw_population(3, 1) == draw_population(3, 1)
    True
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    brands = rng.random(size) < ORGANISATIONS
    shares = np.array([pool.share for pool in locale_pools()])
    locales = rng.choice(len(shares), size=size, p=shares / shares.sum())
    shown, given, family = [""] * size, [""] * size, [""] * size
    for number, pool in enumerate(locale_pools()):
        for draw, chosen in ((draw_people, ~brands), (_draw_organisations, brands)):
            at = np.flatnonzero((locales == number) & chosen).tolist()
            named = draw(pool, rng, len(at))
            for i, *parts in zip(at, named.shown, named.given, named.family, strict=True):
                shown[i], given[i], family[i] = parts
    handles = _handles(rng, given, family, brands)
    followers = np.exp(rng.normal(np.where(brands, 8.5, 7.5), 1.9)).astype(np.int64).tolist()
    return list(map(_account, handles, shown, followers))


def _account(handle: str, name: str, followers: int) -> ProtectedAccount:
    tier: Tier = "high" if followers > 200_000 else "standard"
    return ProtectedAccount(platform="x", handle=handle, display_name=name, followers=followers, tier=tier)


def _draw_organisations(pool: Pool, rng: np.random.Generator, count: int) -> Named:
    """Return so many organisations named after people of the pool's locale, or with invented words."""
    (family, family_latin), (other, other_latin) = pool.family.draw(rng, count), pool.family.draw(rng, count)
    given, given_latin = pool.given.draw(rng, count)
    rows = zip(family, family_latin, other, other_latin, given, given_latin, strict=True)
    rolls = rng.integers(0, 2**62, size=count).tolist()
    named = [_brand(pool.company_suffixes, row, roll) for row, roll in zip(rows, rolls, strict=True)]
    return Named([shown for shown, _, _ in named], [half for _, half, _ in named], [half for _, _, half in named])


def _brand(suffixes: Sequence[str], names: tuple[str, ...], roll: int) -> tuple[str, ...]:
    """Return an organisation's name and the two halves its handle is made of."""
    adjectives, nouns, sectors = _sector_words()
    parts = {
        "f": names[0], "fl": names[1], "o": names[2], "ol": names[3], "g": names[4], "gl": names[5],
        "suffix": suffixes[roll // 3 % len(suffixes)],
        "trade": _TRADES[roll // 5 % len(_TRADES)],
        "new": _BRAND_STARTS[roll // 7 % len(_BRAND_STARTS)] + _BRAND_ENDS[roll // 191 % len(_BRAND_ENDS)],
        "adj": adjectives[roll // 13 % len(adjectives)],
        "noun": nouns[roll // 17 % len(nouns)],
        "sector": sectors[roll // 19 % len(sectors)],
    }  # fmt: skip
    return tuple(form.format_map(parts) for form in _BRANDS[roll % len(_BRANDS)])


@cache
def _sector_words() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    source = company_words("en_PH")
    return source.company_adjectives, source.company_nouns, source.company_types


def _handles(
    rng: np.random.Generator, given: Sequence[str], family: Sequence[str], brands: NDArray[np.bool_]
) -> list[str]:
    size = len(given)
    person, brand = _templates(_PERSON_HANDLES), _templates(_BRAND_HANDLES)
    styles = np.where(brands, rng.integers(0, len(brand), size), rng.integers(0, len(person), size)).tolist()
    rolls = rng.integers(0, 2**62, size=size).tolist()
    taken: set[str] = set()
    handles = []
    for g, f, is_brand, style, roll in zip(given, family, brands.tolist(), styles, rolls, strict=True):
        wanted = _filled((brand if is_brand else person)[style], _clean(g) or "user", _clean(f), roll)
        handle = _free(wanted, roll, taken)
        taken.add(handle.lower())
        handles.append(handle)
    return handles


@cache
def _templates(text: str) -> tuple[str, ...]:
    """Return each template as many times as its share says."""
    fields = text.split()
    return tuple(form for share, form in zip(fields[::2], fields[1::2], strict=True) for _ in range(int(share)))


@cache
def _clean(word: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", word)


def _filled(template: str, g: str, f: str, roll: int) -> str:
    """Return the handle somebody would like to have: the template with its parts, made shorter when it is too long."""
    year = 1958 + roll // 7 % 52
    parts = {
        "g": g, "f": f, "g1": g[0], "f1": f[:1], "m": chr(65 + roll // 3 % 26),
        "nick": g[: 3 + roll % 2] + _NICKNAMES[roll // 2 % len(_NICKNAMES)],
        "y4": year, "y2": f"{year % 100:02}",
        "n1": roll // 11 % 10, "n2": 10 + roll // 13 % 90, "n3": 100 + roll // 17 % 900, "n4": 1000 + roll // 19 % 9000,
        "pre": _PREFIXES[roll // 23 % len(_PREFIXES)],
        "post": _SUFFIXES[roll // 29 % len(_SUFFIXES)],
        "job": _JOBS[roll // 31 % len(_JOBS)],
        "city": _CITIES[roll // 37 % len(_CITIES)],
        "cc": _COUNTRIES[roll // 61 % len(_COUNTRIES)],
        "adj": _ADJECTIVES[roll // 41 % len(_ADJECTIVES)],
        "noun": _NOUNS[roll // 43 % len(_NOUNS)],
    }  # fmt: skip
    handle = template.format_map(parts)
    longest = LONGEST if roll // 47 % 10 < 3 else USUAL
    if len(handle) > longest:
        handle = f"{g[0]}{f}" if len(f) > 2 else g
    return (handle.lower() if roll // 53 % 2 else handle)[:longest]


def _free(wanted: str, roll: int, taken: set[str]) -> str:
    """Return the wanted handle, or the first of its variants that nobody has: an underscore, digits, a year."""
    handle = wanted if len(wanted) >= SHORTEST else f"{wanted}{roll % 9000 + 1000}"
    tries = 0
    while handle.lower() in taken:
        n = (roll >> (5 * tries % 50)) + tries
        tails = (f"{n % 10}", "_", f"_{n % 100}", f"{n % 100:02}", f"{1960 + n % 50}", f"{n % 10_000}")
        tail = tails[(roll // 59 + tries) % len(tails)] if tries < 12 else f"{n % 10 ** (2 + tries // 6)}"
        handle = wanted[: LONGEST - len(tail)] + tail
        tries += 1
    return handle
