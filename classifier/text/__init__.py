"""Text: normal forms, look-alikes (UTS #39), word lists, information in bits, edit distance, search keys.

Imports ``classifier.utils`` and ``classifier.errors`` only: it knows strings, not accounts.
"""
