import pytest

from classifier.utils import progress
from classifier.utils.progress import Stages, bar


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


def test_a_log_has_a_line_now_and_then_and_none_for_short_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(bar("abc", desc="reading", unit="row")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "_LINES", 0.0)
    with bar(desc="reading", unit="row", total=2) as shown:
        shown.update()
        shown.update()
    lines = capsys.readouterr().err.splitlines()
    assert "50%" in lines[1]
    assert "2/2" in lines[-1]
    assert not any("\r" in line for line in lines)
