"""Presenters: an answer turned into what a page shows: sentences, charts, two accounts side by side, a timeline.

They read no database and know no request. Imports ``schemas``, ``limits`` and what serves in ``classifier``.
"""
