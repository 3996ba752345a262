"""What is kept: decisions, approvals, clearances, outcomes, keys, and the log that vouches for them.

Reading order: ``tables`` (what is where), ``database`` (engines and migrations), ``chain`` (the log's hashes),
``transaction`` (one unit of work), ``ledger`` (many of them in one commit).
"""
