"""Labels: cases that people decided, read from files of several kinds.

A case is an account, the protected account it is held against, and what it is to it. ``adjudication`` says which label
counts where people differ, ``agreement`` how far they agree. Imports ``importers``, ``registry`` and below.
Nothing that serves imports it.
"""
