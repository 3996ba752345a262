"""Families of impersonating accounts, to measure whether the account they imitate is found.

Each family is a function of a random generator and a protected account; it returns the reported account, or ``None``
where it cannot be applied. Its docstring says what is imitated and what the rest of the profile is. "Unrelated" names
and handles are those of other drawn accounts, or what services and throw-away accounts have: "user48210935". The
families were written without knowledge of how candidates are searched.

What real impersonators also copy (avatar, links, location) is left out: the families say what text alone gives.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from tests.benchmarks import attack_edits as edits
from tests.benchmarks.attack_edits import chance, pick
from tests.benchmarks.attack_words import (
    BIO_NAMES,
    BIO_WITH_HANDLE,
    BIO_WITH_NAME,
    EMOJI,
    HANDLE_WORDS,
    NAME_ADDITIONS,
    NAME_WITHIN,
)
from tests.benchmarks.population import LONGEST, draw_population

Family = Callable[[np.random.Generator, ProtectedAccount], Account | None]
LONGEST_NAME, LONGEST_BIO = 50, 160  # on X, in characters
_TRIES = 400  # accounts looked at for one attack of a family that applies to few of them


@dataclass(frozen=True, slots=True)
class Attack:
    """A reported account, the protected account it imitates, and how."""

    account: Account
    target: ProtectedAccount
    family: str


def draw_attacks(protected: Sequence[ProtectedAccount], *, seed: int, each: int) -> list[Attack]:
    """Return so many attacks of each family on accounts drawn uniformly; fewer where a family applies to almost none.

    Uniformly means: among the accounts the family applies to. A reported handle is never one of the protected handles,
    without regard to case: on one platform it cannot be. What is drawn for a family does not depend on the others.
    """
    taken = {account.handle.lower() for account in protected}
    attacks = []
    for name, family in ATTACKS.items():
        rng = np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))
        found = 0
        for _ in range(each * _TRIES):
            if found == each:
                break
            target = pick(rng, protected)
            account = family(rng, target)
            if account is not None and account.handle.lower() not in taken:
                attacks.append(Attack(account, target, name))
                found += 1
    return attacks


def handle_one_edit(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with one character replaced, added or left out; the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.edited_handle(rng, protected.handle))


def handle_two_edits(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with two such edits; the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.edited_handle(rng, protected.handle, 2))


def handle_transposition(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with two neighbouring characters in the other order; the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.turned(rng, protected.handle))


def handle_doubled_or_dropped(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with a letter doubled or dropped; the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.doubled_or_dropped(rng, protected.handle))


def handle_ascii_alike(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with ASCII look-alikes (l and I, 0 and O, rn and m, 5 and s); the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.ascii_alike(rng, protected.handle))


def handle_added_word(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with a word of one of several languages, or a year; the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.with_word(rng, protected.handle, HANDLE_WORDS))


def handle_random_tail(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with two to six random digits or letters behind it; the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.with_tail(rng, protected.handle))


def handle_inserted(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with an underscore, a digit or a word inside it; the display name is absent or unrelated."""
    return _by_handle(rng, protected, edits.inserted(rng, protected.handle, HANDLE_WORDS))


def handle_truncated(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle without its last one to three characters; the display name is absent or unrelated."""
    return _by_handle(rng, protected, _truncated(rng, protected))


def handle_swapped_parts(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with its name parts swapped, "QuillonJane" for "JaneQuillon"; display name absent or unrelated."""
    return _by_handle(rng, protected, edits.swapped_parts(rng, protected.handle, _name(protected)))


def handle_initials(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle of the name's initials and a word, whatever the imitated handle; display name absent or unrelated."""
    return _by_handle(rng, protected, edits.initials(rng, _name(protected)))


def name_copied(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name copied as it is; the handle is unrelated."""
    return _by_name(rng, protected, _name(protected))


def name_one_edit(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with one typo; the handle is unrelated."""
    return _by_name(rng, protected, edits.edited_name(rng, _name(protected)))


def name_two_edits(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with two typos; the handle is unrelated."""
    return _by_name(rng, protected, edits.edited_name(rng, _name(protected), 2))


def name_scripts_alike(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with look-alike letters of other scripts; the handle is unrelated."""
    return _by_name(rng, protected, edits.scripts_alike(rng, _name(protected)))


def name_decorated(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name in mathematical, enclosed, full-width, small-capital or other fancy letters; unrelated handle."""
    return _by_name(rng, protected, edits.decorated(rng, _name(protected)))


def name_stacked_marks(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with stacked marks, or struck through or underlined; the handle is unrelated."""
    return _by_name(rng, protected, edits.stacked(rng, _name(protected)), longest=4 * LONGEST_NAME)


def name_emoji(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with emoji between or around its words; the handle is unrelated."""
    words, signs = _name(protected).split(), [pick(rng, EMOJI) for _ in range(3)]
    joined = pick(rng, (" ", f" {signs[0]} ", signs[0])).join(words)
    around = pick(rng, ("{0} {1}", "{0}{1}{2}", "{1} {0} {1}", "{1}{0}", "{0} {1}{2}{1}", "{1} {0} {2}"))
    return _by_name(rng, protected, around.format(joined, signs[1], signs[2]))


def name_spaced_out(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with its letters apart, "J A N E"; the handle is unrelated."""
    return _by_name(rng, protected, edits.spaced_out(rng, _name(protected)), longest=2 * LONGEST_NAME)


def name_reordered(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with its words in another order, "Quillon, Jane"; the handle is unrelated."""
    return _by_name(rng, protected, edits.reordered(rng, _name(protected)))


def name_joined(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with its words joined, "JaneQuillon", "jane_quillon"; the handle is unrelated."""
    words = _name(protected).split()
    joined = pick(rng, ("", "", "_", ".", "-")).join(words)
    return _by_name(rng, protected, (joined.lower() if chance(rng, 0.3) else joined) if len(words) > 1 else None)


def name_added_words(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name with words or signs added (Official, Support, a tick, a role); the handle is unrelated."""
    return _by_name(rng, protected, edits.filled(rng, NAME_ADDITIONS, _name(protected), LONGEST_NAME))


def name_to_latin(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name of another script in Latin letters, in one of its spellings; the handle is unrelated."""
    return _by_name(rng, protected, edits.to_latin(rng, _name(protected)))


def name_from_latin(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name of a Slavic, Caucasian or Greek person, shown in Latin, in Cyrillic or Greek; unrelated handle."""
    return _by_name(rng, protected, edits.from_latin(rng, _name(protected)))


def name_within_longer(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Display name copied within a longer one of other words; the handle is unrelated."""
    return _by_name(rng, protected, edits.filled(rng, NAME_WITHIN, _name(protected), LONGEST_NAME))


def bio_name(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Name copied in the bio only; the display name is generic or unrelated, the handle is unrelated."""
    return _by_bio(rng, protected, edits.filled(rng, BIO_WITH_NAME, _name(protected), LONGEST_BIO))


def bio_handle(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle mentioned in the bio only; the display name is generic or unrelated, the handle is unrelated."""
    return _by_bio(rng, protected, edits.filled(rng, BIO_WITH_HANDLE, protected.handle, LONGEST_BIO))


def both_typo(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with one edit; the display name is copied."""
    return _by_both(rng, protected, edits.edited_handle(rng, protected.handle), protected.display_name)


def both_added_word(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with a word added; the display name is copied."""
    return _by_both(rng, protected, edits.with_word(rng, protected.handle, HANDLE_WORDS), protected.display_name)


def both_random_tail(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with a random tail; the display name is copied."""
    return _by_both(rng, protected, edits.with_tail(rng, protected.handle), protected.display_name)


def both_swapped_parts(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with its two name parts swapped; the display name is copied."""
    handle = edits.swapped_parts(rng, protected.handle, _name(protected))
    return _by_both(rng, protected, handle, protected.display_name)


def both_initials(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle of the name's initials and one word, "JQPublicJr"; the display name is copied."""
    return _by_both(rng, protected, edits.initials(rng, _name(protected)), protected.display_name)


def both_alike_name_typo(rng: np.random.Generator, protected: ProtectedAccount) -> Account | None:
    """Handle with ASCII look-alikes; the display name has one typo."""
    name = edits.edited_name(rng, _name(protected))
    return _by_both(rng, protected, edits.ascii_alike(rng, protected.handle), name)


_HANDLE_ONLY: tuple[Family, ...] = (
    handle_one_edit,
    handle_two_edits,
    handle_transposition,
    handle_doubled_or_dropped,
    handle_ascii_alike,
    handle_added_word,
    handle_random_tail,
    handle_inserted,
    handle_truncated,
    handle_swapped_parts,
    handle_initials,
)
_NAME_ONLY: tuple[Family, ...] = (
    name_copied,
    name_one_edit,
    name_two_edits,
    name_scripts_alike,
    name_decorated,
    name_stacked_marks,
    name_emoji,
    name_spaced_out,
    name_reordered,
    name_joined,
    name_added_words,
    name_to_latin,
    name_from_latin,
    name_within_longer,
)
_BIO_ONLY: tuple[Family, ...] = (bio_name, bio_handle)
_BOTH: tuple[Family, ...] = (
    both_typo,
    both_added_word,
    both_random_tail,
    both_swapped_parts,
    both_initials,
    both_alike_name_typo,
)
ATTACKS: dict[str, Family] = {family.__name__: family for family in (*_HANDLE_ONLY, *_NAME_ONLY, *_BIO_ONLY, *_BOTH)}


def _by_handle(rng: np.random.Generator, protected: ProtectedAccount, handle: str | None) -> Account | None:
    name = _stranger(rng, protected).display_name if chance(rng, 0.5) else None
    return _reported(rng, protected, handle, name, None)


def _by_name(
    rng: np.random.Generator, protected: ProtectedAccount, name: str | None, longest: int = LONGEST_NAME
) -> Account | None:
    if not name or len(name) > longest:
        return None
    return _reported(rng, protected, _unrelated_handle(rng, protected), name, None)


def _by_bio(rng: np.random.Generator, protected: ProtectedAccount, bio: str | None) -> Account | None:
    if not bio:
        return None
    name = pick(rng, BIO_NAMES) if chance(rng, 0.5) else _stranger(rng, protected).display_name
    return _reported(rng, protected, _unrelated_handle(rng, protected), name, bio)


def _by_both(
    rng: np.random.Generator, protected: ProtectedAccount, handle: str | None, name: str | None
) -> Account | None:
    return _reported(rng, protected, handle, name, None) if name else None


def _reported(
    rng: np.random.Generator, protected: ProtectedAccount, handle: str | None, name: str | None, bio: str | None
) -> Account | None:
    """Return the account if its handle can be one and is not the imitated one."""
    if (
        not handle
        or not re.fullmatch(rf"[A-Za-z0-9_]{{3,{LONGEST}}}", handle)
        or handle.lower() == protected.handle.lower()
    ):
        return None
    followers = int(np.exp(rng.normal(4, 1.5)))
    return Account(handle=handle, platform=protected.platform, display_name=name, bio=bio, followers=followers)


def _name(protected: ProtectedAccount) -> str:
    return protected.display_name or ""


def _truncated(rng: np.random.Generator, protected: ProtectedAccount) -> str | None:
    cut = int(rng.integers(1, 4))
    return protected.handle[:-cut] if len(protected.handle) - cut >= 4 else None


@cache
def _strangers() -> list[ProtectedAccount]:
    return draw_population(20_000, seed=19_937)


def _stranger(rng: np.random.Generator, protected: ProtectedAccount) -> ProtectedAccount:
    """Return somebody who shares no four letters in a row, and no word of the name, with the protected account."""
    handle, name = edits.squashed(protected.handle), edits.squashed(_name(protected))
    known = {text[i : i + 4] for text in (handle, name) for i in range(len(text) - 3)}
    words = set(_name(protected).lower().split())
    while True:
        other = pick(rng, _strangers())
        text = f"{edits.squashed(other.handle)} {edits.squashed(_name(other))}"
        if not words & set(_name(other).lower().split()) and not any(
            text[i : i + 4] in known for i in range(len(text))
        ):
            return other


def _unrelated_handle(rng: np.random.Generator, protected: ProtectedAccount) -> str:
    """Return a handle like somebody else's, or one that a service or a program gave."""
    if chance(rng, 0.65):
        return _stranger(rng, protected).handle
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    noise = "".join(pick(rng, letters) for _ in range(int(rng.integers(6, 14))))
    digits = int(rng.integers(10_000, 100_000_000))
    return pick(rng, (noise, f"user{digits}", f"{noise[:5]}_{digits % 10_000}", f"{pick(rng, HANDLE_WORDS)}{digits}"))
