"""Trained models: kept as signed, immutable versions, of which one serves.

``store`` keeps them, ``artifacts`` reads and verifies one, ``promotion_log`` tells which served when, ``withdrawals``
which certificates hold no longer, ``manifest_diff`` compares two. Imports ``model``, ``accounts`` and ``utils``.
"""

from classifier.model_store.store import ModelStore, StoredModel, Who
from classifier.model_store.withdrawals import Withdrawal

__all__ = ["ModelStore", "StoredModel", "Who", "Withdrawal"]
