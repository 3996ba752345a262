import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.errors import FileFormatError, RegistryError
from classifier.importers import ImportReport
from classifier.registry.registry import Registry
from classifier.storage.home import load_registry, refuse_rejected, registry_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JANE = Registry([ProtectedAccount(platform="x", handle="JaneQuillon")])
ADA = Registry([ProtectedAccount(platform="x", handle="AdaBrask")])


def test_the_imported_registry_is_loaded(tmp_path: Path) -> None:
    registry_store(tmp_path).replace(JANE)
    assert load_registry(tmp_path, None, now=NOW) == JANE


def test_what_is_imported_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    home = tmp_path / "home"
    registry_store(home).replace(JANE)
    registry_store(home).change(ADA.accounts)
    os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o077 for path in (home, *home.rglob("*")) if path.name != "lock"}
    assert len(modes) == 5
    assert set(modes.values()) == {0}


def test_a_file_that_is_given_comes_before_the_imported_one(tmp_path: Path) -> None:
    registry_store(tmp_path).replace(JANE)
    ADA.save(tmp_path / "given.csv")
    assert load_registry(tmp_path, tmp_path / "given.csv", now=NOW) == ADA


def test_without_a_registry_the_message_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="doublecheck registry import"):
        load_registry(tmp_path, None, now=NOW)
    assert not list(tmp_path.iterdir())


def test_a_given_file_that_is_not_there_is_never_replaced_by_the_imported_one(tmp_path: Path) -> None:
    registry_store(tmp_path).replace(JANE)
    with pytest.raises(FileFormatError, match=r"absent\.csv"):
        load_registry(tmp_path, tmp_path / "absent.csv", now=NOW)


def test_a_registry_with_a_rejected_row_is_refused_because_that_account_would_be_unprotected(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text("platform,handle\nx,JaneQuillon\n,AdaBrask\n", encoding="utf-8")
    with pytest.raises(RegistryError, match=r"unprotected(.|\n)*platform_missing: 1 \(row 2\)"):
        load_registry(tmp_path, path, now=NOW)


def test_a_note_alone_refuses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text("platform,handle,followers\nx,JaneQuillon,many\n", encoding="utf-8")
    assert load_registry(tmp_path, path, now=NOW) == JANE
    refuse_rejected(ImportReport(rows=1, accepted=1))
