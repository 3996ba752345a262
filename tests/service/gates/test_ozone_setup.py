"""Setting up the gate of Ozone: what is missing is said in sentences, the protection is installed and watched."""

import json
import logging

import pytest
from click.testing import CliRunner

from classifier.registry.registry import Registry
from classifier.workbench import Workbench
from service.cli.gate import gate_group
from service.errors import SettingsError
from service.gates.book import Book
from service.gates.case import Case
from service.gates.outcomes import Outcome
from service.gates.ozone import Ozone, Settings, protection
from service.gates.ozone.wire import Wire
from service.gates.settings import load
from tests.service.gates.fakes.ozone import (
    ADMIN,
    GATE_DID,
    IDENTIFIER,
    MODERATOR,
    OZONE_DID,
    PASSWORD,
    SETTING,
    FakeOzone,
)
from tests.service.gates.ozone_rig import DID, PROFILE, settings

BOTH = {tag: {"moderators": [GATE_DID]} for tag in ("report:misleading-impersonation", "doublecheck-hold")}


@pytest.fixture
def fake():
    with FakeOzone() as started:
        started.add_account(DID, **PROFILE)
        yield started


@pytest.fixture
def gate(fake, tmp_path):
    """Return the platform of a gate, and its book."""
    wire, book = Wire(settings(fake)), Book(tmp_path / "state", "ozone")
    yield Ozone(settings(fake), wire), book
    wire.close()
    book.close()


@pytest.fixture
def command(fake, tmp_path, monkeypatch):
    """Return a caller of ``doublecheck gate ozone`` with the settings in the environment."""
    for name, value in {
        "URL": "http://127.0.0.1:9", "KEY": "dck_x", "GATE_STATE": str(tmp_path / "state"), "GATE_OZONE_PDS": fake.url,
        "GATE_OZONE_DID": OZONE_DID, "GATE_OZONE_IDENTIFIER": IDENTIFIER, "GATE_OZONE_PASSWORD": PASSWORD,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"DOUBLECHECK_{name}", value)

    monkeypatch.setattr("service.gates.ozone.ozone.at_service", lambda _: iter(()))
    before = logging.getLogger().handlers[:]
    yield lambda *options: CliRunner().invoke(gate_group, ["ozone", *map(str, options)])
    logging.getLogger().handlers[:] = before


def set_tags(fake, value):
    fake.settings[SETTING] = {"key": SETTING, "scope": "instance", "value": value}


def test_the_protection_is_installed_at_the_start_beside_what_others_have_in_it(fake, gate):
    set_tags(fake, {"vip": {"roles": ["tools.ozone.team.defs#roleAdmin"]}})
    ozone, book = gate
    ozone.poll(book)
    found = fake.settings[SETTING]
    assert found["value"] == BOTH | {"vip": {"roles": ["tools.ozone.team.defs#roleAdmin"]}}
    assert found["managerRole"] == "tools.ozone.team.defs#roleAdmin"
    assert not list(protection.missing(ozone._wire))


def test_it_is_looked_at_every_hour_and_put_back(fake, gate, monkeypatch):
    ozone, book = gate
    ozone.poll(book)
    fake.settings.clear()
    ozone.poll(book)
    assert not fake.settings
    monkeypatch.setattr(book, "_clock", lambda: fake.clock() + 3601)
    ozone.poll(book)
    assert fake.settings[SETTING]["value"] == BOTH


def test_where_it_cannot_be_installed_the_log_says_so_and_the_gate_goes_on(fake, gate, caplog):
    fake.settable = False
    fake.report(DID)
    ozone, book = gate
    ozone.poll(book)
    assert "an admin has to" in caplog.text
    assert len(book.open()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda fake: fake.settings.clear(), "is missing"),
        (lambda fake: set_tags(fake, BOTH | {"doublecheck-hold": {"roles": ["x"]}}), "moderator of doublecheck-hold:"),
        (lambda fake: set_tags(fake, BOTH | {"doublecheck-hold": {"moderators": [GATE_DID, ADMIN]}}), "names others"),
        (lambda fake: fake.roles.update({GATE_DID: "tools.ozone.team.defs#roleTriage"}), "role moderator"),
        (lambda fake: fake.roles.pop(GATE_DID), "role moderator"),
        (lambda fake: setattr(fake, "skew", 90.0), "clocks"),
        (lambda fake: fake.misbehave("*", "500"), "cannot be asked"),
    ],
)
def test_what_is_missing_is_said_by_the_command_with_status_1(fake, command, change, said):
    set_tags(fake, BOTH)
    fake.page = 10
    change(fake)
    answer = command("--check")
    assert (answer.exit_code, answer.output.count("\n")) == (1, 1)
    assert said in answer.output


def test_what_is_missing_at_the_service_is_said_too(fake):
    set_tags(fake, BOTH)
    nowhere = settings(fake, url="http://127.0.0.1:9")
    wire = Wire(nowhere)
    assert [sentence[:27] for sentence in Ozone(nowhere, wire).missing()] == ["Doublecheck cannot be asked"]
    wire.close()


def test_nothing_is_missing(fake, command):
    set_tags(fake, BOTH)
    answer = command("--check")
    assert (answer.exit_code, answer.output) == (0, "Nothing is missing.\n")


def test_what_waits_failed_and_was_appealed_is_visible(command, tmp_path):
    book = Book(tmp_path / "state", "ozone")
    book.take_on(Case("a", DID, "suspend"))
    book.take_on(Case("b", DID, "suspend", state="raised", why="It was taken down."))
    book.outcomes.add(Outcome("e", DID, "overturned", "Private words.", MODERATOR, "check-1"))
    answer = command("--waiting")  # while the gate runs
    book.close()
    assert "case 1: new" in answer.output
    assert "case 2: raised. It was taken down." in answer.output
    assert "outcome 1: waits" in answer.output
    assert "did:" not in answer.output
    assert "Private" not in answer.output


def test_verified_accounts_become_a_registry(fake, command, tmp_path):
    gone = "did:plc:goneaaaaaaaaaaaaaaaaaaaa"
    fake.verifications = [
        {"uri": "at://x/1", "subject": DID, "handle": "old.example", "displayName": "Old", "createdAt": "2025-01-01"},
        {
            "uri": "at://x/2",
            "subject": DID,
            "handle": "jane.example",
            "displayName": "Jane Roe",
            "createdAt": "2026-01",
        },
        {
            "uri": "at://x/3",
            "subject": gone,
            "handle": "gone.example",
            "displayName": "Gone",
            "createdAt": "2026-01-01",
        },
        {
            "uri": "at://x/4",
            "subject": MODERATOR,
            "handle": "no.example",
            "createdAt": "2026-01-01",
            "revokedAt": "now",
        },
    ]
    path = tmp_path / "verified.jsonl"
    answer = command("--verifications", path)
    assert answer.exit_code == 0, answer.output
    assert [json.loads(line)["handle"] for line in path.read_text().splitlines()] == ["jane.example", "gone.example"]
    registry = Workbench(tmp_path / "home").import_registry(path, progress=None)
    assert isinstance(registry, Registry)
    assert {one.followers for one in registry} == {12, None}


def test_a_file_of_verified_accounts_stays_where_the_platform_does_not_answer(fake, command, tmp_path):
    path = tmp_path / "verified.jsonl"
    path.write_text("before")
    fake.misbehave("tools.ozone.verification.listVerifications", "500")
    answer = command("--verifications", path)
    assert answer.exit_code == 1
    assert path.read_text() == "before"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gate_ozone_pds", "http://pds.example"),
        ("gate_ozone_did", "ozone.example"),
        ("gate_ozone_did", f"{OZONE_DID}#atproto_labeler"),
        ("gate_ozone_identifier", "two words"),
        ("gate_ozone_password", ""),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_value(fake, name, value):
    given = settings(fake).model_dump() | {name: value}
    with pytest.raises(SettingsError) as raised:
        load(Settings, **given)
    assert f"DOUBLECHECK_{name.upper()}" in str(raised.value)
    assert not value or value not in str(raised.value)


def test_the_password_is_in_no_representation(fake):
    assert PASSWORD not in repr(settings(fake))
