import pytest
from click.testing import CliRunner

from classifier.errors import NoModelError
from service import cli


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command with a scorer that is never built; return its result and the settings it served with."""
    served = []
    monkeypatch.setattr(cli, "load_scorer", lambda _: "scorer")
    monkeypatch.setattr(cli, "run", lambda scorer, settings: served.append((scorer, settings)))

    def run(*options, **environment):
        result = CliRunner().invoke(cli.serve, ["--home", str(tmp_path), *options], env=environment)
        return result, served

    return run


def test_options_reach_the_server(run, tmp_path):
    result, [(scorer, settings)] = run("--host", "::1", "--port", "0", "--registry", "r.csv")
    assert result.exit_code == 0
    assert (scorer, settings.host, settings.port, str(settings.registry)) == ("scorer", "::1", 0, "r.csv")
    assert settings.home == tmp_path


def test_invented_accounts_are_announced(run):
    assert "INVENTED" in run()[0].stderr
    assert "INVENTED" not in run("--registry", "r.csv")[0].stderr


def test_a_misspelled_variable_is_announced(run):
    assert "DOUBLECHECK_PROT is no setting" in run(DOUBLECHECK_PROT="80")[0].stderr


def test_an_invalid_variable_stops_the_start(run):
    result, served = run(DOUBLECHECK_MAX_BODY_BYTES="lots")
    assert (result.exit_code, served) == (1, [])
    assert "Error: DOUBLECHECK_MAX_BODY_BYTES: " in result.stderr


def test_a_model_that_cannot_be_used_stops_the_start(run, monkeypatch):
    def fail(settings):
        raise NoModelError("no model")

    monkeypatch.setattr(cli, "load_scorer", fail)
    result, served = run()
    assert (result.exit_code, served) == (1, [])
    assert "Error: no model" in result.stderr
