"""What happens in the demonstration counts nowhere else: the walk from two strangers' approvals to a real registry."""

import shutil

import pytest

from classifier.registry.demonstration import demonstration_registry
from classifier.registry.registry import Registry
from classifier.storage.home import registry_store
from service.decisions.demonstration import DemonstrationScorer
from service.errors import SettingsError
from service.records.purpose import purpose_of
from service.records.tables import approvals, outcomes
from service.server.bootstrap import open_check_service
from service.settings import Settings
from service.web.app import create_app
from tests.service.conftest import TARGET, Client, Clock

AGENT, REVIEWERS = "demo-agent", ("demo-reviewer-1", "demo-reviewer-2")
KNOWN = next(account for account in demonstration_registry() if account.tier == "standard")


class Started(Client):
    """The service as ``doublecheck serve`` starts it, in this process."""

    def __init__(self, settings):
        self.settings = settings
        self.check_service = open_check_service(settings)
        self.check_service.clock = self.clock = Clock(self.check_service.clock())
        self.app = create_app(self.check_service, settings)
        self._keys = {}

    def stop(self):
        if hasattr(self.check_service.current, "stop"):
            self.check_service.current.stop()
        self.check_service.close()


@pytest.fixture
def start(home, tmp_path):
    """A starter of services on one home, which is closed afterwards."""
    for name in ("models", "keys"):
        shutil.copytree(home / name, tmp_path / "tried" / name, ignore=shutil.ignore_patterns("clearances"))
    started = []

    def start(**settings):
        started.append(Started(Settings(home=tmp_path / "tried", **settings)))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def import_registry(service):
    registry_store(service.settings.home).replace(Registry([TARGET]))


def body():
    account = {"platform": KNOWN.platform, "account_id": "770011", "handle": f"{KNOWN.handle}1", "followers": 12}
    account |= {"display_name": KNOWN.display_name, "created_at": "2026-04-20T08:00:00Z", "verified": False}
    return {"account": account, "action": "suspend", "actor": {"actor_id": AGENT}}


def approved(service):
    """Return a check that two invented people approved, and its token."""
    check = service.post("/v1/checks", json=body(), by=(AGENT, "agent")).json()
    path = f"/v1/checks/{check['check_id']}"
    for reviewer in REVIEWERS:
        assert service.get(path, by=(reviewer, "reviewer")).status_code == 200
        given = {"answer": "approve", "reason": "I compared both."}
        assert service.post(f"{path}/approvals", json=given, by=(reviewer, "reviewer")).status_code < 300
    clearance = service.post(f"{path}/clearance", by=(AGENT, "agent"))
    assert clearance.status_code < 300, clearance.text
    return check["check_id"], clearance.json()["token"]


def redeem(service, token):
    given = {"token": token, "account": body()["account"]}
    return service.post("/v1/clearances/redeem", json=given, by=(AGENT, "agent"))


def test_its_database_keys_and_uploads_are_its_own(start):
    service = start()
    home = service.settings.home
    assert isinstance(service.check_service.current, DemonstrationScorer)
    assert purpose_of(service.check_service.engine) == "demonstration"
    assert sorted(path.name for path in home.iterdir()) == ["demonstration", "keys", "models"]
    assert (home / "demonstration" / "doublecheck.db").exists()
    assert not (home / "keys" / "clearances").exists()


def test_what_was_approved_there_is_redeemed_nowhere_once_a_registry_was_imported(start):
    tried = start()
    check_id, token = approved(tried)
    import_registry(tried)
    for answer in (
        redeem(tried, token),
        tried.post(f"/v1/checks/{check_id}/clearance", by=(AGENT, "agent")),
        tried.post(f"/v1/checks/{check_id}/approvals", json={}, by=(REVIEWERS[0], "reviewer")),
        tried.post("/v1/checks", json=body(), by=(AGENT, "agent")),
        tried.get("/", by=None),
        tried.get("/readyz", by=None),
    ):
        assert (answer.status_code, answer.json()["code"]) == (503, "demonstration_over")
        assert "start the service again" in answer.json()["detail"]
    assert tried.get("/healthz", by=None).status_code == 200
    real = start()
    refused = redeem(real, token)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (409, "bad_token")
    assert real.get(f"/v1/checks/{check_id}", by=("ada", "auditor")).status_code == 404
    assert real.get("/readyz", by=None).json()["demo"] is False
    theirs, ours = ({key["kid"] for key in one.check_service.signer.jwks()["keys"]} for one in (tried, real))
    assert not theirs & ours


def test_a_key_and_a_session_of_the_demonstration_open_nothing_else(start):
    tried = start()
    key = tried.key(AGENT, "agent")
    signed_in = tried.post("/sign-in/demo", data={"person": "demo-auditor", "next": "/"}, by=None)
    cookie = signed_in.headers["set-cookie"].split(";")[0]
    assert tried.get("/history", by=None, headers={"cookie": cookie}).status_code == 200
    import_registry(tried)
    real = start()
    assert real.get("/v1/checks", by=None, headers={"authorization": f"Bearer {key}"}).status_code == 401
    page = real.get("/history", by=None, headers={"cookie": cookie, "accept": "text/html"})
    assert page.status_code == 303
    assert page.headers["location"].startswith("/sign-in")


def test_a_database_that_both_are_told_to_use_stops_the_second(start, database_url):
    tried = start(database_url=database_url)
    _, token = approved(tried)
    import_registry(tried)
    with pytest.raises(SettingsError, match="of the demonstration"):
        start(database_url=database_url)
    assert redeem(tried, token).status_code == 503
    counted = tried.check_service.engine.connect()
    assert len(counted.execute(approvals.select()).all()) == 2, "nothing was deleted"
    assert counted.execute(outcomes.select()).all() == []
    counted.close()


def test_the_demonstration_does_not_write_to_a_real_database(start, database_url, tmp_path):
    registry = tmp_path / "registry.csv"
    registry.write_text("platform,handle\nx,JaneRoe\n", encoding="utf-8")
    real = start(database_url=database_url, registry=registry)
    assert purpose_of(real.check_service.engine) == "registry"
    with pytest.raises(SettingsError, match="may not write to it"):
        start(database_url=database_url)
