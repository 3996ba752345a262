"""Views: the normal forms of one account that candidates and features compare, made once an account."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from classifier.accounts.account import Account, ProtectedAccount, as_protected, as_reported
from classifier.accounts.phrases import STOPWORDS, _runs, _telling_words, _told
from classifier.accounts.protected_forms import EXACTLY, ProtectedForms, read_word, spelled_words, weighed
from classifier.text import lexicon
from classifier.text.edit_distance import separators
from classifier.text.information import bits
from classifier.text.name_frequency import is_name
from classifier.text.normalization import (
    handle_key,
    handle_words,
    loose_key,
    normal,
    scripts,
    words,
    written_together,
)
from classifier.text.punycode import readable
from classifier.text.search_keys import name_keys, whole_keys
from classifier.text.spelling import spelled
from classifier.utils.made_once import made_once

# How far a mention goes: X's handles hold no "." or "-"; of Bluesky's only the owner's part is compared, up to the ".".
_MENTIONS = {"x": re.compile(r"@(\w{2,})"), "bluesky": re.compile(r"@([\w-]{2,})")}
_ANY_MENTION = re.compile(r"@([\w.-]{2,})")
_SAYS_NOT_WHOSE = lexicon.TITLES | lexicon.CLAIM_WORDS | lexicon.SERVICE_WORDS | lexicon.HONORIFICS
# Of them the shortest that is looked for within a handle, the longest first.
_SHORTEST_GLUED = 4
_GLUED = re.compile(
    "|".join(
        sorted(filter(lambda word: len(word) >= _SHORTEST_GLUED and word.isascii(), _SAYS_NOT_WHOSE), key=len)[::-1]
    )
)
# A link as it is written out in a bio, whatever spaces a platform left in it.
_WRITTEN_LINK = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}/@?[\w.-]+")
# Letters of links that are read.
LINKED_READ = 64
# What of a view depends on fields that only one side of a pair has, or on the pair.
_OF_ITS_SIDE = frozenset(
    (
        "account names joined_names name_weights name_totals all_name_readings roles_told role_words role_totals "
        "all_role_words role_phrases phrases called_phrases turned compared name_spelled organisations known_words "
        "bearable"
    ).split()
)


@dataclass(frozen=True)
class View(ProtectedForms):
    """An account and its normal forms, each computed when first asked for."""

    account: Account | ProtectedAccount

    @property
    def reported(self) -> Account:
        """The account as the reported side of a pair; TypeError for a protected one."""
        if not isinstance(self.account, Account):
            raise TypeError("the reported side of a pair is an Account")
        return self.account

    @made_once
    def handle(self) -> str:
        """The user's part of the handle without case and separators; as it is where it has nothing else."""
        return handle_key(spelled(self.handle_name)) or self.handle_name

    @made_once
    def handle_name(self) -> str:
        """The part of the handle that its owner chose, "user" of "user@server" or "user.server.tld", as shown."""
        name = self.account.handle.lstrip("@").partition("@")[0]
        chosen = name.partition(".")[0] if self.account.platform == "bluesky" else name
        return readable(chosen) or self.account.handle

    @made_once
    def loose_handle(self) -> str:
        """The loose key of the handle; never empty."""
        return loose_key(self.handle_name) or self.handle_name

    @made_once
    def handle_words(self) -> tuple[str, ...]:
        """The words the handle is built from."""
        return tuple(handle_words(self.handle_name))

    @made_once
    def handle_word_set(self) -> frozenset[str]:
        """The words the handle is built from, each once."""
        return frozenset(self.handle_words)

    @made_once
    def handle_claims(self) -> frozenset[str]:
        """The words of the handle that claim to be the real one, or its support."""
        return self.handle_word_set & lexicon.CLAIM_WORDS

    @made_once
    def handle_offices(self) -> frozenset[str]:
        """The words of the handle by which the handles of one owner's genuine accounts differ."""
        return self.handle_word_set & lexicon.OFFICE_WORDS

    @made_once
    def claimed_letters(self) -> tuple[bool, ...]:
        """Which letters of the handle's key are of a claim, a title, a service or an honorific, glued or not."""
        claimed = [False] * len(self.handle)
        for found in _GLUED.finditer(self.handle):
            claimed[found.start() : found.end()] = [True] * (found.end() - found.start())
        stop, written = 0, self.handle_words if sum(map(len, self.handle_words)) == len(self.handle) else ()
        for word in written:
            stop += len(word)
            if spelled(word) in _SAYS_NOT_WHOSE:
                claimed[stop - len(word) : stop] = [True] * len(word)
        return tuple(claimed[: len(self.handle)])

    @made_once
    def handle_has_digit(self) -> bool:
        """Whether a digit is in the handle."""
        return any(map(str.isdigit, self.handle))

    @made_once
    def handle_bits(self) -> float:
        """The information of the handle's letters, in bits."""
        return bits("".join(char for char in self.handle if not char.isdigit()))

    @made_once
    def separators(self) -> int:
        """How many characters of the handle are neither letter nor digit."""
        return separators(self.handle_name)

    @made_once
    def loose_name(self) -> str:
        """The loose key of the display name; a name of nothing but symbols as it is."""
        return loose_key(self.account.display_name or "") or self.name

    @made_once
    def name_words(self) -> tuple[str, ...]:
        """The words of the display name."""
        return tuple(words(self.name))

    @made_once
    def name_letters(self) -> str:
        """The letters and digits of the display name, in the spelling that all ways to write it share."""
        return handle_key(spelled(self.name))

    @made_once
    def name_told(self) -> tuple[str, ...]:
        """The words of the display name that say whose it is, as they are spelled: no titles, claims or services."""
        told = (spelled(word) for word in words(self.titled_name) if len(word) > 1 and word not in STOPWORDS)
        return tuple(word for word in told if word not in _SAYS_NOT_WHOSE)

    @made_once
    def linked(self) -> str:
        """Where links and bio lead, in letters: hosts but those that everybody uses, and the first part of the path."""
        links = (*self.account.links, *_WRITTEN_LINK.findall(self.bio))
        return handle_key("".join(dict.fromkeys(map(_link_text, links))))[:LINKED_READ]

    @made_once
    def name_claims(self) -> frozenset[str]:
        """The words of the display name that claim to be the real one, or its support."""
        return lexicon.CLAIM_WORDS.intersection(self.name_words)

    @made_once
    def name_signs(self) -> frozenset[str]:
        """The signs of the display name that claim so."""
        return lexicon.CLAIM_SIGNS.intersection(self.account.display_name or "")

    @made_once
    def bio(self) -> str:
        """The bio in normal form; empty when missing."""
        return normal(self.account.bio or "")

    @made_once
    def bio_words(self) -> tuple[str, ...]:
        """The words of the bio."""
        return tuple(words(self.bio))

    @made_once
    def bio_word_set(self) -> frozenset[str]:
        """The words of the bio, each once."""
        return frozenset(self.bio_words)

    @made_once
    def bio_telling(self) -> tuple[str, ...]:
        """The words of the bio that carry a meaning."""
        return tuple(_telling_words(self.bio_words))

    @made_once
    def bio_telling_set(self) -> frozenset[str]:
        """The words of the bio that carry a meaning, each once."""
        return frozenset(self.bio_telling)

    @made_once
    def bio_triples(self) -> frozenset[tuple[str, ...]]:
        """Every three words of the bio that follow each other."""
        return frozenset(zip(self.bio_words, self.bio_words[1:], self.bio_words[2:], strict=False))

    @made_once
    def mentions(self) -> frozenset[str]:
        """The handle keys that the bio mentions with "@"."""
        mention = _MENTIONS.get(self.account.platform or "", _ANY_MENTION)
        return frozenset(handle_key(spelled(readable(text))) or text for text in mention.findall(self.bio))

    @made_once
    def domains(self) -> frozenset[str]:
        """The host names that the account links to, without "www."."""
        return frozenset(filter(None, (_host(link) for link in self.account.links)))

    @made_once
    def own_domains(self) -> frozenset[str]:
        """The host names that the account links to and that not everybody uses."""
        return self.domains - lexicon.COMMON_HOSTS

    @made_once
    def leads_away(self) -> bool:
        """Whether it links to a messenger, or hides where it links to."""
        return bool(self.domains & lexicon.LURE_HOSTS)

    @made_once
    def mixes_scripts(self) -> bool:
        """Whether one word of the name, or the handle, mixes alphabets."""
        texts = (*(self.account.display_name or "").split(), readable(self.account.handle))
        return any(not written_together(scripts(text)) for text in texts if not text.isascii())

    @made_once
    def name_is_parody(self) -> bool:
        """Whether the name declares a parody, a fan or a commentary account."""
        return lexicon.declares_parody(self.name)

    @made_once
    def bio_is_parody(self) -> bool:
        """Whether the bio declares a parody, a fan or a commentary account."""
        return lexicon.declares_parody(self.bio)

    @made_once
    def lures(self) -> frozenset[str]:
        """The kinds of lure in name and bio: asks to be messaged, paid or joined elsewhere."""
        return lexicon.lures(f"{self.name} | {self.bio}")

    @made_once
    def name_asks(self) -> bool:
        """Whether the display name is no name but asks to be messaged or followed; "Grant" is a name, too."""
        return bool(lexicon.lures(self.name) - {"money"})

    @made_once
    def name_is_handle(self) -> bool:
        """Whether the display name is the handle again, as platforms fill it in."""
        return self.name == normal(self.handle_name) != ""

    @made_once
    def handle_is_parody(self) -> bool:
        """Whether the handle declares a parody, a fan or a commentary account."""
        return lexicon.declares_parody(" ".join(self.handle_words))

    @made_once
    def speaks(self) -> bool:
        """Whether name or bio says that it is somebody's account, or speaks for somebody."""
        return lexicon.speaks_for(f"{self.name} | {self.bio}")

    @made_once
    def declares_office(self) -> bool:
        """Whether name or bio says that this is a campaign, press, office or second account."""
        return lexicon.declares_office(f"{self.name} | {self.bio}")

    @made_once
    def name_keys(self) -> tuple[bytes, ...]:
        """The search keys of the display name; none when missing."""
        return name_keys(self.account.display_name) if self.account.display_name else ()

    @made_once
    def name_readings(self) -> tuple[str, ...]:
        """What the display name looks and sounds like, in Latin letters; empty when missing."""
        return tuple(key.decode("ascii", "ignore") for key in self.name_keys)

    @made_once
    def sorted_readings(self) -> tuple[str, ...]:
        """What the display name looks and sounds like, its words in sorted order."""
        return tuple(" ".join(sorted(reading.split())) for reading in self.name_readings)

    @made_once
    def handle_reading(self) -> str:
        """What the handle looks like, in Latin letters and in one word."""
        return next(iter(whole_keys(self.handle_name)), b"").decode("ascii", "ignore")

    @made_once
    def name_word_readings(self) -> frozenset[str]:
        """Every word of every reading of the display name, and every reading of its words: "o'neil" both ways.

        A word that is somebody's name is read as it is spelled, and not as it looks: Marla is not Maria disguised.
        """
        told = spelled_words(self.name)
        exact = [word for word in told if is_name(word)]
        whole = (word for reading in self.name_readings for word in reading.split())
        looks = {*whole, *(key for word in told for key in read_word(word)[0])}
        named = {key for word in exact for key in read_word(word)[0]}
        others = {key for word in told if word not in exact for key in read_word(word)[0]}
        return frozenset(looks - named | others) | {EXACTLY + word for word in told}

    @made_once
    def names_told(self) -> tuple[str, ...]:
        """The words of ``name_told`` that are somebody's given or family name."""
        return tuple(filter(is_name, self.name_told))

    @made_once
    def titled_name(self) -> str:
        """The display name in normal form, titles by one name each."""
        return lexicon.canonical(self.name)

    @made_once
    def titled_bio(self) -> str:
        """The bio in normal form, titles by one name each."""
        return lexicon.canonical(self.bio)

    @made_once
    def canonical_name(self) -> frozenset[str]:
        """The words of the display name, titles by one name each."""
        return frozenset(map(spelled, words(self.titled_name)))

    @made_once
    def canonical_bio(self) -> frozenset[str]:
        """The words of the bio, titles by one name each."""
        return frozenset(map(spelled, words(self.titled_bio)))

    @made_once
    def canonical_profile(self) -> frozenset[str]:
        """The words of name and bio, titles by one name each."""
        return self.canonical_name | self.canonical_bio

    @made_once
    def bio_told(self) -> tuple[str, ...]:
        """The telling words of the bio, titles by one name each."""
        return _told(self.bio)

    @made_once
    def bio_weights(self) -> dict[str, float]:
        """The same, with the words' bits: asked for only where somebody else tells one of them too."""
        return weighed(self.bio_told)

    @made_once
    def bio_total(self) -> float:
        """The sum of the bits of the bio's telling words."""
        return sum(self.bio_weights.values())

    def bio_says(self, phrases: Iterable[tuple[str, ...]]) -> bool:
        """Tell whether the bio spells out one of these phrases: its words next to each other, in any order."""
        known = self.bio_telling_set  # hardly any phrase has all its words in a bio: the rest is seldom looked at
        return any(known.issuperset(phrase) and phrase in _runs(self.bio_telling, len(phrase)) for phrase in phrases)

    @made_once
    def picture(self) -> int | None:
        """The hash of the picture."""
        return int(self.account.avatar_pdq, 16) if self.account.avatar_pdq else None

    @made_once
    def turned(self) -> View:
        """The account on the other side of a pair, as ``Pair.swapped`` has it; what was made of it before is kept."""
        account = self.account
        other = View(as_reported(account) if isinstance(account, ProtectedAccount) else as_protected(account))
        other.__dict__.update({name: made for name, made in self.__dict__.items() if name not in _OF_ITS_SIDE})
        return other

    @made_once
    def compared(self) -> dict[int, tuple[View, Any]]:
        """What one batch found when this account was compared with others, by the identity of their views."""
        return {}


def _link_text(link: str) -> str:
    """Return the host of a link, if it is not of those that everybody uses, and the first part of its path."""
    host = _host(link) or ""
    path = link.partition("://")[2] or link
    first = path.partition("/")[2].partition("/")[0].partition("?")[0]
    return ("" if host in lexicon.COMMON_HOSTS or host in lexicon.LURE_HOSTS else host) + first


def _host(link: str) -> str | None:
    try:
        host = urlsplit(link if "//" in link else f"//{link}").hostname
    except ValueError:  # "http://[" and the like: a link that leads nowhere
        return None
    return readable(host.removeprefix("www.")) if host else None
