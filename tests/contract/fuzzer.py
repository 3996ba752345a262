"""Schemathesis over a running service: all of its phases, every check that it has, and one of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.contract.service import Running
from tests.contract.states import EVERYBODY

ROOT = Path(__file__).parents[2]
# Names the service, its keys, the seed, and whether walks are made, as JSON: what ``hooks`` reads.
TARGET = "DOUBLECHECK_CONTRACT"
# Examples, coverage and fuzzing of each operation alone; walks from one operation to what its answer leads to.
ALONE, FUZZING, WALKS = "examples,coverage,fuzzing", "fuzzing", "stateful"
# Replaced by ``documented_form_is_taken``: an account of the documented form may still be none.
LEFT_OUT = "positive_data_acceptance"
# In walks the document is changed (``hooks``), so that what it forbids is not what the service does.
LEFT_OUT_OF_WALKS = f"{LEFT_OUT},negative_data_rejection"


class Found(NamedTuple):
    """What a run came to."""

    cases: int
    operations: int
    failed: bool
    report: str


def fuzz(service: Running, directory: Path, *, seed: int, examples: int, phases: str = ALONE) -> Found:
    """Run Schemathesis once.

    Parameters
    ----------
    directory : Path
        Where its report is written, for a moment.
    examples : int
        How many cases it draws of each operation, besides those that it makes of the document systematically.
    phases : str
        ``ALONE``, ``FUZZING`` or ``WALKS``.
    """
    walks = phases == WALKS
    target = {"url": service.url, "keys": dict(service.keys), "seed": seed, "walks": walks}
    written = directory / "contract.json"
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run",
        f"{service.url}/openapi.json", "--header", f"Authorization: Bearer {service.keys[EVERYBODY]}",
        "--seed", str(seed), "--max-examples", str(examples), "--phases", phases,
        "--exclude-checks", LEFT_OUT_OF_WALKS if walks else LEFT_OUT,
        "--continue-on-failure", "--suppress-health-check", "all", "--generation-database", "none",
        "--request-timeout", "60", "--no-color", "--warnings", "off",
        "--report", "json", "--report-json-path", str(written),
    ]  # fmt: skip
    environment = os.environ | {TARGET: json.dumps(target), "SCHEMATHESIS_HOOKS": "tests.contract.hooks"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, check=False)
    report = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
    written.unlink(missing_ok=True)
    if not report.get("operations"):  # it did not get as far as to begin
        return Found(0, 0, failed=True, report=ran.stdout + ran.stderr)
    failed = ran.returncode != 0 or bool(service.failures)
    return Found(
        cases=report["test_cases"]["generated"],
        operations=report["operations"]["tested"],
        failed=failed,
        report="\n".join([ran.stdout, ran.stderr, *service.failures]) if failed else "",
    )
