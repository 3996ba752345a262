"""The columns of account and registry files as JSON Schema: what ``data/schema.json`` holds."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from classifier.accounts.account import PLATFORM_LABELS, TIERS, VERIFICATIONS, Account, ProtectedAccount
from classifier.accounts.columns import COLUMNS, COUNT_LIMIT, Column, Kind

_LISTS = frozenset({"texts", "handles", "ids"})
_VALUES: dict[Kind, dict[str, Any]] = {
    "count": {"type": "integer", "minimum": 0, "maximum": COUNT_LIMIT},
    "flag": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "pdq": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "tier": {"type": "string", "enum": list(TIERS)},
    "verification": {"type": "string", "enum": list(VERIFICATIONS)},
    "labels": {"type": "array", "items": {"type": "string", "enum": list(PLATFORM_LABELS)}},
}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of both kinds of rows."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Doublecheck's columns",
        "$defs": {
            "account": _object(Account, ["handle"]),
            "protected_account": _object(ProtectedAccount, ["platform", "handle"]),
        },
    }


def _object(kind: type[Account] | type[ProtectedAccount], required: list[str]) -> dict[str, Any]:
    properties = {field.name: _property(COLUMNS[field.name]) for field in fields(kind)}
    return {"type": "object", "properties": properties, "required": required}


def _property(column: Column) -> dict[str, Any]:
    text = {"type": "string"} | ({} if column.limit is None else {"maxLength": column.limit})
    if column.kind in _LISTS:
        value = {"type": "array", "items": text} | ({} if column.most is None else {"maxItems": column.most})
    else:
        value = _VALUES.get(column.kind, text)
    return value | {"description": column.meaning}
