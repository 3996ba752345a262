"""Normal forms that only a protected account has: what its owner is called and is, by name, alias and role."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.phrases import _is_phrase, _phrase, _telling, _told
from classifier.text.information import word_information
from classifier.text.normalization import handle_key, normal, normal_words, words
from classifier.text.search_keys import name_keys
from classifier.text.spelling import spelled
from classifier.utils.made_once import made_once


class ProtectedForms:
    """The part of a view (``normal_forms.View``) that its account has as a protected one."""

    account: Account | ProtectedAccount

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


def weighed(told: Iterable[str]) -> dict[str, float]:
    """Return words with their information, in bits."""
    return {word: word_information(word) for word in told}


def read_and_weighed(name: str) -> tuple[tuple[frozenset[str], float], ...]:
    """Return how each word of a name is read, in any order, and its bits; single letters are left out."""
    return tuple(_read_word(word) for word in words(spelled(name)) if len(word) > 1)


@lru_cache(50_000)
def _read_word(word: str) -> tuple[frozenset[str], float]:
    """Return how a word is read, and its bits; most accounts share their names with others."""
    return frozenset(key.decode("ascii", "ignore") for key in name_keys(word)), word_information(word)
