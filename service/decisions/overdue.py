"""What is overdue: it is escalated, or falls to the milder measure. It never clears anything.

Rules:

1. Nothing happens by itself: what is said is that somebody may ask for a fresh check, which is decided like any other.
2. It falls only where the milder measure fits (``offer``), and nothing but the model's doubt or the relation spoke
   against the action: never for an account of high or unknown impact, a protected one, or one that may be.
3. It falls only while it waits: what was answered, erased, or ended by a warning does not.
"""

from __future__ import annotations

from datetime import datetime

from classifier.accounts.account import protected_from
from classifier.scoring.impact import impact
from classifier.scoring.policy import ONE_PERSON_DECIDES
from classifier.scoring.same_account import maybe_the_same
from service.decisions.recorded import Decision
from service.decisions.review_state import Review
from service.limits import Rules
from service.schemas.overdue import FallOut

_TEXT = (
    "Its time is up. Ask for a fresh check of the account as it is now, with the action require_change in the place of "
    "{action}, and these demands: it is decided like any other."
)


def due_at(decision: Decision) -> datetime | None:
    """Return by when a check should be answered, ``None`` where nobody knows."""
    due = decision.answer.get("due")
    return datetime.fromisoformat(due["due_at"]) if due else None


def falls_to(decision: Decision, review: Review, *, has_ended: bool, now: datetime, rules: Rules) -> FallOut | None:
    """Return the milder measure that an overdue check falls to, ``None`` where it does not: the rules above.

    Parameters
    ----------
    has_ended : bool
        Whether a warning that came after the check has ended it.
    """
    due = due_at(decision)
    if rules.overdue != "require_change" or due is None or due > now:
        return None
    if has_ended or decision.is_erased or review.state != "open" or decision.row.action == "require_change":
        return None
    offered = decision.answer.get("offer")
    if not offered or not _is_small(decision, rules):
        return None
    return FallOut(demands=offered["demands"], text=_TEXT.format(action=decision.row.action))


def _is_small(decision: Decision, rules: Rules) -> bool:
    """Tell whether nothing was said of the account, its impact, the registry or the actor: rule 2."""
    account, target = decision.account(), decision.record["target"]
    codes = {reason["code"] for reason in decision.answer["reasons"]}
    if target is None or not codes <= ONE_PERSON_DECIDES or any(impact(account, rules.policy)):
        return False
    return not any(maybe_the_same(account, protected_from(target)))
