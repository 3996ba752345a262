"""Settings of the gate for Mastodon, and what it says is missing."""

import json

import pytest

from service.errors import SettingsError
from service.gates.mastodon import Settings, platform
from service.gates.settings import load
from tests.service.gates.fakes.mastodon import DOMAIN, RULE, SECRET, TOKEN
from tests.service.gates.mastodon_rig import (
    make,
    poll,
    quick,
    reported,
    server,
    settings,
)

__all__ = ["make", "quick", "server"]  # fixtures


def missing(server, directory, **changes):
    found = platform(settings(server, directory, **changes))
    try:
        said = list(found.missing())
    finally:
        found.api.close()
    # No service runs here, and that is said first.
    assert "Doublecheck cannot be asked" in said[0]
    return said[1:]


def test_nothing_is_missing_once_a_delivery_has_come(make, server, tmp_path):
    [sentence] = missing(server, tmp_path / "gate")
    assert "webhook" in sentence
    gate = make()
    reported(gate)
    assert missing(server, tmp_path / "gate") == []


@pytest.mark.parametrize(("change", "said"), [
    ({"permissions": 1 << 4}, "manage_users"), ({"permissions": 1 << 10}, "manage_reports"),
    ({"scopes": {"admin:read:accounts", "read:accounts", "admin:write"}}, "admin:read:reports"),
    ({"scopes": {"admin:read:accounts", "read:accounts", "admin:read:reports"}}, "admin:write:accounts"),
    ({"scopes": set()}, "403"), ({"domain": "other.example"}, "_MASTODON_DOMAIN"), ({"rules": ["4"]}, "rule 3"),
    ({"headers": {"date": "Thu, 01 Jan 2026 00:00:00 GMT"}}, "seconds apart"),
])  # fmt: skip
def test_what_is_missing_is_said(server, tmp_path, change, said):
    server.rules = [RULE, "9"]
    for name, value in change.items():
        setattr(server, name, value)
    assert any(said in sentence for sentence in missing(server, tmp_path))


def test_a_wrong_token_or_address_is_said(server, tmp_path):
    assert "401" in missing(server, tmp_path, gate_mastodon_token="other")[0]  # noqa: S106
    assert "cannot be used" in missing(server, tmp_path, gate_mastodon_url="http://127.0.0.1:9")[0]


@pytest.mark.parametrize(("name", "value"), [
    ("URL", "http://social.example"), ("DOMAIN", "https://social.example"), ("RULES", " ,"), ("RULES", "a b"),
    ("SECRET", None), ("TOKEN", None), ("ACTION", "delete"),
])  # fmt: skip
def test_a_bad_setting_is_named_and_its_value_is_not(monkeypatch, tmp_path, name, value):
    good = {
        "DOUBLECHECK_URL": "https://doublecheck.example", "DOUBLECHECK_KEY": "dck_x",
        "DOUBLECHECK_GATE_STATE": str(tmp_path), "DOUBLECHECK_GATE_MASTODON_URL": "https://social.example",
        "DOUBLECHECK_GATE_MASTODON_TOKEN": TOKEN, "DOUBLECHECK_GATE_MASTODON_SECRET": SECRET,
        "DOUBLECHECK_GATE_MASTODON_DOMAIN": DOMAIN, "DOUBLECHECK_GATE_MASTODON_RULES": "3,7",
    }  # fmt: skip
    for variable, given in (good | {f"DOUBLECHECK_GATE_MASTODON_{name}": value}).items():
        monkeypatch.delenv(variable, raising=False) if given is None else monkeypatch.setenv(variable, given)
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_GATE_MASTODON_{name}") as raised:
        load(Settings)
    assert value is None or not value.strip(" ,") or value not in str(raised.value)


def test_what_was_raised_is_shown_and_settled_from_the_command_line(make, server, tmp_path, monkeypatch):
    from click.testing import CliRunner  # noqa: PLC0415

    from service.cli.gate import gate_group  # noqa: PLC0415

    gate = make()
    poll(gate)
    server.add("31")
    server.suspend("31")
    poll(gate)
    for name, value in settings(server, tmp_path / "gate").model_dump(exclude_none=True).items():
        monkeypatch.setenv(f"DOUBLECHECK_{name.upper()}", json.dumps(value) if isinstance(value, bool) else str(value))
    asked = CliRunner()
    assert "case 1: raised. An account" in asked.invoke(gate_group, ["mastodon", "--waiting"]).output
    assert "suspended-31-1" in asked.invoke(gate_group, ["mastodon", "--show", "1"]).output
    assert "closed" in asked.invoke(gate_group, ["mastodon", "--settle", "1"]).output
    assert asked.invoke(gate_group, ["mastodon", "--settle", "1"]).exit_code == 1
