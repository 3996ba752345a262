"""What a person pastes: a handle, a profile's address, or a profile's JSON. Nothing is fetched; text is only read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from classifier.errors import FileFormatError, InputError
from classifier.importers.envelopes import accounts_in
from classifier.importers.formats.detect import detect_format
from service.utils.strict_json import parse_json

# Hosts whose addresses name an account by the first part of the path, or by the one after the named part.
_HOSTS: Mapping[str, tuple[str, str]] = {
    "x.com": ("x", ""),
    "twitter.com": ("x", ""),
    "bsky.app": ("bluesky", "profile"),
}
_ADDRESS = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(/[^\s]*)", re.IGNORECASE)
# "@name@server": a Mastodon account seen from elsewhere.
_FEDERATED = re.compile(r"@?([\w.-]+)@((?:[\w-]+\.)+[\w-]{2,})")


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
    found = [one for part in (value if isinstance(value, list) else [value]) for one in _profiles(part)]
    if len(found) != 1:
        raise InputError("must be one profile: for several, upload a batch", field="paste")
    return found[0]


def _profiles(value: object) -> list[dict[str, Any]]:
    """Return the profiles in a pasted object: of a report the reported one, as in files."""
    found = accounts_in(value) if isinstance(value, dict) else []
    for one in found:
        if isinstance(one, InputError):
            raise InputError(one.message, field="paste")
    return [dict(one) for one in found if not isinstance(one, InputError)]


def _named(text: str) -> dict[str, str]:
    address = _ADDRESS.fullmatch(text)
    if address:
        return _of_address(address[1].lower().removeprefix("www."), urlsplit(address[2]).path)
    federated = _FEDERATED.fullmatch(text)
    if federated:
        return {"handle": f"{federated[1]}@{federated[2]}", "platform": "mastodon"}
    return {"handle": text.removeprefix("@")}


def _of_address(host: str, path: str) -> dict[str, str]:
    parts = [unquote(part) for part in path.split("/") if part]
    platform, before = _HOSTS.get(host.removeprefix("mobile."), ("", ""))
    if platform and before and parts[:1] == [before]:
        parts = parts[1:]
    if platform and parts:
        return {"handle": parts[0].removeprefix("@"), "platform": platform}
    if parts and parts[0].startswith("@"):  # a Mastodon server's own address of an account
        name = parts[0].removeprefix("@")
        return {"handle": name if "@" in name else f"{name}@{host}", "platform": "mastodon"}
    raise InputError("is no address of an account on X, Bluesky or Mastodon: give the handle", field="paste")


def pretty(profile: Mapping[str, Any]) -> str:
    """Return a profile's JSON as people read it."""
    return json.dumps(profile, indent=2, ensure_ascii=False)
