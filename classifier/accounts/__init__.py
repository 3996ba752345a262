"""Accounts: reported and protected accounts, identity, and the normal forms that are compared.

An account is frozen, checked when it is made, and in one unit each; what is missing is ``None``. Imports ``text``,
``utils`` and ``errors``.
"""
