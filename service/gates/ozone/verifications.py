"""Who is verified at the platform, as a file that ``doublecheck registry import`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classifier.utils.atomic_files import atomic_path
from service.gates.errors import GateError, LaterError
from service.gates.ozone import names
from service.gates.ozone.settings import Settings
from service.gates.ozone.wire import Wire, XrpcError


def save_verifications(settings: Settings, path: Path) -> int:
    """Write the accounts that a trusted verifier has verified, a JSON object a line; return how many they are.

    Each is once in it: the latest verification that was not revoked, in the columns of a registry. The profile is read
    too, because nothing is cleared where the protected account's audience and age are unknown.

    Raises
    ------
    GateError
        If the platform does not answer; an older file stays as it was then.
    """
    wire = Wire(settings)
    try:
        rows = [_row(wire, did, found) for did, found in _verified(wire).items()]
    except LaterError as late:
        raise GateError(f"the verifications cannot be read: {late.why}") from None
    except XrpcError as error:
        raise GateError(f"the verifications cannot be read ({error.status} {error.name})") from None
    finally:
        wire.close()
    with atomic_path(path) as written:
        written.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return len(rows)


def _verified(wire: Wire) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in _in_force(wire):
        did = one["subject"]
        if did not in found or str(one.get("createdAt")) > str(found[did].get("createdAt")):
            found[did] = one
    return found


def _in_force(wire: Wire) -> Iterator[dict[str, Any]]:
    for one in wire.pages(names.LIST_VERIFICATIONS, {}, "verifications"):
        if isinstance(one.get("subject"), str) and not one.get("revokedAt"):
            yield one


def _row(wire: Wire, did: str, verification: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the registry: what was verified, and of the profile what was not."""
    try:
        profile = wire.get(names.GET_PROFILE, {"actor": did})
    except XrpcError:  # gone for now: its name stays protected
        profile = {}
    known = {
        "bio": profile.get("description"), "followers": profile.get("followersCount"),
        "created_at": profile.get("createdAt"), "verified": True,
    }  # fmt: skip
    row = {
        "platform": "bluesky", "account_id": did, "handle": verification.get("handle"),
        "display_name": verification.get("displayName"),
    }  # fmt: skip
    return row | {name: value for name, value in known.items() if value not in (None, "")}
