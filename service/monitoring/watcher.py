"""Watching what is decided: reads decisions and what became of them, says whether the certificates hold, withdraws.

1. The log comes first: a withdrawal is an entry of it, signed with all that came before, and only then written beside
   the model, where every worker and every batch finds it. Each run writes beside the model what the log has and the
   model has not: a crash in between, or a deleted file, withdraws nothing back.
2. Of all workers, one runs at a time: a run is claimed in the log before it begins.
3. A run that fails withdraws nothing: that nobody looked is no evidence against a certificate, a withdrawal is for
   good, and without a database nothing is cleared anyway. It is logged and counted, and a metric says when it last ran.
"""

from __future__ import annotations

import json
import math
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select

from classifier.accounts.account import Account
from classifier.accounts.normal_forms import View
from classifier.certification.monitoring import Health, Observed, examine
from classifier.errors import InputError
from classifier.features import FEATURES
from classifier.model.pair_model import CIRCUMSTANCES, PairModel
from classifier.model_store import ModelStore, Withdrawal
from classifier.scoring.policy import Policy
from service.errors import RecordsError
from service.records.database import translated
from service.records.people import people_by
from service.records.tables import WAS_ASKED, approvals, clearances, decisions, log, moment, outcomes, stamp
from service.records.transaction import Answer, Transaction, Unit, commit
from service.signing import Signer

# How far back decisions are compared with the training, and how many of them at most.
RECENT, MOST = timedelta(days=30), 100_000
# Rows read at once: statements stay short, and a run can be stopped between them.
_CHUNK = 1_000
_SUBJECT, _WITHDRAWN, _RUN = "monitor", "certificate_withdrawn", "monitored"
# Runs that are read at once: more than a month of hourly ones.
MOST_RUNS = 1_000
_OF_ACCOUNT = tuple((feature.name, feature.compute) for feature in FEATURES if feature.name in CIRCUMSTANCES)


class Known(NamedTuple):
    """What became known of a decision, the entry of the log by which it first did, and who says so."""

    is_attack: bool
    seq: int
    said_by: frozenset[str] = frozenset()


class Watcher:
    """Watches the decisions of a model, and withdraws its certificates when they do not hold.

    Parameters
    ----------
    clock : callable
        Gives the time, aware.
    """

    def __init__(self, engine: Engine, signer: Signer, models: ModelStore, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._signer = signer
        self._models = models
        self._clock = clock
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End a run that is under way, without effect."""
        self._stopped.set()

    def run_if_due(self, model_id: str, minutes: float) -> Health | None:
        """Run unless a run of any process began within the last minutes."""
        begun = self._commit(lambda transaction: _claimed(transaction, timedelta(minutes=minutes)))
        return self.run(model_id) if begun.body else None

    def run(self, model_id: str, *, since: datetime | None = None) -> Health:
        """Examine, withdraw what does not hold, and log what was found.

        Parameters
        ----------
        since : datetime, optional
            From when on the population is compared with the training's; by default ``RECENT``. What became known of
            decisions counts whenever that was.

        Raises
        ------
        ModelError, RecordsError
        """
        self.restore(model_id)
        health = self.examine(model_id, since=since)
        before = self._models.withdrawn(model_id)
        for tier in health.tiers:
            if tier.state != "withdrawn" or tier.tier in before:
                continue
            figures = {} if tier.bound is None else asdict(tier.bound)
            self._withdraw(model_id, tier.tier, by="monitor", code="bound_broken", text=tier.sentence, figures=figures)
        self._commit(lambda transaction: _noted(transaction, health))
        return health

    def examine(self, model_id: str, *, since: datetime | None = None) -> Health:
        """Say whether the certificates of a model hold, and change nothing.

        Raises
        ------
        ModelError, RecordsError
        """
        stored = self._models.load(model_id, as_certified=True)
        begin = since or self._clock() - RECENT
        with translated(), self._engine.connect() as connection:
            known = list(self._known(connection, model_id, stored.model))
            recent = list(self._recent(connection, model_id, stored.model, begin))
        return examine(
            model_id,
            stored.model.certificates,
            recent=recent,
            known=known,
            reference=stored.manifest["training"].get("reference"),
            withdrawn=self._models.withdrawn(model_id),
        )

    def withdraw(self, model_id: str, tier: str, *, by: str, text: str) -> None:
        """Withdraw a certificate because a person says so.

        Raises
        ------
        InputError
            If the model has no certificate of that tier.
        """
        if tier not in self._models.load(model_id, as_certified=True).model.certificates:
            raise InputError(f"model {model_id} has no certificate of the tier {tier}")
        self.restore(model_id)
        if tier not in self._models.withdrawn(model_id):
            self._withdraw(model_id, tier, by=by, code="by_hand", text=text, figures={})

    def restore(self, model_id: str) -> None:
        """Write beside the model what the log says was withdrawn."""
        for withdrawal in withdrawals(self._engine, model_id):
            self._models.withdraw(withdrawal)

    def _withdraw(self, model_id: str, tier: str, **why: Any) -> None:
        def write(transaction: Transaction) -> Answer:
            transaction.log(_WITHDRAWN, _of(model_id), model_id=model_id, tier=tier, at=transaction.stamp, **why)
            return Answer("")

        self._commit(write)
        self.restore(model_id)

    def _commit(self, work: Callable[[Transaction], Answer]) -> Answer:
        [answer] = commit(self._engine, self._signer, [Unit(work)], now=self._clock)
        if isinstance(answer, Exception):
            raise answer
        return answer

    # --- reading -----------------------------------------------------------------------------------------------------

    def _recent(self, connection: Connection, model_id: str, model: PairModel, since: datetime) -> Iterator[Observed]:
        """Yield the decisions of a model, the newest first."""
        before, left = None, MOST
        columns = select(decisions.c.seq, decisions.c.record).where(decisions.c.at >= stamp(since), WAS_ASKED)
        while left > 0:
            query = columns if before is None else columns.where(decisions.c.seq < before)
            rows = self._read(connection, query.order_by(decisions.c.seq.desc()).limit(min(_CHUNK, left)))
            if not rows:
                return
            before, left = rows[-1].seq, left - len(rows)
            for row in rows:
                yield from _observed(row.record, model_id, model)

    def _known(self, connection: Connection, model_id: str, model: PairModel) -> Iterator[Observed]:
        """Yield the decisions of a model of which something became known, in the order in which it did."""
        known = _became_known(connection)
        wanted = sorted(known, key=lambda check_id: known[check_id].seq)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            query = select(decisions.c.id, decisions.c.record).where(decisions.c.id.in_(chunk))
            records = {row.id: row.record for row in self._read(connection, query)}
            for check_id in chunk:
                yield from _observed(records[check_id], model_id, model, known[check_id])

    def _read(self, connection: Connection, query: Any) -> Sequence[Any]:
        if self._stopped.is_set():
            raise RecordsError("watching was stopped")
        return connection.execute(query).all()


def _of(model_id: str) -> str:
    return f"model:{model_id}"


def _became_known(connection: Connection) -> dict[str, Known]:
    """Return what became known of decisions: by the latest outcome of an action, or else by the reviewers.

    One decline is enough to take an account for genuine; enough approvals make it an impersonation. Of an outcome,
    whoever says the same by their own latest one says so too.
    """
    known: dict[str, Known] = {}
    person = people_by(connection).person
    approved: defaultdict[str, set[str]] = defaultdict(set)
    for check_id, answer, seq, actor in connection.execute(_ANSWERS):
        if answer == "approve":
            approved[check_id].add(person(actor))
        if answer == "decline":
            known[check_id] = Known(is_attack=False, seq=seq, said_by=frozenset({person(actor)}))
        elif len(approved[check_id]) >= _ENOUGH and check_id not in known:
            known[check_id] = Known(is_attack=True, seq=seq)
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for check_id, outcome, seq, actor in connection.execute(_OUTCOMES):
        said[check_id][person(actor)] = outcome
        agree = frozenset(name for name, theirs in said[check_id].items() if theirs == outcome)
        known[check_id] = Known(outcome == "upheld", known[check_id].seq if check_id in known else seq, agree)
    return known


# Approvals that a review takes.
_ENOUGH = Policy().approvals
_ANSWERS = select(approvals.c.decision, approvals.c.answer, approvals.c.seq, approvals.c.actor).order_by(
    approvals.c.seq
)
# Only of what was acted on: of anything else nobody can appeal, and versions before 0003 of the tables took it.
_ACTED = select(clearances.c.decision).where(clearances.c.spent.is_not(None))
_OUTCOMES = (
    select(outcomes.c.decision, outcomes.c.outcome, outcomes.c.seq, outcomes.c.actor)
    .where(outcomes.c.decision.in_(_ACTED))
    .order_by(outcomes.c.seq)
)


def _observed(record: str, model_id: str, model: PairModel, known: Known | None = None) -> Iterator[Observed]:
    """Yield a decision as watching sees it, unless another model made it."""
    if model_id not in record:  # most often it is not worth taking it apart
        return
    found = json.loads(record)
    answer = found["answer"]
    if answer["model_id"] != model_id or answer["relation"] == "is_protected":
        return
    values = {item["feature"]: item["value"] for item in answer["evidence"] if item["value"] is not None}
    values |= _circumstances(found["account"])
    yield Observed(
        account=_account(found["account"], answer["account_digest"]),
        tier=None if found["target"] is None else found["target"]["tier"],
        is_impersonation=answer["relation"] == "impersonation",
        probability=answer["impersonation_probability"],
        clearing_probability=answer.get("clearing_probability"),  # not in records of before policy 4
        values=values,
        is_outside=bool(model.beyond(_row(model, values))),
        is_attack=None if known is None else known.is_attack,
        said_by=frozenset() if known is None else known.said_by,
    )


def _account(account: Mapping[str, Any], digest: str) -> str:
    """Name an account, by the digest of its snapshot where its handle was erased and it has no id."""
    handle = f"@{account['handle'].casefold()}" if "handle" in account else digest
    return f"{account.get('platform')}:{account.get('account_id') or handle}"


def _circumstances(account: Mapping[str, Any]) -> dict[str, float]:
    view = View(
        Account(
            handle="-",
            followers=account.get("followers"),
            posts=account.get("posts"),
            created_at=_time(account.get("created_at")),
            observed_at=_time(account.get("observed_at")),
        )
    )
    return {name: compute(view, view) for name, compute in _OF_ACCOUNT}


def _time(text: str | None) -> datetime | None:
    return moment(text) if text else None


def _row(model: PairModel, values: Mapping[str, float]) -> list[float]:
    row = [math.nan] * len(model.features)
    for name in CIRCUMSTANCES:
        if name in model.features:
            row[model.features.index(name)] = values[name]
    return row


# --- the log ---------------------------------------------------------------------------------------------------------


def _claimed(transaction: Transaction, interval: timedelta) -> Answer:
    """Claim a run, unless one began or ended within the interval: the answer has a body then."""
    query = select(log.c.at).where(log.c.subject == _SUBJECT).order_by(log.c.seq.desc()).limit(1)
    last = transaction.read(query)
    if last and transaction.now - moment(last[0].at) < interval:
        return Answer("")
    transaction.log("monitor_begun", _SUBJECT)
    return Answer("begun")


def _noted(transaction: Transaction, health: Health) -> Answer:
    tiers = {
        tier.tier: {"state": tier.state} | ({} if tier.bound is None else asdict(tier.bound) | {"others": tier.others})
        for tier in health.tiers
    }
    share = health.outside.outside / health.outside.of if health.outside.of else None
    transaction.log(
        _RUN,
        _SUBJECT,
        model=health.model_id,
        state=health.state,
        decisions=health.decisions,
        tiers=tiers,
        stability_index=max((drift.index for drift in health.drifts), default=None),
        outside_share=share,
    )
    return Answer("")


def withdrawals(engine: Engine, model_id: str) -> list[Withdrawal]:
    """Return what the log says was withdrawn of a model, the first first."""
    query = select(log.c.data).where(log.c.subject == _of(model_id), log.c.kind == _WITHDRAWN).order_by(log.c.seq)
    with translated(), engine.connect() as connection:
        return [Withdrawal(**json.loads(row.data)) for row in connection.execute(query)]


def runs(engine: Engine, since: datetime) -> list[dict[str, Any]]:
    """Return when it was run to the end since a time, and the figures that were logged then, the oldest first.

    Of very many the latest ``MOST_RUNS``.
    """
    query = (
        select(log.c.at, log.c.data)
        .where(log.c.subject == _SUBJECT, log.c.kind == _RUN, log.c.at >= stamp(since))
        .order_by(log.c.seq.desc())
        .limit(MOST_RUNS)
    )
    with translated(), engine.connect() as connection:
        return [{"at": moment(row.at)} | json.loads(row.data) for row in connection.execute(query)][::-1]


def last_run(engine: Engine) -> dict[str, Any] | None:
    """Return when it was last run to the end, and the figures that were logged then; ``None`` if never."""
    query = select(log.c.at, log.c.data).where(log.c.subject == _SUBJECT, log.c.kind == _RUN)
    with translated(), engine.connect() as connection:
        row = connection.execute(query.order_by(log.c.seq.desc()).limit(1)).first()
    return None if row is None else {"at": moment(row.at).timestamp()} | json.loads(row.data)
