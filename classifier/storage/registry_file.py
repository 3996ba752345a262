"""The registry's file: one Arrow file that opens in milliseconds by memory map."""

from __future__ import annotations

import json
import mmap
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from xxhash import xxh3_128_digest, xxh3_128_hexdigest

from classifier.accounts import identity
from classifier.errors import RegistryError
from classifier.registry.recent import Recent, Run, Times
from classifier.registry.registry import Registry
from classifier.registry.segments import EncodedSegment, PackedAccounts, Segment
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.retrieval.segment_index import KeyIndex
from classifier.storage.encoded_accounts import made_by
from classifier.text.normalization import UNICODE_VERSION
from classifier.text.search_keys import REVISION
from classifier.utils.atomic_files import atomic_path

FORMAT = 2


_METADATA = b"doublecheck"


# Files are checked in parts of this many bytes, two at a time.
_PART = 1 << 24


_AGAIN = "import the registry again with 'doublecheck registry import'"


@dataclass(frozen=True, slots=True)
class Header:
    """What a registry file says of itself.

    Attributes
    ----------
    registry_version : str
    platforms : list of str
    protected_accounts : int
    keys : list of str
        What the search keys depend on: the code's revision of them, Unicode's version and anyascii's.
    packs : str or None
        What the packs were made by: ``encoded_accounts.made_by``; None where there are none.
    """

    registry_version: str
    platforms: list[str]
    protected_accounts: int
    keys: list[str]
    packs: str | None = None
    format: int = FORMAT


def write_index(path: Path, index: CandidateIndex) -> str:
    """Write a registry and its index to a file, whole or not at all; return the digest that ``open_index`` asks for.

    What was changed in the registry before is folded in; then nothing is packed ahead.
    """
    registry = index.registry.folded()
    if registry is not index.registry:
        index = CandidateIndex(registry)
    packs = None if registry.segments[0].encoded is None else made_by()
    header = Header(registry.version, list(registry.platforms), len(registry), _keys_version(), packs)
    lists = {
        name: pa.LargeListArray.from_arrays(pa.array([0, len(array)], pa.int64()), pa.array(array))
        for name, array in _arrays(index).items()
    }
    schema = pa.schema(
        [(name, column.type) for name, column in lists.items()], {_METADATA: json.dumps(asdict(header)).encode()}
    )
    with atomic_path(path, private=True) as temporary:
        with pa.OSFile(str(temporary), "wb") as sink, pa.ipc.new_file(sink, schema) as out:
            out.write_batch(pa.record_batch(list(lists.values()), schema=schema))
        with _mapped(temporary) as mapped:
            return digest_of(mapped)


def open_index(path: Path, digest: str) -> CandidateIndex:
    """Open a registry file by memory map.

    Raises
    ------
    RegistryError
        If it is damaged, that is, has another digest, or was made by another version of the keys.
    OSError
        If it cannot be read.
    """
    batch = _batch(path, digest)
    described = json.loads(batch.schema.metadata[_METADATA])
    if described.get("format") != FORMAT or described.get("keys") != _keys_version():
        raise RegistryError(f"{path.name} was made by another version of doublecheck or its libraries; {_AGAIN}")
    header = Header(**described)
    arrays = _columns(batch)
    accounts = PackedAccounts(arrays["accounts"], arrays["account_starts"])
    encoded = None
    if header.packs == made_by():
        encoded = EncodedSegment(**{name: arrays[_ENCODED + name] for name in _ENCODED_ARRAYS})
    segment = Segment(accounts, arrays["identities"], arrays["identity_rows"], encoded)
    recent = Recent(_times(arrays, "changed"), _times(arrays, "lost"))
    registry = Registry.restored(segment, header.platforms, header.registry_version, recent)
    return CandidateIndex.restored(registry, [KeyIndex(**{name: arrays[name] for name in _KEY_ARRAYS})])


def open_accounts(path: Path, digest: str) -> PackedAccounts:
    """Return the accounts of a registry file, whatever version of the keys it was made by.

    Raises
    ------
    RegistryError
        If it is damaged.
    OSError
        If it cannot be read.
    """
    arrays = _columns(_batch(path, digest))
    try:
        return PackedAccounts(arrays["accounts"], arrays["account_starts"])
    except KeyError as error:
        raise RegistryError(f"{path.name} holds no accounts; {_AGAIN}") from error


def _batch(path: Path, digest: str) -> pa.RecordBatch:
    mapped = _mapped(path)  # the arrays hold on to it
    if digest_of(mapped) != digest:  # before Arrow reads it, which trusts the lengths it finds
        raise RegistryError(f"{path.name} is damaged; {_AGAIN}")
    return pa.ipc.open_file(pa.py_buffer(mapped)).get_batch(0)


def _columns(batch: pa.RecordBatch) -> dict[str, NDArray[Any]]:
    # Not by ``to_numpy``, which imports pandas: a quarter of a second.
    return {name: np.from_dlpack(batch.column(name).values) for name in batch.schema.names}


def _times(arrays: dict[str, NDArray[Any]], name: str) -> Times:
    """Return the times of a file; it has none where nothing was changed lately."""
    if f"{name}_keys" not in arrays:
        return Times()
    return Times((Run(arrays[f"{name}_keys"], arrays[f"{name}_times"]),))


def digest_of(content: mmap.mmap) -> str:
    """Return the digest of a file: XXH3 (128 bits, hexadecimal) of those of its parts, against damage, not forgery.

    What was read for it is given back to the system: it stays in the page cache and counts for no process.
    """
    with memoryview(content) as view, ThreadPoolExecutor(2) as pool:
        parts = [view[first : first + _PART] for first in range(0, len(view), _PART)]
        digests = list(pool.map(xxh3_128_digest, parts))
        for part in parts:
            part.release()
    content.madvise(mmap.MADV_DONTNEED)
    return xxh3_128_hexdigest(b"".join(digests))


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as stream:
        if not os.fstat(stream.fileno()).st_size:
            raise RegistryError(f"{path.name} is empty; {_AGAIN}")
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


_KEY_ARRAYS = tuple(field.name for field in fields(KeyIndex))


_ENCODED, _ENCODED_ARRAYS = "pack_", tuple(field.name for field in fields(EncodedSegment))


def _arrays(index: CandidateIndex) -> dict[str, NDArray[Any]]:
    segment = index.registry.segments[0]
    packed = segment.accounts if isinstance(segment.accounts, PackedAccounts) else PackedAccounts.of(segment.accounts)
    own = {name: getattr(index.indexes[0], name) for name in _KEY_ARRAYS}
    recent = index.registry.recent
    past: dict[str, NDArray[Any]] = {}
    for name, run in (("changed", recent.changed.whole()), ("lost", recent.lost.whole())):
        if len(run.hashes):
            past |= {f"{name}_keys": run.hashes, f"{name}_times": run.times}
    packs = {_ENCODED + name: getattr(segment.encoded, name) for name in _ENCODED_ARRAYS if segment.encoded is not None}
    return (
        own
        | packs
        | past
        | {
            "accounts": packed.blob,
            "account_starts": packed.starts,
            "identities": segment.hashes,
            "identity_rows": segment.rows,
        }
    )


def _keys_version() -> list[str]:
    return [str(REVISION), f"identity {identity.REVISION}", UNICODE_VERSION, version("anyascii")]
