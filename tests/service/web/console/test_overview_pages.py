"""The overview for who may see it, the banner on every page, and the model's page with its card."""

from datetime import timedelta

import pytest

from classifier.model_store import ModelStore
from service.decisions import alarms
from tests.service.conftest import NOW, canned

LOOKERS = ("reviewer", "admin", "auditor")


@pytest.fixture
def service(make_client, monkeypatch):
    monkeypatch.setattr(alarms, "BELIEVED", 0.0)
    return make_client("below_threshold", total_daily=10**6)


def headings(page):
    return [attributes["id"].removesuffix("-title") for attributes in page.all("h2") if "id" in attributes]


@pytest.mark.parametrize("role", LOOKERS)
def test_an_empty_service_says_that_there_are_no_checks(service, person, role):
    page = person(service, f"one-{role}", role).get("/overview")
    assert page.status == 200
    assert "No checks yet." in page.text
    assert headings(page) == ["certificates"]


@pytest.mark.parametrize("path", ["/overview", "/model"])
def test_an_agent_is_shown_neither_the_page_nor_its_link(service, person, path):
    agent = person(service, "agent-17", "agent")
    assert agent.get(path).status == 403
    assert "/overview" not in {link["href"] for link in agent.get("/").all("a")}
    assert service.get(path, by=None, headers={"accept": "text/html"}).status_code == 303


def test_each_picture_says_its_finding_and_has_a_table(service, person):
    agent = person(service, "agent-17", "agent")
    agent.check(paste="JaneR0e", platform="x", account_id="9001", followers="10")
    page = person(service, "aud", "auditor").get("/overview?period=7d")
    assert "1 check: 0 % cleared at once, 100 % need review, 0 % refused" in page.text
    assert "1 check waits for reviewers now, the oldest for less than a minute" in page.text
    assert "No second look was given in this period" in page.text
    assert len(page.all("table")) == 3, "volumes, what waits, certificates"
    assert {svg["aria-hidden"] for svg in page.all("svg")} == {"true"}


def test_what_second_looks_found_is_not_for_reviewers(service, person):
    person(service, "agent-17", "agent").check(paste="JaneR0e", platform="x", account_id="9001", followers="10")
    assert "blind" in headings(person(service, "adm", "admin").get("/overview"))
    assert "blind" not in headings(person(service, "rev-1", "reviewer").get("/overview"))


@pytest.mark.parametrize("period", ["1h", "", "24h'"])
def test_there_are_three_periods_and_no_other(service, person, period):
    assert person(service, "aud", "auditor").get(f"/overview?period={period}").status == 422


def test_every_page_tells_of_a_gate_that_stands_still(service, person):
    service.request("PUT", "/v1/gates/ozone", json={"waiting": 2}, by=("Quux-gate", "executor"))
    agent, auditor = person(service, "agent-17", "agent"), person(service, "aud", "auditor")
    assert "stands still" not in agent.get("/").text
    service.clock.at = NOW + timedelta(minutes=12)
    for path in ("/", "/history", "/nowhere"):
        assert "Gate ozone stands still. It has not called for 12 minutes" in agent.get(path).text, path
    assert "Quux-gate" not in agent.get("/").text
    assert "(key of Quux-gate)" in auditor.get("/reviews").text
    assert "stands still" not in service.get("/sign-in", by=None, headers={"accept": "text/html"}).text


def test_every_page_tells_of_a_withdrawn_certificate(service, person, monkeypatch):
    monkeypatch.setattr(service.scorer, "withdrawn", {"high": "It was withdrawn by Quux, because of Zanzibar."})
    text = person(service, "agent-17", "agent").get("/").text
    assert "The certificate of tier high is withdrawn." in text
    assert "no check against a protected account of this tier is cleared at once" in text
    assert "Quux" not in text
    assert "Certificate withdrawn for tier high" in person(service, "aud", "auditor").get("/overview").text


def test_a_page_is_shown_also_where_alarms_cannot_be_looked_up(service, person, monkeypatch):
    def fail(_):
        raise ZeroDivisionError

    monkeypatch.setattr(alarms, "known_gates", fail)
    assert person(service, "agent-17", "agent").get("/").status == 200


@pytest.fixture
def with_model(make_client, tmp_path, monkeypatch):
    """A service that says that the shipped model serves, and has it."""
    store = ModelStore(tmp_path)
    store.first_start()
    client = make_client(canned(), home=tmp_path, registry=tmp_path / "registry.csv")
    monkeypatch.setattr(client.scorer, "model_id", store.current_id())
    return client


def test_the_model_has_its_evaluation_and_its_card_for_who_answers_for_it(with_model, person):
    page = person(with_model, "aud", "auditor").get("/model")
    assert "Evaluation at training: 1,569 simulated attacks, 5,336 genuine accounts" in page.text
    assert "Measured on 1,200, 5 above" in page.text
    key = person(with_model, "aud", "auditor")
    card = with_model.get("/model/card.md", by=None, headers={"cookie": f"doublecheck_session={key.cookie}"})
    assert card.text.startswith("# Doublecheck model card")
    assert card.headers["content-disposition"].startswith("attachment")
    reviewer = person(with_model, "rev-1", "reviewer")
    assert "/model/card.md" not in {link["href"] for link in reviewer.get("/model").all("a")}
    assert reviewer.get("/model/card.md").status == 403
    assert key.get("/model/card.exe").status == 404


def test_a_model_without_files_has_a_page_all_the_same(service, person):
    assert "No evaluation is stored with this model." in person(service, "aud", "auditor").get("/model").text
