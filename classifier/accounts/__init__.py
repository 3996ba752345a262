"""Accounts: the records, by what a protected account is recognised, and the normal forms that are compared.

Imports ``text`` and ``utils``.
"""
