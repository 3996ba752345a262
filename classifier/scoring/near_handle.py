"""Handles that nobody has registered yet: whether one would look like a protected account's.

A handle alone says little of an account, so nothing is said of an account here: only the two handles are compared, by
the features of handles. Nothing is decided by it.
"""

from __future__ import annotations

from typing import NamedTuple

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.identity import identity_key

# How much more than by chance two handles share, so that one resembles the other (bits). Against 1,000 invented
# protected accounts about 1 in 80 of ordinary invented handles share that much with one of them, and 24 of 25 slips and
# look-alikes of a protected handle: ``tests/classifier/scoring/test_near_handle.py``.
LEAST_BITS = 10.0
COMPARED = ("handle_beyond_chance", "handle_look_alike")


class NearHandle(NamedTuple):
    """A protected account whose handle a handle was compared with.

    Attributes
    ----------
    bits : float
        How much more the two handles share than a stranger's would by chance.
    looks_alike : bool
        Whether they differ and look the same.
    was_theirs : bool
        Whether the protected account had the handle before.
    """

    protected: ProtectedAccount
    bits: float
    looks_alike: bool = False
    was_theirs: bool = False

    @property
    def resembles(self) -> bool:
        """Whether somebody could take one handle for the other."""
        return self.was_theirs or self.looks_alike or self.bits >= LEAST_BITS


def near(protected: ProtectedAccount, handle: str, bits: float, *, looks_alike: bool) -> NearHandle:
    """Compare a handle with a protected account's, given what the features of the two say.

    Examples
    --------
    >>> jane = ProtectedAccount(platform="x", handle="JaneRoe", former_handles=("JaneAtNorthwind",))
    >>> near(jane, "janeatnorthwind", -10.0, looks_alike=False).resembles
    True
    >>> near(jane, "northwind", -10.0, looks_alike=False).resembles
    False
    """
    former = map(identity_key, protected.former_handles)
    return NearHandle(protected, bits, looks_alike, identity_key(handle) in former)
