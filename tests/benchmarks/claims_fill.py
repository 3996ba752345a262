"""The words of a family made into a profile about one protected account: what is put for {n}, {r}, {m}, ...

The language is the target's own three times in four, else mostly English. A line is only used where everything it
mentions is known: accounts registered without roles get no line about roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

import numpy as np
from anyascii import anyascii

from classifier.accounts.account import ProtectedAccount
from tests.benchmarks.claims_attack_words import ATTACKS
from tests.benchmarks.claims_genuine_words import GENUINE
from tests.benchmarks.claims_names import disguised, invisible, lookalike, shortened, stylised
from tests.benchmarks.claims_people import FAKER_OF, belongs_to, faker_of, person, pick
from tests.benchmarks.claims_titles import LANGUAGES, ORGANISATIONS, ROLE_FORMS, TITLES

_SCRIPTS = {"ru": "[а-яё]", "ar": "[ء-ي]", "hi": "[ऀ-ॿ]", "ja": "[ぁ-ヿ一-鿿]"}
_STOP_WORDS = {
    "es": " de la | el | los | y | en la | para ", "pt": " da | do | e | uma | em | não ", "fr": " et | les | du | le ",
    "de": " und | der | von | ist | bei ", "tr": " ve | bir | için | hesabı", "id": " dan | di | yang | untuk ",
}  # fmt: skip
_HONOURS = re.compile(r"^(?:Rep|Sen|Senator|Congressman|Congresswoman|Dr|Prof|Gov|Hon|US Rep)\b\.?\s*", re.IGNORECASE)
_DEGREES = re.compile(r",?\s+(?:Jr\.|Sr\.|PhD|MD|III|II|MP|MBA|Esq\.)$")
_ORGANISED = re.compile(
    r"\b(?:official (?:account|twitter|page|feed)|we|our|us at|committee|inc|ltd|news|company|club|team|"
    r"university|museum|magazine|customer|democrats|republicans|caucus)\b",
    re.IGNORECASE,
)
_FORMS = (
    " Inc| Inc.| Ltd| Ltd.| LLC| PLC| GmbH| AG| S.A.| SA| S.L.| Ltda.| A.Ş.| PT| B.V.| GmbH & Co. KG|, Inc.| SARL"
).split("|")
_EMOJI = "🎁 💰 🙏 ❤️ ✅ 🚀 🔥 💎 📩 👑 🌍 ⭐ 🇺🇸 💵 🥰 🏆 📲 🤝 🕊 ✝️".split()
_MESSENGERS = (
    "t.me/{w}|Telegram: @{w}|TG @{w}|WhatsApp +1 (5{d2}) 555-01{d2}|wa.me/447{d9}|WhatsApp: +44 7{d9}|📲 +234 80{d8}|"
    "✈️ @{w}|Signal {w}.{d2}|Google Chat: {w}@gmail.com|{w}{d2}@gmail.com|Line ID: {w}|Zangi 10-{d4}-{d4}|"
    "Hangouts {w}@gmail.com|Discord {w}|Viber +38 0{d9}|wa.link/{w}|📧 {w}@proton.me|WhatsApp👉 +62 81{d8}|IG: {w}"
).split("|")
_LINKS = "bit.ly/{w}{d2}|https://{w}.live|linktr.ee/{w}|https://{w}-bonus.top|tinyurl.com/{w}|{w}.xyz/claim|cutt.ly/{w}"
_WORDS = (
    "sunny moon agent desk trust prime vault global north lucky atlas delta nova grace hope silver rapid coast blue "
    "king queen maya leo rita omar lena victor tina boss angel crypto capital mentor wave cloud pearl rose tiger"
).split()
_CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхижклмнопкрстуввкиз", strict=True))
_CYRILLIC |= {letter.upper(): other.upper() for letter, other in _CYRILLIC.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One wording: its language, the name and the bio with places to fill, and what those are."""

    language: str
    name: str
    bio: str
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of case: its label, whom it is about, its wordings."""

    label: str
    name: str
    about: str
    lines: tuple[Line, ...]


def families() -> Iterator[Family]:
    """Yield the families of both word lists, attacks first."""
    for block in re.split(r"^(?=\[)", ATTACKS + GENUINE, flags=re.MULTILINE):
        head, *rows = block.strip().splitlines() or [""]
        if rows:
            yield Family(*head.strip("[]").split(), lines=tuple(map(_line, rows)))  # type: ignore[call-arg]


def _line(row: str) -> Line:
    language, text = row.replace("\\n", "\n").split(" ", 1)
    name, bio = (part.strip() for part in text.split("||"))
    fields = {re.split(r"\W", found)[0] for _, found, _, _ in Formatter().parse(name + bio) if found}
    is_role_alone = name.startswith(("{r}", "{t}", "Office of"))  # it means somebody only with what it belongs to
    return Line(language, name, bio, frozenset(fields | ({"o"} if is_role_alone else set())))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a protected account shows of itself: its kind, its language, its name in parts, its role in parts."""

    protected: ProtectedAccount
    kinds: frozenset[str]
    language: str
    name: str
    role: str | None = None
    title: str | None = None
    owner: str | None = None

    @property
    def known(self) -> frozenset[str]:
        """The places that can be filled for it only if it has them."""
        bio = self.protected.bio or ""
        found = {"r": self.title, "t": self.title, "R": self.role, "o": self.owner, "a": self.owner, "k": self.role}
        found |= {"bio": bio[20:], "edited": bio[20:], "part": bio[20:]}
        found |= dict.fromkeys(("xr", "yo"), self.title and self.owner)
        if "person" in self.kinds and len(self.name.split()) > 1:
            found |= {"first": "1", "last": "1"}
        return frozenset(name for name, value in found.items() if value)


_IF_KNOWN = frozenset("r t R o a k bio edited part xr yo first last".split())


def bare(name: str) -> str:
    """Return the name without what is before and after it: "Sen. Jane Doe, MD" is Jane Doe."""
    return _DEGREES.sub("", _HONOURS.sub("", name.strip()))


@cache
def subject(protected: ProtectedAccount) -> Subject:
    """Return what the account shows; without roles, whether it is a person is told by its name and bio."""
    name = (protected.display_name or protected.handle).strip()
    language = _language(f" {name} {protected.bio or ''} ".lower())
    if set(protected.roles) & set(ORGANISATIONS):
        kinds = frozenset({"any", "organisation"})
        return Subject(protected, kinds, language, name, protected.roles[0], None, _short(name))
    parsed = [(one, *_parsed(one)) for one in protected.roles]
    if not parsed:
        is_person = not _ORGANISED.search(f"{name} {protected.bio or ''}") and 2 <= len(name.split()) <= 4
        return Subject(protected, frozenset({"any"} | ({"person"} if is_person else set())), language, name)
    role, title, owner = parsed[0]
    return Subject(
        protected, frozenset({"any", "person", TITLES[title][0]}), language, name, role, title, owner or None
    )


def _parsed(role: str) -> tuple[str, str]:
    """Return the English title of a role and what it belongs to."""
    for title, (_, _, words, _) in sorted(TITLES.items(), key=lambda item: -len(item[0])):
        for language, word in zip(LANGUAGES, words, strict=True):
            if role == word:
                return title, ""
            form = re.escape(ROLE_FORMS[language].split("|")[0]).replace(r"\{t\}", re.escape(word))
            found = re.fullmatch(form.replace(r"\{o\}", "(.+)"), role)
            if found:
                return title, found[1]
    raise ValueError(f"not a role of this benchmark: {role}")


def _short(name: str) -> str:
    return next((name.removesuffix(form) for form in sorted(_FORMS, key=len)[::-1] if name.endswith(form)), name)


def _language(text: str) -> str:
    for language, letters in _SCRIPTS.items():
        if len(re.findall(letters, text)) > len(text) / 5:
            return language
    votes = {one: sum(word in text for word in words.split("|")) for one, words in _STOP_WORDS.items()}
    best = max(votes, key=votes.__getitem__)
    return best if votes[best] > 1 else "en"


def choose(rng: np.random.Generator, family: Family, about: Subject | None) -> Line | None:
    """Return a wording that can be filled, or nothing."""
    known = about.known if about else frozenset[str]()
    lines = [one for one in family.lines if not (one.needs & _IF_KNOWN) - known]
    home = about.language if about and rng.random() < 0.75 else "en" if rng.random() < 0.6 else pick(rng, LANGUAGES)
    return next(
        (found[int(rng.integers(len(found)))] for wanted in (home, "en", None)
         if (found := [one for one in lines if wanted in (None, one.language)])), None
    )  # fmt: skip


def paraphrase(rng: np.random.Generator, title: str, owner: str | None, language: str) -> tuple[str, str]:
    """Return a title and a whole role in other words or another language."""
    _, _, words, synonyms = TITLES[title]
    word = pick(rng, synonyms) if language == "en" else words[LANGUAGES.index(language)]
    if language == "en" and word.islower() and rng.random() < 0.7:
        word = word.capitalize()
    place = _short(owner) if owner and rng.random() < 0.6 else owner
    joined = re.sub(r"\W", "", place.title()) if place else ""
    return word, pick(rng, ROLE_FORMS[language].split("|")).format(t=word, o=place, a=joined) if place else word


def fill(rng: np.random.Generator, line: Line, about: Subject | None) -> tuple[str, str, Mapping[str, str]]:
    """Return the name shown and the bio, and everything that was put in."""
    values = _strangers(rng, line.language) | (_claims(rng, line.language, about) if about else {})
    name, bio = (text.format_map(values) for text in (line.name, line.bio))
    return name.strip(), bio.strip(), values


def _strangers(rng: np.random.Generator, language: str) -> dict[str, str]:
    """Return what a wording needs of people and places that have nothing to do with the target."""
    locale = FAKER_OF[language]
    fake = faker_of(locale)
    shown, given, family = person(rng, locale)
    digits = {f"d{n}": "".join(map(str, rng.integers(0, 10, n))) for n in (2, 3, 4, 8, 9)}
    word = pick(rng, _WORDS) + pick(rng, ("", "_", "")) + pick(rng, _WORDS) + pick(rng, ("", digits["d2"]))
    parts = shown.split()
    return {
        "x": shown, "xf": parts[0], "xl": parts[-1], "xlatin": f"{given} {family}", "xo": fake.company(),
        "job": str(fake.job()).split(",")[0], "c": fake.city(), "y": str(rng.integers(1985, 2026)),
        "d": digits["d4"], "g": pick(rng, _EMOJI), "w": word,
        "m": pick(rng, _MESSENGERS).format(w=word, **digits),
        "link": pick(rng, _LINKS.split("|")).format(w=word, **digits),
    }  # fmt: skip


def _claims(rng: np.random.Generator, language: str, about: Subject) -> dict[str, str]:
    """Return what a wording says of the target."""
    plain = bare(about.name)
    parts = plain.split() or [about.name]
    found = {
        "n": about.name, "first": parts[0], "last": parts[-1], "h": about.protected.handle,
        "N": disguised(rng, about.name, language), "look": lookalike(rng, about.name), "z": invisible(rng, about.name),
        "style": stylised(rng, about.name), "nick": shortened(rng, plain), "latin": _other_script(rng, about),
        "site": (*about.protected.links, f"@{about.protected.handle}")[0],
    }  # fmt: skip
    if about.title:
        found["t"], found["r"] = paraphrase(rng, about.title, about.owner, language)
        others = [one for one in TITLES if one != about.title and TITLES[one][1] == TITLES[about.title][1]]
        found["xr"] = pick(rng, others or ["writer"])
        found["yo"] = belongs_to(rng, TITLES[about.title][1], FAKER_OF[language])
    if about.role:
        found |= {"R": about.role, "k": about.role}
    if about.owner:
        found |= {"o": about.owner, "a": re.sub(r"\W", "", about.owner)}
    if about.protected.bio:
        bio = about.protected.bio
        found |= {"bio": bio, "edited": edited(rng, bio), "part": part(rng, bio)}
    return found


def _other_script(rng: np.random.Generator, about: Subject) -> str:
    latin = [one for one in about.protected.aliases if one.isascii()]
    if about.language in _SCRIPTS:
        return latin[0] if latin else anyascii(about.name).title()
    return "".join(_CYRILLIC.get(letter, letter) for letter in anyascii(about.name))


def edited(rng: np.random.Generator, bio: str) -> str:
    """Return the bio with a word left out, two exchanged or marks changed, and perhaps something added."""
    words = bio.split()
    for _ in range(1 + len(words) // 8):
        place = int(rng.integers(len(words)))
        if rng.random() < 0.5 and len(words) > 4:
            del words[place]
        else:
            words[place] = pick(rng, (words[place].strip(".,|"), words[place].capitalize(), words[place] + "!"))
    return " ".join(words) + pick(rng, ("", "", " 🙏", " ❤️", " God is good", " | DM"))


def part(rng: np.random.Generator, bio: str) -> str:
    """Return one or two of the bio's sentences, or half of its words."""
    pieces = [one.strip() for one in re.split(r"(?<=[.!?|。।])\s+|\n", bio) if len(one.strip()) > 12]
    if len(pieces) > 1:
        return pick(rng, (pieces[0], pick(rng, pieces), " ".join(pieces[:-1]))).strip("| ")
    words = bio.split()
    return " ".join(words[: max(3, len(words) // 2)])
