"""What is exported of the processes; with several, those that died do not count."""

import os
import subprocess
import sys

from prometheus_client import CollectorRegistry, generate_latest

from service.utils.process_metrics import ProcessMetrics, package_version

# A worker that ends with two requests under way; then another is asked, before and after the first is forgotten.
_WORKERS = """
import os
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from service.utils.process_metrics import ProcessMetrics, forget_process

def exported():
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return [line for line in generate_latest(registry).decode().splitlines()
            if line.startswith(("doublecheck_requests_under_way ", "doublecheck_worker_starts_total "))]

child = os.fork()
if child == 0:
    metrics = ProcessMetrics(CollectorRegistry())
    metrics.starts.inc()
    metrics.under_way.inc(2)
    os._exit(0)
os.waitpid(child, 0)
metrics = ProcessMetrics(CollectorRegistry())
metrics.starts.inc()
metrics.under_way.inc(1)
print(*exported(), sep="; ")
forget_process(child)
print(*exported(), sep="; ")
"""


def test_what_waits_is_said_by_queue():
    registry = CollectorRegistry()
    ProcessMetrics(registry).waits("commit", 0.25, 3)
    text = generate_latest(registry).decode()
    assert 'doublecheck_queue_waiting{queue="commit"} 3.0' in text
    assert 'doublecheck_queue_seconds_sum{queue="commit"} 0.25' in text
    assert 'doublecheck_queue_seconds_count{queue="scoring"} 0.0' in text
    assert f'version="{package_version()}"' in text


def test_what_a_worker_had_under_way_ends_with_it_and_its_start_stays(tmp_path):
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-W", "error", "-c", _WORKERS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    before, after = done.stdout.splitlines()
    assert "under_way 3.0" in before
    assert "under_way 1.0" in after
    assert "starts_total 2.0" in before
    assert "starts_total 2.0" in after
