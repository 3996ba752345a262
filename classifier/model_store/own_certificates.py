"""What was certified on own accounts, kept beside a model; and what of a model's certificates is in force with it.

Layout, within the directory of a model version::

    own/<digest>.json    an ``OwnCertificate`` and its signature by the store's key; the name is the record's digest

Rules:

1. A record is signed for one model. It says nothing of another, so a model that is promoted is certified anew.
2. Whatever stands there and cannot be read, is not signed, or speaks of another model, withdraws *every* tier.
3. No record is changed or removed, and of all of them the strictest holds: certifying again never loosens.
4. The log of promotions holds each record as well, so a file that was deleted counts as before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from classifier.accounts.account import TIERS
from classifier.certification.neyman_pearson import OwnBound
from classifier.certification.own_accounts import OwnCertificate, refuted, strictest
from classifier.errors import ModelError, SignatureError
from classifier.model.pair_model import PairModel
from classifier.model_store import signed_record, withdrawals
from classifier.model_store.withdrawals import Trusted
from classifier.utils.canonical_json import canonical_json, sha256

DIRECTORY = "own"
KIND = signed_record.Kind("certified", b"doublecheck certificate on own accounts\n")
_UNREADABLE = "Its certificates count as withdrawn: what is written about own accounts cannot be trusted."


class InForce(NamedTuple):
    """What counts of a model's certificates.

    Attributes
    ----------
    withdrawn : mapping of str to str
        Why a tier's certificate does not, by tier.
    own : mapping of str to OwnBound
        What own accounts say of the others.
    """

    withdrawn: Mapping[str, str]
    own: Mapping[str, OwnBound]

    def applied(self, model: PairModel) -> PairModel:
        """Return the model with what is in force."""
        return model.without_certificates(self.withdrawn).with_own(self.own)


def in_force(
    directory: Path, trusted: Trusted, model_id: str, *, announced: Sequence[Mapping[str, Any]] = ()
) -> InForce:
    """Return what counts of the certificates of the model in a directory; what cannot be trusted withdraws all.

    Parameters
    ----------
    announced : sequence of mapping
        Signed records that the log of promotions holds.
    """
    withdrawn = withdrawals.read(directory, trusted, model_id)
    try:
        found = read(directory, trusted, model_id, announced=announced)
    except (OSError, ValueError, TypeError, LookupError, RecursionError, ModelError):
        return InForce(dict.fromkeys(TIERS, _UNREADABLE) | withdrawn, {})
    return InForce(refuted(found) | withdrawn, strictest(found))


def read(
    directory: Path, trusted: Trusted, model_id: str, *, announced: Sequence[Mapping[str, Any]] = ()
) -> list[OwnCertificate]:
    """Return what was certified on own accounts, each record once.

    Raises
    ------
    OSError, ValueError, TypeError, LookupError, RecursionError, ModelError
        If one of them cannot be trusted.
    """
    files = [directory / DIRECTORY / name for name in signed_record.names(directory / DIRECTORY)]
    signed = [json.loads(path.read_bytes()) for path in files] + list(announced)
    keys = list(trusted()) if signed else []
    records = [_record(one, keys, model_id) for one in signed]
    return list({name_of(record): OwnCertificate.of(record) for record in records}.values())


def write(directory: Path, signed: signed_record.Signed) -> None:
    """Write a signed record into a model's directory."""
    signed_record.write(directory / DIRECTORY / name_of(signed[KIND.name]), signed)


def name_of(record: Mapping[str, Any]) -> str:
    """Return the name of a record's file."""
    return f"{sha256(canonical_json(record))[:16]}.json"


def _record(signed: Mapping[str, Any], trusted: Sequence[Ed25519PublicKey], model_id: str) -> dict[str, Any]:
    record = KIND.verified(signed, trusted)
    if record["model_id"] != model_id or not record["tiers"].keys() <= set(TIERS):
        raise SignatureError("it was certified for another model or tier")
    return record
