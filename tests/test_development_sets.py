"""The command that measures all development sets: on an invented directory, and on the real one where it is at hand."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.canonical.ids import prove_two
from classifier.importers.spreadsheet_cells import text_cell
from classifier.model_store import StoredModel
from classifier.registry.registry import Registry
from tests import real_data
from tests.development_sets import Runner
from tests.development_sets.__main__ import main
from tests.development_sets.cases import SEEN, DevelopmentSet, independent, protected
from tests.development_sets.completed import Standing, completed, registered
from tests.development_sets.false_alarms import Threshold, at_equal_false_alarms, flagged_when_left_out, threshold_for
from tests.development_sets.figures import by_set, calibration_error, interval, overall
from tests.development_sets.goals import GOALS, judged
from tests.development_sets.peer import jaro_winkler
from tests.development_sets.report import changes, lines, measured
from tests.development_sets.sets import FUZZERS, Source, every
from tests.test_rules import CERTIFICATE, gullible

REAL = real_data.DATA
OLD = datetime(2009, 5, 4, tzinfo=UTC)
SECRETS = ("quorsta", "vintresk", "tarnholt", "brimsey")  # what the invented handles and names are made of

QUORSTAD = {"platform": "x", "handle": "QuorstadBank", "display_name": "Quorstad Bank", "followers": 450_000,
            "created_at": OLD.isoformat(), "verified": True}  # fmt: skip
VINTRESKOV = {"platform": "x", "handle": "OrlaVintreskov", "display_name": "Orla Vintreskov"}


def attack(handle: str, target: str = "QuorstadBank", label: str = "impersonation", **more: Any) -> dict[str, Any]:
    return {"platform": "x", "handle": handle, "label": label, "target_handle": target, **more}


def profile(handle: str, name: str, followers: int = 40) -> dict[str, Any]:
    return {"platform": "x", "handle": handle, "display_name": name, "bio": "Walks, maps and old bridges.",
            "followers": followers, "following": 90, "posts": 300, "created_at": "2015-03-02T00:00:00Z",
            "observed_at": "2022-05-07T00:00:00Z", "verified": False}  # fmt: skip


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: text_cell(str(value)) for name, value in row.items()} for row in rows)


PUBLIC = [
    *({"platform": "x", "handle": f"townhall{n}", "display_name": f"Town Hall {n}"} for n in range(30)),
    {"platform": "x", "handle": "HalvardBrimsey", "display_name": "Halvard Brimsey"},
    {"platform": "x", "handle": "QuorstadBankHelp", "display_name": "Quorstad Bank Help"},
]
ATTACKS = [
    attack("Qu0rstadBank", display_name="Quorstad Bank", followers=2, created_at="2022-04-20T00:00:00Z",
           observed_at="2022-05-07T00:00:00Z", verified=False),
    attack("QuorstadBankHelp", display_name="Quorstad Bank"),
    attack("OrIaVintreskov", "OrlaVintreskov"),
    attack("tarnholtwalks", "OrlaVintreskov", "parody_or_fan", display_name="Orla Vintreskov (parody)"),
]  # fmt: skip
GENUINE = [profile(f"tarnholt{n}", f"Maud Tarnholt {n}") | {"label": "genuine"} for n in range(12)]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory laid out as the real one, with a few of its sets."""
    path = tmp_path_factory.mktemp("data")
    write_table(path / "registry/public_handles.csv", PUBLIC)
    write(path / "impersonation/invented.jsonl", ATTACKS)
    write(path / "impersonation/invented.registry.jsonl", [QUORSTAD, VINTRESKOV])
    write(path / "genuine/repliers_2026.jsonl", GENUINE)
    looks = [("halvardbrimsay", "impersonation"), ("halvor_brimsen", "unrelated"), ("h_brimsey", "unclear")]
    write_table(path / "pairs/lookalike_handles.csv", [
        {"suspended_handle": handle, "target_handle": "HalvardBrimsey", "label": label, "created_date": "2020-01-01",
         "followers": 3, "report_date": "2022-11-05", "match_rule": "ed1"} for handle, label in looks
    ])  # fmt: skip
    pair = {"registry": VINTRESKOV | {"account_id": "X"}, "reported": profile("vintreskov_orla", "Orla Vintreskov")}
    write(path / "redteam/genuine_cleared.jsonl", [pair, pair])
    return path


@pytest.fixture(scope="module")
def runner(directory: Path) -> Runner:
    return Runner(directory)


@pytest.fixture(scope="module")
def results(runner: Runner, stored: StoredModel) -> pd.DataFrame:
    return runner.run(stored.model, stored.model_id, only=[name for name in runner.names if name != "dnstwist"])


# --- what is read ----------------------------------------------------------------------------------------------------


def test_each_set_whose_files_are_there_is_read_and_no_other(directory: Path, runner: Runner) -> None:
    here = {"invented", "repliers", "look-alike handles", "red team, genuine each"}
    assert {*runner.names} - {"dnstwist"} == here
    assert "repliers" not in dict(every(Source(directory / "genuine", real_data.public(directory))))


def test_a_row_that_cannot_be_read_ends_the_run(tmp_path: Path) -> None:
    write(tmp_path / "impersonation/broken.jsonl", [attack("not a handle!")])
    write(tmp_path / "impersonation/broken.registry.jsonl", [QUORSTAD])
    source = Source(tmp_path, Registry([protected(QUORSTAD)]))
    with pytest.raises(SystemExit, match="cannot be read"):
        [*dict(every(source))["broken"]()]


def test_a_target_without_a_handle_or_an_id_stays_protected() -> None:
    found = protected({**VINTRESKOV, "handle": "Orla Vintréskov", "account_id": "X"})
    assert (found.handle, found.account_id, found.display_name) == ("Orla Vintréskov", None, "Orla Vintreskov")


def test_whoever_is_reported_is_not_registered_but_by_the_set_itself() -> None:
    reported = independent([Account(platform="x", handle="one"), Account(platform="x", handle="Two")], "genuine")
    own = [ProtectedAccount(platform="x", handle="two")]
    assert DevelopmentSet("any", reported, own).strangers() == {("x", "one")}


# --- what is asked ---------------------------------------------------------------------------------------------------


def test_there_is_one_row_a_case_and_nothing_of_any_account_in_it(results: pd.DataFrame) -> None:
    assert results["set"].value_counts().to_dict() == {
        "repliers": 12, "invented": 4, "look-alike handles": 3, "red team, genuine each": 2,
    }  # fmt: skip
    assert not any(secret in results.to_csv().casefold() for secret in SECRETS)


def test_targets_are_found_among_the_public_accounts(results: pd.DataFrame) -> None:
    found = results[results["label"] == "impersonation"]
    assert found["found"].all()
    assert found["jw_found"].all()
    assert (found["called"] <= found["called_any"]).all()
    assert (found["relation"] != "is_protected").all()  # one of the attacks is among the public handles


def test_cases_of_one_target_share_a_group(results: pd.DataFrame) -> None:
    groups = results[results["set"] == "invented"]["group"].tolist()
    assert groups == [0, 0, 1, 1]
    assert results[results["set"] == "repliers"]["group"].nunique() == 12


def test_registries_of_one_row_do_not_meet_and_count_for_no_figure_over_all(results: pd.DataFrame) -> None:
    part = results[results["set"] == "red team, genuine each"]
    assert part["found"].tolist() == [True, True]
    assert not part["pooled"].any()


def test_the_own_registry_alone_is_asked_where_that_is_wanted(runner: Runner, stored: StoredModel) -> None:
    own = runner.run(stored.model, stored.model_id, registry="own", only=["invented"])
    assert own["found"].tolist()[:3] == [True, True, True]
    assert len(own) == 4


def test_asking_again_gives_the_same(runner: Runner, stored: StoredModel, results: pd.DataFrame) -> None:
    again = runner.run(stored.model, stored.model_id, only=["repliers"])
    pd.testing.assert_frame_equal(again, results[results["set"] == "repliers"].reset_index(drop=True))


def test_permutations_are_handles_that_nobody_has_with_and_without_the_name(tmp_path: Path) -> None:
    pytest.importorskip("dnstwist")
    write_table(tmp_path / "registry/public_handles.csv", PUBLIC[-2:])
    alone, named = dict(every(Source(tmp_path, real_data.public(tmp_path))))["dnstwist"]()
    handles = [case.account.handle for case in alone.cases]
    assert handles == [case.account.handle for case in named.cases]
    assert len({case.kind for case in alone.cases}) == len(FUZZERS)
    assert all(handle.isascii() and handle.replace("_", "").isalnum() for handle in handles)
    assert not {row["handle"].casefold() for row in PUBLIC} & {*handles}
    assert {case.account.display_name for case in alone.cases} == {None}
    assert {case.account.display_name for case in named.cases} == {row["display_name"] for row in PUBLIC[-2:]}


# --- what is completed -----------------------------------------------------------------------------------------------


def test_what_is_known_stays_and_what_is_missing_is_filled_in() -> None:
    bare = Account(platform="x", handle="quorstad_1")
    known = Account(platform="x", handle="b", account_id="77012", followers=5, created_at=OLD, verified=True)
    pool = [Standing(9, 10, 11, timedelta(days=30))]
    filled, same = completed([bare, known], pool)
    assert (filled.followers, filled.following, filled.posts, filled.verified) == (9, 10, 11, False)
    assert filled.created_at == SEEN - timedelta(days=30)
    assert (same.account_id, same.followers, same.created_at, same.verified) == ("77012", 5, OLD, True)
    assert completed([bare], pool) == [filled]


def test_a_set_that_tells_its_own_counts_is_not_given_those_of_another() -> None:
    own = [Account(platform="x", handle=f"a{n}", followers=3, created_at=OLD, observed_at=SEEN) for n in range(10)]
    filled = completed([*own, Account(platform="x", handle="bare")], [Standing(10**6, 0, 0, timedelta(days=1))])
    assert filled[-1].followers == 3


@pytest.mark.parametrize("platform", ["x", "bluesky", "mastodon", "instagram"])
def test_invented_ids_prove_two_accounts(platform: str) -> None:
    target = registered(ProtectedAccount(platform=platform, handle="quorstad"))
    (account,) = completed([Account(platform=platform, handle="quorstad")], [])
    assert prove_two(account.account_id, target.account_id, platform)
    assert target.followers is not None
    assert target.created_at is not None
    assert target.verified


def test_whom_missing_ids_and_audience_hid_is_cleared_when_they_are_there(tmp_path: Path) -> None:
    """By a model that takes everybody for an impersonator: what holds it back is the policy."""
    copies = [
        attack(f"Qu0rstad{end}", f"Quorstad{end}", display_name=f"Quorstad {end}", bio="At your service.")
        for end in ("Bank", "Post")
    ]
    write(tmp_path / "impersonation/copies.jsonl", copies)
    names: list[dict[str, Any]] = [QUORSTAD, {"platform": "x", "handle": "QuorstadPost"}]
    write(tmp_path / "impersonation/copies.registry.jsonl", names)
    write_table(tmp_path / "registry/public_handles.csv", PUBLIC)
    fakes = [attack(f"QuorstadBank_{n}", followers=n % 3, created_at="2022-05-01", observed_at="2022-05-07")
             for n in range(12)]  # fmt: skip
    write(tmp_path / "impersonation/fake_support_2022.jsonl", fakes)
    model = gullible({"standard": CERTIFICATE, "high": CERTIFICATE})
    found = Runner(tmp_path).run(model, "gullible", only=["copies"])
    assert set(found["verdict"]) == {"needs_review"}
    assert set(found["verdict_completed"]) == {"cleared"}
    assert found["cleared"].all()


# --- the peer and the figures ----------------------------------------------------------------------------------------


def test_the_peer_takes_the_likest_of_handles_and_names() -> None:
    reported = [Account(handle="zzz", display_name="Quorstad Bank"), Account(handle="vintreskov")]
    targets = [ProtectedAccount(platform="x", handle="Vintreskov1"), ProtectedAccount(platform="x", handle="q",
               display_name="QUORSTAD BANK")]  # fmt: skip
    scores, places = jaro_winkler(reported, targets)
    assert scores[0] == 1
    assert 0.9 < scores[1] < 1
    assert places.tolist() == [1, 0]


def test_an_interval_draws_groups_and_not_cases() -> None:
    values = pd.Series([True] * 50 + [False] * 50)
    of_two = interval(values, pd.Series([0] * 50 + [1] * 50))
    of_many = interval(values, pd.Series(range(100)))
    assert of_two == (0, 1)
    assert 0.4 < of_many[0] < 0.5 < of_many[1] < 0.6


def test_no_interval_is_a_point() -> None:
    nothing = pd.Series([False] * 20)
    assert 0.1 < interval(nothing, pd.Series(range(20)))[1] < 0.2
    assert interval(nothing, pd.Series([0] * 20)) == interval(nothing, pd.Series(range(20)))


def frame(**columns: Any) -> pd.DataFrame:
    """Two sets: attacks of one target each, and twice as many genuine accounts."""
    attacks = pd.DataFrame({"set": "a", "label": "impersonation", "probability": [0.9, 0.8, 0.6, 0.1], "found": True,
                            "jw": [0.99, 0.7, 0.6, 0.5]})  # fmt: skip
    genuine = pd.DataFrame({"set": "g", "label": "genuine", "probability": np.linspace(0, 0.7, 8), "found": False,
                            "jw": np.linspace(0, 0.98, 8)})  # fmt: skip
    both = pd.concat([attacks, genuine], ignore_index=True)
    called = both["probability"] >= 0.5
    both = both.assign(pooled=True, kind="any", group=range(12), called=called & both["found"], called_any=called,
                       parody=False, relation="unrelated", jw_found=both["found"], verdict="needs_review",
                       cleared=False)  # fmt: skip
    return both.assign(**columns)


def test_both_flag_the_same_share_of_genuine_accounts() -> None:
    found = at_equal_false_alarms(frame())
    at = found[(found["at"] == "JW >= 0.95") & (found["set"] == "a")].iloc[0]
    assert at["flagged"] == 1 / 8
    assert at["called"] == 0.5  # above the highest genuine account, which is flagged as a whole
    assert at["jw"] == 0.25
    assert at["difference"][0] <= 0.25 <= at["difference"][1]


def test_ties_are_flagged_in_part() -> None:
    threshold = threshold_for(np.ones(10), np.full(10, 0.1), 0.05)
    assert threshold == Threshold(1.0, pytest.approx(0.05))  # type: ignore[arg-type]
    assert threshold.flags(pd.Series([1.0, 0.9])).tolist() == pytest.approx([0.05, 0])


def test_a_set_that_is_not_pooled_changes_no_threshold_but_has_its_row() -> None:
    attacks = frame()[:4].assign(set="b", pooled=False)
    found = at_equal_false_alarms(pd.concat([frame(), attacks], ignore_index=True))
    assert set(found["set"]) == {"a", "b", "all, each set alike"}
    ours = found[found["at"] == "2% flagged"].set_index("set")["called"]
    assert ours["a"] == ours["b"] == ours["all, each set alike"]


def test_a_source_has_no_part_in_the_threshold_that_it_is_judged_by() -> None:
    """The genuine accounts of set g score up to .7; those of its source, and only those, must not raise the bar."""
    others = pd.DataFrame(frame()[4:]).assign(probability=np.linspace(0, 0.07, 8))
    same = others.assign(set="g, badge hidden", probability=0.99)
    found = flagged_when_left_out(pd.concat([frame(), others.assign(set="h"), same], ignore_index=True))
    flagged = found[found["at"] == "5% flagged"].set_index("set")["flagged"]
    assert flagged["g"] == pytest.approx(7 / 8)
    assert flagged["g, badge hidden"] == 1
    assert flagged["h"] == 0
    assert flagged_when_left_out(frame()).empty


def test_shares_are_of_the_right_cases() -> None:
    found = by_set(frame()).set_index(["set", "label"])
    assert found.loc[("a", "impersonation"), "called"] == 0.75
    assert found.loc[("a", "impersonation"), "worst"] == [0.0, 1.0, 1.0]
    assert found.loc[("g", "genuine"), "called_any"] == 0.25
    assert found.loc[("g", "genuine"), "worst"] == [1.0, 1.0, 0.0]


def test_figures_over_all_weigh_sets_and_count_whom_it_must_not_clear() -> None:
    cleared = [False] * 11 + [True]
    found = overall(frame(cleared=cleared))
    assert found["called"] == 0.75
    assert found["flagged"] == pytest.approx(0.25)
    assert 0.5 < found["auc"] < 1
    assert (found["no_attacks"], found["no_attacks_cleared_as_is"], found["no_attacks_cleared"]) == (8, 0, 1)
    assert "auc" not in overall(frame()[:4])


def test_a_probability_that_means_what_it_says_has_no_calibration_error() -> None:
    happened = np.array([True] * 7 + [False] * 3)
    assert calibration_error(np.full(10, 0.7), happened, np.full(10, 0.1)) == pytest.approx(0)
    assert calibration_error(np.full(10, 0.2), happened, np.full(10, 0.1)) == pytest.approx(0.5)


def test_every_goal_is_about_a_set_that_there_is_and_is_met_or_not() -> None:
    rows = by_set(frame(set="name_clones_2018")).to_dict("records")
    assert [(one["share"], one["met"]) for one in judged(rows, [])] == [("called", False)]
    assert all((goal.least is None) is not (goal.most is None) for goal in GOALS)


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_prints_saves_and_compares_aggregates_only(
    directory: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "before.json"
    chosen = ["--set", "invented", "--set", "repliers", "--model", str(home)]
    main([str(directory), *chosen, "--save", str(saved)])
    main([str(directory), *chosen, "--against", str(saved)])
    printed = capsys.readouterr().out
    figures = json.loads(saved.read_text(encoding="utf-8"))
    assert {row["set"] for row in figures["sets"]} == {"invented", "repliers"}
    assert "Against model" in printed
    assert not any(secret in (printed + saved.read_text(encoding="utf-8")).casefold() for secret in SECRETS)


def test_the_report_marks_what_leaves_the_interval_before() -> None:
    before = {"model": "m", "registry": "own", **measured(frame())}
    worse = {"model": "n", "registry": "own", **measured(frame(called=False, found=False))}
    told = "\n".join([*lines(worse), *changes(worse, before)])
    assert ".75 > 0 -" in told


@pytest.mark.parametrize("arguments", [["nowhere"], ["--set", "no such set"]])
def test_the_command_says_when_there_is_nothing_to_measure(directory: Path, arguments: list[str]) -> None:
    first = [str(directory / arguments[0])] if len(arguments) == 1 else [str(directory), *arguments]
    with pytest.raises(SystemExit, match=r"nothing to measure|there are: invented"):
        main(first)


# --- the real sets ---------------------------------------------------------------------------------------------------

real = pytest.mark.skipif(not REAL.is_dir(), reason="the real data (../shared/data) is not here")


@pytest.fixture(scope="module")
def measured_real(stored: StoredModel) -> pd.DataFrame:
    runner = Runner(REAL)
    return runner.run(stored.model, stored.model_id, only=[name for name in runner.names if name != "dnstwist"])


@real
def test_every_real_set_is_read_whole(measured_real: pd.DataFrame) -> None:
    sizes = measured_real["set"].value_counts()
    for path in (REAL / "impersonation").glob("*.registry.jsonl"):
        cases = path.with_name(path.name.replace(".registry", ""))
        assert sizes[cases.stem] == len(cases.read_text(encoding="utf-8").splitlines())
    assert measured_real["set"].nunique() >= 20


@real
def test_no_real_attack_is_answered_by_its_identity_nor_a_genuine_one_cleared(measured_real: pd.DataFrame) -> None:
    """Of the accounts that people gathered; the red team's are those that a model did clear."""
    assert (measured_real["relation"] != "is_protected").all()
    genuine = measured_real[measured_real["label"].isin(("genuine", "unrelated", "coincidence"))]
    assert not genuine.loc[genuine["pooled"], "cleared"].any()


@real
def test_more_is_called_than_by_jaro_winkler_at_the_same_false_alarms(measured_real: pd.DataFrame) -> None:
    found = at_equal_false_alarms(measured_real)
    together = found[found["set"] == "all, each set alike"].set_index("at")
    assert (together["called"] >= together["jw"]).all()


def test_profiles_of_one_wording_keep_their_own_numbers() -> None:
    one = Account(platform="x", handle="a", followers=1, created_at=OLD)
    assert Standing.of(one) != Standing.of(replace(one, followers=2))
    assert Standing.of(replace(one, created_at=None)) is None
