"""Deliveries: what a platform sends is taken once, however often it comes."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable
from hashlib import sha256

from service.gates.book import Book
from service.gates.platform import Delivery, Reply

# Seconds for which a delivery that comes again is answered as before, byte for byte the same.
REMEMBERED = 24 * 3600.0


def once(delivery: Delivery, book: Book, answer: Callable[[], Reply]) -> Reply:
    """Answer a delivery; one with the same bytes is answered as before, and nothing is done.

    No platform sends a number of a delivery, so that the bytes are all there is. Only answers that accept, or refuse
    for good, are remembered: after a 5xx the platform is to send it again.
    """
    digest = digest_of(delivery)
    before = book.answered(digest)
    if before is not None and book.now() - before[2] < REMEMBERED:
        return Reply(before[0], before[1])
    reply = answer()
    if reply.status < 500:
        book.answer(digest, reply.status, reply.body)
    return reply


def was_seen(delivery: Delivery, book: Book) -> bool:
    """Tell whether the same bytes came before, however long ago: nobody acts at once on what may be replayed."""
    return book.answered(digest_of(delivery)) is not None


def digest_of(delivery: Delivery) -> str:
    """Return what stands for a delivery: 64 hexadecimal digits, the same for the same path and bytes."""
    return sha256(delivery.path.encode() + b"\n" + delivery.body).hexdigest()


def is_signed(body: bytes, given: str, secret: str) -> bool:
    """Tell whether ``given`` is ``sha256=`` and the hexadecimal HMAC-SHA256 of a body, compared in constant time.

    Examples
    --------
    >>> is_signed(b"{}", "sha256=" + hmac.new(b"s3cret", b"{}", sha256).hexdigest(), "s3cret")
    True
    >>> is_signed(b"{}", "", "s3cret")
    False
    """
    kind, _, digits = given.partition("=")
    try:
        found = binascii.unhexlify(digits.strip())
    except (binascii.Error, ValueError):
        return False
    return kind == "sha256" and hmac.compare_digest(found, hmac.new(secret.encode(), body, sha256).digest())


def decoded(text: str) -> bytes:
    """Return what base64 stands for; empty where it is none."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
