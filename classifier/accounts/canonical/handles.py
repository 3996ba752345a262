"""Handles: the public name of an account, out of any way it is written or copied.

1. An address, an ``acct:``, ``at://`` or ``did:`` says which platform it is of, and sometimes only the id.
2. What cannot be a handle of its platform is refused with the remedy, never guessed at.
3. Letters stay as they are written: ``identity.identity_key`` is what handles are compared by.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from classifier.accounts.canonical.hosts import DOTS, canonical_host, visible
from classifier.accounts.canonical.ids import is_placeholder
from classifier.errors import InputError

NO_ADDRESS = "no address of an account on X, Bluesky or Mastodon: give the handle"
# Bluesky shows "handle.invalid" for every account whose handle does not resolve, and clients write "missing.invalid".
_RESERVED = ".invalid"  # RFC 2606: no host ever has such a name

X_HOSTS = frozenset({"x.com", "twitter.com", "mobile.twitter.com", "mobile.x.com", "m.twitter.com", "m.x.com"})
_BLUESKY_HOSTS = frozenset({"bsky.app", "m.bsky.app", "staging.bsky.app", "main.bsky.dev", "deer.social"})
# Hosts whose addresses look like those of the fediverse ("/@name") or may be taken for one, and are none.
_OTHER_HOSTS = frozenset(
    "tiktok.com youtube.com youtu.be instagram.com facebook.com fb.com fb.me threads.net threads.com linkedin.com t.me "
    "telegram.me telegram.org discord.com discord.gg discordapp.com reddit.com redd.it snapchat.com whatsapp.com wa.me "
    "pinterest.com twitch.tv github.com gitlab.com tumblr.com vk.com weibo.com medium.com substack.com rumble.com "
    "odysee.com truthsocial.com gettr.com gab.com parler.com quora.com patreon.com kick.com steemit.com hive.blog "
    "peakd.com dev.to producthunt.com onlyfans.com linktr.ee bilibili.com likee.video npmjs.com keybase.io flickr.com "
    "soundcloud.com spotify.com google.com apple.com t.co bit.ly tinyurl.com".split()
)
# First parts of X addresses that are pages of X, not accounts.
_X_PAGES = frozenset(
    "home search explore i intent hashtag settings notifications messages login logout signup share compose tos "
    "privacy about account download jobs who_to_follow oauth oauth2 help rules en hashtags lists communities bookmarks "
    "search-advanced widgets personalization status statuses".split()
)
_X_ID_PATH = re.compile(r"/?i/user/([0-9]+)/?")
_DID = re.compile(r"did:(?:plc:[a-z0-9]+|web:[a-z0-9._:%-]+)", re.IGNORECASE)
_DID_START = re.compile(r"did:[a-z]+:", re.IGNORECASE)
_HTTP = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_ACCT = re.compile(r"(?:web\+)?acct:(?://)?", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"((?:[\w-]+\.)+[\w-]{2,}\.?)(?::[0-9]+)?/.*", re.DOTALL)
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_FORMULA = re.compile(r"=\s*\"(.*)\"|=\s*'(.*)'")
_USUAL_PORT = re.compile(r":(?:80|443)$")
_PLAIN_X = re.compile(r"[A-Za-z0-9_]{1,50}")
# X's handles had up to 20 characters once; those of digits alone have 15 at most, and its present ids 18 or 19.
_LONGEST_NUMBER_ON_X = 16
# X's own letters, and what people write who have X's account from somewhere else; never spaces or signs.
_LIKE_X = re.compile(r"[\w.-]+")
_USER = re.compile(r"[\w](?:[\w.-]*[\w-])?")
_QUOTES = "\"'`‘’“”<>"
_BRACKETS = "()[]{},;:"  # what people put around a handle, or between several
# "Jane Roe (@jane)", "Twitter: @jane"
_NAMED_BEFORE = re.compile(r"[^@/]*[\s(:]@([\w.-]+(?:@[\w.-]+)?)\)?")
# Signs of an address that nobody can read, or of a sentence.
_NO_SIGN = re.compile(r"[/:?#\[\](){}|]")
_AROUND = " \t@＠﹫" + _QUOTES
_LAYERS = 5
_BEHIND = "/. 。．｡" + _QUOTES


@dataclass(frozen=True, slots=True)
class Named:
    """What a written handle says.

    Attributes
    ----------
    handle : str
        Without anything around it. Where only the id is told, the address's own words for it: "i/user/12", a DID.
    platform : str or None
        Of the account, where the writing says so.
    account_id : str or None
        The same for the id.
    """

    handle: str
    platform: str | None = None
    account_id: str | None = None


def is_unnamed(handle: str) -> bool:
    """Tell whether a handle, as ``read_handle`` returns it, only stands for an id.

    Examples
    --------
    >>> is_unnamed("i/user/12"), is_unnamed("did:plc:abc"), is_unnamed("jane")
    (True, True, False)
    """
    return bool(_X_ID_PATH.fullmatch(handle) or _DID.fullmatch(handle))


def read_handle(text: str, platform: str | None = None) -> Named:
    """Return what a written handle says.

    Parameters
    ----------
    text : str
        A handle, or an address, ``acct:``, ``at://`` or ``did:``; with "@" and what a spreadsheet puts around it.
    platform : str, optional
        Where it is known, as ``canonical_platform`` names it.

    Raises
    ------
    InputError
        If it is no account's on its platform; the message has the remedy.

    Examples
    --------
    >>> read_handle("https://mobile.twitter.com/jane_roe?lang=en")
    Named(handle='jane_roe', platform='x', account_id=None)
    >>> read_handle("https://social.example/users/jane").handle, read_handle("@jane@social.example.", "mastodon").handle
    ('jane@social.example', 'jane@social.example')
    """
    if platform == "x" and _PLAIN_X.fullmatch(text):
        return Named(_x_handle(text))
    named = _read(text, platform)
    for _ in range(_LAYERS):  # "/[jane": what stands around it may stand in any order
        if named.handle == text:
            return named
        text, again = named.handle, _read(named.handle, named.platform or platform)
        named = Named(again.handle, named.platform, named.account_id)
    raise _fault("more stands around the handle than can be taken off: give the handle alone")


def _read(text: str, platform: str | None) -> Named:
    bare = unwrapped(text)
    if not bare.strip(_AROUND + _BRACKETS + "/.") or _stands_for_none(text):
        raise _fault("the handle is missing: every row needs one")
    named = _told(bare, platform)
    if named.platform and platform and named.platform != platform:
        raise _fault("an address of another platform than the row says: correct one of the two")
    known = named.platform or platform
    if is_unnamed(named.handle):
        return named
    return Named(_checked(named.handle, known), named.platform, named.account_id)


def unwrapped(text: str) -> str:
    """Return the text of a cell without invisible characters and what spreadsheets and people put around it."""
    bare = visible(text).strip().translate(DOTS)
    normal = unicodedata.normalize("NFKC", bare)
    bare = normal if normal.isascii() else bare  # full-width letters are letters; others are what they are
    if formula := _FORMULA.fullmatch(bare):
        bare = formula[1] or formula[2] or ""
    bare = bare.strip().strip(_QUOTES + _BRACKETS).strip()
    if named := _NAMED_BEFORE.fullmatch(bare):
        bare = f"@{named[1]}"
    bare = unquote(bare) if _PERCENT.search(bare) and not _HTTP.match(bare) else bare
    return bare.strip()


def _stands_for_none(text: str) -> bool:
    """Tell what people write where there is no handle, in a form that no handle has: "unknown" somebody has."""
    return not _USER.fullmatch(text.strip()) and is_placeholder(text)


def _told(bare: str, platform: str | None) -> Named:
    stripped = bare.lstrip(_AROUND)
    if _DID_START.match(stripped):
        return _of_did(stripped)
    if stripped.lower().startswith("at://"):
        return _of_at(stripped[len("at://") :])
    if acct := _ACCT.match(stripped):
        return _of_fediverse(stripped[acct.end() :].rstrip("/"))
    if _HTTP.match(stripped) or (_BARE_ADDRESS.fullmatch(stripped) and not _is_only_slashed(stripped)):
        return _of_address(stripped)
    if _SCHEME.match(stripped):
        raise _fault(NO_ADDRESS)
    if id_path := _X_ID_PATH.fullmatch(stripped):
        return Named(f"i/user/{id_path[1]}", "x", id_path[1])
    name = stripped.rstrip(_BEHIND)
    if platform in (None, "x") and name.lower().removeprefix("www.") in X_HOSTS:
        raise _fault(NO_ADDRESS)
    return _out_of_x(name) or Named(name)


def _is_only_slashed(text: str) -> bool:
    """Tell a handle with a slash at its end, as it is copied, from an address without a scheme."""
    host, _, rest = text.partition("/")
    return not rest.strip("/") and host.lower().removeprefix("www.") not in X_HOSTS | _BLUESKY_HOSTS


def _out_of_x(name: str) -> Named | None:
    """Read an X account that is written as the fediverse writes its own: "jane@twitter.com"."""
    user, at, host = name.rpartition("@")
    return Named(user, "x") if at and (canonical_host(host) or "") in X_HOSTS else None


def _of_did(text: str) -> Named:
    did = text.split("/", maxsplit=1)[0].split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].rstrip(".")
    if not _DID.fullmatch(did):
        raise _fault("a DID that is neither did:plc nor did:web: give the handle")
    method, _, rest = did.partition(":")[2].partition(":")
    did = f"did:{method.lower()}:{rest.lower()}"
    return Named(did, "bluesky", did)


def _of_at(rest: str) -> Named:
    authority = rest.lstrip("@/").split("/")[0].split("?")[0]
    if _DID_START.match(authority):
        return _of_did(authority)
    return Named(authority.rstrip("."), "bluesky")


def _of_fediverse(text: str) -> Named:
    name = text.lstrip(_AROUND).rstrip(".")
    return _out_of_x(name) or Named(name, "mastodon")


def _of_address(text: str) -> Named:
    try:
        parts = urlsplit(text if _HTTP.match(text) else f"//{text}")
        host, port = canonical_host(unquote(parts.hostname or "")), parts.port
    except ValueError:
        raise _fault(NO_ADDRESS) from None
    if host is None or port not in (None, 80, 443):
        raise _fault(NO_ADDRESS)
    host = host.removeprefix("www.")
    path = [visible(unquote(part)).strip() for part in parts.path.split("/") if part.strip()]
    if host in X_HOSTS:
        return _on_x(path, parts)
    if host in _BLUESKY_HOSTS:
        return _on_bluesky(path)
    if host in _OTHER_HOSTS or host.split(".", 1)[-1] in _OTHER_HOSTS:
        raise _fault(NO_ADDRESS)
    return _on_fediverse(host, path)


def _on_x(path: list[str], parts: SplitResult) -> Named:
    if path and path[0].startswith("#!"):
        path = [path[0][2:], *path[1:]]
    if parts.fragment.startswith("!/") and not path:  # as X's own addresses were once: twitter.com/#!/jane
        path = [part for part in parts.fragment[2:].split("?")[0].split("/") if part]
    query = parse_qs(parts.query)
    if path[:1] == ["intent"] or path[:2] == ["i", "user"]:
        if path[0] == "i" and len(path) > 2 and path[2].isdigit() and path[2].isascii():
            return Named(f"i/user/{path[2]}", "x", path[2])
        for name in query.get("screen_name", []):
            return Named(name.strip(_AROUND), "x")
        for found in query.get("user_id", []):
            if found.isascii() and found.isdigit():
                return Named(f"i/user/{found}", "x", found)
    name = path[0].lstrip(_AROUND) if path else ""
    if not name or (name.lower() in _X_PAGES and not path[0].startswith("@")):
        raise _fault(NO_ADDRESS)
    return Named(name.rstrip("."), "x")


def _on_bluesky(path: list[str]) -> Named:
    if len(path) < 2 or path[0].lower() != "profile":
        raise _fault(NO_ADDRESS)
    name = path[1].lstrip(_AROUND)
    return _of_did(name) if _DID_START.match(name) else Named(name.rstrip("."), "bluesky")


def _on_fediverse(host: str, path: list[str]) -> Named:
    """Read a server's address of an account: "/@jane", "/@jane@elsewhere", "/users/jane", "/web/@jane"."""
    if path[:1] in (["web"], ["deck"]):
        path = path[1:]
    name = ""
    if path and path[0].startswith(("@", "＠")):
        name = path[0].lstrip(_AROUND)
    elif len(path) >= 2 and path[0].lower() in ("users", "profile", "accounts", "u"):
        name = path[1].lstrip(_AROUND)
    if not name:
        raise _fault(NO_ADDRESS)
    return _of_fediverse(name if "@" in name else f"{name}@{host}")


def _checked(handle: str, platform: str | None) -> str:
    handle = handle.strip().lstrip(_AROUND + "/")
    check = {"x": _x_handle, "bluesky": _bluesky_handle, "mastodon": _fediverse_handle}.get(platform or "")
    if platform is None:
        check = _bluesky_handle if (canonical_host(handle) or "").endswith(_RESERVED) else _any_handle
    if not handle.strip("/. "):
        raise _fault("the handle is missing: every row needs one")
    return check(handle) if check else handle


def _any_handle(handle: str) -> str:
    """Check a handle of which nobody says the platform."""
    if _NO_SIGN.search(handle):
        raise _fault("neither a handle nor an address that can be read: give the handle alone, and the platform")
    return _no_id(handle)


def _no_id(handle: str) -> str:
    if len(handle) > _LONGEST_NUMBER_ON_X and handle.isdigit():
        raise _fault("an id, no handle: give the handle, and the id as account_id")
    return handle


def _x_handle(handle: str) -> str:
    _no_id(handle)
    if not _LIKE_X.fullmatch(handle):
        raise _fault("no handle as X gives them, which have letters, digits and underscores: correct it")
    return handle


def _bluesky_handle(handle: str) -> str:
    host = canonical_host(handle)
    if host is not None and host.endswith(_RESERVED):
        raise _fault("the handle does not resolve and names nobody: give the handle the account has, or had before")
    if host is None or " " in handle:
        raise _fault("no handle as Bluesky gives them, which are host names: write it whole, as jane.bsky.social")
    return handle.rstrip(".")


def _fediverse_handle(handle: str) -> str:
    user, at, server = handle.partition("@")
    server = _USUAL_PORT.sub("", server)
    host = canonical_host(server) if at else ""
    if not _USER.fullmatch(user) or host is None:
        raise _fault("no handle as servers of the fediverse give them: write it whole, as jane@social.example")
    return f"{user}@{server.rstrip('.').lower()}" if at else user


def _fault(message: str) -> InputError:
    return InputError(message, field="handle")
