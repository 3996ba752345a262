"""What is missing at Doublecheck itself for a gate to work."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from doublecheck_client import ClientError, Doublecheck, RejectedError

from service.gates.settings import GateSettings

_NO_CHECK = UUID(int=0)


def at_service(settings: GateSettings, roles: str = "agent and executor") -> Iterator[str]:
    """Yield what keeps the service from answering this gate, as sentences: asks for a check that does not exist.

    Parameters
    ----------
    roles : str
        Which roles the key needs, for people.
    """
    try:
        with Doublecheck(settings.url, settings.key, retries=0) as service:
            service.find(_NO_CHECK)
    except RejectedError as error:
        if error.status == 401:
            yield "Doublecheck does not know DOUBLECHECK_KEY: make one with doublecheck keys create."
        elif error.status == 403:
            yield f"DOUBLECHECK_KEY lacks a role: it needs {roles}."
        elif error.status != 404:
            yield f"Doublecheck refuses this gate ({error.status} {error.code})."
    except ClientError:
        yield "Doublecheck cannot be asked: see that DOUBLECHECK_URL is right and the service runs."
