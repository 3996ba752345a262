"""Several worker processes on one port and one database, as ``doublecheck serve --workers`` runs them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from tests.service.conftest import TARGET

PATIENCE = 120  # seconds; a busy machine takes long to import three times what it takes to serve


@pytest.fixture
def running(home: Path, tmp_path: Path):
    """The command itself with two workers over a registry of one: its address, a key, and the process."""
    for name in ("models", "keys"):
        (tmp_path / name).symlink_to(home / name)
    registry_store(tmp_path).replace(Registry([TARGET]))
    environment = os.environ | {"DOUBLECHECK_HOME": str(tmp_path), "DOUBLECHECK_LOG_LEVEL": "warning"}
    command = [sys.executable, "-c", "from service.cli import main; main()"]
    made = subprocess.run(
        [*command, "keys", "create", "--role", "agent", "--role", "admin", "--actor", "agent-17"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    serving = subprocess.Popen(
        [*command, "serve", "--port", "0", "--workers", "2"],
        env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    url = re.search(r"http://\S+", serving.stdout.readline())[0].rstrip("/")
    try:
        yield url, made.stdout.splitlines()[-1], serving
    finally:
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(PATIENCE) == 0, "it stops when it is told to"
        serving.stdout.close()


def until(found) -> None:
    """Wait until something is found."""
    for _ in range(PATIENCE * 5):
        if found():
            return
        time.sleep(0.2)
    raise TimeoutError


def alive(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def test_workers_share_the_records_and_follow_the_registry(running) -> None:
    url, key, _ = running
    until(lambda: alive(url))
    headers = {"X-API-Key": key}
    given = {"account": {"platform": "x", "handle": "AdaBrask"}, "action": "suspend", "actor": "agent-17"}

    def relations() -> set[str]:
        """What is answered over several connections, some to each worker."""
        answers = [httpx.post(f"{url}/v1/checks", json=given, headers=headers, timeout=30) for _ in range(8)]
        return {answer.json()["relation"] for answer in answers}

    assert "is_protected" not in relations()
    assert httpx.put(f"{url}/v1/protected/x/AdaBrask", json={}, headers=headers, timeout=30).status_code == 200
    until(lambda: relations() == {"is_protected"})
    found = httpx.get(f"{url}/v1/checks?limit=200", headers=headers, timeout=30).json()["checks"]
    assert len(found) % 8 == 0
    text = httpx.get(f"{url}/metrics", timeout=30).text
    counted = re.findall(r"^doublecheck_checks_total\{.*\} (\d+)", text, flags=re.MULTILINE)
    assert sum(map(int, counted)) == len(found), "whichever worker is asked answers for all"
