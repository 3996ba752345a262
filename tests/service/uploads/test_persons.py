"""Which uploads hold an account."""

import json

import pytest

from service.uploads.persons import Named, uploads_with
from tests.service.conftest import NOW

NAMED = Named("x", frozenset({"9001"}), frozenset({"janer0e"}))


@pytest.mark.parametrize(
    ("row", "held"),
    [
        ({"platform": "x", "account_id": "9001", "handle": "renamed"}, True),
        ({"platform": "x", "account_id": None, "handle": "JaneR0e"}, True),
        ({"platform": None, "handle": "JaneR0e"}, True),
        ({"platform": "mastodon", "account_id": "9001", "handle": "JaneR0e"}, False),
        ({"platform": "x", "account_id": "9002", "handle": "JaneROe"}, False),
        ({"platform": "x", "account_id": None, "handle": None}, False),
    ],
)
def test_an_account_is_told_by_platform_and_id_or_handle(jobs, add, row, held):
    job = add(["{}"])
    (job.directory / "answers.jsonl").write_text(f"{json.dumps(row)}\n\n", encoding="utf-8")
    job.end("done", "", NOW)
    assert uploads_with(jobs, NAMED) == ([job] if held else [], [])


def test_what_is_not_scored_yet_is_not_known_and_what_failed_holds_nothing(jobs, add):
    waiting, failed = add(["{}"]), add(["{}"])
    failed.end("failed", "why", NOW)
    assert uploads_with(jobs, NAMED) == ([], [waiting])
