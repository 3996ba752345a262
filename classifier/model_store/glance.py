"""What people want to know of a version at a glance: when, of what, how certified, how good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from classifier.certification.neyman_pearson import OwnBound
from classifier.errors import NoModelError
from classifier.model_store.promotion_log import SERVING
from classifier.model_store.store import ModelStore


@dataclass(frozen=True, slots=True)
class Glance:
    """A version of the store.

    Attributes
    ----------
    stored_at : datetime
        When it was stored or installed, aware.
    is_serving, served_before, is_shipped : bool
    error : str or None
        Why it cannot be used; what follows is empty then.
    seed, identities, labels : int or None
        Of its training: protected accounts simulated around, and labelled cases of your own.
    certified : mapping of str to float
        The alpha of each tier whose certificate counts.
    own : mapping of str to OwnBound
        What own accounts ask for, by tier.
    withdrawn : mapping of str to str
        Why the certificate of a tier does not count.
    figures : mapping of str to float
        On its held-out cases: ``auc``, ``impersonation_with_right_target`` and others.
    """

    model_id: str
    stored_at: datetime
    is_serving: bool
    served_before: bool
    is_shipped: bool
    error: str | None = None
    seed: int | None = None
    identities: int | None = None
    labels: int | None = None
    certified: Mapping[str, float] = field(default_factory=dict)
    own: Mapping[str, OwnBound] = field(default_factory=dict)
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)


def glances(store: ModelStore) -> list[Glance]:
    """Return all versions that can be used, and those that are damaged, the latest first."""
    try:
        current = store.current_id()
    except NoModelError:
        current = None
    served = {entry[name] for entry in store.log().entries if entry["event"] in SERVING for name in ("model", "before")}
    found = [_glance(store, model_id, current, served) for model_id in store.usable_ids()]
    return sorted(found, key=lambda one: (one.stored_at, one.model_id), reverse=True)


def _glance(store: ModelStore, model_id: str, current: str | None, served: set[str]) -> Glance:
    common: dict[str, Any] = {
        "model_id": model_id,
        "stored_at": store.stored_at(model_id),
        "is_serving": model_id == current,
        "served_before": model_id in served,
        "is_shipped": store.is_shipped(model_id),
    }
    try:
        manifest = store.verify(model_id)
    except Exception as error:
        return Glance(**common, error=str(error))
    facts, in_force = manifest["training"], store.in_force(model_id)
    counting = {tier: one for tier, one in manifest["certificates"].items() if tier not in in_force.withdrawn}
    return Glance(
        **common,
        seed=facts.get("seed"),
        identities=facts.get("identities"),
        labels=facts["given"]["cases"] if facts.get("given") else None,
        certified={tier: one["alpha"] for tier, one in counting.items()},
        own=in_force.own,
        withdrawn=in_force.withdrawn,
        figures=facts.get("held_out", {}).get("figures", {}),
    )
