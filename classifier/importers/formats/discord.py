"""Discord's user object. Its ``verified`` speaks of an e-mail address, its ``premium_type`` of money: neither is read.

References
----------
https://discord.com/developers/docs/resources/user#user-object
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats.fields import Fields
from classifier.importers.values import is_missing, urls_in

# Users without the old four digits behind their names have this there.
_NO_DIGITS = frozenset({"0", "0000"})


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has what only a Discord user has."""
    return "username" in row and ("discriminator" in row or "global_name" in row)


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one user."""
    bio = fields.text("bio", row.get("bio"))
    return Account(
        platform="discord",
        handle=_handle(row, fields),
        account_id=fields.identifier("account_id", row.get("id")),
        display_name=fields.text("display_name", row.get("global_name")),
        bio=bio,
        links=fields.gathered("links", urls_in(bio)),
        default_avatar=is_missing(row["avatar"]) if "avatar" in row else None,
        **fields.observed(row),
    )


def _handle(row: Mapping[str, Any], fields: Fields) -> str:
    handle, digits = fields.handle(row.get("username")), str(row.get("discriminator") or "0")
    return handle if digits in _NO_DIGITS or not digits.isdecimal() else f"{handle}#{digits}"
