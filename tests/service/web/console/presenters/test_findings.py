import pytest

from service.schemas.checks import EvidenceOut
from service.web.console.presenters.findings import finding


def evidence(feature, explanation, value, contribution=1.0):
    return EvidenceOut(
        feature=feature, explanation=explanation, value=value, reported="", protected="", contribution=contribution
    )


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (evidence("lure", "How many ways the profile asks people", 2.0),
         "The profile asks people to write, pay or join elsewhere."),
        (evidence("age", "How many years old", 0.1), "The account is less than a year old (0.1 years)."),
        (evidence("bio_similarity", "How similar the bios are", 1.0),
         "The bio says what the bio of @JaneRoe says (100 % alike)."),
        (evidence("handle_extended", "One handle is the other with letters added", 1.0),
         "One handle is the other with letters added."),
        (evidence("handle_extended", "Not so: one handle is the other", 0.0, -1.0),
         "Does not hold: one handle is the other."),
        (evidence("name_fits_own_handle", "How much of its own name the handle spells out", 0.5, -1.0),
         "How much of its own name the handle spells out: 0.5."),
        (evidence("f", "How much they share (bits)", 4.25), "How much they share: 4.2."),
        (evidence("f", "Something", None), "Something."),
    ],
)  # fmt: skip
def test_a_finding_is_a_sentence_with_its_value_and_true_of_it(item, said):
    assert finding(item, "JaneRoe") == said
