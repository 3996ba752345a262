"""The application: routes and pages around a check service. Errors become problems in ``service.web.problems``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema
from starlette.types import Scope

from classifier.errors import DoublecheckError
from classifier.model_store import ModelStore
from service.auth.oidc.registration import Registration
from service.auth.pauses import Pauses, shared_file
from service.decisions.check_service import CheckService
from service.decisions.demonstration import require_going_on
from service.decisions.upkeep import Upkeep
from service.errors import DemonstrationOverError, SettingsError
from service.monitoring.watcher import Watcher
from service.settings import Settings
from service.texts.languages import read_languages
from service.uploads.runner import Runner
from service.utils.process_metrics import package_version
from service.utils.traces import place
from service.web.api import (
    appeals,
    checks,
    clearances,
    demands,
    findings,
    gates,
    handles,
    operation,
    registry,
    reporters,
    second_looks,
)
from service.web.api.requests import SECURITY_SCHEMES
from service.web.console import routes as console
from service.web.console.error_pages import page_responder, recognise
from service.web.console.history_pages import FILES
from service.web.console.intake_pages import complaints
from service.web.console.templates import Pages
from service.web.hosts import PROBES, Hosts
from service.web.middleware import Admit, Guard, Watch
from service.web.problems import Problem, install
from service.web.stopping import Stopping

if TYPE_CHECKING:
    from service.auth.oidc.provider import Provider

log = logging.getLogger(__name__)

_DESCRIPTION = (
    "The second pair of eyes before an account is suspended as a fake. Ask for a check before acting on an account; "
    "act only when the clearance that it gives was redeemed. Whatever fails is a problem, never a verdict."
)
# Seconds between two looks at what is in force, and looks between two clearings of old answers and of old texts,
# between two looks at what the log says was withdrawn, and between two hidings of known cases.
NOTED, PRUNED, ERASED, RESTORED, HIDDEN = 1.0, 600, 3_600, 5, 60
# Seconds between two looks at whether watching is due; the first is after as long, when the service is warm.
WATCHED = 60.0
# What a form has beside the file that it sends.
_FORM_BYTES = 64 * 1024


class Documented(FastAPI):
    """FastAPI that also describes problems and API keys, of which it knows nothing by itself."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        document = super().openapi()
        _, problem = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
        document["components"]["schemas"].update(problem["$defs"])
        document["components"]["securitySchemes"] = SECURITY_SCHEMES
        return document


def create_app(check_service: CheckService, settings: Settings, *, is_port_kept: bool = False) -> FastAPI:
    """Return the service around a check service, which it closes when it is stopped.

    Parameters
    ----------
    is_port_kept : bool
        Whether the port stays open when this process ends (``stopping``).
    """
    settings = settings.settled()
    demo = settings.demo()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watcher = Watcher(check_service.engine, check_service.signer, ModelStore(settings.home), check_service.clock)
        uploads = Runner(settings, check_service.engine, check_service.signer, check_service.clock)
        uploads.start()
        stopping.obey()
        check_service.metrics.process.starts.inc()
        _tell_start(check_service, demo=demo)
        tasks = [asyncio.create_task(_keep_house(upkeep, watcher, check_service))]
        if settings.monitor_minutes and not demo:  # what was tried out says nothing about the model
            tasks.append(asyncio.create_task(_keep_watch(check_service, watcher, settings.monitor_minutes)))
        try:
            yield
        finally:
            watcher.stop()
            await asyncio.to_thread(uploads.stop)  # before the database is closed, where it writes what it has done
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await asyncio.to_thread(check_service.close)
            log.info("stopped")

    stopping = Stopping(settings.shutdown_seconds, is_port_kept=is_port_kept)
    upkeep = Upkeep(check_service)
    app = Documented(
        title="Doublecheck",
        version=package_version(),
        description=_DESCRIPTION,
        docs_url=None,  # FastAPI's page loads scripts from another host; the console has one of its own
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    registration = settings.registration()
    languages = read_languages(settings.languages())
    pages = Pages(check_service, demo=demo, registration=registration, languages=languages)
    app.state.provider = _provider(registration) if registration else None
    app.state.check_service, app.state.settings, app.state.demo, app.state.pages = check_service, settings, demo, pages
    app.state.pauses, app.state.complaints, app.state.upkeep = Pauses(shared_file()), complaints(), upkeep
    respond = page_responder(pages)
    install(app, respond, recognise)
    app.add_middleware(
        Guard,
        max_body_bytes=settings.max_body_bytes,
        larger={
            "/v1/checks/batch": settings.max_batch_bytes,
            "/batches": settings.max_upload_bytes + _FORM_BYTES,
            "/registry/import": settings.max_upload_bytes + _FORM_BYTES,
        },
        seconds=settings.request_seconds,
        # Below the last two an import is compared with the registry, account by account.
        slower=dict.fromkeys(("/batches", FILES, "/registry", "/v1/registry/changes"), settings.upload_seconds),
        waiting=settings.max_waiting,
        admit=_admit(settings),
        frames=settings.log_frames,
        watch=_watch(check_service),
        count=check_service.metrics.process.under_way.inc,
        respond=respond,
        stopping=stopping,
    )
    parts = (
        checks, clearances, demands, appeals, findings, gates, handles, reporters, second_looks, registry, operation,
        console,
    )  # fmt: skip
    for part in parts:
        app.include_router(part.router)
    return app


def _tell_start(check_service: CheckService, *, demo: bool) -> None:
    """Log what begins to answer."""
    scorer = check_service.current()
    kind, known = check_service.engine.dialect.name, len(scorer.registry)
    log.info(
        "doublecheck %s answers: model %s, registry %s of %d protected accounts%s, database %s",
        package_version(), scorer.model_id, scorer.registry.version[:12], known, " that are invented" * demo, kind,
        extra={"version": package_version(), "model": scorer.model_id, "registry": scorer.registry.version},
    )  # fmt: skip


def _provider(registration: Registration) -> Provider:
    try:
        from service.auth.oidc.provider import Provider  # noqa: PLC0415 - an extra
    except ImportError:
        raise SettingsError("DOUBLECHECK_OIDC_ISSUER takes authlib: pip install 'doublecheck[oidc]'") from None
    return Provider(registration)


def _admit(settings: Settings) -> Admit:
    hosts, demo = Hosts.of(settings), settings.demo()

    def admit(scope: Scope) -> None:
        hosts.admit(scope)
        path = scope.get("path", "")
        if demo and path not in PROBES and not path.startswith("/static/"):
            require_going_on(settings.home)

    return admit


def _watch(check_service: CheckService) -> Watch:
    metrics = check_service.metrics

    def watch(route: str, method: str, status: int, seconds: float) -> None:
        metrics.requests.labels(route, method if route != "-" else "-", status).inc()
        metrics.seconds.labels(route).observe(seconds)

    return watch


async def _keep_house(upkeep: Upkeep, watcher: Watcher | None, check_service: CheckService) -> None:
    """Log which registry and model are in force whenever that changes; forget old answers and old texts.

    What another home of the database has withdrawn is withdrawn here within seconds, whoever watches.
    """
    looks = 0
    while True:
        try:
            await upkeep.note_versions()
            if watcher is not None and looks % RESTORED == 0:
                await asyncio.to_thread(watcher.restore, check_service.current().model_id)
            if looks % PRUNED == 0:
                await upkeep.prune()
            if looks % ERASED == 0:
                await upkeep.erase_old()
            if looks % HIDDEN == 0:
                await upkeep.hide_known_cases()
        except DemonstrationOverError as error:
            log.error("%s", error)
            return
        except DoublecheckError as error:  # requests say so too, and it is tried again
            log.warning("housekeeping: %s", error)
        except Exception as error:  # nothing must end it
            log.error("housekeeping failed with %s at %s", type(error).__name__, place(error))
        looks += 1
        await asyncio.sleep(NOTED)


async def _keep_watch(check_service: CheckService, watcher: Watcher, minutes: float) -> None:
    """Look every so often whether the certificates hold; of all workers, one does. What fails is tried again."""
    while True:
        await asyncio.sleep(min(WATCHED, minutes * 60))
        try:
            health = await asyncio.to_thread(watcher.run_if_due, check_service.current().model_id, minutes)
            if health is not None:
                log.log(_LEVELS[health.state], "%s", health.sentence)
        except Exception as error:  # nothing must end it; it withdraws nothing, see ``service.monitoring.watcher``
            check_service.metrics.monitor_failures.inc()
            # Its message, by the contract of DoublecheckError, quotes no account; another one might.
            known = isinstance(error, DoublecheckError)
            log.error("watching failed: %s", error if known else f"{type(error).__name__} at {place(error)}")


_LEVELS = {"holds": logging.INFO, "watch": logging.WARNING, "withdrawn": logging.ERROR}
