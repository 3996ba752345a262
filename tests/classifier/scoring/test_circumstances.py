import pytest

from classifier.scoring.circumstances import CIRCUMSTANCES, circumstances


def test_each_has_a_reason_once() -> None:
    found = [one.code for one in circumstances([*CIRCUMSTANCES, *CIRCUMSTANCES])]
    assert found == ["circumstance_memorial", "circumstance_deceased", "circumstance_minor"]
    assert list(circumstances([])) == []


def test_what_is_not_understood_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown circumstance"):
        list(circumstances(["tired"]))
