"""The sample files in ``data/``: an invented registry, and reported accounts in every format that can be imported.

``doublecheck sample`` writes them again, to the byte. Each platform's dump is the reverse of its importer.
"""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount, as_reported, canonical
from classifier.importers.json_schema import schema
from classifier.simulation import Case, simulate
from classifier.simulation.population import SAMPLE_SEED, sample_registry
from classifier.utils.atomic_files import atomic_path

# Cases of every family for this many of the sample's best known accounts; few enough to be read.
PROTECTED_SHOWN = 2
# What no simulated account has: columns of nothing but blanks tell a reader nothing.
_NOT_SIMULATED = frozenset(
    {"verification", "platform_labels", "leads_to", "verified_links", "former_handles", "renamed_at"}
)


def write(directory: Path) -> list[Path]:
    """Write all sample files below ``directory`` and return their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    registry = sample_registry()
    known = [account for account in registry.accounts if account.bio and account.roles and account.tier == "high"]
    reported, labels = _reported(known[:PROTECTED_SHOWN])
    registry.save(directory / "registry.csv")
    _write_csv(directory / "reported.csv", [_flat(account) for account in reported])
    _write_csv(directory / "labels.csv", labels)
    for name, dump in DUMPS.items():
        _write_lines(directory / f"reported.{name}.jsonl", [dump(account) for account in reported])
    with atomic_path(directory / "schema.json") as path:
        path.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
    names = ("registry.csv", "reported.csv", "labels.csv", "schema.json", *(f"reported.{name}.jsonl" for name in DUMPS))
    return sorted(directory / name for name in names)


def _reported(protected: Sequence[ProtectedAccount]) -> tuple[list[Account], list[dict[str, Any]]]:
    """Return the protected accounts themselves, then one case of every family around each, and what they are."""
    accounts = [as_reported(account) for account in protected]
    labels = [_label(account.handle, account, "is_protected", "itself") for account in protected]
    for number, case in enumerate(_one_each(protected)):
        accounts.append(replace(case.account, account_id=str(900_000_000 + number)))
        labels.append(_label(case.account.handle, case.protected, case.label, case.family))
    return accounts, labels


def _one_each(protected: Sequence[ProtectedAccount]) -> list[Case]:
    """Return a case of each family, which is enough to read, no two of one handle."""
    cases: dict[tuple[ProtectedAccount, str], Case] = {}
    handles: set[str] = set()
    for case in simulate(protected, seed=SAMPLE_SEED, each=3):
        place, handle = (case.protected, case.family), case.account.handle.casefold()
        if place not in cases and handle not in handles:
            cases[place] = case
            handles.add(handle)
    return list(cases.values())


def _label(handle: str, protected: ProtectedAccount, label: str, family: str) -> dict[str, Any]:
    return {"handle": handle, "target_handle": protected.handle, "label": label, "family": family}


def _flat(account: Account) -> dict[str, Any]:
    names = [field.name for field in fields(Account) if field.name not in _NOT_SIMULATED]
    row = {name: canonical(account).get(name, "") for name in names}
    return row | {"links": "|".join(account.links)}


def x_v1(account: Account) -> dict[str, Any]:
    """Return the account as a user object of X API v1.1."""
    return _known(
        id_str=account.account_id,
        screen_name=account.handle,
        name=account.display_name,
        description=account.bio,
        location=account.location,
        url=next(iter(account.links), None),
        followers_count=account.followers,
        friends_count=account.following,
        statuses_count=account.posts,
        listed_count=account.listed,
        created_at=_time(account.created_at, "%a %b %d %H:%M:%S %z %Y"),
        verified=account.verified,
        default_profile_image=account.default_avatar,
    )


def x_v2(account: Account) -> dict[str, Any]:
    """Return the account as a user object of X API v2."""
    metrics = _known(
        followers_count=account.followers,
        following_count=account.following,
        tweet_count=account.posts,
        listed_count=account.listed,
    )
    return _known(
        id=account.account_id,
        username=account.handle,
        name=account.display_name,
        description=account.bio,
        location=account.location,
        url=next(iter(account.links), None),
        public_metrics=metrics,
        created_at=_time(account.created_at, "%Y-%m-%dT%H:%M:%S.000Z"),
        verified=account.verified,
        verified_type=None if account.verified is None else "business" if account.verified else "none",
    )


def mastodon(account: Account) -> dict[str, Any]:
    """Return the account as an ``Account`` entity of the Mastodon client API."""
    fields = [{"name": "Web", "value": f'<a href="{link}">{link}</a>', "verified_at": None} for link in account.links]
    avatar = "https://files.example/avatars/original/missing.png" if account.default_avatar else None
    return _known(
        id=account.account_id,
        username=account.handle,
        acct=account.handle,
        display_name=account.display_name or "",
        note=f"<p>{html.escape(account.bio or '', quote=False)}</p>",
        url=f"https://social.example/@{account.handle}",
        avatar=avatar,
        followers_count=account.followers,
        following_count=account.following,
        statuses_count=account.posts,
        created_at=_time(_no_earlier(account.created_at, 2017), "%Y-%m-%dT%H:%M:%S.000Z"),
        fields=fields,
    )


def mastodon_admin(account: Account) -> dict[str, Any]:
    """Return the account as an ``Admin::Account`` entity of the Mastodon admin API."""
    return {
        "id": account.account_id,
        "username": account.handle,
        "domain": None,
        "confirmed": True,
        "approved": True,
        "suspended": False,
        "account": mastodon(account),
    }


def bluesky(account: Account) -> dict[str, Any]:
    """Return the account as ``app.bsky.actor.defs#profileViewDetailed``."""
    name = "".join(c for c in account.handle.lower().replace("_", "-") if c.isalnum() or c == "-").strip("-")
    verification: dict[str, Any] = {"verifiedStatus": "valid" if account.verified else "none", "verifications": []}
    return _known(
        did=f"did:plc:{account.account_id}",
        handle=f"{name}.bsky.example",
        displayName=account.display_name,
        description=account.bio,
        followersCount=account.followers,
        followsCount=account.following,
        postsCount=account.posts,
        verification=verification,
        createdAt=_time(_no_earlier(account.created_at, 2023), "%Y-%m-%dT%H:%M:%S.000Z"),
    )


DUMPS: dict[str, Callable[[Account], dict[str, Any]]] = {
    "x-v1": x_v1,
    "x-v2": x_v2,
    "mastodon": mastodon,
    "mastodon-admin": mastodon_admin,
    "bluesky": bluesky,
}


def _no_earlier(time: datetime | None, year: int) -> datetime | None:
    """Move a time to when the platform existed."""
    return time and max(time, datetime(year, 7, 1, tzinfo=UTC))


def _time(time: datetime | None, form: str) -> str | None:
    return time.strftime(form) if time else None


def _known(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
