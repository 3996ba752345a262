"""Votes: what somebody said that an account is to a protected one, read from files.

Files are of three kinds, told by their columns:

- ``outcomes``: what ``doublecheck audit labels`` writes, with ``check_id``, ``outcome``, ``labeller`` and
  ``labelled_at``. Read whole or not at all, but for targets that the registry does not protect any more, which are
  counted: what was decided cannot be corrected, the registry has moved on;
- ``labels``: the account columns, ``target_handle``, ``label`` and, if there, ``family``, ``labeller``,
  ``labelled_at`` and ``slice``. Read whole or not at all: figures over a part would mislead, and whoever wrote the
  file can correct it;
- ``look-alikes``: both accounts side by side, ``suspended_handle`` and ``target_handle``, as sets of suspended accounts
  have them. They are other people's: every row that cannot be used is counted by reason.

Everybody has one vote on a case, which is an account with a target. ``adjudication`` says which label then counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from classifier.accounts.account import Account
from classifier.errors import FileFormatError, InputError
from classifier.importers.formats.fields import CLOCK_SLACK
from classifier.importers.formats.native import named as named_columns
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.results import RowError
from classifier.importers.values import moment
from classifier.labels.sources import LabelSource, Rows, digests, labelled_row, name_of, named, open_rows
from classifier.utils.progress import bar
from classifier.utils.pseudonyms import pseudonym

OUTCOMES, LABELS_FILE, LOOK_ALIKES = "outcomes", "labels", "look-alikes"
KINDS = (OUTCOMES, LABELS_FILE, LOOK_ALIKES)
IMPERSONATION, UNCLEAR = "impersonation", "unclear"
TARGET_UNKNOWN = "target_unknown"
# The value of the column ``slice``, which is kept in the manifest.
SLICE_LENGTH = 50
# The reasons for which a row of each kind is left out; any other one refuses the file.
_FORGIVEN: Mapping[str, Collection[str] | None] = {OUTCOMES: (TARGET_UNKNOWN,), LABELS_FILE: (), LOOK_ALIKES: None}
# What sets of look-alikes call the relations.
_OTHER_WORDS = {"parody_or_supporter": "parody_or_fan"}


@dataclass(frozen=True, slots=True)
class Vote:
    """What one labeller said of one account and target.

    Attributes
    ----------
    target : str
        The handle of the protected account that the label is about.
    family : str
        What kind of case it is; the label where the file does not say.
    labeller : str
        The pseudonym of who said so, or of the file where nobody is named.
    is_named : bool
        Whether it is somebody's.
    at : datetime or None
        When it was said.
    overturned : bool
        Whether an appeal found it.
    part : str or None
        The value of the column ``slice``.
    source : int
        The place of its file among those read.
    row : int
        The 1-based row in that file.
    """

    account: Account
    target: str
    label: str
    family: str
    labeller: str
    is_named: bool
    at: datetime | None
    overturned: bool
    part: str | None
    source: int
    row: int


# --- reading ---------------------------------------------------------------------------------------------------------


def read_votes(
    sources: Sequence[Rows],
    *,
    kind: str | None = None,
    now: datetime,
    platform: str | None = None,
    resolve: Callable[[Vote], Vote] = lambda vote: vote,
    progress: bool = False,
) -> tuple[list[Vote], tuple[LabelSource, ...]]:
    """Read votes from files and DataFrames.

    Parameters
    ----------
    kind : str, optional
        One of ``KINDS`` for all files; told from the columns of each where it is not given.
    platform : str, optional
        For rows that name none.
    resolve : callable
        Returns the vote as it is to be used, or raises RowError.
    progress : bool
        Show a bar for each file on standard error.

    Raises
    ------
    InputError
        If a file cannot be read, not one row of it can be used, or a row cannot that its kind does not forgive.
    """
    if kind is not None and kind not in KINDS:
        raise FileFormatError(f"there is no such kind of labels; give one of {', '.join(KINDS)}")
    votes: list[Vote] = []
    sources_read: list[LabelSource] = []
    for index, (rows_source, digest) in enumerate(zip(sources, digests(sources), strict=True)):
        rows, sample = open_rows(rows_source)
        known = kind or _kind_of(sample[0])
        rejected: Counter[str] = Counter()
        reading = _votes(rows, known, rows_source, index, now, platform, resolve, rejected)
        found = list(bar(reading, desc="reading labels", unit="row", shown=progress))
        source = LabelSource(name_of(rows_source), known, len(found) + rejected.total(), len(found), rejected, digest)
        if not found:
            raise FileFormatError(f"not one row can be used: {source.line()}; check targets and labels")
        votes += found
        sources_read.append(source)
    return votes, tuple(sources_read)


def _kind_of(row: Mapping[str, Any]) -> str:
    columns = named_columns(row).keys()
    if columns >= {"check_id", "target_handle"}:
        return OUTCOMES
    return LOOK_ALIKES if columns >= {"suspended_handle", "target_handle"} else LABELS_FILE


def _votes(
    rows: Iterable[RawRow],
    kind: str,
    source: Rows,
    index: int,
    now: datetime,
    platform: str | None,
    resolve: Callable[[Vote], Vote],
    rejected: Counter[str],
) -> Iterator[Vote]:
    forgiven = _FORGIVEN[kind]
    for raw in rows:
        try:
            yield resolve(_vote(raw, source, index, now, platform))
        except InputError as error:
            reason = error.reason if isinstance(error, RowError) else error.code
            if forgiven is not None and reason not in forgiven:
                error.row = raw.number
                raise named(error, source) from error
            rejected[reason] += 1


def _vote(raw: RawRow, source: Rows, index: int, now: datetime, platform: str | None) -> Vote:
    row = labelled_row(raw, now=now, platform=platform)
    target, label = row.text("target_handle"), row.text("label")
    labeller, outcome = row.optional("labeller"), row.optional("outcome")
    return Vote(
        account=row.account,
        target=target.lstrip("@"),
        label=_OTHER_WORDS.get(label, label),
        family=row.optional("family") or label,
        labeller=pseudonym(labeller or name_of(source)),
        is_named=labeller is not None,
        at=_moment(row.columns.get("labelled_at"), now),
        overturned=outcome == "overturned" and label != IMPERSONATION,
        part=_part(row.optional("slice")),
        source=index,
        row=row.number,
    )


def _moment(value: object, now: datetime) -> datetime | None:
    if value is None or value == "":
        return None
    found = moment(value)
    if found is None or found > now + CLOCK_SLACK:
        message = "is no time up to now; write it as in RFC 3339, or leave it empty"
        raise RowError("labelled_at_unusable", message, field="labelled_at")
    return found


def _part(text: str | None) -> str | None:
    if text is not None and (len(text) > SLICE_LENGTH or not text.isprintable()):
        message = f"must be the name of a part, of at most {SLICE_LENGTH} printable characters"
        raise RowError("slice_unusable", message, field="slice")
    return text
