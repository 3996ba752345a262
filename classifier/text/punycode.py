"""Punycode: the labels of international host names as their readers see them.

References
----------
RFC 3492, Punycode: https://www.rfc-editor.org/rfc/rfc3492
RFC 5890, section 2.3.1 (A-labels): https://www.rfc-editor.org/rfc/rfc5890
"""

from __future__ import annotations

import re

# DNS knows no longer label; decoding takes the square of the length.
_LONGEST = 63
_LABEL = re.compile(rf"(?<![\w-])xn--([a-z0-9-]{{1,{_LONGEST - 4}}})(?![\w-])", re.IGNORECASE)


def readable(host: str) -> str:
    """Return a handle or host name with each ``xn--`` label as it is shown; what cannot be decoded is left as it is.

    Examples
    --------
    >>> readable("xn--bcher-kva.example"), readable("jane@xn--bcher-kva.example"), readable("xn--0")
    ('bücher.example', 'jane@bücher.example', 'xn--0')
    """
    return _LABEL.sub(_decoded, host) if "xn--" in host or "XN--" in host else host


def _decoded(label: re.Match[str]) -> str:
    try:
        shown = label[1].encode("ascii").decode("punycode")
        shown.encode("utf-8")  # a half of a surrogate pair is no character
    except UnicodeError:
        return label[0]
    return shown
