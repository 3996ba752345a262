"""Target words: what a protected account can be called by, in Latin letters, and whether an account calls it so."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz import fuzz

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.simulation.perturbations import split_words
from classifier.text.edit_distance import beyond_chance
from classifier.text.information import bits
from classifier.text.lexicon import CLAIM_WORDS
from classifier.text.normalization import loose_key

# Words by which an organisation is known from a person, in the languages names come in.
_ORGANISATION = frozenset(
    (
        "bank banco banque bankası motors airlines airways aerolineas air energy energia foods insurance seguros "
        "telecom movil games labs cloud exchange protocol wallet finance dao token times post news radio tv herald "
        "daily gazette fc united racing athletic rovers museum museo opera orchestra festival theatre foundation "
        "fundacion relief institute instituto university universidad ministry ministerio department office group "
        "grupo gruppe inc corp gmbh ltd company store stores shop hotel hospital clinic church club school academy "
        "press media studio city council embassy police party association society systems software industries "
        "logistics pay app capital government gobierno governo gouvernement regierung tienda loja farmacia "
        "pharmacy restaurante restaurant cafe bakery diario journal secretaria municipality ayuntamiento "
        "prefeitura railways metro electric water gas mail support service services"
    ).split()
)
_ROLE = re.compile(r"(?P<title>.+)(?: of | for | at | de | del | von | @|, )(?P<organisation>[^,]+)$")
# Nobody imitates a plumber by his given name alone; of somebody whom millions follow it is enough. How much the words
# must carry together, in bits (``information.bits``: "john" 14, "smith" 16, an invented surname about 30).
_FAMOUS, _FAMOUS_BITS, _BITS = 1_000_000, 13.0, 20.0
# How much of a word must be there, in percent (``rapidfuzz.fuzz.partial_ratio``): short words whole.
_LIKE, _SHORT, _SHORTEST = 80.0, 4, 2
# In bits beyond chance (``edit_distance.beyond_chance``): one stranger in a million comes as near.
_MISTAKABLE = 20.0
_DIGITS = "0123456789"
# Of a name whose words carry less than that, this share.
_MOST_OF = 0.8


@dataclass(frozen=True, slots=True)
class TargetWords:
    """What a protected account can be called by.

    Attributes
    ----------
    account : ProtectedAccount
    name : str
        Its name as shown; the words of its handle where the name is not known.
    handle : str
        The part of the handle that its owner chose, of letters, digits and underscores; "" where it has none.
    words : tuple of str
        The words of the name in Latin letters, at least one unless there is nothing to call it by.
    middles : tuple of str
        Words of its aliases that its name does not have.
    titles, organisations : tuple of str
        Of its roles: "CEO", "Northwind". An organisation is its own.
    is_person : bool
        Whether it is called as people are: guessed from roles and words.
    """

    account: ProtectedAccount
    name: str
    handle: str
    words: tuple[str, ...]
    middles: tuple[str, ...]
    titles: tuple[str, ...]
    organisations: tuple[str, ...]
    is_person: bool


@lru_cache(4_000)
def target_words(protected: ProtectedAccount) -> TargetWords:
    """Return what a protected account can be called by.

    Examples
    --------
    >>> found = target_words(ProtectedAccount(platform="x", handle="janeroe", roles=("CEO of Northwind",)))
    >>> found.words, found.titles, found.organisations
    (('janeroe',), ('CEO',), ('Northwind',))
    """
    handle = re.sub(r"\W", "", anyascii(protected.handle.lstrip("@").partition("@")[0]))
    name = protected.display_name or " ".join(split_words(protected.handle))
    words = _spelled(name, protected.aliases) or tuple(split_words(handle) if handle.strip("_") else ())
    middles = tuple(word for alias in protected.aliases for word in latin_words(alias) if word not in words)
    roles = [_ROLE.match(role) for role in protected.roles]
    titles = tuple(
        found["title"] if found else role for found, role in zip(roles, protected.roles, strict=True) if len(role) < 60
    )
    organisations = tuple(found["organisation"] for found in roles if found)
    is_person = bool(organisations) or (1 < len(words) <= 4 and not _ORGANISATION & {word.lower() for word in words})
    firms = organisations or (() if is_person else (name,))
    return TargetWords(protected, name, handle, words, middles, titles, firms, is_person)


def _spelled(name: str, aliases: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name in Latin letters, as an alias spells them where the name is in other letters."""
    if "LATIN" not in unicodedata.name(next(filter(str.isalpha, name), "a"), ""):
        latin = [alias for alias in aliases if alias.isascii()]
        if latin:
            return latin_words(max(latin, key=len))
    return latin_words(name)


def latin_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in Latin letters, as they are written.

    Examples
    --------
    >>> latin_words("Zoë O'Hara, M.P.")
    ('Zoe', 'OHara', 'M', 'P')
    """
    letters = "".join(char for char in text if unicodedata.category(char)[0] != "S")  # anyascii spells a fox out
    spelled = (re.sub(r"[^A-Za-z0-9]", "", anyascii(word)) for word in re.split(r"[\s.,|/()\-]+", letters))
    return tuple(word for word in spelled if word)


def is_told(account: Account, protected: ProtectedAccount) -> bool:
    """Tell whether handle, name, bio or links say who is meant: by words that carry enough together.

    The whole handle is enough, and most of a name whose words carry little together.

    Examples
    --------
    >>> target = ProtectedAccount(platform="x", handle="qk", display_name="Jane Quillon")
    >>> is_told(Account(handle="quil1on_88"), target), is_told(Account(handle="jane88"), target)
    (True, False)
    """
    said = [text for text in (account.handle, account.display_name, account.bio, *account.links) if text]
    texts = [loose_key(text) for text in (*said, *(anyascii(text) for text in said if not text.isascii()))]
    telling, needed = _telling(protected)
    return sum(carried for word, carried in telling if any(_has(text, word) for text in texts)) >= needed


def is_mistakable(account: Account, protected: ProtectedAccount) -> bool:
    """Tell whether a handle by itself would be taken for the protected one: whoever imitates looks at what he made.

    A handle far beyond chance is, and the whole handle with nothing but a claim beside it. Of the famous any part is.

    Examples
    --------
    >>> target = ProtectedAccount(platform="x", handle="quillonbank")
    >>> [is_mistakable(Account(handle=handle), target) for handle in ("qui11onbank", "quillonbank_help", "quinnbank")]
    [True, True, False]
    """
    ours, theirs = View(account).handle, View(protected).handle
    if is_famous(protected) or beyond_chance(ours, theirs) >= min(_MISTAKABLE, _MOST_OF * bits(theirs)):
        return True
    before, found, behind = ours.partition(theirs)
    return bool(found) and {before.strip(_DIGITS), behind.strip(_DIGITS)} - {""} <= CLAIM_WORDS


def is_famous(protected: ProtectedAccount) -> bool:
    """Tell whether a million follow a protected account, or its registry holds it for as much in need of care."""
    return protected.tier == "high" or (protected.followers or 0) >= _FAMOUS


def _has(text: str, word: str) -> bool:
    if word in text:
        return True
    # A text shorter than the word would be looked for in the word.
    return len(word) > _SHORT <= len(text) and fuzz.partial_ratio(word, text.ljust(len(word))) >= _LIKE


@lru_cache(4_000)
def _telling(protected: ProtectedAccount) -> tuple[tuple[tuple[str, float], ...], float]:
    """Return the loose keys of what calls a protected account with the bits each carries, and the bits needed."""
    target = target_words(protected)
    of_roles = [word for organisation in target.organisations for word in latin_words(organisation)]
    of_name = [*target.words, *target.name.split()]
    keys = {loose_key(word): word for word in (*of_name, *target.middles, *of_roles, target.handle)}
    carried = {key: bits(anyascii(word).lower()) for key, word in keys.items() if len(key) > _SHORTEST}
    whole = sum(carried.get(loose_key(word), 0.0) for word in target.words)
    if (handle := loose_key(target.handle)) in carried:
        carried[handle] = max(carried[handle], _BITS)
    return tuple(carried.items()), min(_FAMOUS_BITS if is_famous(protected) else _BITS, _MOST_OF * whole)
