"""Drafts: files of protected accounts that an admin looks at before asking for their import.

One JSON file each, below ``imports`` of the home directory, readable by its owner only. What was sent is read at once
and removed; what it would do is kept until it is asked for or discarded, a day at most.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from classifier.errors import FileFormatError
from classifier.importers import read_protected
from classifier.utils.private_files import make_private_directory
from service.auth.api_keys import Caller
from service.decisions.registry_import import ImportPreview, Row
from service.errors import UnknownUploadError
from service.uploads.jobs import copy_upload, ending_of, read_json, write_json

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an import would do, and who looks at it."""

    id: str
    actor: str
    preview: ImportPreview


class Drafts:
    """The drafts of a home.

    Parameters
    ----------
    home : Path
    """

    def __init__(self, home: Path) -> None:
        self.directory = home / "imports"

    def open(self) -> Path:
        """Return the directory of all drafts, made if it is not there; what is old in it is removed."""
        make_private_directory(self.directory)
        oldest = time.time() - KEPT.total_seconds()
        for path in self.directory.iterdir():
            with suppress(OSError):  # somebody was faster
                if path.stat().st_mtime < oldest:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        return self.directory

    def read(self, file: IO[bytes], name: str, *, now: datetime, platform: str | None, most: int) -> list[Row]:
        """Return the rows of a file that was sent. It is gone afterwards.

        Parameters
        ----------
        platform : str or None
            For rows that name none.
        most : int
            Rows that it may have.

        Raises
        ------
        FileFormatError
            If nothing can be read, or it has more rows.
        """
        beside = self.open() / f"new-{uuid4()}"  # nothing else is there that a row could name as its picture
        make_private_directory(beside)
        try:
            path = beside / f"upload{ending_of(name)}"
            copy_upload(file, path)
            return list(_rows(path, now=now, platform=platform, most=most))
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def keep(self, preview: ImportPreview, caller: Caller) -> str:
        """Keep what a file would do, and return the draft's id."""
        draft_id = str(uuid4())
        content = {"actor": caller.actor, "preview": json.loads(preview.text())}
        write_json(self.open() / f"{draft_id}.json", content)
        return draft_id

    def find(self, draft_id: UUID, caller: Caller) -> Draft:
        """Return a draft.

        Raises
        ------
        UnknownUploadError
            If there is none, or it is somebody else's: that is the same answer.
        """
        known = read_json(self._path(draft_id))
        if known is None or not caller.is_called(known["actor"]):
            raise UnknownUploadError("there is no such file: it was asked for, discarded, or was not yours")
        return Draft(str(draft_id), known["actor"], ImportPreview.of(known["preview"]))

    def remove(self, draft_id: UUID) -> None:
        """Remove a draft."""
        self._path(draft_id).unlink(missing_ok=True)

    def _path(self, draft_id: UUID) -> Path:
        return self.directory / f"{draft_id}.json"


def _rows(path: Path, *, now: datetime, platform: str | None, most: int) -> Iterator[Row]:
    for count, one in enumerate(read_protected(path, now=now, default_platform=platform), start=1):
        if count > most:
            raise FileFormatError(f"the file has more than {most:,} rows: split it")
        yield Row(one.row, one.account, "" if one.error is None else one.error.message)
