"""Trained models: kept as immutable versions, of which one serves."""

from classifier.models.store import ModelStore, StoredModel
from classifier.models.withdrawals import Withdrawal

__all__ = ["ModelStore", "StoredModel", "Withdrawal"]
