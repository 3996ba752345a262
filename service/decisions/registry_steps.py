"""Changes of the registry on their way from one home to the others of a database, each signed by the home that made it.

Rules:

1. A step leads from one version of the registry to another, and a version stands for all changes before it. It is taken
   over only where exactly the first one is in force, and only if it leads exactly to the second.
2. Only a step that a key signed which is trusted here is taken over: who may write to the database may not withdraw an
   account from a registry.
3. What was imported is no step, and no step from before an import is taken over after it: who imports an old list again
   undoes what was withdrawn since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, delete, func, select

from classifier.accounts.account import canonical, protected_from
from classifier.errors import RegistryError, RegistryMovedError, SignatureError
from classifier.utils.signatures import is_signed
from service.decisions.current_scorer import CurrentScorer
from service.decisions.recorded import Read
from service.decisions.registry_import import AnyPreview
from service.records.tables import instances, moment, registry_steps, stamp
from service.records.transaction import Transaction
from service.signing import Signer

# What is signed begins with this, so that the signature stands for nothing else.
_PURPOSE = b"doublecheck registry step\n"
# A home that was off for longer gets the registry's directory from another.
KEPT = timedelta(days=30)


def publish(transaction: Transaction, signer: Signer, preview: AnyPreview, after: str) -> None:
    """Write a change down that the log's last entry says was put into force."""
    change = json.dumps({"put": [canonical(account) for account in preview.put], "withdraw": list(preview.withdraw)})
    row = {"before": preview.registry_version, "after": after, "at": transaction.stamp, "change": change}
    key, signature = signer.sign(_signed(row))
    transaction.add(registry_steps, seq=transaction.ends_at, **row, signed_by=key, signature=signature)


def since(transaction: Transaction, version: str) -> int:
    """Return after which entry of the log steps lead on from a version: where it came into force."""
    query = select(func.max(registry_steps.c.seq)).where(registry_steps.c.after == version)
    [(step,)] = transaction.known(f"step to {version}", query)
    return transaction.ends_at if step is None else int(step)


def next_step(read: Read, own: str, version: str) -> Row[Any] | None:
    """Return the step that leads on from what is in force at a home, if there is one."""
    begin = select(instances.c.since).where(instances.c.id == own, instances.c.registry == version)
    query = select(registry_steps).where(registry_steps.c.seq > begin.scalar_subquery())
    found = read(query.where(registry_steps.c.before == version).order_by(registry_steps.c.seq).limit(1))
    return found[0] if found else None


def take(current: CurrentScorer, step: Row[Any], trusted: Mapping[str, Ed25519PublicKey]) -> None:
    """Take a step over, unless another worker of this home has.

    Raises
    ------
    SignatureError
        If none of the trusted keys signed it.
    RegistryError, ReadOnlyRegistryError
        If it does not lead where it says, or the registry here cannot be changed.
    """
    _verify(step, trusted)
    change, at = json.loads(step.change), moment(step.at)
    put = [protected_from(account) for account in change["put"]]
    withdraw = [(platform, handle) for platform, handle in change["withdraw"]]
    current.look()
    registry = current().registry
    if registry.version != step.before:
        return
    if registry.changed(put, withdraw, at).version != step.after:
        raise RegistryError("it does not lead to the version that it names")
    try:
        current.change(put, withdraw, at=at, expected=step.before)
    except RegistryMovedError:
        return


def forget(transaction: Transaction) -> None:
    """Forget steps that every home must have taken over long ago."""
    before = stamp(transaction.now - KEPT)
    transaction.change(delete(registry_steps).where(registry_steps.c.at < before))


def _signed(row: Mapping[str, str]) -> bytes:
    return _PURPOSE + json.dumps([row["before"], row["after"], row["at"], row["change"]]).encode()


def _verify(step: Row[Any], trusted: Mapping[str, Ed25519PublicKey]) -> None:
    key = trusted.get(step.signed_by)
    try:
        known = key is not None and is_signed(_signed(step._asdict()), step.signature, [key])
    except ValueError:
        known = False
    if not known:
        raise SignatureError(f"it is signed by the key {step.signed_by}, which is not trusted here")
