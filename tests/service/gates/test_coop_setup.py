"""Settings of the gate for Coop, and what it says is missing."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.errors import SettingsError
from service.gates import coop as module
from service.gates.settings import load
from tests.service.gates.coop_rig import coop, environment, gate
from tests.service.gates.fakes.coop import TOKEN
from tests.service.gates.fakes.loopback import Answer

__all__ = ["coop", "environment", "gate"]  # fixtures


def test_the_settings_are_read(environment):
    settings = load(module.Settings)
    assert settings.gate_coop_actions == {"a-suspend": "suspend", "a-delete": "delete"}
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACTIONS", "{"),
        ("ACTIONS", "{}"),
        ("ACTIONS", '["suspend"]'),
        ("ACTIONS", '{"a": "ban"}'),
        ("PROFILE_URL", "https://social.example/users"),
        ("PROFILE_URL", "http://social.example/users/{id}"),
        ("ACTION_URL", "https://{id}.example/"),
        ("ACTION_URL", "https://social.example/{id}/{id2}"),
        ("ACTION_URL", "https://u:p@social.example/{id}"),
        ("TOKEN", "two words"),
        ("FORMAT", "unknown"),
        ("URL", "http://coop.example"),
        ("KEY", "/nowhere/coop.pem"),
        ("API_KEY", "a-key-without-an-address"),
    ],
)
def test_a_bad_setting_stops_the_start(environment, name, value):
    environment.setenv(f"DOUBLECHECK_GATE_COOP_{name}", value)
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_GATE_COOP_{name}") as caught:
        load(module.Settings)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "key",
    [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP256R1())],  # noqa: S505 -- to be refused
)
def test_a_weak_key_stops_the_start(environment, tmp_path, key):
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "coop.pem").write_bytes(pem)
    with pytest.raises(SettingsError, match="at least 2048 bits"):
        load(module.Settings)


def test_what_is_missing_is_said(environment, coop):
    environment.setenv("DOUBLECHECK_GATE_COOP_TOKEN", "other")
    environment.setenv("DOUBLECHECK_GATE_COOP_URL", coop.url)
    environment.setenv("DOUBLECHECK_GATE_COOP_API_KEY", "other")
    environment.setenv("DOUBLECHECK_URL", "http://127.0.0.1:9")
    said = " ".join(module.platform(load(module.Settings)).missing())
    for part in ("DOUBLECHECK_GATE_COOP_TOKEN", "DOUBLECHECK_GATE_COOP_API_KEY", "DOUBLECHECK_URL"):
        assert part in said
    assert coop.reports == []


def test_a_clock_that_is_off_is_said(environment, coop):
    coop.faults["GET /users"] = [Answer(404, headers={"date": "Thu, 01 Jan 2026 00:00:00 GMT"})]
    assert any("clock" in said for said in module.platform(load(module.Settings)).missing())
