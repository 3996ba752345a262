"""A sign-in that has begun: what this browser must bring back from the provider. The browser keeps it, signed by us.

1. It holds for one browser (a cookie that no script reads) and ten minutes.
2. ``state`` binds the provider's answer to it, ``nonce`` the ID token, and ``verifier`` the code (PKCE).
3. Nobody else can make one: it is signed, under a purpose of its own.

References
----------
RFC 7636, Proof Key for Code Exchange: https://www.rfc-editor.org/rfc/rfc7636
RFC 9700, Best Current Practice for OAuth 2.0 Security: https://www.rfc-editor.org/rfc/rfc9700
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from classifier.utils.signatures import is_signed
from service.signing import Signer
from service.utils.strict_json import parse_json

LONGEST = timedelta(minutes=10)
# What is signed begins with this, so that the signature stands for nothing else.
_PURPOSE = b"doublecheck sign-in\n"
_MOST = 4_096


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that has begun.

    Attributes
    ----------
    address : str
        The page that follows.
    callback : str
        The address that the provider was told to send the browser to.
    at : float
        When it began, in seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    address: str
    callback: str
    at: float

    @classmethod
    def begin(cls, address: str, callback: str, now: datetime) -> Pending:
        """Return a new one."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, address, callback, now.timestamp())

    def is_answered_by(self, state: str) -> bool:
        """Tell whether an answer belongs to this sign-in."""
        return hmac.compare_digest(state.encode(), self.state.encode())


def seal(pending: Pending, signer: Signer) -> str:
    """Return it as the cookie's value."""
    content = json.dumps(asdict(pending)).encode()
    key, signature = signer.sign(_PURPOSE + content)
    return ".".join([_text(content), _text(key.encode()), _text(signature.encode())])


def unseal(sealed: str, signer: Signer, now: datetime) -> Pending | None:
    """Return what ``seal`` was given; ``None`` where it is not ours, or too old."""
    if len(sealed) > _MOST:
        return None
    try:
        content, key, signature = map(_bytes, sealed.split("."))
        trusted = signer.public().get(key.decode())
        if trusted is None or not is_signed(_PURPOSE + content, signature.decode(), [trusted]):
            return None
        pending = Pending(**parse_json(content))
    except (ValueError, TypeError):
        return None
    return pending if timedelta() <= now - datetime.fromtimestamp(pending.at, now.tzinfo) < LONGEST else None


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
