"""The registry on disk: one file that opens in milliseconds by memory map, and the changes made since it was written.

The file, ``registry-*.arrow``, is an Arrow IPC file (https://arrow.apache.org/docs/format/Columnar.html) of one row:
each array of ``KeyIndex``, ``Segment``, ``PackedAccounts`` and ``EncodedSegment`` is a list in a column of its name, of
their types. The schema's metadata hold under "doublecheck" the ``Header`` as JSON. Pages that several processes map
are in memory once.

Beside it, ``registry-*.changes.jsonl`` has a line a change: {"put": [accounts], "withdraw": [[platform, handle]],
"version": the registry's version after it, "at": when, RFC 3339}. ``current.json`` names the file that is in force, and
its digest.

Rules:

1. A file is complete under its name or not there; ``current.json`` changes in one step, so a reader sees the registry
   before or after, never a half-built one. What readers have open stays readable until they let go of it.
2. The file's digest, which ``current.json`` holds, is checked whenever it is opened, before anything reads it. A
   damaged file, or one whose keys this version of the code would make otherwise, is refused. Packs that it would make
   otherwise are left unused: accounts are packed when they are met, which is slower and gives the same answers.
3. A change is written and flushed before it counts. A last line without its end was never confirmed and is dropped; any
   other line that cannot be read, or does not lead to the version it names, is damage and is refused.
4. One process at a time changes a registry: a lock on ``lock`` makes the others wait (POSIX systems only).
5. What was added, changed or withdrawn lately is known with its time, whichever way it came about, and is known no less
   after the registry was replaced. The first registry of a directory has no past. Where the one before is damaged,
   everything in the new one counts as added.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.accounts.account import ProtectedAccount, canonical, protected_from
from classifier.errors import RegistryError, RegistryMovedError
from classifier.registry.differences import differences
from classifier.registry.recent import NOTHING, Recent
from classifier.registry.registry import Registry
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.policy_numbers import REMEMBERED
from classifier.storage.encoded_accounts import encode_segment
from classifier.storage.paths import CURRENT
from classifier.storage.registry_file import _AGAIN, open_accounts, open_index, write_index
from classifier.utils.atomic_files import atomic_path
from classifier.utils.private_files import FILE, make_private_directory

LOCK = "lock"
_NAME = re.compile(r"registry-[0-9a-f-]+\.arrow")


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened registry: its index, the file it is from, and how many bytes of that file's changes are in it."""

    index: CandidateIndex
    base: str
    read: int


class RegistryStore:
    """A directory that holds one registry and its changes.

    Parameters
    ----------
    directory : Path
        Made when first written to.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def exists(self) -> bool:
        """Tell whether a registry was ever written."""
        return (self.directory / CURRENT).exists()

    def replace(
        self,
        registry: Registry,
        *,
        at: datetime | None = None,
        encoded: bool = True,
        watch: Callable[[int], object] = int,
        watch_encoded: Callable[[int], object] = int,
    ) -> Opened:
        """Put a registry in the place of what was there before, with its index; changes start anew.

        Parameters
        ----------
        at : datetime, optional
            When, aware; by default now.
        encoded : bool
            Whether its accounts are packed ahead: a registry that serves for long pays for it once.
        watch, watch_encoded : callable
            Called with a number of accounts whenever that many more are indexed, and packed, for progress bars.
        """
        registry = registry.folded()
        index = CandidateIndex(_with_encoded(registry, watch_encoded) if encoded else registry, watch=watch)
        make_private_directory(self.directory)
        name = f"registry-{index.registry.version[:12]}-{secrets.token_hex(4)}.arrow"
        with self._locked():
            past = self._past(index.registry, at or datetime.now(UTC))
            index = index.after(index.registry.remembering(past))
            digest = write_index(self.directory / name, index)
            with atomic_path(self.directory / CURRENT, private=True) as temporary:
                temporary.write_text(json.dumps({"base": name, "xxh3": digest}) + "\n", encoding="utf-8")
            for path in self.directory.glob("registry-*"):
                if not path.name.startswith(name.removesuffix(".arrow")):
                    path.unlink(missing_ok=True)
        return Opened(index, name, 0)

    def open(self) -> Opened:
        """Open the registry in force.

        Raises
        ------
        RegistryError
            If there is none, or it is damaged.
        """
        for _ in range(3):  # between the two steps another process may have put a new file in force
            name, digest = self._current()
            try:
                index = open_index(self.directory / name, digest)
            except FileNotFoundError:
                continue
            return self.follow(Opened(index, name, 0))
        raise RegistryError(f"{CURRENT} names a file that is not there; {_AGAIN}")

    def follow(self, opened: Opened) -> Opened:
        """Return the registry as it is now; ``opened`` itself when nothing changed. Only what is new is read.

        Raises
        ------
        RegistryError
            As ``open``.
        """
        name, _ = self._current()
        if name != opened.base:
            return self.open()
        path = self._changes(name)
        try:
            if path.stat().st_size <= opened.read:
                return opened
            with path.open("rb") as stream:
                stream.seek(opened.read)
                whole, end, _ = stream.read().rpartition(b"\n")
        except FileNotFoundError:  # nothing was changed yet, or another file came in force just now
            return opened
        if not end:
            return opened
        registry = opened.index.registry
        for line in whole.split(b"\n"):
            registry = _replayed(registry, line, path.name)
        return Opened(opened.index.after(registry), name, opened.read + len(whole) + 1)

    def change(
        self,
        put: Iterable[ProtectedAccount] = (),
        withdraw: Iterable[tuple[str, str]] = (),
        *,
        at: datetime | None = None,
        since: Opened | None = None,
        expected: str | None = None,
    ) -> Opened:
        """Change the registry in force, as ``Registry.changed`` does, and return it.

        Parameters
        ----------
        at : datetime, optional
            When, aware; by default now.
        since : Opened, optional
            The registry as the caller knows it: then only what is newer is read before the change is made.
        expected : str, optional
            The version that it must have, for who has decided by what it holds.

        Raises
        ------
        RegistryError
            As ``open`` and ``Registry.changed``; nothing is changed then.
        RegistryMovedError
            If it has another version than ``expected``.
        """
        added, removed = list(put), list(withdraw)
        when = at or datetime.now(UTC)
        self._current()  # no registry, no lock
        with self._locked():
            opened = self.follow(since) if since else self.open()
            if expected is not None and opened.index.registry.version != expected:
                raise RegistryMovedError("somebody else changed the registry at the same moment: ask again")
            changed = opened.index.registry.changed(added, removed, when)
            line = {
                "put": [canonical(account) for account in added],
                "withdraw": removed,
                "version": changed.version,
                "at": when.astimezone(UTC).isoformat(),
            }
            written = json.dumps(line, separators=(",", ":")).encode() + b"\n"
            _append(self._changes(opened.base), opened.read, written)
        return Opened(opened.index.after(changed), opened.base, opened.read + len(written))

    def copy_to(self, directory: Path) -> RegistryStore:
        """Copy the registry in force, with its changes so far, to a directory where nothing will change it.

        The file itself, which never changes, is linked where the file system can: a copy of a million accounts costs
        nothing then.

        Raises
        ------
        RegistryError
            If there is none.
        """
        make_private_directory(directory)
        for _ in range(3):  # as in ``open``
            name, digest = self._current()
            try:
                _link_or_copy(self.directory / name, directory / name)
            except FileNotFoundError:
                continue
            changes = self._changes(name)
            if changes.exists():
                shutil.copyfile(changes, directory / changes.name)
            with atomic_path(directory / CURRENT, private=True) as temporary:
                temporary.write_text(json.dumps({"base": name, "xxh3": digest}) + "\n", encoding="utf-8")
            return RegistryStore(directory)
        raise RegistryError(f"{CURRENT} names a file that is not there; {_AGAIN}")

    def _past(self, registry: Registry, at: datetime) -> Recent:
        """Return what happened lately once ``registry`` takes the place of what is there."""
        before = self.before()
        if before is None:
            return NOTHING.after([], registry.accounts, at) if self.exists() else NOTHING
        gone, fresh = differences(before.accounts, registry.accounts)
        return before.recent.since(at - REMEMBERED).after(gone, fresh, at)

    def before(self) -> Registry | None:
        """Return the registry in force for who replaces it: also one that another version of the code made.

        ``None`` if there is none, or it is damaged.
        """
        try:
            return self.open().index.registry
        except (RegistryError, OSError):
            pass
        try:
            name, digest = self._current()
            registry = Registry(open_accounts(self.directory / name, digest))
            changes = self._changes(name)
            for line in changes.read_bytes().splitlines() if changes.exists() else ():
                registry = _changed_by(registry, json.loads(line))
        except Exception:  # it is damaged: whatever that makes of it
            return None
        return registry

    def _current(self) -> tuple[str, str]:
        """Return the name of the file in force and its digest."""
        try:
            named = json.loads((self.directory / CURRENT).read_text(encoding="utf-8"))
            if _NAME.fullmatch(named["base"]):
                return named["base"], str(named["xxh3"])
        except FileNotFoundError as error:
            raise RegistryError(
                "no registry was imported; give --registry FILE or run 'doublecheck registry import FILE'"
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise RegistryError(f"{CURRENT} is damaged; {_AGAIN}") from error
        raise RegistryError(f"{CURRENT} is damaged; {_AGAIN}")

    def _changes(self, base: str) -> Path:
        return self.directory / f"{base.removesuffix('.arrow')}.changes.jsonl"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.directory / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # let go of when the file is closed
            yield


def _with_encoded(registry: Registry, watch: Callable[[int], object]) -> Registry:
    """Return a registry of one segment with its accounts packed, if they are not."""
    (segment,) = registry.segments
    if segment.encoded is not None:
        return registry
    packed = replace(segment, encoded=encode_segment(segment.accounts, watch=watch))
    return Registry.restored(packed, registry.platforms, registry.version)


def _replayed(registry: Registry, line: bytes, name: str) -> Registry:
    try:
        change = json.loads(line)
        changed, expected = _changed_by(registry, change), change["version"]
    except Exception as error:  # whatever is no account and no handle
        raise RegistryError(f"{name} is damaged; {_AGAIN}") from error
    if changed.version != expected:
        raise RegistryError(f"{name} is damaged: a change does not lead to the version it names; {_AGAIN}")
    return changed


def _changed_by(registry: Registry, change: dict[str, Any]) -> Registry:
    """Return the registry after a change that was written down; the oldest have no time."""
    put = [protected_from(account) for account in change["put"]]
    at = datetime.fromisoformat(change["at"]) if "at" in change else None
    return registry.changed(put, [(platform, handle) for platform, handle in change["withdraw"]], at)


def _link_or_copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _append(path: Path, size: int, line: bytes) -> None:
    """Write a line behind the ``size`` bytes that are confirmed, and wait until it is on the disk."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE)
    with os.fdopen(descriptor, "r+b") as stream:
        stream.truncate(size)
        stream.seek(size)
        stream.write(line)
        stream.flush()
        try:
            os.fsync(stream.fileno())
        except OSError:
            stream.truncate(size)  # what is not confirmed does not count
            raise
