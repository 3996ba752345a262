"""Cards tell of given labels what a reader can use, the same in both forms, and never a raw value of the manifest."""

from typing import Any

import pytest

from classifier.labels.agreement import Judged, measure
from classifier.reports.model_card import LABELLERS_SHOWN, about_labels, cards

SOURCE = {"name": "first|round.csv", "kind": "labels", "rows": 1_300, "used": 1_200,
          "rejected": {"target_unknown": 90, "unclear": 10}, "sha256": "ab" * 32}  # fmt: skip
# Two labellers agree on most cases, and a third one is contradicted wherever the others agree.
JUDGED = [
    *[Judged((("ann", label), ("ben", label), ("cem", other)), label)
      for label, other in [("impersonation", "unrelated"), ("unrelated", "impersonation")] * 10],
    Judged((("ann", "impersonation"), ("ben", "unrelated")), None),
    Judged((("ann", "impersonation"),), "impersonation"),
]  # fmt: skip


def manifest(given: dict[str, Any]) -> dict[str, Any]:
    return {"code": "1", "certificates": {}, "account": None, "features": [], "libraries": {},
            "training": {"seed": 1, "given": given}}  # fmt: skip


def given(**changes: Any) -> dict[str, Any]:
    usual = {"cases": 1_200, "labels": {"impersonation": 400, "unrelated": 800}, "sources": [SOURCE],
             "agreement": measure(JUDGED).facts(), "slices": []}  # fmt: skip
    return usual | changes


def test_labels_and_agreement_are_told_in_sentences() -> None:
    alpha = measure(JUDGED).alpha
    assert list(about_labels(given())) == [
        "1,200 cases (400 impersonation, 800 unrelated).",
        "21 of 22 cases have the labels of two or more of 3 labellers.",
        f"Over these, Krippendorff's alpha is {alpha:.3f}: 1 is perfect agreement, and 0 what chance gives.",
        "Left out as unclear: 1.",
    ]


@pytest.mark.parametrize(
    ("agreement", "sentence"),
    [
        (None, "Who labelled them is not known"),
        (measure([Judged((("ann", "unrelated"),), "unrelated")]).facts(), "Nobody labelled the same case"),
        (
            measure([Judged((("ann", "unrelated"), ("ben", "unrelated")), "unrelated")]).facts(),
            "all labels are the same",
        ),
    ],
)
def test_agreement_that_is_not_known_is_said_so(agreement: dict[str, Any] | None, sentence: str) -> None:
    found = {name: text.decode() for name, text in cards(manifest(given(agreement=agreement))).items()}
    assert all(sentence in text for text in found.values()), found


def test_sources_and_labellers_are_tables_in_both_cards() -> None:
    page, text = (one.decode() for one in cards(manifest(given())).values())
    assert "first|round.csv" in page
    assert "| first\\|round.csv | labels | 1,300 | 1,200 | target_unknown 90, unclear 10 | `abab" in text
    assert "| cem | 20 | 20 | 100 % |\n| ann | 22 | 20 | 0 % |" in text, "whoever is contradicted most comes first"
    assert page.index('<tr><th scope="row">cem</th>') < page.index('<tr><th scope="row">ann</th>')
    for card in (page, text):
        assert "{'" not in card
        assert "&#39;" not in card.replace("Krippendorff&#39;s", "")


def test_of_many_labellers_a_card_shows_the_most_contradicted() -> None:
    crowd = [
        Judged(((f"labeller {number:02}", "unrelated"), ("ann", "unrelated")), "unrelated") for number in range(30)
    ]
    for card in cards(manifest(given(agreement=measure(crowd).facts()))).values():
        assert f"The {LABELLERS_SHOWN} who are contradicted most, of 31" in card.decode()
