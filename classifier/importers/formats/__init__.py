"""Formats: what each platform's interface calls the fields of an account, one file a format.

``detect`` tells the format of a file; ``fields`` checks and notes every value.
"""
