"""Mastodon's ``Account``, and ``Admin::Account``, which nests one under ``account``.

So do Pleroma, Akkoma, GoToSocial and others, with some fields more. A local account's ``acct`` has no "@domain": that
is how its own server writes it; its ``uri`` or ``url`` says the server. ``verified`` stays missing, since Mastodon
verifies links and not people.

References
----------
https://docs.joinmastodon.org/entities/Account/, https://docs.joinmastodon.org/entities/Admin_Account/
https://docs.pleroma.social/backend/development/API/differences_in_mastoapi_responses/
https://docs.gotosocial.org/en/latest/api/swagger/
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple

from classifier.accounts.account import Account
from classifier.accounts.canonical.hosts import canonical_host
from classifier.importers.formats.fields import LIST_LIMITS, TEXT_LIMITS, Fields
from classifier.importers.formats.references import dids_in, host_of, of_address
from classifier.importers.values import dig, is_missing, objects, urls_in
from classifier.text.lexicon import declares_parody
from classifier.text.normalization import normal

DEFAULT_AVATAR_NAME = "/missing.png"
# The server whose accounts are copies of Bluesky's, https://fed.brid.gy/docs
BRIDGE_TO_FEDIVERSE = "bsky.brid.gy"
# A bio is at most 500 characters on a server as released; what is not read here cannot cost anything.
HTML_LIMIT = 4 * TEXT_LIMITS["bio"]
# The tags a Mastodon server leaves in what it serves, https://docs.joinmastodon.org/spec/activitypub/#sanitization.
# Every other "<" is text: the parser raises on some malformed declarations, hides what is in a script, and takes the
# square of the time for tags that are very long or never closed. (A link has at most 2,000 characters.)
_NO_TAG = re.compile(
    r"<(?!/?(?:a|b|blockquote|br|code|del|em|i|li|ol|p|pre|s|span|strong|u|ul)\b[^<>]{0,2500}>)", re.IGNORECASE
)
_SERVER = re.compile(r"https?://([^/?#@:\s]+)(?::(?:80|443))?(?:[/?#]|$)", re.IGNORECASE)
_BLOCKS = frozenset({"blockquote", "br", "li", "ol", "p", "pre", "ul"})
_NOT_LINKS = frozenset({"mention", "hashtag"})


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a Mastodon account has."""
    return "acct" in row or dig(row, "account", "acct") is not None


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one account."""
    account = row["account"] if isinstance(row.get("account"), Mapping) else row
    note, note_links = _plain(account.get("note"))
    bio = fields.text("bio", note)
    shown = [_Field.of(field) for field in objects(account.get("fields"))[: LIST_LIMITS["links"]]]
    links = [link for field in shown for link in field.links]
    verified_links = [link for field in shown if field.is_verified for link in field.links]
    return Account(
        platform="mastodon",
        handle=_handle(account, fields),
        account_id=fields.identifier("account_id", account.get("id")),
        display_name=fields.text("display_name", account.get("display_name")),
        bio=bio,
        links=fields.gathered("links", [*links, *note_links, *urls_in(bio)]),
        followers=_audience("followers", account, fields),
        following=_audience("following", account, fields),
        posts=fields.count("posts", account.get("statuses_count")),
        created_at=fields.created(account.get("created_at"), "mastodon"),
        default_avatar=_has_default_avatar(account.get("avatar")),
        platform_labels=("parody",) if any(declares_parody(normal(field.text)) for field in shown) else (),
        leads_to=fields.gathered("leads_to", _same_owner(account, verified_links)),
        verified_links=fields.gathered("verified_links", verified_links),
        **fields.observed(row),
    )


def _handle(account: Mapping[str, Any], fields: Fields) -> str:
    """Return the handle with its server, which a local account's addresses say where its ``acct`` does not.

    ``uri`` is the account's id on its own server; ``url`` is what its server shows of it.
    """
    handle = fields.handle(account.get("acct"))
    if "@" in handle.strip("@"):
        return handle
    hosts = (_host(account.get(name)) for name in ("uri", "url"))
    host = next(filter(None, hosts), None)
    return f"{handle.strip('@')}@{host}" if host else handle


def _host(address: object) -> str | None:
    match = _SERVER.match(address) if isinstance(address, str) else None
    return (canonical_host(match[1]) or "").removeprefix("www.") or None if match else None


class _Field(NamedTuple):
    """A line of a profile as its reader sees it, and whether the server found that what it links to links back."""

    text: str
    links: list[str]
    is_verified: bool

    @classmethod
    def of(cls, field: Mapping[str, Any]) -> _Field:
        text, hrefs = _plain(field.get("value"))
        name = field.get("name")
        said = " ".join(part for part in (name, text) if isinstance(part, str))
        return cls(said, [*hrefs, *_urls(text)], not is_missing(field.get("verified_at")))


def _audience(field: str, account: Mapping[str, Any], fields: Fields) -> int | None:
    """Read how many follow the account or it follows; who hides them has a zero there, or -1 (glitch-soc)."""
    count = account.get(f"{field}_count")
    pleroma = account.get("pleroma")
    short = "follows" if field == "following" else field
    hides = [account.get("hide_collections"), dig(pleroma, f"hide_{short}"), dig(pleroma, f"hide_{short}_count")]
    return fields.shown(field, None if count == -1 else count, hidden=True in hides)


def _same_owner(account: Mapping[str, Any], verified_links: Sequence[str]) -> list[object]:
    """Return the accounts of the same owner: profiles that link back, what a bridge copies."""
    addresses = (account.get("url"), account.get("uri"))
    copied = dids_in(*(address for address in addresses if host_of(address) == BRIDGE_TO_FEDIVERSE))
    return [*map(of_address, verified_links), *copied]


def _has_default_avatar(url: object) -> bool | None:
    return url.endswith(DEFAULT_AVATAR_NAME) if isinstance(url, str) and not is_missing(url) else None


def _urls(text: object) -> list[str]:
    return urls_in(text) if isinstance(text, str) else []


def _plain(html: object) -> tuple[object, list[str]]:
    return plain_text(html) if isinstance(html, str) else (html, [])


def plain_text(html: str) -> tuple[str, list[str]]:
    r"""Return HTML as a reader sees it, and its links; those of mentions and hashtags are not the account's own.

    Examples
    --------
    >>> plain_text('<p>Chair of <a href="https://northwind.example/">Northwind</a></p><p>Reykjavik &amp; Oslo</p>')
    ('Chair of Northwind\nReykjavik & Oslo', ['https://northwind.example/'])
    """
    parser = _Text()
    parser.feed(_NO_TAG.sub("&lt;", html[:HTML_LIMIT]))
    parser.close()
    return "".join(parser.parts).strip(), parser.links


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and self.parts:
            self.parts.append("\n")
        values = dict(attrs)
        href = values.get("href") or ""
        if (
            tag == "a"
            and href.lower().startswith(("http://", "https://"))
            and _NOT_LINKS.isdisjoint((values.get("class") or "").split())
        ):
            self.links.append(href)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
