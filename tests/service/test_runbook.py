"""The runbook of keys and restores, followed to the letter: the lines that stand there, on each kind of database."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from service.cli import main
from service.errors import RecordsError, SettingsError
from service.server.bootstrap import open_check_service
from service.settings import load_settings
from tests.service.conftest import TARGET
from tests.service.databases import KINDS, new_database, pgserver

RUNBOOK = (Path(__file__).parents[2] / "service" / "deploy" / "keys-and-restores.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", RUNBOOK, flags=re.MULTILINE | re.DOTALL))


def lines_of(title, kind):
    """Return the lines of a case, those of the other kind of database left out."""
    blocks = re.findall(r"```sh\n(.*?)```", SECTIONS[title], flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    ours = [line for line in lines if not line.startswith("pg_")]
    if kind == "sqlite":
        return ours
    [*others, place] = [at for at, line in enumerate(ours) if "doublecheck.db" in line] or [None]
    if place is not None:
        [ours[place]] = [line for line in lines if line.startswith("pg_")]
    return [line for at, line in enumerate(ours) if at not in others]


class Operator:
    """Somebody who reads the runbook, on a home and a database of their own."""

    def __init__(self, kind, home, backup):
        self.kind, self.home, self.backup = kind, home, backup

    def follow(self, title, **words):
        """Run the lines of a case and return what each printed; all must succeed."""
        return [self.run(self._filled(line, words)) for line in lines_of(title, self.kind)]

    def _filled(self, line, words):
        for word, value in words.items():
            line = re.sub(rf"\b{word}\b", value, line)
        return os.path.expandvars(line)

    def run(self, line):
        if not line.startswith("doublecheck "):
            done = subprocess.run(["bash", "-ec", line], capture_output=True, text=True, check=False)  # noqa: S607
            assert done.returncode == 0, (line, done.stderr)
            return done.stdout
        command, _, file = line.partition(" > ")
        result = CliRunner().invoke(main, shlex.split(command)[1:])
        assert result.exit_code == 0, (line, result.output)
        if file:
            Path(file).write_text(result.stdout)
        return result.stdout

    def start(self):
        """Start the service and stop it again."""
        open_check_service(load_settings()).close()

    def api_key(self, name):
        """Make an API key and return its id."""
        made = self.run(f"doublecheck keys create --role agent --actor {name}")
        return made.splitlines()[-1].split("_")[1]

    def in_force(self):
        return {line.split()[0] for line in self.run("doublecheck keys list").splitlines() if "in force" in line}

    def signing(self):
        """Return the id of the key that signs."""
        return next(
            line.split()[0] for line in self.run("doublecheck keys signing").splitlines() if "signs here" in line
        )

    def verify(self):
        assert "are right" in self.run("doublecheck audit verify")


@pytest.fixture(params=KINDS)
def operator(request, tmp_path, home, monkeypatch):
    where, backup = tmp_path / "var", tmp_path / "backups"
    backup.mkdir()
    for name in ("models", "keys"):
        shutil.copytree(home / name, where / name)
    registry_store(where).replace(Registry([TARGET]))
    monkeypatch.setenv("DOUBLECHECK_HOME", str(where))
    monkeypatch.setenv("BACKUP", str(backup))
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgresql"))
        monkeypatch.setenv("DOUBLECHECK_DATABASE_URL", url)
        monkeypatch.setenv("DATABASE", url)
        binaries = max(Path(pgserver().__file__).parent.glob("pginstall*/bin"))  # the newest dumps any server
        monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")
    elif not shutil.which("sqlite3"):
        pytest.skip("the command sqlite3 is not installed")
    operator = Operator(request.param, where, backup)
    operator.api_key("before-1")
    operator.start()
    return operator


def lose_database(operator):
    """Nothing of it is left: what comes back is the backup."""
    if operator.kind == "sqlite":
        for path in operator.home.glob("doublecheck.db*"):
            path.unlink()


def lose_home(operator):
    database = operator.home / "doublecheck.db"
    kept = {path.name: path.read_bytes() for path in operator.home.glob(f"{database.name}*")}
    shutil.rmtree(operator.home)
    operator.home.mkdir()
    for name, content in kept.items():
        (operator.home / name).write_bytes(content)


def test_the_key_is_changed(operator):
    before = operator.signing()
    operator.follow("Change the signing key")
    assert operator.signing() != before
    operator.start()
    operator.verify()


def test_a_key_that_leaked_is_retired(operator):
    operator.follow("Back up")
    old = operator.signing()
    listed = operator.follow("A signing key leaked", OLD_KEY=old)[0]
    assert old in listed
    assert operator.signing() != old
    assert f"{old}  not accepted, retired by entry" in operator.run("doublecheck keys signing")
    operator.start()


def test_the_database_is_restored(operator):
    operator.follow("Back up")
    kept, revoked = operator.api_key("kept"), None
    operator.follow("Back up")
    revoked = operator.api_key("revoked")
    operator.follow("Back up")
    operator.run(f"doublecheck keys revoke {revoked}")
    lose_database(operator)
    restoring = lines_of("The database is lost", operator.kind)
    first_of_ours = next(at for at, line in enumerate(restoring) if line.startswith("doublecheck"))
    for line in restoring[:first_of_ours]:
        operator.run(os.path.expandvars(line))
    assert revoked in operator.in_force(), "it is back"
    with pytest.raises(RecordsError, match="set back"):
        operator.start()
    operator.follow("The database is lost", KEY_ID=kept)
    assert operator.in_force() == {kept}
    operator.start()


def test_a_retirement_that_the_backup_does_not_have_is_made_again(operator):
    kept = operator.api_key("kept")
    operator.follow("Back up")
    old = operator.signing()
    operator.follow("A signing key leaked", OLD_KEY=old)
    lose_database(operator)
    lines = lines_of("The database is lost", operator.kind)
    for line in lines[:-1]:  # the last one verifies; it finds that the retirement is missing
        operator.run(operator._filled(line, {"KEY_ID": kept}))
    operator.run(f'doublecheck keys retire {old} --because "again"')
    operator.run(os.path.expandvars(lines[-1]))
    operator.start()


def test_the_home_is_restored(operator):
    operator.follow("Back up")
    operator.api_key("later")
    lose_home(operator)
    operator.follow("The home is lost")
    operator.start()
    operator.verify()


def test_a_home_from_before_a_rotation_is_refused(operator):
    operator.follow("Back up")
    operator.follow("Change the signing key")
    operator.api_key("later")
    lose_home(operator)
    with pytest.raises(AssertionError, match="not trusted here"):
        operator.follow("The home is lost")
    with pytest.raises(SettingsError, match="not trusted here"):
        operator.start()


def test_the_private_key_is_lost(operator):
    operator.follow("Back up")
    old = operator.signing()
    operator.api_key("later")
    lose_home(operator)
    operator.follow("The private signing key is lost", OLD_KEY=old)
    assert operator.signing() != old
    operator.start()


def test_an_older_home_is_brought_up_to_date(operator):
    operator.follow("Back up")
    old = operator.signing()
    operator.follow("A signing key leaked", OLD_KEY=old)
    newer = {path.name: path.read_bytes() for path in trusted(operator)}
    lose_home(operator)
    operator.run(os.path.expandvars("tar -C $DOUBLECHECK_HOME -xf $BACKUP/home.tar"))
    for name, content in newer.items():
        (trusted(operator)[0].parent / name).write_bytes(content)
    with pytest.raises(SettingsError, match=f"retired the signing key {old}"):
        operator.start()
    with pytest.raises(AssertionError, match="keys rotate"):
        operator.api_key("later")
    operator.follow("An older home came back", OLD_KEY=old)
    operator.start()


def trusted(operator):
    return sorted((operator.home / "keys" / "clearances" / "trusted").iterdir())


def test_both_are_restored(operator):
    kept = operator.api_key("kept")
    operator.follow("Back up")
    operator.api_key("lost")
    lose_home(operator)
    lose_database(operator)
    operator.follow("Both are lost", KEY_ID=kept)
    assert operator.in_force() == {kept}
    operator.start()
