"""Organisations: invented banks, airlines, shops, exchanges, clubs, newsrooms, public bodies, named as real ones are.

A name is a common word, two of them, a family's name, a city's, letters, or a made-up word, with or without what the
organisation is. Whoever has many accounts puts a country, a language or a department behind its handle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classifier.simulation import vocabulary as say
from classifier.simulation.people import LONGEST, draw_name, latin
from classifier.simulation.sampling import chance, draw, pick

# What it is: (how often, how the name says so, what it is called in a role).
KINDS: dict[str, tuple[float, str, str]] = {
    "bank": (0.16, "{} Bank|Bank of {}|Banco {}|Banco de {}|Banque {}|{} Bankası|Banca {}|{} Savings|Banco {}", "Bank"),
    "airline": (0.07, "{} Airlines|Air {}|Aerolíneas {}|Fly {}|{} Airways|{} Hava Yolları", "Airline"),
    "shop": (0.13, "{} Store|{}|{} Market|Tienda {}|{} Shop|{} Fashion|Mercado {}|{} Home", "Shop"),
    "telecom": (0.06, "{} Telecom|{} Mobile|{} Móvil|{}|{} Fiber|Tele {}", "Telephone company"),
    "exchange": (0.1, "{} Exchange|{}|{} Wallet|{} Finance|{} Protocol|{}Swap|{}Coin", "Exchange"),
    "payments": (0.06, "{} Pay|{} Pagos|{}|{} Card|{} Cash", "Payments"),
    "insurance": (0.04, "{} Insurance|Seguros {}|{} Versicherung|{} Life", "Insurance"),
    "delivery": (0.04, "{} Express|{} Logistics|Correo {}|{} Delivery", "Delivery"),
    "games": (0.05, "{} Games|{}|{} Studios|{} Esports", "Games"),
    "software": (0.06, "{}|{} Labs|{} Cloud|{} Software|{} AI|{} Technologies", "Software company"),
    "energy": (0.03, "{} Energy|Energía {}|{} Power|{} Motors", "Company"),
    "news": (0.09, "{} Times|{} Post|{} News|Radio {}|{} TV|El Diario {}|Canal {}|{} Daily", "Newspaper"),
    "club": (0.05, "{} FC|{} United|Racing {}|Atlético {}|{} Rovers|Club {}", "Football club"),
    "hotel": (0.03, "Hotel {}|{} Hotel|{} Resort|Café {}", "Hotel"),
    "aid": (0.03, "{} Foundation|Fundación {}|{} Relief|{} Institute", "Charity"),
}
# Words that firms are called after.
COMMON = (
    "Harbor Pioneer Maple Lantern Summit Anchor Beacon Compass Meadow Falcon Heritage Liberty Union National Central "
    "Northern Southern Western Eastern North South West East First General United Pacific Atlantic Capital City Metro "
    "River Lake Mountain Forest Valley Golden Silver Green Blue Red White Royal Crown Star Sun Moon Sky Ocean Stone "
    "Bridge Gate Tower Garden Rose Lion Eagle Tiger Bear Wolf Horse Arrow Shield Spark Wave Cloud Pixel Orbit Nova "
    "Swift Bright Simple Open Smart Fresh True Prime Global Direct Quick Happy Little Casa Sol Norte Sur Libre Nuevo "
    "Mundo Plaza Rio Vida Luz Oro Fuerte Nacional Popular Federal Delta Alpha Omega Apex Zenith Vertex Atlas Titan"
).split()
PUBLIC = (
    "{place} Police|Police", "City of {place}|City", "Ministry of {field}, {place}|Ministry",
    "Embassy of {place}|Embassy", "University of {place}|University", "{place} Department of {field}|Department",
    "{place} Public Library|Library", "{place} Fire Department|Fire department",
    "Ministerio de {field} de {place}|Ministerio", "{place} Health|Health service",
    "{place} National Park|National park", "{place} Museum|Museum", "Gobierno de {place}|Gobierno",
    "{place} Transit|Transit", "{place} Weather Service|Weather service", "Consulate of {place}|Consulate",
    "Port of {place}|Port", "Visit {place}|Tourism",
)  # fmt: skip
FIELDS = (
    "Health", "Finance", "Education", "Justice", "Labor", "Defence", "Culture", "Agriculture", "Transport", "Energy",
)  # fmt: skip
# Where organisations have branches: (code, how it is written in handles, in names).
COUNTRIES = (
    ("US", "USA", "USA"), ("UK", "UK", "UK"), ("AR", "Argentina", "Argentina"), ("MX", "Mexico", "México"),
    ("CO", "Colombia", "Colombia"), ("ES", "Espana", "España"), ("BR", "Brasil", "Brasil"), ("CL", "Chile", "Chile"),
    ("PE", "Peru", "Perú"), ("TR", "Turkiye", "Türkiye"), ("DE", "Germany", "Deutschland"), ("FR", "France", "France"),
    ("IT", "Italia", "Italia"), ("IN", "India", "India"), ("ID", "Indonesia", "Indonesia"),
    ("NG", "Nigeria", "Nigeria"),
    ("KE", "Kenya", "Kenya"), ("ZA", "SouthAfrica", "South Africa"), ("AU", "Australia", "Australia"),
    ("CA", "Canada", "Canada"), ("JP", "Japan", "Japan"), ("PH", "Philippines", "Philippines"),
)  # fmt: skip


# A handle that is too long is drawn again, so often.
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Organisation:
    """An invented organisation: what it is called, in long and in short, what it is, and where."""

    name: str
    core: str
    kind: str
    country: tuple[str, str, str] | None = None
    acronym: str | None = None


def invent_place(rng: np.random.Generator) -> str:
    """Draw a place that does not exist."""
    return pick(rng, say.PLACE_STEMS) + pick(rng, say.PLACE_ENDINGS)


def invent_core(rng: np.random.Generator) -> str:
    """Draw what an organisation is called without what it is: "Harbor", "Blue River", "Quantaware", "Ortega", "NBK"."""
    style = draw(rng, {"word": 0.22, "two": 0.18, "made": 0.3, "place": 0.12, "family": 0.1, "letters": 0.08})
    if style == "word":
        return pick(rng, COMMON)
    if style == "two":
        first, second = pick(rng, COMMON), pick(rng, COMMON)
        return f"{first} {second}" if chance(rng, 0.4) else first + second.lower()
    if style == "made":
        return pick(rng, say.STEMS) + pick(rng, say.TAILS)
    if style == "place":
        return invent_place(rng)
    if style == "family":
        return draw_name(rng, pick(rng, ("en", "en", "es", "de", "it", "fr")), "family").latin
    return "".join(pick(rng, "ABCDEFGHKLMNPRSTVWZ") for _ in range(int(rng.integers(2, 5))))


def invent_firm(rng: np.random.Generator) -> Organisation:
    """Draw a firm, a club or a newsroom."""
    kind = draw(rng, {kind: share for kind, (share, _, _) in KINDS.items()})
    core = invent_core(rng)
    name = core if chance(rng, 0.2) else pick(rng, KINDS[kind][1].split("|")).format(core)
    country = pick(rng, COUNTRIES) if chance(rng, 0.25) else None
    if country and chance(rng, 0.5):
        name = f"{name} {country[2]}"
    return Organisation(name, core, KINDS[kind][2], country, acronym(name) if chance(rng, 0.3) else None)


def invent_institution(rng: np.random.Generator) -> Organisation:
    """Draw a public body, such as have many siblings."""
    pattern, _, kind = pick(rng, PUBLIC).partition("|")
    place = invent_place(rng)
    name = pattern.format(place=place, field=pick(rng, FIELDS))
    return Organisation(name, place, kind, None, acronym(name) if chance(rng, 0.5) else None)


def acronym(name: str) -> str | None:
    """Return the initials of a name of two words or more, as "BOV" of "Bank of Velmoria"."""
    letters = "".join(latin(word)[:1].upper() for word in name.split())
    return letters if len(letters) > 1 else None


def firm_handle(rng: np.random.Generator, firm: Organisation) -> str:
    """Choose the handle of an organisation: its name, its short name, its letters, a country or a claim beside them."""
    drawn = (_firm_handle(rng, firm) for _ in range(_TRIES))
    return next((handle for handle in drawn if len(handle) <= LONGEST), (latin(firm.core) or "brand")[:LONGEST])


def _firm_handle(rng: np.random.Generator, firm: Organisation) -> str:
    words = [latin(word) for word in firm.name.split()]
    whole, core = "".join(words), latin(firm.core) or "brand"
    style = draw(rng, {"whole": 0.42, "core": 0.15, "letters": 0.09, "country": 0.14, "claim": 0.12, "split": 0.08})
    if style == "country" or (firm.country and chance(rng, 0.5)):
        code, country, _ = firm.country or pick(rng, COUNTRIES)
        return pick(rng, (f"{core}_{code}", f"{core}{country}", f"{whole}{code}", f"{core}{code}"))
    if style == "letters" and firm.acronym:
        return firm.acronym + pick(rng, ("", "", "_", "News", "Gov", "Official", "HQ", "Online"))
    if style == "claim":
        before, after = ("get", "the", "we_are_", "fly"), ("HQ", "App", "Official", "Oficial", "Online", "Ofic", "_com")
        return pick(rng, before) + core if chance(rng, 0.3) else core + pick(rng, after)
    if style == "core":
        return core
    return "_".join(words) if style == "split" else whole
