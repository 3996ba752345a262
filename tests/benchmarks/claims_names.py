"""What impersonators do to a name: look-alike letters, other styles of letters, what cannot be seen, decorations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from anyascii import anyascii

from tests.benchmarks.claims_people import pick
from tests.benchmarks.claims_titles import HONORIFICS

_LIKE = dict(zip("aeopcyxisjhABEHKMOPTXlI", "аеорсухіѕјһАВЕНКМОРТХIl", strict=True))
_LIKE_CYRILLIC = dict(zip("аеорсухАВЕКМНОРСТХ", "aeopcyxABEKMHOPCTX", strict=True))
_LIKE_OTHER = {"ي": "ی", "ك": "ک", "ه": "ة", "о": "ο", "カ": "力", "ニ": "二", "ロ": "口", "エ": "工"}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SMALL = dict(zip("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
_STYLES = (0x1D400, 0x1D434, 0x1D468, 0x1D4D0, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D63C, 0x1D670)  # bold, italic, script, ...
_DECORATIONS = (
    "{} ✔️¦{} ✅¦{}®¦{} ™¦{} Official¦{} (Official)¦Official {}¦Real {}¦The Real {}¦{} 🔵¦🌟 {} 🌟¦{} ❤️¦{}.¦{} Page¦"
    "★ {} ★¦{} ☑️¦「{}」¦{} 🇺🇸¦『{}』¦{} | Official¦{} 💯¦👑 {}¦{}_official¦Its {}"
).split("¦")
_SHORT = dict(
    part.split(":")
    for part in (
        "William:Bill Robert:Bob Richard:Rick James:Jim Michael:Mike Thomas:Tom Joseph:Joe Elizabeth:Liz "
        "Katherine:Kate Jennifer:Jen Patricia:Pat Daniel:Dan Christopher:Chris Matthew:Matt Anthony:Tony "
        "Steven:Steve Stephen:Steve Jessica:Jess Alexander:Alex Samuel:Sam Benjamin:Ben Andrew:Andy Edward:Ed "
        "Timothy:Tim Gregory:Greg Jeffrey:Jeff Margaret:Maggie Susan:Sue Deborah:Deb Francisco:Paco José:Pepe "
        "Ignacio:Nacho Guadalupe:Lupe Eduardo:Edu Aleksandr:Sasha Александр:Саша Дмитрий:Дима Екатерина:Катя "
        "Mehmet:Memo Johannes:Hans Maximilian:Max"
    ).split()
)


def lookalike(rng: np.random.Generator, name: str) -> str:
    """Return the name with one to all of its letters exchanged; with something invisible where none looks alike."""
    table = _LIKE | _LIKE_CYRILLIC | _LIKE_OTHER
    places = [i for i, letter in enumerate(name) if letter in table]
    if not places:
        return invisible(rng, name)
    chosen = set(rng.permutation(places)[: int(rng.integers(1, len(places) + 1))].tolist())
    return "".join(table[letter] if i in chosen else letter for i, letter in enumerate(name))


def invisible(rng: np.random.Generator, name: str) -> str:
    """Return the name with one to three characters in it that nobody sees."""
    for _ in range(int(rng.integers(1, 4))):
        place = int(rng.integers(1, max(2, len(name))))
        name = name[:place] + pick(rng, _INVISIBLE) + name[place:]
    return name


def stylised(rng: np.random.Generator, name: str) -> str:
    """Return the name in mathematical, small-capital, full-width or spaced letters."""
    roll, plain = rng.random(), anyascii(name) if all(ord(one) < 0x250 for one in name) else name
    if not any("a" <= one.lower() <= "z" for one in plain):
        return pick(rng, ("꧁{}꧂", "✦ {} ✦", "⟦{}⟧")).format(name)
    if roll < 0.2:
        return "".join(_SMALL.get(one.lower(), one) for one in plain)
    if roll < 0.3:
        return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in plain)
    if roll < 0.4:
        return " ".join(plain.upper())
    start = int(rng.choice(_STYLES))
    return "".join(_styled(one, start) for one in plain)


def _styled(letter: str, start: int) -> str:
    if "A" <= letter <= "Z":
        return chr(start + ord(letter) - 65)
    is_hole = start == 0x1D434 and letter == "h"  # U+1D455 is unassigned: the letter is ℎ
    return "ℎ" if is_hole else chr(start + 26 + ord(letter) - 97) if "a" <= letter <= "z" else letter


def mistyped(rng: np.random.Generator, name: str) -> str:
    """Return the name with one letter doubled, left out or exchanged with the next."""
    place, kind = int(rng.integers(1, max(2, len(name) - 1))), int(rng.integers(3))
    if kind == 0:
        return name[:place] + name[place - 1] + name[place:]
    if kind == 1:
        return name[:place] + name[place + 1 :] if len(name) > 4 else name + name[-1]
    return name[:place] + name[place : place + 2][::-1] + name[place + 2 :]


def reordered(rng: np.random.Generator, name: str) -> str:
    """Return the family name first."""
    *given, family = name.split()
    return pick(rng, ("{} {}", "{}, {}", "{}.{}")).format(family, " ".join(given)) if given else name + " " + name


def shortened(rng: np.random.Generator, name: str) -> str:
    """Return the name with a nickname or an initial for the given name."""
    given, *rest = name.split()
    family = rest[-1] if rest else ""
    return f"{_SHORT.get(given) or pick(rng, (given[:1] + '.', given[:1], given[:3]))} {family}".strip()


def decorated(rng: np.random.Generator, name: str) -> str:
    return pick(rng, _DECORATIONS).format(name)


def with_initial(rng: np.random.Generator, name: str) -> str:
    given, *rest = name.split()
    return " ".join((given, f"{chr(65 + int(rng.integers(26)))}.", *rest)) if rest else name


_WAYS: tuple[tuple[float, Callable[[np.random.Generator, str], str]], ...] = (
    (0.33, lambda _, name: name),
    (0.25, decorated),
    (0.06, lookalike),
    (0.06, stylised),
    (0.05, invisible),
    (0.05, reordered),
    (0.05, with_initial),
    (0.05, mistyped),
    (0.04, lambda _, name: name.upper()),
    (0.03, lambda _, name: name.lower()),
    (0.03, shortened),
)


def disguised(rng: np.random.Generator, name: str, language: str) -> str:
    """Return the name as an impersonator would show it: often just so, often decorated, now and then disguised."""
    shares = np.array([share for share, _ in _WAYS])
    name = _WAYS[int(rng.choice(len(_WAYS), p=shares / shares.sum()))][1](rng, name)
    return pick(rng, HONORIFICS[language].split("|")) + name if rng.random() < 0.06 else name
