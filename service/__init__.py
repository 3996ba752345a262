"""The service around the classifier: HTTP interface, console, records and proof.

It imports what serves in ``classifier``, never the reverse. ARCHITECTURE.md draws its packages in the order in which
they may import each other.
"""
