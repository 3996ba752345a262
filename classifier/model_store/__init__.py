"""Trained models: kept as immutable versions, of which one serves.

``store`` keeps them, ``promotions`` is the log of which served when, ``cards`` describes them, ``differences`` compares
two; ``paired``, ``gate``, ``measuring`` and ``promotion`` decide whether one may serve; ``withdrawals`` keeps which
certificates hold no longer.
"""

from classifier.model_store.store import ModelStore, StoredModel, Who
from classifier.model_store.withdrawals import Withdrawal

__all__ = ["ModelStore", "StoredModel", "Who", "Withdrawal"]
