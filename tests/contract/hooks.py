"""What Schemathesis loads into its process: addresses and bodies that name what there is, and a check of our own."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import schemathesis

from tests.contract.states import Known, States, another_account

# Cases after which the checks are made anew: by then they are used up.
USED_UP = 150
# Of good requests, how many stay as they were drawn.
LEFT_ALONE = 0.2
_TARGET = json.loads(os.environ["DOUBLECHECK_CONTRACT"])
_RANDOM = random.Random(_TARGET["seed"])  # noqa: S311 -- to be drawn again


class _Supply:
    """Checks in all states, made anew now and then."""

    def __init__(self) -> None:
        self._states = States(_TARGET["url"], _TARGET["keys"])
        self._made: list[Known] = []
        self._left = 0

    def one(self) -> Known:
        """Return a check in any state."""
        if self._left <= 0:
            self._made, self._left = list(self._states.make()), USED_UP
        self._left -= 1
        return _RANDOM.choice(self._made)


_SUPPLY = _Supply()


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """Let walks begin with a check.

    Schemathesis believes that a body with an ``account_id`` needs an account that another operation makes, that none
    does, and so that no walk can begin with POST /v1/checks. Nearly every account is replaced below anyway.
    """
    if _TARGET["walks"]:
        del raw_schema["components"]["schemas"]["AccountIn"]["properties"]["account_id"]


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Let most good addresses name a check that there is, and most good bodies an account or a token that counts."""
    if _is_bad(case) or _RANDOM.random() < LEFT_ALONE:
        return
    known = _SUPPLY.one()
    for name in ("check_id", "clearance_id", "appeal_id"):
        if name in (case.path_parameters or {}) and getattr(known, name):
            case.path_parameters[name] = getattr(known, name)
    if isinstance(case.body, dict):
        case.body |= _better(case, known)


def _better(case: schemathesis.Case, known: Known) -> dict[str, Any]:
    """Return what of a body is replaced."""
    path = case.operation.path
    if path == "/v1/checks":
        followers = _RANDOM.choice((1, 1_000_000))
        return {"account": another_account(followers=followers), "format": "doublecheck"}
    if path == "/v1/clearances/redeem" and known.token:
        same = {"account": known.account, "format": "doublecheck"} if _RANDOM.random() < 1 / 2 else {}
        return {"token": known.token, **same}
    if path == "/v1/findings":
        return {"check_id": known.check_id}
    return {}


def _is_bad(case: schemathesis.Case) -> bool:
    return case.meta is None or case.meta.generation.mode.is_negative


@schemathesis.check
def documented_form_is_taken(ctx: Any, response: Any, case: schemathesis.Case) -> None:
    """Find good requests that are refused for their form. An account of that form may still be none."""
    if _is_bad(case) or response.status_code not in {400, 415, 422}:
        return
    if response.json()["code"] not in {"bad_input", "idempotency_key_reused"}:
        raise AssertionError(f"refused for its form: {response.status_code} {response.text}")
