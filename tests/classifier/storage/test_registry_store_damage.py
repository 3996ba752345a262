"""What is damaged or half-written in a registry's directory is refused or never counted, and never answers wrongly."""

import itertools
import json
import mmap
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.errors import RegistryError
from classifier.registry.registry import Registry
from classifier.simulation.population import invent_registry
from classifier.storage import registry_file
from classifier.storage.registry_file import open_index
from classifier.storage.registry_store import CURRENT, RegistryStore

JANE = ProtectedAccount(platform="x", handle="NorthwindJane", account_id="12", display_name="Jäne Quillon")
REGISTRY = Registry([JANE, *invent_registry(8, seed=29)])
NEW = [ProtectedAccount(platform="x", handle=f"Newcomer{n}", display_name="Orla Brask", followers=n) for n in range(4)]

# Opens a file again and again, one byte wrong at a time, and says what came of it. In a process of its own: Arrow reads
# beyond the file, and the process dies, where a length is wrong and nobody checks it.
FLIP = """
import sys
from pathlib import Path
from classifier.errors import RegistryError
from classifier.storage.registry_file import _arrays, open_index

path, bad = Path(sys.argv[1]), Path(sys.argv[1] + ".bad")
whole, good = path.read_bytes(), open_index(path, sys.argv[2])
def content(index):
    arrays = {name: (array.dtype.str, array.tobytes()) for name, array in _arrays(index).items()}
    return arrays, index.registry.version, index.registry.platforms, len(index.registry)
for given in sys.stdin.read().split():
    place, mask = map(int, given.split(":"))
    print(given, end=" ", flush=True)
    bad.unlink(missing_ok=True)
    bad.write_bytes(whole[:place] + bytes([whole[place] ^ mask]) + whole[place + 1 :])
    try:
        print("same" if content(open_index(bad, sys.argv[2])) == content(good) else "another registry", flush=True)
    except RegistryError:
        print("refused", flush=True)
    except BaseException as error:
        print(type(error).__name__, flush=True)
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = RegistryStore(tmp_path_factory.mktemp("written"))
    return store.directory / store.replace(REGISTRY).base


@pytest.fixture
def store(tmp_path: Path) -> RegistryStore:
    """A store with a registry and three changes in it."""
    store = RegistryStore(tmp_path / "store")
    opened = store.replace(REGISTRY)
    for account in NEW[:3]:
        opened = store.change([account], since=opened)
    return store


def changes(store: RegistryStore) -> Path:
    (path,) = store.directory.glob("*.changes.jsonl")
    return path


def spans(path: Path) -> list[tuple[int, int]]:
    """Where the arrays are within a file."""
    whole = path.read_bytes()
    contents = [array.tobytes() for array in registry_file._arrays(open_index(path, digest(path))).values()]
    return [(whole.index(one), whole.index(one) + len(one)) for one in contents if len(one) > 8]


def digest(path: Path) -> str:
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        return registry_file.digest_of(mapped)


def refused(path: Path, of: str) -> str:
    with pytest.raises(RegistryError) as caught:
        open_index(path, of)
    assert "registry import" in str(caught.value)
    return str(caught.value)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_a_wrong_byte_in_what_it_holds_is_refused(
    written: Path, tmp_path: Path, data: st.DataObject
) -> None:
    start, stop = data.draw(st.sampled_from(spans(written)))
    place, mask = data.draw(st.integers(start, stop - 1)), data.draw(st.integers(1, 255))
    whole = bytearray(written.read_bytes())
    whole[place] ^= mask
    bad = tmp_path / f"{place}-{mask}.arrow"
    bad.write_bytes(whole)
    assert "damaged" in refused(bad, digest(written))
    bad.unlink()


# Arrow trusts the lengths it finds: of some it says OSError, of others the process dies of a segmentation fault.
# Hence a digest of the whole file that is checked before Arrow sees any of it.
@pytest.mark.parametrize("mask", [0x01, 0x20, 0xFF])
def test_a_file_with_a_wrong_byte_in_how_it_is_written_is_refused_or_read_alike(written: Path, mask: int) -> None:
    inside = np.zeros(written.stat().st_size, bool)
    for start, stop in spans(written):
        inside[start:stop] = True
    places = np.flatnonzero(~inside)[:: 3 if mask == 1 else 7].tolist()
    asked = " ".join(f"{place}:{mask}" for place in places)
    run = subprocess.run(
        [sys.executable, "-c", FLIP, str(written), digest(written)],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    came = [line.split(maxsplit=1) for line in run.stdout.splitlines()]
    wrong: dict[str, list[str]] = defaultdict(list)  # what came of it, and "place:mask" of each
    for place, *of in came:
        wrong["".join(of) or "the process died"].append(place)
    assert {of: some[:5] for of, some in wrong.items() if of not in ("refused", "same")} == {}
    assert (run.returncode, len(came)) == (0, len(places)), run.stderr


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_ends_too_early_is_refused(written: Path, tmp_path: Path, share: float) -> None:
    whole = written.read_bytes()
    bad = tmp_path / f"{share}.arrow"
    bad.write_bytes(whole[: int(share * len(whole))])
    refused(bad, digest(written))
    bad.unlink()


@pytest.mark.parametrize("content", [b"", b"ARROW1\0\0", b"platform,handle\nx,jane\n", b"\0" * 4096])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "registry.arrow").write_bytes(content)
    refused(tmp_path / "registry.arrow", "")


@pytest.mark.parametrize(("name", "value"), [("REVISION", 999), ("UNICODE_VERSION", "3.0.0"), ("FORMAT", 999)])
def test_a_file_whose_keys_are_made_otherwise_now_is_refused_with_the_remedy(
    written: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(registry_file, name, value)
    assert "another version" in refused(written, digest(written))


# Once wrong: an empty name is the directory itself: OSError.
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b"{}", b"\xff", b'{"base": "registry-gone.arrow"}', b'{"base": null}', b'{"base": ""}'],
)
def test_a_damaged_name_of_the_file_in_force_is_refused(store: RegistryStore, content: bytes) -> None:
    (store.directory / CURRENT).write_bytes(content)
    with pytest.raises(RegistryError, match="registry import"):
        store.open()


# Once wrong: `change` asks for the lock first, and its directory is not there: FileNotFoundError.
def test_where_nothing_was_imported_opening_and_changing_say_so(tmp_path: Path) -> None:
    store = RegistryStore(tmp_path / "none")
    assert not store.exists()
    for act in (store.open, lambda: store.change(NEW)):
        with pytest.raises(RegistryError, match="no registry was imported"):
            act()
    assert not store.exists()


@pytest.mark.parametrize("left", [0.0, 0.02, 0.5, 0.98])
def test_a_last_line_that_was_never_finished_does_not_count_and_is_written_over(
    store: RegistryStore, left: float
) -> None:
    path = changes(store)
    *before, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(before) + last[: int(left * len(last))])
    opened = store.open()
    assert set(opened.index.registry) == {*REGISTRY, *NEW[:2]}
    assert store.follow(opened) is opened
    changed = store.change([NEW[3]], since=opened)
    assert set(store.open().index.registry) == {*REGISTRY, *NEW[:2], NEW[3]} == set(changed.index.registry)
    assert all(map(json.loads, path.read_bytes().splitlines()))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_changes_with_a_wrong_byte_are_refused_or_the_same(store: RegistryStore, share: float, mask: int) -> None:
    path, opened = changes(store), store.open()
    whole = path.read_bytes()
    wrong = bytearray(whole)
    wrong[int(share * (len(whole) - 1))] ^= mask  # all but the last end of line: without it the last never counted
    path.write_bytes(wrong)
    try:
        again = store.open()
    except RegistryError as error:
        said = str(error)
        with pytest.raises(RegistryError):
            store.change([NEW[3]])
        assert path.read_bytes() == wrong
        assert "registry import" in said
        assert not any(account.handle in said for account in [*REGISTRY, *NEW])
    else:
        assert again.index.registry.version == opened.index.registry.version
        assert again.index.registry == opened.index.registry
    finally:
        path.write_bytes(whole)


# Once wrong: `_replayed` lets the AttributeError pass of what is JSON, but of another kind than an account or a text.
@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"null", b"7", b'{"put": 1}', b'{"put": [], "withdraw": [], "version": "0"}', b'{"put": [7]}',
     b'{"put": [{"handle": "a"}], "withdraw": []}', b'{"put": [], "withdraw": [["x"]]}', b'{"put": {"a": 1}}',
     b'{"put": [], "withdraw": [["x", 7]]}', b'{"put": [{"platform": "x", "handle": 7}], "withdraw": []}'],
)  # fmt: skip
@pytest.mark.parametrize("place", [1, 3])
def test_a_line_that_is_no_change_is_refused(store: RegistryStore, line: bytes, place: int) -> None:
    lines = changes(store).read_bytes().splitlines()
    changes(store).write_bytes(b"\n".join([*lines[:place], line, *lines[place:], b""]))
    with pytest.raises(RegistryError, match="damaged"):
        store.open()


def test_a_change_that_leads_to_another_version_is_refused(store: RegistryStore) -> None:
    lines = changes(store).read_bytes().splitlines(keepends=True)
    for order in itertools.permutations(lines):
        if list(order) != lines:
            changes(store).write_bytes(b"".join(order))
            with pytest.raises(RegistryError, match="version"):
                store.open()


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_registry_that_could_not_be_put_in_force_leaves_the_one_before(
    store: RegistryStore, monkeypatch: pytest.MonkeyPatch, failing: int, failure: type[BaseException]
) -> None:
    before, calls, move = store.open(), itertools.count(1), os.replace

    def fail(source: Path, target: Path) -> None:
        if next(calls) == failing:
            raise failure
        move(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", fail)
        with pytest.raises(failure):
            store.replace(Registry(NEW))
    assert store.follow(before) is before
    assert store.open().index.registry.version == before.index.registry.version
    assert not [path.name for path in store.directory.iterdir() if path.name.startswith(".")]
    store.change([NEW[3]])
    store.replace(Registry(NEW))
    assert len(list(store.directory.glob("registry-*"))) == 1


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_change_that_could_not_be_flushed_leaves_a_registry_that_can_be_read_and_changed(
    store: RegistryStore, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    def fail(_: int) -> None:
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", fail)
        with pytest.raises(failure):
            store.change([NEW[3]])
    later = replace(NEW[3], bio="later")
    store.change([later])
    assert set(store.open().index.registry) == {*REGISTRY, *NEW[:3], later}
    found = store.open().index.registry.identify(Account(platform="x", handle="newcomer3"))
    assert found is not None
    assert found.protected == later
