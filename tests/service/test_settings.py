from datetime import timedelta
from pathlib import Path

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.registry.registry import Registry
from classifier.scoring.policy import Policy
from classifier.storage.registry_store import RegistryStore
from service.settings import PREFIX, Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name}".upper(), raising=False)


def test_defaults():
    settings = load_settings()
    assert (settings.host, settings.port, settings.registry) == ("127.0.0.1", 8000, None)
    assert settings.home == Path("~/.doublecheck").expanduser()
    assert settings.max_body_bytes == 262_144
    assert settings.policy() == Policy()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described(name):
    assert Settings.model_fields[name].description.endswith(".")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("host", "::1", "::1"),
        ("port", "0", 0),
        ("home", "/srv/doublecheck", Path("/srv/doublecheck")),
        ("registry", "/srv/registry.csv", Path("/srv/registry.csv")),
        ("max_body_bytes", "2048", 2048),
        ("high_impact_followers", "5000", 5000),
        ("access_margin_hours", "1.5", 1.5),
        ("log_level", "debug", "debug"),
    ],
)
def test_a_variable_sets_it(monkeypatch, name, text, value):
    monkeypatch.setenv(f"{PREFIX}{name}".upper(), text)
    assert getattr(load_settings(), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "tcp://10.0.0.1:80"),
        ("port", "65536"),
        ("max_body_bytes", "12"),
        ("high_impact_followers", "0"),
        ("access_margin_hours", "-1"),
        ("access_margin_hours", "nan"),
        ("log_level", "loud"),
        ("trusted_proxies", "*"),
        ("trusted_proxies", "10.0.0.1, proxy.example"),
        ("trusted_proxies", "10.0.0.1/8"),
        ("hosts", "https://doublecheck.example"),
        ("metrics", "closed"),
        ("demonstration", "perhaps"),
    ],
)
def test_an_invalid_value_fails_and_names_its_variable(monkeypatch, name, text):
    variable = f"{PREFIX}{name}".upper()
    monkeypatch.setenv(variable, text)
    with pytest.raises(SettingsError, match=f"^{variable}: "):
        load_settings()


def test_an_empty_variable_is_not_set(monkeypatch):
    monkeypatch.setenv("DOUBLECHECK_REGISTRY", "")
    assert load_settings().registry is None


def test_an_option_goes_before_its_variable(monkeypatch):
    monkeypatch.setenv("DOUBLECHECK_PORT", "8001")
    assert load_settings(port=8002, host=None).port == 8002


def test_other_numbers_are_another_policy_version():
    policy = Settings(high_impact_followers=5000, access_margin_hours=2).policy()
    assert (policy.high_impact_followers, policy.access_margin) == (5000, timedelta(hours=2))
    assert policy.version == f"{Policy().version}+followers=5000,margin=2h"


def test_a_registry_of_either_kind_ends_the_demonstration(tmp_path):
    assert load_settings(home=tmp_path).demo()
    assert not load_settings(home=tmp_path, registry=tmp_path / "registry.csv").demo()
    RegistryStore(tmp_path / "registry").replace(Registry([ProtectedAccount(platform="x", handle="jane")]))
    assert not load_settings(home=tmp_path).demo()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("territorial_scope", "EU,US"), ("territorial_scope", "Germany"), ("terms", "   "),
        ("terms_url", "platform.example/terms"), ("terms_url", "javascript:alert(1)"), ("keep_texts_days", "-1"),
    ],
)  # fmt: skip
def test_what_no_statement_could_say_stops_the_start(monkeypatch, name, value) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}".upper(), value)
    with pytest.raises(SettingsError, match=name.upper()):
        load_settings()


def test_countries_are_named_by_code_or_together() -> None:
    assert Settings(territorial_scope="no eu").rules().filing.territory[-3:] == ("SE", "SI", "SK")
    assert "NO" in Settings(territorial_scope="no eu").rules().filing.territory
    assert Settings(territorial_scope="de, fr").territorial_scope == "DE,FR"
    assert Settings().rules().filing.territory == ()
    assert Settings().rules().keep_texts is None
    assert Settings(keep_texts_days=1.5).rules().keep_texts == timedelta(hours=36)
