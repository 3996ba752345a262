"""What the service is compared with, as servers: ``python -m tests.benchmarks.applications NAME``.

All run under the same server (``serve_app``) with the settings of the environment, as the service does.

- ``bare``: FastAPI alone. A route reads the body into ``CheckRequest`` and returns a constant answer of the size of a
  real one, as bytes: nothing is encoded.
- ``bare-dict``: the same, but the body becomes a plain ``dict``.
- ``bare-model``: ``bare``, but the answer is a ``CheckResponse`` that FastAPI checks and encodes, as its users do.
- ``unrecorded``: the service with a route that does all of a check but its record: the API key is
  looked up in memory, the account is read, scored over the protected accounts, the policy applied and the answer with
  its evidence encoded. There is no transaction, no log entry and so no clearance.
- ``fuzzy``: what somebody would build instead, see ``fuzzy``: a route reads the body into ``CheckRequest`` and answers
  with a target and a probability.
- ``log``: the service with a route that reads a ``CheckRequest`` and only appends one entry to the log, durably.
- ``page``: FastAPI alone with pages that were made before, in the directory that ``BARE_PAGES`` names: ``form.html`` at
  ``/``; what is posted there is read as a form and leads to ``answer.html``. Their style is the console's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from classifier.scoring.policy import Actor, decide
from classifier.storage.home import registry_store
from service.decisions.check import answer, read_account
from service.decisions.check_service import CheckService
from service.records.transaction import Answer, Transaction, Unit
from service.schemas.checks import (
    CertificateOut,
    CheckRequest,
    CheckResponse,
    EntryOut,
    EvidenceOut,
    ReasonOut,
    TargetOut,
)
from service.server.bootstrap import open_check_service
from service.server.run import serve_app
from service.settings import Settings, load_settings
from service.web.api.dependencies import AskingAgent
from service.web.api.requests import answered
from service.web.app import create_app
from service.web.console.templates import STATIC
from service.web.json_route import JsonRoute
from tests.benchmarks.fuzzy import FuzzyModel

PATH = "/benchmark"
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
# As long as a usual answer: 15 compared features.
ANSWER = CheckResponse(
    check_id=UUID(int=17),
    checked_at=_THEN,
    verdict="needs_review",
    reasons=[ReasonOut(code="below_threshold", text="The probability is not above the certified threshold: " * 2)],
    required_approvals=2,
    relation="impersonation",
    target=TargetOut(
        platform="x",
        account_id="123456789012",
        handle="ordinary_handle",
        display_name="Jane Ordinary Roe",
        followers=2_400_000,
        created_at=_THEN,
        verified=True,
        tier="high",
    ),
    impersonation_probability=0.912345678901,
    relation_probabilities=dict.fromkeys(("impersonation", "same_owner", "parody_or_fan", "unrelated"), 0.2512345678),
    inauthentic_probability=0.123456789,
    inauthentic=False,
    inauthentic_reason=None,
    evidence=[
        EvidenceOut(
            feature="handle_looks",
            explanation="How much the handles look alike, letter by letter",
            value=0.9712345,
            reported="ordinary_hand1e",
            protected="ordinary_handle",
            contribution=1.23456789,
        )
        for _ in range(15)
    ],
    certificate=CertificateOut(
        alpha=0.01, delta=0.05, n=1200, errors=5, threshold=0.987654, population="invented genuine accounts"
    ),
    entry=EntryOut(seq=17, hash="0" * 64),
    notes=[],
    account_digest="0" * 64,
    model_id="0" * 16,
    policy_version="2",
    registry_version="0" * 64,
)


def bare(_: Settings) -> FastAPI:
    app, constant = FastAPI(), ANSWER.model_dump_json().encode()

    @app.post(PATH)
    async def check(body: CheckRequest) -> Response:
        return Response(constant, media_type="application/json")

    return app


def bare_dict(_: Settings) -> FastAPI:
    app, constant = FastAPI(), ANSWER.model_dump_json().encode()

    @app.post(PATH)
    async def check(body: dict[str, Any]) -> Response:
        return Response(constant, media_type="application/json")

    return app


def bare_model(_: Settings) -> FastAPI:
    app = FastAPI()

    @app.post(PATH)
    async def check(body: CheckRequest) -> CheckResponse:
        return ANSWER

    return app


def unrecorded(settings: Settings) -> FastAPI:
    check_service, router = open_check_service(settings), APIRouter(route_class=JsonRoute)

    @router.post(PATH)
    async def check(body: CheckRequest, _: AskingAgent) -> Response:
        now = check_service.clock()
        reading = read_account(body.account, body.format, now=now)
        assessment, actor = (
            await check_service.assess(reading.account),
            Actor(body.actor.actor_id, body.actor.access_ends_at),
        )
        verdict = decide(assessment, body.action, actor, now=now, policy=check_service.rules.policy)
        return answered(Answer(answer(reading, assessment, verdict, now).model_dump_json()))

    return _with(router, check_service, settings)


def fuzzy(settings: Settings) -> FastAPI:
    app, model = FastAPI(), FuzzyModel(list(registry_store(settings.home).open().index.registry))

    @app.post(PATH)
    async def check(body: CheckRequest) -> dict[str, Any]:
        target, probability = model.ask(read_account(body.account, body.format, now=datetime.now(UTC)).account)
        return {"target": target.handle, "impersonation_probability": probability}

    return app


def log(settings: Settings) -> FastAPI:
    check_service, router = open_check_service(settings), APIRouter(route_class=JsonRoute)

    @router.post(PATH)
    async def append(body: CheckRequest, caller: AskingAgent) -> Response:

        def noted(transaction: Transaction) -> Answer:
            entry = transaction.log("noted", "benchmark", actor=body.actor.actor_id, key=caller.key_id)
            return Answer(EntryOut(seq=entry.seq, hash=entry.hash).model_dump_json())

        return answered(await check_service._committer.answer(Unit(noted, caller.key_id, caller.actor)))

    return _with(router, check_service, settings)


def page(_: Settings) -> FastAPI:
    app, directory = FastAPI(), Path(os.environ["BARE_PAGES"])
    form, answer = (directory / "form.html").read_bytes(), (directory / "answer.html").read_bytes()

    @app.get("/")
    async def empty() -> Response:
        return HTMLResponse(form)

    @app.post("/")
    async def sent(request: Request) -> Response:
        await request.form()
        return RedirectResponse("/checks/made-before", 303)

    @app.get("/checks/made-before")
    async def answered_before() -> Response:
        return HTMLResponse(answer)

    @app.get("/static/{name}")
    async def style(name: str) -> Response:
        return STATIC[name].response()

    return app


def _with(router: APIRouter, check_service: CheckService, settings: Settings) -> FastAPI:
    app = create_app(check_service, settings)
    app.include_router(router)
    app.router.routes.insert(0, app.router.routes.pop())  # the service looks at the route of checks early, too
    return app


APPLICATIONS: dict[str, Callable[[Settings], FastAPI]] = {
    "bare": bare,
    "bare-dict": bare_dict,
    "bare-model": bare_model,
    "unrecorded": unrecorded,
    "fuzzy": fuzzy,
    "log": log,
    "page": page,
}


def main() -> None:
    settings = load_settings()
    serve_app(APPLICATIONS[sys.argv[1]](settings), settings)


if __name__ == "__main__":
    main()
