"""The calls that tools make."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Self
from urllib.parse import quote
from uuid import UUID

import httpx
import jwt

from doublecheck_client.answers import (
    UNREADABLE,
    AnswerError,
    CheckAnswer,
    Reason,
    Redeemed,
    RefusedError,
    batch_rows,
    check_answer,
    read_token,
    redeemed,
    require,
    take,
)
from doublecheck_client.demands import DemandCalls, DemandKind
from doublecheck_client.transport import RetryPolicy, Sender

Action = Literal["suspend", "deactivate", "delete", "require_change"]
# As ``classifier.importers.FORMATS`` names them; a test compares the two.
Format = Literal[
    "doublecheck", "x-v1", "x-v2", "mastodon", "bluesky", "x-web", "snscrape", "twarc", "misskey", "ozone", "discord",
    "telegram",
]  # fmt: skip
# What ``service.decisions.clearance_token`` writes. It stands here again, so that tools need not load the service; a
# test compares them.
HANDLE_STATES = frozenset({"free", "resembles", "protected"})
ISSUER, AUDIENCE, TYPE, ALGORITHM = "doublecheck", "doublecheck-redeem", "doublecheck-clearance+jwt", "EdDSA"
CLAIMS = ("jti", "check", "sub", "snapshot", "action", "actor", "model", "policy", "registry", "iat", "exp")
# Seconds for which the service's keys are believed, and before which an unknown key is no cause to ask for them again.
KEYS_KEPT, KEYS_RESTED = 300.0, 10.0
_BAD_TOKEN = Reason("bad_token", "This is no clearance of this service.")
_EXPIRED = Reason("expired", "The clearance has expired: ask for a new check.")


class Doublecheck(DemandCalls):
    """A connection to the service, safe to share between threads; ``with`` closes it.

    Parameters
    ----------
    url : str
        Where the service is.
    key : str
        An API key, as ``doublecheck keys create`` prints it.
    timeout : float
        Seconds that connecting, sending, and waiting for more of the answer may take each.
    retries : int
        How often a request is sent again after a lost connection, a timeout or a 503.
    deadline : float
        Seconds after which nothing is sent again and no more of an answer is read.
    insecure : bool
        Whether to send the key and the accounts over ``http://`` to another machine.
    transport : httpx.BaseTransport, optional
        What sends requests, instead of the network.
    sleep, clock : callable
        For tests: waits, and tells the seconds that have passed.

    Raises
    ------
    ValueError
        If the address or the key cannot be used.

    Examples
    --------
    >>> reasons = [{"code": "below_threshold", "text": "The probability is not above the certified threshold."}]
    >>> check = {"check_id": "0b0e5ad4-5a3c-4a6e-9a3c-0f3a1c1f2d11", "verdict": "needs_review", "reasons": reasons}
    >>> check |= {"required_approvals": 2, "relation": "impersonation", "impersonation_probability": 0.71}
    >>> check |= {"clearance": None}
    >>> service = httpx.MockTransport(lambda request: httpx.Response(200, json=check))
    >>> with Doublecheck("https://doublecheck.example", "dck_...", transport=service) as doublecheck:
    ...     answer = doublecheck.check({"platform": "x", "handle": "jane_r0e"}, "suspend", "agent-17")
    >>> answer.verdict, answer.cleared, answer.reasons[0].code
    ('needs_review', False, 'below_threshold')
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = 5.0,
        retries: int = 2,
        deadline: float = 20.0,
        insecure: bool = False,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        retry_policy = RetryPolicy(timeout, retries, deadline, sleep, clock)
        self._sender = Sender(url, key, retry_policy, insecure=insecure, transport=transport)
        self._clock = clock
        self._keys: tuple[float, dict[str, jwt.PyJWK]] = -math.inf, {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._sender.address)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._sender.close()

    # --- asking and acting -------------------------------------------------------------------------------------------

    def check(
        self,
        account: Mapping[str, Any],
        action: Action,
        actor: str | Mapping[str, Any] | None,
        *,
        format: Format = "doublecheck",  # noqa: A002 -- its name on the wire
        report: str | dict[str, Any] | None = None,
        demands: Sequence[DemandKind] | None = None,
        time_limit_hours: int | None = None,
        reports: Sequence[str] | None = None,
        external_ref: str | None = None,
        subject_url: str | None = None,
        notice: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> CheckAnswer:
        """Ask whether this actor may take this action on this account now.

        Parameters
        ----------
        account : mapping
            In Doublecheck's columns, or as the interface named by ``format`` returned it.
        actor : str, mapping or None
            Who acts: ``actor_id``, or that and ``access_ends_at``; ``None`` for a triage, which permits nothing.
        report : str or dict, optional
            What was reported, for people to read.
        demands : sequence of str, optional
            With the action ``"require_change"``: what the account has to change, at least one.
        time_limit_hours : int, optional
            With that action: the hours that it has for it; without them the service's setting.
        reports : sequence of str, optional
            Several reports of the account, in place of ``report``.
        external_ref, subject_url : str, optional
            What the platform calls the case, and where people see the account there.
        notice : mapping, optional
            Who reports, with what proof, why; ``language`` is the reporter's.
        idempotency_key : str, optional
            To send the same check again after a crash; by default a new one.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        named = {"actor_id": actor} if isinstance(actor, str) else dict(actor or {})
        body: dict[str, Any] = {"account": dict(account), "action": action, "format": format, "report": report}
        body |= {"actor": named} if named else {"triage": True}
        more: dict[str, Any] = {"demands": demands and list(demands), "time_limit_hours": time_limit_hours}
        more |= {"reports": reports, "external_ref": external_ref, "subject_url": subject_url, "notice": notice}
        body |= {name: value for name, value in more.items() if value is not None}
        answer = check_answer(self._sender.ask("POST", "/v1/checks", body, idempotency_key=idempotency_key))
        if answer.token is not None:
            require(read_token(answer.token), check=answer.check_id, action=action, actor=named.get("actor_id"))
        return answer

    def batch(self, checks: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], ...]:
        """Return what the policy would say to each of up to 1,000 checks, in order. It never gives a clearance.

        Each is a mapping as ``POST /v1/checks`` takes it. An answer has a ``verdict``, or an ``error`` instead.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        return batch_rows(
            self._sender.ask("POST", "/v1/checks/batch", {"checks": [dict(check) for check in checks]}), len(checks)
        )

    def clearance(self, check_id: str | UUID, *, actor: str | None = None) -> str:
        """Return the token for a check that needed review, once enough people approved it.

        Parameters
        ----------
        actor : str, optional
            Who acts, of a triage: it had no actor.

        Raises
        ------
        RefusedError
            If they have not, or the account may not be acted on any more.
        UnavailableError, RejectedError, AnswerError
        """
        wanted = str(UUID(str(check_id)))
        body = None if actor is None else {"actor": actor}
        token = take(self._sender.ask("POST", f"/v1/checks/{wanted}/clearance", body), "token", str)
        require(read_token(token), check=wanted)
        return token

    def redeem(
        self,
        token: str | None,
        account: Mapping[str, Any],
        action: Action,
        *,
        actor: str | None = None,
        format: Format = "doublecheck",  # noqa: A002 -- its name on the wire
        idempotency_key: str | None = None,
    ) -> Redeemed:
        """Spend a clearance right before acting. Act only if this returns.

        Parameters
        ----------
        token : str or None
            The clearance; ``None``, as of a check that was not cleared, is refused.
        account : mapping
            The whole profile as it is now, read again, in the format of the check: the service compares it with what
            was checked, and what is left out is refused like what changed.
        action : {"suspend", "deactivate", "delete", "require_change"}
            What is about to be done. A clearance for another action is refused without being spent.
        actor : str, optional
            Who acts, if not the API key's own actor.

        Raises
        ------
        RefusedError
            With all reasons, such as ``spent``, ``expired`` or ``renamed``.
        UnavailableError, RejectedError, AnswerError
        """
        try:
            claims = read_token(token or "")
        except AnswerError:
            raise RefusedError([_BAD_TOKEN]) from None
        if claims.get("action") != action:
            raise RefusedError([Reason("other_action", "It was given for another action.")])
        body = {"token": token, "account": dict(account), "actor": actor, "format": format}
        answer = self._sender.ask("POST", "/v1/clearances/redeem", body, idempotency_key=idempotency_key)
        return redeemed(answer, action, claims)

    # --- looking, reviewing, learning --------------------------------------------------------------------------------

    def find(self, check_id: str | UUID) -> dict[str, Any]:
        """Return a check with its evidence, reviews, clearances, outcomes and history.

        For a reviewer's key the service records that the evidence was shown: show it.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        wanted = str(UUID(str(check_id)))
        answer = self._sender.ask("GET", f"/v1/checks/{wanted}")
        require(take(answer, "check", dict), check_id=wanted)
        return answer

    def handle(self, platform: str, handle: str) -> dict[str, Any]:
        """Return whether a handle may be given to somebody: its ``state`` is free, resembles or protected.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        answer = self._sender.ask("GET", f"/v1/handles/{quote(platform, safe='')}/{quote(handle, safe='')}")
        if take(answer, "state", str) not in HANDLE_STATES:
            raise AnswerError("the answer says nothing of the handle that this version knows")
        return answer

    def search(self, **wanted: str | int | None) -> dict[str, Any]:
        """Return checks, the newest first: ``checks``, and ``next`` to give as ``before`` for the next page.

        Parameters
        ----------
        **wanted
            As ``GET /v1/checks`` takes it: ``platform``, ``account_id``, ``handle``, ``actor``, ``verdict``,
            ``outcome``, ``since``, ``until``, ``before``, ``limit``, ``sort``.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        query = httpx.QueryParams({name: value for name, value in wanted.items() if value is not None})
        answer = self._sender.ask("GET", f"/v1/checks?{query}")
        take(answer, "checks", list)
        return answer

    def alive(self, gate: str, waiting: int = 0) -> None:
        """Say that a gate works: what it does not say for a while is told on every page of the service.

        Parameters
        ----------
        gate : str
            What the gate is called: lower-case letters, digits and hyphens.
        waiting : int
            Cases that it has under way.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        answer = self._sender.ask("PUT", f"/v1/gates/{quote(gate, safe='')}", {"waiting": waiting})
        require(answer, gate=gate)

    def approve(
        self,
        check_id: str | UUID,
        answer: Literal["approve", "decline"],
        reason: str,
        *,
        executor: str | None = None,
    ) -> dict[str, Any]:
        """Give a reviewer's answer to a check that needs review; return how far the review has come.

        The service takes it only from a reviewer who has been shown the evidence, by ``find`` or on its pages. This
        does not do that by the way: it is the person who has to look.

        Parameters
        ----------
        executor : str, optional
            Who is to act, of a triage that is approved.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        named = {"executor": executor} if executor else {}
        return self._about(check_id, "approvals", {"answer": answer, "reason": reason} | named)

    def outcome(
        self,
        check_id: str | UUID,
        outcome: Literal["upheld", "overturned"],
        note: str,
        *,
        relation: str = "unrelated",
        actor: str | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Record what an appeal against an action found, once its clearance was redeemed. The latest outcome counts.

        Parameters
        ----------
        note : str
            Why, in the words of whoever decided the appeal.
        relation : str
            What the account is to the target instead, where it was overturned.
        actor : str, optional
            Who decided the appeal on the platform, where the key is a tool's.

        Raises
        ------
        UnavailableError, RejectedError, AnswerError
        """
        body = {"outcome": outcome, "relation": relation, "note": note} | ({"actor": actor} if actor else {})
        return self._about(check_id, "outcome", body, idempotency_key=idempotency_key)

    def verify_offline(self, token: str) -> dict[str, Any]:
        """Return what a clearance is bound to, if the service signed it and it has not expired.

        A first look only: a token cannot say that it was spent or revoked, nor that the account is still the same. Only
        redeeming counts. The service's keys are fetched once and kept for five minutes.

        Raises
        ------
        RefusedError
            With the reason ``expired``, or ``bad_token`` for whatever is no clearance.
        UnavailableError, RejectedError, AnswerError
            If the keys cannot be fetched.
        """
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != TYPE or not isinstance(header.get("kid"), str):
                raise RefusedError([_BAD_TOKEN])
            options: Any = {"require": ["aud", "iss", *CLAIMS], "strict_aud": True, "verify_iat": False}
            return jwt.decode(
                token, self._key(header["kid"]), [ALGORITHM], options, issuer=ISSUER, audience=AUDIENCE
            )  # fmt: skip
        except jwt.ExpiredSignatureError:
            raise RefusedError([_EXPIRED]) from None
        except UNREADABLE:
            raise RefusedError([_BAD_TOKEN]) from None

    # --- how ---------------------------------------------------------------------------------------------------------

    def _about(
        self, check_id: str | UUID, what: str, body: Mapping[str, Any], *, idempotency_key: str | None = None
    ) -> dict[str, Any]:
        wanted = str(UUID(str(check_id)))
        answer = self._sender.ask("POST", f"/v1/checks/{wanted}/{what}", body, idempotency_key=idempotency_key)
        require(answer, check_id=wanted)
        return answer

    def _key(self, key_id: str) -> jwt.PyJWK:
        fetched, keys = self._keys
        age = self._clock() - fetched
        if age > (KEYS_KEPT if key_id in keys else KEYS_RESTED):
            found = take(self._sender.ask("GET", "/.well-known/jwks.json"), "keys", list)
            try:
                keys = {key["kid"]: jwt.PyJWK(key, ALGORITHM) for key in found if key["crv"] == "Ed25519"}
            except (*UNREADABLE, KeyError):
                raise AnswerError("the service's keys cannot be read") from None
            self._keys = self._clock(), keys
        if key_id not in keys:
            raise RefusedError([_BAD_TOKEN])
        return keys[key_id]
