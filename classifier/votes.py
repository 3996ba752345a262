"""Votes: what somebody said that an account is to a protected one, read from files; and which label then counts.

Files are of three kinds, told by their columns:

- ``outcomes``: what ``doublecheck audit labels`` writes, with ``check_id``, ``outcome``, ``labeller`` and
  ``labelled_at``. Read whole or not at all, but for targets that the registry does not protect any more, which are
  counted: what was decided cannot be corrected, the registry has moved on;
- ``labels``: the account columns, ``target_handle``, ``label`` and, if there, ``family``, ``labeller``,
  ``labelled_at`` and ``slice``. Read whole or not at all: figures over a part would mislead, and whoever wrote the
  file can correct it;
- ``look-alikes``: both accounts side by side, ``suspended_handle`` and ``target_handle``, as sets of suspended accounts
  have them. They are other people's: every row that cannot be used is counted by reason.

Everybody has one vote on a case, which is an account with a target. Rules, in this order:

1. An overturned appeal outranks what was said before it of the same case.
2. A labeller's later label replaces the earlier one. Where the times are not known, or nobody is named, both count:
   whoever contradicts themselves decides nothing.
3. More than half of the votes settle a case; ``CLEAR`` of them where some say impersonation and some do not.
4. Any other case is unclear, and so is one that is settled as ``unclear``. It is never resolved by taking a side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from tqdm import tqdm

from classifier.accounts.account import Account
from classifier.agreement import Agreement, Judged, measure
from classifier.errors import FileFormatError, InputError
from classifier.importers.formats.fields import CLOCK_SLACK
from classifier.importers.formats.native import named as named_columns
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.results import RowError
from classifier.importers.values import moment
from classifier.labelled import LabelSource, Rows, digests, labelled_row, name_of, named, open_rows
from classifier.utils.pseudonyms import pseudonym

OUTCOMES, LABELS_FILE, LOOK_ALIKES = "outcomes", "labels", "look-alikes"
KINDS = (OUTCOMES, LABELS_FILE, LOOK_ALIKES)
IMPERSONATION, UNCLEAR = "impersonation", "unclear"
TARGET_UNKNOWN = "target_unknown"
# Two of three. A case that people are divided on teaches noise, and a wrong "impersonation" suspends somebody genuine;
# this project's choice.
CLEAR = Fraction(2, 3)
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


@dataclass(frozen=True, slots=True)
class Settled:
    """A case after everybody's vote.

    Attributes
    ----------
    vote : Vote
        The latest that says the label that counts, or the latest of all where it is unclear.
    label : str or None
        ``None`` where it is unclear.
    """

    vote: Vote
    label: str | None


# --- reading ---------------------------------------------------------------------------------------------------------


def read_votes(
    given: Sequence[Rows],
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
    sources: list[LabelSource] = []
    for place, (one, digest) in enumerate(zip(given, digests(given), strict=True)):
        rows, sample = open_rows(one)
        known = kind or _kind_of(sample[0])
        rejected: Counter[str] = Counter()
        own = _votes(rows, known, one, place, now, platform, resolve, rejected)
        found = list(tqdm(own, desc="reading labels", unit="row", disable=not progress, dynamic_ncols=True))
        source = LabelSource(name_of(one), known, len(found) + rejected.total(), len(found), rejected, digest)
        if not found:
            raise FileFormatError(f"not one row can be used: {source.line()}; check targets and labels")
        votes += found
        sources.append(source)
    return votes, tuple(sources)


def _kind_of(row: Mapping[str, Any]) -> str:
    columns = named_columns(row).keys()
    if columns >= {"check_id", "target_handle"}:
        return OUTCOMES
    return LOOK_ALIKES if columns >= {"suspended_handle", "target_handle"} else LABELS_FILE


def _votes(
    rows: Iterable[RawRow],
    kind: str,
    source: Rows,
    place: int,
    now: datetime,
    platform: str | None,
    resolve: Callable[[Vote], Vote],
    rejected: Counter[str],
) -> Iterator[Vote]:
    forgiven = _FORGIVEN[kind]
    for raw in rows:
        try:
            yield resolve(_vote(raw, source, place, now, platform))
        except InputError as error:
            reason = error.reason if isinstance(error, RowError) else error.code
            if forgiven is not None and reason not in forgiven:
                error.row = raw.number
                raise named(error, source) from error
            rejected[reason] += 1


def _vote(raw: RawRow, source: Rows, place: int, now: datetime, platform: str | None) -> Vote:
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
        at=_moment(row.given.get("labelled_at"), now),
        overturned=outcome == "overturned" and label != IMPERSONATION,
        part=_part(row.optional("slice")),
        source=place,
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


# --- settling --------------------------------------------------------------------------------------------------------


def settle(votes: Sequence[Vote]) -> tuple[list[Settled], Agreement]:
    """Settle the cases by the rules above, in the order in which they first occur, and measure the agreement.

    Agreement is measured over what everybody said last, outranked labels among it: an overturned one is a disagreement.
    """
    cases: defaultdict[tuple[str | None, str, str], list[Vote]] = defaultdict(list)
    key = _keys(votes)
    for vote in votes:
        cases[key(vote)].append(vote)
    settled = [_settled(own) for own in cases.values()]
    judged = [
        Judged(tuple((vote.labeller, vote.label) for vote in _once(own)), one.label)
        for own, one in zip(cases.values(), settled, strict=True)
    ]
    return settled, measure(judged)


def _keys(votes: Iterable[Vote]) -> Callable[[Vote], tuple[str | None, str, str]]:
    """Return what names a vote's case: by the account's id, also where a file gives the handle alone."""
    ids: defaultdict[tuple[str | None, str], set[str]] = defaultdict(set)
    for vote in votes:
        if vote.account.account_id is not None:
            ids[vote.account.platform, vote.account.handle.casefold()].add(vote.account.account_id)

    def key(vote: Vote) -> tuple[str | None, str, str]:
        account = vote.account
        known = ids.get((account.platform, account.handle.casefold()), set())
        found = account.account_id or (next(iter(known)) if len(known) == 1 else f"@{account.handle.casefold()}")
        return account.platform, found, vote.target.casefold()

    return key


def _settled(votes: Sequence[Vote]) -> Settled:
    appeals = [vote for vote in votes if vote.overturned]
    standing = _once([vote for vote in votes if vote.overturned or not any(_outranks(one, vote) for one in appeals)])
    label = majority([vote.label for vote in standing])
    saying = [vote for vote in standing if vote.label == label] or standing
    return Settled(saying[-1], label)


def _outranks(appeal: Vote, vote: Vote) -> bool:
    return appeal.at is None or vote.at is None or vote.at <= appeal.at


def _once(votes: Sequence[Vote]) -> list[Vote]:
    """Return one vote a labeller, in the order in which they were given: the last, or each label once where it is open.

    The labels of rows that name nobody may be several people's, so none replaces another.
    """
    last: dict[tuple[str, str], Vote] = {}
    for vote in _in_order(votes):
        if vote.is_named and vote.at is not None:
            for other in [one for one in last.values() if one.labeller == vote.labeller]:
                if other.at is not None and other.at < vote.at:
                    del last[other.labeller, other.label]
        last.pop((vote.labeller, vote.label), None)
        last[vote.labeller, vote.label] = vote
    return list(last.values())


def _in_order(votes: Sequence[Vote]) -> list[Vote]:
    """Sort by time; those without one come first, as they were read."""
    timed = [(vote.at, place) for place, vote in enumerate(votes) if vote.at is not None]
    return [*(vote for vote in votes if vote.at is None), *(votes[place] for _, place in sorted(timed))]


def majority(labels: Sequence[str]) -> str | None:
    """Return the label that settles a case, ``None`` where it is unclear.

    Examples
    --------
    >>> majority(["unrelated", "unrelated", "impersonation"])
    'unrelated'
    >>> majority(["impersonation", "impersonation", "impersonation", "unrelated", "unrelated"]) is None
    True
    """
    counts = Counter(labels)
    label, most = counts.most_common(1)[0]
    divided = IMPERSONATION in counts and len(counts) > 1
    enough = Fraction(most, len(labels)) >= CLEAR if divided else 2 * most > len(labels)
    return label if enough and label != UNCLEAR else None


def with_label(settled: Iterable[Settled]) -> list[Vote]:
    """Return the votes that stand for the settled cases, and nothing of unclear ones."""
    return [one.vote for one in settled if one.label is not None]
