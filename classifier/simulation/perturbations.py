"""Perturbations: the ways in which a handle or a name is made to look like another, or looks so by chance."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from classifier.accounts.account import ProtectedAccount
from classifier.simulation import vocabulary as say
from classifier.simulation.sampling import a_word, ascii_only, chance, draw, pick

HANDLE_LIMIT = 20
OFFICE = (
    "press",
    "campaign",
    "4congress",
    "forsenate",
    "office",
    "team",
    "news",
    "jobs",
    "hq",
    "live",
    "personal",
    "studio",
    "shop",
    "events",
    "4mayor",
    "rep",
    "sen",
    "gov",
    "es",
    "de",
    "fr",
    "uk",
    "us",
    "books",
    "archive",
    "music",
)
# How the same title is said: what it is called, in other words or languages.
_TITLES = {
    "CEO": (
        "Chief Executive Officer",
        "Chief Executive",
        "CEO & Founder",
        "PDG",
        "Geschäftsführer",
        "Director ejecutivo",
    ),
    "CFO": ("Chief Financial Officer", "Finanzchef"),
    "founder": ("Co-Founder", "Founder & CEO", "Fundador", "Gründer"),
    "chair": ("Chairman", "Chairwoman", "Chairperson"),
    "President": ("Presidente", "Président", "Başkan", "President"),
    "Mayor": ("Alcalde", "Bürgermeister", "Maire"),
    "Governor": ("Gov.", "Gobernador"),
    "Minister": ("Ministro", "Ministre", "Minister"),
    "Prime Minister": ("PM", "Primer Ministro", "Premier"),
    "Senator": ("Sen.", "Senador", "US Senator"),
    "Member of Parliament": ("MP", "Diputado", "Abgeordneter"),
    "director": ("Managing Director", "Director", "Directeur"),
    "editor-in-chief": ("Editor", "Editor in Chief", "Chefredakteur"),
    "head of": ("Head of", "VP"),
    "coach": ("Head Coach", "Entrenador", "Trainer"),
}
_PREPOSITIONS = re.compile(r" (of|for) (?=[A-Z])")
_STYLES = {
    "bold": (0x1D400, 0x1D41A),
    "italic": (0x1D468, 0x1D482),
    "sans": (0x1D5D4, 0x1D5EE),
    "mono": (0x1D670, 0x1D68A),
    "wide": (0xFF21, 0xFF41),
}
_ASCII_LOOK_ALIKE = {
    "l": "I1",
    "I": "l1",
    "i": "1lI",
    "o": "0",
    "O": "0",
    "m": ("rn",),
    "w": ("vv",),
    "e": "3",
    "a": "4",
    "s": "5",
    "g": "q9",
    "u": "v",
    "d": ("cl",),
    "b": "6",
}
_UNICODE_LOOK_ALIKE = {
    "a": "аɑα",
    "e": "еҽ",
    "o": "оοօ",
    "p": "рρ",
    "c": "сϲ",
    "x": "хχ",
    "y": "уγ",
    "i": "іιı",
    "s": "ѕ",
    "j": "ј",
    "h": "һ",
    "k": "κк",
    "t": "τт",
    "A": "АΑ",
    "B": "ВΒ",
    "E": "ЕΕ",
    "H": "НΗ",
    "I": "ІΙl",
    "K": "КΚ",
    "M": "МΜ",
    "O": "ОΟ",
    "P": "РΡ",
    "T": "ТΤ",
    "X": "ХΧ",
    "n": "ոп",
    "l": "ӏⅼ",
    "d": "ԁ",
}
_NEIGHBOURS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def typo(rng: np.random.Generator, text: str) -> str:
    """Make one slip, or two in longer texts: swap, drop, double, or hit the neighbouring key."""
    slips = 2 if len(text) > 9 and chance(rng, 0.25) else 1
    changed = text
    for _ in range(slips):
        changed = draw(rng, _SLIPS)(rng, changed)
    return changed if changed != text else _double(rng, text)


def look_alike(rng: np.random.Generator, text: str, *, ascii_only: bool) -> str:
    """Replace one to three letters by others that look the same; double one where none has a look-alike."""
    table: dict[str, Any] = dict(_ASCII_LOOK_ALIKE) if ascii_only else {**_ASCII_LOOK_ALIKE, **_UNICODE_LOOK_ALIKE}
    positions = [position for position, char in enumerate(text) if char in table]
    if not positions:
        return _double(rng, text)
    chosen = set(rng.choice(positions, size=min(len(positions), int(rng.integers(1, 4))), replace=False).tolist())
    return "".join(pick(rng, table[char]) if position in chosen else char for position, char in enumerate(text))


def paraphrase(rng: np.random.Generator, role: str) -> str:
    """Say a role as people do: another title, "@", a comma or a dash before the organisation, or turned."""
    said = role
    for title in sorted(_TITLES, key=len, reverse=True):
        if role.startswith(title) and chance(rng, 0.6):
            said = pick(rng, _TITLES[title]) + role[len(title) :]
            break
    draw = rng.random()
    if draw < 0.5:
        return said
    if draw < 0.8:
        return _PREPOSITIONS.sub(lambda _: pick(rng, (" @", ", ", " at ", " - ", " de ", " ")), said, count=1)
    head, found, tail = said.partition(" of ")
    return f"{tail} {head}" if found else said


def styled(rng: np.random.Generator, text: str) -> str:
    """Write a name in one of the alphabets for mathematicians, in capitals, spaced, or with invisible characters."""
    draw = rng.random()
    if draw < 0.2:
        return "\u200b".join(text)
    if draw < 0.35:
        return text.upper()
    if draw < 0.45:
        return " ".join(text)
    upper, lower = pick(rng, tuple(_STYLES.values()))
    return "".join(
        chr(upper + ord(c) - 65) if "A" <= c <= "Z" else chr(lower + ord(c) - 97) if "a" <= c <= "z" else c
        for c in text
    )


def in_part(rng: np.random.Generator, text: str) -> str:
    """Keep a part of a text: some of its words in a row, or all but a few."""
    found = text.split()
    if len(found) < 4:
        return text
    if chance(rng, 0.5):
        size = max(3, int(len(found) * rng.uniform(0.4, 0.8)))
        start = int(rng.integers(0, len(found) - size + 1))
        return " ".join(found[start : start + size])
    return " ".join(word for word in found if chance(rng, 0.8)) or text


def decorate(rng: np.random.Generator, handle: str) -> str:
    """Add underscores, a doubled letter, or a digit or two."""
    options: tuple[Callable[[], str], ...] = (
        lambda: f"{handle}_",
        lambda: f"_{handle}",
        lambda: f"{handle}__",
        lambda: _double(rng, handle),
        lambda: _split(rng, handle),
        lambda: _double(rng, _double(rng, handle)),
        lambda: f"{handle}{pick(rng, _LETTERS)}",
    )
    if not handle[-1].isdigit():  # nobody is misled by another number
        options += (
            lambda: f"{handle}{rng.integers(0, 10)}",
            lambda: f"{handle}_{rng.integers(0, 10)}",
            lambda: f"{handle}{rng.integers(10, 99)}",
        )
    changed = pick(rng, options)()
    return changed if changed.casefold() != handle.casefold() else f"{handle}_"


def glue(rng: np.random.Generator, handle: str, word: str) -> str:
    """Put a word before or behind a handle, with or without an underscore."""
    joiner = "_" if chance(rng, 0.35) else ""
    return handle + joiner + word if chance(rng, 0.65) else word + joiner + handle


def random_handle(rng: np.random.Generator) -> str:
    """Make a handle that resembles nothing: letters and digits, or two words and a number."""
    if chance(rng, 0.5):
        return "".join(pick(rng, _LETTERS) for _ in range(rng.integers(6, 11))) + str(rng.integers(10, 99999))
    return f"{pick(rng, say.COMMON_WORDS)}{pick(rng, say.STEMS).lower()}{rng.integers(100, 99999)}"


def initialled(rng: np.random.Generator, protected: ProtectedAccount) -> str:
    """Make a handle for the same owner's second account: initials, a title, "team"."""
    parts = [ascii_only(part) for part in (protected.display_name or protected.handle).split()]
    last = parts[-1]
    initials = "".join(part[0] for part in parts)
    first = parts[0]
    bare = protected.handle
    for title in say.HANDLE_PREFIXES.values():
        bare = bare.removeprefix(title)
    joined = f"{first}{last}" if len(parts) > 1 else last
    options = (
        f"Team{last}", f"{initials}{last}", f"Rep{last}", f"{last}ForUs", f"{last}4{pick(rng, say.PLACE_STEMS)}",
        f"{joined}HQ", f"Vote{last}", joined, f"{first}_{last}", f"{last}{first}",
        f"{joined}{pick(rng, say.PLACE_STEMS)}",
        f"Sen{last}", f"Gov{joined}", f"Elect{joined}", f"{joined}Office", bare, f"{joined}US",
        f"{protected.handle}{pick(rng, ('US', 'NY', 'TX', 'UK', 'DE', 'ES', 'CA', 'FL', 'FR'))}", f"{bare}Office",
        f"Re{pick(rng, ('p', 'elect'))}{bare}", f"{bare}{pick(rng, ('Now', 'Live', 'Press', 'Team', '2'))}",
    )  # fmt: skip
    return pick(rng, options)[:HANDLE_LIMIT]


def coincidence(rng: np.random.Generator, handle: str) -> str:
    """Make a handle that somebody else would have chosen and that happens to be near."""
    parts = split_words(handle)
    number = str(rng.integers(100, 99_999_999))
    core = max(parts, key=len)
    options: tuple[Callable[[], str], ...] = (
        lambda: core + number,
        lambda: pick(rng, say.COMMON_WORDS) + core,
        lambda: core + pick(rng, say.COMMON_WORDS),
        lambda: core + a_word(rng),
        lambda: a_word(rng) + core,
        lambda: _other_first(rng, core),
        lambda: pick(rng, say.COMMON_WORDS) + "_" + parts[-1],
        lambda: parts[0] + pick(rng, say.STEMS),
    )
    changed = pick(rng, options)()[:HANDLE_LIMIT]
    return changed if changed.casefold() != handle.casefold() else handle[: HANDLE_LIMIT - 4] + number[:4]


def split_words(handle: str) -> list[str]:
    """Return the words of a handle by capitals, digits and underscores, or the halves of one long word."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+", handle) or [handle]


def _swap(rng: np.random.Generator, text: str) -> str:
    if len(text) < 3:
        return _double(rng, text)
    position = int(rng.integers(len(text) - 1))
    return text[:position] + text[position + 1] + text[position] + text[position + 2 :]


def _drop(rng: np.random.Generator, text: str) -> str:
    position = int(rng.integers(len(text))) if len(text) > 4 else len(text)
    return text[:position] + text[position + 1 :]


def _double(rng: np.random.Generator, text: str) -> str:
    position = int(rng.integers(len(text)))
    return text[: position + 1] + text[position:]


def _insert(rng: np.random.Generator, text: str) -> str:
    position = int(rng.integers(1, len(text) + 1))
    return text[:position] + pick(rng, _LETTERS) + text[position:]


def _neighbour(rng: np.random.Generator, text: str) -> str:
    position = int(rng.integers(len(text)))
    row = next((row for row in _NEIGHBOURS if text[position].lower() in row), None)
    if row is None:
        return _double(rng, text)
    at = row.index(text[position].lower())
    return text[:position] + pick(rng, row[max(0, at - 1) : at] + row[at + 1 : at + 2]) + text[position + 1 :]


def _vowel(rng: np.random.Generator, text: str) -> str:
    positions = [position for position, char in enumerate(text) if char in "aeiou"]
    if not positions:
        return _double(rng, text)
    position = pick(rng, positions)
    return text[:position] + pick(rng, "aeiou".replace(text[position], "")) + text[position + 1 :]


def _other_first(rng: np.random.Generator, text: str) -> str:
    return pick(rng, _LETTERS) + text if chance(rng, 0.5) else pick(rng, _LETTERS) + text[1:]


def _split(rng: np.random.Generator, handle: str) -> str:
    position = int(rng.integers(1, max(2, len(handle))))
    return handle[:position] + "_" + handle[position:]


# How often each slip comes: the mean of typosquats of exchanges (340 handles of 27 targets, each weighing the same) and
# of packages (143 of 67), of those with a single slip.
_SLIPS = {_drop: 0.32, _swap: 0.22, _double: 0.18, _neighbour: 0.13, _insert: 0.09, _vowel: 0.06}
