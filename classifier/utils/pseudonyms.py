"""Names of people who label, as they may be kept and shown: the same person under the same short digest, no name."""

from __future__ import annotations

import hashlib
import re

_PSEUDONYM = re.compile(r"labeller-[0-9a-f]{10}")


def pseudonym(name: str) -> str:
    """Return a name's pseudonym; a pseudonym stays what it is.

    It hides who somebody is from readers. It does not from whoever knows the names and tries them: the digest is plain,
    so that exports of several services agree.

    Examples
    --------
    >>> pseudonym("Rev 1")
    'labeller-f7f26e7f08'
    >>> pseudonym(pseudonym("Rev 1")) == pseudonym(" rev 1 ")
    True
    """
    plain = name.strip().casefold()
    if _PSEUDONYM.fullmatch(plain):
        return plain
    return f"labeller-{hashlib.sha256(f'doublecheck labeller {plain}'.encode()).hexdigest()[:10]}"
