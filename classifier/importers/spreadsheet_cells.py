"""Cells that survive a spreadsheet program: one that opens a CSV file takes some texts for numbers, dates or formulas.

What is written is what ``plain_text`` and ``handles.read_handle`` read back. Long ids are not hidden from it: rounded,
they are refused when the file is read again.
"""

from __future__ import annotations

import re

from classifier.importers.values import join_list

# "007", "1e5", "3.10", "=1+1", "TRUE", "MAR1"
_TAKEN = re.compile(
    r"[=+\-@.,0-9\t].*|(?:true|false)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s.-]?[0-9]+",
    re.IGNORECASE | re.DOTALL,
)
_HIDDEN = re.compile(r"'+(?=(.*))", re.DOTALL)


def text_cell(text: str) -> str:
    """Return a text as it is written to a cell: behind an apostrophe where a spreadsheet would not take it for text.

    Examples
    --------
    >>> text_cell("Jane Roe"), text_cell("=1+1"), plain_text("'=1+1")
    ('Jane Roe', "'=1+1", '=1+1')
    """
    return f"'{text}" if _TAKEN.fullmatch(text) else text


def plain_text(value: object) -> object:
    """Return what a cell's text says, without apostrophes before what a spreadsheet would not take for text."""
    found = _HIDDEN.match(value) if isinstance(value, str) else None
    return found[1] if found and _TAKEN.fullmatch(found[1]) else value


def handle_cell(handle: str, platform: str) -> str:
    """Return a handle as it is written to a cell: as its address, or with "@", where it would not be taken for text.

    Examples
    --------
    >>> handle_cell("jane_roe", "x"), handle_cell("007", "x"), handle_cell("1e5", "forum")
    ('jane_roe', 'https://x.com/007', '@1e5')
    """
    if not _TAKEN.fullmatch(handle):
        return handle
    return f"https://x.com/{handle}" if platform == "x" else f"@{handle}"


def list_cell(items: tuple[str, ...]) -> str:
    """Return a list as it is written to a cell: an item alone gets a "|" where it would not be taken for text.

    Examples
    --------
    >>> list_cell(("Jane", "Roe")), list_cell(("3.10",))
    ('Jane|Roe', '3.10|')
    """
    text = join_list(items)
    return f"{text}|" if len(items) == 1 and _TAKEN.fullmatch(text) else text
