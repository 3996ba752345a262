"""Protected people and organisations that nobody knows, with bios, roles, other names and links, in many languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from anyascii import anyascii
from faker import Faker

from classifier.accounts.account import ProtectedAccount
from tests.benchmarks.claims_titles import LANGUAGES, ORGANISATIONS, ROLE_FORMS, TITLES
from tests.benchmarks.names import LOCALES, draw_people, locale_pools

NOW = datetime(2025, 9, 1, tzinfo=UTC)
# The share of each locale, its language, and the Faker locale of its companies and places.
_WHERE = tuple(
    tuple(part.split())
    for part in (
        "20 en_US en en_US|8 en_GB en en_GB|5 en_IN en en_IN|3 en_KE en en_GB|3 yo_NG en en_GB|5 es_ES es es_ES|"
        "6 es_MX es es_MX|7 pt_BR pt pt_BR|6 fr_FR fr fr_FR|6 de_DE de de_DE|5 tr_TR tr tr_TR|5 ru_RU ru ru_RU|"
        "5 ar_AA ar ar_AA|4 hi_IN hi hi_IN|5 ja_JP ja ja_JP|6 id_ID id id_ID|2 nl_NL en nl_NL|2 pl_PL en pl_PL"
    ).split("|")
)
FAKER_OF = {"en": "en_US", "es": "es_ES", "pt": "pt_BR", "fr": "fr_FR", "de": "de_DE", "tr": "tr_TR", "ru": "ru_RU",
            "ar": "ar_AA", "hi": "hi_IN", "ja": "ja_JP", "id": "id_ID"}  # fmt: skip
_CLUBS = "{} FC|FC {}|{} United|Real {}|Sporting {}|{} City|Atlético {}|{} Rovers".split("|")
_OUTLETS = "{} Post|{} Herald|Diario {}|{} News|Radio {}|{} Tribune|TV {}|The {} Courier".split("|")
_PLATFORMS = ["x"] * 16 + ["instagram", "instagram", "mastodon", "facebook"]
# {r} the role, {q} a second role or an interest, {c} a town, {s} a site, {o} an organisation, {k} what kind it is;
# ¦ separates, because people write | themselves.
BIOS = {
    "en": "{r}. {q}. Views my own.¦{r} | {q} | {c}¦Proud to serve as {r}. Married, three kids, one dog.¦{r}\nFormerly "
    "{q}¦Official account of the {r}. {s}¦{r}. Also {q}. Based in {c}.¦{q}. {r}. RT ≠ endorsement¦Building things "
    "since 1998. {r}.¦{r} ⚡️ {q} ⚡️ {c}¦Husband, father, {r}. Speaking: {s}¦New book out now! {r}, {q}.",
    "es": "{r}. {q}. Opiniones personales.¦{r} | {q} | {c}¦Orgulloso de ser {r}. Vivo en {c}.",
    "pt": "{r}. {q}. Opiniões pessoais.¦{r} | {q} | {c}¦Pai de dois, {r}. {s}",
    "fr": "{r}. {q}. Mes propos n'engagent que moi.¦{r} | {q} | {c}¦Compte officiel. {r}. {s}",
    "de": "{r}. {q}. Hier privat.¦{r} | {q} | {c}¦Offizieller Account. {r}. Impressum: {s}",
    "tr": "{r}. {q}. Paylaşımlar şahsıma aittir.¦{r} | {q} | {c}¦Resmi hesap. {r} {s}",
    "ru": "{r}. {q}. Мнение моё личное.¦{r} | {q} | {c}¦Официальная страница. {r}. {s}",
    "ar": "{r}. {q}. الآراء شخصية.¦{r} | {q} | {c}¦الحساب الرسمي. {r}",
    "hi": "{r}। {q}। विचार निजी हैं।¦{r} | {q} | {c}",
    "ja": "{r}。{q}。発言は個人の見解です。¦{r} / {q} / {c}¦公式アカウント。{r} {s}",
    "id": "{r}. {q}. Opini pribadi.¦{r} | {q} | {c}¦Akun resmi {r}. {s}",
}
_FURTHER = ("CEO", "founder", "chairman", "writer", "professor", "actor", "journalist")  # what people are as well
_INTERESTS = {
    "en": "runner|coffee drinker|Arsenal supporter|amateur pilot|climate and cities|chess, badly|board member|"
    "grandfather|angel investor|jazz and bread|economics nerd|dog person|public speaker|cyclist|optimist",
    "es": "corredor|amante del café|padre de tres|lector|ciclista", "pt": "corredor|pai|leitor|surfista|flamenguista",
    "fr": "coureur|père de famille|lecteur|cycliste", "de": "Läufer|Vater von drei Töchtern|Leserin|Bergsteiger",
    "tr": "koşucu|baba|okur|Fenerbahçeli", "ru": "отец троих детей|бегун|читатель|путешественник",
    "ar": "أب لثلاثة|قارئ|محب للسفر", "hi": "पिता|पाठक|यात्री", "ja": "二児の父|読書家|登山|コーヒー好き",
    "id": "ayah dua anak|pelari|pembaca buku|pecinta kopi",
}  # fmt: skip
ORGANISATION_BIOS = {
    "en": "The official account of {o}, your {k}. News, offers and help. {s}|{o} is a {k} from {c}. We reply Mon–Fri, "
    "9–5.|Welcome to {o}! {k} since 1974 · {s}|Official {o}. Need help? {s}/help|{k}. {c} and the world.",
    "es": "Cuenta oficial de {o}. Noticias y novedades. {s}|{o}, desde {c} para todos.",
    "pt": "Perfil oficial da {o}. {s}|{o}: há 40 anos em {c}.", "fr": "Compte officiel de {o}. {s}|{o}, née à {c}.",
    "de": "Offizieller Account von {o}. Impressum: {s}|{o} aus {c}.", "tr": "{o} resmi hesabıdır. {s}|{o}, {c}",
    "ru": "Официальный аккаунт {o}. {s}|{o}, {c}", "ar": "الحساب الرسمي {o} {s}|{o} - {c}",
    "hi": "{o} का आधिकारिक अकाउंट। {s}|{o}, {c}", "ja": "{o}の公式アカウントです。{s}|{o}（{c}）",
    "id": "Akun resmi {o}. {s}|{o}, dari {c} untuk Indonesia.",
}  # fmt: skip


@cache
def faker_of(locale: str) -> Faker:
    return Faker(locale)


@cache
def pools_of(locale: str) -> tuple[int, ...]:
    """Return the places of a locale's pools among ``names.locale_pools()``."""
    codes = [code for line in LOCALES.values() for code in line.split()[::2] for _ in range(2)]
    return tuple(i for i, code in enumerate(codes) if code == locale)


def person(rng: np.random.Generator, locale: str) -> tuple[str, str, str]:
    """Return a drawn person: the name shown, and the given and family name in Latin letters."""
    named = draw_people(locale_pools()[int(rng.choice(pools_of(locale)))], rng, 1)
    return named.shown[0], named.given[0], named.family[0]


def pick(rng: np.random.Generator, words: Sequence[str]) -> str:
    return words[int(rng.integers(len(words)))]


def belongs_to(rng: np.random.Generator, place: str, locale: str) -> str:
    """Return what a title belongs to, or nothing: a company, a country, a town, a club, a newsroom, ..."""
    fake = faker_of(locale)
    city = fake.city()
    made = {
        "": lambda: "",
        "company": fake.company,
        "country": fake.country,
        "city": lambda: city,
        "club": lambda: pick(rng, _CLUBS).format(city),
        "outlet": lambda: pick(rng, _OUTLETS).format(city),
        "university": lambda: pick(rng, ("University of {}", "{} University", "{} Institute of Technology")).format(
            city
        ),
        "church": lambda: pick(rng, ("Grace Chapel {}", "{} Cathedral", "Living Word {}")).format(city),
    }
    return str(made[place]())


def role_of(title: str, owner: str, language: str) -> str:
    """Return a role as a registry has it: "CEO of Northwind"."""
    word = TITLES[title][2][LANGUAGES.index(language)]
    return ROLE_FORMS[language].split("|")[0].format(t=word, o=owner, a=owner) if owner else word


def invent(count: int, seed: int) -> list[ProtectedAccount]:
    """Return so many protected accounts, three in four of them people; the same for the same seed.

    Examples
    --------
    >>> invent(3, 1) == invent(3, 1)
    True
    """
    rng = np.random.default_rng((seed, 77))
    shares = np.array([float(where[0]) for where in _WHERE])
    for i, (_, _, _, locale) in enumerate(_WHERE):
        faker_of(locale).seed_instance(seed * 1000 + i)
    taken: set[str] = set()
    found: list[ProtectedAccount] = []
    while len(found) < count:
        _, names, language, places = _WHERE[int(rng.choice(len(_WHERE), p=shares / shares.sum()))]
        made = _person if rng.random() < 0.75 else _organisation
        one = made(rng, names, language, places)
        keys = {one.handle.casefold(), *one.roles}
        if len(one.handle) < 4 or (keys - set(ORGANISATIONS) - {r for r in one.roles if " " not in r}) & taken:
            continue
        taken |= keys
        found.append(one)
    return found


def _person(rng: np.random.Generator, names: str, language: str, places: str) -> ProtectedAccount:
    shown, given, family = person(rng, names)
    spoken, at = (language, places) if rng.random() < 0.5 else ("en", "en_US")
    more = int(rng.choice([0, 1, 2], p=[0.65, 0.25, 0.1]))
    titles = [pick(rng, list(TITLES)), *(pick(rng, _FURTHER) for _ in range(more))]
    if TITLES[titles[0]][1] == "country":  # in one language, so that two do not hold one office
        spoken, at = "en", "en_US"
    roles = tuple(dict.fromkeys(role_of(one, belongs_to(rng, TITLES[one][1], at), spoken) for one in titles))
    second = roles[1] if len(roles) > 1 else pick(rng, _INTERESTS[spoken].split("|"))
    latin = f"{given} {family}".strip()
    aliases = (f"{given[:1]}. {family}", latin, f"{given} {chr(65 + int(rng.integers(26)))}. {family}")
    site = f"https://www.{_word(latin)}.com"
    bio = pick(rng, BIOS[spoken].split("¦")).format(r=roles[0], q=second, c=faker_of(at).city(), s=site)
    return _account(rng, _handle(rng, given, family), shown, bio, roles, _some(rng, aliases, shown), site)


def _organisation(rng: np.random.Generator, names: str, language: str, places: str) -> ProtectedAccount:
    fake = faker_of(places)
    name, kind = fake.company(), pick(rng, ORGANISATIONS)
    name = pick(rng, (name, name, f"{fake.city()} {kind.title()}", f"{name.split()[0].strip(',')} {kind.title()}"))
    short = anyascii(name).split()[0].strip(",.")
    site = f"https://{_word(short)}.com"
    bio = pick(rng, ORGANISATION_BIOS[language].split("|")).format(o=name, k=kind, c=fake.city(), s=site)
    initials = "".join(word[0] for word in anyascii(name).split() if word[0].isalpha()).upper()
    handle = pick(rng, (_word(name), f"{_word(short)}{initials}", f"{_word(short)}_official", f"{_word(short)}HQ"))
    aliases = tuple(one for one in (short, initials) if len(one) > 2)
    return _account(rng, handle[:15], name, bio, (kind,), _some(rng, aliases, name), site)


def _account(
    rng: np.random.Generator,
    handle: str,
    name: str,
    bio: str,
    roles: tuple[str, ...],
    aliases: tuple[str, ...],
    site: str,
) -> ProtectedAccount:
    followers = int(np.exp(rng.normal(10.5, 1.8)))
    return ProtectedAccount(
        platform=pick(rng, _PLATFORMS),
        handle=handle,
        account_id=str(rng.integers(10**8, 10**9)),
        display_name=name,
        bio=bio if rng.random() < 0.92 else None,
        aliases=aliases,
        roles=roles,
        links=(site,) if rng.random() < 0.7 else (),
        followers=followers,
        created_at=NOW - timedelta(days=int(rng.integers(1200, 6000))),
        verified=bool(rng.random() < 0.8),
        tier="high" if followers > 200_000 else "standard",
    )


def _word(text: str) -> str:
    return "".join(one for one in anyascii(text) if one.isalnum()).lower() or "site"


def _some(rng: np.random.Generator, aliases: Sequence[str], name: str) -> tuple[str, ...]:
    return tuple(one for one in dict.fromkeys(aliases) if one != name and rng.random() < 0.35)


def _handle(rng: np.random.Generator, given: str, family: str) -> str:
    g, f, number = _word(given), _word(family), int(rng.integers(1, 99))
    return pick(rng, (g + f, f"{g}_{f}", f"{g[0]}{f}", f"{f}{number}", f"real{g}{f}", f"{g}{f[:1]}{number}"))[:15]
