"""Under which names the service answers: what a page of another site can make a browser ask here is refused.

Somebody's page can let its own name lead to this machine's loopback address ("DNS rebinding"). To the browser this
service is then a part of that site, which may read whatever it answers and send forms as the person who looks at it.
Only the name, which comes in Host, tells such a request apart.

1. A request whose Host is not on the list is answered with nothing but a problem (421).
2. Without a setting the list has the loopback names and the address listened on. A service that listens on all
   addresses is also known by every address and by the machine's name: an address cannot be made to lead elsewhere.
3. Probes and metrics are answered under every address, and without Host: whoever balances load asks so.

References
----------
RFC 9110, HTTP Semantics, 7.2 (Host) and 15.5.20 (421): https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import Scope

from service.errors import UnknownHostError
from service.settings import Settings, separate

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared with, not listened on
_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::[0-9]{0,5})?")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches what listens there.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("[::1]"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    name = _plain(host)
    if name == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(name).is_loopback
    return False


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names under which requests are answered.

    Attributes
    ----------
    names : frozenset of str
        In lower case, IPv6 without brackets.
    below : tuple of str
        Domains, each with the dot before it, whose names are all allowed.
    every : bool
        Whether any name is.
    addresses : bool
        Whether every address is.
    """

    names: frozenset[str]
    below: tuple[str, ...] = ()
    every: bool = False
    addresses: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Hosts:
        """Return the names that settings allow."""
        if settings.hosts is not None:
            return cls.listed(separate(settings.hosts))
        everywhere = settings.host in _EVERYWHERE
        more = [socket.gethostname()] if everywhere else [settings.host]
        return cls(frozenset(_plain(name) for name in (*LOOPBACK, *more)), addresses=everywhere)

    @classmethod
    def listed(cls, names: Iterable[str]) -> Hosts:
        """Return the names of a list; ``*`` is any, ``*.example.org`` any below a domain."""
        plain = [_plain(name) for name in names]
        below = tuple(name[1:] for name in plain if name.startswith("*."))
        return cls(frozenset(name for name in plain if not name.startswith("*")), below, every="*" in plain)

    def are_loopback(self) -> bool:
        """Tell whether all of them are this machine's own."""
        return not (self.every or self.below or self.addresses) and all(map(is_loopback, self.names))

    def admit(self, scope: Scope) -> None:
        """Refuse a request under another name.

        Raises
        ------
        UnknownHostError
        """
        if self.every:
            return
        is_probe = scope.get("path") in PROBES
        sent = [value for name, value in scope["headers"] if name == b"host"]
        if not (sent or is_probe) or len(sent) > 1 or (sent and not self._has(sent[0], addresses=is_probe)):
            raise UnknownHostError(
                "this service does not answer under the host that the request names; DOUBLECHECK_HOSTS lists those "
                "under which it does"
            )

    def _has(self, sent: bytes, *, addresses: bool) -> bool:
        found = _HOST.fullmatch(sent)
        if found is None:
            return False
        name = _plain(found[1].decode())
        return name in self.names or name.endswith(self.below) or ((addresses or self.addresses) and _is_address(name))


def _plain(name: str) -> str:
    return name.strip().lower().removeprefix("[").removesuffix("]").rstrip(".")


def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name))
    return False
