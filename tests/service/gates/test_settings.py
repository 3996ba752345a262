"""Settings of gates: what is missing or unsafe stops the start, and the message names the variable and no value."""

import pytest

from service.errors import SettingsError
from service.gates.settings import GateSettings, load

GIVEN = {"URL": "http://127.0.0.1:8000", "KEY": "dck_s3cret", "GATE_STATE": "/var/lib/gate"}


@pytest.fixture
def environment(monkeypatch):
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"DOUBLECHECK_{name}", value)
    return monkeypatch


def test_the_defaults_never_act(environment):
    settings = load(GateSettings)
    assert (settings.gate_acts, settings.gate_actor, settings.listen()) == ("off", None, ("127.0.0.1", 8010))


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_missing_is_named(environment, name):
    environment.delenv(f"DOUBLECHECK_{name}")
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_{name}: is required"):
        load(GateSettings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "http://doublecheck.example"),
        ("URL", "ftp://doublecheck.example"),
        ("URL", "doublecheck"),
        ("URL", "http://[::1"),
        ("GATE_ACTS", "always"),
        ("GATE_POLL", "0"),
        ("GATE_LISTEN", "8010"),
        ("GATE_ACTOR", "x" * 201),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(environment, name, value):
    environment.setenv(f"DOUBLECHECK_{name}", value)
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_{name}: ") as caught:
        load(GateSettings)
    assert "s3cret" not in str(caught.value)
    assert len(value) < 4 or value not in str(caught.value)


def test_the_key_is_not_shown(environment):
    assert "s3cret" not in repr(load(GateSettings))


@pytest.mark.parametrize("value", ["[::1]:9000", "0.0.0.0:9000"])
def test_where_it_listens(environment, value):
    environment.setenv("DOUBLECHECK_GATE_LISTEN", value)
    assert load(GateSettings).listen() == (value.rpartition(":")[0].strip("[]"), 9000)
