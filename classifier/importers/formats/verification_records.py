"""Records of Bluesky's verifications as rows of a registry: whom a trusted verifier has verified.

Out of a repository (``com.atproto.repo.listRecords`` of ``app.bsky.graph.verification``) or out of Ozone
(``tools.ozone.verification.listVerifications``). ``createdAt`` is the verification's time, not the account's: not read.

References
----------
https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/graph/verification.json
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_RECORD = "app.bsky.graph.verification"


def as_registry_row(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a verification in registry columns, any other row as it is.

    Examples
    --------
    >>> record = {"$type": "app.bsky.graph.verification", "subject": "did:plc:abc", "handle": "jane.example"}
    >>> as_registry_row({"uri": "at://did:plc:def/app.bsky.graph.verification/1", "value": record})["account_id"]
    'did:plc:abc'
    """
    value = row.get("value")
    record = value if isinstance(value, Mapping) else row
    if "subject" not in record or _RECORD not in f"{record.get('$type')} {row.get('uri')}":
        return row
    return {
        "platform": "bluesky",
        "account_id": record["subject"],
        "handle": record.get("handle"),
        "display_name": record.get("displayName"),
    }
