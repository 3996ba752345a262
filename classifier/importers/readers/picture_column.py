"""The column that names a picture file: its PDQ hash takes the place of the name, before an account is made."""

from __future__ import annotations

from collections.abc import Iterator

from classifier.importers.readers.raw_row import RawRow
from classifier.importers.values import is_missing
from classifier.pictures import PictureHashes

COLUMN = "avatar_file"


def with_hashes(rows: Iterator[RawRow], pictures: PictureHashes) -> Iterator[RawRow]:
    """Yield the rows, each with the hash of the picture that it names; what it says of the hash itself counts first.

    Raises
    ------
    InputError
        If a row names a picture and the extra that reads it is not installed.
    """
    for row in rows:
        values = row.values
        if values is None or COLUMN not in values:
            yield row
            continue
        named = values[COLUMN]
        kept = {name: value for name, value in values.items() if name != COLUMN}
        if not is_missing(named) and is_missing(kept.get("avatar_pdq")):
            kept["avatar_pdq"] = pictures.of(named)
        yield row._replace(values=kept)
