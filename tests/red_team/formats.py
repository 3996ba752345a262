"""An account as its platform's own interface shows it, so that the importers' doors are tried as well."""

from __future__ import annotations

from typing import Any

from classifier.accounts.account import Account


def raw_formats(account: Account) -> dict[str, dict[str, Any]]:
    """Return the account in each format of its platform, by the format's name; nothing for other platforms.

    Examples
    --------
    >>> sorted(raw_formats(Account(handle="a", platform="x")))
    ['x-v1', 'x-v2']
    """
    makers = {"x": (_x_v1, _x_v2), "mastodon": (_mastodon,), "bluesky": (_bluesky,)}.get(account.platform or "", ())
    return {make.__name__[1:].replace("_", "-"): _told(make(account)) for make in makers}


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _common(account: Account) -> dict[str, Any]:
    """What whoever reads a profile adds to it, in whichever format it is."""
    return {"avatar_pdq": account.avatar_pdq, "observed_at": account.observed_at and account.observed_at.isoformat()}


def _x_v1(account: Account) -> dict[str, Any]:
    made = account.created_at
    return {
        "id_str": account.account_id,
        "screen_name": account.handle,
        "name": account.display_name,
        "description": account.bio,
        "location": account.location,
        "url": account.links[0] if account.links else None,
        "followers_count": account.followers,
        "friends_count": account.following,
        "statuses_count": account.posts,
        "created_at": made and made.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "verified": account.verified,
        "default_profile_image": bool(account.default_avatar),
    } | _common(account)


def _x_v2(account: Account) -> dict[str, Any]:
    counts = {
        "followers_count": account.followers,
        "following_count": account.following,
        "tweet_count": account.posts,
    }
    return {
        "id": account.account_id,
        "username": account.handle,
        "name": account.display_name,
        "description": account.bio,
        "location": account.location,
        "url": account.links[0] if account.links else None,
        "created_at": account.created_at and account.created_at.isoformat().replace("+00:00", "Z"),
        "verified": account.verified,
        "public_metrics": _told(counts),
    } | _common(account)


def _mastodon(account: Account) -> dict[str, Any]:
    name, _, server = account.handle.partition("@")
    return {
        "id": account.account_id,
        "username": name,
        "acct": account.handle,
        "url": f"https://{server or 'social.example'}/@{name}",
        "display_name": account.display_name,
        "note": account.bio and f"<p>{account.bio}</p>",
        "fields": [{"name": "Web", "value": link, "verified_at": None} for link in account.links],
        "followers_count": account.followers,
        "following_count": account.following,
        "statuses_count": account.posts,
        "created_at": account.created_at and account.created_at.isoformat().replace("+00:00", "Z"),
    } | _common(account)


def _bluesky(account: Account) -> dict[str, Any]:
    return {
        "did": account.account_id,
        "handle": account.handle,
        "displayName": account.display_name,
        "description": account.bio,
        "followersCount": account.followers,
        "followsCount": account.following,
        "postsCount": account.posts,
        "createdAt": account.created_at and account.created_at.isoformat().replace("+00:00", "Z"),
    } | _common(account)
