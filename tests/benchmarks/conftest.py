"""Benchmarks are programs, not tests: pytest collects the test files beside them only."""

from pathlib import Path

collect_ignore = [path.name for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("test_")]
