import subprocess
import sys

from classifier.utils import memory_limit
from classifier.utils.memory_limit import at_most

MEGABYTE = 1 << 20


# A process that has lived for long has memory to give that it need not ask for.
PROGRAM = """
import resource
from classifier.utils.memory_limit import at_most

MEGABYTE = 1 << 20
before = resource.getrlimit(resource.RLIMIT_DATA)
try:
    with at_most(64 * MEGABYTE):
        bytearray(512 * MEGABYTE)
except MemoryError:
    print("refused")
assert resource.getrlimit(resource.RLIMIT_DATA) == before
with at_most(512 * MEGABYTE):
    assert len(bytearray(64 * MEGABYTE)) == 64 * MEGABYTE
"""


def test_a_step_that_takes_more_fails_and_the_next_does_not():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "refused\n"), done.stderr


def test_where_the_system_does_not_tell_nothing_is_bounded(monkeypatch, tmp_path):
    monkeypatch.setattr(memory_limit, "_STATUS", tmp_path / "missing")
    with at_most(MEGABYTE):
        assert len(bytearray(64 * MEGABYTE)) == 64 * MEGABYTE
