"""Hash chains: logs in which each entry names the hash of the one before, so that none is changed or removed unseen.

References
----------
S. Haber, W. S. Stornetta (1991), "How to time-stamp a digital document", Journal of Cryptology 3, 99-111
"""

from __future__ import annotations

# What the first entry names.
GENESIS = "0" * 64


class HashChain:
    """How far a chain has been followed.

    Parameters
    ----------
    last : str, optional
        The hash of the entry before the first that is added, 64 hexadecimal digits; ``None`` where it is not known.

    Examples
    --------
    >>> chain = HashChain()
    >>> chain.add(GENESIS, "11"), chain.add("11", "22"), chain.add("11", "33")
    (True, True, False)
    """

    def __init__(self, last: str | None = GENESIS) -> None:
        self.last = last

    def add(self, previous: object, digest: str) -> bool:
        """Go on to the next entry, and tell whether it follows.

        Parameters
        ----------
        previous : object
            What the entry names as the hash of the one before; it may come from a damaged file.
        digest : str
            The hash of the entry itself. What comes next is held against it, whether or not this entry follows: one
            that was changed is told from all that were added after it.
        """
        follows = self.last is None or previous == self.last
        self.last = digest
        return follows
