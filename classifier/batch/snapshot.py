"""The snapshot of a batch: everything a worker needs to answer rows, in one directory that never changes.

A batch that is resumed, and a worker that starts late or on another machine, must see the model and the registry that
the batch began with, whatever was promoted, put or withdrawn since. So they are copied once, and workers open the copy.

Layout::

    <model id>/    its files, as ``classifier.model_store.artifacts`` writes them, and what became of its certificates
    registry/      the registry with its index, as ``classifier.storage.registry_store`` writes them
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from classifier.batch.score_rows import Answerer
from classifier.errors import RegistryError
from classifier.model_store import ModelStore, artifacts
from classifier.model_store.own_certificates import in_force
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.scoring.policy import Policy
from classifier.scoring.scorer import Scorer
from classifier.storage.home import copy_registry
from classifier.storage.paths import DEFAULT_HOME
from classifier.storage.registry_store import RegistryStore

# The directory of the registry within the snapshot's.
REGISTRY = "registry"
# Room for a million and a half protected accounts that were compared: a batch meets all of them again and again.
_CACHE_BYTES = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What workers open; it can be pickled and sent.

    Attributes
    ----------
    directory : Path
    trusted : tuple of bytes
        The raw Ed25519 public keys whose signatures on a model are accepted: they come from whoever starts the workers
        and not out of the directory, which somebody else may have written to.
    registry_version : str
        The registry that must be found there.
    shadow_id : str or None
        A second model to ask as well.
    """

    directory: Path
    trusted: tuple[bytes, ...]
    model_id: str
    registry_version: str
    policy: Policy
    now: datetime
    platform: str | None = None
    shadow_id: str | None = None

    def open(self) -> Answerer:
        """Verify and load what is in the directory; the same snapshot is opened once a process.

        Raises
        ------
        ModelError, RegistryError
            If something is missing or not what the snapshot names.
        """
        return _opened(self)


def pack(
    directory: Path,
    home: Path = DEFAULT_HOME,
    *,
    registry: Path | None = None,
    platform: str | None = None,
    shadow_id: str | None = None,
    policy: Policy | None = None,
    now: datetime | None = None,
) -> Snapshot:
    """Copy what a home's model answers with into a directory.

    Parameters
    ----------
    registry : Path, optional
        A file of protected accounts in place of the imported ones.
    policy : Policy, optional
        What verdicts rest on, where that is not the default one.

    Raises
    ------
    ModelError, RegistryError
        If a model or the registry is missing or damaged.
    """
    now = now or datetime.now(UTC)
    models = ModelStore(home.expanduser())
    copied = copy_registry(home.expanduser(), registry, directory / REGISTRY, now=now)
    version = copied.open().index.registry.version
    model_id = models.load().model_id
    for which in filter(None, (model_id, shadow_id)):
        models.copy_to(directory, which)
    return Snapshot(directory, trusted_by(models), model_id, version, policy or Policy(), now, platform, shadow_id)


def trusted_by(models: ModelStore) -> tuple[bytes, ...]:
    """Return the raw public keys that a model store trusts."""
    return tuple(key.public_bytes_raw() for key in models.trusted())


@lru_cache(1)
def _opened(snapshot: Snapshot) -> Answerer:
    index = RegistryStore(snapshot.directory / REGISTRY).open().index
    if index.registry.version != snapshot.registry_version:
        raise RegistryError("the batch's copy of the registry is not the one it began with; start it anew")
    scorers = [_scorer(snapshot, model_id, index) for model_id in filter(None, (snapshot.model_id, snapshot.shadow_id))]
    return Answerer(scorers[0], snapshot.policy, snapshot.now, snapshot.platform, *scorers[1:])


def _scorer(snapshot: Snapshot, model_id: str, index: CandidateIndex) -> Scorer:
    directory = snapshot.directory / model_id
    trusted = [Ed25519PublicKey.from_public_bytes(key) for key in snapshot.trusted]
    model = artifacts.load(directory, trusted, expected_id=model_id)[0]
    found = in_force(directory, lambda: trusted, model_id)
    return Scorer(found.applied(model), model_id, index, withdrawn=found.withdrawn, cache_bytes=_CACHE_BYTES)
