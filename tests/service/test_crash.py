"""A few rounds of ``python -m tests.crash``: what was acknowledged outlives kill -9 (R4), and nothing counts twice."""

from __future__ import annotations

import pytest

from tests import crash
from tests.service.databases import KINDS

ROUNDS = 5


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_acknowledged_outlives_a_crash_and_counts_once(kind, services, request):
    server = request.getfixturevalue("breakable_postgresql") if kind == "postgresql" else None
    counts, faults = crash.run(kind, ROUNDS, services, server)
    assert faults == []
    assert counts["rounds"] == counts["log verified"] == ROUNDS
    assert counts["decisions acknowledged"] > 0
    assert counts["redemptions acknowledged"] > 0
