"""The log of promotions: who made which model serve, what the gate found, and what was refused.

1. Lines are only ever added: one JSON object a line, ``{"entry": ..., "signature": ...}``.
2. Each entry holds the SHA-256 of the whole line before, and is signed by the key ring of the models.
3. A line is on the disk before what it tells of is done; where that fails, this one line is taken back.
4. A damaged log blocks nothing and is never written anew: it is said which line is wrong; what is signed still counts.

References
----------
S. Haber, W. S. Stornetta (1991), "How to time-stamp a digital document", Journal of Cryptology 3, 99-111
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from classifier.errors import SignatureError
from classifier.utils.canonical_json import canonical_json, sha256
from classifier.utils.hash_chain import GENESIS, HashChain
from classifier.utils.keyring import KeyRing
from classifier.utils.private_files import make_private_directory
from classifier.utils.signatures import is_signed, signature

Entry = Mapping[str, Any]
# Events after which the entry's model serves.
SERVING = frozenset({"promoted", "forced", "rolled_back"})
# What was certified on own accounts: the entry holds the signed record.
CERTIFIED = "certified"


class Reading(NamedTuple):
    """What a log holds.

    Attributes
    ----------
    entries : tuple of mapping
        Those that are signed, the oldest first.
    damage : tuple of str
        What is wrong, the first line at fault first; empty where nothing is.
    """

    entries: tuple[Entry, ...]
    damage: tuple[str, ...]


class PromotionLog:
    """The log in one file, which is made by its first entry."""

    def __init__(self, path: Path, keys: KeyRing) -> None:
        self._path = path
        self._keys = keys

    def read(self) -> Reading:
        """Return what is there, with all that is wrong about it."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return Reading((), ())
        try:
            trusted: Sequence[Ed25519PublicKey] = self._keys.trusted()
        except SignatureError:
            trusted = ()
        return _read(content, trusted)

    def of(self, event: str) -> tuple[Entry, ...]:
        """Return the signed entries of one event; what else is there is not looked at, so it may be asked often."""
        try:
            found = [line for line in self._path.read_bytes().split(b"\n") if f'"event": "{event}"'.encode() in line]
        except FileNotFoundError:
            return ()
        trusted = self._keys.trusted() if found else ()
        entries = (_signed(line, trusted) for line in found)
        return tuple(entry for entry in entries if entry is not None and entry["event"] == event)

    @contextmanager
    def writing(self, entry: Entry, *, at: datetime, done: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Add an entry before the block, and take it back where the block fails before it is ``done``; others wait."""
        key = self._keys.signing_key()
        make_private_directory(self._path.parent)
        with self._path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # let go of when the file is closed
            content = _content(file)
            whole = {**entry, "at": at.isoformat(timespec="seconds"), "previous": _last_hash(content)}
            line = _line({"entry": whole, "signature": signature(canonical_json(whole), key)}) + b"\n"
            try:
                # A line that was cut off must not swallow this one.
                file.write(line if content.endswith(b"\n") or not content else b"\n" + line)
                _flush(file)
                yield
            except BaseException:
                if done():
                    raise
                file.truncate(len(content))
                _flush(file)
                raise

    def add(self, entry: Entry, *, at: datetime) -> None:
        """Add an entry that tells of something that needs no more to be done."""
        with self.writing(entry, at=at):
            pass


def history(entries: Sequence[Entry]) -> list[str]:
    """Return the models that served one after the other, without those that were rolled back; the present one last.

    Examples
    --------
    >>> history([{"event": "promoted", "model": "b", "before": "a"}, {"event": "promoted", "model": "c"}])
    ['a', 'b', 'c']
    >>> history([{"event": "promoted", "model": "b", "before": "a"}, {"event": "rolled_back", "model": "a"}])
    ['a']
    """
    served: list[str] = []
    for entry in entries:
        if entry.get("event") not in SERVING:
            continue
        if not served and entry.get("before"):
            served.append(entry["before"])
        if entry["event"] == "rolled_back" and entry["model"] in served:
            del served[len(served) - served[::-1].index(entry["model"]) :]
        elif not served or served[-1] != entry["model"]:
            served.append(entry["model"])
    return served


def _read(content: bytes, trusted: Sequence[Ed25519PublicKey]) -> Reading:
    entries: list[Entry] = []
    damage: list[str] = []
    chain = HashChain()
    for number, line in enumerate(content.removesuffix(b"\n").split(b"\n") if content else (), 1):
        entry = _signed(line, trusted)
        follows = chain.add(entry and entry.get("previous"), sha256(line))
        if entry is None:
            damage.append(f"line {number} is not as it was signed")
            continue
        if not follows:
            damage.append(f"line {number} does not follow the line before it: one was changed, removed or moved")
        entries.append(entry)
    if content and not content.endswith(b"\n"):
        damage.append("the last line was cut off")
    return Reading(tuple(entries), tuple(damage))


def _signed(line: bytes, trusted: Sequence[Ed25519PublicKey]) -> Entry | None:
    """Return the entry of a line, ``None`` unless one of the keys signed it and it is written as this module does."""
    try:
        found = json.loads(line)
        entry = found["entry"]
        if not isinstance(entry, dict) or _line(found) != line:
            return None
        return entry if is_signed(canonical_json(entry), found["signature"], trusted) else None
    except (ValueError, TypeError, KeyError):
        return None


def _line(signed: Mapping[str, Any]) -> bytes:
    """Return an entry and its signature as they stand in the file."""
    return json.dumps(signed, sort_keys=True).encode()


def _last_hash(content: bytes) -> str:
    return sha256(content.removesuffix(b"\n").rsplit(b"\n", 1)[-1]) if content else GENESIS


def _content(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
