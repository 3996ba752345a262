"""Labels: cases that people decided, from files of several kinds; adjudication and agreement.

Imports ``importers`` and ``registry``.
"""
