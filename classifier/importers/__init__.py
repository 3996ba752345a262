"""The door for foreign data: rows of CSV, JSONL and Parquet files, or JSON objects, become accounts.

Each platform has a file with two functions: ``looks_like(row)``, for telling the format, and ``read(row, fields)``.
Whatever a row holds, importing it gives an account or an error, never both, and notes on everything that was changed.
Neither errors nor notes contain any text of the account.

One bad row never stops a file. A file of which nothing can be read is an error of its own.
"""

from __future__ import annotations

from classifier.importers.formats.detect import FORMATS, detect_format
from classifier.importers.import_account import import_account, import_protected, read_accounts, read_protected
from classifier.importers.readers.source import ENDINGS
from classifier.importers.results import Imported, ImportedProtected, ImportReport

__all__ = [
    "ENDINGS",
    "FORMATS",
    "ImportReport",
    "Imported",
    "ImportedProtected",
    "detect_format",
    "import_account",
    "import_protected",
    "read_accounts",
    "read_protected",
]
