"""What an operator has registered with a provider, and which of its roles are which here. No authlib here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from service.auth.api_keys import ROLES, Role
from service.errors import SettingsError
from service.utils.strict_json import parse_json

# An executor is a tool. It has a key.
OF_PEOPLE: frozenset[Role] = frozenset(ROLES) - {"executor"}
_LONGEST_SECRET = 1_000


@dataclass(frozen=True, slots=True)
class Registration:
    """What the provider knows of this service, and what its claims mean here.

    Attributes
    ----------
    issuer : str
        The provider, as its tokens name it.
    client_secret : str or None
        ``None`` for a public client: PKCE alone protects the code then.
    called : str
        What people call the provider.
    person_claim, roles_claim : str
        The claims that hold a person's name and roles; dots lead into objects.
    roles : mapping of str to frozenset of str
        The roles here, by a value of the claim.
    ends_session : bool
        Whether people who sign out are offered to sign out at the provider too.
    """

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    called: str
    scopes: str
    person_claim: str
    roles_claim: str
    roles: Mapping[str, frozenset[Role]]
    ends_session: bool


def read_roles(text: str) -> dict[str, frozenset[Role]]:
    """Return which roles here a value of the claim stands for.

    Raises
    ------
    ValueError
        If it is no JSON object of lists of roles.

    Examples
    --------
    >>> {value: sorted(roles) for value, roles in read_roles('{"trust-safety": ["agent", "reviewer"]}').items()}
    {'trust-safety': ['agent', 'reviewer']}
    """
    given = parse_json(text.encode())
    if not isinstance(given, dict) or not given:
        raise ValueError('must be a JSON object such as {"trust-safety": ["reviewer"]}')
    for roles in given.values():
        if (
            not isinstance(roles, list)
            or not roles
            or not all(isinstance(role, str) and role in OF_PEOPLE for role in roles)
        ):
            raise ValueError(f"must name lists of {', '.join(role for role in ROLES if role in OF_PEOPLE)}")
    return {value: frozenset(roles) for value, roles in given.items()}


def read_secret(path: Path) -> str:
    """Return the client secret that a file holds.

    Raises
    ------
    SettingsError
    """
    try:
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise SettingsError("DOUBLECHECK_OIDC_CLIENT_SECRET_FILE: the file cannot be read as ASCII text") from None
    if not secret or len(secret) > _LONGEST_SECRET or not secret.isprintable():
        raise SettingsError("DOUBLECHECK_OIDC_CLIENT_SECRET_FILE: the file must hold one line, the secret")
    return secret


def check_issuer(issuer: str) -> str:
    """Return an issuer as it is.

    Raises
    ------
    ValueError
        If it is no address that a secret may be sent to.

    Examples
    --------
    >>> check_issuer("https://login.example/realms/support")
    'https://login.example/realms/support'
    """
    if not is_safe(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise ValueError("must be an https address without a query, as the provider's tokens name it")
    return issuer


def is_safe(address: object) -> bool:
    """Tell whether secrets may be sent to an address: by HTTPS, or within this machine.

    Examples
    --------
    >>> is_safe("https://login.example/token"), is_safe("http://127.0.0.1:8080/"), is_safe("http://login.example/")
    (True, True, False)
    """
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username or parts.scheme not in {"https", "http"}:
        return False
    return parts.scheme == "https" or host == "localhost" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
