"""The questions in the order of harm: which are asked, how each is answered, and what would have been noticed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from classifier.promotion.paired_bootstrap import Paired
from classifier.promotion.questions import Answer, answers

ALPHA = 0.01
ORDER = ["genuine accounts cleared", "namesakes called impersonation", "owners' other accounts called impersonation",
         "other genuine accounts called impersonation", "parodies and fans called impersonation", "attacks missed",
         "attacks of tier standard not found at once"]  # fmt: skip
KINDS = {"namesake": "unrelated", "secondary": "same_owner", "ordinary": "unrelated", "parody": "parody_or_fan",
         "clone": "impersonation"}  # fmt: skip


def results(*, identities: int = 400, each: int = 10, called: float = 0.1, found: float = 0.9, seed: int = 0):
    """Of every kind ``each`` cases around each account; of attacks that are called so, half are above the threshold."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(list(KINDS.items()) * each, columns=["family", "label"])
    frame = pd.concat([rows.assign(identity=number) for number in range(identities)], ignore_index=True)
    attack = (frame["label"] == "impersonation").to_numpy()
    flagged = rng.random(len(frame)) < np.where(attack, found, called)
    above = attack & (rng.random(len(frame)) < 0.5)
    return frame.assign(flagged=flagged, above=above, right_target=True, tier="standard", probability=0.5)


def changed(frame: pd.DataFrame, share: float, *, family: str, column: str, to: bool, seed: int = 1) -> pd.DataFrame:
    """Change an answer about some cases of one kind."""
    some = (frame["family"] == family) & (np.random.default_rng(seed).random(len(frame)) < share)
    return frame.assign(**{column: frame[column].mask(some, to)})


def asked(candidate: pd.DataFrame, serving: pd.DataFrame, *, simulated: bool = True) -> dict[str, Answer]:
    found = answers(Paired(candidate, serving, "drawn", simulated=simulated), alpha=ALPHA)
    assert [answer.question for answer in found] == [one for one in ORDER if one in {a.question for a in found}]
    return {answer.question: answer for answer in found}


def test_the_same_model_is_no_worse_and_the_questions_come_in_the_order_of_harm() -> None:
    frame = results()
    found = asked(frame, frame)
    assert list(found) == ORDER
    assert {answer.said for answer in found.values()} == {"no worse"}


@pytest.mark.parametrize(
    ("family", "column", "to", "share", "question"),
    [
        ("namesake", "flagged", True, 0.12, ORDER[1]),
        ("secondary", "flagged", True, 0.12, ORDER[2]),
        ("ordinary", "flagged", True, 0.12, ORDER[3]),
        ("parody", "flagged", True, 0.12, ORDER[4]),
        ("clone", "flagged", False, 0.12, ORDER[5]),
        ("clone", "above", False, 0.9, ORDER[6]),
    ],
)
def test_each_harm_is_seen_by_its_question_alone(
    family: str, column: str, to: bool, share: float, question: str
) -> None:
    """What the issue is about: namesakes called impersonation rise from a quarter to a third."""
    serving = results()
    found = asked(changed(serving, share, family=family, column=column, to=to), serving)
    worse = {text for text, answer in found.items() if answer.said == "worse"}
    # Attacks that are missed are not found at once either, but fewer than that question allows.
    assert worse == {question}
    assert found[question].low > 0.03


def test_genuine_accounts_cleared_may_not_rise_by_more_than_the_certificates_alpha() -> None:
    serving = results()
    candidate = changed(serving.assign(), 0.3, family="namesake", column="above", to=True)
    found = asked(candidate, serving)[ORDER[0]]
    assert (found.margin, found.said) == (ALPHA, "no worse")
    assert found.candidate > found.serving == 0.0
    found = asked(changed(candidate, 1.0, family="namesake", column="above", to=True), serving)[ORDER[0]]
    assert found.said == "worse"


def test_few_cases_cannot_tell_and_say_what_they_would_have_noticed() -> None:
    frame = results(identities=25, each=2)
    other = changed(frame, 0.1, family="namesake", column="flagged", to=True)
    found = asked(other, frame, simulated=False)["namesakes called impersonation"]
    assert found.said == "cannot tell"
    assert found.noticed is not None
    assert found.noticed > 0.1
    few = asked(results(identities=10), results(identities=10))
    assert {(answer.said, answer.noticed) for answer in few.values()} == {("cannot tell", None)}


def test_what_would_have_been_noticed_is_refused_four_times_in_five() -> None:
    """The power figure, by simulation: a rise of that size in namesakes, drawn again and again."""
    serving = results(identities=200)
    rise = asked(serving, serving)["namesakes called impersonation"].noticed
    assert rise is not None
    share = rise / (1 - 0.1)  # of those who are not called so yet
    refused = sum(
        asked(changed(serving, share, family="namesake", column="flagged", to=True, seed=seed), serving)[ORDER[1]].said
        != "no worse"
        for seed in range(60)
    )
    assert 0.6 <= refused / 60 <= 0.95


def test_kinds_that_nobody_simulates_are_asked_about_by_their_label() -> None:
    frame = results().assign(family="given")
    assert list(asked(frame, frame)) == [text for text in ORDER if "namesakes" not in text]
    unknown = frame.assign(label=frame["label"].replace("same_owner", "my own word"))
    assert "owners' other accounts called impersonation" not in asked(unknown, unknown)


def test_a_tier_without_a_threshold_is_not_asked_about() -> None:
    frame = results().assign(above=False)
    assert "attacks of tier standard not found at once" not in asked(frame, frame)


def test_an_answer_is_plain_for_a_log() -> None:
    frame = results(identities=30)
    (first, *_) = answers(Paired(frame, frame, "drawn", simulated=True), alpha=ALPHA)
    assert replace(first).plain() == first.plain()
    assert set(first.plain()) == set(Answer.__slots__)
