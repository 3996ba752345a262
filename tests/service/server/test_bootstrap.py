"""Settings become a check service, warmed up; what cannot be used stops the start and leaves nothing open."""

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from classifier.errors import FileFormatError, RegistryError
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from classifier.storage.home import registry_store
from service.decisions.current_scorer import FixedScorer, FollowedScorer
from service.errors import RecordsError, SettingsError
from service.records.tables import decisions, outcomes, stamp, warnings
from service.records.transaction import Answer, Unit, commit
from service.server.bootstrap import WARMED, load_scorer, open_check_service, warm_up
from service.settings import Settings
from tests.service.conftest import NOW, TARGET


@pytest.fixture
def settings(home, tmp_path):
    """A home with the default model and the database of a first start."""
    for name in ("models", "keys"):
        (tmp_path / name).symlink_to(home / name)
    return Settings(home=tmp_path)


def test_a_first_start_protects_invented_accounts_and_keeps_its_records_at_home(settings, tmp_path):
    check_service = open_check_service(settings)
    assert isinstance(check_service.current, FixedScorer)
    assert (tmp_path / "demonstration" / "doublecheck.db").exists()
    assert not (tmp_path / "doublecheck.db").exists()
    check_service.close()


def test_what_appeals_overturned_before_warnings_were_kept_is_warned_of_at_the_start(settings):
    check_service = open_check_service(settings)
    decided = {"id": "a-check", "at": stamp(NOW), "caller": "a", "key_id": "k", "actor": "a", "action": "suspend",
               "verdict": "cleared", "platform": "x", "account_id": "17", "handle": "jane",
               "record": '{"account":{"platform":"x","account_id":"17","handle":"jane"}}'}  # fmt: skip
    found = {"decision": "a-check", "outcome": "overturned", "relation": "unrelated", "note": "", "actor": "r"}

    def before(transaction):
        transaction.record(decisions, "check", "a-check", decided)
        transaction.record(outcomes, "outcome", "a-check", found | {"at": transaction.stamp})
        return Answer("")

    commit(check_service.engine, check_service.signer, [Unit(before)], now=lambda: NOW)
    check_service.close()
    check_service = open_check_service(settings)
    with check_service.engine.connect() as connection:
        assert connection.execute(select(warnings.c.kind, warnings.c.account_id)).all() == [("overturned", "17")]
    check_service.close()


def test_an_imported_registry_is_followed(settings):
    registry_store(settings.home).replace(Registry([TARGET]))
    check_service = open_check_service(settings)
    assert isinstance(check_service.current, FollowedScorer)
    check_service.current.stop()
    check_service.close()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"registry": Path("missing.csv")}, FileFormatError),
        ({"database_url": "nonsense"}, SettingsError),
        ({"database_url": "postgresql://127.0.0.1:1/none"}, RecordsError),
    ],
)
def test_what_cannot_be_used_stops_the_start(settings, changes, error):
    with pytest.raises(error):
        open_check_service(settings.model_copy(update=changes))


def test_a_database_whose_log_another_key_signed_stops_the_start_until_it_is_trusted(settings, tmp_path):
    """As with the wrong backup of a home: what it signs would not be trusted where the database belongs."""
    url = f"sqlite:///{tmp_path}/shared.db"
    first = open_check_service(settings.model_copy(update={"database_url": url}))
    signed_by = first.signer.present().key_id
    first.close()
    other = settings.model_copy(update={"database_url": url, "home": tmp_path / "other"})
    with pytest.raises(SettingsError, match=f"last signed by key {re.escape(signed_by)}"):
        open_check_service(other)
    trusted = "demonstration/keys/clearances/trusted"
    shutil.copytree(settings.home / trusted, tmp_path / "other" / trusted, dirs_exist_ok=True)
    open_check_service(other).close()


def test_a_damaged_registry_stops_the_start(settings):
    store = registry_store(settings.home)
    store.replace(Registry([TARGET]))
    next(store.directory.glob("*.arrow")).write_bytes(b"damaged")
    with pytest.raises(RegistryError):
        load_scorer(settings)


def test_warming_up_scores_many_and_single_accounts_near_the_protected_ones(scorer: Scorer):
    asked = []

    class Watched:
        registry = scorer.registry

        def assess_many(self, accounts):
            asked.append(len(accounts))
            return scorer.assess_many(accounts)

        def assess(self, account):
            asked.append(1)
            return scorer.assess(account)

    warm_up(Watched())
    assert asked == [WARMED, *[1] * WARMED]
