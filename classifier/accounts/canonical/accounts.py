"""An account as a person names it to find it: platform and handle, in any spelling."""

from __future__ import annotations

from classifier.accounts.canonical.handles import read_handle
from classifier.accounts.canonical.platforms import canonical_platform
from classifier.errors import InputError


def named_account(platform: str, handle: str) -> tuple[str, str]:
    """Return platform and handle in the canonical form.

    Raises
    ------
    InputError
        If either names none, or they contradict each other.

    Examples
    --------
    >>> named_account("Twitter", "https://x.com/jane_roe"), named_account("mastodon", "acct:jane@social.example")
    (('x', 'jane_roe'), ('mastodon', 'jane@social.example'))
    """
    name = canonical_platform(platform)
    if not name:
        raise InputError("names no platform, or several: give one", field="platform")
    return name, read_handle(handle, name).handle
