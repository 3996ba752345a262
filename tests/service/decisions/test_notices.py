"""A notice is never scored, with the model that ships. A copy that reports its original is seen."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, as_protected
from classifier.scoring.circumstances import CIRCUMSTANCES
from service.decisions.current_scorer import FixedScorer
from service.decisions.notices import ReporterSeen, copies, reporter_out
from service.schemas.notices import NoticeIn
from service.settings import Settings
from tests.service.conftest import NO_HOME, UNLIMITED, Client, Clock

IMPOSTOR = {
    "platform": "x", "account_id": "9001", "handle": "0llivanderBrask", "display_name": "Ollivander Br\u0430sk",
    "bio": "45th President of Velmoria. Write to me on Telegram.", "links": ["https://t.me/brask_gives"],
    "followers": 12, "created_at": "2026-04-20T08:00:00Z", "verified": False,
}  # fmt: skip
STRANGER = {"platform": "x", "account_id": "9002", "handle": "bakes_in_oslo", "display_name": "Bo", "followers": 40}
PRESIDENT = {"platform": "x", "account_id": "25073877", "handle": "OllivanderBrask"}
# What the model says, and what it rests on.
SCORED = (
    "relation", "target", "impersonation_probability", "clearing_probability", "strongest_kind", "evidence",
    "relation_probabilities", "certificate", "inauthentic_probability", "inauthentic", "account_digest", "model_id",
    "registry_version",
)  # fmt: skip
CAUTION = {"cleared": 0, "needs_review": 1, "refused": 2}


def _choices(field):
    """Return all values of a field of the notice that its type lists."""
    schema = NoticeIn.model_json_schema()["properties"][field]
    options = [schema, *schema.get("anyOf", ()), schema.get("items", {})]
    return st.sampled_from(next(option["enum"] for option in options if "enum" in option))


NAMES = st.text("abcdefghij-0123456789", min_size=1, max_size=20)
ACCOUNTS = st.sampled_from([IMPOSTOR, STRANGER, PRESIDENT]) | st.fixed_dictionaries(
    {"handle": NAMES, "platform": st.just("x")}, optional={"display_name": st.text("Jane Roe\u0430", max_size=9)}
)
NOTICES = st.fixed_dictionaries(
    {"reporter": _choices("reporter")},
    optional={
        "reporter_id": NAMES,
        "proof": st.lists(_choices("proof"), max_size=7),
        "owner_says": _choices("owner_says"),
        "ground": _choices("ground"),
        "harm": _choices("harm"),
        "circumstances": st.lists(st.sampled_from(sorted(CIRCUMSTANCES)), max_size=3),
        "country": st.sampled_from(["DE", "IN"]),
        "language": st.sampled_from(["de", "hi"]),
        "received_at": st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 1)).map(  # noqa: DTZ001
            lambda at: at.replace(tzinfo=UTC).isoformat()
        ),
        "account": ACCOUNTS,
    },
)


@pytest.fixture(scope="module")
def real(scorer):
    """A service with the model that ships, and its answers without a notice."""
    client = Client(FixedScorer(scorer), Settings(home=NO_HOME, **UNLIMITED), Clock())
    plain = {one["handle"]: _ask(client, one) for one in (IMPOSTOR, STRANGER, PRESIDENT)}
    assert [answer["relation"] for answer in plain.values()] == ["impersonation", "no_target", "is_protected"]
    yield client, plain
    client.check_service.close()


def _ask(client, account, **more):
    asked = {"account": account, "action": "suspend", "actor": "agent-17"} | more
    answer = client.post("/v1/checks", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(account=st.sampled_from([IMPOSTOR, STRANGER, PRESIDENT]), notice=NOTICES)
def test_no_notice_changes_what_the_model_says_or_takes_caution_away(real, account, notice):
    client, plain = real
    before, after = plain[account["handle"]], _ask(client, account, notice=notice)
    assert {name: after[name] for name in SCORED} == {name: before[name] for name in SCORED}
    assert CAUTION[after["verdict"]] >= CAUTION[before["verdict"]]
    if after["verdict"] == "needs_review":
        assert after["required_approvals"] >= before["required_approvals"]
    assert after["clearance"] is None or before["verdict"] == "cleared"


# --- the fake who reports the original -------------------------------------------------------------------------------

ORIGINAL = Account(
    platform="x", handle="mara_ellvik", account_id="5001", display_name="Mara Ellvik", followers=8_000, verified=False,
    bio="Ceramics from Tromso. Studio in Skippergata.", created_at=datetime(2014, 2, 3, tzinfo=UTC),
)  # fmt: skip
COPY = replace(
    ORIGINAL, handle="rnara_ellvik", account_id="5002", display_name="Mara Ellvlk", followers=20,
    created_at=datetime(2026, 4, 3, tzinfo=UTC),
)  # fmt: skip


def seen(scorer, reporter, reported):
    towards = scorer.assess_against(reporter, [as_protected(reported)])
    return ReporterSeen(scorer.assess(reporter), towards)


def test_a_near_copy_that_reports_its_original_is_seen(scorer):
    assert copies(seen(scorer, COPY, ORIGINAL), ORIGINAL)
    assert reporter_out(seen(scorer, COPY, ORIGINAL), ORIGINAL).looks_like_imitator


def test_an_original_that_reports_its_copy_is_not(scorer):
    assert not reporter_out(seen(scorer, ORIGINAL, COPY), COPY).looks_like_imitator


@pytest.mark.parametrize("missing", [{"followers": None}, {"created_at": None}])
def test_where_one_sign_alone_tells_who_is_the_original_nobody_is_called_a_copy(scorer, missing):
    copy = replace(COPY, **missing)
    assert not copies(seen(scorer, copy, ORIGINAL), ORIGINAL)


def test_a_stranger_is_no_copy(scorer):
    stranger = replace(COPY, handle="bakes_in_oslo", display_name="Bo Kvist", bio="Bread.")
    assert not copies(seen(scorer, stranger, ORIGINAL), ORIGINAL)


def test_it_takes_two_people_then(real):
    client, _ = real
    plain = {name: value for name, value in IMPOSTOR.items() if name != "links"}
    reported = plain | {
        "account_id": "5001",
        "handle": "mara_ellvik",
        "display_name": "Mara Ellvik",
        "followers": 8_000,
    }
    reported |= {"bio": ORIGINAL.bio, "created_at": "2014-02-03T00:00:00Z"}
    copy = reported | {"account_id": "5002", "handle": "rnara_ellvik", "display_name": "Mara Ellvlk", "followers": 20}
    copy |= {"created_at": "2026-04-03T00:00:00Z"}
    answer = _ask(client, reported, notice={"reporter": "person", "account": copy})
    assert (answer["verdict"], answer["reasons"][0]["code"]) == ("needs_review", "reporter_may_be_imitator")
    assert answer["required_approvals"] == 2
