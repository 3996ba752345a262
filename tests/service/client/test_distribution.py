"""The client is installed alone: in an environment of its own, with its two dependencies and nothing else of ours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import venv
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import doublecheck_client
import pytest

from tests.service.client.wire import ACCOUNT, CHECK_ID, CLEARED, KEY, REDEEMED, TOKEN

CLIENT = Path(__file__).parents[3] / "service" / "client"
REQUIRED = os.environ.get("DOUBLECHECK_TEST_INDEX") == "required"
# What pip says where it cannot reach a package index.
UNREACHABLE = (
    "Could not find a version",
    "NewConnectionError",
    "Temporary failure in name resolution",
    "ConnectTimeout",
)
USE = f"""
import json, sys
from doublecheck_client import Doublecheck, RejectedError
with Doublecheck(sys.argv[1], {KEY!r}) as doublecheck:
    answer = doublecheck.check({ACCOUNT!r}, "suspend", "agent-17")
    done = doublecheck.redeem(answer.token, {ACCOUNT!r}, "suspend", actor="agent-17")
try:
    import service
except ImportError:
    print(json.dumps([answer.check_id, done.clearance_id, sorted({{name.split(".")[0] for name in sys.modules}})]))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has only the client, built from a copy of its source."""
    directory = tmp_path_factory.mktemp("client")
    source = directory / "source"
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    venv.create(directory / "venv", with_pip=True)
    found = directory / "venv" / "bin" / "python"
    done = _run(found, "-m", "pip", "install", "--quiet", "--no-input", str(source))
    if done.returncode and not REQUIRED and any(sign in done.stderr for sign in UNREACHABLE):
        pytest.skip("no package index can be reached from here")
    assert done.returncode == 0, done.stderr
    return found


def _run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python, "-I", *arguments], env=environment, cwd=python.parent, capture_output=True, text=True, check=False
    )


class _Service(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(REDEEMED if self.path.endswith("/redeem") else CLEARED).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_works_where_nothing_else_of_ours_is_installed(python: Path, address: str) -> None:
    done = _run(python, "-W", "error", "-c", USE, address)
    assert done.returncode == 0, done.stderr
    check_id, clearance_id, loaded = json.loads(done.stdout)
    assert (check_id, clearance_id) == (CHECK_ID, CLEARED["clearance"]["clearance_id"])  # type: ignore[index]
    assert "doublecheck_client" in loaded
    assert not {"service", "classifier", "fastapi", "pydantic", "sqlalchemy", "numpy", "pandas"} & set(loaded)
    assert TOKEN not in done.stdout


def test_it_brings_its_types_and_only_what_it_needs(python: Path) -> None:
    told = json.loads(_run(python, "-m", "pip", "list", "--format", "json").stdout)
    names = {one["name"].lower() for one in told}
    assert {"doublecheck-client", "httpx", "pyjwt", "cryptography"} <= names
    assert not {"doublecheck", "fastapi", "numpy", "pydantic"} & names
    where = "import doublecheck_client, pathlib; print(pathlib.Path(doublecheck_client.__file__).parent / 'py.typed')"
    assert Path(_run(python, "-c", where).stdout.strip()).is_file()


def test_its_readme_shows_what_the_package_says() -> None:
    readme = (CLIENT / "README.md").read_text(encoding="utf-8")
    said = (doublecheck_client.__doc__ or "").split("::\n\n")[1].split("\n\nRules")[0]
    for line in said.splitlines():
        assert line.strip() in readme
