"""The reference page says of the HTTP interface what its OpenAPI document says."""

import pytest

from service.web.problems import PROBLEMS
from tests.service.web.console.conftest import Page


@pytest.fixture
def page(client):
    return Page(client.get("/docs"))


def test_it_shows_every_route_and_every_code(client, page):
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page.text
    for kind in PROBLEMS.values():
        assert f'id="{kind.code}"' in page.response.text


def test_it_shows_every_field(client, page):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for name in ("AccountIn", "ActorIn", "RawCheckIn", "CheckResponse", "Problem"):
        assert all(field in page.text for field in schemas[name]["properties"])


def test_a_problem_type_leads_to_its_place(client):
    address, _, anchor = client.get("/nowhere").json()["type"].partition("#")
    assert f'id="{anchor}"' in client.get(address).text


def test_it_is_read_without_signing_in(page):
    assert page.status == 200
    assert "OpenAPI document" in page.text
