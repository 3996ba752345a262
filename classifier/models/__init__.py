"""Trained models: kept as immutable versions, of which one serves."""

from classifier.models.store import ModelStore, StoredModel

__all__ = ["ModelStore", "StoredModel"]
