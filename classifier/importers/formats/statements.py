"""What the platform says of an account, under any name that a source has for it: read of every format alike.

A table that somebody made of a platform's objects keeps their names: a column ``parody`` or ``suspended`` says there
what the field said. All of it only ever speaks for caution.

References
----------
https://docs.x.com/x-api/fundamentals/data-dictionary (``parody``); https://atproto.com/specs/label
https://docs.joinmastodon.org/entities/Account/ (``moved``, ``suspended``, ``memorial``)
https://www.w3.org/TR/activitypub/ (``movedTo``, ``alsoKnownAs``)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from classifier.accounts.account import PLATFORM_LABELS, Account
from classifier.importers.formats.fields import Fields
from classifier.importers.formats.references import in_fediverse, of_address, of_mention
from classifier.importers.values import FLAG_WORDS, dig, is_missing, moment, objects, with_plain_names

# What a service says of accounts that it does not show, https://docs.bsky.app/docs/advanced-guides/moderation
_HIDING = frozenset({"!takedown", "!hide", "!suspend"})
# Labellers are free in their words: "parody", "satire-account", "fan_account".
_PARODY = re.compile(
    r"parod|satir|(?<![a-z])fan(?:s|page|club|account)?(?![a-z])|commentary|role-?play|not-?real|unofficial|tribute",
    re.IGNORECASE,
)
_LABELS = ("labels", "label_list")
_PARODY_FLAGS = ("parody", "is_parody")
_PARODY_LABELS = ("parody_commentary_fan_label", "pcf_label")
# What stands there for none.
_NO_LABELS = frozenset({"none", "false", "no", "0"})
_HIDDEN_FLAGS = (
    "suspended", "is_suspended", "issuspended", "memorial", "deactivated", "is_deactivated", "deleted", "is_deleted",
    "isdeleted", "takendown", "withheld_account",
)  # fmt: skip
_STATUSES = frozenset({"suspended", "takendown", "taken down", "deactivated", "deleted", "memorial", "memorialized"})
_OWNERS_OTHER = (
    "moved", "moved_to", "movedto", "moved_to_uri", "movedtouri", "also_known_as", "alsoknownas", "also_known_as_uris",
)  # fmt: skip
# Where formats keep some of it.
_INNER = ("account", "legacy", "pleroma", "source")
# Every name that is read here, for the columns of a table.
NAMES = frozenset({*_LABELS, *_PARODY_FLAGS, *_PARODY_LABELS, *_HIDDEN_FLAGS, *_OWNERS_OTHER, "status"})
_COUNTS = ("followers", "following", "posts", "listed")


def with_statements(account: Account, row: Mapping[str, Any], fields: Fields) -> Account:
    """Return the account with what the platform says of it anywhere in its row.

    What is blank in a profile that is hidden is unknown: zeros are left out, with a note, and so is a missing picture.
    """
    inner = (row, *(row.get(name) for name in _INNER))
    parts = [part for one in inner if isinstance(one, Mapping) and not NAMES.isdisjoint(part := with_plain_names(one))]
    said = set(account.platform_labels)
    for part in parts:
        said |= _said(part, fields)
    found: list[str | None] = list(account.leads_to)
    for part in parts:
        found += [reference for name in _OWNERS_OTHER for reference in _references(part.get(name), account.platform)]
    said_in_order = tuple(label for label in PLATFORM_LABELS if label in said)
    if said_in_order == account.platform_labels and len(found) == len(account.leads_to):
        return account
    shown: dict[str, Any] = {
        name: fields.shown(name, getattr(account, name), hidden="hidden" in said) for name in _COUNTS
    }
    picture = None if "hidden" in said else account.default_avatar
    leads_to = fields.gathered("leads_to", found)
    return replace(account, platform_labels=said_in_order, leads_to=leads_to, default_avatar=picture, **shown)


def labels(value: object, fields: Fields) -> tuple[str, ...]:
    """Return what labels say of an account; one that was taken back or has expired counts no more.

    Parameters
    ----------
    value : object
        A list of label objects or words, self-labels, or any of these as text.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> fields = Fields(datetime(2026, 1, 1, tzinfo=UTC))
    >>> labels([{"val": "parody"}, {"val": "!takedown"}, {"val": "spam"}], fields)
    ('parody', 'hidden')
    >>> labels([{"val": "parody", "neg": True}], fields), labels({"values": [{"val": "parody"}]}, fields)
    ((), ('parody',))
    """
    found = {word.casefold() for word in _in_force(_label_items(value), fields)}
    said = (("parody", any(map(_PARODY.search, found))), ("hidden", not _HIDING.isdisjoint(found)))
    return tuple(label for label, holds in said if holds)


def _said(row: Mapping[str, Any], fields: Fields) -> set[str]:
    said = {label for name in _LABELS for label in labels(row.get(name), fields)}
    if any(_is_true(row.get(name)) for name in _PARODY_FLAGS) or any(map(_names_parody, _words(row, _PARODY_LABELS))):
        said.add("parody")
    if any(_is_true(row.get(name)) for name in _HIDDEN_FLAGS) or not _STATUSES.isdisjoint(_words(row, ("status",))):
        said.add("hidden")
    return said


def _is_true(value: object) -> bool:
    if isinstance(value, str):
        return FLAG_WORDS.get(value.strip().casefold()) is True
    return value is True or (isinstance(value, (int, float)) and value == 1)


def _words(row: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    values = (row.get(name) for name in names)
    return [value.strip().casefold() for value in values if isinstance(value, str) and not is_missing(value)]


def _names_parody(word: str) -> bool:
    return word not in _NO_LABELS


def _label_items(value: object) -> list[object]:
    """Return the labels of a list, of self-labels, or of a text that holds either or separates words."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return []
    if isinstance(value, Mapping):
        value = value.get("values")
    if isinstance(value, str):
        return list(re.split(r"[|,;]\s*", value))
    return list(value) if isinstance(value, (list, tuple)) else []


def _in_force(items: Iterable[object], fields: Fields) -> Iterator[str]:
    items = list(items)
    taken_back = [label for label in objects(items) if label.get("neg") is True]
    for item in items:
        word = item.get("val") if isinstance(item, Mapping) else item
        if not isinstance(word, str) or (isinstance(item, Mapping) and not _is_in_force(item, taken_back, fields)):
            continue
        yield word.strip()


def _is_in_force(label: Mapping[str, Any], taken_back: list[Mapping[str, Any]], fields: Fields) -> bool:
    expires = moment(label.get("exp"))
    if label.get("neg") is True or (expires is not None and expires <= fields.now):
        return False
    return not any(
        (later.get("src"), later.get("val")) == (label.get("src"), label.get("val")) and not _is_later(label, later)
        for later in taken_back
    )


def _is_later(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    first, second = moment(one.get("cts")), moment(other.get("cts"))
    return first is not None and second is not None and first > second


def _references(value: object, platform: str | None) -> Iterator[str | None]:
    """Yield the accounts that a value names: an object, an address or a handle, or a list of them."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _references(item, platform) if not isinstance(item, (list, tuple)) else ()
    elif isinstance(value, Mapping):
        host = dig(value, "host")
        url = f"https://{host}" if isinstance(host, str) else value.get("url") or value.get("uri")
        yield in_fediverse(value.get("acct") or value.get("username"), url)
    elif isinstance(value, str) and not is_missing(value) and value.strip().casefold() not in FLAG_WORDS:
        yield of_address(value.strip()) or of_mention(value.strip(), platform)
