"""ID tokens: whose word they are is verified, then what they say. joserfc and authlib do both.

1. The signature is of a key that the provider publishes now, by an algorithm with a public key. No token is taken that
   is unsigned, or signed with a secret.
2. Issuer, audience, authorized party, nonce, expiry and time of issue are as they must be; clocks may differ by a
   minute.

References
----------
OpenID Connect Core 1.0, 3.1.3.7: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
RFC 8725, JSON Web Token Best Current Practices: https://www.rfc-editor.org/rfc/rfc8725
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from service.errors import SignInRefusedError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
# Seconds by which two clocks may differ.
SKEW = 60
# Keys of other types are no keys of ours: with them a token could be made by whoever reads the key set.
_PUBLIC = frozenset({"RSA", "EC", "OKP"})


def verified_claims(
    token: str, key_set: dict[str, Any], *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """Return what an ID token says.

    Raises
    ------
    SignInRefusedError
        If it is not this provider's, not for this service, not of this sign-in, or not valid now.
    """
    required = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
    required |= {name: {"essential": True} for name in ("sub", "exp", "iat", "nonce")}
    try:
        keys = [key for key in key_set["keys"] if key.get("kty") in _PUBLIC and key.get("use", "sig") == "sig"]
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        decoded = jwt.decode(token, KeySet.import_key_set({"keys": keys}), registry=registry)
        claims = CodeIDToken(decoded.claims, decoded.header, required, {"nonce": nonce, "client_id": client_id})
        claims.validate(now=int(now.timestamp()), leeway=SKEW)
    except (JoseError, AttributeError, KeyError, TypeError, ValueError) as error:
        # Its kind, not its text: that may quote a claim.
        raise SignInRefusedError(f"the provider's token does not hold ({type(error).__name__})") from None
    return dict(claims)
