"""How a check stands is what weighs most of all that happened, and of that the latest."""

from datetime import UTC, datetime

import pytest

from service.decisions.case_file import Step
from service.web.console.presenters.standing import standing

AT = datetime(2026, 5, 1, tzinfo=UTC)
APPROVED, DECLINED = ("approval", {"answer": "approve"}), ("approval", {"answer": "decline"})
TAKEN, SPENT = ("clearance_issued", {}), ("clearance_redeemed", {})
UPHELD, OVERTURNED = ("outcome", {"outcome": "upheld"}), ("outcome", {"outcome": "overturned"})


@pytest.mark.parametrize(("verdict", "steps", "text", "sign"), [
    ("cleared", [], "Cleared to act", "✓"),
    ("needs_review", [], "Needs approval", "?"),
    ("refused", [("notice_noted", {})], "Do not act", "✕"),
    ("needs_review", [APPROVED], "Approved once", "?"),
    ("needs_review", [APPROVED, ("evidence_shown", {}), APPROVED], "Approved", "?"),
    ("needs_review", [APPROVED, DECLINED], "Declined", "✕"),
    ("cleared", [TAKEN], "Clearance taken", "?"),
    ("cleared", [TAKEN, ("clearance_refused", {"reasons": []})], "Not done: the clearance did not hold", "✕"),
    ("cleared", [TAKEN, ("clearance_revoked", {})], "Clearance void", "✕"),
    ("cleared", [TAKEN, SPENT, ("statement", {})], "Acted on", "✓"),
    ("cleared", [TAKEN, SPENT, ("appeal_received", {}), ("appeal_step", {"step": "lifted"})],
     "Lifted until the appeal is decided", "✕"),
    ("cleared", [TAKEN, SPENT, OVERTURNED, ("warning_noted", {})], "Overturned on appeal", "✕"),
    ("cleared", [TAKEN, SPENT, OVERTURNED, UPHELD], "Upheld on appeal", "✓"),
    ("cleared", [TAKEN, SPENT, OVERTURNED, ("clearance_revoked", {"because": "appeal_overturned"})],
     "Overturned on appeal", "✕"),
    ("needs_review", [APPROVED, APPROVED, TAKEN, APPROVED], "Clearance taken", "?"),
    ("needs_review", [("asker_step", {"step": "withdrawn", "reason": "resembles_nobody"})], "Withdrawn", "✕"),
])  # fmt: skip
def test_what_weighs_most_is_said(verdict, steps, text, sign):
    found = standing(verdict, [Step(AT, kind, data) for kind, data in [("check", {"verdict": verdict}), *steps]])
    assert (found.text, found.sign) == (text, sign)


@pytest.mark.parametrize(("verdict", "steps", "is_lapsed"), [
    ("cleared", [], True), ("cleared", [TAKEN], True), ("needs_review", [APPROVED, APPROVED], True),
    ("refused", [], False), ("needs_review", [DECLINED], False), ("cleared", [TAKEN, SPENT], False),
    ("cleared", [TAKEN, SPENT, UPHELD], False),
])  # fmt: skip
def test_what_is_too_old_to_be_acted_on_has_lapsed_unless_it_had_ended(verdict, steps, is_lapsed):
    found = standing(verdict, [Step(AT, kind, data) for kind, data in steps], is_late=True)
    assert found.text.startswith("Lapsed") is is_lapsed
