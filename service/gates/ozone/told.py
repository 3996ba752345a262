"""What Ozone is told of a case: evidence on its reports, comments, tags, priority. No probability: people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.gates.case import Case
from service.gates.ozone import events, names
from service.gates.ozone.wire import Wire

# Of 100: where a report stands in Ozone's queues. What waits for people comes first, what must not be done last.
_PRIORITY = {"cleared": 60, "needs_review": 90, "refused": 10}
_VERDICT = {
    "cleared": "Doublecheck clears a suspension of this account.",
    "needs_review": "Doublecheck asks for two reviewers before this account may be suspended.",
    "refused": "Doublecheck refuses a suspension of this account.",
}
# By event: the tag, whether the comment stays on top, and the comment.
_SAID = {
    "approved": ("approved", False, "Two reviewers approved the suspension."),
    "refused": ("refused", True, "Do not suspend this account."),
    "declined": ("declined", True, "Do not suspend this account."),
    "acted": ("acted", True, "Suspended with a redeemed clearance."),
    "stands": ("stands", True, "The gate does not act on this."),
    "failed": ("failed", True, "The gate cannot go on: somebody has to look."),
}
# Items of evidence for and against that are written, and characters of each side of a comparison.
_MOST, _LONGEST_SIDE = 3, 80


def tell(wire: Wire, case: Case, event: str, answer: Mapping[str, Any] | None) -> None:
    """Tell Ozone what happened to a case; told again, nothing is written twice. Raises LaterError."""
    if event == "checked":
        _tell_checked(wire, case, answer or {})
        return
    tag, sticky, text = _SAID[event]
    _tag(wire, case, tag, event)
    why = f" {case.why}" if case.why and event not in {"approved", "acted"} else ""
    text = f"{text}{why} {_where(case)}".strip()
    events.offer(wire, case.account, events.comment(text, sticky=sticky), _id(case, event))
    if event == "acted":
        release(wire, case)


def release(wire: Wire, case: Case, report: int = 0) -> None:
    """Take the hold off an account that was suspended: whoever decides its appeal has to be able to reverse that.

    Parameters
    ----------
    report : int
        The event of a later report, because of which Ozone has tagged the account again.
    """
    change = events.tags(remove=[names.HOLD, names.REPORTED])
    events.offer(wire, case.account, change, _id(case, f"released-{report}"))


def evidence(answer: Mapping[str, Any]) -> str:
    """Return what a check found, in sentences.

    Examples
    --------
    >>> evidence({
    ...     "verdict": "refused",
    ...     "reasons": [{"code": "is_protected", "text": "This is the protected account."}],
    ... })
    'Doublecheck refuses a suspension of this account. This is the protected account.'
    """
    return " ".join(_sentences(answer))


def _tell_checked(wire: Wire, case: Case, answer: Mapping[str, Any]) -> None:
    verdict = str(case.verdict)
    _tag(wire, case, verdict.replace("_", "-"), "checked")
    text = f"{evidence(answer)} {_where(case)}"
    for report in case.extra.get("reports", []):
        events.note(wire, report, text, f"[{case.check_id} checked]")
    events.offer(wire, case.account, events.comment(text, sticky=True), _id(case, "checked"))
    score = {"$type": names.PRIORITY, "score": _PRIORITY.get(verdict, 50), "comment": _VERDICT.get(verdict, "")}
    events.offer(wire, case.account, score, _id(case, "priority"))
    if verdict == "needs_review":
        events.offer(wire, case.account, {"$type": names.ESCALATE, "comment": text}, _id(case, "escalated"))


def _tag(wire: Wire, case: Case, tag: str, event: str) -> None:
    """Put a tag for how a case stands in the place of the one before."""
    others = [f"doublecheck-{name}" for name in names.VERDICTS if name != tag]
    events.offer(wire, case.account, events.tags([f"doublecheck-{tag}"], others), _id(case, f"{event}-tag"))


def _id(case: Case, event: str) -> str:
    """Return the external id of an event: one for each check, or for each case that has none."""
    return case.key(f"told {event}", case.check_id)


def _where(case: Case) -> str:
    return f"Check {case.check_id}." if case.check_id else ""


def _sentences(answer: Mapping[str, Any]) -> Iterator[str]:
    yield _VERDICT.get(str(answer.get("verdict")), "Doublecheck checked this account.")
    for reason in answer.get("reasons") or []:
        yield str(reason["text"])
    target = answer.get("target")
    if isinstance(target, Mapping) and target.get("handle"):
        yield f"Compared with the protected account {target['handle']}."
    items = [item for item in answer.get("evidence") or [] if isinstance(item, Mapping)]
    for says, sign in (("For impersonation", 1), ("Against it", -1)):
        found = [item for item in items if sign * float(item.get("contribution") or 0) > 0][:_MOST]
        if found:
            yield f"{says}: {'; '.join(map(_item, found))}."


def _item(item: Mapping[str, Any]) -> str:
    sides = [str(item.get(side) or "")[:_LONGEST_SIDE] for side in ("reported", "protected")]
    said = str(item.get("explanation", "")).rstrip(".")
    return f'{said} ("{sides[0]}" here, "{sides[1]}" there)' if all(sides) else said
