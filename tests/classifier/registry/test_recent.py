from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.identity import Key
from classifier.registry.recent import NOTHING, Times
from classifier.registry.registry import Registry

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
JANE = ProtectedAccount(platform="x", handle="JaneQuillon", account_id="1", secondary_handles=("QuillonAtHome",))
ADA = ProtectedAccount(platform="x", handle="AdaBrask", account_id="2")
REGISTRY = Registry([JANE, ADA])


def key(number: int) -> Key:
    return "protected", "handle", "x", f"h{number}"


@given(st.lists(st.tuples(st.lists(st.integers(0, 30), max_size=9), st.integers(0, 99))))
def test_times_are_those_of_a_dictionary(happened: list[tuple[list[int], int]]) -> None:
    times, known = Times(), dict[int, datetime]()
    for numbers, hours in happened:
        at = NOW + timedelta(hours=hours)
        times = times.with_more(map(key, numbers), at)
        known |= {number: max(at, known.get(number, at)) for number in numbers}
    assert [times.last([key(number)]) for number in range(31)] == [known.get(number) for number in range(31)]
    assert times.last([key(number) for number in range(31)]) == max(known.values(), default=None)
    young = times.since(NOW + timedelta(hours=50))
    expected = [
        known.get(number) if known.get(number, NOW) >= NOW + timedelta(hours=50) else None for number in range(31)
    ]
    assert [young.last([key(number)]) for number in range(31)] == expected


def test_many_changes_make_few_runs() -> None:
    times = Times()
    for number in range(1_000):
        times = times.with_more([key(number)], NOW)
    assert len(times.runs) < 12


def test_a_registry_that_was_never_changed_has_no_past() -> None:
    assert REGISTRY.recent is NOTHING
    assert REGISTRY.recent.registered_at([JANE, ADA]) is None
    assert REGISTRY.unprotected_at(Account(platform="x", handle="JaneQuillon")) is None


def test_what_is_added_or_changed_has_its_time_and_the_version_does_not_tell() -> None:
    bo = ProtectedAccount(platform="x", handle="BoTerrane")
    changed = REGISTRY.changed([bo, replace(ADA, bio="Painter")], at=NOW)
    assert changed.recent.registered_at([bo]) == changed.recent.registered_at([ADA]) == NOW
    assert changed.recent.registered_at([JANE]) is None
    assert changed.changed([replace(JANE, bio="Mayor")], at=LATER).recent.registered_at([bo, JANE]) == LATER
    assert changed.version == REGISTRY.changed([bo, replace(ADA, bio="Painter")]).version


def test_what_is_the_same_is_no_news() -> None:
    same = REGISTRY.changed([replace(JANE, handle="janequillon", followers=None), ADA], at=NOW)
    assert same.recent.registered_at([JANE, ADA]) is None


def test_an_account_that_was_withdrawn_is_known_by_all_that_it_was_known_by() -> None:
    gone = REGISTRY.changed(withdraw=[("x", "janequillon")], at=NOW)
    for account in (
        Account(platform="x", handle="JaneQuillon"),
        Account(platform="x", handle="renamed", account_id="1"),
        Account(platform="x", handle="quillonathome"),
        Account(handle="JaneQuillon"),
    ):
        assert gone.unprotected_at(account) == NOW, account
    assert gone.unprotected_at(Account(platform="x", handle="AdaBrask")) is None
    assert gone.unprotected_at(Account(platform="mastodon", handle="JaneQuillon")) is None


def test_what_a_replaced_account_lost_is_known_too() -> None:
    other = REGISTRY.changed([replace(JANE, handle="JaneElsewhere", secondary_handles=())], at=NOW)
    lost = [other.unprotected_at(Account(platform="x", handle=one)) for one in ("JaneQuillon", "QuillonAtHome")]
    assert lost == [NOW, NOW]
    assert other.unprotected_at(Account(platform="x", handle="somebody", account_id="1")) is None, "it has its id still"
    assert other.recent.registered_at([replace(JANE, handle="JaneElsewhere")]) == NOW


def test_an_account_withdrawn_and_put_back_is_new() -> None:
    back = REGISTRY.changed(withdraw=[("x", "janequillon")], at=NOW).changed([JANE], at=LATER)
    assert back.recent.registered_at([JANE]) == LATER


def test_a_fold_keeps_the_past() -> None:
    changed = REGISTRY.changed([replace(JANE, bio="Mayor")], at=NOW)
    assert changed.folded().recent is changed.recent
    assert len(changed.folded().segments) == 1
