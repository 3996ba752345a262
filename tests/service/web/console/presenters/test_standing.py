"""How a check stands is what decided last."""

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
    ("needs_review", [], "Ask a second person", "?"),
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
])  # fmt: skip
def test_what_decided_last_is_said(verdict, steps, text, sign):
    found = standing(verdict, [Step(AT, kind, data) for kind, data in [("check", {"verdict": verdict}), *steps]])
    assert (found.text, found.sign) == (text, sign)
