"""What an operator may register: roles of people, addresses that secrets may be sent to, and all of it or nothing."""

import pytest

from service.auth.oidc.registration import check_issuer, is_safe, read_roles
from service.errors import SettingsError
from service.settings import Settings, load_settings

GIVEN = {
    "oidc_issuer": "https://login.example/realms/support",
    "oidc_client_id": "doublecheck",
    "oidc_roles": '{"leads": ["admin", "auditor"], "everybody": ["agent"]}',
}


@pytest.fixture
def load(monkeypatch):
    """Return a reader of settings out of variables."""

    def load(**given):
        for name, value in given.items():
            monkeypatch.setenv(f"DOUBLECHECK_{name}".upper(), value)
        return load_settings()

    return load


def test_without_an_issuer_nothing_is_registered(load):
    assert load().registration() is None
    assert load(oidc_roles=GIVEN["oidc_roles"]).registration() is None


def test_what_is_registered(load, tmp_path):
    (tmp_path / "secret").write_text("s3cret\n", encoding="ascii")
    found = load(**GIVEN, oidc_client_secret_file=str(tmp_path / "secret")).registration()
    assert (found.issuer, found.client_id, found.client_secret) == (GIVEN["oidc_issuer"], "doublecheck", "s3cret")
    assert found.roles == {"leads": {"admin", "auditor"}, "everybody": {"agent"}}
    assert "s3cret" not in repr(found)


def test_a_public_client_has_no_secret(load):
    assert load(**GIVEN).registration().client_secret is None


@pytest.mark.parametrize("missing", ["oidc_client_id", "oidc_roles"])
def test_an_issuer_takes_the_rest(load, missing):
    with pytest.raises(
        SettingsError, match=rf"DOUBLECHECK_{missing.upper()}: .*is needed with DOUBLECHECK_OIDC_ISSUER"
    ):
        load(**{name: value for name, value in GIVEN.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("oidc_issuer", "http://login.example"),
        ("oidc_issuer", "https://login.example/?realm=1"),
        ("oidc_issuer", "login.example"),
        ("oidc_client_id", "two words"),
        ("oidc_scopes", "email openid"),
        ("oidc_scopes", 'openid "x"'),
        ("oidc_person_claim", "my name"),
        ("oidc_name", " x "),
        ("oidc_roles", "leads=admin"),
    ],
)
def test_what_cannot_be_used_stops_the_start_and_is_named(load, name, text):
    with pytest.raises(SettingsError, match=f"DOUBLECHECK_{name.upper()}: "):
        load(**GIVEN | {name: text})


@pytest.mark.parametrize(
    "text",
    [
        "[]", "{}", '"agent"', '{"a": "agent"}', '{"a": []}', '{"a": ["boss"]}', '{"a": [["agent"]]}',
        '{"a": ["executor"]}', '{"a": ["agent"], "a": ["admin"]}',
    ],
)  # fmt: skip
def test_roles_are_those_of_people_and_each_value_stands_once(text):
    with pytest.raises(ValueError, match=r"must be|must name|twice"):
        read_roles(text)


@pytest.mark.parametrize(
    "address", [None, 7, "", "https://", "https://a:b@login.example/", "http://[", "ftp://x/", "//x"]
)
def test_addresses_that_are_no_place_for_secrets(address):
    assert not is_safe(address)


@pytest.mark.parametrize("address", ["http://localhost:8080/x", "http://[::1]/", "https://login.example/token?a=b"])
def test_addresses_that_are(address):
    assert is_safe(address)


def test_an_issuer_stays_as_it_is_written():
    assert check_issuer("https://login.example/") == "https://login.example/"


def test_the_settings_hold_no_secret():
    assert not any("secret" in name and not name.endswith("_file") for name in Settings.model_fields)
