"""Wire models of accounts: made of the table of columns (``classifier.accounts.columns``), so that none is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import Field, StrictBool, create_model

from classifier.accounts.account import PlatformLabel, Tier, Verification
from classifier.accounts.columns import COLUMNS, PROTECTED, REPORTED, Kind
from service.schemas.values import Count, Id, Text, TimeText, Wire

# What a column of each kind takes, and what stands for a value that is missing. It is stricter than the importer, which
# reads what files of any origin hold; what it lets through, the importer reads as it does a file's.
_TYPES: dict[Kind, Any] = {
    "platform": Text, "handle": Text, "id": Id, "text": Text, "count": Count, "time": TimeText, "flag": StrictBool,
    "verification": Verification, "pdq": Text,
}  # fmt: skip
_LISTS: dict[Kind, Any] = {
    "texts": list[Text], "handles": list[Text], "ids": list[Id], "labels": list[PlatformLabel],
}  # fmt: skip
_PICTURE = Field(
    None, description="The picture itself in base64 (PNG, JPEG, WEBP, GIF), in place of its hash; it is not kept."
)
# What a caller has to know of a column beyond its meaning: ``Field``'s description and examples.
_OF_REPORTED: dict[str, dict[str, Any]] = {
    "handle": {
        "description": 'The public name in the address; a leading "@" is dropped.', "examples": ["jane_r0e"]
    },
    "platform": {"description": "Without it nothing can be cleared.", "examples": ["x"]},
    "account_id": {"description": "The platform's own identifier, as text or an exact number."},
    "display_name": {"examples": ["Jane Roe"]},
    "followers": {"description": "Without it the impact is unknown and nothing can be cleared."},
    "verification": {
        "description": "What its check rests on; it outranks verified, and a paid one vouches for nobody."
    },
    "platform_labels": {
        "description": "What the platform itself says of it. It only ever speaks for caution."
    },
    "observed_at": {"description": "When the profile was read, RFC 3339; its age counts only with it."},
}  # fmt: skip
_OF_PROTECTED: dict[str, dict[str, Any]] = {
    "account_id": {"description": "The platform's own id. Without it nothing near it is cleared."},
    "roles": {"examples": [["CEO of Northwind"]]},
}


def _fields(names: Iterable[str], said: Mapping[str, Mapping[str, Any]], required: str = "") -> dict[str, Any]:
    """Return ``create_model``'s fields of these columns, and of the picture that is sent in place of its hash."""
    return {name: _field(name, said.get(name, {}), required) for name in names} | {"avatar": (Text | None, _PICTURE)}


def _field(name: str, said: Mapping[str, Any], required: str) -> tuple[Any, Any]:
    column = COLUMNS[name]
    told = {"description": f"{column.meaning[0].upper()}{column.meaning[1:]}.", **said}
    if name == required:
        return _TYPES[column.kind], Field(**told)
    if column.kind == "tier":
        return Tier, Field("standard", **told)
    if column.kind in _LISTS:
        return _LISTS[column.kind], Field(default_factory=list, **told)
    return _TYPES[column.kind] | None, Field(None, **told)


if TYPE_CHECKING:  # a class that is made while it runs is no type to a checker

    class AccountIn(Wire):
        """A reported account."""

    class ProtectedIn(Wire):
        """A protected account."""

else:
    AccountIn = create_model(
        "AccountIn",
        __base__=Wire,
        __module__=__name__,
        __doc__="A reported account in Doublecheck's own columns. "
        "What is missing counts as unknown, never as a mismatch.",
        **_fields(REPORTED, _OF_REPORTED, required="handle"),
    )
    ProtectedIn = create_model(
        "ProtectedIn",
        __base__=Wire,
        __module__=__name__,
        __doc__="A protected account, but for platform and handle, which are in the address.",
        **_fields((name for name in PROTECTED if name not in ("platform", "handle")), _OF_PROTECTED),
    )
