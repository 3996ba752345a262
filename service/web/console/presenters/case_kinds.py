"""Plain words for the kinds of simulated accounts: what a certificate was measured on, and a model evaluated with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from service.texts.recorded import recorded
from service.texts.wording import Words

# By the name of the kind in ``classifier.simulation``, which serving does not load.
KINDS: Mapping[str, str] = Words(
    {
        # The owner's.
        "secondary": "owner's campaign, office and press accounts",
        "starting_over": "owner starting over after a hack or a lost password",
        "backup": "owner's backup accounts",
        "private": "owner's private accounts",
        "family": "owner's family, pet and hobby accounts",
        "support_desk": "owner's own help desks",
        "own_channel": "owner's accounts for a channel or a list",
        "second_language": "owner's accounts in another language",
        "renamed": "owner under a new handle",
        "sibling": "other accounts of the same organisation",
        # Fans and parodies.
        "fan": "fan accounts",
        "archive": "archives, quotes and clips",
        "memorial": "memorial accounts",
        "parody": "parody and satire that says so",
        "comic": "parody by a transparent name or handle",
        "commentary": "commentary, criticism and role play",
        # Unrelated.
        "namesake": "namesakes",
        "written_namesake": "namesakes with another spelling",
        "one_letter_apart": "names one letter apart",
        "half_namesake": "people with the same given or family name",
        "middle_name": "namesakes with a middle name",
        "trading_namesake": "namesakes in business",
        "namesake_in_office": "namesakes of the same trade",
        "role_word_name": "people with a role as their name",
        "generic_word": "businesses that share a common word",
        "mention": "people who write about the owner",
        "journalist": "journalists, biographers and fact checkers",
        "investor": "investors and customers",
        "colleague": "colleagues, predecessors and successors",
        "supporter": "supporters and opponents",
        "admirer": "admirers with the owner's picture",
        "coincidence": "handles that share a word by chance",
        "neighbour": "strangers with a close handle",
        "other_body": "similar authorities and firms elsewhere",
        "replier": "people who reply to the famous",
        "known_stranger": "other well-known accounts",
        "ordinary": "ordinary people and small businesses",
        # Attacks.
        "handle_variant": "look-alike or misspelled handle",
        "handle_affix": "handle with a word added",
        "parts": "parts of the name in the handle",
        "broken": "name broken up in the handle",
        "name_claim": "name copied, handle unlike",
        "title_claim": "name with a title",
        "organisation_claim": "name of the owner's organisation",
        "asks": "request in place of a name",
        "bio_claim": "claim in the bio",
        "support": "fake customer service",
        "clone": "whole profile copied",
    }
)
_LISTED = re.compile(r" \(([a-z_, ]+), evenly\)")
_REGISTRY = re.compile(r", registry [0-9a-f]+$")


class MeasuredOn(NamedTuple):
    """What a certificate was measured on: in a few words, and the kinds of accounts where they are named."""

    words: str
    kinds: tuple[str, ...]


def kind(name: str) -> str:
    """Return a kind in plain words; one that an older model had, by its name.

    Examples
    --------
    >>> kind("starting_over"), kind("gone_kind")
    ('owner starting over after a hack or a lost password', 'gone kind')
    """
    return KINDS.get(name, name.replace("_", " "))


def measured_on(population: str) -> MeasuredOn:
    """Return a certificate's population in plain words, without the version of the registry.

    Examples
    --------
    >>> measured_on("simulated accounts (fan, namesake, evenly) around invented ones, registry e1ad44e60528")
    MeasuredOn(words='simulated accounts around invented ones', kinds=('fan accounts', 'namesakes'))
    """
    listed = _LISTED.search(population)
    kinds = tuple(map(kind, listed[1].split(", "))) if listed else ()
    return MeasuredOn(recorded(_REGISTRY.sub("", _LISTED.sub("", population))), kinds)
