from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from classifier.accounts.account import digest
from classifier.errors import InputError, SignatureError
from classifier.scoring.policy import Actor, Policy, decide
from service.decisions.check import answer, read_account
from service.schemas.checks import CheckRequest

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

EXPECTED = {
    "impersonation": ("cleared", "certified_impersonation", 0),
    "below_threshold": ("needs_review", "below_threshold", 2),
    "single_kind_of_evidence": ("needs_review", "single_kind_of_evidence", 2),
    "direction_unknown": ("needs_review", "direction_unknown", 2),
    "no_certificate": ("needs_review", "no_certificate", 2),
    "is_protected": ("refused", "is_protected", 0),
    "declared_secondary": ("refused", "declared_secondary", 0),
    "same_owner": ("needs_review", "relation_same_owner", 2),
    "parody_or_fan": ("needs_review", "relation_parody_or_fan", 2),
    "unrelated": ("needs_review", "relation_unrelated", 2),
    "no_target": ("needs_review", "relation_no_target", 2),
}


def check(scorer, request, policy, now):
    reading = read_account(request.account, request.format, now=now)
    [assessment] = scorer.assess_many([reading.account])
    actor = Actor(request.actor.actor_id, request.actor.access_ends_at)
    return answer(reading, assessment, decide(assessment, request.action, actor, now=now, policy=policy), now)


@pytest.fixture
def ask(make_client, request_body):
    def ask(answer="impersonation", **changes):
        request = TypeAdapter(CheckRequest).validate_python(request_body(**changes))
        return check(make_client(answer).scorer, request, Policy(), NOW)

    return ask


def test_each_assessment_has_its_verdict(ask, answer):
    response = ask(answer)
    assert (response.verdict, response.reasons[0].code, response.required_approvals) == EXPECTED[answer]
    assert response.clearance is None


def test_the_answer_carries_everything_it_rests_on(ask):
    response = ask()
    assert response.checked_at == NOW
    assert response.target.handle == "JaneRoe"
    assert response.target.tier == "high"
    assert response.certificate.n == 1200
    assert [item.value for item in response.evidence] == [0.97, 1.0, 15.1, None]
    assert response.model_id.startswith("model-")
    assert len(response.registry_version) > 10
    assert response.policy_version == Policy().version
    assert (response.inauthentic_probability, response.inauthentic, response.inauthentic_reason) == (0.93, True, None)


def test_no_answer_about_the_account_alone_comes_with_its_reason(ask):
    response = ask("no_target")
    assert (response.inauthentic_probability, response.inauthentic) == (None, None)
    assert response.inauthentic_reason == "out of what it knows: platform"


@pytest.mark.parametrize("flagged", [None, False, True])
def test_what_the_account_says_by_itself_changes_no_verdict(ask, make_client, answer, flagged):
    before = make_client(answer).scorer.answer
    after = ask(replace(before, inauthentic_probability=0.999, inauthentic=flagged, inauthentic_reason="why"))
    assert (after.verdict, after.reasons[0].code, after.required_approvals) == EXPECTED[answer]


def test_no_two_checks_share_a_number(ask):
    assert ask().check_id != ask().check_id


def test_the_answer_does_not_depend_on_the_clock(make_client, request_body):
    """A batch and a later replay must give the same answer, so the scorer sees what was sent and nothing more."""
    scorer = make_client().scorer
    request = TypeAdapter(CheckRequest).validate_python(request_body())
    response = check(scorer, request, Policy(), NOW)
    assert scorer.seen[0].observed_at is None
    assert response.account_digest == digest(read_account(request.account, request.format, now=NOW).account)
    assert response.account_digest == check(scorer, request, Policy(), NOW + timedelta(days=1)).account_digest


def test_an_observed_time_is_kept(make_client, request_body):
    scorer = make_client().scorer
    account = request_body()["account"] | {"observed_at": "2026-04-30T10:00:00Z"}
    check(scorer, TypeAdapter(CheckRequest).validate_python(request_body(account=account)), Policy(), NOW)
    assert scorer.seen[0].observed_at == datetime(2026, 4, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ("2026-05-01T11:59:59Z", "refused"),
        ("2026-05-01T13:00:00Z", "needs_review"),
        ("2026-06-01T13:00:00Z", "cleared"),
    ],
)
def test_the_end_of_access_counts(ask, ends, verdict):
    assert ask(actor={"actor_id": "agent-17", "access_ends_at": ends}).verdict == verdict


def test_a_raw_profile_goes_through_its_importer(make_client, request_body):
    scorer = make_client().scorer
    profile = {"id": "17", "username": "JaneR0e", "name": "Jane Roe", "public_metrics": {"followers_count": 12}}
    profile |= {"verified": False, "description": "Chair of Northwind."}
    request = TypeAdapter(CheckRequest).validate_python(request_body(account=profile, format="x-v2"))
    assert check(scorer, request, Policy(), NOW).verdict == "cleared"
    assert (scorer.seen[0].handle, scorer.seen[0].platform, scorer.seen[0].followers) == ("JaneR0e", "x", 12)


def test_what_was_changed_on_reading_is_said(ask):
    response = ask(account={"handle": "Jane\u202eR0e", "platform": "x", "display_name": "\ud800 Jane"})
    assert response.notes == ["handle: direction controls removed", "display_name: unpaired surrogates replaced"]


def test_an_unusable_account_is_no_verdict(ask):
    with pytest.raises(InputError, match="handle"):
        ask(account={"handle": "  "})


def test_a_failing_model_is_no_verdict(ask):
    with pytest.raises(SignatureError):
        ask(SignatureError("not signed"))


def test_a_probability_that_is_none_is_no_verdict(ask, make_client):
    odd = make_client().scorer.answer
    object.__setattr__(
        odd := type(odd)(**{f: getattr(odd, f) for f in odd.__slots__}), "impersonation_probability", float("nan")
    )
    with pytest.raises(ValidationError):
        ask(odd)


def test_the_actor_can_be_given_by_name_alone(make_client, request_body):
    by_name = TypeAdapter(CheckRequest).validate_python(request_body(actor="agent-17"))
    assert by_name.actor.actor_id == "agent-17"
    assert make_client().post("/v1/checks", json=request_body(actor="agent-17")).status_code == 200
    assert make_client().post("/v1/checks", json=request_body(actor="")).status_code == 422
