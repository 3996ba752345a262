"""Retrieval (blocking): the candidates whom a reported account may imitate, by an inverted index over search keys.

Imports ``registry``, ``accounts`` and ``text``.
"""
