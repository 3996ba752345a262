"""Every field case is answered as EXPECTED.md says, by the model that the package ships."""

from pathlib import Path

import pytest

from tests.fieldcases import FIELDCASES, results


@pytest.mark.slow
@pytest.mark.skipif(not FIELDCASES.is_dir(), reason="the field cases are not part of the project")
def test_every_field_case_is_right(tmp_path: Path) -> None:
    wrong = [f"{case.name}: {case.right}; got {got}" for case, is_right, got in results(tmp_path) if not is_right]
    assert not wrong, "\n".join(wrong)
