"""Labelled data: rows of labelled accounts read whole or not at all, and labelled pairs of simulated cases.

Pairs are cases turned into feature rows, split by identity, checked for leakage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from classifier.accounts import Account, ProtectedAccount
from classifier.candidates import Candidate, CandidateIndex
from classifier.errors import FileFormatError, InputError, TrainingError
from classifier.features import FEATURE_NAMES, compute
from classifier.frames import records
from classifier.importers import import_account
from classifier.importers.files import read_rows
from classifier.importers.rows import RawRow
from classifier.registry import Registry
from classifier.simulation import LABELS, Case
from classifier.views import View

# Further candidates of a case that are kept as "unrelated" pairs: the wrong targets to tell from the right one.
OTHERS_KEPT = 2
_CHUNK = 500
# What the column ``label`` of labelled accounts may say, and whether that is bought, spam or automated.
ACCOUNT_LABELS = {"fake": True, "inauthentic": True, "genuine": False}
# A source is named in the manifest and in certificates.
SOURCE_LENGTH = 100
# The family of real labelled cases.
GIVEN = "given"


# --- labelled accounts -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of a file of labelled accounts: the account, and the columns beside it as the file has them."""

    number: int
    account: Account
    given: Mapping[str, Any]

    def text(self, column: str) -> str:
        """Return what the row says in a column that every labelled row needs.

        Raises
        ------
        InputError
            If it is empty or there is no such column.
        """
        found = self.given.get(column)
        if found is None or not str(found).strip():
            raise InputError("is empty or missing; every labelled row needs it", field=column, row=self.number)
        return str(found).strip()


def read_labelled_rows(
    source: Path | pd.DataFrame, *, now: datetime, platform: str | None = None
) -> Iterator[LabelledRow]:
    """Yield the rows of a CSV, JSONL or Parquet file, or of a DataFrame, with the account columns and others.

    Parameters
    ----------
    platform : str, optional
        For rows that name none.

    Raises
    ------
    InputError
        If there are no rows or one holds no account: figures over a part would mislead.
    """
    number = 0
    for raw in _raw_rows(source):
        number += 1
        yield _labelled_row(raw, now, platform)
    if not number:
        raise FileFormatError(f"{name_of(source)}: it has no rows")


def _raw_rows(source: Path | pd.DataFrame) -> Iterable[RawRow]:
    if isinstance(source, pd.DataFrame):
        return (RawRow(number, values) for number, values in enumerate(records(source), start=1))
    return read_rows(source)


def name_of(source: Path | pd.DataFrame) -> str:
    """Return what messages call a source of rows."""
    return "a DataFrame" if isinstance(source, pd.DataFrame) else source.name


def _labelled_row(raw: RawRow, now: datetime, platform: str | None) -> LabelledRow:
    if raw.values is None:
        raise raw.error or InputError("the row cannot be read", row=raw.number)
    imported = import_account(raw.values, "doublecheck", row_number=raw.number, now=now, default_platform=platform)
    if imported.account is None:
        raise imported.error or InputError("the row holds no account", row=raw.number)
    return LabelledRow(raw.number, imported.account, raw.values)


@dataclass(frozen=True, slots=True)
class LabelledAccounts:
    """Accounts that the head for the account alone learns from, all of length n_accounts.

    Attributes
    ----------
    labels : tuple of bool
        Whether the account is bought, spam or automated.
    sources : tuple of str
        What the account was collected with.
    """

    accounts: tuple[Account, ...]
    labels: tuple[bool, ...]
    sources: tuple[str, ...]


def read_labelled_accounts(
    source: Path | pd.DataFrame, *, now: datetime, platform: str | None = None
) -> LabelledAccounts:
    """Read labelled accounts: the account columns, ``label`` (one of ``ACCOUNT_LABELS``) and ``source``.

    Raises
    ------
    InputError
        If there are no rows; if one cannot be read, lacks its platform, label or source, or has an unknown label; or
        if an account occurs twice: a certificate counts each once.
    """
    rows = list(read_labelled_rows(source, now=now, platform=platform))
    _refuse_repeats(rows)
    labels, sources = tuple(map(_is_fake, rows)), tuple(map(_source, rows))
    return LabelledAccounts(tuple(row.account for row in rows), labels, sources)


def _refuse_repeats(rows: Iterable[LabelledRow]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.account.platform is None:  # the head answers for the platforms it learned from, and for no others
            raise InputError("is empty or missing; give it, or --platform for all", field="platform", row=row.number)
        first = seen.setdefault((row.account.platform, row.account.handle.casefold()), row.number)
        if first != row.number:
            raise InputError(f"is that of row {first} again; leave one out", field="handle", row=row.number)


def _is_fake(row: LabelledRow) -> bool:
    found = ACCOUNT_LABELS.get(row.text("label").casefold())
    if found is None:
        raise InputError(f"must be one of {', '.join(ACCOUNT_LABELS)}", field="label", row=row.number)
    return found


def _source(row: LabelledRow) -> str:
    found = row.text("source")
    if len(found) > SOURCE_LENGTH or not found.isprintable():
        message = f"must be the name of a source, of at most {SOURCE_LENGTH} printable characters"
        raise InputError(message, field="source", row=row.number)
    return found


# --- labelled cases --------------------------------------------------------------------------------------------------


def read_labelled_cases(
    source: Path | pd.DataFrame, registry: Registry, *, now: datetime, platform: str | None = None
) -> list[Case]:
    """Read labelled accounts as cases to learn from: the account columns, ``target_handle`` and ``label``.

    Raises
    ------
    InputError
        If there are no rows, or if one cannot be read, has a label that is no relation, or a target that ``registry``
        does not protect.
    """
    return [_case(row, registry) for row in read_labelled_rows(source, now=now, platform=platform)]


def _case(row: LabelledRow, registry: Registry) -> Case:
    label = row.text("label")
    if label not in LABELS:
        raise InputError(f"must be one of {', '.join(LABELS)}", field="label", row=row.number)
    target = Account(handle=row.text("target_handle"), platform=row.account.platform)
    found = registry.identify(target)
    if found is None:
        raise InputError(
            "is not in the registry; add that account to it, or give the row its platform with --platform",
            field="target_handle",
            row=row.number,
        )
    return Case(row.account, found.protected, label, GIVEN)


# --- labelled pairs --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LabelledPairs:
    """Feature rows with what is known of them, all of length n_pairs.

    Attributes
    ----------
    values : ndarray of shape (n_pairs, n_features)
    labels : ndarray of str
        "impersonation", "same_owner", "parody_or_fan" or "unrelated".
    identities : ndarray of str
        The protected account the case was made from; splits never part an identity.
    families : ndarray of str
        The family of the case; with the suffix "/other" where the pair is with another candidate.
    cases : ndarray of int
        The number of the case, rising.
    """

    values: NDArray[np.float64]
    labels: NDArray[np.str_]
    identities: NDArray[np.str_]
    families: NDArray[np.str_]
    cases: NDArray[np.int_]

    def highest(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the highest of the pairs' scores for each case, shape (n_cases,): what an account is judged by."""
        highest: NDArray[np.float64] = np.maximum.reduceat(scores, self._firsts)
        return highest

    @property
    def is_attack(self) -> NDArray[np.bool_]:
        """Whether each case is an impersonation, shape (n_cases,)."""
        is_attack: NDArray[np.bool_] = self.labels[self._firsts] == "impersonation"
        return is_attack

    @property
    def _firsts(self) -> NDArray[np.intp]:
        return np.unique(self.cases, return_index=True)[1]

    def frame(self) -> pd.DataFrame:
        """Return the pairs as a DataFrame: one column a feature, then ``label``, ``identity`` and ``family``."""
        frame = pd.DataFrame(self.values, columns=list(FEATURE_NAMES))
        return frame.assign(label=self.labels, identity=self.identities, family=self.families)

    def digest(self) -> str:
        """Return the SHA-256 of the rows, in hexadecimal."""
        hasher = hashlib.sha256(np.nan_to_num(self.values, nan=-1e9).tobytes())
        hasher.update("\n".join([*self.labels, *self.identities, *self.families]).encode())
        return hasher.hexdigest()


def identity(account: ProtectedAccount) -> str:
    """Return the name of a protected account among identities."""
    return f"{account.platform}:{account.handle.casefold()}"


def labelled_pairs(cases: Iterable[Case], index: CandidateIndex) -> LabelledPairs:
    """Pair every case with the account it was made from and with other candidates that ``index`` finds.

    Cases of ordinary accounts were made from nobody: they are paired with candidates only.
    """
    found = (own for chunk in chunks(cases) for own in _rows(chunk, index))
    rows = [(*row, number) for number, own in enumerate(found) for row in own]
    if not rows:
        raise TrainingError("there are no cases to learn from; the registry may be empty")
    pairs, *known = zip(*rows, strict=True)
    return LabelledPairs(compute(pairs), *map(np.array, known))


def split_identities(registry: Registry, sizes: Sequence[float], *, seed: int) -> list[Registry]:
    """Split a registry at random into disjoint registries.

    Parameters
    ----------
    sizes : sequence of float
        The share of each part, adding up to at most 1.

    Raises
    ------
    TrainingError
        If a part would be empty.
    """
    order = np.random.default_rng(seed).permutation(len(registry))
    ends = np.floor(np.cumsum([0.0, *sizes]) * len(registry) + 1e-9).astype(int)
    if np.any(np.diff(ends) < 1):
        raise TrainingError(f"{len(registry)} protected accounts are too few to be split; add more")
    return [Registry(registry.accounts[i] for i in order[start:end]) for start, end in pairwise(ends)]


def check_disjoint(*parts: LabelledPairs) -> None:
    """Refuse parts that share an identity.

    Raises
    ------
    TrainingError
        If an identity occurs in more than one part: what is measured on one would be known from the other.
    """
    seen: set[str] = set()
    for part in parts:
        own = set(part.identities.tolist())
        if seen & own:
            raise TrainingError(f"{len(seen & own)} identities occur in more than one split; split by identity")
        seen |= own


_Row = tuple[tuple[View, View], str, str, str]


def _rows(cases: Sequence[Case], index: CandidateIndex) -> Iterator[list[_Row]]:
    """Yield the rows of each case, that of the account it was made from first."""
    views = [View(case.account) for case in cases]
    for case, view, found in zip(cases, views, index.find_many(views), strict=True):
        name, own = identity(case.protected), index.view_of(case.protected)
        rows: list[_Row] = [((view, own), case.label, name, case.family)] if case.family != "ordinary" else []
        others = (((view, one.view), "unrelated", name, f"{case.family}/other") for one in _others(own, found))
        yield [*rows, *others]


def _others(own: View, found: Sequence[Candidate]) -> list[Candidate]:
    """Leave out candidates that share the name or handle of the case's own: nothing could tell them apart."""
    distinct = (
        c
        for c in found
        if c.view.loose_handle != own.loose_handle and (not own.loose_name or c.view.loose_name != own.loose_name)
    )
    return list(distinct)[:OTHERS_KEPT]


def chunks(cases: Iterable[Case]) -> Iterator[list[Case]]:
    """Yield the cases in lists, because finding and scoring many at once is cheaper than one by one."""
    chunk: list[Case] = []
    for case in cases:
        chunk.append(case)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
