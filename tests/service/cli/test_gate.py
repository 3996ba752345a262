"""``doublecheck gate``: what is missing is said before anything starts."""

import pytest
from click.testing import CliRunner

from service.cli.gate import NOTICES, PLATFORMS, gate_group


@pytest.mark.parametrize("name", [*PLATFORMS, NOTICES])
def test_a_gate_without_settings_says_which_are_required(name, monkeypatch):
    for variable in ("DOUBLECHECK_URL", "DOUBLECHECK_KEY", "DOUBLECHECK_GATE_STATE"):
        monkeypatch.delenv(variable, raising=False)
    result = CliRunner().invoke(gate_group, [name])
    assert result.exit_code == 1
    assert "DOUBLECHECK_GATE_STATE: is required" in result.output


def test_every_platform_is_in_the_help():
    assert {*PLATFORMS, NOTICES} <= set(CliRunner().invoke(gate_group, ["--help"]).output.split())
