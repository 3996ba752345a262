"""Ozone's ``tools.ozone.moderation.defs#repoView`` and ``#repoViewDetail``: a Bluesky account as moderators see it.

The profile is one of ``relatedRecords``. It holds no counts, so the audience stays unknown.

References
----------
https://github.com/bluesky-social/atproto/blob/main/lexicons/tools/ozone/moderation/defs.json
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats import bluesky
from classifier.importers.formats.fields import Fields
from classifier.importers.values import dig, is_missing, objects

PROFILE = "app.bsky.actor.profile"


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only Ozone's view of an account has."""
    return "did" in row and "handle" in row and ("relatedRecords" in row or "moderation" in row)


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one view."""
    records = objects(row.get("relatedRecords"))
    profile = next((record for record in records if record.get("$type") == PROFILE), {})
    known = {name: profile.get(name) for name in ("displayName", "description", "website")}
    account = bluesky.read(known | {name: value for name, value in row.items() if name != "avatar"}, fields)
    is_hidden = dig(row, "moderation", "subjectStatus", "takendown") is True or not is_missing(row.get("deactivatedAt"))
    if is_hidden and "hidden" not in account.platform_labels:
        return replace(account, platform_labels=(*account.platform_labels, "hidden"))
    return account
