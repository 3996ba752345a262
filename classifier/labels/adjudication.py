"""Adjudication: which label counts where several people labelled one case.

Everybody has one vote on a case. Rules, in this order:

1. An overturned appeal outranks what was said before it of the same case.
2. A labeller's later label replaces the earlier one. Where the times are not known, or nobody is named, both count:
   whoever contradicts themselves decides nothing.
3. More than half of the votes settle a case. Where some say impersonation and some do not, it takes ``CLEAR`` of them.
4. Any other case is unclear, and so is one that is settled as ``unclear``. Nobody takes a side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from classifier.labels.agreement import Agreement, Judged, measure
from classifier.labels.votes import IMPERSONATION, UNCLEAR, Vote

# Two of three. A case that people are divided on teaches noise, and a wrong "impersonation" suspends somebody genuine;
# this project's choice.
CLEAR = Fraction(2, 3)


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


def settle(votes: Sequence[Vote]) -> tuple[list[Settled], Agreement]:
    """Settle the cases by the rules above, in the order in which they first occur, and measure the agreement.

    Agreement is measured over what everybody said last, outranked labels among it: an overturned one is a disagreement.
    """
    cases: defaultdict[tuple[str | None, str, str], list[Vote]] = defaultdict(list)
    key = _keys(votes)
    for vote in votes:
        cases[key(vote)].append(vote)
    settled = [_settled(votes_of_case) for votes_of_case in cases.values()]
    judged = [
        Judged(tuple((vote.labeller, vote.label) for vote in _once(votes_of_case)), result.label)
        for votes_of_case, result in zip(cases.values(), settled, strict=True)
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
    standing = _once(
        [vote for vote in votes if vote.overturned or not any(_outranks(appeal, vote) for appeal in appeals)]
    )
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
            for replaced in [earlier for earlier in last.values() if earlier.labeller == vote.labeller]:
                if replaced.at is not None and replaced.at < vote.at:
                    del last[replaced.labeller, replaced.label]
        last.pop((vote.labeller, vote.label), None)
        last[vote.labeller, vote.label] = vote
    return list(last.values())


def _in_order(votes: Sequence[Vote]) -> list[Vote]:
    """Sort by time; those without one come first, as they were read."""
    timed = [(vote.at, index) for index, vote in enumerate(votes) if vote.at is not None]
    return [*(vote for vote in votes if vote.at is None), *(votes[index] for _, index in sorted(timed))]


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
    return [case.vote for case in settled if case.label is not None]
