"""The accounts of a registry encoded when it is imported, for its file, so that no process encodes them again.

How an account is encoded depends on more than the account: on how a name is read, which words mark a parody, what a
word weighs. A file names what its encoded accounts were made by (``made_by``), and those of one that names anything
else are not used: then its accounts are encoded when a pair first asks for them, which is slower and never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from classifier.accounts.account import ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import numeric
from classifier.features.encoded import EncodedAccounts
from classifier.features.encoded_cache import encode
from classifier.registry.segments import EncodedSegment
from classifier.utils.sources import digest

# All that an encoded account is made by: the modules, each with what it imports of ours (a test holds it to that), and
# the libraries beside.
SOURCES = (
    "accounts",
    "features",
    "registry",
    "storage/encoded_accounts.py",
    "text",
    "utils/atomic_files.py",
    "utils/canonical_json.py",
    "utils/jit.py",
    "utils/kept_arrays.py",
    "utils/made_once.py",
    "utils/private_files.py",
    "utils/sources.py",
)
LIBRARIES = ("anyascii", "idna", "numba", "numpy", "wordfreq", "xxhash")
# Accounts that one process encodes at a time; what are fewer than some of these is not worth starting processes for.
_PART = 500
_FEWEST = 8


def encode_segment(accounts: Sequence[ProtectedAccount], *, watch: Callable[[int], object] = int) -> EncodedSegment:
    """Encode accounts, many on all cores.

    Parameters
    ----------
    watch : callable
        Called with a number of accounts whenever that many more are encoded, for a progress bar.
    """
    import joblib  # noqa: PLC0415 - it takes a tenth of a second, and whoever opens a registry encodes nothing

    firsts = range(0, len(accounts), _PART)
    work = joblib.Parallel(-1 if len(firsts) >= _FEWEST else 1, return_as="generator")
    parts = []
    for part in work(joblib.delayed(_packed)(accounts[first : first + _PART]) for first in firsts):
        parts.append(part)
        watch(len(part[2]))
    own = EncodedAccounts.joined([one for one, _, _ in parts])
    turned = EncodedAccounts.joined([one for _, one, _ in parts])
    own_numbers = np.concatenate([one for _, _, one in parts])
    return EncodedSegment(own.units, own.starts, turned.units, turned.starts, own_numbers.ravel())


def _packed(accounts: Sequence[ProtectedAccount]) -> tuple[EncodedAccounts, EncodedAccounts, NDArray[np.float64]]:
    views = [View(account) for account in accounts]
    own_numbers = numeric.rows(views)
    own = encode(views, turned=False)
    return own, encode([view.turned for view in views], turned=True), own_numbers


@cache
def made_by() -> str:
    """Return the digest of all that encoded accounts depend on beside the accounts."""
    return digest(files("classifier"), SOURCES, LIBRARIES)


# Now, while the sources are those that run: a file must never vouch for encoded accounts with the digest of later ones.
made_by()
