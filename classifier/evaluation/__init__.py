"""Evaluation: the whole path measured on cases the model has never seen.

Imports ``scoring``, ``labels`` and ``simulation``.
"""
