"""X's web client: the ``result`` of its GraphQL answers, a v1.1 user object under ``legacy`` with more beside it.

Since 2025 some of the old fields stand under ``core``, ``avatar``, ``location`` and ``verification`` instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats import x_v1
from classifier.importers.formats.fields import Fields
from classifier.importers.results import RowError
from classifier.importers.values import dig, is_missing

# What the label of a parody, a commentary or a fan account says where there is none.
_NO_LABEL = "none"
_UNAVAILABLE = "UserUnavailable"


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a user of the web client has."""
    return ("rest_id" in row and ("legacy" in row or "core" in row)) or row.get("__typename") == _UNAVAILABLE


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one result.

    Raises
    ------
    RowError
        Also where X withholds the account.
    """
    if row.get("__typename") == _UNAVAILABLE:
        raise RowError("account_withheld", "X shows nothing of this account: check it with what you know of it")
    account = x_v1.read(_as_v1(row), fields)
    label = row.get("parody_commentary_fan_label")
    is_parody = isinstance(label, str) and not is_missing(label) and label.casefold() != _NO_LABEL
    return replace(account, platform_labels=("parody", *account.platform_labels)) if is_parody else account


def _as_v1(row: Mapping[str, Any]) -> dict[str, Any]:
    newer = {
        "id_str": row.get("rest_id"),
        "name": dig(row, "core", "name"),
        "screen_name": dig(row, "core", "screen_name"),
        "created_at": dig(row, "core", "created_at"),
        "location": dig(row, "location", "location"),
        "description": dig(row, "profile_bio", "description"),
        "profile_image_url_https": dig(row, "avatar", "image_url"),
        "verified": dig(row, "verification", "verified"),
        "verified_type": dig(row, "verification", "verified_type"),
        "is_blue_verified": row.get("is_blue_verified"),
    }
    legacy = row["legacy"] if isinstance(row.get("legacy"), Mapping) else row
    ours = {name: row[name] for name in ("avatar_pdq", "followed_by_target", "observed_at") if name in row}
    return {**legacy, **{name: value for name, value in newer.items() if not is_missing(value)}, **ours}
