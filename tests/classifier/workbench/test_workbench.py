"""Whatever the command line does is one short call in Python, which does the same."""

from collections.abc import Iterator
from dataclasses import fields
from inspect import signature
from pathlib import Path
from pydoc import locate
from typing import get_type_hints

import click
import pandas as pd
import pytest

from classifier.batch import Batch
from classifier.errors import InputError, RegistryError
from classifier.evaluation.evaluate import simulated_cases
from classifier.model_store.shipped import default_id
from classifier.model_store.training_result import Training
from classifier.registry.dataframes import account_frame, registry_frame
from classifier.registry.registry import Registry
from classifier.simulation.population import invent_registry
from classifier.workbench import Trained, Workbench
from classifier.workbench.options import FitOptions, ScoreOptions
from service.cli import main

BENCH = "classifier.workbench.Workbench"
# The service's commands have their calls in the service: they are listed, not wrapped.
CALLS = {
    "train": f"{BENCH}.train",
    "certify": f"{BENCH}.certify",
    "evaluate": f"{BENCH}.evaluate",
    "score": f"{BENCH}.score",
    "sample": f"{BENCH}.sample",
    "registry import": f"{BENCH}.import_registry",
    "registry put": f"{BENCH}.put",
    "registry withdraw": f"{BENCH}.withdraw",
    "registry list": f"{BENCH}.protected",
    "registry export": f"{BENCH}.export_registry",
    "models list": f"{BENCH}.models",
    "models show": f"{BENCH}.show",
    "models verify": f"{BENCH}.verify",
    "models diff": f"{BENCH}.diff",
    "models promote": f"{BENCH}.promote",
    "models rollback": f"{BENCH}.rollback",
    "serve": "service.server.run.serve",
    "keys create": "service.auth.api_keys.create_key",
    "keys list": "service.auth.api_keys.list_keys",
    "keys revoke": "service.auth.api_keys.revoke_key",
    "keys end-access": "service.auth.api_keys.end_access",
    "keys rotate": "service.records.signing_keys.rotate",
    "keys retire": "service.records.signing_keys.retire",
    "keys signing": "classifier.utils.keyring.KeyRing.accepted",
    "audit verify": "service.records.parallel_verification.verify_snapshot",
    "audit checkpoint": "service.records.kept_checkpoints.latest_checkpoint",
    "audit report": "service.decisions.transparency_report.lines",
    "audit looks": "service.decisions.second_look_report.report",
    "audit export": "service.decisions.replay.export",
    "audit replay": "service.decisions.replay.replay",
    "audit labels": "service.decisions.outcomes.write_labels",
    "instances list": "service.decisions.instances.Instances",
    "instances forget": "service.decisions.instances.forget",
    "records erase": "service.decisions.erasure.erase",
    "db current": "service.records.upgrades.state_of",
    "db check": "service.records.upgrades.state_of",
    "db upgrade": "service.records.upgrades.upgrade",
    "db restored": "service.decisions.restoration.restore",
    "statements export": "service.decisions.statement_export.pages",
    "monitor": "service.monitoring.watcher.Watcher",
    "gate ozone": "service.gates.run.run",
    "gate coop": "service.gates.run.run",
    "gate mastodon": "service.gates.run.run",
    "gate webhook": "service.gates.run.run",
    "gate notify": "service.gates.run.run",
}


def commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        path = f"{before} {name}".strip()
        if isinstance(command, click.Group):
            yield from commands(command, path)
        else:
            yield path


def test_every_command_has_its_call_and_every_call_is_there() -> None:
    assert set(commands(main)) == set(CALLS)
    for name, call in CALLS.items():
        assert callable(locate(call)), (name, call)


@pytest.fixture
def bench(small_home: Path) -> Workbench:
    """Over the shared home, which is only read."""
    return Workbench(small_home)


def test_a_frame_is_scored_over_the_imported_registry_or_another(bench: Workbench, registry: Registry) -> None:
    frame = pd.DataFrame({"handle": ["OllivanderBrask", "0llivanderBrask"], "platform": "x"}, index=["a", "b"])
    found = bench.score_frame(frame)
    assert found["relation"].tolist()[0] == "is_protected"
    assert found.index.tolist() == ["a", "b"]
    pd.testing.assert_frame_equal(bench.score_frame(frame, registry=registry_frame(registry)), found)
    elsewhere = bench.score_frame(frame, registry=invent_registry(20, seed=9))
    assert "is_protected" not in elsewhere["relation"].tolist()


def test_files_are_scored(bench: Workbench, tmp_path: Path) -> None:
    pd.DataFrame({"handle": ["OllivanderBrask"], "platform": ["x"]}).to_csv(tmp_path / "in.csv", index=False)
    summary = bench.score(tmp_path / "in.csv", tmp_path / "out.csv", workers=1)
    assert summary.rows == 1
    assert pd.read_csv(tmp_path / "out.csv")["relation"].tolist() == ["is_protected"]


def test_an_evaluation_gives_what_pictures_and_tables_need(bench: Workbench) -> None:
    registry = invent_registry(30, seed=4)
    one = bench.evaluate(registry=registry, require=["auc>=0.5"])
    assert one.measured["bounds"][0]["met"]
    assert len(one.results) == len(one.labelled)
    mistakes = one.mistakes(each=2)
    wrong = mistakes.drop_duplicates(["label", "family"])["mistakes"].sum()
    assert wrong == len(one.results[(one.results["label"] == "impersonation") != one.results["flagged"]]) + int(
        (one.results["flagged"] & (one.results["label"] == "impersonation") & ~one.results["right_target"]).sum()
    )
    assert mistakes.groupby(["label", "family"]).size().max() <= 2
    assessment, evidence = one.explain(int(one.results["probability"].idxmax()))
    assert evidence["contribution"].abs().is_monotonic_decreasing
    assert len(evidence) == len(assessment.evidence) > 0
    same = one.compare(one)
    assert (same["difference"] == 0.0).all()
    assert same["better"].isna().all()
    costs = one.thresholds(alphas=[0.001, 0.2])
    assert costs["certified"].tolist() == [False, True]
    assert "auc" in one._repr_html_()
    assert f"on {len(one.labelled):,} cases: auc 0." in repr(one)
    assert len(one.cases) == len(one.labelled)


def test_the_home_is_the_one_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUBLECHECK_HOME", str(tmp_path))
    assert Workbench().home == tmp_path
    assert Workbench(tmp_path / "other").home == tmp_path / "other"


def test_a_frame_to_certify_on_has_the_format_that_is_said(bench: Workbench) -> None:
    with pytest.raises(InputError, match="no such format"):
        bench.certify(pd.DataFrame({"handle": ["qzk"], "platform": "x"}), format="x-v9", dry_run=True)


def test_labelled_frames_are_measured_like_files(bench: Workbench, registry: Registry, tmp_path: Path) -> None:
    cases = simulated_cases(Registry(registry.accounts[:3]), seed=1)
    frame = account_frame([case.account for case in cases]).assign(
        target_handle=[case.target for case in cases], label=[case.label for case in cases]
    )
    found = bench.evaluate(frame)
    frame.index = [f"case {number}" for number in range(len(frame))]
    named = bench.evaluate(frame).cases
    assert named.index.tolist() == frame.index.tolist()
    assert named["handle"].tolist() == frame["handle"].tolist()
    assert named["target"].tolist() == frame["target_handle"].tolist()
    assert "handle" not in found.results
    halves = bench.evaluate([frame[:5], frame[5:]]).cases
    assert halves.index.tolist() == [(int(number >= 5), label) for number, label in enumerate(frame.index)]
    frame.drop(columns="links").to_json(tmp_path / "pairs.jsonl", orient="records", lines=True, date_format="iso")
    again = bench.evaluate(tmp_path / "pairs.jsonl")
    assert found.results["label"].tolist() == again.results["label"].tolist()
    assert again.cases.index.tolist() == list(range(1, len(frame) + 1))
    with pytest.raises(InputError, match="row 1, field 'label'"):
        bench.evaluate(frame.drop(columns="label"))


def test_a_model_is_trained_stored_and_serves_only_when_promoted(
    tmp_path: Path, small_training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.workbench.workbench.train", lambda *_, **__: small_training)
    bench = Workbench(tmp_path)
    trained = bench.train(promote=False)
    assert isinstance(trained, Trained)
    assert "standard" in trained._repr_html_()
    assert repr(trained) == f"<Trained {trained.model_id}, not serving; certified: standard>"
    listed = bench.models().set_index("model_id")
    assert listed.index.tolist()[0] == trained.model_id  # the latest
    assert listed["serving"].to_dict() == {trained.model_id: False, default_id(): True}
    assert listed["shipped"].to_dict() == {trained.model_id: False, default_id(): True}
    assert listed.loc[default_id(), "auc"] == bench.show(default_id())["training"]["held_out"]["figures"]["auc"]
    assert listed["stored_at"].dt.tz is not None
    assert bench.show(trained.model_id[:8]) == bench.show(trained.model_id)
    assert bench.store.card(trained.model_id, ".html")
    bench.promote(trained.model_id[:8])
    assert bench.models().set_index("model_id")["serving"].to_dict() == {trained.model_id: True, default_id(): False}
    assert bench.verify() == bench.current_id() == trained.model_id
    assert bench.show()["features"]


def test_the_registry_is_kept_from_losing_anybody_by_mistake(tmp_path: Path) -> None:
    bench = Workbench(tmp_path)
    registry = invent_registry(5, seed=1)
    assert bench.import_registry(registry_frame(registry)) == registry == bench.registry()
    with pytest.raises(RegistryError, match="1 accounts"):
        bench.import_registry(Registry(registry.accounts[1:]))
    gone = registry.accounts[0]
    assert len(bench.withdraw(gone.handle, platform=gone.platform)) == 4
    assert bench.put(registry_frame(Registry([gone]))) == (1, registry)
    assert bench.export_registry(tmp_path / "out.csv") == bench.registry(tmp_path / "out.csv") == registry
    assert bench.protected()["handle"].tolist() == [one.handle for one in registry]
    bad = registry_frame(registry).assign(platform=None)
    with pytest.raises(InputError, match="row 1, field 'platform'"):
        bench.import_registry(bad)


def test_the_options_that_are_handed_on_are_those_that_are_taken() -> None:
    fit = {name for name in signature(Workbench.fit).parameters if name not in ("self", "registry")}
    assert set(get_type_hints(FitOptions)) == fit
    assert set(get_type_hints(ScoreOptions)) == {one.name for one in fields(Batch)} - {"inputs", "output", "home"}
