import logging
import socket
import sys

import pytest
import uvicorn

from service import server
from service.settings import Settings


@pytest.mark.parametrize(
    ("host", "start", "end"),
    [("127.0.0.1", "http://127.0.0.1:", "/"), ("0.0.0.0", "http://localhost:", "/")],  # noqa: S104
)
def test_the_address_is_one_a_browser_can_open(host, start, end):
    with socket.create_server((host, 0)) as listening:
        port = listening.getsockname()[1]
        assert server.page_url(listening) == f"{start}{port}{end}"


def test_serving_prints_the_address_and_hands_over_the_app(client, monkeypatch, capsys, tmp_path):
    runs = []

    def run(self, sockets):
        assert sockets[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        runs.append((self.config, sockets[0].getsockname()))
        sockets[0].close()

    monkeypatch.setattr(uvicorn.Server, "run", run)
    monkeypatch.setattr(server, "configure_logging", lambda _: None)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _: None)
    server.serve(lambda: client.scorer, Settings(home=tmp_path, port=0))
    [(config, (host, port))] = runs
    assert f"http://{host}:{port}/" in capsys.readouterr().out
    assert not config.access_log
    assert not config.server_header


@pytest.mark.parametrize(("level", "uvicorn_level"), [("info", logging.WARNING), ("debug", logging.DEBUG)])
def test_log_levels(monkeypatch, level, uvicorn_level):
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    before = logging.getLogger("uvicorn").level
    server.configure_logging(level)
    assert logging.getLogger("uvicorn").level == uvicorn_level
    logging.getLogger("uvicorn").setLevel(before)
