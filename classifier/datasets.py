"""Labelled data: rows of labelled accounts read whole or not at all, and labelled pairs of simulated cases.

Pairs are cases turned into feature rows, split by identity, checked for leakage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm import tqdm

from classifier.accounts import Account, ProtectedAccount
from classifier.candidates import CandidateIndex
from classifier.errors import FileFormatError, InputError, TrainingError
from classifier.features import FEATURE_NAMES, numbers
from classifier.features.packs import of_numbers, of_texts, together
from classifier.importers import import_account
from classifier.importers.files import read_rows
from classifier.importers.rows import RawRow
from classifier.registry import Registry
from classifier.shelf import Place, Shelf, pack
from classifier.simulation import LABELS, Case
from classifier.views import View

# Further candidates of a case that are kept as "unrelated" pairs: the wrong targets to tell from the right one.
OTHERS_KEPT = 2
_CHUNK = 500
_HASHED = 10_000
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


def read_labelled_rows(path: Path, *, now: datetime, platform: str | None = None) -> Iterator[LabelledRow]:
    """Yield the rows of a CSV, JSONL or Parquet file with the account columns and others.

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
    for raw in read_rows(path):
        number += 1
        yield _labelled_row(raw, now, platform)
    if not number:
        raise FileFormatError(f"{path.name}: it has no rows")


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


def read_labelled_accounts(path: Path, *, now: datetime, platform: str | None = None) -> LabelledAccounts:
    """Read labelled accounts: the account columns, ``label`` (one of ``ACCOUNT_LABELS``) and ``source``.

    Raises
    ------
    InputError
        If there are no rows; if one cannot be read, lacks its platform, label or source, or has an unknown label; or
        if an account occurs twice: a certificate counts each once.
    """
    rows = list(read_labelled_rows(path, now=now, platform=platform))
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
    path: Path, registry: Registry, *, now: datetime, platform: str | None = None, progress: bool = False
) -> list[Case]:
    """Read labelled accounts as cases to learn from: the account columns, ``target_handle`` and ``label``.

    Raises
    ------
    InputError
        If there are no rows, or if one cannot be read, has a label that is no relation, or a target that ``registry``
        does not protect.
    """
    rows = read_labelled_rows(path, now=now, platform=platform)
    return [_case(row, registry) for row in tqdm(rows, desc="reading", unit="row", disable=not progress)]


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
        hasher = hashlib.sha256()
        for some in range(0, len(self.values), _HASHED):  # no copy of the whole
            hasher.update(np.nan_to_num(self.values[some : some + _HASHED], nan=-1e9).tobytes())
        hasher.update("\n".join([*self.labels, *self.identities, *self.families]).encode())
        return hasher.hexdigest()


def identity(account: ProtectedAccount) -> str:
    """Return the name of a protected account among identities."""
    return f"{account.platform}:{account.handle.casefold()}"


def labelled_pairs(cases: Iterable[Case], index: CandidateIndex) -> LabelledPairs:
    """Pair every case with the account it was made from and with other candidates that ``index`` finds.

    Cases of ordinary accounts were made from nobody: they are paired with candidates only. Cases are compared some
    hundred at a time, so what is kept of one is its feature rows alone.
    """
    pairing = _Pairing(index)
    parts = [pairing.pairs(chunk, first) for first, chunk in _numbered(chunks(cases)) if chunk]
    kept = [part for part in parts if len(part.labels)]
    if not kept:
        raise TrainingError("there are no cases to learn from; the registry may be empty")
    return LabelledPairs(*(np.concatenate([getattr(part, one.name) for part in kept]) for one in fields(LabelledPairs)))


def _numbered(parts: Iterable[list[Case]]) -> Iterator[tuple[int, list[Case]]]:
    first = 0
    for part in parts:
        yield first, part
        first += len(part)


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


# A pair of a case: where its protected account is, the label, and the family.
_Row = tuple[Place, str, str]


class _Pairing:
    """Makes the pairs of cases over one index, protected accounts packed once for all of them."""

    def __init__(self, index: CandidateIndex) -> None:
        self._index = index
        self._segments = [segment.accounts for segment in index.registry.segments]
        self._shelf = Shelf(self._segments)
        self._loose = lru_cache(None)(self._loose_forms)

    def pairs(self, cases: Sequence[Case], first: int) -> LabelledPairs:
        """Return the pairs of cases, which are numbered from ``first`` on."""
        views = [View(case.account) for case in cases]
        rows = [self._rows(case, found) for case, found in zip(cases, self._index.places(views), strict=True)]
        owners = np.repeat(np.arange(len(cases)), [len(own) for own in rows])
        flat = [row for own in rows for row in own]
        places = np.array([place for place, _, _ in flat], np.int64).reshape(-1, 2)
        names = [identity(case.protected) for case in cases]
        return LabelledPairs(
            self._values(views, owners, places),
            np.array([label for _, label, _ in flat], str),
            np.array([names[owner] for owner in owners.tolist()], str),
            np.array([family for _, _, family in flat], str),
            owners + first,
        )

    def _values(self, views: Sequence[View], owners: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[Any]:
        others, other_numbers, slots = self._shelf.take(places)

        def both(pair: int) -> tuple[View, View]:
            return views[owners[pair]], self._shelf.view(*places[pair].tolist())

        texts = of_texts(pack(views, turned=True), others, np.column_stack([owners, slots]), both)
        return together(texts, of_numbers(numbers.rows(views)[owners], other_numbers[slots], both))

    def _rows(self, case: Case, found: Sequence[Place]) -> list[_Row]:
        """Return the pairs of a case, that with the account it was made from first."""
        own = self._index.place_of(case.protected)
        rows: list[_Row] = [(own, case.label, case.family)] if case.family != "ordinary" else []
        return [*rows, *((other, "unrelated", f"{case.family}/other") for other in self._others(own, found))]

    def _others(self, own: Place, found: Sequence[Place]) -> list[Place]:
        """Leave out candidates that share the name or handle of the case's own: nothing could tell them apart."""
        handle, name = self._loose(own)
        distinct = (
            place for place in found if self._loose(place)[0] != handle and (not name or self._loose(place)[1] != name)
        )
        return list(islice(distinct, OTHERS_KEPT))

    def _loose_forms(self, place: Place) -> tuple[str, str]:
        view = self._shelf.view(*place)
        return view.loose_handle, view.loose_name


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
