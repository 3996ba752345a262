"""Reading a form with a file. What is being received is kept in the home directory like all that is about people."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

# Bytes of a field that is no file, and fields of a form.
FIELD_BYTES, FIELDS = 4096, 10


class _Parser(MultiPartParser):
    """Starlette's parser, but for where it puts a file: a nameless one, that is gone when it is closed."""

    def __init__(self, headers: Headers, stream: AsyncGenerator[bytes, None], directory: Path) -> None:
        super().__init__(headers, stream, max_files=1, max_fields=FIELDS, max_part_size=FIELD_BYTES)
        self._directory = directory

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        received = self._current_part.file
        if received is not None:
            received.file.close()
            kept: Any = TemporaryFile(dir=self._directory)  # noqa: SIM115 - whoever asked for the form closes it
            self._files_to_close_on_error.append(kept)
            self._current_part.file = UploadFile(kept, size=0, filename=received.filename, headers=received.headers)


async def read_sent(request: Request, directory: Path) -> tuple[dict[str, str], UploadFile | None]:
    """Return the fields of a form, and the file that came with it, ``None`` if none was chosen.

    Raises
    ------
    HTTPException
        If the body is no form with a file.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "Send multipart/form-data.")
    try:
        form: FormData = await _Parser(request.headers, request.stream(), directory).parse()
    except MultiPartException as error:
        raise HTTPException(400, error.message) from error
    sent = next((value for value in form.values() if isinstance(value, UploadFile)), None)
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    return fields, sent
