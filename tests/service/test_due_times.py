"""By when a check is due."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from service.due_times import due, load_due_times
from service.errors import SettingsError
from service.settings import load_settings

AT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("notice", "hours"),
    [
        ({}, 168),
        ({"reporter": "stranger", "country": "IN"}, 168),
        ({"reporter": "person", "country": "IN"}, 2),
        ({"reporter": "trusted_flagger", "ground": "law"}, 24),
        ({"reporter": "trusted_flagger", "harm": "emergency"}, 2),
        ({"reporter": "stranger", "harm": "minor"}, 12),
    ],
)
def test_the_shortest_time_that_fits_counts(notice, hours):
    found = due(notice, AT)
    assert found is not None
    assert found[0] - AT == timedelta(hours=hours)


def test_a_file_replaces_the_defaults(tmp_path, monkeypatch):
    file = tmp_path / "due.json"
    file.write_text(json.dumps([{"because": "Ours.", "hours": 5, "harms": ["fraud"]}]))
    monkeypatch.setenv("DOUBLECHECK_DUE_TIMES", str(file))
    rules = load_settings().rules().due_times
    assert due({"harm": "fraud"}, AT, rules) == (AT + timedelta(hours=5), "Ours.")
    assert due({}, AT, rules) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "[7]", '[{"because": "Ours.", "hours": -1}]', '[{"hours": 2}]'])
def test_a_file_that_is_no_list_of_due_times_stops_the_start(tmp_path, monkeypatch, text):
    file = tmp_path / "due.json"
    file.write_text(text)
    with pytest.raises(ValueError, match="due times"):
        load_due_times(file)
    monkeypatch.setenv("DOUBLECHECK_DUE_TIMES", str(file))
    with pytest.raises(SettingsError, match="DOUBLECHECK_DUE_TIMES"):
        load_settings()
