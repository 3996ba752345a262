"""The worker: takes each case from what the platform wants to what was done, one durable step after the other."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Literal, get_args

from doublecheck_client import ClientError, Doublecheck, RefusedError

from service.gates.attempts import Attempts
from service.gates.book import Book, Entry
from service.gates.case import ENDS, Case, State
from service.gates.errors import LaterError, NeverError
from service.gates.failures import failure_of
from service.gates.first_step import Hands
from service.gates.outcomes import hand_on
from service.gates.platform import Platform
from service.gates.reading import executor, is_done, known, profile_of, sentences
from service.gates.waits import backoff
from service.utils.traces import place

log = logging.getLogger(__name__)

Acts = Literal["off", "approved", "cleared"]
# Seconds for which a profile that was read counts as the account as it is now.
FRESH = 30.0
# Seconds after a redemption within which the action is taken. After that the account may be another: a fresh check.
ACT_WITHIN = 600.0
# How often a case is checked anew because its account changed, before somebody has to look.
MOST_ROUNDS = 2
# Why a review that is over permits nothing.
_OVER = {"declined": "A reviewer declined it.", "withdrawn": "Whoever asked for the check withdrew it."}
_FIRST: frozenset[State] = frozenset({"new", "answered"})
_UNDER_WAY: frozenset[State] = frozenset(get_args(State)) - ENDS


class Worker:
    """Does what is due.

    Parameters
    ----------
    acts : {"off", "approved", "cleared"}
        Whether this gate acts: never, once two reviewers have approved, or also what the policy clears at once.
    actor : str, optional
        Who acts where nobody else is named: a person's or a team's account.
    poll : float
        Seconds between two looks at a review.
    """

    def __init__(
        self,
        platform: Platform,
        service: Doublecheck,
        book: Book,
        *,
        acts: Acts = "off",
        actor: str | None = None,
        poll: float = 30.0,
    ) -> None:
        self.platform, self.service, self.book = platform, service, book
        self.acts, self.actor, self.poll = acts, actor, poll
        self._answers: dict[str, Mapping[str, Any]] = {}
        self._hands = Hands()
        self._attempts = Attempts(platform, book)
        self._steps = {
            "new": self._check, "answered": self._answered, "waiting": self._look, "approved": self._clear,
            "redeeming": self._redeem, "redeemed": self._act, "acted": self._report,
        }  # fmt: skip

    def work(self) -> int:
        """Do all steps that are due; return how many cases and outcomes were taken up."""
        taken = 0
        for ref in [entry.case.ref for entry in self.book.due()]:
            with self._hands.holding(ref) as held:
                entry = self.book.find(ref) if held else None  # as it is now: another thread may have taken it on
                if entry is not None and not entry.case.is_over and entry.next_at <= self.book.now():
                    self.take_on(entry)
                    taken += 1
        return taken + hand_on(self.service, self.book)

    def first_step(self, ref: str, seconds: float) -> None:
        """Have a case checked and no more, from any thread; wait so many seconds for whoever works on it."""
        with self._hands.holding(ref, seconds=seconds) as held:
            entry = self.book.find(ref) if held else None
            if entry is not None:
                self.take_on(entry, _FIRST)

    def take_on(self, entry: Entry, states: frozenset[State] = _UNDER_WAY) -> None:
        """Take a case as far as it goes now. Whatever fails is tried again later, and never acts.

        Parameters
        ----------
        states : frozenset of State
            In which to go on.
        """
        case = entry.case
        try:
            while case.state in states and self._step(case):
                entry = entry._replace(tries=0)
        except Exception as error:  # nothing must end the worker
            failure = failure_of(error)
            if not failure.is_known:
                log.error("case %d: failed with %s at %s", entry.number, type(error).__name__, place(error))
            if failure.is_final:
                self._fail(entry, failure.why)
            else:
                self._put_off(entry, failure.why, failure.seconds)

    def _step(self, case: Case) -> bool:
        """Do the next step; return whether another may follow at once."""
        before = case.state, case.round
        self._steps[case.state](case)
        return (case.state, case.round) != before

    def _check(self, case: Case) -> None:
        profile = profile_of(self.platform, case, self.book)
        actor = None if case.extra.get("only_approved") else case.actor  # a triage takes two people, whatever it finds
        about = (profile.format, profile.account, case.action, actor, case.reports)
        answer = self.service.check(
            profile.account,
            case.action,  # type: ignore[arg-type]  # the service says what it does not take
            actor,
            format=profile.format,  # type: ignore[arg-type]
            reports=case.reports or None,
            external_ref=case.ref,
            idempotency_key=case.key("check", *about),
        )
        case.check_id, case.verdict, case.token = answer.check_id, answer.verdict, answer.token
        case.state, case.why = "answered", sentences(answer.reasons)
        self._answers[case.ref] = answer.raw
        self.book.save(case)

    def _answered(self, case: Case) -> None:
        answer = self._answers.pop(case.ref, None)
        if answer is None:
            answer = self.service.find(known(case.check_id))["check"]
        self._tell(case, "checked", answer)
        if case.verdict == "refused":
            self._end(case, "refused", "refused")
        elif case.verdict == "needs_review":
            self._go_on(case, "waiting")
        elif self.acts == "cleared" and case.actor and case.token and not case.extra.get("only_approved"):
            self._go_on(case, "redeeming")
        else:
            self._end(case, "stands", "stands")

    def _look(self, case: Case) -> None:
        found = self.service.find(known(case.check_id))
        state = found["review"]["state"]
        if state == "open":
            self.book.wait(case, after=self.poll)
        elif state != "approved":
            case.why = _OVER.get(state, "The review lapsed: ask for a new check.")
            self._end(case, "refused", "declined")
        elif self.acts == "off":
            self._end(case, "stands", "approved")
        else:
            self._tell(case, "approved")
            case.actor = executor(found) or case.actor or self.actor
            if case.actor is None:
                case.why = "Two reviewers approved it, and nobody is named who acts: set DOUBLECHECK_GATE_ACTOR."
                self._end(case, "stands", "stands")
            else:
                self._go_on(case, "approved")

    def _clear(self, case: Case) -> None:
        try:
            case.token = self.service.clearance(known(case.check_id), actor=case.actor)
        except RefusedError as refused:
            self._again(case, refused)
            return
        self._go_on(case, "redeeming")

    def _redeem(self, case: Case) -> None:
        if case.profile is None and is_done(case, self.book):
            case.why = "The account was acted on in another case."
            self._end(case, "stands", "stands")
            return
        if case.profile is None or (self._is_old(case) and not self._is_spent(case)):
            profile = profile_of(self.platform, case, self.book)
            case.profile = {"format": profile.format, "account": profile.account, "at": self.book.now()}
            self.book.save(case)  # what is sent is on disk first: sent again, it is answered as before
        sent = case.profile
        try:
            redeemed = self.service.redeem(
                case.token,
                sent["account"],
                case.action,  # type: ignore[arg-type]
                actor=case.actor,
                format=sent["format"],
                idempotency_key=case.key("redeem", case.token, sent),
            )
        except RefusedError as refused:
            self._again(case, refused)
            return
        case.clearance_id, case.redeemed_at = redeemed.clearance_id, redeemed.redeemed_at.timestamp()
        case.token = case.profile = None
        self._go_on(case, "redeemed")

    def _act(self, case: Case) -> None:
        if self.book.now() - (case.redeemed_at or 0.0) > ACT_WITHIN:
            acted = self.platform.has_acted(case)
            if acted:
                self._go_on(case, "acted")
                return
            if acted is False or not case.attempted:
                self._check_anew(case, "The clearance was spent and the action was not taken in time.")
                return
        self._attempts.take(case)
        self._go_on(case, "acted")

    def _report(self, case: Case) -> None:
        case.why = ""
        self._end(case, "done", "acted")

    # --- how ---------------------------------------------------------------------------------------------------------

    def _again(self, case: Case, refused: RefusedError) -> None:
        """Go on after a clearance was refused: the account changed, or somebody's access, or the time is up."""
        if {reason.code for reason in refused.reasons} == {"expired"} and case.verdict == "needs_review":
            case.token = case.profile = None
            self._go_on(case, "approved")
            return
        self._check_anew(case, sentences(refused.reasons))

    def _check_anew(self, case: Case, why: str) -> None:
        case.why, case.token, case.profile, case.redeemed_at, case.attempted = why, None, None, None, False
        if case.round + 1 >= MOST_ROUNDS:
            self._end(case, "refused", "refused")
            return
        case.round += 1
        case.told, case.check_id, case.verdict = [], None, None
        self._go_on(case, "new")

    def _is_old(self, case: Case) -> bool:
        return case.profile is not None and self.book.now() - case.profile["at"] > FRESH

    def _is_spent(self, case: Case) -> bool:
        """Tell whether the clearance was spent: by this gate, which alone has its token."""
        found = self.service.find(known(case.check_id))
        return any(clearance["state"] == "spent" for clearance in found["clearances"])

    def _go_on(self, case: Case, state: State) -> None:
        case.state = state
        self.book.save(case)

    def _tell(self, case: Case, event: str, answer: Mapping[str, Any] | None = None) -> None:
        if event not in case.told:
            self.platform.tell(case, event, answer)
            case.told.append(event)

    def _end(self, case: Case, state: State, event: str) -> None:
        self._tell(case, event)
        case.token = case.profile = None
        self._go_on(case, state)

    def _fail(self, entry: Entry, why: str) -> None:
        """Close a case that cannot go on, telling the platform if it listens."""
        case = entry.case
        log.error("case %d: closed, somebody has to look: %s", entry.number, why)
        case.why = why
        try:
            self._tell(case, "failed")
        except (LaterError, NeverError, ClientError):
            log.warning("case %d: the platform could not be told", entry.number)
        case.token = case.profile = None
        self._go_on(case, "failed")

    def _put_off(self, entry: Entry, why: str, seconds: float | None = None) -> None:
        log.warning("case %d: %s: put off, try %d", entry.number, why, entry.tries + 1)
        self.book.put_off(entry.case, why, after=backoff(entry.tries, seconds))
