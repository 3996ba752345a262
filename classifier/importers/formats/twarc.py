"""twarc's CSV: objects of X API v2 whose nested names are joined by dots; of posts, the author's columns.

References
----------
https://twarc-project.readthedocs.io/en/latest/twarc2_en_us/ (``twarc2 csv``)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from classifier.accounts.account import Account
from classifier.importers.formats import x_v2
from classifier.importers.formats.fields import Fields
from classifier.importers.values import dig, is_missing

_OF_AUTHOR = "author."
_COUNTS = "public_metrics."
_RETRIEVED = "__twarc.retrieved_at"
_LINKS = (("entities", "description", "urls"), ("entities", "url", "urls"))


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row has dotted columns of a user."""
    for start in (_OF_AUTHOR, ""):
        if f"{start}username" in row and any(name.startswith(f"{start}{_COUNTS}") for name in row):
            return True
    return False


def read(row: Mapping[str, Any], fields: Fields) -> Account:
    """Read one row."""
    start = _OF_AUTHOR if f"{_OF_AUTHOR}username" in row else ""
    user = _nested({name.removeprefix(start): value for name, value in row.items() if name.startswith(start)})
    if isinstance(user.get("description"), str):
        user["description"] = user["description"].replace("\\n", "\n")  # as twarc keeps a row on one line
    ours = {name: row[name] for name in ("avatar_pdq", "followed_by_target", "observed_at") if name in row}
    return x_v2.read({"observed_at": row.get(_RETRIEVED), **user, **ours}, fields)


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in flat.items():
        if is_missing(value):
            continue
        *parents, last = name.split(".")
        inner = nested
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):  # a column and a part of it: the first one stands
                break
        else:
            inner.setdefault(last, value)
    for *parents, last in _LINKS:
        holder = dig(nested, *parents)
        if isinstance(holder, dict):
            holder[last] = _links(holder.get(last))
    return nested


def _links(cell: object) -> list[dict[str, str]]:
    """Return the links of a cell as v2 objects: it holds a JSON list of addresses or of such objects."""
    try:
        found = json.loads(cell) if isinstance(cell, str) else cell
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [
        {"expanded_url": link} if isinstance(link, str) else link for link in found if isinstance(link, (str, dict))
    ]
