"""What the gate looked at is told: figures, what it would have noticed, what it cannot tell, what it did not ask."""

from classifier.promotion.promote import Examination
from classifier.promotion.questions import Answer
from classifier.promotion.report import lines

ANSWER = Answer("namesakes called impersonation", None, "simulated by the gate", 4_400, 400, 0.251, 0.362, 0.098,
                0.121, 0.03, "worse", 0.0262)  # fmt: skip


def test_a_question_is_told_with_figures_margin_answer_and_power() -> None:
    head, names, row, note = lines(Examination((), (ANSWER,)))
    assert head == "the gate compared it with the serving model, cases simulated by the gate:"
    assert names.split() == ["question", "cases", "serving", "candidate", "difference", "allowed", "answer", "notices"]
    assert row.split() == [*ANSWER.question.split(), "4,400", "25.10", "36.20", "+9.8", "to", "+12.1", "+3", "worse",
                           "+2.6"]  # fmt: skip
    assert "80 times in 100" in note


def test_what_cases_cannot_tell_is_said_and_not_passed_over() -> None:
    few = Answer("attacks missed", None, "of yours.csv", 9, 9, 0.1, 0.1, -0.3, 0.4, 0.03, "cannot tell", None)
    text = "\n".join(lines(Examination((), (ANSWER, few))))
    assert "cannot tell whether it is worse: attacks missed (9 cases around 9 protected accounts)" in text
    assert text.count("the gate compared it") == 2


def test_where_nothing_was_compared_that_is_said() -> None:
    (line,) = lines(Examination((), not_compared="nobody has made a model serve here"))
    assert line.startswith("the gate compared it with no other model: nobody has made a model serve here;")


def test_answers_are_a_table_in_a_notebook() -> None:
    frame = Examination((), (ANSWER,)).frame()
    assert frame.loc[0, ["question", "said", "noticed"]].tolist() == [ANSWER.question, "worse", 0.0262]
    assert Examination(()).frame().empty
