"""Trained models: kept as immutable versions, of which one serves.

``artifacts`` writes and verifies one, ``store`` keeps them, ``shipped`` is the one that comes with the package,
``promotion_log`` says which served when, ``manifest_diff`` compares two, ``withdrawals`` keeps which certificates hold
no longer. Nothing here trains or draws: model cards are passed in.
"""

from classifier.model_store.store import ModelStore, StoredModel, Who
from classifier.model_store.withdrawals import Withdrawal

__all__ = ["ModelStore", "StoredModel", "Who", "Withdrawal"]
