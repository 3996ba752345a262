"""Where the log ended when this home last wrote to it: whether it may write to what it finds now.

Rules:

1. Each home keeps a mark of where the log ended with its last commit (``utils.mark``). A database that ends before, or
   holds another entry there, was set back: spent clearances are unspent in it, revoked keys open again. Nothing is
   written to it, so nothing is permitted, until an operator says that it was restored (``decisions.restoration``).
2. Where several homes share it, one operator says so; the others find that in the log.
3. A database that begins with another entry is another one, and says nothing about the mark.
4. A home whose key the log has retired writes nothing with it.

This looks only where somebody else wrote last, or nobody in this process yet.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from service.errors import RecordsError
from service.records.retired_keys import Read, retirements
from service.records.tables import log, moment
from service.signing import Signer
from service.utils.mark import End

# The subject and the kind of the entry by which an operator says that a database was restored.
SUBJECT, RESTORED = "database", "database_restored"
_RESTORED = select(log.c.at).where(log.c.subject == SUBJECT, log.c.kind == RESTORED).order_by(log.c.seq.desc()).limit(1)


def restored_at(read: Read) -> datetime | None:
    """Return when it was last said that the database was restored; ``None`` where it never was."""
    found = read(_RESTORED)
    return moment(found[0].at) if found else None


def require_writable(connection: Connection, signer: Signer, seq: int, hash_: str) -> str | None:
    """Refuse to write to a database that was set back, or with a key that was retired.

    Parameters
    ----------
    seq : int
        The entry with which the log ends, 0 for none.

    Returns
    -------
    str or None
        The hash of the log's first entry.

    Raises
    ------
    RecordsError
    """
    known = signer.mark.known()
    if known is not None and (seq, hash_) == (known.seq, known.hash):
        return known.first
    first = _hash(connection, 1)
    if signer.mark.is_set_aside:
        return first
    _require_key(connection, signer)
    if not (_goes_on(connection, first, known) or _goes_on(connection, first, known := signer.mark.look())):
        raise RecordsError(
            f"the database was set back: this home wrote entry {known.seq if known else 0} of its log, and now it ends "
            f"with entry {seq}, or another one stands there; nothing was cleared. Run 'doublecheck db restored'"
        )
    return first


def _require_key(connection: Connection, signer: Signer) -> None:
    key, retired = signer.present().key_id, retirements(lambda query: connection.execute(query).all())
    if key in retired:
        raise RecordsError(
            f"entry {retired[key]} of the log retired the key {key}, with which this home signs; nothing was cleared. "
            "Run 'doublecheck keys rotate' here"
        )


def _goes_on(connection: Connection, first: str | None, known: End | None) -> bool:
    """Tell whether a log holds what this home wrote last, or is that of another database."""
    if known is None or first != known.first or _hash(connection, known.seq) == known.hash:
        return True
    said = connection.execute(_RESTORED).scalar_one_or_none()
    return said is not None and said > known.at


def _hash(connection: Connection, seq: int) -> str | None:
    return connection.execute(select(log.c.hash).where(log.c.seq == seq)).scalar_one_or_none()


def end_of(connection: Connection, first: str | None, seq: int, hash_: str, at: str) -> End:
    """Return the mark of a log that ends with an entry that was written just now."""
    return End(first or _hash(connection, 1) or hash_, seq, hash_, at)
