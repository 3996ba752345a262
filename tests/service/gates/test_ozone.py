"""The gate of Ozone, end to end: against a fake of the platform over HTTP, and the service in this process."""

import pytest

from service.gates.case import Case
from service.schemas.reviews import OutcomeIn
from tests.service.gates.fakes import ozone as fakes
from tests.service.gates.fakes.ozone import ADMIN, GATE_DID, MODERATOR, RefusedError
from tests.service.gates.ozone_rig import DID, LARGE, case, cases, lose_takedowns, ozone, step

__all__ = ["ozone"]  # a fixture
needs_triage = pytest.mark.skipif("actor" not in OutcomeIn.model_fields, reason="needs triage in the service")


def outcomes(gate):
    """Return all outcomes that were noted, sent or not."""
    return gate.book.outcomes._find("1 ORDER BY number")


def test_from_the_report_to_the_takedown_that_two_reviewers_approved(ozone):
    gate = ozone(acts="approved")
    gate.fake.add_account(DID, **LARGE)
    report = gate.fake.report(DID, assigned=MODERATOR)
    step(gate)
    assert (case(gate).state, case(gate).actor, case(gate).ref) == (
        "waiting",
        MODERATOR,
        f"{DID} report-{report['id']}",
    )
    assert "doublecheck-hold" in gate.fake.tags[DID]
    assert "doublecheck-needs-review" in gate.fake.tags[DID]
    assert gate.fake.of_kind("Escalate", DID)
    step(gate)
    assert gate.fake.takedowns() == []
    gate.review(case(gate).ref)
    step(gate, 3)
    assert case(gate).state == "done", case(gate).why
    [takedown] = gate.fake.takedowns()
    assert takedown["externalId"] == case(gate).clearance_id
    assert takedown["createdBy"] == GATE_DID
    assert takedown["modTool"]["meta"] == {
        "checkId": case(gate).check_id, "clearanceId": case(gate).clearance_id, "actor": MODERATOR,
    }  # fmt: skip
    assert gate.book.in_state("failed") == []


def test_the_account_is_held_before_anything_else(ozone):
    gate = ozone()
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate)
    called = [nsid for nsid, _ in gate.fake.calls]
    held = next(
        number for number, (nsid, given) in enumerate(gate.fake.calls)
        if nsid.endswith("emitEvent") and given["event"].get("add") == ["doublecheck-hold"]
    )  # fmt: skip
    assert held < called.index("app.bsky.actor.getProfile")


def test_an_account_that_cannot_be_held_is_not_checked(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    gate.fake.misbehave("tools.ozone.moderation.emitEvent", *["500"] * 4)
    step(gate)
    assert (case(gate).state, case(gate).check_id) == ("new", None)
    step(gate, 5)
    assert case(gate).state == "done", case(gate).why


def test_evidence_is_a_note_on_each_report_without_a_probability_and_written_once(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    gate.fake.report(DID)
    gate.fake.misbehave("tools.ozone.report.createActivity", "lost")
    step(gate, 3)
    notes = [one["internalNote"] for one in gate.fake.activities]
    assert len(notes) == 2
    assert "The handle looks like the protected one" in notes[0]
    assert "0.9" not in notes[0]


def test_several_reports_are_one_case_and_a_later_one_is_merged(ozone):
    gate = ozone()
    gate.fake.add_account(DID, **LARGE)
    gate.fake.report(DID, "One.", assigned=MODERATOR)
    gate.fake.report(DID, "Two.", reason=fakes.LEGACY)
    gate.fake.report(DID, "Three.", record=True)
    step(gate)
    assert case(gate).reports == ["One.", "Two.", "Three."]
    later = gate.fake.report(DID, "Four.", status="queued")
    step(gate, 2)
    assert case(gate).reports[-1] == "Four."
    assert [one for one in gate.fake.activities if one["reportId"] == later["id"]]
    assert len(gate.service.get("/v1/checks", by=("an-auditor", "auditor")).json()["checks"]) == 1


def test_a_report_after_the_end_opens_another_case(ozone):
    gate = ozone("is_protected")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    assert [one.state for one in cases(gate)] == ["refused", "refused"]


def test_a_report_of_an_account_that_is_down_already_opens_none_and_leaves_the_appeal_open(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    gate.fake.report(DID)
    assert "report:misleading-impersonation" in gate.fake.tags[DID]
    step(gate, 2)
    assert (len(cases(gate)), case(gate).state) == (1, "done")
    assert "report:misleading-impersonation" not in gate.fake.tags[DID]


def test_what_is_refused_is_never_taken_down_and_stays_held(ozone):
    gate = ozone("is_protected", acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 3)
    assert case(gate).state == "refused"
    assert gate.fake.takedowns() == []
    assert {"doublecheck-hold", "doublecheck-refused"} <= set(gate.fake.tags[DID])
    assert gate.fake.of_kind("Comment", DID)[-1]["event"]["sticky"] is True
    with pytest.raises(RefusedError):
        gate.fake.act("Takedown", DID, MODERATOR)
    with pytest.raises(RefusedError):
        gate.fake.act("Takedown", DID, ADMIN)


def test_what_a_reviewer_declines_is_said_and_not_done(ozone):
    gate = ozone()
    gate.fake.add_account(DID, **LARGE)
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate)
    gate.review(case(gate).ref, "decline")
    step(gate, 2)
    assert (case(gate).state, gate.fake.takedowns()) == ("refused", [])
    assert "doublecheck-declined" in gate.fake.tags[DID]


def test_who_decides_the_appeal_may_reverse_it_and_the_outcome_is_noted_once(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    gate.fake.appeal(DID)
    step(gate)
    gate.fake.act("ReverseTakedown", DID, ADMIN, comment="It is her.")
    gate.fake.act("ResolveAppeal", DID, ADMIN)
    step(gate, 3)
    assert [one[2:6] for one in outcomes(gate)] == [("overturned", "It is her.", ADMIN, case(gate).check_id)]
    assert "doublecheck-hold" in gate.fake.tags[DID]


@needs_triage
def test_what_the_appeal_found_reaches_the_service(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    gate.fake.act("ReverseTakedown", DID, ADMIN, comment="It is her.")
    step(gate, 2)
    found = gate.service.get(f"/v1/checks/{case(gate).check_id}", by=("an-auditor", "auditor")).json()["outcomes"]
    assert [(one["outcome"], one["actor"], one["note"]) for one in found] == [("overturned", ADMIN, "It is her.")]
    assert gate.book.outcomes.waiting() == []


def test_a_reversal_is_not_taken_for_that_of_a_later_suspension(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    gate.fake.act("ReverseTakedown", DID, ADMIN)
    step(gate)
    gate.book.take_on(Case("later", DID, "suspend", MODERATOR, state="done", check_id="check-2", clearance_id="c-2"))
    step(gate, 2)
    assert [one.check_id for one in outcomes(gate)] == [cases(gate)[0].check_id]
    assert gate.book.mark("ozone overturned check-2") is None


def test_whoever_acted_may_reverse_it_but_decides_no_appeal(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    gate.fake.act("ResolveAppeal", DID, MODERATOR)
    step(gate)
    gate.fake.act("ReverseTakedown", DID, MODERATOR)
    step(gate, 2)
    assert [(one.outcome, one.actor) for one in outcomes(gate)] == [("overturned", None)]


@needs_triage
@pytest.mark.parametrize("named", [True, False])
def test_where_nobody_is_assigned_whom_both_reviewers_name_acts_or_nobody(ozone, named):
    gate = ozone(acts="cleared")
    gate.fake.report(DID)
    step(gate)
    assert (case(gate).state, case(gate).actor) == ("waiting", None)
    gate.review(case(gate).ref, **({"executor": "mod-7"} if named else {}))
    step(gate, 3)
    if named:
        [takedown] = gate.fake.takedowns()
        assert takedown["modTool"]["meta"]["actor"] == "mod-7"
    else:
        assert (case(gate).state, gate.fake.takedowns()) == ("stands", [])


def test_an_appeal_that_is_resolved_without_a_reversal_is_upheld(ozone):
    gate = ozone(acts="cleared")
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate, 2)
    gate.fake.appeal(DID)
    gate.fake.act("ResolveAppeal", DID, ADMIN)
    step(gate, 3)
    assert [one[2:6] for one in outcomes(gate)] == [
        ("upheld", "The appeal was resolved on the platform, and the takedown stands.", ADMIN, case(gate).check_id)
    ]


@pytest.mark.parametrize("reported", [True, False])
def test_a_takedown_by_others_is_raised_once(ozone, reported, caplog):
    gate = ozone()
    step(gate)
    other = gate.fake.add_account("did:plc:otheraaaaaaaaaaaaaaaaaaa", handle="other.example")
    if reported:
        gate.fake.tags_reports = False
        gate.fake.report(other)["status"] = "closed"
    gate.fake.act("Takedown", other, ADMIN)
    step(gate, 3)
    raised = gate.book.in_state("raised")
    assert len(raised) == len(gate.fake.of_kind("Comment", other)) == reported
    assert "did:plc" not in caplog.text
    if reported:
        assert "without a redeemed clearance" in raised[0].case.why


def test_somebody_took_it_down_before_the_gate_did(ozone):
    gate = ozone()
    gate.fake.add_account(DID, **LARGE)
    gate.fake.report(DID, assigned=MODERATOR)
    step(gate)
    gate.fake.act("Tag", DID, ADMIN, add=[], remove=["doublecheck-hold", "report:misleading-impersonation"])
    gate.fake.act("Takedown", DID, ADMIN)
    gate.review(case(gate).ref)
    step(gate, 3)
    assert [one.state for one in cases(gate)] == ["failed", "raised"]
    assert len(gate.fake.takedowns()) == 1


@pytest.mark.parametrize("down_first", [False, True])
@pytest.mark.parametrize("shows", [False, True])
def test_a_takedown_whose_answer_was_lost_is_not_taken_twice(ozone, down_first, shows):
    gate = ozone(acts="cleared")
    gate.fake.down_first, gate.fake.shows_external_id = down_first, shows
    gate.fake.report(DID, assigned=MODERATOR)
    lose_takedowns(gate.fake, 1)
    step(gate, 4)
    assert case(gate).state == "done"
    assert len(gate.fake.takedowns()) == 1
