"""What is kept: decisions, approvals, clearances, outcomes, keys, and the hash-chained log that vouches for them.

Reading order: ``tables`` (what is where), ``database`` (engines and migrations), ``log_chain`` (hashes and signatures),
``transaction`` (one unit of work), ``group_commit`` (many of them in one commit), ``verification`` and ``proofs``.
Imports ``signing``, ``utils`` and ``errors``. This is where SQL is.
"""
