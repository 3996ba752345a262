"""Opening the service: settings become a check service."""

from __future__ import annotations

from itertools import islice

from classifier.accounts.account import Account
from classifier.model_store import ModelStore
from classifier.registry.demonstration import demonstration_registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.storage.home import load_index, registry_store
from service.decisions.check_service import CheckService
from service.decisions.current_scorer import CurrentScorer, FixedScorer, FollowedScorer
from service.decisions.outcomes import carry_over
from service.records.database import open_database
from service.records.transaction import Unit, commit
from service.settings import Settings
from service.signing import Signer, clearance_keys
from service.utils.clock import utc_now

# Protected accounts that are nearly asked for before the first request.
WARMED = 20


def open_check_service(settings: Settings) -> CheckService:
    """Return the check service that ``settings`` describe.

    Raises
    ------
    DoublecheckError
        If the registry, the model, the keys or the database cannot be used.
    """
    current = load_scorer(settings)
    warm_up(current())
    signer, engine = Signer(clearance_keys(settings.home)), open_database(settings.database())
    [carried] = commit(engine, signer, [Unit(carry_over)], now=utc_now)
    if isinstance(carried, Exception):
        raise carried
    check_service = CheckService(current, settings, engine, signer, clock=utc_now)
    if isinstance(current, FollowedScorer):
        current.start()
    return check_service


def warm_up(scorer: Scorer) -> None:
    """Score accounts that are nearly protected ones, so that what is compiled on first use is compiled before serving.

    After an installation that takes some ten seconds, in which the first requests would fail.
    """
    nearly = [
        Account(
            platform=account.platform,
            handle=f"{account.handle}1",
            display_name=account.display_name or "Ada Lov\u0435lace",  # a Cyrillic letter: another way to compare
            bio=f"{account.bio or ''} Official support. Message me on https://t.example/{account.handle}",
        )
        for account in islice(scorer.registry, WARMED)
    ]
    scorer.assess_many(nearly)
    for account in nearly:
        scorer.assess(account)


def load_scorer(settings: Settings) -> CurrentScorer:
    """Return the scorer of the current model over the configured registry; what was imported can be followed.

    Raises
    ------
    DoublecheckError
        If the registry or the model cannot be used.
    """
    store, models = registry_store(settings.home), ModelStore(settings.home)
    opened = None if settings.demo() or settings.registry else store.open()
    protected = opened.index if opened else _given(settings)
    models.first_start()
    stored = models.load()
    scorer = Scorer(stored.model, stored.model_id, protected, withdrawn=stored.withdrawn)
    return FixedScorer(scorer, models) if opened is None else FollowedScorer(scorer, store, opened, models)


def _given(settings: Settings) -> CandidateIndex:
    if settings.demo():
        return CandidateIndex(demonstration_registry())
    return load_index(settings.home, settings.registry, now=utc_now())
