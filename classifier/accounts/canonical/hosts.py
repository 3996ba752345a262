"""Hosts: in lower case and in the ASCII form of IDNA, so that each is written in one way only.

Two hosts that look alike stay two hosts.

References
----------
UTS #46, Unicode IDNA Compatibility Processing: https://www.unicode.org/reports/tr46/
"""

from __future__ import annotations

import re
from functools import lru_cache

import idna

from classifier.text.normalization import BIDI_CONTROLS, IGNORABLE

_PLAIN = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")
# Full stops of other scripts, which part the labels of a host as a dot does.
DOTS = str.maketrans("。．｡", "...")
_LONGEST = 253  # RFC 1035, section 2.3.4


def visible(text: str) -> str:
    """Return text without the characters that have no glyph."""
    return text if text.isascii() else "".join(c for c in text if c not in IGNORABLE and c not in BIDI_CONTROLS)


@lru_cache(10_000)
def canonical_host(text: str) -> str | None:
    """Return a host name in its one form, without the dot at its end; ``None`` where it is none.

    Examples
    --------
    >>> canonical_host("Käseladen.Example."), canonical_host("xn--kseladen-0za.example"), canonical_host("no host")
    ('xn--kseladen-0za.example', 'xn--kseladen-0za.example', None)
    """
    name = text.translate(DOTS).strip().rstrip(".").lower()
    if len(name) > _LONGEST:
        return None
    if not name.isascii():
        name = _ascii(name)
    return name if len(name) <= _LONGEST and _PLAIN.fullmatch(name) else None


def _ascii(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        pass
    try:  # pictures and the like, which registries sold before IDNA 2008 and servers still have
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(
            label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}" for label in labels
        )
    except (idna.IDNAError, UnicodeError):
        return ""
