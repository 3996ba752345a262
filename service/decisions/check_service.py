"""The check service: what the service does, without the web. Routes and pages call it.

Scoring happens outside of the transaction, deciding within it: who the actor is, what quotas are left and what was
answered before is read there, and what is read there is still so when it is committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from prometheus_client import Counter
from sqlalchemy import Engine

from classifier.accounts.account import Account, ProtectedAccount, as_protected, protected_from
from classifier.errors import DoublecheckError
from classifier.scoring.assessment import Assessment
from classifier.scoring.scorer import Scorer
from service.auth.api_keys import Caller, Callers
from service.auth.sessions import Sessions
from service.decisions import check, demands, redemption, reviews
from service.decisions.alarms import AlarmDesk
from service.decisions.appeal_desk import AppealDesk
from service.decisions.asker_desk import AskerDesk
from service.decisions.audit_desk import AuditDesk
from service.decisions.case_file import CaseFile, Step, case_file, steps
from service.decisions.check import CheckIn
from service.decisions.clearance_token import read_token
from service.decisions.current_scorer import CurrentScorer
from service.decisions.gate_signs import GateDesk
from service.decisions.instances import Instances
from service.decisions.key_desk import KeyDesk
from service.decisions.known_cases import KnownCases
from service.decisions.ledger import Ledger
from service.decisions.notices import ReporterSeen
from service.decisions.outcomes import count_outcomes, record_outcome
from service.decisions.overview import desk_figures
from service.decisions.proven_desk import ProvenDesk
from service.decisions.queries import Search, detail, due_first, search
from service.decisions.queue_desk import QueueDesk
from service.decisions.recorded import Read, find_decision, reader, require_visible
from service.decisions.registry_desk import RegistryDesk
from service.decisions.repeats import check_again, clearance_again, redeemed_again
from service.decisions.reporters import ReporterDesk
from service.decisions.review_queue import Queue, waiting
from service.decisions.scored_together import ScoredTogether
from service.decisions.second_admin_desk import SecondAdminDesk
from service.decisions.second_look_desk import SecondLookDesk
from service.decisions.statement_of_reasons import complete_statement, find_statement
from service.decisions.told import told_of
from service.errors import InFlightError
from service.limits import Rules
from service.monitoring.watcher import last_run
from service.records.database import translated
from service.records.engines import count_connections
from service.records.group_commit import GroupCommitter
from service.records.remembered import Subject, subject_of
from service.records.transaction import Answer, Idempotency, Transaction, Unit
from service.schemas.demands import AccountLookIn, DemandOut, DemandPage, RawLookIn
from service.schemas.reviews import (
    AccountRedeemIn,
    CheckApprovalIn,
    CheckDetail,
    CheckPage,
    OutcomeIn,
    RawRedeemIn,
)
from service.schemas.statements import Statement, StatementIn
from service.schemas.told import ToldOut
from service.settings import Settings
from service.signing import Signer
from service.texts.compose import Reader
from service.utils.desk_metrics import DeskFigures
from service.utils.metrics import Metrics
from service.utils.person_key import person_key

Clock = Callable[[], datetime]
# What the same request is answered now, of what it was answered before.
Again = Callable[[Transaction, Answer], Answer]
T = TypeVar("T")


class CheckService:
    """Answers checks and what follows from them.

    Parameters
    ----------
    current : CurrentScorer
        Gives the scorer in force.
    clock : callable
        Gives the time, aware.
    """

    def __init__(
        self,
        current: CurrentScorer,
        settings: Settings,
        engine: Engine,
        signer: Signer,
        *,
        clock: Clock,
    ) -> None:
        self.current = current
        self.engine = engine
        self.signer = signer
        self.clock = clock
        self.rules: Rules = settings.rules()
        self.callers = Callers(engine)
        self.metrics = Metrics(lambda: count_outcomes(engine), self._holding, lambda: last_run(engine), self._figures)
        self._flying: set[tuple[str, str]] = set()
        process = self.metrics.process
        count_connections(engine, process.connections.inc)
        self._scoring = ScoredTogether(current, waiting=settings.max_waiting, watch=partial(process.waits, "scoring"))
        self._committer = GroupCommitter(
            engine, signer, now=clock, waiting=settings.max_waiting,
            watch=self.metrics.committed, waits=partial(process.waits, "commit"),
        )  # fmt: skip
        self.instances = Instances(signer)
        ledger = Ledger(self._commit, self.read, self._flight, self.rules, clock)
        self.registry = RegistryDesk(current, ledger, self.instances)
        self.people = KeyDesk(ledger)
        self.proven = ProvenDesk(current, ledger)
        self.reporters = ReporterDesk(ledger)
        self.second_looks = SecondLookDesk(ledger)
        self.known_cases = KnownCases(self.rules.known_case_share)
        self.appeals = AppealDesk(ledger)
        self.audit = AuditDesk(engine, signer, ledger)
        self.queue = QueueDesk(ledger)
        self.askers = AskerDesk(ledger)
        self.second_admins = SecondAdminDesk(ledger)
        self.gates = GateDesk(ledger, timedelta(minutes=settings.silent_gate_minutes))
        self.alarms = AlarmDesk(current, engine, self.gates, clock)
        self.sessions = Sessions(engine, self._committer, settings.sessions(), clock=clock)

    def close(self) -> None:
        """Finish what was accepted."""
        self._scoring.close()
        self._committer.close()
        self.engine.dispose()

    # --- checks ------------------------------------------------------------------------------------------------------

    async def check(
        self,
        request: check.CheckIn,
        caller: Caller,
        idempotency: Idempotency | None = None,
        *,
        give: bool = True,
        hold: bool = False,
    ) -> Answer:
        """Score an account, decide, record, and ``give`` a clearance where it is cleared; ``hold`` as ``record``."""
        with self._flight(caller, idempotency):
            reading = await check.read_aside(request.account, request.format, now=self.clock())
            reporter = await self._reporter(request, reading.account)
            checked = check.Checked(request, reading, await self.assess(reading.account), reporter)
            answer = await self._commit(
                self.instances.permitting(
                    checked.assessment,
                    lambda transaction: check.record(
                        transaction, checked, caller, self.rules, self.signer, give=give, hold=hold
                    ),
                ),
                caller,
                idempotency,
                actors=(request.actor.actor_id,) if request.actor else (),
                about=(subject_of(reading.account),),
                again=lambda transaction, before: check_again(transaction, before, caller),
            )
        _count(self.metrics.checks, answer)
        if answer.labels:
            self.known_cases.came(*answer.labels)
        if give and answer.labels[:1] == ("cleared",):
            self.metrics.clearances.labels("issued").inc()
        return answer

    async def _reporter(self, request: CheckIn, reported: Account) -> ReporterSeen | None:
        """Score the reporter's own account, where the notice has it: also as an imitator of the reported one."""
        given = request.notice and request.notice.account
        if not given:
            return None
        account = (await check.read_aside(given, "doublecheck", now=self.clock())).account
        towards = await asyncio.to_thread(self.current().assess_against, account, [as_protected(reported)])
        return ReporterSeen(await self.assess(account), towards)

    async def assess(self, account: Account, scorer: Scorer | None = None) -> Assessment:
        """Score an account, together with those of other requests: by the scorer that is in force, or by another."""
        return await self._scoring.assess(account, scorer)

    async def record_batch(
        self,
        answer: Callable[[Transaction], Answer],
        caller: Caller,
        idempotency: Idempotency | None,
        *,
        actors: tuple[str, ...] = (),
        about: tuple[Subject, ...] = (),
    ) -> Answer:
        """Log that a batch was answered: it is no decision and clears nothing.

        Parameters
        ----------
        actors : tuple of str
            Whose ends of access ``answer`` asks for.
        about : tuple of Subject
            Of which accounts it asks for warnings.
        """
        with self._flight(caller, idempotency):
            return await self._commit(answer, caller, idempotency, actors=actors, about=about)

    async def find(self, check_id: str, caller: Caller) -> CheckDetail:
        """Return a check with its history."""

        def read(read_: Read) -> CheckDetail:
            decision = find_decision(read_, check_id)
            require_visible(read_, decision, caller)
            return detail(read_, decision, caller, now=self.clock(), rules=self.rules)

        return await self.read(read)

    async def show(self, check_id: str, caller: Caller) -> CheckDetail:
        """Return a check with its evidence. That a reviewer has been shown it is recorded first."""
        if "reviewer" in caller.roles:
            await self._commit(lambda transaction: reviews.show(transaction, check_id, caller), caller)
        return await self.find(check_id, caller)

    async def account(self, check_id: str, caller: Caller) -> Account:
        """Return the account of a check as it was checked; nothing is recorded of that."""

        def read(read_: Read) -> Account:
            decision = find_decision(read_, check_id)
            require_visible(read_, decision, caller)
            return decision.account()

        return await self.read(read)

    async def target(self, check_id: str, caller: Caller) -> ProtectedAccount | None:
        """Return the protected account of a check in full, as it was then; nothing is recorded of that."""

        def read(read_: Read) -> ProtectedAccount | None:
            decision = find_decision(read_, check_id)
            require_visible(read_, decision, caller)
            return protected_from(decision.record["target"]) if decision.record["target"] else None

        return await self.read(read)

    async def case_file(self, check_id: str, caller: Caller) -> CaseFile:
        """Return all that a person needs to answer a check. That a reviewer has been shown it is recorded first."""
        found = await self.show(check_id, caller)
        decision = await self.read(lambda read: find_decision(read, check_id))
        try:
            fresh = await self.assess(decision.account())
        except DoublecheckError:  # what was decided can be shown all the same
            fresh = None
        trusted = self.signer.known()
        return await self.read(
            lambda read: case_file(
                read, decision, found, fresh, caller, now=self.clock(), rules=self.rules, trusted=trusted
            )
        )

    async def steps(self, check_ids: list[str], caller: Caller) -> dict[str, list[Step]]:
        """Return what happened to each of some checks, in order, as far as this person may know."""
        return await self.read(lambda read: steps(read, check_ids, caller))

    async def waiting(self, caller: Caller) -> Queue:
        """Return the checks that wait for a second person."""
        return await self.read(lambda read: waiting(read, caller, now=self.clock(), rules=self.rules))

    async def search(self, wanted: Search, caller: Caller) -> CheckPage:
        """Return the checks that fit."""
        return await self.read(lambda read: search(read, wanted, caller))

    async def due_first(self, limit: int, caller: Caller) -> CheckPage:
        """Return the checks that wait for a second person, what is due first coming first."""
        return await self.read(lambda read: due_first(read, caller, limit, now=self.clock(), rules=self.rules))

    # --- what follows from a check -----------------------------------------------------------------------------------

    async def approve(
        self, check_id: str, given: CheckApprovalIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Record a reviewer's answer."""
        with self._flight(caller, idempotency):
            answer = await self._commit(
                lambda transaction: reviews.approve(transaction, check_id, given, caller, self.rules),
                caller,
                idempotency,
            )
        _count(self.metrics.approvals, answer)
        if answer.waited is not None:
            self.metrics.answers.observe(answer.waited)
        return answer

    async def clear(
        self, check_id: str, caller: Caller, idempotency: Idempotency | None, *, actor: str | None = None
    ) -> Answer:
        """Give the clearance for a check that was approved; ``actor`` acts, of a triage."""
        with self._flight(caller, idempotency):
            decision = await self.read(lambda read: find_decision(read, check_id))
            await self.read(lambda read: require_visible(read, decision, caller))
            fresh = await self._assess_now(decision.account())
            answer = await self._commit(
                self.instances.permitting(
                    fresh,
                    lambda transaction: reviews.clear(
                        transaction, check_id, fresh, caller, self.rules, self.signer, actor
                    ),
                ),
                caller,
                idempotency,
                actors=tuple(name for name in (decision.row.actor, actor) if name),
                again=lambda transaction, before: clearance_again(transaction, before, caller),
            )
        _count(self.metrics.clearances, answer)
        return answer

    async def redeem(
        self, given: AccountRedeemIn | RawRedeemIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Spend a clearance, if all that it is bound to is still so."""
        with self._flight(caller, idempotency):
            clearance = read_token(given.token, self.signer.public())
            reading = await check.read_aside(given.account, given.format, now=self.clock())
            fresh = await self._assess_now(reading.account)
            answer = await self._commit(
                self.instances.permitting(
                    fresh,
                    lambda transaction: redemption.redeem(
                        transaction,
                        clearance,
                        fresh,
                        given.actor,
                        caller,
                        self.rules,
                        emptied=check.emptied(given.account),
                    ),
                ),
                caller,
                idempotency,
                actors=(clearance.actor,),
                again=lambda transaction, before: redeemed_again(transaction, before, caller),
            )
        _count(self.metrics.clearances, answer)
        return answer

    async def revoke(self, clearance_id: str, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Make a clearance void."""
        with self._flight(caller, idempotency):
            answer = await self._commit(
                lambda transaction: redemption.revoke(transaction, clearance_id, caller), caller, idempotency
            )
        _count(self.metrics.clearances, answer)
        return answer

    async def outcome(self, check_id: str, given: OutcomeIn, caller: Caller, idempotency: Idempotency | None) -> Answer:
        """Record what an appeal found."""
        with self._flight(caller, idempotency):
            return await self._commit(
                lambda transaction: record_outcome(transaction, check_id, given, caller, self.rules),
                caller,
                idempotency,
            )

    async def find_demand(self, demand_id: str, caller: Caller) -> DemandOut:
        """Return what an account has to change."""
        return await self.read(lambda read: demands.find(read, demand_id, caller, now=self.clock(), rules=self.rules))

    async def search_demands(self, wanted: demands.DemandSearch) -> DemandPage:
        """Return the demands that fit."""
        return await self.read(lambda read: demands.search(read, wanted, now=self.clock(), rules=self.rules))

    async def look_at_demand(
        self, demand_id: str, given: AccountLookIn | RawLookIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Record whether an account has changed what was demanded."""
        with self._flight(caller, idempotency):
            reading = await check.read_aside(given.account, given.format, now=self.clock())
            fresh = await self._assess_now(reading.account)
            return await self._commit(
                lambda transaction: demands.look(transaction, demand_id, fresh, caller, self.rules), caller, idempotency
            )

    async def statement(self, check_id: str, caller: Caller) -> Statement:
        """Return the statement of reasons of a check."""

        def read(read_: Read) -> Statement:
            decision = find_decision(read_, check_id)
            require_visible(read_, decision, caller)
            return find_statement(read_, decision)

        return await self.read(read)

    async def told(self, check_id: str, to: Reader, language: str | None, caller: Caller) -> ToldOut:
        """Return what the person behind the account, or whoever reported it, may be told of a check."""

        def read(read_: Read) -> ToldOut:
            decision = find_decision(read_, check_id)
            require_visible(read_, decision, caller)
            return told_of(read_, decision, to, language, now=self.clock(), rules=self.rules)

        return await self.read(read)

    async def complete_statement(
        self, check_id: str, given: StatementIn, caller: Caller, idempotency: Idempotency | None
    ) -> Answer:
        """Add what a statement of reasons lacks."""
        with self._flight(caller, idempotency):
            return await self._commit(
                lambda transaction: complete_statement(transaction, check_id, given, caller), caller, idempotency
            )

    # --- how -----------------------------------------------------------------------------------------------------

    async def do(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Do a unit of work of the service itself."""
        return await self._committer.answer(Unit(work))

    def _figures(self) -> DeskFigures:
        with translated(), self.engine.connect() as connection:
            return desk_figures(reader(connection), now=self.clock(), rules=self.rules)

    def _holding(self) -> dict[str, bool]:
        try:
            scorer = self.current()
        except DoublecheckError:  # then nothing is cleared at all, and requests say so
            return {}
        return dict.fromkeys(scorer.model.certificates, True) | dict.fromkeys(scorer.withdrawn, False)

    async def _assess_now(self, account: Account) -> Assessment:
        """Score an account by what is in force at this very moment, not a second ago."""
        await asyncio.to_thread(self.current.look)
        return await self.assess(account)

    async def _commit(
        self,
        work: Callable[[Transaction], Answer],
        caller: Caller,
        idempotency: Idempotency | None = None,
        *,
        actors: tuple[str, ...] = (),
        about: tuple[Subject, ...] = (),
        again: Again | None = None,
    ) -> Answer:
        return await self._committer.answer(Unit(work, caller.key_id, caller.actor, actors, idempotency, about, again))

    async def read(self, work: Callable[[Read], T]) -> T:
        """Read what is recorded, in another thread."""

        def read() -> T:
            with translated(), self.engine.connect() as connection:
                return work(reader(connection))

        return await asyncio.to_thread(read)

    @contextmanager
    def _flight(self, caller: Caller, idempotency: Idempotency | None) -> Iterator[None]:
        """Refuse a second request with an idempotency key while the first is being answered."""
        if idempotency is None:
            yield
            return
        flight = person_key(caller.actor), idempotency.key
        if flight in self._flying:
            raise InFlightError("a request with this Idempotency-Key is being answered: wait for it, then ask again")
        self._flying.add(flight)
        try:
            yield
        finally:
            self._flying.discard(flight)


def _count(counter: Counter, answer: Answer) -> None:
    """Count an answer; one that is only repeated has no labels to count it by."""
    if answer.labels:
        counter.labels(*answer.labels).inc()
