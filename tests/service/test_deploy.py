"""The files to deploy by say what the code does: settings, limits, and the names of metrics."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from service.settings import PREFIX, Settings
from service.utils.desk_metrics import DeskFigures
from service.utils.metrics import Metrics

DEPLOY = Path(__file__).parents[2] / "service" / "deploy"
UNIT, SOCKET = ((DEPLOY / f"doublecheck.{kind}").read_text() for kind in ("service", "socket"))
NGINX, CONTAINER = ((DEPLOY / name).read_text() for name in ("nginx.conf", "Containerfile"))
ALERTS = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]
BOARD = json.loads((DEPLOY / "dashboard.json").read_text())
EXPRESSIONS = [rule["expr"] for rule in ALERTS] + [
    target["expr"] for panel in BOARD["panels"] for target in panel["targets"]
]
LAST_RUN = {
    "tiers": {"standard": {"highest": 1.0}}, "stability_index": 0.1, "outside_share": 0.0, "decisions": 7, "at": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def exported():
    """What the service exports once everything has happened: names, and the labels of each."""
    desk = DeskFigures(1, 0, 60.0, 0, 0, {"ozone": (1.0, 2)})
    metrics = Metrics(lambda: {"upheld": 1}, lambda: {"standard": True}, lambda: LAST_RUN, lambda: desk)
    metrics.requests.labels("/", "GET", 200).inc()
    metrics.seconds.labels("/").observe(0.1)
    found = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? ", metrics.exposition().decode(), flags=re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_rules_and_panels_ask_for_what_is_exported(exported, expression):
    names = re.findall(r"doublecheck_\w+", expression.replace('job="doublecheck"', ""))
    assert set(names) <= exported.keys()
    labels = re.findall(r'(\w+)=~?"', expression) + re.findall(r"by \(([\w, ]+)\)", expression)
    asked = {label for one in labels for label in re.split(r", ?", one)}
    assert asked <= {"job"}.union(*(exported[name] for name in names))


def test_what_a_summary_names_is_a_label_that_is_left():
    for rule in ALERTS:
        kept = re.findall(r"by \(([\w, ]+)\)", rule["expr"])
        for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
            assert not kept or label in re.split(r", ?", kept[0])


def test_every_alert_of_the_service_s_page_is_a_rule():
    page = (DEPLOY.parent / "README.md").read_text()
    expressions = {rule["expr"] for rule in ALERTS}
    for expression in re.findall(r"`((?:time\(\) - )?doublecheck_\w+ [=>]+ \d+)`", page):
        assert expression in expressions


def test_counters_are_there_from_the_start():
    """What appears at 1 has not risen, to whoever watches."""
    silent = Metrics(dict, dict, lambda: None, lambda: DeskFigures(0, 0, 0.0, 0, 0, {}))
    text = silent.exposition().decode()
    assert 'doublecheck_checks_total{relation="impersonation",verdict="cleared"} 0.0' in text
    assert 'doublecheck_clearances_total{event="redeemed"} 0.0' in text
    assert 'doublecheck_approvals_total{answer="decline"} 0.0' in text


def test_the_unit_stops_later_than_the_service_and_all_of_it():
    assert int(re.search(r"TimeoutStopSec=(\d+)", UNIT)[1]) > Settings().shutdown_seconds
    assert "KillMode=control-group" in UNIT
    assert "User=doublecheck" in UNIT


def test_proxy_container_and_socket_lead_to_the_same_port():
    settings = Settings()
    assert f"ListenStream={settings.host}:{settings.port}" in SOCKET
    assert f"server {settings.host}:{settings.port};" in NGINX
    assert f"EXPOSE {settings.port}" in CONTAINER


def test_the_proxy_takes_what_the_service_takes():
    assert int(re.search(r"client_max_body_size (\d+)m", NGINX)[1]) * 2**20 > Settings().max_upload_bytes
    assert f"proxy_read_timeout {Settings().upload_seconds:.0f}s" in NGINX
    for header in ("Host $host", "X-Forwarded-Proto $scheme", "X-Forwarded-For $remote_addr"):
        assert f"proxy_set_header {header};" in NGINX


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_settings_that_are_named_exist(path):
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    named = set(re.findall(r"\bDOUBLECHECK_[A-Z_]+[A-Z]\b", path.read_text()))
    assert named <= known


def test_systemd_takes_the_unit(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for name in ("doublecheck.service", "doublecheck.socket"):
        text = (DEPLOY / name).read_text().replace("/opt/doublecheck/bin/doublecheck", shutil.which("true"))
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "doublecheck.service"],  # noqa: S607
        capture_output=True, text=True, check=False, env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "doublecheck" not in done.stderr, "no directive that systemd does not know"
