"""Compiling what scoring needs before the first answer, half of it in another process.

After an installation nothing is compiled. The loops that find candidates and those that compare pairs take about as
long; so this process compiles the former while another compiles the latter and leaves them in the cache.
"""

from __future__ import annotations

import subprocess
import sys

from classifier.accounts.account import Account, ProtectedAccount, as_reported
from classifier.accounts.normal_forms import View
from classifier.features.compute import compute
from classifier.features.encoded_account import copied
from classifier.features.encoded_cache import encode
from classifier.features.kernel import compare_texts
from classifier.retrieval.candidate_index import CandidateIndex
from classifier.utils import jit

_PROTECTED = ProtectedAccount(platform="x", handle="adalovelace", display_name="Ada Lovelace", bio="Writes on engines")
_REPORTED = Account(platform="x", handle="adalovelace1", display_name="Ada Lov\u0435lace", bio="Message me")


def compile_ahead(index: CandidateIndex) -> bool:
    """Compile what scoring over an index needs; return whether another process took half of it.

    Nothing is started where compiled code is cached, or cannot be.
    """
    if not jit.is_missing(compare_texts):
        return False
    with jit.turn(compare_texts):  # of several processes that start at once the first compiles for all
        return jit.is_missing(compare_texts) and _compile(index)


def _compile(index: CandidateIndex) -> bool:
    program = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import compile_comparing; compile_comparing()"
    # Whatever happens to it: what it did not compile is compiled here, when it is needed.
    other = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
    try:
        index.find_many([View(_REPORTED)])
    finally:
        other.wait()
    return True


def compile_comparing() -> None:
    """Compile what compares pairs."""
    reported, protected = View(_REPORTED), View(_PROTECTED)
    compute([(reported, protected), (View(as_reported(_PROTECTED)), protected)])
    accounts = encode([protected], turned=False)
    copied(accounts.units, accounts.starts)
    accounts.units.setflags(write=False)  # as those mapped from a file are
    copied(accounts.units, accounts.starts)
