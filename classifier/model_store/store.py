"""The model store: immutable versions in a directory, one of them current.

Layout under the home directory::

    models/<model id>/        model.json, account.json, card.html, card.md, manifest.json, manifest.sig; later perhaps
                              withdrawn/ and own/
    models/current            the id of the version that serves
    models/promotions.jsonl   who made which version serve, when and why (``classifier.model_store.promotion_log``)
    keys/                     the key ring (``classifier.utils.keyring``) that signs what is trained here

A version is there as a whole or not at all, and serves or does not: whatever is interrupted leaves the store as it was.
When a version was stored is the time of its manifest's file; in the manifest it would give the same model another id.
What is ``withdrawn`` (``classifier.model_store.withdrawals``), and what is certified on ``own`` accounts
(``classifier.model_store.own_certificates``), is written beside a version later.

A home in which nothing was promoted serves the default model that ships with the package
(``classifier.model_store.shipped``), and nothing is written for that. Where it decides over anything, or is promoted, a
copy is put into the home: the package's may be another one after an upgrade.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from classifier.certification.own_accounts import OwnCertificate
from classifier.errors import ManifestError, NoModelError, PromotionError
from classifier.model.pair_model import PairModel
from classifier.model_store import artifacts, own_certificates, shipped, withdrawals
from classifier.model_store.own_certificates import InForce
from classifier.model_store.promotion_log import CERTIFIED, SERVING, Entry, PromotionLog, Reading, history
from classifier.model_store.training_result import Training
from classifier.model_store.withdrawals import Withdrawal
from classifier.utils.atomic_files import atomic_path
from classifier.utils.keyring import KeyRing
from classifier.utils.private_files import make_private_directory

_MODEL_ID = re.compile(r"[0-9a-f]{16}")
# So many digits tell a version from others, as long as there are not very many.
_BEGINNING = re.compile(r"[0-9a-f]{4,15}")
_NO_ID = "a model id is 16 hexadecimal digits, of which the first 4 may do; 'doublecheck models list' shows them"
# How long a second person may take to confirm what a first one asked to be forced.
FORCE_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Who:
    """Who did something, and how that is known: "operating system", which proves little, or "API key"."""

    name: str
    known_by: str = "operating system"

    @classmethod
    def of_system(cls) -> Who:
        """Return the user that runs this process."""
        try:
            return cls(getpass.getuser())
        except (OSError, KeyError):  # a container without such a user
            return cls(f"user {os.getuid()}")

    def plain(self) -> dict[str, str]:
        """Return it as plain JSON values."""
        return {"name": self.name, "known_by": self.known_by}

    def is_same(self, other: str) -> bool:
        """Tell whether this is the person of that name: case and white space make no other person of anybody."""
        return self.name.strip().casefold() == other.strip().casefold()


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A verified model of the store.

    Attributes
    ----------
    model : PairModel
        Without the certificates that were withdrawn, and with what own accounts say of the others.
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
        self._log = PromotionLog(self._models / "promotions.jsonl", self._keys)

    def ids(self) -> list[str]:
        """Return the ids of all versions that are stored in the home, sorted."""
        return sorted(path.name for path in self._models.glob("*") if _MODEL_ID.fullmatch(path.name))

    def usable_ids(self) -> list[str]:
        """Return the ids of the versions in the home and of the shipped one, sorted."""
        return sorted({*self.ids(), shipped.default_id()})

    def wanted(self, model_id: str | None = None) -> str:
        """Return the id of the version that a person means: by its id, or how that begins; by default what serves.

        Raises
        ------
        ManifestError
            If several ids begin so, or this is no beginning of an id.
        NoModelError
            If none does.
        """
        if model_id is None or _MODEL_ID.fullmatch(model_id):
            return model_id or self.current_id()
        if not _BEGINNING.fullmatch(model_id):
            raise ManifestError(_NO_ID)
        found = [usable for usable in self.usable_ids() if usable.startswith(model_id)]
        if len(found) > 1:
            raise ManifestError(f"{len(found)} models begin with {model_id}: give more digits of {' or '.join(found)}")
        if not found:
            raise NoModelError(f"there is no model {model_id}; 'doublecheck models list' shows what there is")
        return found[0]

    def is_shipped(self, model_id: str) -> bool:
        """Tell whether a version is the one that ships with the package."""
        return model_id == shipped.default_id()

    def current_id(self) -> str:
        """Return the id of the version that serves: the one that was promoted, or else the shipped one.

        Raises
        ------
        NoModelError
            If one was promoted and it is not said any more which.
        """
        try:
            return self.promoted_id()
        except NoModelError:
            if any(entry["event"] in SERVING for entry in self._log.read().entries):
                raise
        return shipped.default_id()

    def promoted_id(self) -> str:
        """Return the id of the version that was made to serve in this home.

        Raises
        ------
        NoModelError
            If none was.
        """
        try:
            return (self._models / "current").read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError as error:
            raise NoModelError("no model was promoted; run 'doublecheck models promote', or train one") from error

    def load(self, model_id: str | None = None, *, as_certified: bool = False) -> StoredModel:
        """Verify and load a version, by default the current one, with what is in force of its certificates.

        Parameters
        ----------
        as_certified : bool
            Leave the certificates as they were trained, whatever was withdrawn or certified since: to replay what was
            decided by them, never to decide.

        Raises
        ------
        ModelError
            If it is missing or does not pass the rules of ``classifier.model_store.artifacts``.
        """
        wanted = model_id or self.current_id()
        model, manifest = artifacts.load(self._directory(wanted), self.trusted(), expected_id=wanted)
        found = InForce({}, {}) if as_certified else self.in_force(wanted)
        return StoredModel(wanted, found.applied(model), manifest, found.withdrawn)

    def in_force(self, model_id: str) -> InForce:
        """Return what counts of a version's certificates: what was withdrawn, and what own accounts say."""
        announced = self._announced(model_id)
        return own_certificates.in_force(self._directory(model_id), self._keys.trusted, model_id, announced=announced)

    def withdrawn(self, model_id: str) -> dict[str, str]:
        """Return why the certificates of a version's tiers do not count any more, by tier; empty where all do."""
        return dict(self.in_force(model_id).withdrawn)

    def certify(self, found: OwnCertificate, *, who: Who, at: datetime) -> None:
        """Keep what own accounts say of a version: signed beside it, and in the log of promotions first."""
        self._keep(found.model_id)
        signed = own_certificates.KIND.signed(found.plain(), self._keys.signing_key())
        entry = {"event": CERTIFIED, "model": found.model_id, "who": who.plain(), "signed": signed}
        with self._log.writing(entry, at=at):
            own_certificates.write(self._directory(found.model_id), signed)

    def _announced(self, model_id: str) -> list[Mapping[str, Any]]:
        return [entry["signed"] for entry in self._log.of(CERTIFIED) if entry["model"] == model_id]

    def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Withdraw the certificate of one tier for good, and return whether it was not withdrawn before."""
        self._keep(withdrawal.model_id)
        return withdrawals.write(self._directory(withdrawal.model_id), withdrawal, self._keys.signing_key())

    def verify(self, model_id: str) -> dict[str, Any]:
        """Check a version without loading it and return its manifest."""
        return artifacts.verify(self._directory(model_id), self.trusted(), expected_id=model_id)[0]

    def copy_to(self, directory: Path, model_id: str) -> None:
        """Verify a version and copy its files to ``directory / model_id``."""
        self.verify(model_id)
        # Not the modes: the package's files may be read-only, and the copy is removed again.
        shutil.copytree(
            self._directory(model_id), directory / model_id, dirs_exist_ok=True, copy_function=shutil.copyfile
        )
        (directory / model_id).chmod(0o700)
        for signed in self._announced(model_id):  # also where its file was deleted here
            own_certificates.write(directory / model_id, dict(signed))

    def trusted(self) -> list[Ed25519PublicKey]:
        """Return the public keys whose signatures on a model are accepted; none where nothing was signed yet."""
        return self._keys.accepted()

    def add(self, training: Training, *, documents: artifacts.Documents = artifacts.no_documents) -> str:
        """Store a trained model and return its id; storing the same model again changes nothing.

        Parameters
        ----------
        documents : callable
            Makes the model's cards of its manifest (``classifier.reports.model_card.cards``); by default it has none.
        """
        model, facts = training.model, training.facts
        return self._stored(
            lambda staging: artifacts.write(staging, model, facts, self._keys.signing_key(), documents=documents)
        )

    def _keep(self, model_id: str) -> None:
        """Copy the shipped version into the home, signed by its key, unless it is there or another is meant."""
        if self._directory(model_id) != shipped.DIRECTORY:
            return
        manifest, contents = artifacts.verify(shipped.DIRECTORY, (), expected_id=model_id)
        contents[artifacts.MANIFEST] = artifacts.encoded(manifest)
        self._stored(lambda staging: artifacts.write_signed(staging, contents, self._keys.signing_key()))

    def _stored(self, write: Callable[[Path], str]) -> str:
        """Store what ``write`` writes into a directory, as a whole or not at all, and return its id."""
        make_private_directory(self._models)
        staging = Path(tempfile.mkdtemp(dir=self._models, prefix=".writing-"))
        try:
            model_id = write(staging)
            try:
                os.replace(staging, self._models / model_id)
            except OSError:
                if not (self._models / model_id).is_dir():
                    raise
                self.verify(model_id)  # it was there already, perhaps from another process just now
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return model_id

    def discard(self, model_id: str) -> None:
        """Remove a version that was only just added: nobody has seen it yet."""
        gone = Path(tempfile.mkdtemp(dir=self._models, prefix=".writing-"))
        try:
            os.replace(self._directory(model_id), gone / model_id)
        finally:
            shutil.rmtree(gone, ignore_errors=True)

    def stored_at(self, model_id: str) -> datetime:
        """Return when a version was stored here, or installed with the package; nothing signs that."""
        return datetime.fromtimestamp((self._directory(model_id) / artifacts.MANIFEST).stat().st_mtime, UTC)

    def card(self, model_id: str, ending: str) -> str:
        """Return the verified model card of a version, as ".html" or ".md".

        Raises
        ------
        ManifestError
            If the version has none: it was stored before there were any.
        """
        contents = artifacts.verify(self._directory(model_id), self.trusted(), expected_id=model_id)[1]
        if f"card{ending}" not in contents:
            raise ManifestError(f"model {model_id} has no card{ending}; train again with this version")
        return contents[f"card{ending}"].decode()

    # --- which version serves ----------------------------------------------------------------------------------------

    def promote(
        self, model_id: str, *, who: Who | None = None, gate: str = "not asked", at: datetime | None = None
    ) -> None:
        """Make a stored version the one that serves; it is verified first.

        This asks no gate: ``classifier.promotion.promote`` does, and says so here.
        """
        self.verify(model_id)
        self._serve(model_id, {"event": "promoted", "who": (who or Who.of_system()).plain(), "gate": gate}, at)

    def refuse(
        self, model_id: str, *, who: Who, findings: Sequence[Mapping[str, Any]], at: datetime | None = None
    ) -> None:
        """Log that a version was refused, and why."""
        entry = {"event": "refused", "model": model_id, "before": self._current_or_none(), "who": who.plain()}
        self._log.add({**entry, "findings": list(findings)}, at=at or datetime.now(UTC))

    def force_requested(self, model_id: str, *, at: datetime | None = None) -> Entry | None:
        """Return the open request to force a version, if there is one: the latest, made within ``FORCE_WITHIN``."""
        now = at or datetime.now(UTC)
        for entry in reversed(self.log().entries):
            if entry["event"] in SERVING:
                return None  # another model serves since: what was asked for was asked of another situation
            if entry["event"] == "force_requested" and entry["model"] == model_id:
                return entry if now - datetime.fromisoformat(entry["at"]) <= FORCE_WITHIN else None
        return None

    def request_force(
        self,
        model_id: str,
        *,
        who: Who,
        reason: str,
        findings: Sequence[Mapping[str, Any]],
        at: datetime | None = None,
    ) -> None:
        """Log that a first person asks to make a version serve although the gate refuses it.

        Raises
        ------
        PromotionError
            If no reason is given, or this person has asked already.
        """
        self.verify(model_id)
        if not reason.strip():
            raise PromotionError("say why it must be forced, with --reason")
        asked = self.force_requested(model_id, at=at)
        if asked is not None and who.is_same(asked["who"]["name"]):
            raise PromotionError("you have asked for it already; now a second person must confirm it")
        entry = {"event": "force_requested", "model": model_id, "before": self._current_or_none(), "who": who.plain()}
        self._log.add({**entry, "reason": reason.strip(), "findings": list(findings)}, at=at or datetime.now(UTC))

    def force(self, model_id: str, *, confirmed_by: Who, at: datetime | None = None) -> None:
        """Make a version serve that a first person asked to force and a second one confirms.

        Raises
        ------
        PromotionError
            If nobody asked for it within ``FORCE_WITHIN``, or the two are one person.
        """
        asked = self.force_requested(model_id, at=at)
        if asked is None:
            raise PromotionError(f"nobody asked within a day to force {model_id}; ask for it first, with --reason")
        if confirmed_by.is_same(asked["who"]["name"]):
            raise PromotionError("whoever asked cannot confirm; a second person must, within a day")
        self.verify(model_id)
        entry = {"event": "forced", "who": confirmed_by.plain(), "requested_by": asked["who"],
                 "requested_at": asked["at"], "reason": asked["reason"], "findings": asked["findings"]}  # fmt: skip
        self._serve(model_id, entry, at)

    def roll_back(self, model_id: str | None = None, *, who: Who | None = None, at: datetime | None = None) -> str:
        """Make a version serve again that served before, by default the last one, and return its id.

        Raises
        ------
        PromotionError
            If the log knows no such version.
        """
        served = [version for version in history(self.log().entries) if version != self._current_or_none()]
        wanted = model_id or (served[-1] if served else None)
        if wanted is None:
            raise PromotionError("no other model has served before; 'doublecheck models list' shows what there is")
        self._directory(wanted)
        if wanted not in served:
            raise PromotionError(f"model {wanted} has not served before; 'doublecheck models promote' asks the gate")
        self.verify(wanted)
        self._serve(wanted, {"event": "rolled_back", "who": (who or Who.of_system()).plain()}, at)
        return wanted

    def log(self) -> Reading:
        """Return the log of promotions, with what is wrong about it and about what serves."""
        found, current = self._log.read(), self._current_or_none()
        served = [entry for entry in found.entries if entry["event"] in SERVING]
        if not served or current == served[-1]["model"]:
            return found
        if current in (None, served[-1]["before"]):
            note = f"the last promotion, of {served[-1]['model']}, was announced and not carried out; do it again"
        else:
            note = f"model {current} serves and the log does not know it; promote it again, so that its gate is asked"
        return Reading(found.entries, (*found.damage, note))

    def first_start(self) -> None:
        """Put the shipped version into an empty home and log that it serves; nothing happens where one was promoted.

        For whoever decides by it: the gate then compares with it what shall replace it.
        """
        try:
            self.promoted_id()
        except NoModelError:
            self.promote(self.current_id(), gate="first start")

    def _serve(self, model_id: str, entry: Entry, at: datetime | None) -> None:
        """Announce in the log what is to happen, then let it happen: taken back where it does not."""
        self._keep(model_id)
        whole = {**entry, "model": model_id, "before": self._current_or_none()}
        with (
            self._log.writing(whole, at=at or datetime.now(UTC), done=lambda: self._current_or_none() == model_id),
            atomic_path(self._models / "current") as path,
        ):
            path.write_text(model_id + "\n", encoding="utf-8")

    def _current_or_none(self) -> str | None:
        try:
            return self.current_id()
        except NoModelError:
            return None

    def _is_promoted(self, model_id: str) -> bool:
        try:
            return self.promoted_id() == model_id
        except NoModelError:
            return False

    def _directory(self, model_id: str) -> Path:
        if not _MODEL_ID.fullmatch(model_id):  # also keeps "../" out of paths
            raise ManifestError(_NO_ID)
        if (self._models / model_id).is_dir():
            return self._models / model_id
        if self.is_shipped(model_id) and not self._is_promoted(model_id):  # or its copy, with withdrawals, was lost
            return shipped.DIRECTORY
        raise NoModelError(f"there is no model {model_id}; 'doublecheck models list' shows what there is")
