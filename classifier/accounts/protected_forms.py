"""Normal forms that only a protected account has: what its owner is called and is, by name, alias and role."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.phrases import _is_phrase, _phrase, _telling, _told
from classifier.text.information import word_information
from classifier.text.lexicon import TITLES
from classifier.text.name_frequency import is_name
from classifier.text.normalization import handle_key, normal, normal_words, words
from classifier.text.search_keys import name_keys
from classifier.text.spelling import spelled
from classifier.utils.made_once import made_once

# What of a protected account stands in somebody's handle or name: handle or a whole name, a word of it, or a word of
# what its owner is the head of.
WHOLE, WORD, ORGANISATION = range(3)
# Before a word that is read as it is spelled, not as it looks.
EXACTLY = "="
# Shorter texts stand in many by chance; more than so many of an account are not looked for.
SHORTEST_BORNE, MOST_BORNE = 3, 24


class ProtectedForms:
    """The part of a view (``normal_forms.View``) that its account has as a protected one."""

    account: Account | ProtectedAccount
    handle: str
    handle_words: tuple[str, ...]

    @property
    def protected(self) -> ProtectedAccount:
        """The account as the protected side of a pair; TypeError for a reported one."""
        if not isinstance(self.account, ProtectedAccount):
            raise TypeError("the protected side of a pair is a ProtectedAccount")
        return self.account

    @made_once
    def name(self) -> str:
        """The display name in normal form; empty when missing."""
        return normal(self.account.display_name or "")

    @made_once
    def roles_told(self) -> tuple[tuple[str, ...], ...]:
        """For each role of a protected account its telling words, titles by one name each."""
        return tuple(filter(None, map(_told, self.protected.roles)))

    @made_once
    def role_words(self) -> tuple[dict[str, float], ...]:
        """The same, with the words' bits."""
        return tuple(map(weighed, self.roles_told))

    @made_once
    def role_totals(self) -> tuple[tuple[dict[str, float], float], ...]:
        """The same, each with the sum of its bits."""
        return tuple((role, sum(role.values())) for role in self.role_words)

    @made_once
    def joined_names(self) -> tuple[str, ...]:
        """A protected account's name and aliases as a handle would write them."""
        return tuple(filter(None, dict.fromkeys(handle_key(spelled(name)) for name in self.names)))

    @made_once
    def name_weights(self) -> tuple[tuple[tuple[frozenset[str], float], ...], ...]:
        """For each name and alias of a protected account, its words: how each is read, and its bits."""
        return tuple(filter(None, map(read_and_weighed, self.names)))

    @made_once
    def name_totals(self) -> tuple[tuple[tuple[tuple[frozenset[str], float], ...], float], ...]:
        """The same, each name with the sum of its bits."""
        return tuple((name, sum(bits for _, bits in name)) for name in self.name_weights)

    @made_once
    def name_spelled(self) -> tuple[tuple[str, ...], ...]:
        """For each name and alias of a protected account its words as they are spelled: those of ``name_weights``."""
        return tuple(filter(None, map(spelled_words, self.names)))

    @made_once
    def organisations(self) -> tuple[str, ...]:
        """The words of a protected account's roles that are no titles: whom or what its owner is the head of."""
        told = (word for role in self.roles_told for word in role)
        return tuple(dict.fromkeys(word for word in told if word not in TITLES))

    @made_once
    def known_words(self) -> frozenset[str]:
        """How all words are read that say that a protected account is meant: of names, aliases, roles and handle."""
        named = (word for name in self.name_spelled for word in name)
        told = (*named, *self.organisations, *map(spelled, self.handle_words), self.handle)
        return frozenset().union(*(read_word(word)[0] for word in told))

    @made_once
    def bearable(self) -> tuple[tuple[int, str], ...]:
        """What of a protected account may stand in a handle or a name, and which kind each is."""
        names = [[handle_key(word) for word in name] for name in self.name_spelled]
        whole = (self.handle, *map("".join, names), *map(_turned_round, names))
        words = (word for name in names if len(name) > 1 for word in name)
        short = (form for name in names for form in _initialled(name))
        found = [(WHOLE, text) for text in whole] + [(WORD, text) for text in (*words, *short)]
        found += [(ORGANISATION, handle_key(word)) for word in self.organisations]
        return tuple(dict.fromkeys((kind, text) for kind, text in found if len(text) >= SHORTEST_BORNE))[:MOST_BORNE]

    @made_once
    def all_name_readings(self) -> frozenset[str]:
        """How any word of a protected account's name or alias is read."""
        return frozenset().union(*(read for name in self.name_weights for read, _ in name))

    @made_once
    def all_role_words(self) -> frozenset[str]:
        """The telling words of all roles of a protected account."""
        return frozenset().union(*self.roles_told)

    @made_once
    def names(self) -> tuple[str, ...]:
        """A protected account's name and aliases in normal form."""
        return tuple(filter(None, (self.name, *map(normal, self.protected.aliases))))

    @made_once
    def role_phrases(self) -> frozenset[tuple[str, ...]]:
        """What the owner of a protected account is: roles of two telling words or more, as phrases."""
        return _telling(self.account.roles) if isinstance(self.account, ProtectedAccount) else frozenset()

    @made_once
    def phrases(self) -> frozenset[tuple[str, ...]]:
        """What a protected account is called or is: name, aliases and roles of two telling words or more."""
        if not isinstance(self.account, ProtectedAccount):
            return frozenset()
        return self.role_phrases | self.called_phrases

    @made_once
    def called_phrases(self) -> frozenset[tuple[str, ...]]:
        """What a protected account is called: its phrases without those of its roles."""
        if not isinstance(self.account, ProtectedAccount):
            return frozenset()
        named = (_phrase(name_words) for name_words in map(normal_words, self.names))
        return frozenset(filter(_is_phrase, named)) - self.role_phrases


def spelled_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are spelled; single letters are left out."""
    return tuple(word for word in words(spelled(name)) if len(word) > 1)


def as_read(word: str) -> str:
    """Return how a word of a reported name is read: as it is spelled where it is somebody's name, else as it looks.

    Marla is a name, and not Maria disguised.
    """
    return EXACTLY + word if is_name(word) else next(iter(name_keys(word)), b"").decode("ascii", "ignore")


def _turned_round(name: list[str]) -> str:
    return "".join((*name[1:], name[0])) if len(name) > 1 else ""


def _initialled(name: list[str]) -> tuple[str, ...]:
    """Return the initial with the last word, and the first word with the last initial: "jroe" and "janer"."""
    return (name[0][:1] + name[-1], name[0] + name[-1][:1]) if len(name) > 1 else ()


def weighed(told: Iterable[str]) -> dict[str, float]:
    """Return words with their information, in bits."""
    return {word: word_information(word) for word in told}


def read_and_weighed(name: str) -> tuple[tuple[frozenset[str], float], ...]:
    """Return how each word of a name is read, in any order, and its bits; single letters are left out."""
    return tuple(map(read_word, spelled_words(name)))


@lru_cache(50_000)
def read_word(word: str) -> tuple[frozenset[str], float]:
    """Return how a word is read, and its bits; most accounts share their names with others."""
    read = (key.decode("ascii", "ignore") for key in name_keys(word))
    return frozenset((*read, EXACTLY + word)), word_information(word)
