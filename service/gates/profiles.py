"""Profiles from an address of the platform's own: GET with a bearer token, in any format that a check takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from classifier.importers import FORMATS, import_account
from classifier.importers.formats.detect import format_of
from service.gates.calls import Caller, filled, read_object, skew
from service.gates.errors import LaterError, NeverError
from service.gates.platform import Profile

DETECTED = "auto"
FORMAT_NAMES = (DETECTED, *FORMATS)


class Profiles:
    """Reads accounts as they are now.

    Parameters
    ----------
    template : str
        The address, with ``{id}``.
    format : str
        A name of ``FORMATS``, or ``auto``: told by what is in the profile.
    """

    def __init__(self, caller: Caller, template: str, token: str | None, format: str = DETECTED) -> None:  # noqa: A002
        self._caller, self._template, self._format = caller, template, format
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        self._headers = {"Accept": "application/json"} | bearer

    def read(self, account: str, address: str | None = None) -> Profile:
        """Return the profile of an account.

        Parameters
        ----------
        address : str, optional
            In place of the template's.

        Raises
        ------
        NeverError
            If the account is gone.
        LaterError
            If there is no profile now, or one that is of another account.
        """
        answer = self._caller.send("GET", address or filled(self._template, account), headers=self._headers)
        if answer.status in {404, 410}:
            raise NeverError("The account is gone.")
        if answer.status >= 300:
            raise LaterError(f"{self._caller.who} refuses the profile with {answer.status}")
        try:
            row = read_object(answer.body)
        except ValueError:
            raise LaterError(f"{self._caller.who} sends half a profile, or none") from None
        return as_profile(row, account, self._format)

    def missing(self, token_name: str) -> Iterator[str]:
        """Yield what keeps profiles from being read, as sentences: asks for an account that does not exist."""
        try:
            answer = self._caller.send(
                "GET", filled(self._template, "doublecheck-asks-for-nobody"), headers=self._headers
            )
        except LaterError as late:
            yield f"{late.why}: see that the profile's address is right and served."
            return
        if answer.status in {401, 403}:
            yield f"The platform refuses to show profiles ({answer.status}): give {token_name} the right to read them."
        elif answer.status not in {404, 410}:
            yield (
                f"The platform answers {answer.status} for an account that does not exist: let it answer 404, "
                "so that one that is gone is not acted on."
            )
        yield from skew(answer.headers)


def as_profile(row: Mapping[str, Any], account: str, given: str = DETECTED) -> Profile:
    """Return a profile as a check takes it.

    Raises
    ------
    LaterError
        If it has no known format, or is of another account.

    Examples
    --------
    >>> as_profile({"platform": "x", "account_id": "17", "handle": "jane_r0e"}, "17").format
    'doublecheck'
    """
    found = format_of(row) if given == DETECTED else given
    if found is None:
        raise LaterError("the profile is in no format that a check takes")
    read = import_account(row, found, now=datetime.now(UTC)).account
    if read is not None and read.account_id and account not in {read.account_id, *_scalars(row)}:
        raise LaterError("the profile is of another account than was asked for")
    return Profile(found, dict(row))


def _scalars(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts and numbers in a row, one level down too: formats name an account's id in many ways."""
    for value in row.values():
        for inner in value.values() if isinstance(value, Mapping) else (value,):
            if isinstance(inner, str | int) and not isinstance(inner, bool):
                yield str(inner)
