import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from tests.classifier.cli.asking import SMALL, Run, failed, succeeded


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_a_registry_is_imported_listed_and_exported_unchanged(run: Run, tmp_path: Path, ending: str) -> None:
    SMALL.save(tmp_path / f"in{ending}")
    home = tmp_path / "home"
    succeeded(
        run("registry", "import", tmp_path / f"in{ending}", home=home), "40 protected accounts", SMALL.version[:12]
    )
    listed = run("registry", "list", home=home)
    succeeded(listed, "40 protected accounts", f"@{SMALL.accounts[0].handle}", "and 20 more")
    succeeded(run("registry", "export", "-o", tmp_path / f"out{ending}", home=home), "40 protected accounts")
    assert (tmp_path / f"out{ending}").read_bytes() == (tmp_path / f"in{ending}").read_bytes()


def test_registry_list_shows_as_many_as_asked_for(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    for limit, shown in ((1, 1), (40, 40), (999, 40)):
        result = run("registry", "list", "--limit", limit, "--registry", tmp_path / "r.csv")
        succeeded(result)
        assert result.stdout.count("@") == shown
        assert ("more" in result.stdout) == (limit < 40)
    failed(run("registry", "list", "--limit", 0, "--registry", tmp_path / "r.csv"), code=2)


def test_an_import_with_rejected_rows_changes_nothing_unless_told_to(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "good.csv")
    (tmp_path / "bad.csv").write_text("platform,handle\nx,Jane\n,Ada\n", encoding="utf-8")
    run("registry", "import", tmp_path / "good.csv", home=home)
    before = _kept(home)
    result = run("registry", "import", tmp_path / "bad.csv", home=home)
    failed(result, "nothing was imported", "--skip-rejected")
    assert "platform_missing: 1 (row 2)" in result.stdout
    assert _kept(home) == before
    arguments = ("registry", "import", tmp_path / "bad.csv", "--skip-rejected")
    failed(run(*arguments, home=home), "would be unprotected", "--allow-removals")
    assert _kept(home) == before
    succeeded(run(*arguments, "--allow-removals", home=home), "1 protected accounts")
    assert _kept(home) != before


def test_an_interrupted_import_keeps_the_registry_before(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "r.csv")
    run("registry", "import", tmp_path / "r.csv", home=home)
    before = _kept(home)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    result = run("registry", "import", tmp_path / "r.csv", home=home)
    assert result.exit_code == 130
    assert _kept(home) == before
    assert len(list((home / "registry").iterdir())) == 3


@pytest.mark.parametrize("command", [["list"], ["export", "-o", "out.csv"]])
def test_without_a_registry_there_is_nothing_to_show(run: Run, tmp_path: Path, command: list[str]) -> None:
    failed(run("registry", *command, home=tmp_path), "doublecheck registry import")


@pytest.mark.parametrize(
    ("content", "message"),
    [("", "r.csv"), ("colour\nred\n", "not one row can be used"), ("platform,handle\nx,Ada\nx,ada\n", None)],
)
def test_an_import_of_an_unusable_file_is_an_error(run: Run, tmp_path: Path, content: str, message: str | None) -> None:
    (tmp_path / "r.csv").write_text(content, encoding="utf-8")
    result = run("registry", "import", tmp_path / "r.csv", home=tmp_path / "home")
    if message is None:
        succeeded(result, "1 protected accounts", "merged")
    else:
        failed(result, message)
        assert not (tmp_path / "home").exists()


def test_an_export_of_an_unknown_ending_is_refused(run: Run, small_home: Path, tmp_path: Path) -> None:
    failed(run("registry", "export", "-o", tmp_path / "out.xlsx", home=small_home), "unknown ending")
    assert not list(tmp_path.glob("out*"))


def test_accounts_are_put_and_withdrawn(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "r.csv")
    run("registry", "import", tmp_path / "r.csv", home=home)
    (tmp_path / "more.csv").write_text("platform,handle,followers\nx,AdaBrask,5\n", encoding="utf-8")
    succeeded(run("registry", "put", tmp_path / "more.csv", home=home), "1 put", "41 protected accounts")
    succeeded(run("registry", "put", tmp_path / "more.csv", home=home), "41 protected accounts")
    result = run("registry", "withdraw", "adabrask", SMALL.accounts[0].handle, "--platform", "x", home=home)
    succeeded(result, "2 withdrawn", "39 protected accounts")
    failed(run("registry", "withdraw", "adabrask", "--platform", "x", home=home), "not registered")
    assert _kept(home)[1] == 39
    run("registry", "export", "-o", tmp_path / "out.csv", home=home)
    assert len(Registry.load(tmp_path / "out.csv", now=datetime.now(UTC))[0]) == 39


def _imports(run: Run, tmp_path: Path, *accounts: ProtectedAccount, more: tuple[str, ...] = ()) -> Result:
    Registry(accounts).save(tmp_path / "r.jsonl")
    return run("registry", "import", tmp_path / "r.jsonl", *more, home=tmp_path / "home")


ADA = ProtectedAccount(platform="x", handle="AdaBrask", account_id="200200", display_name="Ada Brask", tier="high")
BO = ProtectedAccount(platform="x", handle="QuimbyTerrane", account_id="200201", display_name="Quimby Terrane")


def test_an_import_says_first_what_it_withdraws_weakens_and_whom_it_resembles(run: Run, tmp_path: Path) -> None:
    first = _imports(run, tmp_path, ADA, BO)
    succeeded(first, "2 protected accounts")
    assert "withdrawn" not in first.stdout
    assert "resemble" not in _imports(run, tmp_path, ADA, BO).stdout
    like = replace(ADA, handle="AdaBrask_", account_id="200202", tier="standard")
    changed = _imports(run, tmp_path, replace(ADA, tier="standard"), BO, like)
    succeeded(changed, "1 replaced by what identifies or protects less: @AdaBrask (x) (tier)")
    succeeded(changed, "1 added that resemble protected accounts: @AdaBrask_ (x) (as @AdaBrask (x))")
    fewer = _imports(run, tmp_path, BO)
    failed(fewer, "nothing was imported: 2 accounts")
    assert "2 withdrawn: @AdaBrask (x), @AdaBrask_ (x)" in fewer.stdout
    succeeded(_imports(run, tmp_path, BO, more=("--yes",)), "1 protected accounts")


def test_on_a_terminal_a_withdrawal_is_asked_for(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _imports(run, tmp_path, ADA, BO)
    asked = []
    for said, accounts in ((False, 2), (True, 1)):
        with monkeypatch.context() as terminal:
            terminal.setattr("classifier.cli.registry._confirmed", lambda count, said=said: asked.append(count) or said)
            _imports(run, tmp_path, BO)
        assert _kept(tmp_path / "home")[1] == accounts
    assert asked == [1, 1]


def test_a_damaged_registry_is_replaced_by_a_new_import(run: Run, tmp_path: Path) -> None:
    """It names the import as its remedy, so the import must not need it."""
    _imports(run, tmp_path, ADA, BO)
    (base,) = (tmp_path / "home" / "registry").glob("*.arrow")
    base.write_bytes(base.read_bytes()[:-9])
    failed(run("registry", "list", home=tmp_path / "home"), "damaged", "import the registry again")
    succeeded(_imports(run, tmp_path, ADA, BO), "2 protected accounts")


def test_a_put_with_a_rejected_row_changes_nothing(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "home"
    SMALL.save(tmp_path / "r.csv")
    run("registry", "import", tmp_path / "r.csv", home=home)
    (tmp_path / "more.csv").write_text("platform,handle\nx,AdaBrask\n,Jane\n", encoding="utf-8")
    failed(run("registry", "put", tmp_path / "more.csv", home=home), "unprotected")
    assert _kept(home) == (SMALL.version, 40)


def test_without_a_registry_nothing_is_put_or_withdrawn(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    failed(run("registry", "put", tmp_path / "r.csv", home=tmp_path / "home"), "doublecheck registry import")
    failed(run("registry", "withdraw", "a", "--platform", "x", home=tmp_path / "home"), "doublecheck registry import")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("name", ["current.jsonl", "new.csv"])
def test_nothing_is_written_among_the_imported_registry_s_own_files(
    run: Run, small_home: Path, input_file: Path, name: str
) -> None:
    output = registry_store(small_home).directory / name
    failed(run("registry", "export", "-o", output, home=small_home), "another place")
    failed(run("score", input_file, "-o", output, home=small_home), "another place")
    assert not output.exists()


def _kept(home: Path) -> tuple[str, int]:
    registry = registry_store(home).open().index.registry
    return registry.version, len(registry)
