"""Requests under names that nobody gave this service get nothing: a page of another site may have made them."""

import pytest

from service.errors import UnknownHostError
from service.settings import SettingsError, load_settings
from service.web.hosts import Hosts, is_loopback

EVERYWHERE = ["0.0.0.0", "::"]  # noqa: S104 -- nothing listens there


def admitted(hosts, host, path="/"):
    headers = [] if host is None else [(b"host", one.encode()) for one in ([host] if isinstance(host, str) else host)]
    try:
        hosts.admit({"path": path, "headers": headers})
    except UnknownHostError:
        return False
    return True


OURS = ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "[::1]"]
OTHERS = [
    "rebound.example", "localhost.rebound.example", "127.0.0.1.rebound.example", "192.0.2.7", EVERYWHERE[0], "[::]", "",
    "localhost@rebound.example", "localhost/rebound", "localhost:80:80", "localhost rebound", "[localhost", None,
    ["localhost", "rebound.example"], ["localhost", "localhost"], "127.1", "2130706433",
]  # fmt: skip


@pytest.mark.parametrize("host", OURS)
def test_without_a_setting_it_is_known_by_loopback_names(host):
    assert admitted(Hosts.of(load_settings()), host)


@pytest.mark.parametrize("host", OTHERS)
def test_and_by_no_other(host):
    assert not admitted(Hosts.of(load_settings()), host)


def test_what_it_listens_on_is_a_name_of_it():
    hosts = Hosts.of(load_settings(host="192.0.2.7"))
    assert admitted(hosts, "192.0.2.7:8000")
    assert not admitted(hosts, "192.0.2.8:8000")


@pytest.mark.parametrize("everywhere", EVERYWHERE)
def test_who_listens_everywhere_is_known_by_every_address_and_no_strange_name(everywhere):
    hosts = Hosts.of(load_settings(host=everywhere))
    assert admitted(hosts, "192.0.2.7:8000")
    assert admitted(hosts, "[2001:db8::7]")
    assert not admitted(hosts, "rebound.example")
    assert not hosts.are_loopback()


def test_a_setting_names_all_of_them(monkeypatch):
    monkeypatch.setenv("DOUBLECHECK_HOSTS", "Doublecheck.example, *.inside.example,[2001:db8::7]")
    hosts = Hosts.of(load_settings())
    for host in ("doublecheck.example:443", "a.inside.example", "b.a.inside.example", "[2001:db8::7]:1"):
        assert admitted(hosts, host)
    for host in ("inside.example", "xinside.example", "localhost", "doublecheck.example.rebound.example"):
        assert not admitted(hosts, host)
    assert not hosts.are_loopback()


def test_any_name_can_be_allowed(monkeypatch):
    monkeypatch.setenv("DOUBLECHECK_HOSTS", "*")
    assert admitted(Hosts.of(load_settings()), "anything.example")


@pytest.mark.parametrize("listed", ["http://doublecheck.example", "doublecheck.example:443", "a b", "a.*.example"])
def test_what_is_no_name_stops_the_start(monkeypatch, listed):
    monkeypatch.setenv("DOUBLECHECK_HOSTS", listed)
    with pytest.raises(SettingsError, match=r"DOUBLECHECK_HOSTS: .*without scheme and port"):
        load_settings()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_answered_by_address_and_without_a_name_but_under_no_other_name(path):
    hosts = Hosts.of(load_settings())
    assert admitted(hosts, "10.0.0.7:8000", path)
    assert admitted(hosts, None, path)
    assert not admitted(hosts, "rebound.example", path)
    assert not admitted(hosts, None, f"{path}/")


def test_over_http_it_is_a_problem_before_anything_else_is_looked_at(client):
    for path in ("/", "/v1/checks", "/.well-known/jwks.json", "/static/style.css", "/nowhere"):
        answer = client.get(path, headers={"host": "rebound.example"})
        assert (answer.status_code, answer.headers["content-type"]) == (421, "application/problem+json")
        assert answer.json()["code"] == "unknown_host"
        assert "DOUBLECHECK_HOSTS" in answer.json()["detail"]
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200


def test_a_forged_host_signs_nobody_in(client):
    headers = {"host": "rebound.example", "origin": "http://rebound.example"}
    answer = client.post("/sign-in/demo", headers=headers, data={"person": "demo-agent"})
    assert answer.status_code == 421
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("[::1]", True), ("localhost", True),
        (EVERYWHERE[0], False), ("::", False), ("10.0.0.1", False), ("doublecheck.example", False), ("", False),
    ],
)  # fmt: skip
def test_loopback(host, loopback):
    assert is_loopback(host) is loopback
