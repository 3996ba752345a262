import json
import logging
import os
import socket
import sys
import time
from pathlib import Path

import pytest
import uvicorn

from service.server import run as server
from service.settings import Settings, load_settings


def test_serving_prints_the_address_and_hands_over_the_app(make_client, monkeypatch, capsys, tmp_path):
    runs = []

    def run(self, sockets):
        assert sockets[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        runs.append((self.config, sockets[0].getsockname()))
        sockets[0].close()

    monkeypatch.setattr(uvicorn.Server, "run", run)
    monkeypatch.setattr(server, "configure_logging", lambda _: None)
    monkeypatch.setattr(sys, "setswitchinterval", lambda _: None)
    monkeypatch.setattr(server, "spare_what_stays", lambda: runs.append("spared"))
    server.serve(make_client().check_service, Settings(home=tmp_path, port=0, shutdown_seconds=7))
    [spared, (config, (host, port))] = runs
    assert spared == "spared"
    assert f"http://{host}:{port}/" in capsys.readouterr().out
    assert not config.access_log
    assert not config.server_header
    assert config.timeout_graceful_shutdown == 7
    assert config.timeout_worker_healthcheck >= 60  # importing takes longer than uvicorn's 5 s on a busy machine


def test_settings_are_handed_down_to_workers(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"]})
    monkeypatch.chdir(tmp_path)
    given = load_settings(home=Path("here"), port=81, database_url="sqlite:///a.db")
    server._hand_down(given)
    found = load_settings()
    assert (found.home, found.port, found.database()) == (tmp_path / "here", 81, "sqlite:///a.db")


@pytest.mark.parametrize(("level", "uvicorn_level"), [("info", logging.WARNING), ("debug", logging.DEBUG)])
def test_log_levels(monkeypatch, level, uvicorn_level):
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    before = logging.getLogger("uvicorn").level
    server.configure_logging(Settings(log_level=level))
    assert logging.getLogger("uvicorn").level == uvicorn_level
    logging.getLogger("uvicorn").setLevel(before)


def test_json_logs_hold_the_request_id_in_a_field_of_its_own():
    record = logging.makeLogRecord({"msg": "GET / 200", "request_id": "r-1", "status": 200})
    line = json.loads(server._formatter("json").format(record))
    assert (line["message"], line["request_id"], line["status"]) == ("GET / 200", "r-1", 200)
    assert "r-1" not in server._formatter("text").format(record)


@pytest.mark.parametrize("kind", ["json", "text"])
def test_lines_have_the_time_in_utc_and_the_process(monkeypatch, kind):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    record = logging.makeLogRecord({"msg": "GET / 200", "created": 1_777_636_800.25, "process": 4711})
    line = server._formatter(kind).format(record)
    monkeypatch.undo()
    time.tzset()
    assert "2026-05-01T12:00:00.250Z" in line
    assert "4711" in line
