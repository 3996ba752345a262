"""The setting that makes the hold hold: nobody but the gate may act on what has the tags."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from service.gates.errors import LaterError
from service.gates.ozone import names
from service.gates.ozone.wire import Wire, XrpcError

log = logging.getLogger(__name__)

_ADMIN = "tools.ozone.team.defs#roleAdmin"
_TAGS = (names.REPORTED, names.HOLD)
_ABOUT = "Doublecheck: suspensions of accounts reported as impersonation take a redeemed clearance."


def protect(wire: Wire) -> None:
    """Put the gate into the setting if it is not there; what others have in it stays. What is wrong is logged.

    Raises
    ------
    LaterError
    """
    value = _setting(wire)
    if value is None or _lacks(value, wire.did):
        log.warning("Ozone's protected tags do not name the gate: they are set")
        try:
            wire.post(names.UPSERT_OPTION, _option(value or {}, wire.did))
        except (XrpcError, LaterError):
            log.error("Ozone's protected tags cannot be set: an admin has to, see the gate's --check")
            return
        value = _setting(wire)
    for sentence in faults(value, wire.did):
        log.error("%s", sentence)


def missing(wire: Wire) -> Iterator[str]:
    """Yield what is wrong with the setting, as sentences. Raises LaterError."""
    yield from faults(_setting(wire), wire.did)


def faults(value: Mapping[str, Any] | None, gate: str) -> Iterator[str]:
    """Yield what is wrong with a value of the setting.

    Examples
    --------
    >>> both = {tag: {"moderators": ["did:example:gate"]} for tag in _TAGS}
    >>> list(faults(both, "did:example:gate"))
    []
    >>> list(faults(both, "did:example:other"))[0][:50]
    'The setting tools.ozone.setting.protectedTags does'
    """
    if value is None:
        yield (
            f"The setting {names.PROTECTED_TAGS} is missing, so that anybody may suspend what the gate holds: the gate "
            "sets it when it runs, or let an admin set it (service/gates/ozone.md has its value)."
        )
        return
    if lacking := _lacks(value, gate):
        yield (
            f"The setting {names.PROTECTED_TAGS} does not name the gate as moderator of {' and '.join(lacking)}: let "
            "an admin add it (service/gates/ozone.md has its value)."
        )
    if shared := [tag for tag in _TAGS if set(_moderators(value, tag)) - {gate}]:
        yield (
            f"The setting {names.PROTECTED_TAGS} names others beside the gate for {' and '.join(shared)}, who may "
            "suspend without a clearance: let an admin take them out."
        )


def _setting(wire: Wire) -> dict[str, Any] | None:
    asked = {"scope": "instance", "keys": names.PROTECTED_TAGS}
    try:
        options = list(wire.pages(names.LIST_OPTIONS, asked, "options"))
    except XrpcError as error:
        raise LaterError(f"Ozone's settings cannot be read ({error.status} {error.name})") from None
    mine = (
        one for one in options if one.get("key") == names.PROTECTED_TAGS and one.get("scope", "instance") != "personal"
    )
    value = next(mine, {}).get("value")
    return value if isinstance(value, dict) else None


def _option(value: Mapping[str, Any], gate: str) -> dict[str, Any]:
    merged = dict(value)
    for tag in _TAGS:
        before = dict(value[tag]) if isinstance(value.get(tag), Mapping) else {}
        merged[tag] = before | {"moderators": list(dict.fromkeys([*_moderators(value, tag), gate]))}
    return {
        "key": names.PROTECTED_TAGS, "scope": "instance", "value": merged, "description": _ABOUT, "managerRole": _ADMIN,
    }  # fmt: skip


def _lacks(value: Mapping[str, Any], gate: str) -> list[str]:
    return [tag for tag in _TAGS if gate not in _moderators(value, tag)]


def _moderators(value: Mapping[str, Any], tag: str) -> list[str]:
    of_tag = value.get(tag)
    found = of_tag.get("moderators") if isinstance(of_tag, Mapping) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
