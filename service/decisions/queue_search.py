"""The queue as somebody wants to see it: filtered, sorted, its checks of one account together, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, select

from classifier.accounts.identity import identity_key
from classifier.scoring.impact import Impact
from service.auth.api_keys import Caller
from service.decisions.queue_marks import Mark
from service.decisions.recorded import Read, on_platform
from service.decisions.review_queue import Waiting, queue_rank, waiting
from service.limits import Rules
from service.records.tables import decisions, stamp

# Accounts on one page.
PAGE = 50
Sort = Literal["order", "oldest", "newest", "due", "audience", "probability", "handle"]
Answerable = Literal["", "mine", "others"]
Claimed = Literal["", "me", "others", "nobody"]
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class QueueSearch:
    """What to show of the queue; what is empty does not matter.

    Attributes
    ----------
    q : str
        Part of the reported account's handle or name.
    reason : str
        The code of a reason of the verdict.
    who : {"", "mine", "others"}
        What this person can answer, or cannot.
    """

    q: str = ""
    platform: str = ""
    action: str = ""
    reason: str = ""
    impact: Impact | Literal[""] = ""
    who: Answerable = ""
    claimed: Claimed = ""
    sort: Sort = "order"

    @property
    def given(self) -> dict[str, str]:
        """What matters, by name; the order of the queue is what is shown where nothing is said."""
        chosen = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in chosen.items() if value and (name, value) != ("sort", "order")}


class AccountGroup(NamedTuple):
    """The checks of one account, in the order of the queue."""

    items: tuple[Waiting, ...]

    @property
    def first(self) -> Waiting:
        """The check that stands for the account."""
        return self.items[0]

    @property
    def claim(self) -> Mark | None:
        """Who has claimed the account: a check of it."""
        return next((item.marks.claim for item in self.items if item.marks.claim), None)


class QueuePage(NamedTuple):
    """The accounts that fit, what this person can answer of them, and what can be asked for.

    Attributes
    ----------
    mine : frozenset of str
        The numbers of the checks that this person can answer.
    looked_at, total : int
        How many checks were looked at, and how many wait in all.
    """

    groups: list[AccountGroup]
    mine: frozenset[str]
    looked_at: int
    total: int
    platforms: list[str]
    reasons: list[str]

    def counted(self, *, answerable: bool) -> int:
        """Return how many checks fit: all, or those that this person can answer."""
        return len(self.mine) if answerable else sum(len(group.items) for group in self.groups)


def find_queue(read: Read, caller: Caller, wanted: QueueSearch, *, now: datetime, rules: Rules) -> QueuePage:
    """Return what fits of the queue."""
    queue = waiting(read, caller, now=now, rules=rules, where=_conditions(wanted))
    every = {item.decision.row.id: item for item in (*queue.mine, *queue.others)}
    mine = {item.decision.row.id for item in queue.mine}
    if key := identity_key(wanted.q):  # a handle is found however many wait, a name among the checks looked at
        named = (*_conditions(wanted), decisions.c.handle.contains(key, autoescape=True))
        found = waiting(read, caller, now=now, rules=rules, where=named)
        every |= {item.decision.row.id: item for item in (*found.mine, *found.others)}
        mine |= {item.decision.row.id for item in found.mine}
    fitting = [item for check_id, item in every.items() if _fits(item, wanted, caller, is_mine=check_id in mine)]
    fitting.sort(key=_SORTS[wanted.sort])
    if wanted.sort == "order":
        fitting = _in_order(fitting, caller, mine)
    return QueuePage(
        grouped(fitting),
        frozenset(item.decision.row.id for item in fitting if item.decision.row.id in mine),
        len(every),
        queue.total,
        _platforms(read, now, rules),
        sorted({code for item in every.values() for code in item.decision.codes}),
    )


def _conditions(wanted: QueueSearch) -> list[ColumnElement[bool]]:
    """Return what the database can tell, so that it is found however many wait."""
    of_platform = [on_platform(wanted.platform)] if wanted.platform else []
    return [*of_platform, *([decisions.c.action == wanted.action] if wanted.action else [])]


def _platforms(read: Read, now: datetime, rules: Rules) -> list[str]:
    since = decisions.c.at > stamp(now - rules.review_time)
    query = select(decisions.c.platform).where(decisions.c.verdict == "needs_review", since).distinct()
    return sorted(row.platform for row in read(query) if row.platform)


def _fits(item: Waiting, wanted: QueueSearch, caller: Caller, *, is_mine: bool) -> bool:
    return (
        (not wanted.q or _is_named(item, wanted.q))
        and (not wanted.reason or wanted.reason in item.decision.codes)
        and (not wanted.impact or wanted.impact == item.impact)
        and (not wanted.who or (wanted.who == "mine") == is_mine)
        and (not wanted.claimed or wanted.claimed == _claimed(item, caller))
    )


def _is_named(item: Waiting, text: str) -> bool:
    key, part = identity_key(text), text.strip().removeprefix("@").casefold()
    name = (item.account.display_name or "").casefold()
    return part in item.account.handle.casefold() or part in name or bool(key and key in item.decision.row.handle)


def _claimed(item: Waiting, caller: Caller) -> Claimed:
    claim = item.marks.claim
    if claim is None:
        return "nobody"
    return "me" if caller.is_called(claim.actor) else "others"


# --- order -----------------------------------------------------------------------------------------------------------


def _in_order(found: Sequence[Waiting], caller: Caller, mine: set[str]) -> list[Waiting]:
    """Return what this person can answer first, of it what others have escalated; last what the person put off."""

    def rank(item: Waiting) -> tuple[bool, datetime, bool]:
        put_off = item.marks.put_off(caller)
        raised = item.marks.escalation is not None and put_off is None
        return item.decision.row.id not in mine, put_off or _LONG_AGO, not raised

    return sorted(found, key=rank)


# Whatever is not known comes last.
_SORTS: dict[Sort, Callable[[Waiting], Any]] = {
    "order": queue_rank,
    "oldest": lambda item: item.at,
    "newest": lambda item: -item.at.timestamp(),
    "due": lambda item: (item.due_at, item.at),
    "audience": lambda item: (item.account.followers is None, -(item.account.followers or 0), item.at),
    "probability": lambda item: (-item.decision.answer["impersonation_probability"], item.at),
    "handle": lambda item: (item.decision.row.handle, item.at),
}


def next_ids(page: QueuePage, caller: Caller) -> list[str]:
    """Return what this person can claim next, in order: first what the person has claimed already."""
    free = [group for group in page.groups if group.claim is None or caller.is_called(group.claim.actor)]
    free.sort(key=lambda group: group.claim is None)
    ids = (item.decision.row.id for group in free for item in group.items[:1])
    return [check_id for check_id in ids if check_id in page.mine]


def grouped(found: Iterable[Waiting]) -> list[AccountGroup]:
    """Return the checks of each account together, accounts in the order of their first check."""
    groups: dict[tuple[str, str, str], list[Waiting]] = {}
    for item in found:
        groups.setdefault(_account(item), []).append(item)
    return [AccountGroup(tuple(items)) for items in groups.values()]


def _account(item: Waiting) -> tuple[str, str, str]:
    """Return what stands for an account: its id, or where none is known its handle."""
    subject = item.decision.subject
    return subject.platform, subject.account_id, "" if subject.account_id else subject.handle
