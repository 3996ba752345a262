"""Whom a label is about: the protected account of its handle on the reported account's platform.

Handles are unique on one platform only: the same handle elsewhere is often another person's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from classifier.registry.registry import Registry

# The tier of a target that is not in the registry.
NOT_REGISTERED = "not registered"


class Target(NamedTuple):
    """Whom a label is about; the same for every case around one protected account.

    Attributes
    ----------
    platform : str or None
        ``None`` where neither the label nor the registry tells.
    handle : str
        Case-folded.
    tier : str
        ``NOT_REGISTERED`` where nobody protects it.
    """

    platform: str | None
    handle: str
    tier: str

    def is_account(self, platform: str, handle: str) -> bool:
        """Tell whether a protected account is the target."""
        return (platform, handle.casefold()) == (self.platform, self.handle)


class Targets:
    """The protected accounts that labels may be about.

    Parameters
    ----------
    registry : Registry
    handles : iterable of str
        The handles that labels name.

    Examples
    --------
    >>> from classifier.accounts.account import ProtectedAccount
    >>> known = Targets(Registry([ProtectedAccount(platform="x", handle="JaneRoe", tier="high")]), ["janeroe"])
    >>> known.of("janeroe", "x")
    Target(platform='x', handle='janeroe', tier='high')
    >>> known.of("janeroe", "bluesky", named="bluesky").tier
    'not registered'
    """

    def __init__(self, registry: Registry, handles: Iterable[str]) -> None:
        wanted = {handle.casefold() for handle in handles}
        self._tiers: dict[str, dict[str, str]] = defaultdict(dict)
        for account in registry:
            if (handle := account.handle.casefold()) in wanted:
                self._tiers[handle][account.platform] = account.tier

    def of(self, handle: str, platform: str | None, *, named: str | None = None) -> Target:
        """Return whom a label is about.

        Parameters
        ----------
        platform : str or None
            Of the reported account.
        named : str, optional
            The target's platform, where the label says so. Otherwise it is the reported account's, or, where nobody is
            protected there under this handle, the only one on which somebody is.
        """
        folded = handle.casefold()
        known = self._tiers.get(folded, {})
        where = named or platform
        if named is None and where not in known and len(known) == 1:
            [where] = known
        return Target(where, folded, NOT_REGISTERED if where is None else known.get(where, NOT_REGISTERED))
