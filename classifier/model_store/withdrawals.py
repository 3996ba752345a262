"""Withdrawn certificates: what a model was certified for, and is not any more. Durable, signed, never taken back.

Layout, within the directory of a model version, so that whoever copies the model copies what became of it::

    withdrawn/<tier>.json    the withdrawal, and its signature by the store's key

Rules:

1. A withdrawal is signed for one model and one tier; what it says was said by somebody who holds a key of the store.
2. Whatever stands there and cannot be read, is not signed, or speaks of another model or tier, withdraws *every* tier.
3. The first withdrawal of a tier stays; none is changed or removed. A model that is trained anew has certificates of
   its own.

Whoever can delete files can delete a withdrawal: the service's log, which proves each, puts it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from classifier.accounts.account import TIERS
from classifier.errors import ModelError, SignatureError
from classifier.model_store import signed_record

DIRECTORY = "withdrawn"
KIND = signed_record.Kind("withdrawal", b"doublecheck withdrawal of a certificate\n")
Trusted = Callable[[], Iterable[Ed25519PublicKey]]
_UNREADABLE = "Its certificates count as withdrawn: what is written about their withdrawal cannot be trusted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Why a certificate does not count any more.

    Attributes
    ----------
    at : str
        When, RFC 3339.
    code, text : str
        Why: a stable code for machines, a sentence for people without any text of an account.
    by : str
        Who: "monitor", or the name of a person.
    figures : mapping of str to float
        What it rests on.
    """

    model_id: str
    tier: str
    at: str
    code: str
    text: str
    by: str
    figures: Mapping[str, float] = field(default_factory=dict)

    def sentence(self) -> str:
        """Return it as people read it."""
        return f"Its certificate was withdrawn on {self.at[:10]} by {self.by}: {self.text}"


def write(directory: Path, withdrawal: Withdrawal, key: Ed25519PrivateKey) -> bool:
    """Write a withdrawal into a model's directory; return whether it is new: the first of a tier stays."""
    path = directory / DIRECTORY / f"{withdrawal.tier}.json"
    if path.exists():
        return False
    signed_record.write(path, KIND.signed(asdict(withdrawal), key))
    return True


def read(directory: Path, trusted: Trusted, model_id: str) -> dict[str, str]:
    """Return why the certificate of each withdrawn tier does not count any more, by tier.

    Parameters
    ----------
    directory : Path
        Of the model.
    trusted : callable
        Gives the keys whose signatures are accepted; it is asked only where something was withdrawn.
    """
    try:
        names = signed_record.names(directory / DIRECTORY)
        keys = list(trusted()) if names else []
        return {
            one.tier: one.sentence() for one in (_read(directory / DIRECTORY / name, keys, model_id) for name in names)
        }
    except (OSError, ValueError, TypeError, LookupError, RecursionError, ModelError):
        return dict.fromkeys(TIERS, _UNREADABLE)


def _read(path: Path, trusted: Iterable[Ed25519PublicKey], model_id: str) -> Withdrawal:
    withdrawal = Withdrawal(**KIND.verified(json.loads(path.read_bytes()), trusted))
    if (withdrawal.model_id, f"{withdrawal.tier}.json") != (model_id, path.name) or withdrawal.tier not in TIERS:
        raise SignatureError(f"{path.name} is the withdrawal of another certificate")
    return withdrawal
