"""A scorer with canned answers, and a client that calls the service without a network."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.certification.neyman_pearson import Certificate
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.assessment import Assessment
from classifier.scoring.evidence import Evidence
from classifier.scoring.near_handle import NearHandle
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from classifier.utils.keyring import KeyRing
from service.auth.api_keys import create_key
from service.decisions.check_service import CheckService
from service.decisions.current_scorer import CurrentScorer, FixedScorer, FollowedScorer
from service.records.database import open_database
from service.records.transaction import Answer, Transaction, Unit, commit
from service.settings import Settings
from service.signing import Signer
from service.web.app import create_app
from tests.service.breakable import breakable_server
from tests.service.databases import KINDS, new_database, postgresql_server

NO_HOME = Path("/nonexistent")
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
AGENT = ("agent-17", "agent")
# Who decides appeals: neither the requester nor an approver.
JUDGE = ("judge", "reviewer")
# Most tests ask more often than a person would, and nothing in them is left to chance.
UNLIMITED: dict[str, Any] = dict.fromkeys(["actor_daily", "actor_burst", "total_daily", "total_burst"], 10**6)
UNLIMITED |= {"second_look_share": 0}
DIRECTORY = Path(tempfile.mkdtemp(prefix="doublecheck-tests-"))
TARGET = ProtectedAccount(
    platform="x",
    handle="JaneRoe",
    account_id="1001",
    display_name="Jane Roe",
    followers=2_400_000,
    created_at=datetime(2011, 3, 4, tzinfo=UTC),
    verified=True,
    tier="high",
)
REGISTRY = Registry([TARGET])
CERTIFICATE = Certificate(
    alpha=0.01, delta=0.05, n=1200, errors=5, threshold=0.9, population="invented genuine accounts"
)
EVIDENCE = (
    Evidence("handle_looks", "The handle looks like the protected one.", 0.97, "JaneR0e", "JaneRoe", 4.2, "handle"),
    Evidence("name_covered", "The display names are the same.", 1.0, "Jane Roe", "Jane Roe", 1.61, "name"),
    Evidence("age", "How much younger the account is.", 15.1, "2026-04-20", "2011-03-04", 0.9, "standing"),
    Evidence("links", "It links to the protected account's site.", float("nan"), "https://jane.example", "", -1.3),
)


class FakeModel:
    """As much of a model as the service shows."""

    features = ("handle_looks",)
    certificates: ClassVar = {"high": CERTIFICATE}


class FakeScorer:
    """Answers every account with one assessment, or raises what it was given."""

    model_id = "model-0123456789abcdef"
    model = FakeModel()
    withdrawn: ClassVar = {}

    def __init__(self, answer: Assessment | Exception) -> None:
        self.answer = answer
        self.registry = REGISTRY
        self.seen: list[Account] = []

    def assess_many(self, accounts: Sequence[Account]) -> list[Assessment]:
        self.seen += [one for one in accounts if one.handle != "readiness_probe"]
        if isinstance(self.answer, Exception):
            raise self.answer
        return [replace(self.answer, account=account) for account in accounts]

    def assess_against(self, account: Account, protected: Sequence[ProtectedAccount]) -> Assessment:  # noqa: ARG002
        """Say that the account imitates none of these."""
        return canned(account=account, relation="unrelated", impersonation_probability=0.02)

    def nearest_handle(self, account: Account) -> NearHandle:
        same = account.handle.lower().replace("0", "o") == TARGET.handle.lower()
        return NearHandle(TARGET, 21.5 if same else -10.0)


def canned(**changes: Any) -> Assessment:
    values: dict[str, Any] = {
        "account": Account(handle="replaced"),
        "relation": "impersonation",
        "target": TARGET,
        "impersonation_probability": 0.992,
        "clearing_probability": min(changes.get("impersonation_probability", 1.0), 0.951),
        "strongest_kind": "handle",
        "kinds": {"handle": 1.7, "name": 1.6, "bio": 0.0, "lures": -0.2, "picture": 0.0, "standing": 0.9},
        "relation_probabilities": {
            "impersonation": 0.992, "same_owner": 0.0005, "parody_or_fan": 0.0005, "unrelated": 0.007,
        },
        "evidence": EVIDENCE,
        "certificate": CERTIFICATE,
        "direction": 1.0,
        "likeliest": TARGET,
        "steadiest": TARGET,
        "inauthentic_probability": 0.93,
        "inauthentic": True,
        "model_id": FakeScorer.model_id,
        "registry_version": REGISTRY.version,
    }  # fmt: skip
    return Assessment(**(values | changes))


ASSESSMENTS = {
    "impersonation": canned(),
    "below_threshold": canned(impersonation_probability=0.71),
    "single_kind_of_evidence": canned(clearing_probability=0.62),
    "direction_unknown": canned(direction=0.0),
    "no_certificate": canned(certificate=None),
    "is_protected": canned(
        relation="is_protected", impersonation_probability=0.0, relation_probabilities={}, evidence=()
    ),
    "declared_secondary": canned(relation="same_owner", declared_secondary=True, impersonation_probability=0.01),
    "same_owner": canned(relation="same_owner", impersonation_probability=0.2),
    "parody_or_fan": canned(relation="parody_or_fan", impersonation_probability=0.1),
    "unrelated": canned(relation="unrelated", impersonation_probability=0.02),
    "no_target": canned(
        relation="no_target", target=None, impersonation_probability=0.0, relation_probabilities={}, evidence=(),
        certificate=None, inauthentic_probability=None, inauthentic=None,
        inauthentic_reason="out of what it knows: platform",
    ),
}  # fmt: skip


class Clock:
    """Stands still until it is set."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Client:
    """Calls a service in this process. Starlette's TestClient warns about httpx, and warnings are errors here."""

    def __init__(self, current: CurrentScorer, settings: Settings, clock: Clock) -> None:
        directory = tempfile.mkdtemp(dir=DIRECTORY)
        settings = settings.model_copy(
            update={"database_url": settings.database_url or f"sqlite:///{directory}/test.db"}
        )
        signer = Signer(KeyRing(Path(directory) / "keys"))
        self.check_service = CheckService(current, settings, open_database(settings.database()), signer, clock=clock)
        self.app = create_app(self.check_service, settings)
        self.upkeep = self.app.state.upkeep
        self.scorer: Any = current()
        self.clock = clock
        self.settings = settings
        self._keys: dict[tuple[str, tuple[str, ...]], str] = {}

    def commit(self, work: Callable[[Transaction], Any]) -> Any:
        """Do a unit of work as the command line does."""
        results = []

        def keep(transaction: Transaction) -> Answer:
            results.append(work(transaction))
            return Answer("")

        [answer] = commit(self.check_service.engine, self.check_service.signer, [Unit(keep)], now=self.clock)
        if isinstance(answer, Exception):
            raise answer
        return results[-1]

    def key(self, actor: str, *roles: str) -> str:
        """Return the key of an actor with these roles, made when first asked for."""
        if (actor, roles) not in self._keys:
            self._keys[actor, roles] = self.commit(lambda transaction: create_key(transaction, actor, roles))
        return self._keys[actor, roles]

    def request(self, method: str, path: str, *, by: tuple[str, ...] | None = AGENT, **options: Any) -> httpx.Response:
        return asyncio.run(self.send(method, path, by=by, **options))

    async def send(
        self, method: str, path: str, *, by: tuple[str, ...] | None = AGENT, **options: Any
    ) -> httpx.Response:
        """Send a request with the key of ``by``: an actor and its roles."""
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses; the service must not
        headers = {"Authorization": f"Bearer {self.key(*by)}"} if by else {}
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **options | {"headers": headers | options.get("headers", {})})

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def check(self, **changes: Any) -> httpx.Response:
        return self.post("/v1/checks", json=body(**changes))


def body(**changes: Any) -> dict[str, Any]:
    account = {"platform": "x", "account_id": "9001", "handle": "JaneR0e", "display_name": "Jane Roe", "followers": 12}
    account |= {"created_at": "2026-04-20T08:00:00Z", "verified": False, "bio": "Chair of Northwind."}
    return {"account": account, "action": "suspend", "actor": {"actor_id": "agent-17"}} | changes


def acted(client: Client, **changes: Any) -> str:
    """Ask about an account, have it approved where that is needed, act on it, and return the check's number."""
    asked = body(**changes)
    answer = client.post("/v1/checks", json=asked).json()
    address, given = f"/v1/checks/{answer['check_id']}", answer["clearance"]
    if answer["verdict"] == "needs_review":
        for by in (("approver-1", "reviewer"), ("approver-2", "reviewer")):
            client.get(address, by=by)
            client.post(f"{address}/approvals", json={"answer": "approve", "reason": "Looked."}, by=by)
        given = client.post(f"{address}/clearance").json()
    spent = client.post("/v1/clearances/redeem", json={"token": given["token"], "account": asked["account"]})
    assert spent.status_code == 200, spent.text
    return str(answer["check_id"])


def appeal(
    client: Client, check_id: str, found: str = "overturned", *, by: tuple[str, ...] = JUDGE, **more: Any
) -> httpx.Response:
    """Record what an appeal found."""
    given = {"outcome": found, "note": "Looked into it."} | more
    return client.post(f"/v1/checks/{check_id}/outcome", json=given, by=by)


def build(answer: Assessment | Exception, **settings: Any) -> Client:
    return Client(FixedScorer(FakeScorer(answer)), Settings(**{"home": NO_HOME} | UNLIMITED | settings), Clock())


@cache
def built(name: str) -> Client:
    return build(ASSESSMENTS[name])


@pytest.fixture
def make_client():
    """Return a maker of clients: of the named assessment, or of any other, or of a scorer that raises."""
    made = []

    def make(answer="impersonation", **settings):
        if settings or not isinstance(answer, str):
            made.append(build(ASSESSMENTS[answer] if isinstance(answer, str) else answer, **settings))
            return made[-1]
        client = built(answer)
        client.scorer.seen.clear()
        return client

    yield make
    for client in made:
        client.check_service.close()


@pytest.fixture(scope="session", autouse=True)
def _closed():
    """Close what is kept for the whole run."""
    yield
    for name in ASSESSMENTS:
        built(name).check_service.close()
    shutil.rmtree(DIRECTORY)


@pytest.fixture(scope="session")
def postgresql():
    """The address of a PostgreSQL server."""
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="session")
def template(postgresql):
    """The address of a database with all tables and nothing in them, to copy: that is quicker than to make them."""
    url = new_database(postgresql)
    open_database(url).dispose()
    return url


@pytest.fixture(scope="session")
def breakable_postgresql():
    """A PostgreSQL server that a test may kill, stop or freeze; it leaves it running."""
    with breakable_server() as server:
        yield server


@pytest.fixture(scope="session")
def services():
    """A starter of services in processes of their own."""
    from tests.service.processes import Services  # noqa: PLC0415 -- which needs this file

    starter = Services()
    yield starter
    starter.close()


@pytest.fixture(params=KINDS)
def database_url(request, tmp_path):
    """The address of a new database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/doublecheck.db"
    return new_database(request.getfixturevalue("postgresql"), like=request.getfixturevalue("template"))


@pytest.fixture(params=KINDS)
def empty_url(request, tmp_path):
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/doublecheck.db"
    return new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def recorded(make_client, database_url):
    """A service that clears, on each kind of database."""
    return make_client(database_url=database_url)


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def request_body():
    return body


@pytest.fixture(params=sorted(ASSESSMENTS))
def answer(request):
    """The name of each canned assessment in turn."""
    return request.param


JANE = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1", followers=9_000)
ADA = ProtectedAccount(platform="x", handle="AdaBrask", account_id="2")


@pytest.fixture
def registry_home(tmp_path):
    """A home directory with an imported registry of two."""
    registry_store(tmp_path).replace(Registry([JANE, ADA]))
    return tmp_path


@pytest.fixture
def make_worker(registry_home, stored, home, database_url):
    """Return a maker of workers on one registry and one database."""
    made = []

    def make():
        store = registry_store(registry_home)
        opened = store.open()
        followed = FollowedScorer(Scorer(stored.model, stored.model_id, opened.index), store, opened, ModelStore(home))
        client = Client(followed, Settings(home=registry_home, database_url=database_url, **UNLIMITED), Clock())
        made.append(client)
        return client

    yield make
    for client in made:
        client.check_service.close()
