"""Checks in every state that a check can be in, made over HTTP: otherwise a fuzzer hardly meets any.

A fuzzer uses them up, so that they are made anew now and then, each time of accounts of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import uuid4

import httpx

from classifier.accounts.account import ProtectedAccount

Keys = Mapping[str, str]
# Who fuzzes has every role at once; the others do what nobody may do alone.
EVERYBODY, ASKING = "somebody", "agent-17"
REVIEWERS = ("ana", "bo", "cleo")
PEOPLE = {
    EVERYBODY: ("agent", "reviewer", "admin", "auditor"),
    ASKING: ("agent",),
    **dict.fromkeys(REVIEWERS, ("reviewer",)),
}
BIO = "Chair of Northwind Shipping. Author of Quiet Harbours."
PROTECTED = [
    ProtectedAccount(
        platform="x", handle="JaneQuillon", account_id="1", display_name="Jane Quillon", bio=BIO, followers=90_000,
        verified=True,
    ),
    ProtectedAccount(platform="x", handle="AdaBrask", account_id="2"),
]  # fmt: skip
# A Cyrillic letter in the name as well, the bio, and a lure: no clearance rests on one kind of evidence.
FAKE = {
    "platform": "x", "handle": "JaneQuiIlon", "display_name": "J\u0430ne Quillon", "followers": 1, "verified": False,
    "bio": f"{BIO} Write to me on Telegram for the giveaway.", "links": ["https://t.me/jane_quillon_gives"],
}  # fmt: skip
# What nearly every request of a person names, and what the README's own does.
ENDS = "2030-01-01T00:00:00Z"

STATES = (
    "cleared", "refused", "open", "half_approved", "approved", "declined", "given", "redeemed", "overturned", "upheld",
    "revoked", "appealed",
)  # fmt: skip


class Known(NamedTuple):
    """A check in a state, and what is needed to go on with it."""

    state: str
    check_id: str
    account: dict[str, Any]
    clearance_id: str | None = None
    token: str | None = None
    appeal_id: str | None = None


class States:
    """Makes checks in every state, and hands them out in turn.

    Parameters
    ----------
    keys : mapping of str to str
        The API key of each of ``PEOPLE``.
    """

    def __init__(self, url: str, keys: Keys) -> None:
        self._client = httpx.Client(base_url=url, timeout=60.0, trust_env=False)
        self._keys = keys

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def make(self) -> Iterator[Known]:
        """Make a check in each state; what cannot be made, because of what was fuzzed before, is left out."""
        for state in STATES:
            with suppress(RefusedError):
                yield getattr(self, state)()._replace(state=state)

    # --- each state --------------------------------------------------------------------------------------------------

    def cleared(self, by: str = EVERYBODY) -> Known:
        """Make a check that was cleared, with its clearance."""
        return self._checked(by)

    def refused(self) -> Known:
        """Make a check of a protected account."""
        return self._checked(EVERYBODY, handle="AdaBrask", account_id="2")

    def open(self, by: str = ASKING) -> Known:
        """Make a check that waits for two people; whoever fuzzes may be one of them."""
        return self._checked(by, followers=1_000_000)

    def half_approved(self) -> Known:
        """Make a check that waits for one more person."""
        return self._answered(self.open(), REVIEWERS[:1])

    def approved(self) -> Known:
        """Make a check that two people approved; whoever fuzzes may have its clearance."""
        return self._answered(self.open(EVERYBODY), REVIEWERS[:2])

    def declined(self) -> Known:
        """Make a check that somebody declined."""
        return self._answered(self.open(), REVIEWERS[:1], "decline")

    def given(self) -> Known:
        """Make a check that was approved, and whose clearance was given."""
        known = self.approved()
        given = self._post(f"/v1/checks/{known.check_id}/clearance", None, EVERYBODY)
        return known._replace(clearance_id=given["clearance_id"], token=given["token"])

    def redeemed(self) -> Known:
        """Make a check whose clearance was spent."""
        known = self.given()
        self._post("/v1/clearances/redeem", {"token": known.token, "account": known.account}, EVERYBODY)
        return known

    def overturned(self) -> Known:
        """Make a check whose action was appealed against with success."""
        return self._appealed({"outcome": "overturned", "relation": "same_owner", "note": "it was the owner"})

    def upheld(self) -> Known:
        """Make a check whose action was appealed against without success."""
        return self._appealed({"outcome": "upheld", "note": "it was a fake"})

    def revoked(self) -> Known:
        """Make a check whose clearance was taken back."""
        known = self.given()
        self._post(f"/v1/clearances/{known.clearance_id}/revoke", None, REVIEWERS[0])
        return known

    def appealed(self) -> Known:
        """Make a check whose action is appealed against; whoever fuzzes may look at it, and did not ask for it."""
        known = self._answered(self.open(), REVIEWERS[:2])
        given = self._post(f"/v1/checks/{known.check_id}/clearance", None, ASKING)
        spent = {"token": given["token"], "account": known.account}
        self._post("/v1/clearances/redeem", spent, ASKING)
        appeal = self._post(f"/v1/checks/{known.check_id}/appeals", {"about": "action", "by": "person"}, ASKING)
        return known._replace(clearance_id=given["clearance_id"], appeal_id=appeal["appeal_id"])

    # --- how ---------------------------------------------------------------------------------------------------------

    def _checked(self, by: str, **changes: Any) -> Known:
        account = another_account(**changes)
        asked = {"account": account, "action": "suspend", "actor": {"actor_id": by, "access_ends_at": ENDS}}
        answer = self._post("/v1/checks", asked, by)
        clearance = answer["clearance"] or {}
        return Known("", answer["check_id"], account, clearance.get("clearance_id"), clearance.get("token"))

    def _answered(self, known: Known, people: tuple[str, ...], answer: str = "approve") -> Known:
        for person in people:
            self._client.get(f"/v1/checks/{known.check_id}", headers=self._headers(person))
            self._post(f"/v1/checks/{known.check_id}/approvals", {"answer": answer, "reason": "seen"}, person)
        return known

    def _appealed(self, outcome: dict[str, str]) -> Known:
        known = self.redeemed()
        self._post(f"/v1/checks/{known.check_id}/outcome", outcome, REVIEWERS[2])
        return known

    def _post(self, path: str, body: object, by: str) -> Any:
        response = self._client.post(path, json=body, headers=self._headers(by))
        if response.status_code != 200:
            raise RefusedError(f"{path}: {response.status_code} {response.text}")
        return response.json()

    def _headers(self, by: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._keys[by]}"}


def another_account(**changes: Any) -> dict[str, Any]:
    """Return an account that nobody has asked about yet, and that the model takes for a fake."""
    return FAKE | {"account_id": str(uuid4().int % 10**15), **changes}


class RefusedError(Exception):
    """The service did not do what a state needs."""
