"""The routes: thin layers over functions that know no HTTP. Errors become problems in ``service.problems``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI
from pydantic.json_schema import models_json_schema

from classifier.accounts import Account
from classifier.errors import DoublecheckError, ModelError
from classifier.policy import Policy
from classifier.scoring import Scorer
from service.bodies import JsonRoute
from service.checks import check
from service.console import console_router
from service.middleware import Guard
from service.problems import MEDIA_TYPE, PROBLEMS, Problem, install
from service.schemas import Alive, CheckRequest, CheckResponse, Ready
from service.serving import CurrentScorer
from service.settings import Settings

Clock = Callable[[], datetime]

_DESCRIPTION = (
    "The second pair of eyes before an account is suspended as a fake. Ask for a check before acting on an account; "
    "act only when the verdict is cleared. Whatever fails is a problem, never a verdict."
)


def utc_now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)


class Documented(FastAPI):
    """FastAPI that also describes problems: by itself it knows error models of its own media type only."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        document = super().openapi()
        _, problem = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
        document["components"]["schemas"].update(problem["$defs"])
        return document


def create_app(
    current: CurrentScorer, *, settings: Settings, policy: Policy | None = None, clock: Clock = utc_now
) -> FastAPI:
    """Return the service around the scorer that ``current`` gives at each request.

    Parameters
    ----------
    policy : Policy, optional
        In place of the one ``settings`` describes.
    clock : callable
        Gives the time of a request, aware.
    """
    app = Documented(
        title="Doublecheck",
        version=version("doublecheck"),
        description=_DESCRIPTION,
        docs_url=None,  # FastAPI's page loads scripts from another host; the console has one of its own
        redoc_url=None,
        redirect_slashes=False,
    )
    rules = policy or settings.policy()
    install(app)
    app.add_middleware(Guard, max_body_bytes=settings.max_body_bytes)
    app.include_router(_checks_router(current, rules, clock))
    app.include_router(_probes_router(current, demo=settings.demo()))
    app.include_router(console_router(current, rules, clock, demo=settings.demo(), openapi=app.openapi))
    return app


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {
            "description": " ".join(
                f"`{kind.code}`: {kind.title}" for kind in PROBLEMS.values() if kind.status == status
            ),
            "content": content,
        }
        for status in statuses
    }


def _checks_router(current: CurrentScorer, policy: Policy, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1", route_class=JsonRoute, tags=["checks"])

    # async, without a thread: a check is some milliseconds of computing under the interpreter's lock, so a thread
    # would add its hand-over and gain nothing.
    @router.post(
        "/checks",
        summary="Check an account before acting on it",
        response_description="The verdict and all it rests on.",
        responses=_problems(400, 413, 415, 422, 500, 503),
    )
    async def create_check(request: Annotated[CheckRequest, Body(openapi_examples=_EXAMPLES)]) -> CheckResponse:
        """Say which protected account, if any, the account imitates, and whether this actor may take this action now.

        The account is scored as given; nothing is fetched. The actor and the report never change the score.
        """
        return check(current(), request, policy, clock())

    return router


def _probes_router(current: CurrentScorer, *, demo: bool) -> APIRouter:
    router = APIRouter(tags=["probes"])

    @router.get("/healthz", summary="Is the process alive?", response_description="It is.", responses=_problems(500))
    async def healthz() -> Alive:
        """Answer without touching the model or the registry."""
        return Alive()

    @router.get(
        "/readyz", summary="Can it check accounts?", response_description="It can.", responses=_problems(500, 503)
    )
    async def readyz() -> Ready:
        """Score an invented account: what cannot do that is not ready."""
        return _readiness(current(), demo=demo)

    return router


def _readiness(scorer: Scorer, *, demo: bool) -> Ready:
    try:
        scorer.assess(Account(handle="readiness_probe"))
    except DoublecheckError:
        raise
    except Exception as error:
        raise ModelError(f"scoring fails with {type(error).__name__}") from error
    return Ready(
        model_id=scorer.model_id,
        registry_version=scorer.registry.version,
        protected_accounts=len(scorer.registry),
        demo=demo,
    )


_EXAMPLES: Any = {
    "columns": {
        "summary": "An account in Doublecheck's columns",
        "value": {
            "account": {
                "platform": "x",
                "handle": "jane_r0e",
                "display_name": "Jane Roe",
                "followers": 12,
                "created_at": "2026-01-31T12:00:00Z",
            },
            "action": "suspend",
            "actor": {"actor_id": "agent-17", "access_ends_at": "2030-12-31T17:00:00Z"},
        },
    },
    "raw": {
        "summary": "A profile as X's interface (version 2) returns it",
        "value": {
            "format": "x-v2",
            "account": {
                "id": "17",
                "username": "jane_r0e",
                "name": "Jane Roe",
                "public_metrics": {"followers_count": 12},
            },
            "action": "suspend",
            "actor": {"actor_id": "agent-17"},
        },
    },
}
