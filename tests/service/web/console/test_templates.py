"""What holds for every page: it says what serves, every field has a label, every link leads somewhere."""

import re
from itertools import pairwise

import pytest

from service.web.console.templates import STATIC

KNOWN = {"paste": "JaneR0e", "platform": "x", "account_id": "9001", "followers": "2,000,000", "verified": "no"}
VISITED = ["/", "/docs", "/history", "/reviews", "/nowhere", "check", "sign-in", "wrong form"]


@pytest.fixture(params=VISITED)
def page(request, make_client, person):
    """Each page in turn, as somebody with every role sees it."""
    client = make_client()
    if request.param == "sign-in":
        return person(client).get("/sign-in?next=/history")
    everybody = person(client, "everybody", "agent", "reviewer", "admin", "auditor")
    if request.param == "wrong form":
        return everybody.check(**KNOWN | {"followers": "many", "created_at": "x", "action": "y"})
    if request.param == "check":
        person(client, "agent-17", "agent").check(**KNOWN)
        waiting = [link["href"] for link in everybody.get("/reviews").all("a") if "data-item" in link]
        return everybody.get(waiting[-1])
    return everybody.get(request.param)


def test_ids_are_unique_and_fields_have_labels_and_descriptions(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    labels = {attributes.get("for", attributes.get("id")) for attributes in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        if field.get("type") not in {"hidden", "checkbox"} and "hidden" not in field:
            assert field["id"] in labels
            assert set(field.get("aria-describedby", "").split()) <= set(ids)


def test_every_link_leads_somewhere(page, make_client, person):
    somebody = person(make_client(), "everybody", "agent", "reviewer", "admin", "auditor")
    ids = {attributes.get("id") for _, attributes in page.elements}
    for link in page.all("a", "link"):
        address = link["href"]
        known = address[1:] in ids if address.startswith("#") else somebody.get(address).status == 200
        assert known, address


def test_there_is_one_heading_of_the_first_rank_and_none_is_skipped(page):
    ranks = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert ranks.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(ranks))


def test_nothing_comes_from_elsewhere_or_is_written_within(page):
    assert not page.all("style", "img", "iframe", "object")
    assert not [name for _, found in page.elements for name in found if name == "style" or name.startswith("on")]
    assert all(script["src"].startswith("/static/") for script in page.all("script"))
    assert "default-src 'none'" in page.response.headers["content-security-policy"]


def test_no_page_is_kept_by_anybody(page):
    assert page.response.headers["cache-control"] == "no-store"


def test_it_says_what_serves_to_whom_is_signed_in(client, person):
    text = person(client, "ada", "reviewer").get("/reviews").text
    assert "1 protected account ·" in text
    assert client.scorer.model_id[:24] in text


def test_invented_accounts_are_announced(make_client, person, tmp_path):
    assert "invented: @JaneRoe" in person(make_client()).get("/").text
    assert "invented" not in person(make_client(registry=tmp_path / "registry.csv")).get("/").text


@pytest.mark.parametrize("name", STATIC)
def test_static_files_may_be_kept_for_good_and_load_nothing(client, name):
    response = client.get(STATIC[name].address, by=None)
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]
    assert "url(" not in response.text
    assert "@import" not in response.text


@pytest.mark.parametrize("path", ["/static/", "/static/nothing.css", "/static/..%2fpages.py", "/static/../pages.py"])
def test_there_are_no_other_files(client, path):
    assert client.get(path, by=None).status_code == 404


def test_examples_are_offered_on_the_demonstration_only(make_client, person, tmp_path):
    registry = tmp_path / "registry.csv"
    registry.write_text("platform,handle\nx,JaneRoe\n", encoding="utf-8")
    agent = person(make_client(registry=registry), "agent-17", "agent")
    assert "Examples" not in agent.get("/?example=fake").text
