"""The demonstration ends with the import of a registry, wherever it is asked; ``tests/service/test_demonstration``."""

import asyncio

import pytest

from classifier.model_store import ModelStore
from service.decisions.demonstration import DemonstrationScorer, require_going_on
from service.errors import DemonstrationOverError
from tests.service.conftest import ASSESSMENTS, FakeScorer


def import_registry(home):
    (home / "registry").mkdir(parents=True)
    (home / "registry" / "current.json").write_text("{}")


def test_it_goes_on_as_long_as_nothing_was_imported(tmp_path):
    require_going_on(tmp_path)
    import_registry(tmp_path)
    with pytest.raises(DemonstrationOverError):
        require_going_on(tmp_path)


def test_its_scorer_answers_and_looks_no_more_from_that_moment(home, tmp_path):
    scorer = FakeScorer(ASSESSMENTS["impersonation"])
    current = DemonstrationScorer(scorer, ModelStore(home), tmp_path)
    assert current() is scorer
    import_registry(tmp_path)
    for asked in (current, current.look):
        with pytest.raises(DemonstrationOverError):
            asked()


def test_no_request_comes_in_from_that_moment_but_for_probes(make_client, tmp_path):
    client = make_client(home=tmp_path, demonstration=True)
    assert client.check().status_code == 200
    import_registry(tmp_path)
    for method, path in (("GET", "/"), ("POST", "/v1/checks"), ("GET", "/reviews"), ("POST", "/sign-in/demo")):
        assert client.request(method, path).json()["code"] == "demonstration_over"
    assert client.get("/healthz").status_code == client.get("/static/style.css").status_code == 200


def test_who_asks_by_browser_is_told_so_on_a_page(make_client, tmp_path):
    client = make_client(home=tmp_path, demonstration=True)
    import_registry(tmp_path)
    page = client.get("/", by=None, headers={"accept": "text/html"})
    assert page.status_code == 503
    assert "A registry was imported, so the demonstration is over" in page.text


def test_a_service_over_a_registry_is_not_ended_by_one(make_client, tmp_path):
    import_registry(tmp_path)
    assert make_client(home=tmp_path).check().status_code == 200


@pytest.mark.parametrize(("demonstration", "watches"), [(True, False), (False, True)])
def test_it_watches_no_certificate(make_client, tmp_path, demonstration, watches):
    """A visitor who says that three clearances were wrong would withdraw the certificate of the home's model."""
    client = make_client(home=tmp_path, demonstration=demonstration, monitor_minutes=1.0)
    names = []

    async def run():
        async with client.app.router.lifespan_context(client.app):
            names.extend(task.get_coro().__name__ for task in asyncio.all_tasks())

    asyncio.run(run())
    assert "_keep_house" in names
    assert ("_keep_watch" in names) is watches
