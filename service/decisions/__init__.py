"""Proof: ``verification`` of the log and the records, ``replay`` and export of a decision."""
