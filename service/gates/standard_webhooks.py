"""Standard Webhooks: HMAC-SHA256 over id, timestamp and body, so that neither can be exchanged nor sent late."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha256

from service.gates.deliveries import decoded

# Seconds by which a message may be older or newer than now.
TOLERANCE = 300.0
_PREFIX = "whsec_"
_BYTES = range(24, 65)


def read_secret(text: str) -> bytes:
    """Return the key in a secret ``whsec_<base64>``.

    Raises
    ------
    ValueError
        If there is none, or it has not 24 to 64 bytes.
    """
    key = decoded(text.removeprefix(_PREFIX))
    if not text.startswith(_PREFIX) or len(key) not in _BYTES:
        raise ValueError("must be whsec_ and base64 of 24 to 64 random bytes")
    return key


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a message.

    Examples
    --------
    >>> key = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()


def headers(key: bytes, message_id: str, now: float, body: bytes) -> dict[str, str]:
    """Return the headers of a message that is sent now."""
    timestamp = f"{now:.0f}"
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(key, message_id, timestamp, body),
    }


def is_genuine(key: bytes, given: Mapping[str, str], body: bytes, now: float) -> bool:
    """Tell whether a message was signed with a key, within five minutes of now.

    Parameters
    ----------
    given : mapping
        The headers, with names in lower case; one of several signatures suffices.
    """
    message_id, timestamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    wanted = signature(key, message_id, timestamp, body).encode()
    found = [hmac.compare_digest(wanted, one.encode()) for one in given.get("webhook-signature", "").split(" ")]
    return any(found)
