"""Hashing: the PDQ hash of a picture; one of a picture with too little in it would match any other such.

References
----------
PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq
"""

from __future__ import annotations

import base64
import binascii
import stat
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

import numpy as np

from classifier.errors import InputError
from classifier.pictures.decode import BYTES_LIMIT, NO_EXTRA, decode
from classifier.pictures.outcome import UnreadPicture

# Of 0 to 100: below it ThreatExchange discards a hash. Flat colours and most placeholders are.
LEAST_QUALITY = 50
# Hashes that are kept within a run, by what was hashed: an avatar comes again with every account that copied it.
_KEPT = 100_000


def hash_picture(data: bytes) -> str | UnreadPicture:
    """Return the PDQ hash of a picture's bytes, 64 hexadecimal digits; or why it has none.

    Raises
    ------
    InputError
        If the extra is not installed.

    Examples
    --------
    >>> str(hash_picture(b"PK is no picture"))
    'picture not read: no PNG, JPEG, WEBP or GIF'
    """
    pixels = decode(data)
    if isinstance(pixels, UnreadPicture):
        return pixels
    try:
        import pdqhash  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise InputError(NO_EXTRA) from error
    bits, quality = pdqhash.compute(pixels)
    if quality < LEAST_QUALITY:
        return UnreadPicture(f"too little in it to compare (PDQ quality {quality} of 100, {LEAST_QUALITY} at least)")
    return np.packbits(bits).tobytes().hex()


def hash_base64(text: str) -> str | UnreadPicture:
    """Return the PDQ hash of a picture in base64, a ``data:`` address or not; or why it has none.

    Raises
    ------
    InputError
        If the extra is not installed.
    """
    if text.startswith("data:"):
        text = text.partition(",")[2]
    if len(text) > BYTES_LIMIT * 4 // 3 + 4:
        return UnreadPicture(f"larger than {BYTES_LIMIT:,} bytes")
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return UnreadPicture("not in base64")
    return hash_picture(data)


class PictureHashes:
    """The hashes of the picture files below one directory, each content hashed once.

    Parameters
    ----------
    directory : Path
        What names are relative to; no name leads out of it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()
        self._known: OrderedDict[bytes, str | UnreadPicture] = OrderedDict()

    def of(self, name: object) -> str | UnreadPicture:
        """Return the hash of a file, or why it has none.

        Raises
        ------
        InputError
            If the extra is not installed.
        """
        data = self._read(name)
        if isinstance(data, UnreadPicture):
            return data
        key = sha256(data).digest()
        if key not in self._known:
            self._known[key] = hash_picture(data)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return self._known[key]

    def _read(self, name: object) -> bytes | UnreadPicture:
        if not isinstance(name, str):
            return UnreadPicture("its name is no text")
        try:
            path = (self._directory / name.strip()).resolve()
            if not path.is_relative_to(self._directory):
                return UnreadPicture("its name leads out of the directory of pictures")
            if not stat.S_ISREG(path.stat().st_mode):  # a pipe would never end
                return UnreadPicture("no regular file")
            with path.open("rb") as file:
                return file.read(BYTES_LIMIT + 1)
        except (OSError, ValueError, RuntimeError):  # RuntimeError: links in a circle
            return UnreadPicture("there is no such file, or it cannot be opened")
