"""Lines are written together, warnings at once, and none is lost at the end."""

import json
import logging
import time

import pytest
from pythonjsonlogger.json import JsonFormatter

from service.utils.logs import DELAY, Lines


@pytest.fixture
def log():
    logger, handler = logging.Logger("of the test"), Lines()
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    yield logger
    handler.close()


def test_a_warning_is_written_at_once_with_what_came_before(log, capsys):
    log.info("first")
    log.warning("second")
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == ["first", "second"]


def test_a_line_is_written_a_moment_later(log, capsys):
    log.info("alone")
    time.sleep(3 * DELAY)
    assert json.loads(capsys.readouterr().err)["message"] == "alone"


def test_what_waits_is_written_when_the_process_ends(log, capsys):
    log.info("last words")
    logging.shutdown([lambda: log.handlers[0]])
    assert "last words" in capsys.readouterr().err


@pytest.mark.parametrize("error", [OSError("no space left on device"), ValueError("I/O operation on closed file")])
def test_a_log_that_cannot_be_written_fails_nobody(log, monkeypatch, capsys, error):
    class Full:
        def write(self, _text):
            raise error

    with monkeypatch.context() as patched:
        patched.setattr("service.utils.logs.sys.stderr", Full())
        log.warning("lost")
    log.warning("kept")
    assert "kept" in capsys.readouterr().err
