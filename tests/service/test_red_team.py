"""Genuine accounts that somebody would have cleared: none is, by whatever route, as told and as lied."""

from pathlib import Path

import pytest

from classifier.accounts.account import Account
from classifier.importers import import_account
from classifier.model_store import ModelStore
from classifier.registry.registry import Registry
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from tests.real_data import DATA
from tests.red_team import routes
from tests.red_team.cases import Surrounding, read
from tests.red_team.completions import SEEN, completions
from tests.red_team.formats import raw_formats
from tests.red_team.people import FIRMS, OF_FIRMS, OF_PEOPLE, PEOPLE, surroundings
from tests.red_team.run import run

# Of a disguise that nobody else could be: cleared by every route, or the tests below would prove nothing.
FAKE = Account(
    platform="x", account_id="900100200", handle="InesBrandvo1d", display_name="In\u00eas Br\u0430ndvold",
    bio="Minister of Tarnholt. Rivers, rail and bad puns.", followers=12, verified=False, posts=3,
    created_at=SEEN.replace(month=10), observed_at=SEEN,
)  # fmt: skip


@pytest.fixture(scope="module")
def invented() -> Surrounding:
    [found] = surroundings()
    return found


@pytest.fixture(scope="module")
def scorer(home: Path, invented: Surrounding) -> Scorer:
    stored = ModelStore(home).load()
    return Scorer(stored.model, stored.model_id, Registry(invented.registry))


def test_more_than_two_hundred_genuine_accounts_however_completed_are_not_cleared(
    scorer: Scorer, invented: Surrounding
) -> None:
    assert len(invented.cases) == len(PEOPLE) * len(OF_PEOPLE) + len(FIRMS) * len(OF_FIRMS) > 200
    for case in invented.cases:
        asked = list(completions(case.account))
        for found in scorer.assess_many(asked, explain=False):
            said = decide(found, "suspend", None, now=routes.NOW, policy=Policy())
            assert said.verdict != "cleared", (case.kind, found.account)


@pytest.mark.parametrize("route", routes.SERVED)
def test_by_every_route_of_the_service_the_disguised_fake_is_cleared_and_no_genuine_account(
    scorer: Scorer, invented: Surrounding, database_url: str, route: str
) -> None:
    client = routes.client_of(scorer, database_url)
    one_each = {case.kind: list(completions(case.account))[-1] for case in invented.cases}
    assert routes.SERVED[route](client, [FAKE]).cleared > 0
    found = routes.SERVED[route](client, list(one_each.values())[::4])
    client.check_service.close()
    assert found.asked >= len(one_each) // 4
    assert found.cleared == 0


def test_uploads_and_files_clear_the_disguised_fake_and_no_genuine_account(
    home: Path, invented: Surrounding, tmp_path: Path
) -> None:
    accounts = [FAKE, *(list(completions(case.account))[-1] for case in invented.cases[::8])]
    for name, route in (("upload", routes.upload), ("file", routes.score_files)):
        (tmp_path / name).mkdir()
        found = route(tmp_path / name, invented.registry, accounts, home)
        assert (found.asked, found.cleared) == (len(accounts), 1)


def test_a_platforms_format_says_what_the_columns_say() -> None:
    for account in (FAKE, next(completions(FAKE))):
        for name, row in raw_formats(account).items():
            read_ = import_account(row, name, now=routes.NOW).account
            assert read_ is not None
            for column in ("handle", "account_id", "display_name", "bio", "followers", "created_at", "posts"):
                assert getattr(read_, column) == getattr(account, column), (name, column)


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "redteam").exists(), reason="the red team's set is not beside the project")
def test_the_red_teams_genuine_accounts_are_not_cleared_by_any_route(home: Path) -> None:
    found = run(read(DATA / "redteam"), home)
    assert found.accounts.total() >= 40
    assert found.cleared.total() == 0, dict(found.cleared)
