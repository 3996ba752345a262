"""Identity: by what a reported account is recognised as a protected one, or as a declared secondary of its owner.

By identity, never by resemblance:

1. Same platform and same ``account_id``, or same platform and same handle: without regard to case, compatibility forms
   (full-width letters), invisible characters, white space, a leading "@", a trailing "/" or "." and to how a host is
   written, in its own letters or in ASCII. Hosts that look alike are different hosts.
2. A handle that matches counts although the id differs: the registry may be out of date, and refusing is the safe side.
3. A reported account without a platform is compared on every platform.
4. A protected account comes before a declared secondary one, an id before a handle.
5. Former handles do not count: somebody else may have taken one since. That is what impersonators do.
6. On Mastodon an id counts within its server only, but for one that is an address and says its server; and a handle of
   which nothing says the server is anybody's of that name.
7. An address that tells only an id is no handle: the id alone is asked for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.canonical.handles import is_unnamed
from classifier.accounts.canonical.hosts import DOTS, canonical_host
from classifier.text.normalization import IGNORABLE

Kind = Literal["protected", "secondary"]
How = Literal["account_id", "handle"]
# What an account is recognised by: what kind of account it then is, by what, on which platform, and the value.
Key = tuple[Kind, How, str, str]

# Raised whenever an account would get other keys: registries on disk are then imported again.
REVISION = 2

# In the order they are asked: rule 4.
QUESTIONS: tuple[tuple[Kind, How], ...] = (
    ("protected", "account_id"),
    ("protected", "handle"),
    ("secondary", "account_id"),
    ("secondary", "handle"),
)
_BY_ID = tuple(question for question in QUESTIONS if question[1] == "account_id")


@dataclass(frozen=True, slots=True)
class Identity:
    """A reported account that is a protected one, or a declared secondary account of its owner.

    Attributes
    ----------
    protected : ProtectedAccount
        The registered account; for a secondary one, its owner's.
    kind : {"protected", "secondary"}
    how : {"account_id", "handle"}
        By what it was recognised.
    """

    protected: ProtectedAccount
    kind: Kind
    how: How


def identity_key(handle: str) -> str:
    r"""Return the handle as people copy it: see rule 1 above.

    Examples
    --------
    >>> identity_key("@Jane_Roe/") == identity_key("jane_roe\u200b")
    True
    """
    if handle.isascii():
        return "".join(handle.split()).lstrip("@/").rstrip("@/.").lower()
    visible = (c for c in unicodedata.normalize("NFKC", handle) if c not in IGNORABLE and not c.isspace())
    bare = "".join(visible).translate(DOTS).lstrip("@/").rstrip("@/.")
    user, at, server = bare.partition("@")
    # A host has its own rules of which letters are the same: case folding would make another host of some.
    key = f"{user.casefold()}@{_host_key(server)}" if at else _host_key(bare)
    # A handle of nothing visible is compared as it is: it has no other form.
    return key or handle


def _host_key(text: str) -> str:
    return (canonical_host(text) if "." in text else None) or text.casefold()


def questions(account: Account, platforms: tuple[str, ...]) -> Iterator[Key]:
    """Yield the keys under which a reported account would be found, the strongest first."""
    handle = identity_key(account.handle)
    for kind, how in QUESTIONS if not is_unnamed(account.handle) else _BY_ID:
        for platform in platforms if account.platform is None else (account.platform,):
            for value in _asked(account, handle, how, platform):
                if value:
                    yield kind, how, platform, value


def identity_keys(account: ProtectedAccount) -> Iterator[Key]:
    """Yield the keys under which a protected account and its owner's declared secondary ones are found."""
    platform, own = account.platform, identity_key(account.handle)
    account_id = id_key(account.account_id, platform, own)
    if account_id:
        yield "protected", "account_id", platform, account_id
    for secondary in account.secondary_ids:
        yield "secondary", "account_id", platform, id_key(secondary, platform, own)
    yield from (("protected", "handle", platform, key) for key in _handle_keys(own, platform))
    for handle in account.secondary_handles:
        yield from (("secondary", "handle", platform, key) for key in _handle_keys(identity_key(handle), platform))


def own_keys(account: ProtectedAccount) -> Iterator[Key]:
    """Yield what makes two rows of a registry one account: its id, where it has one, and its whole handle."""
    own = identity_key(account.handle)
    account_id = id_key(account.account_id, account.platform, own)
    if account_id:
        yield "protected", "account_id", account.platform, account_id
    yield "protected", "handle", account.platform, own


def id_key(account_id: str | None, platform: str, handle: str) -> str:
    """Return what an id is compared by; empty where there is none. ``handle`` is an ``identity_key``."""
    key = (account_id or "").strip()
    if not key or platform != "mastodon":
        return key
    return _address_key(key) or f"{key}@{handle.partition('@')[2]}"


def _address_key(account_id: str) -> str:
    """Return an ActivityPub id, which is an address, in its one form; empty where it is none."""
    scheme, slashes, rest = account_id.partition("://")
    host, slash, path = rest.partition("/")
    if not slashes or scheme.lower() not in ("http", "https"):
        return ""
    return f"https://{canonical_host(host) or host.lower()}{slash}{path.rstrip('/')}"


def _asked(account: Account, handle: str, how: How, platform: str) -> tuple[str, ...]:
    if how == "account_id":
        return (id_key(account.account_id, platform, handle),)
    return (handle, f"{handle}@") if platform == "mastodon" and "@" not in handle else (handle,)


def _handle_keys(handle: str, platform: str) -> tuple[str, ...]:
    """Return the keys under which a registered handle is found; "user@" is asked for by handles without a server."""
    user, at, _ = handle.partition("@")
    return (handle, f"{user}@") if at and platform == "mastodon" else (handle,)
