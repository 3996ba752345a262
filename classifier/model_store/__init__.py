"""Trained models: kept as signed, immutable versions, of which one serves.

``artifacts`` writes and verifies one, ``store`` keeps them, ``shipped`` is the one that comes with the package,
``promotion_log`` tells which served when, ``glance`` what there is, ``manifest_diff`` compares two, ``withdrawals``
which certificates hold no longer, ``own_certificates`` what own accounts say of them; both are kept as a
``signed_record``. Nothing here trains: model cards are passed in. Imports ``model``, ``certification``, ``accounts``
and ``utils``.
"""

from classifier.model_store.store import ModelStore, StoredModel, Who
from classifier.model_store.withdrawals import Withdrawal

__all__ = ["ModelStore", "StoredModel", "Who", "Withdrawal"]
