"""What claims say of a person: who it is, and which roles. Pure; nothing that they do not say is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classifier.errors import InputError
from classifier.utils.canonical_json import canonical_json, sha256
from service.auth.api_keys import Role, check_name
from service.auth.oidc.registration import Registration


@dataclass(frozen=True, slots=True)
class ProviderPerson:
    """A person, as the provider vouches for them.

    Attributes
    ----------
    subject : str
        SHA-256 of the issuer and of the account's id there: an account has the same for good, whatever its name.
    fault : str
        Why the person cannot sign in, as a sentence for that person; empty if nothing is wrong.
    """

    subject: str
    name: str
    roles: frozenset[Role]
    fault: str = ""


def person_of(claims: Mapping[str, Any], registration: Registration) -> ProviderPerson:
    """Return whom claims are about."""
    subject = sha256(canonical_json({"iss": registration.issuer, "sub": str(claims["sub"])}))
    named, roles = claim(claims, registration.person_claim), _roles(claims, registration)
    name = named if isinstance(named, str) else ""
    return ProviderPerson(subject, name, roles, _fault(name, roles, claims, registration))


def lacks(claims: Mapping[str, Any], registration: Registration) -> bool:
    """Tell whether claims leave out what is needed, so that more of them have to be asked for."""
    return any(claim(claims, name) is None for name in (registration.person_claim, registration.roles_claim))


def claim(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim by its name, or by the names that lead to it; ``None`` if there is none.

    Examples
    --------
    >>> claim({"realm_access": {"roles": ["reviewer"]}}, "realm_access.roles")
    ['reviewer']
    >>> claim({"https://login.example/roles": "agent"}, "https://login.example/roles")
    'agent'
    """
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _roles(claims: Mapping[str, Any], registration: Registration) -> frozenset[Role]:
    given = claim(claims, registration.roles_claim)
    values = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    known = (registration.roles.get(value, frozenset()) for value in values if isinstance(value, str))
    return frozenset[Role]().union(*known)


def _fault(name: str, roles: frozenset[Role], claims: Mapping[str, Any], registration: Registration) -> str:
    if not name:
        return f"{registration.called} did not say who you are: the claim {registration.person_claim} is missing."
    if registration.person_claim == "email" and claims.get("email_verified") is not True:
        return f"{registration.called} has not confirmed your email address, so it cannot say who you are."
    try:
        check_name(name, "name")
    except InputError as error:
        return f"Your name at {registration.called} cannot be used here: it {error.message}."
    if not roles:
        return f"You have no role here. Ask your administrator for one, at {registration.called}."
    return ""
