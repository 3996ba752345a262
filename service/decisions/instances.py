"""Several homes on one database: nothing is cleared while they differ in the registry or the model that is in force.

A registry, models and keys are files of a home directory. Machines that share the directory share them; those that do
not share only the database, where each home notes what is in force there.

Rules:

1. What gives permission (a verdict "cleared", a clearance, a redemption) asks the notes of all other homes, within its
   own transaction, which no other writer can come between: what another home put into force before counts already. So
   does a change of the registry: two homes do not change it apart from each other.
2. A note counts until its home notes something else, or an operator says that the home is gone for good: one that is
   switched off may protect an account that nobody else knows of.
3. A note gives no permission and no trust. Private keys are never in the database, and public ones are not trusted
   because they are in it: whoever writes to it could then sign. Keys are handed from home to home by an operator.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, bindparam, delete, select, update

from classifier.errors import InputError
from classifier.scoring.assessment import Assessment
from classifier.scoring.scorer import Scorer
from classifier.utils.keyring import SIGNING
from service.decisions import registry_steps
from service.decisions.registry_import import AnyPreview
from service.errors import ApartError
from service.records.tables import instances
from service.records.transaction import Answer, Transaction
from service.signing import Signer

# What tells one home from another, beside the keys that it signs with.
NAME = "instance"
_MACHINE = Path("/etc/machine-id")
NOTES = select(instances).order_by(instances.c.id)
_CHANGE = (
    update(instances)
    .where(instances.c.id == bindparam("which"))
    .values({column.name: bindparam(f"new_{column.name}") for column in instances.c if column.name != "id"})
)
Work = Callable[[Transaction], Answer]
# What answers are labelled with that permit something.
PERMISSIONS = frozenset({"cleared", "issued", "redeemed"})
log = logging.getLogger(__name__)


class InForce(NamedTuple):
    """What is in force at a home: versions of registry and model, and the id of the key that signs."""

    registry: str
    model: str
    key: str


def instance_id(directory: Path) -> str:
    """Return the id of a home by the directory of its keys; it is made when first asked for.

    A copy of the directory, also one of a whole disk, is another home: the file's number and the machine's are in it.
    Where nothing can be written, such as to keys that are mounted to be read only, the key's file has to tell.

    Raises
    ------
    OSError
        If the directory cannot be read.
    """
    path = directory / NAME
    if not path.exists():
        with suppress(OSError):
            _mark(path)
    marked = path if path.exists() else directory / SIGNING
    machine = _MACHINE.read_text(encoding="ascii").strip() if _MACHINE.exists() else ""
    parts = (path.read_text(encoding="ascii") if marked is path else "", str(marked.stat().st_ino), machine)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _mark(path: Path) -> None:
    """Make a home's mark, unless another process is faster."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")  # mode 0600
    with os.fdopen(descriptor, "w") as file:
        file.write(uuid4().hex)
    with suppress(FileExistsError):
        os.link(name, path)
    os.unlink(name)


class Instances:
    """Notes what is in force at one home, and asks what is at the others that work on the same database.

    Parameters
    ----------
    signer : Signer
        Of the home; its directory tells the home from others.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self.own = instance_id(signer.directory)
        self._said = ""

    def in_force(self, scorer: Scorer) -> InForce:
        """Return what is in force here."""
        return InForce(scorer.registry.version, scorer.model_id, self._signer.present().key_id)

    def is_noted(self, rows: Iterable[Row[Any]], scorer: Scorer) -> bool:
        """Tell whether the notes say what is in force here."""
        return any(row.id == self.own and _noted(row) == self.in_force(scorer) for row in rows)

    def note(self, transaction: Transaction, scorer: Scorer) -> Answer:
        """Note what is in force here, unless that is noted already."""
        rows, now = _notes(transaction), self.in_force(scorer)
        if self.is_noted(rows, scorer):
            return Answer("")
        known = next((row for row in rows if row.id == self.own), None)
        since = registry_steps.since(transaction, now.registry)
        if known is not None and known.registry == now.registry:
            since = known.since
        self._write(transaction, known, now, since)
        return Answer("")

    def publish(self, transaction: Transaction, preview: AnyPreview, scorer: Scorer) -> None:
        """Write down, signed, what was changed, so that other homes follow; from the commit on they clear nothing else.

        Parameters
        ----------
        preview : Preview or ImportPreview
            The change that was logged just now.
        scorer : Scorer
            Over the registry after it.
        """
        rows, seq = _notes(transaction), transaction.ends_at
        if any(row.id != self.own for row in rows):
            registry_steps.publish(transaction, self._signer, preview, scorer.registry.version)
        known = next((row for row in rows if row.id == self.own), None)
        self._write(transaction, known, self.in_force(scorer), seq)

    def _write(self, transaction: Transaction, known: Row[Any] | None, now: InForce, since: int) -> None:
        values = {"host": socket.gethostname()[:200], **now._asdict(), "since": since, "at": transaction.stamp}
        if known is None:
            transaction.add(instances, id=self.own, **values)
        else:
            transaction.change(_CHANGE, which=self.own, **{f"new_{name}": value for name, value in values.items()})

    def trusted(self) -> Mapping[str, Ed25519PublicKey]:
        """Return the keys whose changes are taken over, by id."""
        return self._signer.public()

    def permitting(self, assessment: Assessment, work: Work) -> Work:
        """Return the same work, which is refused where it would give a permission while another home differs.

        Parameters
        ----------
        assessment : Assessment
            By the registry and the model that the work rests on.
        """

        def permit(transaction: Transaction) -> Answer:
            answer = work(transaction)
            if PERMISSIONS.intersection(answer.labels[:1]):
                self.require_together(transaction, assessment.registry_version, assessment.model_id)
            return answer

        return permit

    def require_together(self, transaction: Transaction, registry: str, model: str) -> None:
        """Refuse where another home has another registry or model in force than these.

        Raises
        ------
        ApartError
        """
        self.require_same(_notes(transaction), registry, model)

    def require_same(self, rows: Iterable[Row[Any]], registry: str, model: str) -> None:
        """As ``require_together``, by notes that were read before."""
        if others := self.apart(rows, registry, model):
            raise ApartError(_difference(others[0], registry))

    def warn(self, rows: Sequence[Row[Any]], scorer: Scorer, trouble: str = "") -> None:
        """Log when homes begin to differ, or sign with keys that are not trusted here, and when that is over.

        Parameters
        ----------
        trouble : str
            Why a change of another home was not taken over.
        """
        said = [_difference(row, scorer.registry.version) for row in self.apart(rows, *self.in_force(scorer)[:2])]
        said += [trouble] * bool(trouble)
        if strange := sorted(row.id[:8] for row in rows if row.key not in self._signer.public()):
            said.append(f"the keys of {', '.join(strange)} are not trusted here: copy their public keys")
        text = "; ".join(said)
        if text != self._said:
            self._said = text
            log.log(logging.ERROR if text else logging.INFO, "%s", text or "all homes on this database agree again")

    def apart(self, rows: Iterable[Row[Any]], registry: str, model: str) -> list[Row[Any]]:
        """Return the notes of other homes that have another registry or model in force."""
        return [row for row in rows if row.id != self.own and (row.registry, row.model) != (registry, model)]


def _notes(transaction: Transaction) -> Sequence[Row[Any]]:
    return transaction.known("instances", NOTES)


def _noted(row: Row[Any]) -> InForce:
    return InForce(row.registry, row.model, row.key)


def _difference(other: Row[Any], registry: str) -> str:
    what = "registry" if other.registry != registry else "model"
    return (
        f"another home on this database ({other.id[:8]}) has another {what} in force; nothing is cleared until both "
        "have the same. 'doublecheck instances list' shows them"
    )


def forget(transaction: Transaction, which: str, *, by: str) -> None:
    """Let the note of a home that is gone for good count no more; the log says so.

    Raises
    ------
    InputError
        If there is none.
    """
    if which not in {row.id for row in _notes(transaction)}:
        raise InputError("no home with this id has noted anything; 'doublecheck instances list' shows them")
    transaction.log("instance_forgotten", f"instance:{which}", actor=by)
    transaction.change(delete(instances).where(instances.c.id == bindparam("gone")), gone=which)
