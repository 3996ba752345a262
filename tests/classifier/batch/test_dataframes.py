import json

import pandas as pd
import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.batch import SCHEMA
from classifier.batch.dataframes import score_frame
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring.scorer import Scorer
from tests.classifier.batch.rows import NOW, answerer, asked


@pytest.fixture(scope="module")
def small(small_training: Training, registry: Registry) -> Scorer:
    return Scorer(small_training.model, "small", registry)


def test_a_frame_gives_what_a_file_gives_under_its_own_index(small: Scorer, president: ProtectedAccount) -> None:
    frame = pd.DataFrame(
        {"handle": [president.handle, None, "qzkxvw83"], "followers": [5.0, 6.0, float("nan")], "platform": "x"},
        index=["a", "b", "c"],
    )
    found = score_frame(frame, small, now=NOW)
    assert list(found.columns) == SCHEMA.names
    assert found.index.tolist() == ["a", "b", "c"]
    assert found["relation"].dropna().to_dict() == {"a": "is_protected", "c": "no_target"}
    assert found.loc["b", "error"].startswith("row 2, field 'handle'")
    rows = [asked(1, president.handle, account_id=None, followers=5), asked(3, "qzkxvw83", account_id=None)]
    for row, label in zip(answerer(small).answer(rows).to_pylist(), ["a", "c"], strict=True):
        assert found.loc[label, "reasons"] == json.loads(row["reasons"])


def test_a_frame_may_be_given_its_platform(small: Scorer, president: ProtectedAccount) -> None:
    frame = pd.DataFrame({"handle": [president.handle]})
    assert score_frame(frame, small, now=NOW, platform="mastodon")["relation"].item() != "is_protected"
    assert score_frame(frame, small, now=NOW, platform="x")["relation"].item() == "is_protected"


def test_columns_that_are_not_read_are_named_once(small: Scorer) -> None:
    frame = pd.DataFrame({"handle": ["qzkxvw83", "qzkxvw84"], "platform": "x", "tier of support": ["a", "b"]})
    with pytest.warns(UserWarning, match="no columns of ours: tier_of_support") as warned:
        found = score_frame(frame, small, now=NOW)
    assert len(warned) == 1
    assert found.attrs["notes"] == {"tier_of_support: not a column of ours, not read": 2}


def test_a_frame_of_another_format_is_read_as_what_it_is(small: Scorer) -> None:
    frame = pd.DataFrame({"did": ["did:plc:quillharborquillharbor22"], "handle": ["quill.example"]})
    assert score_frame(frame, small, now=NOW)["platform"].item() == "bluesky"


def test_the_columns_have_the_same_types_whatever_the_data(small: Scorer, president: ProtectedAccount) -> None:
    """Else frames of different days cannot be joined, and a test of one column fails on a quiet day."""
    handles = [[president.handle, "qzkxvw83"], ["qzkxvw83"], [None], []]
    frames = [pd.DataFrame({"handle": pd.Series(some, dtype=object), "platform": "x"}) for some in handles]
    found = [score_frame(frame, small, now=NOW).dtypes.astype(str).to_dict() for frame in frames]
    assert found == [found[0]] * len(found)
    assert found[0]["impersonation_probability"] == "float64"
    assert found[0]["inauthentic"] == "boolean"
    assert found[0]["error"] == "string"


def test_the_rows_are_counted(small: Scorer, president: ProtectedAccount) -> None:
    frame = pd.DataFrame({"handle": [president.handle, None, "qzkxvw83"], "platform": "x"})
    counts = score_frame(frame, small, now=NOW).attrs["counts"]
    assert counts["rows"] == 3
    assert counts["answered"] == 2
    assert counts["errors"] == {"handle_missing": 1}
    assert counts["relations"] == {"is_protected": 1, "no_target": 1}
    json.dumps(counts)  # pandas writes ``attrs`` into Parquet files as JSON


def test_an_empty_frame_gives_an_empty_frame(small: Scorer) -> None:
    found = score_frame(pd.DataFrame({"handle": []}), small, now=NOW)
    assert list(found.columns) == SCHEMA.names
    assert len(found) == 0
