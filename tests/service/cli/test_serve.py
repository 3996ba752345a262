import pytest
from click.testing import CliRunner

from classifier.errors import NoModelError
from service.cli import serve as module
from service.server.run import _hand_down as hand_down
from service.settings import load_settings


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


# --- the demonstration -----------------------------------------------------------------------------------------------

ELSEWHERE = [("--host", "0.0.0.0"), ("--host", "192.0.2.7"), ("--host", "::")]  # noqa: S104 -- nothing listens there


@pytest.mark.parametrize("options", ELSEWHERE)
def test_strangers_are_let_into_no_demonstration(run, options):
    result, served = run(*options)
    assert (result.exit_code, served) == (1, [])
    for named in ("--demonstration", "DOUBLECHECK_DEMONSTRATION=true", "registry import"):
        assert named in result.stderr


def test_nor_where_it_answers_under_another_name(run):
    assert run(DOUBLECHECK_HOSTS="doublecheck.example")[0].exit_code == 1
    assert run(DOUBLECHECK_HOSTS="localhost")[0].exit_code == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_it_starts_by_itself(run, host):
    result, [(_, settings)] = run("--host", host)
    assert (result.exit_code, settings.demo()) == (0, True)


@pytest.mark.parametrize("asked", [{"options": ("--demonstration",)}, {"DOUBLECHECK_DEMONSTRATION": "true"}])
def test_it_can_be_asked_for(run, asked):
    options = asked.pop("options", ())
    result, [(_, settings)] = run(*ELSEWHERE[0], *options, **asked)
    assert (result.exit_code, settings.demo()) == (0, True)


def test_a_real_registry_may_be_reached_from_anywhere(run):
    result, [(_, settings)] = run(*ELSEWHERE[0], "--registry", "r.csv")
    assert (result.exit_code, settings.demo()) == (0, False)


def test_it_is_not_asked_for_beside_a_registry(run, tmp_path):
    assert "DOUBLECHECK_DEMONSTRATION: " in run("--demonstration", "--registry", "r.csv")[0].stderr
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "current.json").write_text("{}")
    result, served = run("--demonstration")
    assert (result.exit_code, served) == (1, [])
    assert "the demonstration is over here" in result.stderr


def test_workers_that_are_started_later_know_what_was_decided(run, tmp_path, monkeypatch):
    """Whatever is imported meanwhile: the workers of one service are all of the demonstration, or none is."""
    _, [(_, settings)] = run("--workers", "2")
    assert settings.demonstration is True
    monkeypatch.setenv("DOUBLECHECK_DEMONSTRATION", "")  # which is put back after the test
    hand_down(settings)
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "current.json").write_text("{}")
    assert load_settings(home=tmp_path).demo() is True


# --- the home --------------------------------------------------------------------------------------------------------


def test_a_home_that_others_could_read_is_taken_from_them_and_that_is_said(run, tmp_path):
    (tmp_path / "keys").mkdir(mode=0o755)
    (tmp_path / "keys" / "signing.pem").write_text("key")
    (tmp_path / "doublecheck.db").write_text("")
    for path in (tmp_path, tmp_path / "keys", tmp_path / "keys" / "signing.pem", tmp_path / "doublecheck.db"):
        path.chmod(0o755)
    assert "other users could read keys, doublecheck.db in" in run()[0].stderr
    assert [path.stat().st_mode & 0o077 for path in (tmp_path, *tmp_path.rglob("*"))] == [0] * 4
    assert "other users" not in run()[0].stderr
