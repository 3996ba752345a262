"""Promotion: whether a model may take the place of the one that serves.

Imports ``model_store`` and ``evaluation``. Nothing that serves imports it.
"""
