"""The model store: immutable versions in a directory, one of them current.

Layout under the home directory::

    models/<model id>/   model.joblib, account.json, manifest.json, manifest.sig; withdrawn/ (``withdrawals``)
    models/current       the id of the version that serves
    keys/                the key ring (``classifier.keyring``) that signs what is trained here
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from classifier import artifacts
from classifier.errors import ManifestError, NoModelError
from classifier.files import atomic_path
from classifier.keyring import KeyRing
from classifier.model import PairModel
from classifier.models import withdrawals
from classifier.models.withdrawals import Withdrawal
from classifier.training import Training, train

_MODEL_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A verified model of the store.

    Attributes
    ----------
    model : PairModel
        Without the certificates that were withdrawn.
    withdrawn : mapping of str to str
        Why the certificates of tiers were withdrawn, by tier; for ``Scorer``, which tells whom it concerns.
    """

    model_id: str
    model: PairModel
    manifest: dict[str, Any]
    withdrawn: Mapping[str, str] = field(default_factory=dict)


class ModelStore:
    """Models and keys below one home directory, which is created when something is first written."""

    def __init__(self, home: Path) -> None:
        self._models = home / "models"
        self._keys = KeyRing(home / "keys")

    def ids(self) -> list[str]:
        """Return the ids of all stored versions, sorted."""
        return sorted(path.name for path in self._models.glob("*") if _MODEL_ID.fullmatch(path.name))

    def current_id(self) -> str:
        """Return the id of the version that serves.

        Raises
        ------
        NoModelError
            If none was trained or promoted yet.
        """
        try:
            return (self._models / "current").read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError as error:
            raise NoModelError("no model has been trained yet; run 'doublecheck train'") from error

    def load(self, model_id: str | None = None, *, as_certified: bool = False) -> StoredModel:
        """Verify and load a version, by default the current one, without the certificates that were withdrawn.

        Parameters
        ----------
        as_certified : bool
            Leave the certificates as they were trained, whatever was withdrawn since: to replay what was decided by
            them, never to decide.

        Raises
        ------
        ModelError
            If it is missing or does not pass the rules of ``classifier.artifacts``.
        """
        wanted = model_id or self.current_id()
        model, manifest = artifacts.load(self._directory(wanted), self._keys.trusted(), expected_id=wanted)
        withdrawn = {} if as_certified else self.withdrawn(wanted)
        return StoredModel(wanted, model.without_certificates(withdrawn), manifest, withdrawn)

    def withdrawn(self, model_id: str) -> dict[str, str]:
        """Return why the certificates of a version's tiers were withdrawn, by tier; empty where none was."""
        return withdrawals.read(self._directory(model_id), self._keys.trusted, model_id)

    def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Withdraw the certificate of one tier for good, and return whether it was not withdrawn before."""
        return withdrawals.write(self._directory(withdrawal.model_id), withdrawal, self._keys.signing_key())

    def verify(self, model_id: str) -> dict[str, Any]:
        """Check a version without loading it and return its manifest."""
        return artifacts.verify(self._directory(model_id), self._keys.trusted(), expected_id=model_id)[0]

    def copy_to(self, directory: Path, model_id: str) -> None:
        """Verify a version and copy its files to ``directory / model_id``."""
        self.verify(model_id)
        shutil.copytree(self._directory(model_id), directory / model_id, dirs_exist_ok=True)

    def trusted(self) -> list[Ed25519PublicKey]:
        """Return the public keys whose signatures on a model are accepted."""
        return self._keys.trusted()

    def add(self, training: Training) -> str:
        """Store a trained model and return its id; storing the same model again changes nothing."""
        self._models.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=self._models, prefix=".writing-"))
        try:
            model_id = artifacts.write(staging, training.model, training.facts, self._keys.signing_key())
            try:
                os.replace(staging, self._models / model_id)
            except OSError:
                if not (self._models / model_id).is_dir():
                    raise
                self.verify(model_id)  # it was there already, perhaps from another process just now
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return model_id

    def promote(self, model_id: str) -> None:
        """Make a stored version the one that serves; it is verified first."""
        self.verify(model_id)
        with atomic_path(self._models / "current") as path:
            path.write_text(model_id + "\n", encoding="utf-8")

    def current_or_train(self, *, progress: bool = False) -> StoredModel:
        """Load the current version; on a first start train the default model, store it and make it current."""
        try:
            self.current_id()
        except NoModelError:
            self.promote(self.add(train(progress=progress)))
        return self.load()

    def _directory(self, model_id: str) -> Path:
        if not _MODEL_ID.fullmatch(model_id):  # also keeps "../" out of paths
            raise ManifestError("a model id is 16 hexadecimal digits; 'doublecheck models list' shows them")
        if not (self._models / model_id).is_dir():
            raise NoModelError(f"there is no model {model_id}; 'doublecheck models list' shows what there is")
        return self._models / model_id
