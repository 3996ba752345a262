import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.errors import RegistryError, RegistryMovedError
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.policy_numbers import REMEMBERED
from classifier.simulation.population import invent_registry
from classifier.storage import registry_store as store_module
from classifier.storage.registry_file import open_index, write_index
from classifier.storage.registry_store import CURRENT, Opened, RegistryStore

JANE = ProtectedAccount(
    platform="x",
    handle="NorthwindJane",
    account_id="12",
    display_name="Jane Quillon",
    roles=("Mayor of Tamstad",),
    secondary_handles=("JaneCampaign",),
)
SAM = ProtectedAccount(platform="mastodon", handle="sam@social.example", account_id="12", display_name="Sam Halvorsen")
NEW = ProtectedAccount(platform="bluesky", handle="orla.example", account_id="99", display_name="Orla Brask")
FIRST = replace(NEW, handle="first.example", account_id="98")
OTHER = ProtectedAccount(platform="x", handle="SecondHandle", account_id="13")
ACCOUNTS = [JANE, SAM, OTHER, *invent_registry(40, seed=23)]
ASKED = [
    Account(handle="northwidnjane", display_name="Jane Quillon"),
    Account(handle="qzkxvw83", bio="the Mayor of Tamstad"),
    Account(handle="sam.halvorsen", platform="mastodon"),
    Account(handle="Orla_Brask", display_name="Оrla Вrask"),
    *(replace(as_reported(one), handle=f"{one.handle[1:]}_", account_id=None) for one in ACCOUNTS[3:9]),
]


@pytest.fixture
def store(tmp_path: Path) -> RegistryStore:
    """A store with a registry in it."""
    store = RegistryStore(tmp_path / "store")
    store.replace(Registry(ACCOUNTS))
    return store


def answers(index: CandidateIndex) -> list[object]:
    """All that an index answers, to the last digit."""
    return [
        (index.registry.identify(asked), [(one.view.account, one.score) for one in index.find(asked)])
        for asked in [*ASKED, *map(as_reported, ACCOUNTS[:9])]
    ]


def targets(index: CandidateIndex) -> list[object]:
    """Who is meant; what a group of letters weighs depends on when an account was added."""
    return [
        (index.registry.identify(asked), {one.view.account for one in index.find(asked)[:1]})
        for asked in [*ASKED, *map(as_reported, ACCOUNTS[:9])]
    ]


def same_registry(one: Opened, other: Opened) -> bool:
    registries = one.index.registry, other.index.registry
    return registries[0].version == registries[1].version and registries[0] == registries[1]


def files(store: RegistryStore) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in store.directory.iterdir() if path.name != "lock"}


def changes(store: RegistryStore) -> Path:
    (path,) = store.directory.glob("*.changes.jsonl")
    return path


def test_what_was_written_is_what_is_opened(store: RegistryStore) -> None:
    registry, opened = Registry(reversed(ACCOUNTS)), store.open()
    assert opened.index.registry == registry
    assert opened.index.registry.version == registry.version
    assert opened.index.registry.platforms == registry.platforms
    assert answers(opened.index) == answers(CandidateIndex(registry))
    assert store.exists()


def test_a_changed_registry_is_written_as_one_that_was_never_changed(tmp_path: Path) -> None:
    index = CandidateIndex(Registry(ACCOUNTS[1:]))
    changed = index.after(index.registry.changed([JANE, NEW], [("x", ACCOUNTS[5].handle)]))
    digest = write_index(tmp_path / "index.arrow", changed)
    fresh = Registry([NEW, *ACCOUNTS[:5], *ACCOUNTS[6:]])
    opened = open_index(tmp_path / "index.arrow", digest)
    assert opened.registry.version == fresh.version
    assert answers(opened) == answers(CandidateIndex(fresh))


CHANGES: dict[str, tuple[list[ProtectedAccount], list[tuple[str, str]], Callable[[], list[ProtectedAccount]]]] = {
    "another account": ([NEW], [], lambda: [*ACCOUNTS, NEW]),
    "another content by handle": (
        [replace(JANE, handle="northwindJANE", account_id=None, display_name="Jane Roe")],
        [],
        lambda: [replace(JANE, handle="northwindJANE", account_id=None, display_name="Jane Roe"), *ACCOUNTS[1:]],
    ),
    "another handle by id": (
        [replace(JANE, handle="MayorJane")],
        [],
        lambda: [replace(JANE, handle="MayorJane"), *ACCOUNTS[1:]],
    ),
    "one withdrawn": ([], [("x", "@northwindjane ")], lambda: ACCOUNTS[1:]),
    "one withdrawn and put again": ([JANE], [("x", "NorthwindJane")], lambda: ACCOUNTS),
    "several at once": (
        [NEW, replace(JANE, bio="new")],
        [("mastodon", SAM.handle)],
        lambda: [NEW, replace(JANE, bio="new"), *ACCOUNTS[2:]],
    ),
    "an account of the same name on another server": (
        [replace(SAM, handle="sam@other.example", display_name="Sam Otherman")],
        [],
        lambda: [replace(SAM, handle="sam@other.example", display_name="Sam Otherman"), *ACCOUNTS],
    ),
}


# Once wrong: "an account of the same name on another server" replaces sam@social.example, who is
# then protected no longer: `identity_keys` of a Mastodon account holds "sam@", which both have.
@pytest.mark.parametrize(("put", "withdraw", "after"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_followed_and_opened_as_if_the_registry_had_been_written_anew(
    store: RegistryStore,
    put: list[ProtectedAccount],
    withdraw: list[tuple[str, str]],
    after: Callable[[], list[ProtectedAccount]],
) -> None:
    before = store.open()
    made = store.change(put, withdraw)
    followed, opened, since = store.follow(before), store.open(), store.follow(made)
    assert since is made
    assert same_registry(made, followed)
    assert same_registry(made, opened)
    assert made.index.registry.version != before.index.registry.version
    assert opened.index.registry == Registry(after())
    fresh = CandidateIndex(Registry(after()))
    for one in (made, followed, opened):
        assert targets(one.index) == targets(fresh)
    assert answers(followed.index) == answers(opened.index) == answers(made.index)
    assert answers(before.index) == answers(CandidateIndex(Registry(ACCOUNTS)))


def test_nothing_new_is_followed_to_the_same_object(store: RegistryStore) -> None:
    opened = store.open()
    assert store.follow(opened) is opened
    later = store.change([NEW], since=opened)
    assert store.follow(later) is later


def test_a_version_tells_all_changes_and_their_order(tmp_path: Path) -> None:
    one, other = ([NEW], []), ([], [("x", "northwindjane")])
    versions = []
    for number, order in enumerate([(one, other), (other, one), (one, other), (one,), ()]):
        store = RegistryStore(tmp_path / str(number))
        store.replace(Registry(ACCOUNTS))
        for put, withdraw in order:
            store.change(put, withdraw)
        versions.append(store.open().index.registry.version)
    assert versions[0] == versions[2]
    assert len(set(versions)) == 4


@pytest.mark.parametrize(
    ("put", "withdraw"),
    [
        pytest.param([], [("x", "nobody")], id="withdrawn, but not registered"),
        pytest.param([NEW], [("mastodon", "NorthwindJane")], id="withdrawn on another platform"),
        pytest.param([], [("x", "northwindjane"), ("x", "NorthwindJane")], id="withdrawn twice"),
        pytest.param([replace(JANE, handle="SecondHandle")], [], id="two registered ones"),
        pytest.param([NEW, replace(NEW, bio="else")], [], id="two that contradict each other"),
        pytest.param([], [(one.platform, one.handle) for one in [*ACCOUNTS, FIRST]], id="nothing left"),
    ],
)
def test_a_change_that_cannot_be_made_leaves_the_store_as_it_was(
    store: RegistryStore, put: list[ProtectedAccount], withdraw: list[tuple[str, str]]
) -> None:
    store.change([FIRST])
    before, opened = files(store), store.open()
    with pytest.raises(RegistryError) as caught:
        store.change(put, withdraw)
    said = f"{caught.value} {caught.value.__cause__}".casefold()
    for account in ACCOUNTS + put:
        assert account.handle.casefold() not in said
        assert (account.display_name or "?!").casefold() not in said
    assert files(store) == before
    assert store.follow(opened) is opened


# Few handles and ids, so that accounts meet.
handles = st.sampled_from(["anna", "Anna", "bela", "cora", "dana"])
accounts = st.builds(
    ProtectedAccount,
    platform=st.sampled_from(["x", "bluesky"]),
    handle=handles,
    account_id=st.none() | st.sampled_from("123"),
    display_name=st.none() | st.sampled_from(["Anna Roe", "Bela"]),
)
steps = st.one_of(accounts, st.tuples(st.sampled_from(["x", "bluesky"]), handles))


def after(model: Iterable[ProtectedAccount], step: ProtectedAccount | tuple[str, str]) -> list[ProtectedAccount] | None:
    """What a change makes of a plain list; ``None`` where it cannot be made."""
    known = list(model)
    if isinstance(step, tuple):
        kept = [one for one in known if (one.platform, one.handle.lower()) != (step[0], step[1].lower())]
        return kept if kept and len(kept) < len(known) else None
    same = [
        one
        for one in known
        if one.platform == step.platform
        and (one.handle.lower() == step.handle.lower() or (step.account_id and one.account_id == step.account_id))
    ]
    return None if len(same) > 1 else [*(one for one in known if one not in same), step]


@settings(max_examples=25)
@given(st.lists(steps, max_size=12))
def test_whatever_is_changed_the_store_holds_what_a_list_would(
    tmp_path_factory: pytest.TempPathFactory, changed: list[ProtectedAccount | tuple[str, str]]
) -> None:
    store = RegistryStore(tmp_path_factory.mktemp("store"))
    first = ProtectedAccount(platform="x", handle="first")
    model, followed = [first], store.replace(Registry([first]))
    for number, step in enumerate(changed):
        expected = after(model, step)
        asked: dict[str, list[object]] = {"withdraw": [step]} if isinstance(step, tuple) else {"put": [step]}
        if expected is None:
            with pytest.raises(RegistryError):
                store.change(**asked)  # type: ignore[arg-type]
        else:
            model = expected
            store.change(**asked, since=followed if number % 2 else None)  # type: ignore[arg-type]
        followed = store.follow(followed)
        assert set(followed.index.registry) == set(model)
    opened = store.open()
    assert same_registry(opened, followed)
    assert opened.index.registry == Registry(model)
    for one in model:
        asked_for = Account(platform=one.platform, handle=one.handle)
        assert opened.index.registry.identify(asked_for).protected == one  # type: ignore[union-attr]
        assert one in {found.view.account for found in opened.index.find(asked_for)}


def test_a_replaced_registry_answers_until_it_is_let_go_and_following_gives_the_new(store: RegistryStore) -> None:
    store.change([NEW])
    held = store.open()
    before = answers(held.index)
    fresh = store.replace(Registry(ACCOUNTS[1:]))
    assert answers(held.index) == before
    assert same_registry(store.follow(held), fresh)
    assert same_registry(store.open(), fresh)
    assert len(list(store.directory.glob("registry-*"))) == 1


# Once wrong: of a registry of one segment with withdrawn accounts, `replace` writes another version than it returns.
# A change made since then names a version that it does not lead to, and the store cannot be opened any more.
def test_a_registry_with_accounts_withdrawn_can_be_put_in_force_and_changed(tmp_path: Path) -> None:
    store = RegistryStore(tmp_path)
    put = store.replace(Registry(ACCOUNTS).changed(withdraw=[("x", "northwindjane")]))
    assert same_registry(put, store.open())
    changed = store.change([NEW], since=put)
    assert same_registry(changed, store.open())


NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def past(registry: Registry, *accounts: ProtectedAccount) -> list[datetime | None]:
    """When each was added or changed, and when it was withdrawn."""
    times = [registry.recent.registered_at([account]) for account in accounts]
    return times + [registry.unprotected_at(as_reported(account)) for account in accounts]


def test_the_first_registry_has_no_past_and_each_change_has_its_time(tmp_path: Path) -> None:
    store = RegistryStore(tmp_path)
    first = store.replace(Registry(ACCOUNTS), at=NOW)
    assert past(first.index.registry, *ACCOUNTS) == [None] * 2 * len(ACCOUNTS)
    changed = store.change([NEW, replace(JANE, bio="Mayor")], [("x", OTHER.handle)], at=NOW)
    for registry in (changed.index.registry, store.open().index.registry, store.follow(first).index.registry):
        assert past(registry, NEW, JANE, SAM, OTHER) == [NOW, NOW, None, None, None, None, None, NOW]


def test_an_import_has_a_past_too_and_forgets_none(tmp_path: Path) -> None:
    """Whichever way an account comes and goes, and whatever is imported since, for as long as anybody may ask."""
    store = RegistryStore(tmp_path)
    store.replace(Registry(ACCOUNTS), at=NOW)
    store.change([NEW], at=NOW)
    store.replace(Registry([replace(JANE, roles=()), SAM, NEW, FIRST, *ACCOUNTS[3:]]), at=LATER)
    expected = [LATER, None, NOW, LATER, None, None, None, None, None, LATER]
    assert past(store.open().index.registry, JANE, SAM, NEW, FIRST, OTHER) == expected
    store.replace(store.open().index.registry, at=LATER)
    assert past(store.open().index.registry, JANE, SAM, NEW, FIRST, OTHER) == expected
    copied = store.copy_to(tmp_path / "copy")
    assert past(copied.open().index.registry, JANE, SAM, NEW, FIRST, OTHER) == expected
    store.replace(store.open().index.registry, at=NOW + REMEMBERED + timedelta(days=1))
    assert past(store.open().index.registry, NEW, FIRST) == [None, LATER, None, None]


def test_a_time_that_nobody_gives_is_now(store: RegistryStore) -> None:
    before = datetime.now(UTC)
    store.change([NEW])
    store.replace(Registry([*ACCOUNTS, NEW, FIRST]))
    times = past(store.open().index.registry, NEW, FIRST)[:2]
    assert all(time and before <= time <= datetime.now(UTC) for time in times)


def test_what_another_version_wrote_is_compared_with_all_the_same(
    store: RegistryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.change([NEW], at=NOW)
    with monkeypatch.context() as newer:
        newer.setattr("classifier.accounts.identity.REVISION", 99)
        with pytest.raises(RegistryError, match="another version"):
            store.open()
        fresh = store.replace(Registry([*ACCOUNTS, NEW, FIRST]), at=LATER)
    assert past(fresh.index.registry, SAM, NEW, FIRST)[:3] == [None, NOW, LATER]


def test_where_the_registry_before_is_damaged_everything_is_new(store: RegistryStore) -> None:
    base = store.directory / store.open().base
    base.write_bytes(base.read_bytes()[:-9])
    fresh = store.replace(Registry(ACCOUNTS), at=NOW)
    assert past(fresh.index.registry, JANE, SAM)[:2] == [NOW, NOW]


def test_who_decided_by_another_version_changes_nothing(store: RegistryStore) -> None:
    version = store.open().index.registry.version
    store.change([NEW])
    with pytest.raises(RegistryMovedError):
        store.change([FIRST], expected=version)
    assert len(store.open().index.registry) == len(ACCOUNTS) + 1
    store.change([FIRST], expected=store.open().index.registry.version)


def test_two_that_change_at_once_lose_nothing(store: RegistryStore) -> None:
    def work(part: int) -> None:
        own = RegistryStore(store.directory)
        opened = own.open()
        for number in range(8):
            put = ProtectedAccount(platform="x", handle=f"new{part}_{number}")
            opened = own.change([put], since=opened if number % 2 else None)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.open().index.registry) == len(ACCOUNTS) + 24
    lines = changes(store).read_text().splitlines()
    assert len({json.loads(line)["version"] for line in lines}) == len(lines) == 24
    assert store_module.LOCK in {path.name for path in store.directory.iterdir()}
    assert CURRENT in {path.name for path in store.directory.iterdir()}
