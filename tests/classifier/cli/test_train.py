import json
from pathlib import Path

import numpy as np
import pytest

from classifier.model.account_model import NOT_CERTIFIED
from classifier.model.scorecard import default_account_model
from classifier.model_store import ModelStore
from classifier.model_store.training_result import Training
from classifier.simulation.population import invent_registry
from classifier.workbench import workbench
from tests.classifier.cli.asking import SMALL, Run, failed, lines, succeeded


def test_train_stores_and_promotes_a_model_and_says_what_it_may_clear(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    result = run("train", "--registry", tmp_path / "r.csv", "--seed", 3, home=tmp_path / "home")
    store = ModelStore(tmp_path / "home")
    succeeded(result, f"model {store.current_id()} (now serving)", "tier standard", "tier high", "no certificate")
    assert "the gate compared it with no other model: nobody has made a model serve here" in result.stdout
    warning = f"Warning: the registry to train around: it has {len(SMALL)} entries, and a certificate takes 428"
    assert result.stderr.startswith(warning)
    again = run("train", "--registry", tmp_path / "r.csv", "--seed", 3, home=tmp_path / "home")
    succeeded(again, store.current_id())
    assert len(store.ids()) == 1


def test_train_prints_the_certificates_it_got(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_training: Training
) -> None:
    monkeypatch.setattr(workbench, "train", lambda *_, **__: small_training)
    result = run("train", home=tmp_path)
    succeeded(result, "at most 1.0 % of genuine accounts above it, with 95.0 % confidence (n = 490, above: ")


def labelled_accounts(path: Path, *, genuine: int = 400, fake: int = 400) -> Path:
    """Two sources of both classes, told apart by their audience."""
    rng = np.random.default_rng(8)
    rows = ["platform,handle,followers,listed,posts,label,source"]
    for number in range(genuine + fake):
        label, power = ("genuine", 3.5) if number < genuine else ("fake", 1.5)
        counts = (10 ** rng.normal([power, power - 2, 3.0], 0.2)).astype(int)
        rows.append(f"x,h{number},{','.join(map(str, counts))},{label},{'one' if number % 2 else 'other'}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_train_learns_the_account_alone_from_labelled_accounts(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    accounts, home = labelled_accounts(tmp_path / "a.csv"), tmp_path / "home"
    result = run("train", "--registry", tmp_path / "r.csv", "--accounts", accounts, home=home)
    succeeded(result, "account alone  no certificate: nobody will be flagged; give 2,995 or more genuine accounts")
    shown = json.loads(run("models", "show", home=home).stdout)["account"]
    assert shown["certificate"] is None
    assert [(one["source"], one["genuine"], one["inauthentic"]) for one in shown["learned_from"]] == [
        ("one", 200, 200),
        ("other", 200, 200),
    ]
    output = tmp_path / "out.jsonl"
    succeeded(run("score", accounts, "-o", output, "--registry", tmp_path / "r.csv", home=home))
    found = lines(output)
    genuine, fake = ([row["inauthentic_probability"] for row in part] for part in (found[:400], found[400:]))
    assert np.median(genuine) < 0.1
    assert np.median(fake) > 0.9
    assert {(row["inauthentic"], row["inauthentic_reason"]) for row in found} == {(None, NOT_CERTIFIED)}


def test_train_takes_public_sets_and_says_what_it_left_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_training: Training
) -> None:
    monkeypatch.setattr(workbench, "train", lambda *_, **__: small_training)
    columns = "id,name,screen_name,statuses_count,followers_count,friends_count,listed_count,created_at"
    for folder, followers in (("fake_followers.csv", 3), ("genuine_accounts.csv", 4_000)):
        rows = [
            f"{number},Z,{folder[:4]}{number},{followers},{followers},9,{followers // 3},," for number in range(1, 61)
        ]
        (tmp_path / folder).mkdir()
        lines = [columns, *(row[:-1] for row in rows), "99,Z,,1,1,1,1,"]
        (tmp_path / folder / "users.csv").write_text("\n".join(lines), encoding="utf-8")
    files = [item for path in tmp_path.glob("*/users.csv") for item in ("--accounts", path)]
    result = run("train", *files, home=tmp_path / "home")
    succeeded(result, "users.csv (cresci): 61 rows read, 60 used; left out: handle_missing 1")


def test_by_default_train_takes_the_packages_head_for_the_account(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    result = run("train", "--registry", tmp_path / "r.csv", home=tmp_path / "home")
    succeeded(result, "account alone  threshold 0.", "at most 0.10 % of genuine accounts above it")
    assert "among genuine accounts that at least 100 people follow, of " in result.stdout
    assert ModelStore(tmp_path / "home").load().model.account == default_account_model()


def test_train_learns_from_labelled_pairs_too(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    rows = [f"zzqqxx{number},{one.handle},impersonation" for number, one in enumerate(SMALL.accounts)]
    (tmp_path / "p.csv").write_text("\n".join(["handle,target_handle,label", *rows]), encoding="utf-8")
    options = ("--registry", tmp_path / "r.csv", "--pairs", tmp_path / "p.csv", "--seed", 3)
    rows = [
        f"zzqqxx0,{SMALL.accounts[0].handle},unrelated,rev",
        f"zzqqxx1,{SMALL.accounts[1].handle},impersonation,rev",
    ]
    (tmp_path / "q.csv").write_text("\n".join(["handle,target_handle,label,labeller", *rows]), encoding="utf-8")
    told = run("train", *options, "--pairs", tmp_path / "q.csv", "--platform", "x", home=tmp_path / "home")
    succeeded(told, "now serving", "labels         p.csv (labels): 40 rows read, 40 used", "39 cases: impersonation 39")
    succeeded(told, "agreement of 2 labellers: alpha ", "unclear, left out 1")
    shown = json.loads(run("models", "show", home=tmp_path / "home").stdout)["training"]["given"]
    assert [one["name"] for one in shown["sources"]] == ["p.csv", "q.csv"]
    assert (shown["agreement"]["compared"], shown["agreement"]["unclear"]) == (2, 1)
    assert '"rev"' not in json.dumps(shown), "labellers are kept by a pseudonym"
    succeeded(run("train", "--registry", tmp_path / "r.csv", "--seed", 3, home=tmp_path / "home"), "now serving")
    assert len(ModelStore(tmp_path / "home").ids()) == 2  # the same model has the same id


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        ("zzqqxx,nobody_known,impersonation", ("row 1", "target_handle", "not in the registry")),
        ("zzqqxx,{target},fake", ("row 1", "label", "impersonation, same_owner, parody_or_fan, unrelated")),
        ("zzqqxx,{target},", ("row 1", "label", "empty")),
    ],
)
def test_train_refuses_labelled_pairs_it_cannot_use_before_it_trains(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, messages: tuple[str, ...]
) -> None:
    monkeypatch.setattr(workbench, "train", lambda *_, **__: pytest.fail("trained for nothing"))
    SMALL.save(tmp_path / "r.csv")
    filled = row.format(target=SMALL.accounts[0].handle)
    (tmp_path / "p.csv").write_text(f"handle,target_handle,label\n{filled}\n", encoding="utf-8")
    options = ("--registry", tmp_path / "r.csv", "--pairs", tmp_path / "p.csv", "--platform", "x")
    failed(run("train", *options, home=tmp_path / "home"), *messages)


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("platform,handle,label,source\nx,jane,bot,a\n", ("row 1", "'label'", "fake, inauthentic, genuine")),
        ("platform,handle,label\nx,jane,fake\n", ("row 1", "'source'")),
        ("handle,label,source\njane,fake,a\n", ("row 1", "'platform'", "--platform")),
        ("platform,handle,label,source\n", ("no rows",)),
        ("platform,handle,label,source\nx,jane,fake,a\n", ("one source alone",)),
        ("platform,handle,label,source\nx,jane,fake,a\nx,ada,fake,b\n", ("only one class",)),
        ("platform,handle,label,source\nx,jane,fake,a\nx,ada,genuine,b\n", ("at least 50 accounts with followers",)),
    ],
)
def test_train_refuses_labelled_accounts_it_cannot_use_before_it_trains(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, messages: tuple[str, ...]
) -> None:
    monkeypatch.setattr(workbench, "train", lambda *_, **__: pytest.fail("it has trained"))
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    failed(run("train", "--accounts", tmp_path / "a.csv", home=tmp_path / "home"), *messages)


def test_train_can_leave_the_serving_model_alone(run: Run, tmp_path: Path) -> None:
    SMALL.save(tmp_path / "r.csv")
    home = tmp_path / "home"
    succeeded(run("train", "--registry", tmp_path / "r.csv", "--no-promote", home=home), "model ")
    (model_id,) = ModelStore(home).ids()
    result = run("models", "list", home=home)
    succeeded(result, model_id)
    served = [line for line in result.stdout.splitlines() if "serving" in line]
    assert all("shipped" in line for line in served)
    assert model_id not in "".join(served)
    succeeded(run("models", "show", model_id, home=home))


def test_train_refuses_a_registry_that_is_too_small(run: Run, tmp_path: Path) -> None:
    invent_registry(4, seed=1).save(tmp_path / "r.csv")
    failed(run("train", "--registry", tmp_path / "r.csv", home=tmp_path / "home"), "too few")
    assert ModelStore(tmp_path / "home").ids() == []
