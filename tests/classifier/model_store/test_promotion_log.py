"""The log of promotions: chained, signed, never written anew, and never in the way."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.errors import PromotionError
from classifier.model_store import ModelStore, Who
from classifier.model_store.promotion_log import history
from classifier.model_store.shipped import default_id
from tests.classifier.model_store.test_store import tiny

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA, JANE = Who("ada", "API key"), Who("jane", "API key")
FINDING = [{"code": "slice_worse", "text": "why"}]


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path)


def three(store: ModelStore) -> list[str]:
    """Three versions, each of which served for a day."""
    ids = [store.add(tiny(offset)) for offset in (0.0, 0.5, 1.0)]
    for day, one in enumerate(ids):
        store.promote(one, who=ADA, gate="passed", at=AT + timedelta(days=day))
    return ids


def log_file(home: Path) -> Path:
    return home / "models" / "promotions.jsonl"


def test_who_made_which_model_serve_is_kept_with_the_one_before(store: ModelStore) -> None:
    first, second, third = three(store)
    found = store.log()
    assert found.damage == ()
    told = [(one["event"], one["model"], one["before"], one["who"]["name"]) for one in found.entries]
    assert told == [
        ("promoted", first, default_id(), "ada"),
        ("promoted", second, first, "ada"),
        ("promoted", third, second, "ada"),
    ]


def test_a_rollback_goes_back_one_by_one_and_never_to_and_fro(store: ModelStore) -> None:
    first, second, third = three(store)
    assert store.roll_back() == second
    assert store.roll_back() == first == store.current_id()
    assert store.roll_back() == default_id() == store.current_id()
    with pytest.raises(PromotionError, match="no other model"):
        store.roll_back()
    store.promote(third)
    assert store.roll_back() == default_id()


def test_a_rollback_can_name_a_model_that_served_and_no_other(store: ModelStore) -> None:
    first, *_ = three(store)
    never = store.add(tiny(2.0))
    with pytest.raises(PromotionError, match="has not served before"):
        store.roll_back(never)
    assert store.roll_back(first) == first


def test_a_model_that_served_before_there_was_a_log_can_be_rolled_back_to(store: ModelStore, tmp_path: Path) -> None:
    first, second = store.add(tiny()), store.add(tiny(0.5))
    (tmp_path / "models" / "current").write_text(first + "\n")
    store.promote(second)
    assert store.roll_back() == first


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("act", ["promote", "roll_back"])
def test_what_is_interrupted_leaves_log_and_current_as_they_were(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, failure: type[BaseException]
) -> None:
    first, *_, third = three(store)
    before, current = log_file(tmp_path).read_bytes(), store.current_id()
    real, calls = os.fsync, 0

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == fail_at:
            raise failure
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    # The line of the log, the new "current", and its directory: by then it serves, and the log says so.
    for fail_at, happened in ((1, False), (2, False), (3, True)):  # noqa: B007 - read by ``fsync``
        calls = 0
        with pytest.raises(failure):
            store.promote(first) if act == "promote" else store.roll_back(first)
        if happened:
            assert store.current_id() == store.log().entries[-1]["model"] == first
        else:
            assert (log_file(tmp_path).read_bytes(), store.current_id()) == (before, current)
        calls = 10
        assert store.log().damage == ()
    assert current == third


def test_a_process_killed_between_the_two_is_said_and_done_again(store: ModelStore, tmp_path: Path) -> None:
    first, second, third = three(store)
    (tmp_path / "models" / "current").write_text(second + "\n")
    assert "announced and not carried out" in store.log().damage[0]
    store.promote(third)
    assert store.log().damage == ()
    (tmp_path / "models" / "current").write_text(first + "\n")
    assert "the log does not know it" in store.log().damage[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_flipped_byte_anywhere_is_told_and_stops_nothing(
    tmp_path_factory: pytest.TempPathFactory, place: float, mask: int
) -> None:
    home, whole = logged(tmp_path_factory)
    content = bytearray(whole)
    content[int(place * len(content))] ^= mask
    log_file(home).write_bytes(content)
    store = ModelStore(home)
    assert store.log().damage
    assert store.load().model_id == store.current_id()


_LOGGED: list[tuple[Path, bytes]] = []


def logged(factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    if not _LOGGED:
        home = factory.mktemp("logged")
        three(ModelStore(home))
        _LOGGED.append((home, log_file(home).read_bytes()))
    return _LOGGED[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1:],
        lambda lines: lines[:1] + lines[2:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [*lines[:-1], lines[-1][:40]],
    ],
)
def test_a_line_removed_moved_repeated_or_cut_off_is_told(store: ModelStore, tmp_path: Path, change) -> None:
    three(store)
    lines = log_file(tmp_path).read_bytes().splitlines(keepends=True)
    log_file(tmp_path).write_bytes(b"".join(change(lines)))
    assert store.log().damage


def test_a_damaged_log_is_added_to_and_never_written_anew(store: ModelStore, tmp_path: Path) -> None:
    first, *_ = three(store)
    damaged = log_file(tmp_path).read_bytes()[:-30]
    log_file(tmp_path).write_bytes(damaged)
    store.promote(first)
    assert log_file(tmp_path).read_bytes().startswith(damaged)
    found = store.log()
    assert [one["model"] for one in found.entries][-1] == first
    assert found.damage == ("line 3 is not as it was signed",)


def test_a_line_signed_by_a_foreign_key_does_not_count(store: ModelStore, tmp_path: Path) -> None:
    _, _, third = three(store)
    stranger = ModelStore(tmp_path / "stranger")
    never = store.add(tiny(2.0))
    stranger.promote(stranger.add(tiny(2.0)))
    with log_file(tmp_path).open("ab") as file:
        file.write(log_file(tmp_path / "stranger").read_bytes())
    assert never not in history(store.log().entries)
    assert store.current_id() == third
    assert "line 4" in store.log().damage[0]


def test_forcing_takes_two_people_within_a_day(store: ModelStore) -> None:
    serving = store.add(tiny())
    store.promote(serving, at=AT)
    wanted = store.add(tiny(0.5))
    with pytest.raises(PromotionError, match="nobody asked"):
        store.force(wanted, confirmed_by=JANE, at=AT)
    with pytest.raises(PromotionError, match="--reason"):
        store.request_force(wanted, who=ADA, reason=" ", findings=FINDING, at=AT)
    store.request_force(wanted, who=ADA, reason="an attack is under way", findings=FINDING, at=AT)
    for same in ("ada", " ADA ", "Ada"):
        with pytest.raises(PromotionError, match="second person"):
            store.force(wanted, confirmed_by=Who(same, "API key"), at=AT)
    with pytest.raises(PromotionError, match="nobody asked"):
        store.force(wanted, confirmed_by=JANE, at=AT + timedelta(days=1, seconds=1))
    assert store.current_id() == serving
    store.force(wanted, confirmed_by=JANE, at=AT + timedelta(days=1))
    assert store.current_id() == wanted
    forced = store.log().entries[-1]
    assert (forced["requested_by"]["name"], forced["who"]["name"]) == ("ada", "jane")
    assert (forced["reason"], forced["findings"]) == ("an attack is under way", FINDING)
    with pytest.raises(PromotionError, match="nobody asked"):
        store.force(wanted, confirmed_by=JANE, at=AT + timedelta(days=1))


def test_a_request_lapses_when_another_model_serves(store: ModelStore) -> None:
    serving, other, wanted = (store.add(tiny(offset)) for offset in (0.0, 0.5, 1.0))
    store.promote(serving, at=AT)
    store.request_force(wanted, who=ADA, reason="so", findings=FINDING, at=AT)
    store.promote(other, at=AT)
    with pytest.raises(PromotionError, match="nobody asked"):
        store.force(wanted, confirmed_by=JANE, at=AT)


def test_a_refusal_is_logged_and_changes_nothing(store: ModelStore) -> None:
    serving, wanted = store.add(tiny()), store.add(tiny(0.5))
    store.promote(serving)
    store.refuse(wanted, who=ADA, findings=FINDING)
    assert store.current_id() == serving
    assert store.log().entries[-1]["findings"] == FINDING
    assert history(store.log().entries) == [default_id(), serving]


def test_a_version_that_was_tampered_with_is_not_rolled_back_to(store: ModelStore, tmp_path: Path) -> None:
    first, second, third = three(store)
    (tmp_path / "models" / second / "model.json").write_text("other")
    with pytest.raises(Exception, match=r"model\.json"):
        store.roll_back()
    assert store.current_id() == third
    assert store.roll_back(first) == first


def test_the_log_is_one_json_object_a_line(store: ModelStore, tmp_path: Path) -> None:
    three(store)
    lines = log_file(tmp_path).read_text().splitlines()
    assert len(lines) == 3
    assert all(set(json.loads(line)) == {"entry", "signature"} for line in lines)
