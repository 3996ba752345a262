"""Running the service: processes on one port, logs without text of accounts, the page's address printed."""

from __future__ import annotations

import logging
import os
import socket
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI
from pythonjsonlogger.json import JsonFormatter

from classifier.utils.private_files import OWNER_ONLY
from service.decisions.check_service import CheckService
from service.server.bootstrap import open_check_service
from service.server.garbage import spare_what_stays
from service.server.port import is_handed_over, open_port, url_of
from service.server.protocol import PunctualProtocol
from service.server.supervisor import Supervisor, end_with_supervisor
from service.settings import PREFIX, Settings, load_settings, separate
from service.utils.logs import Lines
from service.utils.process_metrics import MULTIPROCESS, package_version
from service.web.app import create_app

log = logging.getLogger(__name__)

# Seconds a thread computes before another that waits may go on. The interpreter's 5 ms would hold up a check each time
# it asks for the lock while the registry's changes are read.
SWITCH_INTERVAL = 0.000_5
# Seconds after which a worker that does not answer its supervisor is replaced. It does not while it is imported, which
# takes some seconds on a busy machine; uvicorn's 5 would then kill it again and again.
WORKER_SECONDS = 60
# Share of the seconds of a stop for which a connection waits for a request that may be on its way.
LINGERING = 0.05


def serve(check_service: CheckService, settings: Settings) -> None:
    """Serve in this process until stopped; print the address of the page first."""
    serve_app(create_app(check_service, settings, is_port_kept=is_handed_over()), settings)


def serve_app(app: FastAPI, settings: Settings) -> None:
    """Serve an application in this process until stopped, under the same server as the service."""
    configure_logging(settings)
    os.umask(OWNER_ONLY)
    sys.setswitchinterval(SWITCH_INTERVAL)
    spare_what_stays()
    config = _config(app, settings)
    listening = _listen(config)
    uvicorn.Server(config).run(sockets=[listening])


def serve_with_workers(settings: Settings) -> None:
    """Serve in several processes on one database, each with its own check service; one that dies is replaced."""
    configure_logging(settings)
    _hand_down(settings)
    with tempfile.TemporaryDirectory(prefix="doublecheck-metrics-") as metrics:
        os.environ.setdefault(MULTIPROCESS, metrics)
        config = _config("service.server.run:worker", settings, factory=True, workers=settings.workers)
        listening = _listen(config)
        log.info("doublecheck %s starts %d workers", package_version(), settings.workers)
        Supervisor(config, [listening], seconds=settings.shutdown_seconds).run()


def worker() -> FastAPI:
    """Return the service of one of several processes, as the environment describes it."""
    settings = load_settings()
    configure_logging(settings)
    os.umask(OWNER_ONLY)
    end_with_supervisor(settings.shutdown_seconds)
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = create_app(open_check_service(settings), settings, is_port_kept=is_handed_over())
    spare_what_stays()
    return app


def _config(app: FastAPI | str, settings: Settings, **more: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=partial(  # type: ignore[arg-type]  # it is called like a class
            PunctualProtocol, seconds=settings.request_seconds, lingering=settings.shutdown_seconds * LINGERING
        ),
        log_config=None,  # ours; uvicorn's access log would hold whole addresses
        access_log=False,
        server_header=False,
        # Whoever asks could otherwise name any address as theirs, and so any number of them.
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=separate(settings.trusted_proxies or ""),
        timeout_graceful_shutdown=settings.shutdown_seconds,
        timeout_worker_healthcheck=WORKER_SECONDS,
        **more,  # type: ignore[arg-type]
    )


def _listen(config: uvicorn.Config) -> socket.socket:
    listening = open_port(config)
    click.echo(f"Doublecheck is at {url_of(listening)}  (stop it with Ctrl+C)")
    return listening


def _hand_down(settings: Settings) -> None:
    """Put the settings into the environment, where workers find them: options of the command line are among them."""
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if value is not None:
            os.environ[f"{PREFIX}{name}".upper()] = str(value.resolve() if isinstance(value, Path) else value)


def configure_logging(settings: Settings) -> None:
    """Log to standard error; the server's own start and stop messages only where something is wrong with them."""
    handler = Lines()
    handler.setFormatter(_formatter(settings.log_format))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler])
    logging.logThreads = logging.logMultiprocessing = False  # no line says so
    logging.getLogger("uvicorn").setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)
    for name in ("alembic", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(kind: str) -> logging.Formatter:
    if kind == "json" or (kind == "auto" and not sys.stderr.isatty()):
        return _JsonLine("%(asctime)s %(process)d %(levelname)s %(name)s %(message)s")
    return _TextLine("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")


class _TextLine(logging.Formatter):
    """Gives times as RFC 3339 in UTC, whatever the machine's zone is."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002
        """Return when a line was logged."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _JsonLine(_TextLine, JsonFormatter):
    """The same for JSON objects."""
