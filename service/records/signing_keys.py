"""The life of the keys that sign the log: put into force, rotated, retired. The log has each step.

Rules:

1. A rotation is an entry that the key before still signs, and names the one after it. Only then the new one signs.
2. A retired key is accepted no more: no token, no change of a registry, no entry from its retirement on. What it signed
   before stays proved by the retirement's own entry, which another key signed.
3. Each home that retires a key keeps that entry as a checkpoint beside its keys: whoever has the retired key and the
   database cannot write the log anew from before, not even without the retirement.
4. A home that signs with a key which another home retired writes nothing more until it has another (``log_end``).
5. Each step can be repeated where it was interrupted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from classifier.errors import InputError, SignatureError
from classifier.utils.atomic_files import atomic_path
from classifier.utils.keyring import RETIRED
from classifier.utils.private_files import make_private_directory
from service.errors import RecordsError
from service.records.kept_checkpoints import Checkpoint
from service.records.retired_keys import RETIREMENT, SUBJECT, Read, retirements
from service.records.tables import checkpoints, log
from service.records.transaction import Transaction
from service.signing import Signer, key_id

ROTATED = "signing_key_rotated"
Change = Callable[[Callable[[Transaction], object]], object]


def rotate(change: Change, read: Read, signer: Signer, *, by: str) -> str:
    """Let a new key sign from now on, and return its id.

    Parameters
    ----------
    change : callable
        Does one unit of work on the database.
    by : str
        Who did it, for the log.

    Raises
    ------
    RecordsError
        If the database cannot be written to; then the key before still signs.
    """
    before, after = signer.present().key_id, key_id(signer.ring.prepare())

    def write(transaction: Transaction) -> None:
        said = {"before": before, "after": after, "by": by}
        transaction.log(ROTATED, SUBJECT, **said)

    if before in retirements(read):  # what it signs is accepted no more
        signer.ring.rotate()
        change(write)
    else:
        if not _is_rotated(read, after):
            change(write)
        signer.ring.rotate()
    return after


def _is_rotated(read: Read, after: str) -> bool:
    query = select(log.c.data).where(log.c.subject == SUBJECT, log.c.kind == ROTATED)
    return any(json.loads(row.data)["after"] == after for row in read(query))


def retire(change: Change, read: Read, signer: Signer, key: str, *, by: str, because: str) -> int:
    """Accept a key no more and return the entry that says so.

    Raises
    ------
    InputError
        If it is not trusted here, or the only key that is.
    RecordsError
        If the database cannot be written to.
    """
    if key not in signer.known():
        raise InputError(
            "is none of the keys that are trusted here; 'doublecheck keys signing' shows them", field="key"
        )
    if key == signer.present().key_id:
        rotate(change, read, signer, by=by)
    if key not in retirements(read):
        said = {"key": key, "by": by, "because": because}
        change(lambda transaction: transaction.log(RETIREMENT, SUBJECT, **said))
    entry = retirements(read)[key]
    _keep(_pin_of(signer, key), _signed_at(read, entry))
    if key in signer.public():
        signer.ring.retire(signer.public()[key])
    return entry


def _signed_at(read: Read, entry: int) -> Checkpoint:
    """Return the first checkpoint that covers an entry."""
    query = select(checkpoints.c.seq, log.c.hash, checkpoints.c.signed_by, checkpoints.c.signature)
    query = query.join(log, log.c.seq == checkpoints.c.seq).where(checkpoints.c.seq >= entry)
    found = read(query.order_by(checkpoints.c.seq).limit(1))
    if not found:
        raise RecordsError(f"entry {entry} of the log is not covered by a signature")
    return Checkpoint(**found[0]._asdict())


def _pin_of(signer: Signer, key: str) -> Path:
    return signer.directory / RETIRED / f"{key}.json"


def _keep(path: Path, kept: Checkpoint) -> None:
    """Keep where a retirement stands; after a restored database it may stand elsewhere."""
    make_private_directory(path.parent)
    with atomic_path(path, private=True) as temporary:
        temporary.write_text(json.dumps(kept._asdict()), encoding="ascii")


def kept_retirements(signer: Signer) -> list[Checkpoint]:
    """Return the checkpoints of the keys that were retired at this home.

    Raises
    ------
    SignatureError
        If one is missing or cannot be read.
    """
    return [_read_pin(_pin_of(signer, key)) for key in sorted(signer.former())]


def _read_pin(path: Path) -> Checkpoint:
    try:
        return Checkpoint(**json.loads(path.read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError) as error:
        raise SignatureError(
            f"{path.parent.name}/{path.name}, which says until when a retired key signed, is missing or cannot be read"
        ) from error
