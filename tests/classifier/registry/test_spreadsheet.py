"""A registry that a spreadsheet program opened and saved is refused, or the same: never damaged without a word."""

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parents[3] / "data" / "registry.csv"
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(
    OFFICE is None and os.environ.get("DOUBLECHECK_TEST_SPREADSHEET") != "required",
    reason="LibreOffice is not installed (libreoffice-calc-nogui)",
)
JANE = ProtectedAccount(platform="x", handle="NorthwindJane", account_id="12", display_name="Jane Roe", followers=9)


def opened_and_saved(path: Path, through: str) -> Path:
    """Convert a CSV file into a spreadsheet and that into a CSV file, as a person does who opens and saves it."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    saved = path.parent / "saved"
    for source, kind, target in ((path, through, path.parent), (path.with_suffix(f".{through}"), "csv", saved)):
        command = [OFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(target), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return saved / path.name


@pytest.mark.parametrize("through", ["ods", "xlsx"])
def test_the_samples_come_back_as_they_were(tmp_path: Path, through: str) -> None:
    registry, _ = Registry.load(SAMPLES, NOW)
    registry.save(tmp_path / "registry.csv")
    found, report = Registry.load(opened_and_saved(tmp_path / "registry.csv", through), NOW)
    assert not report.rejected
    assert found == registry


def test_long_ids_come_back_refused_and_everything_else_as_it_was(tmp_path: Path) -> None:
    exact = [
        replace(JANE, handle="007", account_id="13", display_name="=1+1", bio="3.10"),
        replace(JANE, handle="1e5", account_id="14", display_name="+Jane", bio="-1", secondary_handles=("1e6",)),
        replace(JANE, handle="MAR1", account_id="15", display_name="1/2", aliases=("3.10",), roles=("@home",)),
        replace(JANE, handle="TRUE", account_id="16", display_name="90s", former_handles=("0815", "1e9")),
        replace(JANE, platform="forum", handle="0099", account_id="a-1", secondary_ids=("22345678",)),
        replace(JANE, handle="two", account_id="18", secondary_ids=("2294030472427835393",)),
        replace(JANE, platform="bluesky", handle="1e5.example", account_id="did:plc:abcdefghijklmnopqrstuvwx"),
        replace(JANE, platform="mastodon", handle="1@social.example", account_id="17"),
    ]
    rounded = [
        replace(JANE, handle="one", account_id="1294030472427835393"),
        replace(JANE, platform="mastodon", handle="three@social.example", account_id="109348812345678901"),
    ]
    path = tmp_path / "registry.csv"
    Registry([*exact, *rounded]).save(path)
    assert list(Registry.load(path, NOW)[0]) == list(Registry([*exact, *rounded]))
    found, report = Registry.load(opened_and_saved(path, "ods"), NOW)
    assert report.rejected == {"identity_unusable": len(rounded)}
    assert list(found) == list(Registry(exact))
