"""The calls about the milder measure and about what people are told: demands, looks at them, and notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from doublecheck_client.answers import AnswerError, require, take
from doublecheck_client.transport import Sender

# As ``service.schemas.demands`` and ``classifier.platform_rules.demands`` name them; a test compares them.
DemandState = Literal["open", "due", "met", "unmet", "withdrawn"]
DemandKind = Literal[
    "label_at_start", "label_in_bio", "other_picture", "other_name", "other_handle", "declare_operator"
]
STATES = ("open", "due", "met", "unmet", "withdrawn")


class DemandCalls:
    """What ``Doublecheck`` can do about demands. None of it clears anything."""

    _sender: Sender

    def find_demand(self, demand_id: str | UUID) -> dict[str, Any]:
        """Return what an account has to change, by when, what was seen of it, and the text to send.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        wanted = str(UUID(str(demand_id)))
        return _demand(self._sender.ask("GET", f"/v1/demands/{wanted}"), wanted)

    def search_demands(
        self,
        state: DemandState | None = None,
        *,
        platform: str | None = None,
        account_id: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> dict[str, Any]:
        """Return a page of demands, the newest first: ``demands``, and ``next``, to be given as ``before``.

        Parameters
        ----------
        state : str, optional
            ``"due"``: the time is up, and the profile has to be looked at.
        limit : int
            1 to 200.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
            ``AnswerError`` also if a demand is of another state than asked for.
        """
        told = {"state": state, "platform": platform, "account_id": account_id, "before": before, "limit": limit}
        query = urlencode({name: value for name, value in told.items() if value is not None})
        page = self._sender.ask("GET", f"/v1/demands?{query}")
        for demand in take(page, "demands", list):
            found = _demand(demand if isinstance(demand, dict) else {})
            if state is not None:
                require(found, state=state)
        return page

    def look(
        self,
        demand_id: str | UUID,
        account: Mapping[str, Any],
        *,
        format: str = "doublecheck",  # noqa: A002 -- its name on the wire
    ) -> dict[str, Any]:
        """Send the profile as it is now and return the demand with what it shows: ``state`` and ``results``.

        Parameters
        ----------
        account : mapping
            The whole profile, read again: what is left out answers nothing.

        Raises
        ------
        RejectedError
            Also if the demand is answered already, or the profile is of another account.
        UnavailableError, AnswerError
        """
        wanted = str(UUID(str(demand_id)))
        body = {"account": dict(account), "format": format}
        return _demand(self._sender.ask("POST", f"/v1/demands/{wanted}/look", body), wanted)

    def told(self, check_id: str | UUID, to: Literal["person", "reporter"], lang: str | None = None) -> dict[str, Any]:
        """Return what the person behind the account, or whoever reported it, may be told of a check: ``text`` and more.

        Parameters
        ----------
        lang : str, optional
            A language tag, such as ``"pt-BR"``. Without it the service chooses: see ``GET /v1/checks/{id}/notice``.

        Raises
        ------
        RejectedError
            Also, with the code ``unknown_language``, if there are no texts in it.
        UnavailableError, AnswerError
        """
        wanted = str(UUID(str(check_id)))
        query = urlencode({"to": to} | ({} if lang is None else {"lang": lang}))
        answer = self._sender.ask("GET", f"/v1/checks/{wanted}/notice?{query}")
        require(answer, to=to)
        for name in ("lang", "dir", "subject", "text"):
            take(answer, name, str)
        return answer


def _demand(answer: dict[str, Any], wanted: str | None = None) -> dict[str, Any]:
    """Return a demand that can be trusted to be one, and the one that was asked for."""
    if wanted is not None:
        require(answer, demand_id=wanted)
    if take(answer, "state", str) not in STATES:
        raise AnswerError("the answer's state is none that is known")
    for name in ("demand_id", "check_id", "text"):
        take(answer, name, str)
    take(answer, "results", list)
    return answer
