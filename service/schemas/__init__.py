"""Wire models (pydantic): what the HTTP interface takes and gives. They guard the edge; inside are frozen dataclasses.

Imports ``accounts``, ``model`` and ``scoring`` of ``classifier`` for their words and limits.
"""
