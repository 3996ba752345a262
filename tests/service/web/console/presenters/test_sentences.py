import ast
import inspect
from datetime import timedelta
from itertools import product
from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account
from classifier.scoring import hijacked, same_account
from classifier.scoring import impact as impact_module
from classifier.scoring import policy as policy_module
from classifier.scoring.circumstances import CIRCUMSTANCES
from classifier.scoring.impact import impact
from classifier.scoring.policy import Actor, Policy
from service.decisions import account_warnings, findings, notices, quotas, triage
from service.schemas.checks import OwnCertificateOut, ReasonOut
from service.schemas.reviews import ClearanceState, OutcomeName, ReviewState, WarningOut
from service.web.console.presenters import sentences
from service.web.console.presenters.charts import gauge
from service.web.console.presenters.next_step import next_step, standing
from service.web.console.presenters.sentences import (
    alone,
    audience_sentence,
    certificate,
    despite,
    headline,
    percent,
)
from tests.service.conftest import ASSESSMENTS, NOW, canned
from tests.service.web.console.answers import RULES, approval, clearance, detail_of, outcome, response_to

POLICY = Policy()
ACCOUNT = Account(
    handle="JaneR0e", platform="x", account_id="9001", display_name="Jane Roe", bio="Actor.", followers=12,
    verified=False, created_at=NOW - timedelta(days=11),
)  # fmt: skip
CLEARED = response_to(canned(), ACCOUNT)
OWN = OwnCertificateOut(n=400, near=300, errors=2, cleared=0, bound=0.0157, near_bound=0.02, threshold=None,
                        at="2026-11-30T00:00:00Z", registry_version="r")  # fmt: skip
REVIEWED = response_to(ASSESSMENTS["below_threshold"], ACCOUNT)
REFUSED = response_to(ASSESSMENTS["is_protected"], ACCOUNT)


def reason_codes():
    """Every code that the policy, the quotas or warnings may give, read from their source."""
    sources = map(inspect.getsource, (policy_module, impact_module, same_account, hijacked, quotas))
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Reason"]
    given_ = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    listed = {node.value for node in nodes if isinstance(node, ast.Constant) and str(node.value).startswith("quota_")}
    listed |= findings.CODES | notices.CODES | {triage.CODE}
    listed |= {*account_warnings.CODES.values(), *(f"circumstance_{one}" for one in CIRCUMSTANCES)}
    return given_ | listed | {f"relation_{relation}" for relation in policy_module._NOT_IMPERSONATION}


def test_every_reason_has_a_sentence_and_every_sentence_a_reason():
    known = {*sentences._REFUSED, *sentences._DOUBTS, "certified_impersonation"}
    assert known == reason_codes()
    assert {"quota_total_burst", "is_protected", "access_ending", "relation_no_target"} <= known


@pytest.mark.parametrize("code", sorted(sentences._DOUBTS))
def test_every_doubt_says_who_must_agree(code):
    answered = REVIEWED.model_copy(update={"reasons": [ReasonOut(code=code, text="-")]})
    assert headline(answered).endswith(": needs two approvals.")
    assert headline(answered, "approved").endswith(": two other people agreed.")
    assert headline(answered, "declined").endswith(": a reviewer declined.")
    assert "{" not in headline(answered)


@pytest.mark.parametrize("code", sorted(sentences._REFUSED))
def test_every_refusal_says_not_to_act(code):
    answered = REFUSED.model_copy(update={"reasons": [ReasonOut(code=code, text="-")]})
    assert headline(answered).endswith(": do not act.")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("impersonation", "Imitates @JaneRoe: 99.2 %."),
        ("is_protected", "This IS the protected account of @JaneRoe: do not act."),
        ("declared_secondary", "This is a genuine second account of @JaneRoe: do not act."),
        ("no_target", "It resembles no protected account: needs two approvals."),
        (
            "below_threshold",
            "Seems to imitate @JaneRoe: 71.0 %. Not enough evidence to act alone: needs two approvals.",
        ),
        (
            "single_kind_of_evidence",
            "Seems to imitate @JaneRoe: 99.2 %. But one kind of evidence carries most of it: needs two approvals.",
        ),
    ],
)
def test_the_answer_is_one_plain_sentence(name, said):
    assert headline(response_to(ASSESSMENTS[name], ACCOUNT)) == said


def test_what_an_owner_has_too_is_named():
    answered = REVIEWED.model_copy(update={"reasons": [ReasonOut(code="owner_has_it_too", text="-")]})
    said = "But it rests on links and requests, which owners use too: needs two approvals."
    assert headline(answered).endswith(said)


def test_an_unknown_reason_never_reads_like_a_clearance():
    for verdict, code in product(("refused", "needs_review"), ("new", "certified_impersonation")):
        answered = REVIEWED.model_copy(update={"verdict": verdict, "reasons": [ReasonOut(code=code, text="-")]})
        assert "do not act" in headline(answered) or "needs two approvals" in headline(answered)


# --- what happens next -----------------------------------------------------------------------------------------------


def every_detail():
    """Every verdict with every state of its review, its last clearance and its last outcome."""
    for check in (CLEARED, REVIEWED, REFUSED):
        states = set(get_args(ReviewState)) - {"not_needed", "withdrawn"}
        states = sorted(states) if check.verdict == "needs_review" else ["not_needed"]
        for state, issued, found in product(states, (None, *get_args(ClearanceState)), (None, *get_args(OutcomeName))):
            yield detail_of(
                check,
                state=state,
                clearances=[clearance(issued, minutes=4)] if issued else [],
                outcomes=[outcome(check, found)] if found else [],
            )


@pytest.mark.parametrize("detail", list(every_detail()))
def test_every_state_has_its_next_step_and_its_standing(detail):
    following, (tone, word) = next_step(detail, now=NOW, rules=RULES), standing(detail, now=NOW, rules=RULES)
    assert following.step.endswith(".")
    assert following.people.endswith(".")
    may_act = any(one.state == "valid" for one in detail.clearances)
    if tone == "cleared":
        assert detail.check.verdict == "cleared" or detail.clearances or detail.review.state == "approved"
    if detail.check.verdict == "refused" or detail.review.state == "declined":
        assert tone == "refused"
        assert "may suspend" not in following.step
    if not may_act:
        assert "may suspend the account once" not in following.step
    assert word


def test_a_clearance_says_how_long_it_holds():
    detail = detail_of(CLEARED, clearances=[clearance("valid", minutes=4)])
    assert next_step(detail, now=NOW, rules=RULES).step == (
        "agent-17 may suspend the account once, until 12:04 UTC (4 minutes left). Spend the clearance just before "
        "acting: the account is checked again then."
    )
    assert "(seconds left)" in next_step(detail, now=NOW + timedelta(minutes=3, seconds=30), rules=RULES).step


def test_a_cleared_check_says_until_when_its_clearance_can_be_taken():
    detail, late = detail_of(CLEARED), NOW + RULES.clearance_time
    assert next_step(detail, now=NOW, rules=RULES).step == (
        "agent-17 may act until 12:15 UTC, once. The account is compared once more then."
    )
    assert standing(detail, now=NOW, rules=RULES) == ("cleared", "Cleared to act")
    assert standing(detail, now=late, rules=RULES) == ("needs_review", "Too late: ask for a new check")
    assert next_step(detail, now=late, rules=RULES).step == (
        "Do not suspend the account. The check is too old to act on: agent-17 may ask for a new one."
    )


def test_who_must_agree_is_named_with_who_did():
    detail = detail_of(REVIEWED, approvals=[approval("rev-1"), approval("rev-2", counts=False)])
    assert next_step(detail, now=NOW, rules=RULES).people == (
        "Two other people must approve: neither agent-17 nor tool nor anybody whose access ends soon. rev-1 agreed, "
        "rev-2 agreed (it does not count any more)."
    )
    alone_ = detail_of(REVIEWED, caller="agent-17", approvals=[approval("rev-1", "decline")], state="declined")
    assert next_step(alone_, now=NOW, rules=RULES).people.endswith(
        "neither agent-17 nor anybody whose access ends soon. rev-1 declined."
    )
    assert next_step(detail_of(REFUSED), now=NOW, rules=RULES).people == "No approval can change this answer."


def test_only_ended_access_leaves_the_check_to_others():
    ended = Actor("agent-17", access_ends_at=NOW)
    detail = detail_of(response_to(canned(), ACCOUNT, actor=ended))
    assert "Somebody whose access has not ended" in next_step(detail, now=NOW, rules=RULES).step
    assert next_step(detail_of(REFUSED), now=NOW, rules=RULES).step == "Leave the account as it is."


@pytest.mark.parametrize("check", [CLEARED, REVIEWED])
def test_a_check_that_a_warning_has_ended_says_stop(check):
    warning = WarningOut(code="appeal_overturned", text="-", at=NOW, check_id=uuid4(), after=True)
    detail = detail_of(check, warnings=[warning], clearances=[clearance("valid", minutes=4)])
    assert standing(detail, now=NOW, rules=RULES) == ("refused", "Warned of since: do not act")
    assert next_step(detail, now=NOW, rules=RULES).step == (
        "Do not suspend the account: see what is remembered of it. agent-17 may ask for a new check."
    )
    earlier = detail_of(check, warnings=[warning.model_copy(update={"after": False})])
    assert standing(earlier, now=NOW, rules=RULES)[0] == check.verdict


def test_the_latest_appeal_counts():
    found = [outcome(CLEARED, "upheld"), outcome(CLEARED, "overturned", "same_owner")]
    detail = detail_of(CLEARED, outcomes=found, clearances=[clearance("spent", minutes=1)])
    assert standing(detail, now=NOW, rules=RULES) == ("refused", "Overturned: do not act")
    assert next_step(detail, now=NOW, rules=RULES).step == (
        "An appeal overturned the decision (another account of the same owner): do not act on it. If the account was "
        "acted on, undo the suspension now."
    )


# --- high impact -----------------------------------------------------------------------------------------------------

ACCOUNTS = st.builds(
    Account,
    handle=st.just("a"),
    platform=st.sampled_from([None, "x", "mastodon"]),
    followers=st.none() | st.integers(0, 10**7),
    verified=st.none() | st.booleans(),
    followed_by_target=st.none() | st.booleans(),
)


@given(ACCOUNTS)
def test_high_impact_is_what_the_policy_says_it_is(account):
    assert bool(audience_sentence(account, POLICY)) == any(True for _ in impact(account, POLICY))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"followers": 2_412_345}, "2,412,345 people follow this account."),
        ({"followers": 1, "followed_by_target": True},
         "1 person follows this account, and the protected account follows it."),
        ({"followers": None}, "How many people follow this account is not given. Unknown: treated with caution."),
        ({"followers": 5, "verified": None, "platform": "x"},
         "5 people follow this account, and whether it is verified is not given. Unknown: treated with caution."),
        ({"followers": 12}, ""),
    ],
)  # fmt: skip
def test_the_audience_is_shown_in_full(changes, said):
    assert audience_sentence(Account(**{"handle": "a", "verified": False} | changes), POLICY) == said


# --- what is known ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("probability", "digits"), list(product([1.0, 0.99999999, 0.0, 1e-9], [1, 2, 4])))
def test_no_probability_is_shown_as_certain(probability, digits):
    assert percent(probability, digits).startswith(("above 99.9", "below 0.0", "below 0.1"))


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_larger_probability_never_reads_smaller(one, other):
    def read(probability):
        return float(percent(probability).removeprefix("above ").removeprefix("below ").removesuffix(" %"))

    assert one > other or read(one) <= read(other)


def test_the_certificate_is_said_in_words():
    assert certificate(CLEARED.certificate) == (
        "The threshold is 90.00 %. With 95 % confidence at most 1 % of genuine accounts score above it. That was "
        "measured on 1,200 of them that the model was not trained on (invented genuine accounts); 5 did."
    )
    assert "nothing can be cleared" in certificate(None)


@pytest.mark.parametrize(
    ("threshold", "said"),
    [
        (None, "They are too few to ask for another threshold."),
        (0.2, "So it holds for them too."),
        (0.95, "They ask for 95.00 %, and the stricter threshold holds."),
    ],
)
def test_what_own_accounts_say_stands_beside_it(threshold, said):
    own = OWN.model_copy(update={"threshold": threshold})
    assert certificate(CLEARED.certificate.model_copy(update={"own": own})).endswith(
        " Of 400 genuine accounts of your own, on 2026-11-30, 2 scored above it: of accounts like these at most 1.6 % "
        f"do, with the same confidence. {said}"
    )


def test_the_gauge_and_the_reasons_go_by_the_stricter_threshold():
    own = OWN.model_copy(update={"threshold": 1.0})
    waiting = CLEARED.model_copy(
        update={"verdict": "needs_review", "certificate": CLEARED.certificate.model_copy(update={"own": own})}
    )
    assert despite(CLEARED.model_copy(update={"verdict": "needs_review"}))
    assert despite(waiting) == ()
    assert "is above the certified threshold" in gauge(CLEARED).words
    assert "is not above the certified threshold" in gauge(waiting).words


def test_the_account_alone_is_said_in_words():
    assert alone(CLEARED).startswith("Bought, spam or automated: 93.0 %")
    assert alone(response_to(ASSESSMENTS["no_target"], ACCOUNT)) == "No answer: out of what it knows: platform."
    unflagged = response_to(canned(inauthentic=None, inauthentic_reason="no threshold"), ACCOUNT)
    assert alone(unflagged).endswith("It is not flagged: no threshold.")
