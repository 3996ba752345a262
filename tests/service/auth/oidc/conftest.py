"""A provider, a service that is registered with it, and people who sign in there."""

from __future__ import annotations

import asyncio
import re
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import httpx
import pytest

from service.auth.oidc.provider import Provider
from service.web.console.provider_pages import PENDING
from service.web.console.session_guard import COOKIE
from tests.service import oidc_provider
from tests.service.conftest import ASSESSMENTS, NOW, build
from tests.service.oidc_provider import SECRET
from tests.service.web.console.conftest import Person


@pytest.fixture(scope="session")
def running_provider():
    with oidc_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(running_provider):
    running_provider.reset()
    return running_provider


@pytest.fixture(scope="session")
def registered(running_provider, tmp_path_factory):
    """The settings of a service that is registered with the provider, and is no demonstration."""
    path = tmp_path_factory.mktemp("registered")
    (path / "secret").write_text(f"{SECRET}\n", encoding="ascii")
    (path / "registry.csv").write_text("platform,handle\nx,JaneRoe\n", encoding="utf-8")
    return oidc_provider.settings(running_provider, path / "secret", registry=path / "registry.csv")


@pytest.fixture
def register(make_client, provider, registered):
    """Return a maker of services that are registered with the provider, and share its clock."""

    def make(**changes):
        client = make_client(**registered | changes)
        provider.now = lambda: client.clock().timestamp()
        return client

    return make


@pytest.fixture(scope="session")
def shared(registered):
    """A service for most tests: to make one takes a second."""
    client = build(ASSESSMENTS["impersonation"], **registered)
    yield client
    client.check_service.close()


@pytest.fixture
def service(shared, provider):
    """The shared service, at the time at which all begin, and which has not asked the provider yet."""
    shared.clock.at = NOW
    shared.app.state.provider = Provider(shared.settings.registration())
    provider.now = lambda: shared.clock().timestamp()
    return shared


@pytest.fixture
def person():
    """Return a maker of people with browsers that take pages apart."""
    return Person


class Browser:
    """Keeps the cookies of the service; follows to the provider and back, step by step or at once."""

    def __init__(self, client):
        self.client = client
        self.cookies = {}

    def get(self, path, **options):
        return self.send("GET", path, **options)

    def send(self, method, path, **options):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"accept": "text/html", "cookie": cookie} | options.pop("headers", {})
        response = self.client.request(method, path, by=None, headers=headers, **options)
        for header in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
        return response

    def goes_to_the_provider(self, path="/history"):
        """Return the address that the provider sends the browser back to."""
        there = self.get(f"/sign-in/provider?next={path}")
        assert there.status_code == 303, there.text
        return sent_back(there.headers["location"])

    def signs_in(self, path="/history"):
        """Return what the service answers to who comes back."""
        return self.get(self.goes_to_the_provider(path))

    @property
    def is_in(self):
        return COOKIE in self.cookies

    @property
    def pending(self):
        return self.cookies.get(PENDING)


def sent_back(address):
    """Ask the provider, and return the path to which it sends the browser."""

    async def ask():
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(address)

    back = urlsplit(asyncio.run(ask()).headers["location"])
    assert f"{back.scheme}://{back.netloc}" == "http://localhost"
    return f"{back.path}?{back.query}"


def told(response):
    """Return what the page says is wrong."""
    return re.search(r'role="alert"><p>(.*?)</p>', response.text)[1]


@pytest.fixture
def browser(service):
    return Browser(service)
