"""The row of a file that a check was opened from: it goes along from page to page, so that a link leads back to it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from service.web.console.forms import Form

# How long the part of an address may be that says which row.
LONGEST = 1_500
_ROW = re.compile(r"[0-9]{1,9}")
_MOST_FIELDS = 20


class FileRow(NamedTuple):
    """A row of a file.

    Attributes
    ----------
    job : str
        The file's number.
    search : str
        By what its rows were searched, as the query of an address.
    """

    job: str
    row: int
    search: str = ""

    @property
    def carried(self) -> str:
        """What an address or a form carries; empty where that would be too long."""
        text = urlencode([("job", self.job), ("row", self.row), *parse_qsl(self.search)])
        return text if len(text) <= LONGEST else FileRow(self.job, self.row).carried

    @property
    def address(self) -> str:
        """Where it stands among the rows that were searched."""
        return f"/batches/{self.job}/rows{'?' if self.search else ''}{self.search}#row-{self.row}"


def row_of(form: Form) -> FileRow | None:
    """Return the row that a form's check was opened from; what no page of ours sends is none.

    Examples
    --------
    >>> row = FileRow("0f8fad5b-d9cb-469f-a165-70867728950e", 7, "verdict=cleared&page=2")
    >>> row_of(Form({"file": row.carried})) == row
    True
    >>> row_of(Form({"file": "job=//evil.example&row=1"})) is None
    True
    """
    try:
        (_, job), (_, row), *search = parse_qsl(form.value("file")[:LONGEST], max_num_fields=_MOST_FIELDS)
        return FileRow(str(UUID(job)), int(row), urlencode(search)) if _ROW.fullmatch(row) else None
    except ValueError:  # too few fields, too many, or no number
        return None


def check_address(check_id: object, form: Form) -> str:
    """Return the address of a check's page, with the row that it was opened from."""
    row = row_of(form)
    return f"/checks/{check_id}?{urlencode({'file': row.carried})}" if row else f"/checks/{check_id}"
