"""Text: normal forms, confusables (UTS #39), word lists, information in bits, edit distance, search keys.

It knows strings, not accounts. Imports ``utils`` and ``errors`` only.
"""
