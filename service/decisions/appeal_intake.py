"""What comes in on the page where people complain without signing in.

Rules:

1. Whoever has the code of a notice complains as the person about the action, as if a tool had handed it in.
2. Nobody learns whether a code was given: what is taken and what is not are answered the same.
"""

from __future__ import annotations

from service.auth.api_keys import Caller
from service.decisions import appeals
from service.decisions.appeal_codes import check_of
from service.errors import AppealError, UnknownCheckError
from service.limits import Rules
from service.records.transaction import Answer, Transaction
from service.schemas.appeals import AppealIn

# Who hands in what comes in on the page. No key has such an id, so no key is taken for it.
PAGE = Caller("appeal-page", "appeal page", frozenset({"executor"}))


def receive(transaction: Transaction, code: str, given: AppealIn, rules: Rules) -> Answer:
    """Record what somebody complains about, if the code is of an action that can be appealed against now.

    Parameters
    ----------
    code : str
        As ``appeal_codes.typed`` returns it.
    """
    check_id = check_of(transaction.read, code)
    if check_id is not None:
        try:
            appeals.receive(transaction, check_id, given, PAGE, rules)
        except (AppealError, UnknownCheckError):  # raised before anything is written: rule 2
            return Answer("")
    return Answer("")
