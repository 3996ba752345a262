"""References: other accounts of the same owner, as the platform names them, as "platform:handle" or "platform:id"."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_DID = re.compile(r"did:(?:plc:[a-z0-9]+|web:[a-z0-9.%-]+)", re.IGNORECASE)
_HANDLE = re.compile(r"@?([\w.-]+)@([\w.-]+\.[\w-]+)")
_NAME = re.compile(r"[\w.-]+")
# Hosts of profiles, and the part of the path before the account's name.
_PROFILES = {"x.com": ("x", ""), "twitter.com": ("x", ""), "bsky.app": ("bluesky", "profile")}


def host_of(url: object) -> str:
    """Return the host of an address, empty where there is none."""
    try:
        return (urlsplit(url).hostname or "") if isinstance(url, str) else ""
    except ValueError:  # "http://[" and the like
        return ""


def in_fediverse(handle: object, url: object) -> str | None:
    """Return an account of the fediverse; ``url`` says which server where the handle does not.

    Examples
    --------
    >>> in_fediverse("jane", "https://home.example/@jane"), in_fediverse("jane@home.example", None)
    ('mastodon:jane@home.example', 'mastodon:jane@home.example')
    """
    if not isinstance(handle, str) or not handle.strip("@ "):
        return of_address(url)
    name, host = handle.strip().lstrip("@"), host_of(url)
    return f"mastodon:{name}" if "@" in name or not host else f"mastodon:{name}@{host}"


def of_address(url: object) -> str | None:
    """Return the account that an address shows, ``None`` where it shows none that we know of.

    Examples
    --------
    >>> of_address("https://home.example/@jane"), of_address("https://bsky.app/profile/jane.example")
    ('mastodon:jane@home.example', 'bluesky:jane.example')
    >>> of_address("https://home.example/users/jane"), of_address("https://home.example/about")
    ('mastodon:jane@home.example', None)
    """
    host = host_of(url).removeprefix("www.")
    if not host or not isinstance(url, str):
        return None
    parts = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    platform, before = _PROFILES.get(host, ("", ""))
    if platform:
        named = parts[1:] if before and parts[:1] == [before] else parts if not before else []
        return f"{platform}:{named[0].lstrip('@')}" if named else None
    if parts and parts[0].startswith("@"):
        return in_fediverse(parts[0], None if "@" in parts[0][1:] else f"https://{host}")
    return f"mastodon:{parts[1]}@{host}" if len(parts) == 2 and parts[0] == "users" else None


def of_mention(text: str, platform: str | None) -> str | None:
    """Return the account that a handle names, ``None`` where nothing says on which platform.

    Examples
    --------
    >>> of_mention("@jane@home.example", None), of_mention("at://jane.example", None), of_mention("@jane_roe", "x")
    ('mastodon:jane@home.example', 'bluesky:jane.example', 'x:jane_roe')
    """
    if text.startswith("at://"):
        return f"bluesky:{text.removeprefix('at://').partition('/')[0]}"
    if _DID.fullmatch(text):
        return f"bluesky:{text}"
    if match := _HANDLE.fullmatch(text.removeprefix("acct:")):
        return f"mastodon:{match[1]}@{match[2]}"
    name = text.lstrip("@")
    # In the fediverse a name alone is anybody's of that name.
    return f"{platform}:{name}" if platform not in (None, "mastodon") and _NAME.fullmatch(name) else None


def dids_in(*texts: object) -> list[str]:
    """Return the DIDs that stand in addresses, as references."""
    return [f"bluesky:{did}" for text in texts if isinstance(text, str) for did in _DID.findall(text)]
