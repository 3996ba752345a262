"""The compiled pass over many pairs: all features of the list, one after the other.

numba has no loop over functions, so the two loops' bodies are written out from the list when this module is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.features.encoded_account import EncodedAccount, Floats, Ints
from classifier.features.feature import Feature
from classifier.features.feature_list import FEATURES
from classifier.features.pair_context import Nearness, Numbers, Pair, common
from classifier.text.edit_distance_kernel import HAS_NUMBER, STARTS_OTHERWISE
from classifier.utils.jit import compiled, helper

# Where the features of texts and those of numbers stand on the list.
OF_TEXTS = [place for place, one in enumerate(FEATURES) if one.of_texts is not None]
OF_NUMBERS = [place for place, one in enumerate(FEATURES) if one.of_numbers is not None]
OF_VALUES = [place for place, one in enumerate(FEATURES) if one.of_values is not None]


class Accounts(NamedTuple):
    """One side of pairs.

    Attributes
    ----------
    units : ndarray of int64
        Encoded accounts.
    reals : ndarray of float64
        The same memory.
    starts : ndarray of int64, shape (n_pairs,)
        Where each pair's account begins.
    """

    units: Ints
    reals: Floats
    starts: Ints


class Nearnesses(NamedTuple):
    """What ``edit_distance_kernel.compare_packed`` found of pairs, each an array of shape (n_pairs,)."""

    beyond: Floats
    spelled: Floats
    found: NDArray[np.int64]


def _written_out(functions: Sequence[Callable[..., float] | None]) -> Callable[[Any, Floats], None]:
    """Return a function that writes what each of some functions returns to the next place of a row."""
    lines = [f"    row[{place}] = feature_{place}(pair)" for place in range(len(functions))]
    scope: dict[str, Any] = {f"feature_{place}": function for place, function in enumerate(functions)}
    exec(compile("\n".join(["def write(pair, row):", *lines]), __file__, "exec"), scope)  # noqa: S102 - our own names
    written: Callable[[Any, Floats], None] = helper(scope["write"])
    return written


def _conjoined(features: Sequence[Feature]) -> Callable[[Floats], None]:
    """Return a function that writes what conjunctions say of the other values of a row into their places."""
    names = [feature.name for feature in features]
    lines, scope = ["def write(row):"], dict[str, Any]()
    for place in OF_VALUES:
        parts = ", ".join(f"row[{names.index(part)}]" for part in features[place].parts)
        lines.append(f"    row[{place}] = feature_{place}({parts})")
        scope[f"feature_{place}"] = features[place].of_values
    exec(compile("\n".join(lines), __file__, "exec"), scope)  # noqa: S102 - our own names
    written: Callable[[Floats], None] = helper(scope["write"])
    return written


_write_values = _conjoined(FEATURES)
_write_texts = _written_out([FEATURES[place].of_texts for place in OF_TEXTS])
_write_numbers = _written_out([FEATURES[place].of_numbers for place in OF_NUMBERS])


@compiled
def compare_texts(reported: Accounts, protected: Accounts, near: Nearnesses, values: Floats) -> None:
    """Write the features of texts of pairs, NaN where missing.

    Parameters
    ----------
    values : ndarray of shape (n_pairs, len(OF_TEXTS))
    """
    for row in range(reported.starts.size):
        ours = EncodedAccount(reported.units, reported.reals, reported.starts[row])
        theirs = EncodedAccount(protected.units, protected.reals, protected.starts[row])
        starts_otherwise = (near.found[row] & STARTS_OTHERWISE) != 0
        has_number = (near.found[row] & HAS_NUMBER) != 0
        nearness = Nearness(near.beyond[row], near.spelled[row], starts_otherwise, has_number)
        _write_texts(Pair(ours, theirs, nearness, common(ours, theirs)), values[row])


@compiled
def conjoin(values: Floats) -> None:
    """Write the conjunctions among all features of pairs, shape (n_pairs, n_features), whose other values are there."""
    for row in range(values.shape[0]):
        _write_values(values[row])


@compiled
def compare_numbers(reported: Floats, protected: Floats, values: Floats) -> None:
    """Write the features of numbers of pairs, NaN where missing.

    Parameters
    ----------
    reported, protected : ndarray of shape (n_pairs, numeric.WIDTH)
    values : ndarray of shape (n_pairs, len(OF_NUMBERS))
    """
    for row in range(reported.shape[0]):
        _write_numbers(Numbers(reported[row], protected[row]), values[row])
