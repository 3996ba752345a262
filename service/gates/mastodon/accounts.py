"""Accounts of Mastodon: what of one is sent on, whose server it is on, and what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Of what everybody can see of an account, what ``classifier.importers.formats.mastodon`` reads. Nothing else is kept:
# around it a moderator sees the owner's e-mail and addresses.
SHOWN = (
    "id", "username", "acct", "display_name", "note", "url", "uri", "avatar", "fields", "created_at",
    "followers_count", "following_count", "statuses_count", "hide_collections", "bot", "moved",
)  # fmt: skip
# Of what a moderator sees, what says that an action was taken.
_STATES = {"suspend": "suspended", "deactivate": "disabled"}


def shown(account: Mapping[str, Any], domain: str) -> dict[str, Any]:
    """Return what everybody can see of an account, a local handle with its domain.

    Parameters
    ----------
    account : mapping
        As moderators see it, which has the public one as ``account``.
    domain : str
        Of this server.

    Examples
    --------
    >>> shown({"email": "owner@mail.example", "account": {"id": "7", "acct": "jane"}}, "social.example")
    {'id': '7', 'acct': 'jane@social.example'}
    """
    public: Mapping[str, Any] = account["account"]
    kept = {name: public[name] for name in SHOWN if name in public}
    handle = public.get("acct") or public.get("username")
    if isinstance(handle, str):
        kept["acct"] = handle_of(handle, account.get("domain") or domain)
    return kept


def handle_of(handle: str, domain: str) -> str:
    """Return a handle with its domain.

    Examples
    --------
    >>> handle_of("jane", "social.example"), handle_of("@jane@other.example", "social.example")
    ('jane@social.example', 'jane@other.example')
    """
    name = handle.strip().lstrip("@")
    return name if "@" in name else f"{name}@{domain}"


def is_remote(account: Mapping[str, Any], domain: str) -> bool:
    """Tell whether an account is on another server, which says of it what it likes."""
    public = account.get("account")
    handle = public.get("acct") if isinstance(public, Mapping) else None
    host = handle.strip("@").partition("@")[2] if isinstance(handle, str) else ""
    return any(place not in {"", domain} for place in (str(account.get("domain") or "").lower(), host.lower()))


def is_done(account: Mapping[str, Any], action: str) -> bool | None:
    """Tell whether an action was taken on an account, whoever took it; ``None`` if the server does not say."""
    found = account.get(_STATES.get(action, ""))
    return found if isinstance(found, bool) else None
