"""The port that is handed over: whose it is, and that nothing else is taken for one."""

import os
import socket

import pytest
import uvicorn

from service.errors import SettingsError
from service.server import port
from service.server.port import at_handed_over, is_handed_over, open_port, url_of
from service.settings import Settings


@pytest.fixture
def hand_over(monkeypatch):
    """Hand a socket over to this process, as systemd does, at whatever number it has."""

    def hand_over(given, *, count="1", process=None):
        monkeypatch.setattr(port, "FIRST", given.fileno())
        monkeypatch.setenv("LISTEN_FDS", count)
        monkeypatch.setenv("LISTEN_PID", str(process or os.getpid()))

    return hand_over


def test_the_address_is_that_of_the_socket_whatever_is_set(hand_over):
    with socket.create_server(("127.0.0.1", 0)) as kept:
        hand_over(kept)
        settings = at_handed_over(Settings(host="0.0.0.0", port=80))  # noqa: S104
        assert (settings.host, settings.port) == kept.getsockname()
        assert {"host", "port"} <= settings.model_fields_set  # so that workers get them
        with open_port(uvicorn.Config("none:none")) as listening:
            assert listening.getsockname() == kept.getsockname()
            assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert not listening.get_inheritable()
        assert kept.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN), "it is kept"


def test_what_was_meant_for_another_process_is_ignored(hand_over):
    with socket.create_server(("127.0.0.1", 0)) as kept:
        hand_over(kept, process=1)
        settings = Settings(port=0)
        assert at_handed_over(settings) is settings
        assert not is_handed_over()


def test_more_than_one_socket_is_refused(hand_over):
    with socket.create_server(("127.0.0.1", 0)) as kept:
        hand_over(kept, count="2")
        with pytest.raises(SettingsError, match="LISTEN_FDS is 2"):
            at_handed_over(Settings())


@pytest.mark.parametrize(
    ("family", "kind"),
    [(socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_UNIX, socket.SOCK_STREAM)],
)
def test_what_does_not_listen_is_refused(hand_over, family, kind):
    with socket.socket(family, kind) as kept:
        hand_over(kept)
        with pytest.raises(SettingsError, match="none of TCP that listens"):
            at_handed_over(Settings())


def test_what_is_no_socket_is_refused(hand_over, tmp_path):
    with (tmp_path / "file").open("w") as file:
        hand_over(file)
        with pytest.raises(SettingsError, match="was not handed over"):
            at_handed_over(Settings())


@pytest.mark.parametrize(
    ("host", "start", "end"),
    [("127.0.0.1", "http://127.0.0.1:", "/"), ("0.0.0.0", "http://localhost:", "/")],  # noqa: S104
)
def test_the_address_is_one_a_browser_can_open(host, start, end):
    with socket.create_server((host, 0)) as listening:
        number = listening.getsockname()[1]
        assert url_of(listening) == f"{start}{number}{end}"
