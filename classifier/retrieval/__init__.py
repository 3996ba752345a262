"""Retrieval (blocking): whom a reported account may imitate, found by an inverted index over search keys.

``candidate_index`` is the way in; ``segment_index`` holds the arrays of one segment of the registry; ``ngrams``,
``postings``, ``similarity``, ``ranking`` and ``mentions`` are its compiled loops. Imports ``registry``, ``accounts``,
``text`` and ``utils``.
"""
