"""How a handle or a name is changed: edits of one letter, letters that look alike, other spellings, other order.

Each function returns the changed text, or ``None`` when it cannot be changed so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from anyascii import anyascii

from tests.benchmarks.attack_words import (
    ALPHABETS,
    ASCII_ALIKE,
    KEYS,
    LATIN_ALIKE,
    LATIN_SPELLINGS,
    OTHER_ALIKE,
    STACKED_MARKS,
    STRIKES,
    TO_CYRILLIC,
    TO_GREEK,
    VOWELS,
)
from tests.benchmarks.names import latin_name
from tests.benchmarks.population import LONGEST

T = TypeVar("T")
_EDITS = ("replace", "replace", "replace", "add", "add", "drop", "drop")
_SUFFIX = re.compile(r"(?i)^(jr|sr|phd|md|ii|iii|mp|mba|esq)$")
_NOT_NAMES = "dr author group inc llc ltd plc and sons gmbh ag co kg se sa spa srl bv nv ab oy as aps".split()
_SLAVIC = re.compile(
    "([^aeiou]ova?|[^aeiou]eva?|sk[iay]|skiy|skyy|skaya|enko|chuk|[iy]uk|vich|ić|ič|shvili|dze|yan|čuk)$"
)
_GREEK = re.compile("(poulo[su]|poulou|[iy]dis|[iy]dou|iadou|adis|akis|akos|akou|oglou|atos|ellis|oudis)$")


def pick(rng: np.random.Generator, options: Sequence[T]) -> T:
    """Return one of the options, each as likely."""
    return options[int(rng.integers(len(options)))]


def filled(rng: np.random.Generator, templates: Sequence[str], value: str, longest: int) -> str | None:
    """Return one of the templates with the value in its place, of those that are then not too long."""
    fitting = [template for template in templates if len(template) - 2 + len(value) <= longest]
    return pick(rng, fitting).format(value) if fitting and value else None


def chance(rng: np.random.Generator, share: float) -> bool:
    """Return whether something happens that happens in this share of cases."""
    return bool(rng.random() < share)


def squashed(text: str) -> str:
    """Return the letters and digits of a text, as ASCII and without case."""
    return re.sub(r"[^a-z0-9]", "", anyascii(text).lower())


def latin_parts(name: str) -> list[str]:
    """Return the words of a name as they would stand in a handle, without titles and legal forms."""
    written = " ".join(word for word in name.split() if any(sign.isalpha() for sign in word) and word[0] not in "(#")
    words = [re.sub(r"[^A-Za-z0-9]", "", anyascii(word)) for word in latin_name(written).split()]
    return [word for word in words if word and word.lower() not in _NOT_NAMES]


def edited_handle(rng: np.random.Generator, handle: str, edits: int = 1) -> str | None:
    """Return the handle with characters replaced, added or left out."""
    for _ in range(20):
        text = handle
        for _ in range(edits):
            text = _one_edit(rng, text, list(range(len(text))), LONGEST, _EDITS)
        if text.lower() != handle.lower() and len(text) > 3:
            return text
    return None


def edited_name(rng: np.random.Generator, name: str, edits: int = 1) -> str | None:
    """Return the name with letters of its script replaced, added, left out or in the other order."""
    if len(_letters(name)) < 2 * edits:
        return None
    for _ in range(20):
        text = name
        for _ in range(edits):
            text = _one_edit(rng, text, _letters(text), 50, (*_EDITS, "turn"))
        if text.casefold() != name.casefold() and _letters(text):
            return text
    return None


def _letters(text: str) -> list[int]:
    return [i for i, sign in enumerate(text) if sign.isalpha()]


def _one_edit(rng: np.random.Generator, text: str, places: Sequence[int], longest: int, kinds: Sequence[str]) -> str:
    """Return the text with one edit at one of the places; "turn" is two neighbours in the other order."""
    at = pick(rng, places)
    kind = pick(rng, kinds)
    if kind == "turn" and at + 1 in places:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == "drop" and len(places) > 2:
        return text[:at] + text[at + 1 :]
    other = _near(rng, text[at])
    if kind == "add" and len(text) < longest:
        return text[: at + 1] + pick(rng, (other, text[at])).lower() + text[at + 1 :]
    return text[:at] + other + text[at + 1 :]


def _near(rng: np.random.Generator, sign: str) -> str:
    """Return a character typed, or meant, in place of this one: of the same script and case."""
    base = unicodedata.normalize("NFD", sign)[0]
    small = base.lower()
    if base.isascii() or small in KEYS:
        options = KEYS.get(small, "abcdeinorst0123456789" if sign in "_0123456789" else "aeinorst")
        if small in VOWELS and chance(rng, 0.5):
            options = VOWELS.replace(small, "")
        if base != sign and chance(rng, 0.3):
            options = small
        found = pick(rng, options)
        return found.upper() if sign.isupper() else found
    script, reach = unicodedata.name(sign, "?").split()[0], 40 if "一" <= sign <= "힣" else 6
    others = [chr(code) for code in range(ord(sign) - reach, ord(sign) + reach + 1) if code != ord(sign)]
    same = [other for other in others if other.isalpha() and unicodedata.name(other, "").startswith(script)]
    alike = [other for other in same if other.isupper() == sign.isupper() and other.islower() == sign.islower()]
    return pick(rng, alike or same or ["a"])


def turned(rng: np.random.Generator, handle: str) -> str | None:
    """Return the handle with two neighbouring characters in the other order."""
    places = [i for i in range(len(handle) - 1) if handle[i].lower() != handle[i + 1].lower()]
    if not places:
        return None
    at = pick(rng, places)
    return handle[:at] + handle[at + 1] + handle[at] + handle[at + 2 :]


def doubled_or_dropped(rng: np.random.Generator, handle: str) -> str | None:
    """Return the handle with a letter written twice, or one left out: of a double letter where there is one."""
    letters = [i for i, sign in enumerate(handle) if sign.isalpha()]
    if not letters:
        return None
    double = [i for i in letters if i and handle[i].lower() == handle[i - 1].lower()]
    at = pick(rng, double) if double and chance(rng, 0.5) else pick(rng, letters)
    if (at in double or chance(rng, 0.5)) and len(handle) > 4:
        return handle[:at] + handle[at + 1 :]
    return handle[:at] + handle[at].lower() + handle[at:]


def ascii_alike(rng: np.random.Generator, handle: str) -> str | None:
    """Return the handle with one to three characters, or pairs of them, that look like others."""
    places = [(i, n) for i in range(len(handle)) for n in (2, 1) if handle[i : i + n] in ASCII_ALIKE]
    chosen = {places[i] for i in rng.permutation(len(places))[: int(rng.integers(1, 4))]}
    changed, at = "", 0
    while at < len(handle):
        size = next((n for n in (2, 1) if (at, n) in chosen), 0)
        changed += pick(rng, ASCII_ALIKE[handle[at : at + size]]) if size else handle[at]
        at += size or 1
    return changed if changed.lower() != handle.lower() else None


def inserted(rng: np.random.Generator, handle: str, words: Sequence[str]) -> str | None:
    """Return the handle with an underscore, a digit or a word inside it, more often between its parts."""
    inner = range(2, len(handle) - 1)
    borders = [i for i in inner if handle[i] == "_" or (handle[i].isupper() and handle[i - 1].islower())]
    at = pick(rng, borders) if borders and chance(rng, 0.6) else int(rng.integers(1, len(handle)))
    options = (
        "_",
        "_",
        "__",
        str(rng.integers(10)),
        str(rng.integers(10, 100)),
        "x",
        pick(rng, words),
        pick(rng, words),
    )
    fitting = [option for option in options if len(handle) + len(option) <= LONGEST]
    return handle[:at] + pick(rng, fitting) + handle[at:] if fitting else None


def with_tail(rng: np.random.Generator, handle: str) -> str | None:
    """Return the handle with two to six digits or letters behind it, as many as fit."""
    room = min(6, LONGEST - len(handle))
    if room < 2:
        return None
    count = int(rng.integers(2, room + 1))
    signs = pick(rng, ("0123456789", "0123456789", "abcdefghijklmnopqrstuvwxyz", "abcdef0123456789"))
    tail = "".join(pick(rng, signs) for _ in range(count))
    return handle + ("_" if chance(rng, 0.3) and count < room else "") + tail


def with_word(rng: np.random.Generator, handle: str, words: Sequence[str]) -> str | None:
    """Return the handle with a word or a year before or behind it, of those that fit, in the handle's case."""
    room = LONGEST - len(handle)
    fitting = [word for word in (*words, *map(str, range(2018, 2027))) if len(word) <= room]
    if not fitting:
        return None
    word = pick(rng, fitting)
    if handle != handle.lower() and chance(rng, 0.8):
        word = word.upper() if len(word) < 3 else word.capitalize()
    joint = "_" if chance(rng, 0.35) and len(word) < room else ""
    return word + joint + handle if chance(rng, 0.4) and not word.isdigit() else handle + joint + word


def swapped_parts(rng: np.random.Generator, handle: str, name: str) -> str | None:
    """Return the handle with the two words of the name that are in it in the other order, or a word and an initial."""
    low = handle.lower()
    spans: list[tuple[int, int]] = []
    for word in sorted({part.lower() for part in latin_parts(name)}, key=len, reverse=True):
        at = low.find(word)
        if len(word) > 2 and at >= 0 and all(at + len(word) <= start or at >= end for start, end in spans):
            spans.append((at, at + len(word)))
    joint = pick(rng, ("", "", "_"))
    if len(spans) >= 2:
        (a, b), (c, d) = sorted(spans[:2])
        between = handle[b:c] if handle[b:c].strip("_") else joint
        return handle[:a] + handle[c:d] + between + handle[a:b] + handle[d:]
    if len(spans) == 1:
        (a, b), rest = spans[0], (handle[: spans[0][0]] + handle[spans[0][1] :]).strip("_")
        if len(rest) == 1 and rest.isalpha():
            return handle[a:b] + joint + rest if a else rest + joint + handle[a:b]
    return None


def initials(rng: np.random.Generator, name: str) -> str | None:
    """Return a handle of initials and one whole word of the name: "JQPublicJr" for "John Quincy Public Jr."."""
    parts = latin_parts(name)
    suffix = parts.pop().capitalize() if len(parts) > 2 and _SUFFIX.match(parts[-1]) else ""
    if len(parts) < 2:
        return None
    firsts, last = [part[0].upper() for part in parts[:-1]], parts[-1].capitalize()
    lead, tail = "".join(firsts), "".join(part[0].upper() for part in parts[1:])
    handle = pick(
        rng,
        (
            lead + last + suffix,
            lead + last + suffix,
            f"{lead}_{last}{suffix}",
            f"{'_'.join(firsts)}_{last}{suffix}",
            last + lead + suffix,
            parts[0].capitalize() + tail + suffix,
            f"{parts[0].capitalize()}_{tail}{suffix}",
        ),
    )
    if len(handle) < 5 or chance(rng, 0.25):
        handle += str(rng.integers(1, 100))
    return handle.lower() if chance(rng, 0.3) else handle


def scripts_alike(rng: np.random.Generator, name: str) -> str | None:
    """Return the name with one, half or all of the letters that can be replaced by look-alikes of another script."""
    places = [i for i, sign in enumerate(name) if sign in LATIN_ALIKE or sign in OTHER_ALIKE]
    if not places:
        return None
    share = pick(rng, (0.0, 0.3, 0.5, 1.0))
    chosen = {i for i in places if chance(rng, share)} | {pick(rng, places)}
    return "".join(
        pick(rng, LATIN_ALIKE.get(sign) or OTHER_ALIKE[sign]) if i in chosen else sign for i, sign in enumerate(name)
    )


def decorated(rng: np.random.Generator, name: str) -> str | None:
    """Return the name in a decorated alphabet: all of it, or one word."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    letters = [sign for sign in plain if sign.isalpha()]
    if not letters or sum(sign.isascii() for sign in letters) < 0.8 * len(letters):
        return None
    alphabet, words = pick(rng, ALPHABETS), plain.split(" ")
    whole = chance(rng, 0.8)
    chosen = [i for i, word in enumerate(words) if any(sign in alphabet for sign in word)]
    only = chosen if whole else [pick(rng, chosen)]
    changed = " ".join(
        "".join(alphabet.get(sign, sign) for sign in word) if i in only else word for i, word in enumerate(words)
    )
    return changed if changed != name else None


def stacked(rng: np.random.Generator, name: str) -> str | None:
    """Return the name with marks above, below or through its letters: one to three each, or the same one on all."""
    same = pick(rng, STRIKES) if chance(rng, 0.4) else ""
    marked = [
        sign + (same or "".join(pick(rng, STACKED_MARKS) for _ in range(int(rng.integers(1, 4)))))
        if sign.isalpha()
        else sign
        for sign in name
    ]
    return "".join(marked)


def spaced_out(rng: np.random.Generator, name: str) -> str | None:
    """Return the name with a space, a dot, a dash or something invisible between its letters."""
    arabic = any("\u0600" <= sign <= "\u06ff" for sign in name)
    joint = pick(rng, ("ـ", "ــ", " ") if arabic else (" ", " ", " ", ".", "·", "-", "_", "\u200b", "\u2009", "*"))
    gap = pick(rng, ("   ", "  ", joint)) if joint == " " else pick(rng, (" ", joint))
    changed = gap.join(joint.join(_clusters(word)) for word in name.split())
    changed = changed.upper() if chance(rng, 0.4) else changed
    return changed if changed != name else None


def _clusters(word: str) -> list[str]:
    """Return the letters of a word, each with the marks that belong to it."""
    found: list[str] = []
    for sign in word:
        if found and (unicodedata.category(sign)[0] == "M" or "\u200d" in (sign, found[-1][-1])):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def reordered(rng: np.random.Generator, name: str) -> str | None:
    """Return the name with its last word first, with or without a comma, or its words in another order."""
    words = name.split()
    if len(words) < 2:
        return None
    last, rest = words[-1], " ".join(words[:-1])
    mixed = [words[i] for i in rng.permutation(len(words))]
    options = (f"{last}, {rest}", f"{last}, {rest}", f"{last} {rest}", f"{last.upper()} {rest}", " ".join(mixed))
    changed = pick(rng, [option for option in options if option != name] or [name])
    return changed if changed != name else None


def to_latin(rng: np.random.Generator, name: str) -> str | None:
    """Return a name of another script in Latin letters: as its owner would, or sign by sign, or in another spelling."""
    if not name or any(sign.isascii() and sign.isalpha() for sign in name) or name == anyascii(name):
        return None
    if not any(sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN") for sign in name):
        return None
    plain = latin_name(name) if chance(rng, 0.7) else anyascii(name).replace("'", "").title()
    if chance(rng, 0.5):
        old, new = pick(rng, [pair.split("=") for pair in LATIN_SPELLINGS if pair.split("=")[0] in plain] or [["", ""]])
        plain = plain.replace(old, new) if old else plain
    return plain


def from_latin(rng: np.random.Generator, name: str) -> str | None:
    """Return a Slavic, Caucasian or Greek name written in Latin letters as it is written at home."""
    words = [word.lower() for word in name.split()]
    if any(sign.isalpha() and sign > "\u024f" for sign in name):
        return None
    if len(words) > 1 and len(words[-1]) > 5 and _GREEK.search(words[-1]):
        return " ".join(_greek_end(_spelt(word, TO_GREEK)).capitalize() for word in words)
    if len(words) > 1 and len(words[-1]) > 4 and _SLAVIC.search(words[-1]):
        return " ".join(_cyrillic_end(_spelt(word, TO_CYRILLIC)).capitalize() for word in words)
    return None


def _spelt(word: str, table: Mapping[str, str]) -> str:
    return re.sub("|".join(table), lambda found: table[found.group()], word)


def _cyrillic_end(word: str) -> str:
    return re.sub("(?<=к)и$|ы$|ий?й$", "ий", word)


def _greek_end(word: str) -> str:
    return re.sub("σ$", "ς", word)
