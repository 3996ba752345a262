"""Requests to a Mastodon server: with the gate's token, to that server only, each within some seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

from service.gates.attempts import SETTLE
from service.gates.calls import Answer, Caller, retry_after
from service.gates.errors import LaterError, NeverError

ACCOUNT, REPORTS, SUSPENDED = "/api/v1/admin/accounts", "/api/v1/admin/reports", "/api/v2/admin/accounts"
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
        self._reader = Caller("Mastodon", url, keeps=2, transport=transport)
        self._actor = Caller("Mastodon", url, transport=transport)
        self._url, self._headers = url, {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def close(self) -> None:
        """Close all connections."""
        self._reader.close()
        self._actor.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what a GET is answered with.

        Raises
        ------
        LaterError, NeverError
        """
        return value_of(self.ask("GET", path, params=params))

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
            answer = self.ask("GET", path, params=given)
            found = value_of(answer)
            if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
                raise LaterError("Mastodon answered with something else than a list")
            yield found
            following = _next(answer)
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
        self.ask("POST", f"{ACCOUNT}/{number}/action", form=form)

    def ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request and return its answer, if it is one of success."""
        url = str(httpx.URL(f"{self._url}{path}", params=params))
        caller, settle = (self._actor, SETTLE) if method == "POST" else (self._reader, None)
        body, headers = None, self._headers
        if form is not None:
            body, headers = urlencode(form).encode(), headers | {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = caller.exchange(method, url, headers=headers, body=body)
        except LaterError as late:
            raise LaterError(late.why, None if late.untouched else settle, untouched=late.untouched) from None
        if answer.status >= 300:
            raise _refusal(answer, settle)
        return answer


def _refusal(answer: Answer, settle: float | None) -> LaterError | NeverError:
    """Return what an answer means that is none of success."""
    status = answer.status
    if status in {404, 410}:
        return GoneError("The account is gone from the server.")
    if status in {401, 403}:
        why = f"Mastodon refuses the token ({status}): look at its scopes and its role"
        return LaterError(why, REFUSED, untouched=True)
    if status in {400, 422}:
        return NeverError(f"Mastodon does not take the request ({status}).")
    if status == 429:
        return LaterError("Mastodon asks to wait (429)", retry_after(answer.headers) or REFUSED, untouched=True)
    return LaterError(f"Mastodon answers with {status}", retry_after(answer.headers) or settle)


def value_of(answer: Answer) -> Any:
    """Return what an answer says.

    Raises
    ------
    LaterError
        If it cannot be read.
    """
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise LaterError("Mastodon's answer cannot be read") from None


def _next(answer: Answer) -> str | None:
    """Return the address of the next page, as the Link header names it."""
    link: str | None = (
        httpx.Response(200, headers={"Link": answer.headers.get("link", "")}).links.get("next", {}).get("url")
    )
    return link
