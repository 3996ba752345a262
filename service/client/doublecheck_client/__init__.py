"""The client that support tooling and the suspension tool import. It stands alone: httpx and PyJWT, nothing of ours.

Ask before acting, act only when ``redeem`` has returned::

    with Doublecheck("https://doublecheck.example", key) as doublecheck:
        answer = doublecheck.check(account, "suspend", "agent-17")
        doublecheck.redeem(answer.token, account_as_it_is_now, "suspend", actor="agent-17")  # raises unless it is good
        suspend(account)

Rules:

1. It fails closed. An answer counts only with status 200, in the documented form and free of contradiction; whatever
   else comes, or does not come, raises a ``ClientError``.
2. It asks again only where that cannot decide or redeem twice: after a lost connection, a timeout, a 503, or while the
   same request is being answered; with the same Idempotency-Key, and not beyond a deadline. Each call has a key of its
   own, because an answer given under an old key says nothing about the account as it is now.
3. It follows no redirect, logs nothing, and shows neither the API key nor a token.

Reading order: ``answers``, ``transport``, ``client``, ``demands``.
"""

from doublecheck_client.answers import (
    AnswerError,
    CheckAnswer,
    ClientError,
    Reason,
    Redeemed,
    RefusedError,
    RejectedError,
    UnavailableError,
)
from doublecheck_client.client import Action, Doublecheck, Format
from doublecheck_client.demands import DemandKind, DemandState

__all__ = [
    "Action",
    "AnswerError",
    "CheckAnswer",
    "ClientError",
    "DemandKind",
    "DemandState",
    "Doublecheck",
    "Format",
    "Reason",
    "Redeemed",
    "RefusedError",
    "RejectedError",
    "UnavailableError",
]
