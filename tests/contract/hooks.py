"""What Schemathesis loads into its own process: addresses and bodies that name what there is, and checks of our own."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import schemathesis

from tests.contract.states import Known, States, another_account

# Names the service, its keys and the seed, as JSON.
TARGET = "DOUBLECHECK_CONTRACT"
# Cases after which the checks are made anew: by then they are used up.
USED_UP = 150
_STATUSES_OF_FORM = {400, 415, 422}


class _Supply:
    """Hands out checks in all states."""

    def __init__(self) -> None:
        target = json.loads(os.environ[TARGET])
        self._states = States(target["url"], target["keys"])
        self.random = random.Random(target["seed"])  # noqa: S311 -- to be drawn again
        self._made: list[Known] = []
        self._left = 0

    def some(self) -> list[Known]:
        """Return checks of all states, freshly made now and then."""
        if self._left <= 0:
            self._made, self._left = list(self._states.make()), USED_UP
        self._left -= 1
        return self._made


_SUPPLY = _Supply()


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Let most good addresses name a check that there is, and most good redemptions a token that holds."""
    if case.meta is None or case.meta.generation.mode.is_negative or _SUPPLY.random.random() < 0.2:
        return
    known = _SUPPLY.random.choice(_SUPPLY.some())
    for name in ("check_id", "clearance_id"):
        value = getattr(known, name)
        if value and name in (case.path_parameters or {}):
            case.path_parameters[name] = value
    if case.operation.path == "/v1/checks" and isinstance(case.body, dict):
        case.body |= {"account": another_account(followers=_SUPPLY.random.choice((1, 10**6))), "format": "doublecheck"}
    if case.operation.path.endswith("/redeem") and isinstance(case.body, dict) and known.token:
        case.body["token"] = known.token
        if _SUPPLY.random.random() < 0.5:
            case.body |= {"account": known.account, "format": "doublecheck"}


@schemathesis.check
def documented_form_is_taken(ctx: Any, response: Any, case: schemathesis.Case) -> None:
    """Find requests of the documented form that are refused for their form."""
    if case.meta is None or case.meta.generation.mode.is_negative or response.status_code not in _STATUSES_OF_FORM:
        return
    problem = response.json()
    if problem["code"] not in {"bad_input", "idempotency_key_reused"}:  # an account of that form may still be none
        raise AssertionError(f"refused for its form: {response.status_code} {response.text}")
