import pytest

from classifier.utils.progress import Stages


def test_each_stage_says_which_of_how_many_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    stages = Stages("training", 2, shown=True)
    assert list(stages.watch("abc", "comparing", 5, "case")) == ["a", "b", "c"]
    with stages.stage("fitting", 1, "head") as done:
        done()
    shown = capsys.readouterr().err
    assert "training 1/2, comparing" in shown
    assert "training 2/2, fitting: 100%" in shown


def test_nothing_is_shown_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(Stages("training", 1, shown=False).watch("ab", "comparing", 2, "case")) == ["a", "b"]
    assert capsys.readouterr() == ("", "")


def test_a_stage_that_fails_ends_its_bar_and_lets_the_error_through(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), Stages("training", 1, shown=True).stage("fitting", 1, "head"):
        raise KeyboardInterrupt
    assert capsys.readouterr().err.endswith("\n")
