"""Promotion: may this model take the place of the one that serves?

Imports ``model_store`` and ``evaluation``. Nothing that serves imports it.
"""
