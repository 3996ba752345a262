"""The bytes of a file or of standard input, unpacked and cut into lines, never more than some megabytes of them.

A stream ends where it is damaged, and ``line_blocks`` raises ``Damaged`` there: a file that was cut off must not pass
for a shorter one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO, NamedTuple

import pyarrow as pa

BLOCK = 256 * 1024
# A thousand times a profile: one endless line must not fill the memory.
LINE_LIMIT = 4_000_000
# By the first bytes: RFC 1952, section 2.3.1; RFC 8878, section 3.1.1. Neither can begin a text in UTF-8.
_SIGNATURES = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
# Accounts shrink to a tenth or so, to a hundredth where nearly all are alike. What unpacks to more than this many times
# its bytes was made to fill memory or time, once it is more than what is unpacked of everything.
MOST_RATIO, UNPACKED_FREE = 500, 64 * 1024 * 1024
# pyarrow loses what it has unpacked of a piece in which it finds the damage, so the pieces are small.
_PACKED_PIECE = 1_024
# No byte of UTF-8, so it shows how far a buffer was filled.
_UNFILLED = b"\xff"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SURROGATES = re.compile("[\ud800-\udfff]")
# Stands for a line that was too long to read. Decoding never yields this surrogate, undecodable bytes yield others.
_TOO_LONG = "\ud800"


class Damaged(Exception):  # noqa: N818 - it says where a file ends, as StopIteration does; no caller outside sees it
    """Nothing can be read from here on. The message is for people."""


class Stream:
    """The bytes of a file, unpacked.

    Parameters
    ----------
    file : binary file
    compression : {"gzip", "zstd"}, optional
        Told from the first bytes where it is not given.

    Attributes
    ----------
    taken : int
        Bytes taken from the file so far, before unpacking.
    given : int
        Bytes unpacked so far.
    damage : str
        Why the bytes end too early; empty where they do not.
    """

    def __init__(self, file: BinaryIO, compression: str | None = None) -> None:
        self.taken = 0
        self.given = 0
        self.damage = ""
        self._file = file
        self._head = b""
        packing = compression or self._told()
        self._unpacked = (
            pa.CompressedInputStream(pa.PythonFile(_Pieces(self), mode="r"), packing) if packing is not None else None
        )

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, none at the end and where the file is damaged."""
        if self.damage:
            return b""
        return self._packed(size) if self._unpacked is None else self._unpack(self._unpacked, size)

    def _told(self) -> str | None:
        self._head = self._packed(max(map(len, _SIGNATURES)))
        return next((name for mark, name in _SIGNATURES.items() if self._head.startswith(mark)), None)

    def _packed(self, size: int) -> bytes:
        head, self._head = self._head, b""
        if head:
            return head
        try:
            found = self._file.read(size)
        except OSError as error:
            self.damage = f"the file cannot be read on, {error.strerror}: copy it to another disk and try again"
            return b""
        self.taken += len(found)
        return found

    def _unpack(self, unpacked: pa.NativeFile, size: int) -> bytes:
        buffer = bytearray(_UNFILLED) * size
        try:
            found = bytes(buffer[: unpacked.readinto(buffer)])
        except (OSError, pa.ArrowException):
            self.damage = self.damage or (
                "the compressed file is damaged or cut off here, what follows is lost: make it again from its source"
            )
            # What came before the damage is in the buffer although the call has failed.
            return bytes(buffer.rstrip(_UNFILLED))
        self.given += len(found)
        if self.given > max(UNPACKED_FREE, MOST_RATIO * self.taken):
            self.damage = (
                f"the compressed file unpacks to more than {MOST_RATIO} times its bytes, which no accounts do: unpack "
                "it yourself and look what is in it"
            )
            return b""
        return found


class _Pieces:
    """A stream's packed bytes as pyarrow wants to read them."""

    closed = False

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        return self._stream._packed(min(size, _PACKED_PIECE))

    def close(self) -> None:
        self.closed = True


class Block(NamedTuple):
    """Some lines of a file, and whether all of them can be read as UTF-8."""

    lines: list[str]
    clean: bool


def line_blocks(stream: Stream, *, newline: str) -> Iterator[Block]:
    r"""Yield all lines of a stream, whole ones; undecodable bytes and endless lines are left to ``undecodable``.

    Parameters
    ----------
    newline : {"", "\n"}
        As of ``open``: lines also end with carriage returns, or do not.

    Raises
    ------
    Damaged
        After the last whole line before the damage.
    """
    for part in _whole_lines(stream, (b"\n", b"\r") if newline == "" else (b"\n",)):
        if part is None:
            yield Block([_TOO_LONG], clean=False)
            continue
        text, clean = _decoded(part)
        yield Block(StringIO(text, newline).readlines(), clean)


def _whole_lines(stream: Stream, ends: tuple[bytes, ...]) -> Iterator[bytes | None]:
    """Yield bytes that end where a line does, ``None`` for a line that is too long."""
    held, endless = stream.read(BLOCK).removeprefix(_BYTE_ORDER_MARK), False
    parts: list[bytes] = []
    while piece := held or stream.read(BLOCK):
        held = b""
        if endless:
            # The rest of an endless line is dropped.
            cut = min((at + 1 for at in map(piece.find, ends) if at >= 0), default=0)
            if cut:
                yield None
                held, endless = piece[cut:], False
            continue
        # A carriage return at the very end may be the first half of an end of line.
        cut = max(piece.rfind(end, 0, None if end == b"\n" else -1) for end in ends) + 1
        if cut:
            yield b"".join((*parts, piece[:cut]))
            parts = [piece[cut:]]
            continue
        parts.append(piece)
        if sum(map(len, parts)) > LINE_LIMIT:
            parts, endless = [], True
    rest = b"".join(parts)
    if rest.endswith(ends) or (rest and not stream.damage):
        yield rest
    if stream.damage:
        raise Damaged(stream.damage)
    if endless:
        yield None


def _decoded(part: bytes) -> tuple[str, bool]:
    try:
        return part.decode(), True
    except UnicodeDecodeError:
        return part.decode(errors="surrogateescape"), False


def undecodable(text: str) -> tuple[str, str] | None:
    """Return the reason and the message for text that could not be read, ``None`` where it could."""
    found = None if text.isascii() else _SURROGATES.search(text)
    if found is None:
        return None
    if found[0] == _TOO_LONG:
        return "line_too_long", f"the line is longer than {LINE_LIMIT:,} bytes: shorten it, or end the line before it"
    return "not_utf8", "the row is not UTF-8: save the file as UTF-8"
