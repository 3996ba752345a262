"""Real files read without a rejected row. They stay outside the project; only counts may be asserted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.importers import ImportReport, detect_format, read_accounts
from classifier.importers.readers.source import read_rows
from classifier.registry.registry import Registry

DATA = Path(__file__).parents[4] / "shared" / "data"
NOW = datetime.now(UTC)

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real data is not at {DATA}")


@pytest.mark.parametrize(
    ("name", "format", "count"),
    [
        ("congress/x_v1_profiles.jsonl", "x-v1", 506),
        ("profiles/verified_2020_x_v1.jsonl", "x-v1", 378),
        ("profiles/ordinary_x_v2.jsonl", "x-v2", 524),
        ("pairs/lookalike_handles.csv", "doublecheck", 113),
        ("accounts/x_accounts.parquet", "doublecheck", 17_848),
    ],
)
def test_every_row_is_accepted(name: str, format: str, count: int) -> None:  # noqa: A002
    assert detect_format([row.values for row in read_rows(DATA / name) if row.values is not None]) == format
    report, dated = ImportReport(), 0
    for imported in read_accounts(DATA / name, now=NOW):
        report.add(imported)
        dated += imported.account is not None and imported.account.created_at is not None
    assert (report.rows, report.accepted, dated) == (count, count, count)


def test_the_registry_loads() -> None:
    registry, report = Registry.load(DATA / "registry" / "public_handles.csv", NOW)
    assert (report.rows, report.accepted, report.merged, len(registry)) == (27_784, 27_784, 0, 27_784)
