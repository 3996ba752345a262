"""Opening the service: settings become a check service."""

from __future__ import annotations

from itertools import islice

from sqlalchemy import Engine

from classifier.accounts.account import Account
from classifier.errors import DoublecheckError
from classifier.model_store import ModelStore
from classifier.registry.demonstration import demonstration_registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.scorer import Scorer
from classifier.storage.home import load_index, registry_store
from classifier.storage.paths import has_registry
from service.decisions.check_service import CheckService
from service.decisions.current_scorer import CurrentScorer, FixedScorer, FollowedScorer
from service.decisions.demonstration import PEOPLE, DemonstrationScorer
from service.decisions.outcomes import carry_over
from service.errors import SettingsError
from service.records.database import open_database, translated
from service.records.kept_checkpoints import require_trusted
from service.records.purpose import Purpose, claim, purpose_of
from service.records.transaction import Unit, commit
from service.settings import Settings
from service.signing import Signer, clearance_keys
from service.utils.clock import utc_now
from service.web.hosts import Hosts, is_loopback

# Protected accounts that are nearly asked for before the first request.
WARMED = 20


def open_check_service(settings: Settings) -> CheckService:
    """Return the check service that ``settings`` describe.

    Raises
    ------
    DoublecheckError
        If the registry, the model, the keys or the database cannot be used.
    """
    settings = settings.settled()
    current = load_scorer(settings)
    warm_up(current())
    signer = Signer(clearance_keys(settings.records_home()))
    engine = open_database(settings.database())
    try:
        _claim(engine, signer, settings)
        _carry_over(engine, signer)
    except DoublecheckError:
        engine.dispose()
        raise
    check_service = CheckService(current, settings, engine, signer, clock=utc_now)
    if isinstance(current, FollowedScorer):
        current.start()
    return check_service


def _claim(engine: Engine, signer: Signer, settings: Settings) -> None:
    purpose: Purpose = "demonstration" if settings.demo() else "registry"
    if purpose_of(engine) in {None, purpose}:  # of another purpose the claim says so
        with translated(), engine.connect() as connection:
            require_trusted(connection, signer)
    claim(engine, signer, purpose, now=utc_now, people=PEOPLE, version=lambda: demonstration_registry().version)


def _carry_over(engine: Engine, signer: Signer) -> None:
    [carried] = commit(engine, signer, [Unit(carry_over)], now=utc_now)
    if isinstance(carried, Exception):
        raise carried


def refuse_exposed(settings: Settings) -> None:
    """Refuse to let strangers into a demonstration, where anybody signs in as anybody, unless that was asked for.

    Raises
    ------
    SettingsError
        If others than this machine could reach it, or a registry was imported.
    """
    if not settings.demo():
        return
    if has_registry(settings.home):
        raise SettingsError(
            "a registry was imported into this home, so the demonstration is over here: leave out --demonstration "
            "(DOUBLECHECK_DEMONSTRATION), or name another --home"
        )
    if not settings.demonstration and not (is_loopback(settings.host) and Hosts.of(settings).are_loopback()):
        raise SettingsError(
            f"no registry is configured, and the demonstration lets anybody in: on {settings.host} it starts only "
            "with --demonstration (DOUBLECHECK_DEMONSTRATION=true); or import your registry first, with "
            "'doublecheck registry import'"
        )


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
    if settings.demo():
        return DemonstrationScorer(scorer, models, settings.home)
    return FixedScorer(scorer, models) if opened is None else FollowedScorer(scorer, store, opened, models)


def _given(settings: Settings) -> CandidateIndex:
    if settings.demo():
        return CandidateIndex(demonstration_registry())
    return load_index(settings.home, settings.registry, now=utc_now())
