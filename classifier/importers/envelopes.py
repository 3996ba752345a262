"""Envelopes: what holds accounts and is none. Pages give all of theirs; reports and webhooks the reported one.

1. Of a report only the account that is reported is read, never who reported it, acts or was told.
2. Where an object holds several accounts and nothing says which is reported, none is read: it is an error.
3. A post, an update or a decision is no account; the error says where its users are.

References
----------
https://docs.joinmastodon.org/entities/Admin_Report/, https://docs.joinmastodon.org/admin/webhooks/
https://github.com/bluesky-social/atproto/blob/main/lexicons/tools/ozone/moderation/defs.json
https://docs.x.com/x-api/fundamentals/expansions, https://discord.com/developers/docs/interactions/overview
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from classifier.importers.results import RowError
from classifier.importers.values import dig, objects

Row = Mapping[str, Any]
# Nothing that is read here is nested deeper.
_DEPTH = 8
# By what the holder of accounts is told: hardly any row has one of them.
_REPORTED = (
    "target_account", "targetUser", "target_user", "reported_account", "reportedUser", "reported_user",
    "reportedItem", "reported", "target",
)  # fmt: skip
_LISTS = (
    "users", "accounts", "actors", "profiles", "followers", "following", "follows", "repos", "reports", "events",
    "subjects", "subjectStatuses", "items", "results", "members",
)  # fmt: skip
_SINGLE = ("object", "report", "body", "d", "user", "result", "user_results", "user_result", "repo", "profile")
# What a post has, and who wrote it; whoever complains of somebody is no more the one to look at.
_TEXTS = ("text", "full_text", "rawContent", "content", "record")
_AUTHORS = ("user", "author", "author_id", "user_id_str", "from")
_COMPLAINANTS = frozenset(
    {"reporter", "actor", "from", "creator", "member", "assignee", "assigned_account", "moderator"}
)
_OF_A_REPORT = frozenset({"comment", "category", "action_taken", "rules", "report_id"})
_SIGNS = frozenset(
    {*_REPORTED, *_LISTS, *_SINGLE, *_TEXTS, *_AUTHORS, "data", "subject", "account", "item", "update_id"}
) - {"followers", "following"}  # columns of ours; a page of them has a subject
# What an account is called by, in any format.
_CALLED = frozenset({"handle", "username", "screen_name", "acct", "did", "first_name", "rest_id", "suspended_handle"})
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]{0,39}")
_POST = "a post and not an account: give the account that is reported, as the platform's interface returns it"


def accounts_in(row: Row) -> list[Row | RowError]:
    """Return the accounts of a row: itself, those of a page, the reported one of a report.

    Examples
    --------
    >>> accounts_in({"data": [{"username": "a"}, {"username": "b"}]})
    [{'username': 'a'}, {'username': 'b'}]
    >>> accounts_in({"id": "7", "account": {"acct": "reporter"}, "target_account": {"acct": "reported"}})
    [{'acct': 'reported'}]
    """
    if _SIGNS.isdisjoint(row):
        return [row]
    return list(_unwrapped(row, 0)) or [_no_account("it holds no account")]


def users_under(row: Row) -> str | None:
    """Return where in an object the first account seems to be, as a path of plain names; ``None`` if nowhere.

    Examples
    --------
    >>> users_under({"payload": {"owner": {"username": "a"}}})
    'payload.owner'
    """
    level: list[tuple[str, Any]] = [("", row)]
    for _ in range(_DEPTH):
        inner = [(f"{path}.{name}", value) for path, one in level for name, value in _named_parts(one)]
        for path, value in inner:
            if any(not _CALLED.isdisjoint(item) for item in (value, *objects(value)) if isinstance(item, Mapping)):
                return path.removeprefix(".")
        level = inner[:100]
    return None


def _named_parts(value: Any) -> Iterator[tuple[str, Any]]:
    holder = value if isinstance(value, Mapping) else next(iter(objects(value)), {})
    for name, one in holder.items():
        is_plain = _PLAIN_NAME.fullmatch(str(name)) and name not in _COMPLAINANTS
        if isinstance(one, (Mapping, list)) and is_plain:
            yield str(name), one


def _unwrapped(row: Row, depth: int) -> Iterator[Row | RowError]:
    if depth > _DEPTH:
        yield _no_account("it is nested too deep")
        return
    for rule in _RULES:
        found = rule(row)
        if found is not None:
            yield from _each(found, depth)
            return
    yield row


def _each(found: object, depth: int) -> Iterator[Row | RowError]:
    if isinstance(found, RowError):
        yield found
    elif isinstance(found, Mapping):
        yield from _unwrapped(found, depth + 1)
    elif isinstance(found, (list, tuple)):
        for item in found:
            yield from (
                _unwrapped(item, depth + 1) if isinstance(item, Mapping) else [_no_account("a part is no object")]
            )


def _no_account(what: str) -> RowError:
    return RowError("not_an_account", f"the row is no account, {what}: write one account a row, or a page of them")


# --- rules: each returns what is inside, an error, or ``None`` where it does not apply -------------------------------


def _reported(row: Row) -> object:
    return next((row[name] for name in _REPORTED if isinstance(row.get(name), Mapping)), None)


def _pleroma_report(row: Row) -> object:
    """In Pleroma's reports ``account`` is reported and ``actor`` reports."""
    if isinstance(row.get("actor"), Mapping) and isinstance(row.get("account"), Mapping):
        return row["account"]
    return None


def _ozone_subject(row: Row) -> object:
    """Return whom a report, a status or an event of Ozone is about; its event is somebody else's doing."""
    subject = row if isinstance(row.get("subject"), str) else row.get("subject")
    if not isinstance(subject, Mapping):
        return None
    views = [subject[name] for name in ("repo", "profile") if isinstance(subject.get(name), Mapping)]
    if views:  # of one account: the moderators' view, and the public profile with its counts
        return {name: value for view in views for name, value in view.items()}
    if subject is row:
        return None
    if isinstance(dig(subject, "did"), str) and not _CALLED.isdisjoint(row.keys() - {"did"}):
        return None
    handle = row.get("subjectHandle") or row.get("subjectRepoHandle") or subject.get("handle")
    if isinstance(subject.get("did"), str) and isinstance(handle, str):
        return {**subject, "handle": handle}
    return _no_account("its subject comes without a handle; read the account with getRepo or getProfile")


def _interaction(row: Row) -> object:
    """Return whom a command of Discord points at; ``member`` and ``user`` are who gave it."""
    users, target = dig(row, "data", "resolved", "users"), dig(row, "data", "target_id")
    if not isinstance(users, Mapping):
        return None
    found = users.get(target) if isinstance(target, str) else None
    return found if isinstance(found, Mapping) else _no_account("the command names no user as its target")


def _notification(row: Row) -> object:
    """Return whom a notification is about: of a report the reported, of a sign-up who signed up, of others nobody."""
    if not isinstance(row.get("type"), str) or not isinstance(row.get("account"), Mapping) or "acct" in row:
        return None
    if isinstance(row.get("report"), Mapping):
        return row["report"]
    return row["account"] if row["type"] == "admin.sign_up" else _no_account("it is a notification")


def _page(row: Row) -> object:
    """Return the users of a page: of posts those that come with it."""
    if not _CALLED.isdisjoint(row):
        return None
    data = row.get("data")
    included = dig(row, "includes", "users")
    if isinstance(included, list) and not any("username" in item for item in [*objects(data), *objects([data])]):
        return included
    if isinstance(data, list):
        return data
    return next((row[name] for name in _LISTS if objects(row.get(name))), None)


def _post(row: Row) -> object:
    """Tell posts, decisions and updates, which are no accounts."""
    if isinstance(row.get("account"), Mapping) and "content" in row:
        return _no_account(f"it is {_POST}; its author is under account")
    if isinstance(row.get("account"), Mapping) and not _OF_A_REPORT.isdisjoint(row):
        return _no_account("it is a report without the account that it reports, target_account")
    if not _CALLED.isdisjoint(row):
        return None
    author = next((name for name in _AUTHORS if name in row), None)
    if author is not None and any(name in row for name in _TEXTS):
        return _no_account(f"it is {_POST}; its author is under {author}, or under includes.users of the page")
    if isinstance(row.get("item"), Mapping) and isinstance(row.get("action"), Mapping):
        return _no_account("it is a decision that names an item; read the account from the platform by item.id")
    return _no_account("it is an update; the user is under message.from or the like") if "update_id" in row else None


def _single(row: Row) -> object:
    """Return the one object inside; where there are several accounts, nothing says which is meant."""
    if not _CALLED.isdisjoint(row):
        return None
    if len(row) == 1 and all(isinstance(value, Mapping) for value in row.values()):
        return next(iter(row.values()))
    found = [row[name] for name in ("data", *_SINGLE) if isinstance(row.get(name), Mapping)]
    others = [value for value in row.values() if isinstance(value, Mapping) and not _CALLED.isdisjoint(value)]
    if not found:
        return None
    if len(found) > 1 or any(other is not found[0] for other in others):
        return _no_account("it holds several and none is named as the reported one")
    return found[0]


_RULES: Sequence[Callable[[Row], object]] = (
    _reported, _pleroma_report, _interaction, _notification, _page, _ozone_subject, _post, _single,
)  # fmt: skip
