"""Requests to a Mastodon server: with the gate's token, to that server only, each within some seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from service.gates.attempts import SETTLE
from service.gates.errors import LaterError, NeverError

ACCOUNT, REPORTS, SUSPENDED = "/api/v1/admin/accounts", "/api/v1/admin/reports", "/api/v2/admin/accounts"
# Seconds that connecting, and each wait for more of an answer, may take.
TIMEOUT = 10.0
# Pages of a list. A longer one is an error: nobody concludes anything from half a list.
MOST_PAGES = 2_000
# Seconds to wait where nobody says how long, after a refusal that people have to mend.
REFUSED = 60.0


class GoneError(NeverError):
    """The server has no such account."""


class Api:
    """A connection to a Mastodon server.

    Parameters
    ----------
    transport : httpx.BaseTransport, optional
        What sends requests, instead of the network.
    """

    def __init__(self, url: str, token: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(
            base_url=url, timeout=TIMEOUT, follow_redirects=False, transport=transport,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json", "User-Agent": "doublecheck"},
            trust_env=url.startswith("https:"),  # a proxy that the environment names could read http://
        )  # fmt: skip

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what a GET is answered with.

        Raises
        ------
        LaterError, NeverError
        """
        return _value(self.ask("GET", path, params=params))

    def account(self, number: str) -> dict[str, Any]:
        """Return an account as moderators see it.

        Raises
        ------
        GoneError
            If there is none.
        LaterError, NeverError
        """
        found = self.get(f"{ACCOUNT}/{number}")
        if not isinstance(found, dict) or str(found.get("id")) != number or not isinstance(found.get("account"), dict):
            raise LaterError("Mastodon answered with something else than the account")
        return found

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[list[dict[str, Any]]]:
        """Yield a list page by page, as the Link headers lead on."""
        given: Mapping[str, str] | None = params
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            response = self.ask("GET", path, params=given)
            found = _value(response)
            if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
                raise LaterError("Mastodon answered with something else than a list")
            yield found
            following = response.links.get("next", {}).get("url")
            if following is None:
                return
            given = dict(httpx.URL(following).params)  # only those: the token goes to no address that an answer names
            if str(sorted(given.items())) in seen:
                raise LaterError("Mastodon's pages lead in a circle")
            seen.add(str(sorted(given.items())))
        raise LaterError("Mastodon's list has too many pages")

    def act(self, number: str, form: Mapping[str, str]) -> None:
        """Take an action on an account.

        Raises
        ------
        LaterError
            Also if nobody knows whether it was taken: in time enough for it to be over.
        NeverError
        """
        self.ask("POST", f"{ACCOUNT}/{number}/action", data=form)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request and return its answer, if it is one of success."""
        settle = SETTLE if method == "POST" else None
        try:
            response = self._http.request(method, path, **more)
        except httpx.HTTPError:
            raise LaterError("Mastodon cannot be asked, or its answer was lost", settle) from None
        status = response.status_code
        if status < 300:
            return response
        if status in {404, 410}:
            raise GoneError("The account is gone from the server.")
        if status in {401, 403}:
            why = f"Mastodon refuses the token ({status}): look at its scopes and its role"
            raise LaterError(why, REFUSED, untouched=True)
        if status in {400, 422}:
            raise NeverError(f"Mastodon does not take the request ({status}).")
        if status == 429:
            raise LaterError("Mastodon asks to wait (429)", _seconds(response) or REFUSED, untouched=True)
        raise LaterError(f"Mastodon answers with {status}", _seconds(response) or settle)


def _value(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise LaterError("Mastodon's answer cannot be read") from None


def _seconds(response: httpx.Response) -> float | None:
    given = response.headers.get("retry-after", "").strip()
    return min(3600.0, float(given)) if re.fullmatch("[0-9]{1,9}", given) else None
