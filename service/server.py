"""Running the service: one process, logs without text of accounts, the page's address printed."""

from __future__ import annotations

import logging
import socket
import sys

import click
import uvicorn

from service.api import create_app
from service.serving import CurrentScorer, FollowedScorer
from service.settings import Settings

# Seconds a thread computes before another that waits may go on. The interpreter's 5 ms would hold up a check each time
# it asks for the lock while the registry's changes are read.
SWITCH_INTERVAL = 0.000_5


def serve(current: CurrentScorer, settings: Settings) -> None:
    """Serve until stopped; print the address of the page first."""
    configure_logging(settings.log_level)
    sys.setswitchinterval(SWITCH_INTERVAL)
    config = uvicorn.Config(
        create_app(current, settings=settings),
        host=settings.host,
        port=settings.port,
        log_config=None,  # ours; uvicorn's access log would hold whole addresses
        access_log=False,
        server_header=False,
    )
    listening = config.bind_socket()
    # asyncio does this only for sockets it opened itself. Without it every answer waits 40 ms for the client to
    # acknowledge the headers. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    click.echo(f"Doublecheck is at {page_url(listening)}  (stop it with Ctrl+C)")
    if isinstance(current, FollowedScorer):
        current.start()
    uvicorn.Server(config).run(sockets=[listening])


def configure_logging(level: str) -> None:
    """Log to standard error; the server's own start and stop messages only where something is wrong with them."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.DEBUG if level == "debug" else logging.WARNING)


def page_url(listening: socket.socket) -> str:
    """Return the address under which a browser on this machine finds the page."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 -- everywhere includes here
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
