import json
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.model_store import ModelStore, Who, Withdrawal
from classifier.model_store.shipped import default_id
from classifier.model_store.training_result import Training
from classifier.reports.model_card import cards
from tests.classifier.cli.asking import Run, failed, succeeded


def test_models_list_marks_the_one_that_serves(run: Run, small_home: Path, tmp_path: Path) -> None:
    succeeded(run("models", "list", home=small_home), f"{ModelStore(small_home).current_id()}  serving")
    succeeded(run("models", "list", home=tmp_path / "empty"), f"{default_id()}  serving        shipped")


def test_what_ships_is_shown_as_such_until_and_after_another_is_promoted(
    run: Run, tmp_path: Path, small_training: Training
) -> None:
    store = ModelStore(tmp_path)
    succeeded(run("models", "verify", home=tmp_path), f"model {default_id()}: it ships with the package")
    assert json.loads(run("models", "show", home=tmp_path).stdout) == store.verify(default_id())
    assert not (tmp_path / "models").exists()
    own = store.add(small_training)
    store.promote(own)
    listed = {line.split()[0]: line for line in run("models", "list", home=tmp_path).stdout.splitlines()}
    assert f"{own}  serving " in listed[own]
    assert f"{default_id()}  served before  shipped " in listed[default_id()]
    succeeded(run("models", "diff", default_id(), own, home=tmp_path), "certificates")
    succeeded(run("models", "rollback", home=tmp_path), f"model {default_id()} is serving again")
    succeeded(run("models", "verify", "--all", home=tmp_path), own, default_id())


def test_models_show_prints_the_manifest(run: Run, small_home: Path) -> None:
    store = ModelStore(small_home)
    for arguments in ([], [store.current_id()]):
        result = run("models", "show", *arguments, home=small_home)
        succeeded(result)
        assert json.loads(result.stdout) == store.verify(store.current_id())


def test_models_verify_says_what_it_checked(run: Run, small_home: Path) -> None:
    current = ModelStore(small_home).current_id()
    for arguments in ([], [current]):
        succeeded(run("models", "verify", *arguments, home=small_home), f"model {current}: it ships with the package")


@pytest.mark.parametrize("command", ["show", "verify"])
@pytest.mark.parametrize(
    ("model_id", "message"), [("../evil", "16 hexadecimal digits"), ("0" * 16, "there is no model")]
)
def test_models_that_are_not_there_are_errors(
    run: Run, tmp_path: Path, command: str, model_id: str, message: str
) -> None:
    failed(run("models", command, model_id, home=tmp_path), message)


@pytest.mark.parametrize("command", [["models", "verify"], ["models", "show"]])
def test_a_model_that_was_tampered_with_is_refused(
    run: Run, small_training: Training, tmp_path: Path, command: list[str]
) -> None:
    store = ModelStore(tmp_path)
    store.promote(store.add(small_training))
    path = tmp_path / "models" / store.current_id() / "model.json"
    path.write_bytes(path.read_bytes() + b".")
    failed(run(*command, home=tmp_path), "model.json")


def test_a_stored_model_can_be_promoted(run: Run, small_home: Path) -> None:
    model_id = ModelStore(small_home).current_id()
    succeeded(run("models", "promote", model_id, home=small_home), f"model {model_id} is now serving")
    failed(run("models", "promote", "0" * 16, home=small_home), "there is no model")


@pytest.fixture
def two(tmp_path: Path, small_training: Training) -> tuple[str, str]:
    """A home with the small model serving, and one without its certificate."""
    store = ModelStore(tmp_path)
    serving = store.add(small_training, documents=cards)
    store.promote(serving)
    return serving, store.add(replace(small_training, model=replace(small_training.model, certificates={})))


def test_a_model_that_the_gate_refuses_is_not_promoted_and_the_log_says_why(
    run: Run, tmp_path: Path, two: tuple[str, str]
) -> None:
    serving, other = two
    failed(run("models", "promote", other, home=tmp_path), "certificate_missing", "tier standard", "--force")
    store = ModelStore(tmp_path)
    assert store.current_id() == serving
    last = store.log().entries[-1]
    assert (last["event"], last["model"]) == ("refused", other)
    assert "certificate_missing" in {one["code"] for one in last["findings"]}
    assert last["who"]["known_by"] == "operating system"


def test_a_withdrawn_certificate_is_told_and_not_promoted(run: Run, tmp_path: Path, two: tuple[str, str]) -> None:
    """A list for people says so on the version's line; the manifest, for programs, stays as it was signed."""
    certified, without = two
    store = ModelStore(tmp_path)
    store.promote(without)
    why = "Its certificate was withdrawn on 2026-11-28 by ada: A case in the papers."
    store.withdraw(Withdrawal(model_id=certified, tier="standard", at="2026-11-28T00:00:00Z", code="asked",
                              text="A case in the papers.", by="ada"))  # fmt: skip
    listed = {line.split()[0]: line for line in run("models", "list", home=tmp_path).stdout.splitlines()}
    assert f"certified: none  WITHDRAWN standard: {why}" in listed[certified]
    assert "WITHDRAWN" not in listed[without]
    shown = run("models", "show", certified, home=tmp_path)
    assert shown.stderr == f"Warning: tier standard: {why}\n"
    assert json.loads(shown.stdout) == store.verify(certified)
    assert run("models", "show", without, home=tmp_path).stderr == ""
    failed(run("models", "promote", certified, home=tmp_path), "certificate_withdrawn", why[:-1], "newer data")
    assert store.current_id() == without


def test_a_model_is_promoted_over_one_that_lost_its_certificate(run: Run, tmp_path: Path, two: tuple[str, str]) -> None:
    """Who has lost it clears nobody of that tier: a model that never had it is no worse."""
    serving, other = two
    ModelStore(tmp_path).withdraw(
        Withdrawal(model_id=serving, tier="standard", at="2026-11-28T00:00:00Z", code="asked", text="So.", by="ada")
    )
    asked = run("models", "promote", other, home=tmp_path)
    succeeded(asked, "is now serving", "the gate compared it with the serving model", "genuine accounts cleared")
    assert "notices" in asked.stdout


def test_a_refusal_for_its_labels_is_not_undone_by_asking_without_them(
    run: Run, tmp_path: Path, two: tuple[str, str]
) -> None:
    """What the gate found while the labels were at hand counts until they are given again or it has served."""
    serving, other = two
    store, who = ModelStore(tmp_path), Who("ada")
    store.promote(other)
    for findings in (
        [{"code": "slice_worse", "text": "an older refusal", "of_labels": True}],
        [{"code": "labels_contradicted", "text": "Script = Cyrillic: 7 of 60 labels", "of_labels": True},
         {"code": "library_mismatch", "text": "other libraries, which may be installed since", "of_labels": False}],
    ):  # fmt: skip
        store.refuse(serving, who=who, findings=findings)
    for _ in range(2):  # a repeated refusal is logged too, and repeated again
        result = run("models", "promote", serving, home=tmp_path)
        failed(result, "labels_contradicted: Script = Cyrillic: 7 of 60 labels")
        assert "other libraries" not in result.output
        assert "an older refusal" not in result.output
    assert store.current_id() == other
    store.promote(serving, who=who, gate="passed")
    store.promote(other)
    succeeded(run("models", "promote", serving, home=tmp_path), "is now serving")


def test_a_rollback_needs_no_gate_and_the_list_tells_what_served(
    run: Run, tmp_path: Path, two: tuple[str, str]
) -> None:
    serving, other = two
    ModelStore(tmp_path).promote(other)
    succeeded(run("models", "rollback", home=tmp_path), f"model {serving} is serving again")
    listed = run("models", "list", home=tmp_path).stdout
    assert f"{serving}  serving " in listed
    assert f"{other}  served before" in listed
    assert "seed 5  700 identities  certified: standard 1.0 %" in listed
    succeeded(run("models", "rollback", home=tmp_path), f"model {default_id()} is serving again")
    failed(run("models", "rollback", home=tmp_path), "no other model has served before")


def test_the_difference_of_two_models_is_a_table_or_json(run: Run, tmp_path: Path, two: tuple[str, str]) -> None:
    serving, other = two
    succeeded(run("models", "diff", other, home=tmp_path), "certificates  standard.alpha")
    rows = json.loads(run("models", "diff", serving, other, "--json", home=tmp_path).stdout)
    assert {"part": "certificates", "name": "standard.alpha", "a": 0.01, "b": None} in rows
    assert {row["part"] for row in rows} == {"certificates"}
    succeeded(run("models", "diff", serving, home=tmp_path), "nothing differs")


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_the_card_is_written_as_the_manifest_vouches_for_it(
    run: Run, tmp_path: Path, two: tuple[str, str], ending: str
) -> None:
    serving, _ = two
    output = tmp_path / f"card{ending}"
    succeeded(run("models", "show", serving, "--card", output, home=tmp_path), f"card of model {serving}")
    assert output.read_bytes() == (tmp_path / "models" / serving / f"card{ending}").read_bytes()
    text = output.read_text(encoding="utf-8")
    assert "at most 1 % of genuine accounts" in text
    assert serving not in text
    assert "://" not in text  # it fetches nothing
    failed(run("models", "show", serving, "--card", tmp_path / "card.pdf", home=tmp_path), ".html or .md")


def test_a_damaged_log_is_said_and_blocks_nothing(run: Run, tmp_path: Path, two: tuple[str, str]) -> None:
    serving, _ = two
    with (tmp_path / "models" / "promotions.jsonl").open("ab") as file:
        file.write(b"{}\n")
    assert "line 2 is not as it was signed" in run("models", "list", home=tmp_path).stderr
    failed(run("models", "verify", "--all", home=tmp_path), "line 2 is not as it was signed")
    succeeded(run("models", "verify", serving, home=tmp_path), "signature and digest")
    succeeded(run("models", "promote", serving, home=tmp_path), "now serving")
