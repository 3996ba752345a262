"""Views: the normal forms of one account that candidates and features compare, made once an account."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from classifier import markers
from classifier.accounts import Account, ProtectedAccount
from classifier.keys import name_keys, whole_keys
from classifier.rarity import word_information
from classifier.text import handle_key, handle_words, loose_key, normal, scripts, words

# How far a mention goes: X's handles hold no "." or "-"; of Bluesky's only the owner's part is compared, up to the ".".
_MENTIONS = {"x": re.compile(r"@(\w{2,})"), "bluesky": re.compile(r"@([\w-]{2,})")}
_ANY_MENTION = re.compile(r"@([\w.-]{2,})")
# Words that carry no meaning of their own in "CEO of the ..." in the languages of the sample.
STOPWORDS = frozenset(
    ("a an and the of for at in to on de del la el los las der die das des du le les et y e und von van at dem").split()
)
# Longest role or name, in telling words, that is looked for in a text.
PHRASE_WORDS = 6


@dataclass(frozen=True)
class View:
    """An account and its normal forms, each computed when first asked for."""

    account: Account | ProtectedAccount

    @property
    def reported(self) -> Account:
        """The account as the reported side of a pair; TypeError for a protected one."""
        if not isinstance(self.account, Account):
            raise TypeError("the reported side of a pair is an Account")
        return self.account

    @property
    def protected(self) -> ProtectedAccount:
        """The account as the protected side of a pair; TypeError for a reported one."""
        if not isinstance(self.account, ProtectedAccount):
            raise TypeError("the protected side of a pair is a ProtectedAccount")
        return self.account

    @cached_property
    def handle(self) -> str:
        """The user's part of the handle without case and separators; as it is where it has nothing else."""
        return handle_key(self.handle_name) or self.handle_name

    @cached_property
    def handle_name(self) -> str:
        """The part of the handle that its owner chose: "user" of "user@server" and of Bluesky's "user.server.tld"."""
        name = self.account.handle.lstrip("@").partition("@")[0]
        chosen = name.partition(".")[0] if self.account.platform == "bluesky" else name
        return chosen or self.account.handle

    @cached_property
    def loose_handle(self) -> str:
        """The loose key of the handle; never empty."""
        return loose_key(self.handle_name) or self.handle_name

    @cached_property
    def handle_words(self) -> tuple[str, ...]:
        """The words the handle is built from."""
        return tuple(handle_words(self.handle_name))

    @cached_property
    def name(self) -> str:
        """The display name in normal form; empty when missing."""
        return normal(self.account.display_name or "")

    @cached_property
    def loose_name(self) -> str:
        """The loose key of the display name; a name of nothing but symbols as it is."""
        return loose_key(self.account.display_name or "") or self.name

    @cached_property
    def name_words(self) -> tuple[str, ...]:
        """The words of the display name."""
        return tuple(words(self.name))

    @cached_property
    def bio(self) -> str:
        """The bio in normal form; empty when missing."""
        return normal(self.account.bio or "")

    @cached_property
    def bio_words(self) -> tuple[str, ...]:
        """The words of the bio."""
        return tuple(words(self.bio))

    @cached_property
    def mentions(self) -> frozenset[str]:
        """The handle keys that the bio mentions with "@"."""
        mention = _MENTIONS.get(self.account.platform or "", _ANY_MENTION)
        return frozenset(handle_key(handle) or handle for handle in mention.findall(self.bio))

    @cached_property
    def domains(self) -> frozenset[str]:
        """The host names that the account links to, without "www."."""
        return frozenset(filter(None, (_host(link) for link in self.account.links)))

    @cached_property
    def leads_away(self) -> bool:
        """Whether it links to a messenger, or hides where it links to."""
        return bool(self.domains & markers.LURE_HOSTS)

    @cached_property
    def mixes_scripts(self) -> bool:
        """Whether one word of the name, or the handle, mixes alphabets."""
        texts = (*(self.account.display_name or "").split(), self.account.handle)
        return any(_is_mixture(scripts(text)) for text in texts if not text.isascii())

    @cached_property
    def name_is_parody(self) -> bool:
        """Whether the name declares a parody, a fan or a commentary account."""
        return markers.declares_parody(self.name)

    @cached_property
    def bio_is_parody(self) -> bool:
        """Whether the bio declares a parody, a fan or a commentary account."""
        return markers.declares_parody(self.bio)

    @cached_property
    def lures(self) -> frozenset[str]:
        """The kinds of lure in name and bio: asks to be messaged, paid or joined elsewhere."""
        return markers.lures(f"{self.name} | {self.bio}")

    @cached_property
    def speaks(self) -> bool:
        """Whether name or bio says that it is somebody's account, or speaks for somebody."""
        return markers.speaks_for(f"{self.name} | {self.bio}")

    @cached_property
    def declares_office(self) -> bool:
        """Whether name or bio says that this is a campaign, press, office or second account."""
        return markers.declares_office(f"{self.name} | {self.bio}")

    @cached_property
    def name_readings(self) -> tuple[str, ...]:
        """What the display name looks and sounds like, in Latin letters; empty when missing."""
        name = self.account.display_name
        return tuple(key.decode("ascii", "ignore") for key in name_keys(name)) if name else ()

    @cached_property
    def handle_reading(self) -> str:
        """What the handle looks like, in Latin letters and in one word."""
        return next(iter(whole_keys(self.handle_name)), b"").decode("ascii", "ignore")

    @cached_property
    def name_word_readings(self) -> frozenset[str]:
        """Every word of every reading of the display name, and every reading of its words: "o'neil" both ways."""
        whole = (word for reading in self.name_readings for word in reading.split())
        return frozenset((*whole, *(key for read, _ in _read_and_weighed(self.name) for key in read)))

    @cached_property
    def canonical_name(self) -> frozenset[str]:
        """The words of the display name, titles by one name each."""
        return frozenset(words(markers.canonical(self.name)))

    @cached_property
    def canonical_bio(self) -> frozenset[str]:
        """The words of the bio, titles by one name each."""
        return frozenset(words(markers.canonical(self.bio)))

    @cached_property
    def role_words(self) -> tuple[dict[str, float], ...]:
        """For each role of a protected account its telling words, titles by one name each, and their bits."""
        return tuple(filter(None, map(_weighed, self.protected.roles)))

    @cached_property
    def bio_weights(self) -> dict[str, float]:
        """The telling words of the bio, titles by one name each, and their bits."""
        return _weighed(self.bio)

    @cached_property
    def joined_names(self) -> tuple[str, ...]:
        """A protected account's name and aliases as a handle would write them."""
        return tuple(filter(None, dict.fromkeys(map(handle_key, self.names))))

    @cached_property
    def name_weights(self) -> tuple[tuple[tuple[frozenset[str], float], ...], ...]:
        """For each name and alias of a protected account, its words: how each is read, and its bits."""
        return tuple(filter(None, map(_read_and_weighed, self.names)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A protected account's name and aliases in normal form."""
        account = self.protected
        return tuple(filter(None, map(normal, (account.display_name or "", *account.aliases))))

    @cached_property
    def role_phrases(self) -> frozenset[tuple[str, ...]]:
        """What the owner of a protected account is: roles of two telling words or more, as phrases."""
        return _telling(self.account.roles) if isinstance(self.account, ProtectedAccount) else frozenset()

    @cached_property
    def phrases(self) -> frozenset[tuple[str, ...]]:
        """What a protected account is called or is: name, aliases and roles of two telling words or more."""
        if not isinstance(self.account, ProtectedAccount):
            return frozenset()
        return self.role_phrases | _telling((self.account.display_name or "", *self.account.aliases))

    @cached_property
    def name_phrases(self) -> frozenset[tuple[str, ...]]:
        """Every phrase that the display name contains."""
        return phrases_in(self.name_words)

    @cached_property
    def bio_phrases(self) -> frozenset[tuple[str, ...]]:
        """Every phrase that the bio contains."""
        return phrases_in(self.bio_words)


def phrase(text: str) -> tuple[str, ...]:
    """Return the telling words of ``text`` in sorted order: the key under which "CEO of X" and "X CEO" are one.

    Examples
    --------
    >>> phrase("CEO of Northwind") == phrase("Northwind CEO")
    True
    """
    return tuple(sorted(word for word in words(text) if word not in STOPWORDS and len(word) > 1))


def _weighed(text: str) -> dict[str, float]:
    telling = (word for word in words(markers.canonical(normal(text))) if word not in STOPWORDS and len(word) > 1)
    return {word: word_information(word) for word in telling}


def _read_and_weighed(name: str) -> tuple[tuple[frozenset[str], float], ...]:
    found = ((name_keys(word), word_information(word)) for word in words(name) if len(word) > 1)
    return tuple((frozenset(key.decode("ascii", "ignore") for key in keys), bits) for keys, bits in found)


def _telling(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(key for key in map(phrase, texts) if 2 <= len(key) <= PHRASE_WORDS)


def phrases_in(text_words: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return the keys of every run of 2 to ``PHRASE_WORDS`` telling words."""
    telling = [word for word in text_words if word not in STOPWORDS and len(word) > 1]
    return frozenset(
        tuple(sorted(telling[start : start + length]))
        for length in range(2, PHRASE_WORDS + 1)
        for start in range(len(telling) - length + 1)
    )


def _host(link: str) -> str | None:
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname
    except ValueError:  # "http://[" and the like: a link that leads nowhere
        return None
    return host.removeprefix("www.") if host else None


def _is_mixture(found: frozenset[str]) -> bool:
    """Scripts that are written together in Japanese and Korean are no mixture (UTS #39, section 5.1)."""
    together = ({"Han", "Hiragana", "Katakana", "Latin"}, {"Han", "Hangul", "Latin"})
    return len(found) > 1 and not any(found <= scripts_used for scripts_used in together)
