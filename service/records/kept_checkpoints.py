"""Signatures of the log's entries that somebody keeps elsewhere, to tell whether the log was written anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from classifier.utils.keyring import TRUSTED
from service.errors import RecordsError, SettingsError, TamperedError
from service.records.log_chain import check_signature
from service.records.retired_keys import retirements
from service.records.tables import checkpoints, log
from service.signing import Signer


class Checkpoint(NamedTuple):
    """An entry's signature: kept elsewhere, it proves that the log was not written anew since."""

    seq: int
    hash: str
    signed_by: str
    signature: str


def latest_checkpoint(connection: Connection) -> Checkpoint:
    """Return where the log ends now, signed.

    Raises
    ------
    RecordsError
        If the log is empty.
    """
    found = _latest(connection)
    if found is None:
        raise RecordsError("the log is empty yet")
    return found


def _latest(connection: Connection) -> Checkpoint | None:
    query = select(checkpoints.c.seq, log.c.hash, checkpoints.c.signed_by, checkpoints.c.signature)
    newest = query.join(log, log.c.seq == checkpoints.c.seq).order_by(checkpoints.c.seq.desc()).limit(1)
    row = connection.execute(newest).first()
    return None if row is None else Checkpoint(*row)


def require_trusted(connection: Connection, signer: Signer) -> None:
    """Refuse to work on a database whose log a key signed last that is not trusted here, or retired a key that is.

    Raises
    ------
    SettingsError
        Naming the key, and what to do.
    """
    found, trusted = _latest(connection), signer.public()
    if found is not None and found.signed_by not in trusted:
        raise SettingsError(
            f"the log of the database was last signed by key {found.signed_by}, which is not trusted here: this home "
            f"signs with key {signer.present().key_id}. Use the home that belongs to the database; or, where several "
            "homes share it, copy that key's file from keys/clearances/trusted of the other home to "
            f"{signer.directory / TRUSTED}"
        )
    for key, entry in retirements(lambda query: connection.execute(query).all()).items():
        if key in trusted:
            raise SettingsError(
                f"entry {entry} of the log retired the signing key {key}, which is still trusted here: run "
                f"'doublecheck keys retire {key}' here as well"
            )


def check_kept(connection: Connection, kept: Checkpoint, count: int, trusted: Mapping[str, Ed25519PublicKey]) -> None:
    """Check that a checkpoint is signed, and that its entry is what it was then.

    Raises
    ------
    TamperedError
    """
    check_signature(kept.seq, kept.hash, trusted.get(kept.signed_by), kept.signature)
    if kept.seq > count:
        raise TamperedError(count + 1, "is missing: a checkpoint of a later entry was kept")
    found = connection.execute(select(log.c.hash).where(log.c.seq == kept.seq)).scalar_one_or_none()
    if found != kept.hash:
        raise TamperedError(kept.seq, "is not the one whose checkpoint was kept")
