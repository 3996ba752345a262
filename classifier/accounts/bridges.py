"""Bridged copies: accounts that a bridge keeps on another network, under a handle that nobody else can have.

The copy is its owner's, who asked the bridge for it. Which account it copies is read from the handle alone: anybody
may write into a bio that he is bridged.

References
----------
https://fed.brid.gy/docs (Bridgy Fed: "jane@home.example" is "jane.home.example.ap.brid.gy" on Bluesky, and
"jane.example" is "jane.example@bsky.brid.gy" in the fediverse; web sites are copied under "web.brid.gy")
"""

from __future__ import annotations

from collections.abc import Iterator

from classifier.accounts.account import Account

_FROM_FEDIVERSE, _FROM_BLUESKY, _FROM_WEB = "ap.brid.gy", "bsky.brid.gy", "web.brid.gy"


def originals(account: Account) -> tuple[str, ...]:
    """Return what a bridged account may be a copy of, as "platform:handle"; nothing where it is no copy.

    A host name holds no "_", so the bridge writes "-" for it, and a "." may belong to the name or to the server.

    Examples
    --------
    >>> originals(Account(handle="jane.home.example.ap.brid.gy", platform="bluesky"))
    ('mastodon:jane@home.example',)
    >>> originals(Account(handle="@jane.example@bsky.brid.gy", platform="mastodon"))
    ('bluesky:jane.example',)
    >>> originals(Account(handle="jane.example", platform="bluesky"))
    ()
    """
    handle = account.handle.strip("@ .").lower()
    if handle.endswith(f"@{_FROM_BLUESKY}"):
        return (f"bluesky:{handle.partition('@')[0]}",)
    if handle.endswith(f".{_FROM_FEDIVERSE}"):
        return tuple(_in_fediverse(handle.removesuffix(f".{_FROM_FEDIVERSE}")))
    return ()


def copied_site(account: Account) -> str | None:
    """Return the address of the web site that a bridged account copies."""
    handle = account.handle.strip("@ .").lower()
    for end in (f".{_FROM_WEB}", f"@{_FROM_WEB}"):
        if handle.endswith(end):
            return f"https://{handle.removesuffix(end)}"
    return None


def _in_fediverse(copied: str) -> Iterator[str]:
    parts = copied.split(".")
    for cut in range(1, len(parts) - 1):
        name, host = ".".join(parts[:cut]), ".".join(parts[cut:])
        for written in dict.fromkeys((name, name.replace("-", "_"))):
            yield f"mastodon:{written}@{host}"
