"""The port: opened by the service, or handed over by whoever keeps it open while the service is started anew.

With systemd's protocol of handing sockets over, a start after a stop loses no request: what comes in between waits in
the socket's queue. Rules:

1. ``LISTEN_PID`` has to name this process; what was meant for another one is ignored.
2. There is one socket, of TCP, that listens. Its address is that of the service, whatever the settings say: the rules
   about who may reach a demonstration, and under which names the service answers, go by it.

References
----------
sd_listen_fds(3): https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
"""

from __future__ import annotations

import os
import socket

import uvicorn

from service.errors import SettingsError
from service.settings import Settings

# The first descriptor that is handed over, as the protocol says.
FIRST = 3
_COUNT, _PROCESS = "LISTEN_FDS", "LISTEN_PID"


def at_handed_over(settings: Settings) -> Settings:
    """Return the settings with the address of the socket that was handed over, if one was.

    Raises
    ------
    SettingsError
        If it is not one listening socket of TCP.
    """
    if os.environ.get(_PROCESS) != str(os.getpid()):
        os.environ.pop(_COUNT, None)
    if not is_handed_over():
        return settings
    if os.environ[_COUNT] != "1":
        raise SettingsError(f"LISTEN_FDS is {os.environ[_COUNT]}: one socket can be handed over, no more")
    with _taken() as listening:
        host, port = listening.getsockname()[:2]
    return settings.model_copy(update={"host": host, "port": port})


def is_handed_over() -> bool:
    """Tell whether the port stays open when this process ends; a worker finds that in its environment too."""
    return bool(os.environ.get(_COUNT))


def open_port(config: uvicorn.Config) -> socket.socket:
    """Return the socket to listen on."""
    listening = _taken() if is_handed_over() else config.bind_socket()
    # asyncio does this only for sockets it opened itself. Without it every answer waits 40 ms for the client to
    # acknowledge the headers. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _taken() -> socket.socket:
    try:
        listening = socket.socket(fileno=os.dup(FIRST))
    except OSError as error:
        raise SettingsError("LISTEN_FDS names a socket that was not handed over") from error
    is_tcp = listening.family in {socket.AF_INET, socket.AF_INET6} and listening.type == socket.SOCK_STREAM
    if not is_tcp or not listening.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listening.close()
        raise SettingsError("the socket that was handed over (LISTEN_FDS) is none of TCP that listens")
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the address under which a browser on this machine finds the page."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 -- everywhere includes here
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
