"""What the EU's templates for transparency reports take comes under their headings."""

from service.decisions.annex_templates import CATEGORY, cells
from service.schemas.second_looks import ErrorsOut
from tests.service.conftest import NOW
from tests.service.decisions.test_statement_of_reasons import SAID, TERMS, act
from tests.service.decisions.test_transparency_report import reported
from tests.service.stories.test_second_looks import judge

TERMS_ACTIONS = "Number of actions taken on the basis of the terms and conditions of the service"
MEANS = "Annex I part 8: Use of automated means for content moderation"
NOTHING = ErrorsOut(judged=0, genuine=0, share=None, bound=None)


def body(source=None, decision="SUSPENDED", detection=None):
    """A statement, as far as the templates ask."""
    said = {"source_type": source, "automated_detection": detection}
    return {"decision_account": f"DECISION_ACCOUNT_{decision}"} | {name: one for name, one in said.items() if one}


def found(*bodies, judged=NOTHING):
    return {
        (section.partition(":")[0], heading): (value, note)
        for section, heading, _, value, note in cells(bodies, judged)
    }


def test_actions_on_notices_are_told_from_those_of_the_platforms_own():
    told = found(
        body("SOURCE_ARTICLE_16"), body("SOURCE_TRUSTED_FLAGGER"), body("SOURCE_TYPE_OTHER_NOTIFICATION"), body(),
        body("SOURCE_VOLUNTARY", detection="Yes"), body("SOURCE_VOLUNTARY", "TERMINATED", "No"),
    )  # fmt: skip
    assert told["Annex I part 4", TERMS_ACTIONS] == ("2", "1 statements do not say yet where it came from")
    assert told["Annex I part 4", f"{TERMS_ACTIONS} (Trusted Flagger notices)"][0] == "1"
    own = {heading: value for (part, heading), (value, _) in told.items() if part == "Annex I part 6"}
    assert list(own.values()) == ["2", "1", "1", "1"]


def test_precision_is_what_people_found_who_judged_blind_and_unknown_without_them():
    some = ErrorsOut(judged=8, genuine=1, share=1 / 8, bound=0.5)
    precision = "Accuracy of the automated means - Precision"
    assert found(judged=some)["Annex I part 8", precision][0] == "0.8750"
    assert found()["Annex I part 8", precision][0] == ""
    assert found(judged=some)["Annex I part 8", "Accuracy of the automated means - Recall"][0] == ""


def test_they_are_in_the_report(make_client, database_url):
    client = make_client(database_url=database_url, second_look_share=1, **TERMS)
    for number in range(5):
        judge(client, act(client, {"account_id": str(number)}, report=SAID), "impersonation")
    told = reported(client, begin=NOW)
    assert told["Annex I part 4: notices", TERMS_ACTIONS, CATEGORY] == ("5", "")
    assert told[MEANS, "Accuracy of the automated means - Precision", "Total number"][0] == "1.0000"
    assert told[MEANS, "Number of measures solely taken by automated means", "Total number"][0] == "0"
