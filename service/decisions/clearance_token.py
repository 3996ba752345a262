"""Clearances: signed permissions for one action on one account by one actor. No FastAPI here.

A clearance is a JWT signed with EdDSA. It says all that it is bound to, so that a tool can look at it offline; but only
redeeming counts (``redemption``), because nothing in the token can say that it was not spent or revoked.

References
----------
RFC 7519, JSON Web Token: https://www.rfc-editor.org/rfc/rfc7519
RFC 8037, EdDSA in JOSE: https://www.rfc-editor.org/rfc/rfc8037
RFC 8725, JSON Web Token best current practices: https://www.rfc-editor.org/rfc/rfc8725
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from classifier.accounts.account import Account
from classifier.accounts.identity import identity_key
from classifier.scoring.reason import Reason
from service.errors import ClearanceError
from service.signing import SigningKey

ISSUER, AUDIENCE, TYPE, ALGORITHM = "doublecheck", "doublecheck-redeem", "doublecheck-clearance+jwt", "EdDSA"
_BAD = Reason("bad_token", "This is no clearance that was signed here.")


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a clearance is bound to.

    Attributes
    ----------
    clearance_id, check_id : str
        Its own number, and that of the check it came from.
    account : str
        Platform and id of the account, or handle where it has no id.
    snapshot : str
        Digest of the account as it was checked.
    model_id, policy_version, registry_version : str
        What decided.
    issued_at, expires_at : datetime
        Aware, whole seconds.
    """

    clearance_id: str
    check_id: str
    account: str
    snapshot: str
    action: str
    actor: str
    model_id: str
    policy_version: str
    registry_version: str
    issued_at: datetime
    expires_at: datetime


_NAMES = {
    "clearance_id": "jti", "account": "sub", "issued_at": "iat", "expires_at": "exp",
    "model_id": "model", "policy_version": "policy", "registry_version": "registry", "check_id": "check",
}  # fmt: skip
_CLAIMS = {field.name: _NAMES.get(field.name, field.name) for field in fields(Clearance)}


def token_of(clearance: Clearance, signing: SigningKey) -> str:
    """Return the signed token of a clearance."""
    claims = {claim: getattr(clearance, name) for name, claim in _CLAIMS.items()}
    return jwt.encode(
        claims | {"iss": ISSUER, "aud": AUDIENCE},
        signing.key,
        algorithm=ALGORITHM,
        headers={"kid": signing.key_id, "typ": TYPE},
    )


def read_token(token: str, keys: Mapping[str, Ed25519PublicKey]) -> Clearance:
    """Return what a token says, whether or not it has expired.

    Raises
    ------
    ClearanceError
        If none of ``keys`` signed it as a clearance.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != TYPE or header.get("kid") not in keys:
            raise ClearanceError([_BAD])
        claims = jwt.decode(
            token,
            keys[header["kid"]],
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["aud", "iss", *_CLAIMS.values()], "verify_exp": False, "verify_iat": False},
        )
        values: dict[str, Any] = {name: claims[claim] for name, claim in _CLAIMS.items()}
        for name in ("issued_at", "expires_at"):
            values[name] = datetime.fromtimestamp(values[name], UTC)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError) as error:
        raise ClearanceError([_BAD]) from error
    return Clearance(**values)


def account_name(account: Account) -> str:
    """Return the account as a clearance names it: by platform and id, or by handle where it has no id."""
    return f"{account.platform or '?'}:{account.account_id or '@' + identity_key(account.handle)}"
