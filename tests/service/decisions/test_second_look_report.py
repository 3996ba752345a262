"""The figures of second looks, by hand: agreement, the error bound, seconds and parts."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sklearn.metrics import cohen_kappa_score

from classifier.certification.observed_bound import observed_bound
from service.cli import main
from service.decisions.erasure import Order, erase
from service.decisions.second_look_report import FEW, cohen_kappa
from tests.service.conftest import ASSESSMENTS, CERTIFICATE, NOW, body
from tests.service.stories.test_second_looks import ADMIN, AUDITOR, BLIND, OTHER, judge
from tests.service.test_rules import approve, clearance

PERIOD = {"from": NOW.isoformat(), "to": (NOW + timedelta(days=1)).isoformat()}
REVIEWERS = (("rev-1", "reviewer"), ("rev-2", "reviewer"))
DEMANDED = {"action": "require_change", "demands": ["label_in_bio"], "time_limit_hours": 48}


@pytest.fixture
def drawing(make_client, database_url):
    return make_client(database_url=database_url, second_look_share=1)


def ask(client, name="impersonation", number=1, *, changes=(), **more):
    """Ask about an account of its own, so that no warning of another one is in the way."""
    client.scorer.answer = ASSESSMENTS[name]
    account = body()["account"] | {"account_id": f"77{number}", "handle": f"Jane{number}"} | dict(changes)
    return client.check(account=account, **more).json() | {"asked": account}


def act(client, answer):
    given = answer["clearance"] or clearance(client, answer["check_id"]).json()
    spent = client.post("/v1/clearances/redeem", json={"token": given["token"], "account": answer["asked"]})
    assert spent.status_code == 200, spent.text


def report(client, by=AUDITOR, **period):
    answer = client.get("/v1/second-looks/report", params=PERIOD | period, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


def results(found):
    return {one["result"]: (one["drawn"], one["answered"]) for one in found["results"]}


def parts(found, dimension):
    return {one["value"]: one for one in found["slices"] if one["dimension"] == dimension}


def test_nothing_that_was_drawn_is_nothing_known(drawing):
    found = report(drawing)
    assert (found["drawn"], found["answered"], found["slices"], found["certified_alpha"]) == (0, 0, [], None)
    assert found["errors"] == {"judged": 0, "genuine": 0, "share": None, "bound": None}
    assert found["seconds"] == {"answers": 0, "median": None, "p90": None}


def test_first_results_are_told_apart(drawing):
    ask(drawing, number=1)
    ask(drawing, "declared_secondary", number=2)
    ask(drawing, "below_threshold", number=3)
    approved, declined = ask(drawing, "unrelated", 4)["check_id"], ask(drawing, "unrelated", 5)["check_id"]
    half = ask(drawing, "unrelated", 6)["check_id"]
    for by in REVIEWERS:
        approve(drawing, approved, by)
    approve(drawing, declined, REVIEWERS[0], "decline")
    approve(drawing, half, REVIEWERS[0])
    judge(drawing, half, "unsure")
    found = report(drawing)
    assert results(found) == {
        "cleared": (1, 0), "approved": (1, 0), "declined": (1, 0), "refused": (1, 0), "open": (2, 1)
    }  # fmt: skip
    [opened] = [one for one in found["results"] if one["result"] == "open"]
    assert opened["answers"]["unsure"] == 1


def test_the_error_bound_is_of_what_was_cleared_or_acted_on_and_judged(drawing):
    for number, said in enumerate(["impersonation"] * 4 + ["parody_or_fan", "unsure"]):
        judge(drawing, ask(drawing, number=number)["check_id"], said)
    ask(drawing, number=10)  # cleared, and judged by nobody
    waiting = ask(drawing, "unrelated", 11)["check_id"]
    judge(drawing, waiting, "unrelated")  # neither cleared nor acted on
    acted = ask(drawing, "unrelated", 12)
    for by in REVIEWERS:
        approve(drawing, acted["check_id"], by)
    act(drawing, acted)
    judge(drawing, acted["check_id"], "impersonation")
    judge(drawing, acted["check_id"], "same_owner", OTHER)
    found = report(drawing)
    assert (found["errors"]["judged"], found["errors"]["genuine"]) == (6, 2), "one of two answers is enough"
    assert found["errors"]["share"] == pytest.approx(2 / 6)
    assert found["errors"]["bound"] == pytest.approx(observed_bound(2, 6))
    assert found["certified_alpha"] == CERTIFICATE.alpha


def test_a_demand_made_of_a_parody_is_no_error_and_no_agreement(drawing):
    answer = ask(drawing, "parody_or_fan", **DEMANDED)
    assert answer["required_approvals"] == 1
    approve(drawing, answer["check_id"], REVIEWERS[0])
    act(drawing, answer)
    judge(drawing, answer["check_id"], "parody_or_fan")
    found = report(drawing)
    assert (found["errors"]["judged"], found["agreement"]["compared"]) == (0, 0)


def test_agreement_is_with_the_first_person_and_another_one(drawing):
    said = ["impersonation", "impersonation", "unrelated", "unrelated", "parody_or_fan", "impersonation"]
    first = ["approve", "decline", "approve", "decline", "decline", "approve"]
    for number, (mine, theirs) in enumerate(zip(said, first, strict=True)):
        check_id = ask(drawing, "below_threshold", number)["check_id"]
        approve(drawing, check_id, REVIEWERS[0], theirs)
        judge(drawing, check_id, mine)
    unsure, own = (ask(drawing, "unrelated", number)["check_id"] for number in (20, 21))
    judge(drawing, unsure, "unsure")
    approve(drawing, unsure, REVIEWERS[0])
    judge(drawing, own, "impersonation", BLIND)
    approve(drawing, own, BLIND)
    found = report(drawing)["agreement"]
    assert (found["compared"], found["agreed"], found["judged_twice"]) == (6, 4, 0)
    assert found["share"] == pytest.approx(4 / 6)
    pairs = [(True, True), (False, True), (True, False), (False, False), (False, False), (True, True)]
    assert found["kappa"] == pytest.approx(cohen_kappa(pairs))


def test_two_who_looked_blind_are_compared_with_one_another(drawing):
    for number in range(FEW):
        check_id = ask(drawing, number=number)["check_id"]
        judge(drawing, check_id, "impersonation")
        judge(drawing, check_id, "impersonation" if number else "unrelated", OTHER)
    found = report(drawing)["agreement"]
    assert found["judged_twice"] == FEW
    # Of 10 values 9 are the same: 1 - (10 - 1) * 2 / (10^2 - 9^2 - 1^2), as Krippendorff's alpha is defined.
    assert found["alpha"] == pytest.approx(1 - 9 * 2 / 18)


@pytest.mark.parametrize(
    "pairs", [[(True, True), (True, False), (False, False)], [(True, False)] * 3, [(True, True), (False, True)] * 4]
)
def test_kappa_is_that_of_scikit_learn(pairs):
    assert cohen_kappa(pairs) == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))


def test_seconds_are_the_median_and_what_nine_of_ten_take(drawing):
    taken = [10, 20, 30, 40, 50, 60, 70, 80, 90, 1_000]
    for number, seconds in enumerate(taken):
        judge(drawing, ask(drawing, number=number)["check_id"], "impersonation", after=seconds)
    assert report(drawing)["seconds"] == {"answers": 10, "median": 55.0, "p90": 90.0}


def test_parts_have_counts_always_and_rates_from_five_on(drawing):
    notice = {"reporter": "person", "language": "pt", "country": "BR"}
    for number in range(FEW):
        answer = ask(drawing, number=number, changes={"display_name": "Mary Smith"}, notice=notice)
        judge(drawing, answer["check_id"], "impersonation")
    judge(drawing, ask(drawing, number=9, changes={"display_name": "Жанна"})["check_id"], "unrelated")
    found = report(drawing)
    enough, few = parts(found, "language")["pt"], parts(found, "language")["in Cyrillic + Latin"]
    assert (enough["answers"], enough["errors"]["share"], enough["median_seconds"]) == (FEW, 0.0, 90.0)
    assert enough["errors"]["bound"] == pytest.approx(observed_bound(0, FEW))
    assert (few["drawn"], few["answers"]) == (1, 1)
    assert (few["errors"]["genuine"], few["errors"]["share"], few["errors"]["bound"]) == (1, None, None)
    assert (few["median_seconds"], few["agreement"]) == (None, None)
    assert set(parts(found, "region")) == {"BR", "unknown"}
    assert set(parts(found, "script")) == {"Latin", "Cyrillic"}
    assert set(parts(found, "platform")) == {"x"}
    assert parts(found, "name")["common"]["drawn"] == FEW
    for dimension in ("language", "region", "script", "platform", "name"):
        assert sum(one["drawn"] for one in parts(found, dimension).values()) == found["drawn"]


def test_what_was_erased_counts_and_says_so(drawing):
    answer = ask(drawing)
    judge(drawing, answer["check_id"], "unrelated")
    drawing.commit(lambda transaction: erase(transaction, [answer["check_id"]], Order("officer", "request 7")))
    found = report(drawing)
    assert (found["errors"]["genuine"], set(parts(found, "name")), set(parts(found, "script"))) == (
        1, {"erased"}, {"erased"}
    )  # fmt: skip


def test_a_check_counts_in_the_period_in_which_it_was_drawn(drawing):
    judge(drawing, ask(drawing)["check_id"], "impersonation")
    before = (NOW - timedelta(days=1)).isoformat()
    assert report(drawing, **{"from": before, "to": NOW.isoformat()})["drawn"] == 0
    assert report(drawing, ADMIN, **{"from": NOW.isoformat()})["drawn"] == 1


def test_no_text_name_or_id_of_anybody_is_in_it(drawing):
    answer = ask(drawing, changes={"display_name": "Jolanthe Quuxburger"}, report={"text": "plagiarises"})
    judge(drawing, answer["check_id"], "unrelated", reason="I saw it.")
    text = json.dumps(report(drawing))
    for one in ("Quuxburger", "Jane1", "plagiarises", "I saw", "blind-1", "agent-17", answer["check_id"], "771"):
        assert one not in text


def test_the_command_says_the_same(drawing, tmp_path):
    judge(drawing, ask(drawing)["check_id"], "unrelated")

    def run(*arguments):
        options = ["--home", str(tmp_path / "home"), "--database", drawing.settings.database_url]
        return CliRunner().invoke(main, ["audit", "looks", *arguments, *options])

    period = ["--from", PERIOD["from"], "--to", PERIOD["to"]]
    assert json.loads(run(*period, "--json").stdout) == report(drawing)
    text = run(*period).stdout
    assert "drawn 1, answered 1 (1 answers)" in text
    assert "  cleared: drawn 1, answered 1: unrelated 1\n" in text
    assert "genuine: 1 of 1, at most 1 with 95 % confidence (certificate: alpha 0.01" in text
    assert "must be later than --from" in run("--from", "2026-05-02", "--to", "2026-05-01").stderr
