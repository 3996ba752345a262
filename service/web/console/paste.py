"""What a person pastes: a handle, a profile's address, or a profile's JSON. Nothing is fetched; text is only read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from classifier.accounts.canonical.handles import NO_ADDRESS, X_HOSTS, read_handle
from classifier.accounts.canonical.hosts import canonical_host
from classifier.errors import FileFormatError, InputError
from classifier.importers.envelopes import accounts_in
from classifier.importers.formats.detect import detect_format
from service.utils.strict_json import parse_json

# "@name@server": a Mastodon account seen from elsewhere.
_FEDERATED = re.compile(r"@?([\w.-]+)@((?:[\w-]+\.)+[\w-]{2,})\.?")
# What no handle has, of any platform: what stands between words, columns and several handles;
_SEVERAL = re.compile(r"\s|^[^/]*[,;|]")
# and what code and half-copied JSON have.
_NO_HANDLE = re.compile(r"[{}\[\]<>\"\n]|^[^/?]*=")


def read_pasted(text: str) -> dict[str, Any]:
    """Return the part of a request that the pasted text makes: ``format`` and ``account``.

    Raises
    ------
    InputError
        If it is JSON that is no profile.

    Examples
    --------
    >>> read_pasted("@jane_r0e")
    {'account': {'handle': 'jane_r0e'}}
    >>> read_pasted("https://x.com/jane_r0e?s=20")
    {'account': {'handle': 'jane_r0e', 'platform': 'x'}}
    >>> read_pasted('{"id": "17", "username": "jane_r0e", "name": "Jane Roe"}')["format"]
    'x-v2'
    """
    text = text.strip()
    if text.startswith(("{", "[")):
        profile = _profile(text)
        return {"format": detected(profile), "account": profile}
    return {"account": _named(text)}


def detected(profile: Mapping[str, Any]) -> str:
    """Return the format of a profile.

    Raises
    ------
    InputError
        If no known platform writes it so.
    """
    try:
        return detect_format([profile])
    except FileFormatError:
        raise InputError(
            "is no profile of X, Mastodon or Bluesky and has no field named handle", field="paste"
        ) from None


def _profile(text: str) -> dict[str, Any]:
    try:
        value = parse_json(text.encode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise InputError(f"is not JSON that can be read: {error}", field="paste") from error
    found = [profile for part in (value if isinstance(value, list) else [value]) for profile in _profiles(part)]
    if len(found) != 1:
        raise InputError("must be one profile: for several, upload a batch", field="paste")
    return found[0]


def _profiles(value: object) -> list[dict[str, Any]]:
    """Return the profiles in a pasted object: of a report the reported one, as in files."""
    found = accounts_in(value) if isinstance(value, dict) else []
    for profile in found:
        if isinstance(profile, InputError):
            raise InputError(profile.message, field="paste")
    return [dict(profile) for profile in found if not isinstance(profile, InputError)]


def _named(text: str) -> dict[str, str]:
    if _NO_HANDLE.search(text):
        raise InputError(f"is {NO_ADDRESS}", field="paste")
    if _SEVERAL.search(text):
        raise InputError("is more than a handle: paste the handle alone; enter a name in its own field", field="paste")
    federated = _FEDERATED.fullmatch(text)
    try:
        named = read_handle(text, "mastodon" if federated and canonical_host(federated[2]) not in X_HOSTS else None)
    except InputError as error:
        message = f"is {error.message}" if error.message.startswith("no ") else error.message
        raise InputError(message, field="paste") from None
    platform = named.platform or ("mastodon" if "@" in named.handle else None)
    told = {"handle": named.handle, "platform": platform, "account_id": named.account_id}
    return {name: value for name, value in told.items() if value}


def pretty(profile: Mapping[str, Any]) -> str:
    """Return a profile's JSON as people read it."""
    return json.dumps(profile, indent=2, ensure_ascii=False)
