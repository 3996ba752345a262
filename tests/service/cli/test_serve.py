import pytest
from click.testing import CliRunner

from classifier.errors import NoModelError
from service.cli import serve as module


class FakeCheckService:
    closed = False

    def close(self):
        self.closed = True


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run the command with a check service that is never built; return its result and what it served with."""
    served = []
    monkeypatch.setattr(module, "open_check_service", lambda _: FakeCheckService())
    monkeypatch.setattr(module, "run", lambda check_service, settings: served.append((check_service, settings)))
    monkeypatch.setattr(module, "serve_with_workers", lambda settings: served.append(("workers", settings)))

    def run(*options, **environment):
        result = CliRunner().invoke(module.serve, ["--home", str(tmp_path), *options], env=environment)
        return result, served

    return run


def test_options_reach_the_server(run, tmp_path):
    result, [(_, settings)] = run("--host", "::1", "--port", "0", "--registry", "r.csv", "--database", "sqlite:///a.db")
    assert result.exit_code == 0
    assert (settings.host, settings.port, str(settings.registry)) == ("::1", 0, "r.csv")
    assert (settings.home, settings.database()) == (tmp_path, "sqlite:///a.db")


def test_several_workers_have_check_services_of_their_own(run):
    result, [(check_service, settings)] = run("--workers", "3")
    assert (result.exit_code, check_service, settings.workers) == (0, "workers", 3)


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

    monkeypatch.setattr(module, "open_check_service", fail)
    result, served = run()
    assert (result.exit_code, served) == (1, [])
    assert "Error: no model" in result.stderr
