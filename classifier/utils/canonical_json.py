"""Canonical JSON: one spelling of a record, so that its hash and its signature stand for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

# Made once: ``json.dumps`` makes an encoder for every call that asks for anything but its defaults.
_compact = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


def canonical_json(record: Mapping[str, Any]) -> bytes:
    r"""Return the canonical bytes of a record: names sorted, no space, nothing but ASCII.

    The service's log has the canonical JSON of RFC 8785 instead (``service.records.log_chain``), which others can
    verify without this code; records written before stay as they are.

    Examples
    --------
    >>> canonical_json({"b": 1.0, "a": "é"})
    b'{"a":"\\u00e9","b":1.0}'
    """
    return _compact(record).encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
