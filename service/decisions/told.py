"""What people are told about a check: out of its record, as codes that ``service.texts`` turns into sentences.

Rules:

1. What was done is what a redeemed clearance says, never what was asked. An appeal that overturned it ends it; one that
   is open may have lifted it, and then nothing else is told until it is decided.
2. While a check is open nobody is told what it found: an imitator would be warned, a reporter told what may be wrong.
3. That the account is the owner's own, or protected, is not public. It is told to nobody: no breach was found.
4. Who asked, who reviewed, who reported and what was reported goes into no text.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import select

from classifier.accounts.account import Account
from service.decisions.appeal_codes import code_told
from service.decisions.appeal_records import open_appeal
from service.decisions.outcomes import latest_outcome
from service.decisions.recorded import Decision, Read, clearance_state
from service.decisions.review_state import Review, find_review
from service.limits import Rules
from service.records.tables import clearances
from service.schemas.checks import CheckResponse
from service.schemas.told import ToldOut
from service.texts.catalogue import language_or_default
from service.texts.compose import Done, Reader, Told, Why, notice_to
from service.texts.facts import STANDING, Side, facts

_WAITS = frozenset({"open", "approved"})
_DECLINED: dict[str, Why] = {
    "impersonation": "unsure",
    "parody_or_fan": "parody",
    "unrelated": "unrelated",
    "no_target": "none",
}
_NAMING: frozenset[Why | None] = frozenset({"impersonation", "parody", "unrelated", "unsure"})


def told_of(
    read: Read, decision: Decision, to: Reader, language: str | None, *, now: datetime, rules: Rules
) -> ToldOut:
    """Return what the person or the reporter may be told of a check.

    Parameters
    ----------
    language : str or None
        A tag of BCP 47. ``None``: for the reporter the language of the notice, where there are texts in it; English
        else. That language is the reporter's and says nothing of the person's.

    Raises
    ------
    ErasedError
        If the texts of its account were erased: then nobody is named any more.
    UnknownLanguageError
    """
    account, check = decision.account(), CheckResponse(**decision.answer)
    review = find_review(read, decision, now=now, rules=rules)
    done = _done(read, decision, review, now)
    why = _why(done, check)
    people = len({approval.person for approval in review.approvals})
    target = check.target.handle if check.target and why in _NAMING else None
    side: Side = "against" if done == "nothing" else "for"
    told = Told(
        account.handle,
        done,
        why,
        target,
        facts(check.evidence, side, untold=_untold(account, check, to)) if target else (),
        people,
        rules.filing.complaint_url,
        code_told(read, decision.row.id, rules) if to == "person" else None,
    )
    written = notice_to(to, told, language or _usual_language(decision, to))
    return ToldOut(
        to=to,
        lang=written.language,
        dir=written.direction,
        subject=written.subject,
        text=written.text,
        facts=list(written.facts),
        cure=written.cure,
        complain=written.complain,
        automated=bool(check.model_id),
        people=people,
        action_taken=None if done in {"overturned", "nothing", "open", "lifted"} else done,
    )


def _usual_language(decision: Decision, to: Reader) -> str:
    notice = decision.record["request"].get("notice") or {}
    return language_or_default(notice.get("language") if to == "reporter" else None)


def _done(read: Read, decision: Decision, review: Review, now: datetime) -> Done:
    given = read(select(clearances).where(clearances.c.decision == decision.row.id))
    states = {clearance_state(row, now) for row in given}
    if "spent" in states:
        if latest_outcome(read, decision.row.id) == "overturned":
            return "overturned"
        waits = open_appeal(read, decision.row.id, "action")
        return "lifted" if waits and waits.is_lifted else cast(Done, decision.row.action)
    return "open" if "valid" in states or review.state in _WAITS else "nothing"


def _why(done: Done, check: CheckResponse) -> Why | None:
    if done in {"open", "overturned", "lifted"}:
        return None
    if done != "nothing":
        return "impersonation" if check.target else None
    return _DECLINED.get(check.relation, "fine")


def _untold(account: Account, check: CheckResponse, to: Reader) -> frozenset[str]:
    """Return the facts that are not told: what is no difference after all, and to a reporter the account's standing."""
    same = set()
    if check.target and account.handle.casefold() == check.target.handle.casefold():
        same.add("handle_differs")
    if check.target and (account.display_name or "").casefold() == (check.target.display_name or "").casefold():
        same.add("name_differs")
    return frozenset(same) | (STANDING if to == "reporter" else frozenset())
