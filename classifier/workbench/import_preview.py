"""What an import would do to the registry that is there: printed before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from classifier.accounts.account import ProtectedAccount, as_reported
from classifier.errors import DoublecheckError
from classifier.registry.changes import weakened
from classifier.registry.differences import differences, replaced
from classifier.registry.registry import Registry
from classifier.scoring.resemblance import newly_resembled
from classifier.scoring.scorer import Scorer

# Accounts that are named of each kind, and new ones that are compared with those registered before: a million would
# take as long as a batch.
NAMED, COMPARED = 10, 1_000


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do.

    Attributes
    ----------
    withdrawn : list of ProtectedAccount
        Those that are not recognised any more.
    weaker : list of (ProtectedAccount, tuple of str)
        Those of which less would be registered, and the fields by which they would identify or protect less.
    added : list of ProtectedAccount
        Those that take nobody's place.
    """

    withdrawn: list[ProtectedAccount]
    weaker: list[tuple[ProtectedAccount, tuple[str, ...]]]
    added: list[ProtectedAccount]

    @classmethod
    def of(cls, before: Registry, after: Registry) -> ImportPreview:
        """Compare two registries."""
        gone, fresh = differences(before, after)
        pairs = replaced(gone, fresh)
        known = {id(account) for _, account in pairs}
        weaker = [(old, fields) for old, new in pairs if (fields := weakened(old, new))]
        withdrawn = [account for account in gone if after.identify(as_reported(account)) is None]
        return cls(withdrawn, weaker, [account for account in fresh if id(account) not in known])

    def lines(self, scorer: Callable[[], Scorer]) -> Iterator[str]:
        """Yield what is worth a look, as lines; ``scorer`` gives one over the registry before."""
        yield from _listed("withdrawn", [_name(account) for account in self.withdrawn])
        weaker = [f"{_name(account)} ({', '.join(fields).replace('_', ' ')})" for account, fields in self.weaker]
        yield from _listed("replaced by what identifies or protects less", weaker)
        yield from _listed("added that resemble protected accounts", self._resembling(scorer))
        if len(self.added) > COMPARED:
            yield f"of {len(self.added):,} added, the first {COMPARED:,} were compared with those registered before"

    def _resembling(self, scorer: Callable[[], Scorer]) -> list[str]:
        if not self.added:
            return []
        try:
            asked = scorer()
        except DoublecheckError:  # no model, no resemblance: what is imported is the operator's affair all the same
            return []
        found = ((account, newly_resembled(asked, None, account)) for account in self.added[:COMPARED])
        return [f"{_name(account)} (as {', '.join(map(_name, others))})" for account, others in found if others]


def _listed(what: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
        yield f"{len(names):,} {what}: {', '.join(names[:NAMED])}{more}"


def _name(account: ProtectedAccount) -> str:
    return f"@{account.handle} ({account.platform})"
