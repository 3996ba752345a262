"""Formats: what each platform's interface calls the fields of an account, one file a format.

``detect`` tells the format of a file; ``fields`` checks every value and notes what it changed. Imports ``accounts`` and
``text``.
"""
