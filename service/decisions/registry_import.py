"""What an import of a file would do to the registry: looked at, asked for, approved, and put into force whole.

Rules:

1. An import always takes a second admin, for nobody reads a thousand changes as carefully as one.
2. Accounts that are not in the file stay, unless whoever imports says otherwise. Then no row may be refused: an account
   would lose its protection because of a slip in its row.
3. It changes at most ``MOST`` accounts: who approves it must be able to read it. For more there is the command line.
4. The registry as it is after an approval is the one that was looked at, or nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from classifier.accounts.account import ProtectedAccount, canonical, protected_from
from classifier.accounts.identity import Key, own_keys
from classifier.errors import RegistryError
from classifier.scoring.reason import Reason
from classifier.scoring.scorer import Scorer
from service.decisions.registry_preview import Pair, Preview, changed_fields, does, preview_put
from service.errors import RegistryConflictError
from service.schemas.registry import ChangedAccount, Imported, RefusedRow

MOST = 1_000
# Refused rows that are named; all are counted.
NAMED = 100


class Row(NamedTuple):
    """A row of a file: its number, and its account or why it has none."""

    number: int
    account: ProtectedAccount | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do.

    Attributes
    ----------
    name : str
        The file's.
    pairs : list of Pair
        Of each account that it changes, what is registered and what would be.
    reasons : tuple of Reason
        Why it takes a second admin: that it is an import, and what each account alone would take one for.
    unchanged : int
        Accounts of the file that are registered so already.
    refused : tuple of (int, str)
        Rows that are left out, and why: the first ``NAMED``.
    refused_rows : int
        All of them.
    """

    name: str
    pairs: list[Pair]
    reasons: tuple[Reason, ...]
    registry_version: str
    unchanged: int
    refused: tuple[tuple[int, str], ...]
    refused_rows: int

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about: no platform, and the file's name."""
        return "", self.name

    @property
    def is_done(self) -> bool:
        """Whether the registry is as it would be."""
        return not self.pairs

    @property
    def put(self) -> list[ProtectedAccount]:
        """What is put into the registry."""
        return [after for _, after in self.pairs if after]

    @property
    def withdraw(self) -> list[tuple[str, str]]:
        """What is withdrawn from it: platform and handle."""
        return [(before.platform, before.handle) for before, after in self.pairs if before and not after]

    def text(self) -> str:
        """Return it as JSON: what the record of a change that waits holds."""
        return json.dumps(
            {
                "import": self.name,
                "pairs": [[account and canonical(account) for account in pair] for pair in self.pairs],
                "reasons": [{"code": reason.code, "text": reason.text} for reason in self.reasons],
                "registry": self.registry_version,
                "unchanged": self.unchanged,
                "refused": self.refused,
                "refused_rows": self.refused_rows,
            },
            separators=(",", ":"),
        )

    @classmethod
    def of(cls, plain: dict[str, Any]) -> ImportPreview:
        """Return what ``text`` made, read as JSON."""
        pairs = [
            (before and protected_from(before), after and protected_from(after)) for before, after in plain["pairs"]
        ]
        reasons = tuple(Reason(reason["code"], reason["text"]) for reason in plain["reasons"])
        refused = tuple((row, message) for row, message in plain["refused"])
        return cls(
            plain["import"], pairs, reasons, plain["registry"], plain["unchanged"], refused, plain["refused_rows"]
        )

    def again(self, scorer: Scorer) -> ImportPreview:
        """Return what the same import does to the registry as it is now."""
        if scorer.registry.version == self.registry_version:
            return self
        places = set(self.withdraw)
        gone = [one for one in scorer.registry if (one.platform, one.handle) in places] if places else []
        pairs, reasons = _changes(scorer, self.put)
        pairs += [(account, None) for account in gone]
        return ImportPreview(
            self.name, pairs, _reasons(pairs, reasons), scorer.registry.version, self.unchanged, self.refused,
            self.refused_rows,
        )  # fmt: skip

    def still_holds(self, now: ImportPreview) -> bool:
        """Tell whether the import does the same now, for no further reason, as when it was looked at."""
        return self.pairs == now.pairs and set(now.reasons) <= set(self.reasons)

    def out(self, *, whole: bool) -> Imported:
        """Return it as it goes on the wire; ``whole``: with each account."""
        kinds = [does(pair) for pair in self.pairs]
        return Imported(
            added=kinds.count("add"),
            changed=kinds.count("replace"),
            withdrawn=kinds.count("withdraw"),
            unchanged=self.unchanged,
            accounts=[_account_out(pair) for pair in self.pairs] if whole else [],
            refused=[RefusedRow(row=row, message=message) for row, message in self.refused],
            refused_rows=self.refused_rows,
        )


AnyPreview = Preview | ImportPreview


def preview_of(text: str) -> AnyPreview:
    """Return what a preview's ``text`` made."""
    plain = json.loads(text)
    return ImportPreview.of(plain) if "import" in plain else Preview.of(text)


def preview_import(scorer: Scorer, name: str, rows: Iterable[Row], *, withdraw_missing: bool) -> ImportPreview:
    """Return what it does to import the rows of a file.

    Parameters
    ----------
    withdraw_missing : bool
        Whether accounts that are not in the file are protected no longer.

    Raises
    ------
    RegistryConflictError
        If rule 2 or 3 forbids it, nothing would be changed, or nothing would be left.
    """
    accounts, refused = _usable(scorer, rows)
    if refused and withdraw_missing:
        raise RegistryConflictError(
            f"row {refused[0][0]}: {refused[0][1]}. While a row is refused, nobody is withdrawn for not being in the "
            "file: correct it, or keep the accounts that are not in the file"
        )
    fresh = [account for account in accounts if _registered(scorer, account) != account]
    _require_few(len(fresh))
    pairs, reasons = _changes(scorer, fresh)
    if withdraw_missing:
        pairs += _missing(scorer, accounts, MOST - len(pairs))
    if not pairs and not refused:
        raise RegistryConflictError("nothing would change: all accounts of the file are registered so already")
    made = ImportPreview(
        name, pairs, _reasons(pairs, reasons), scorer.registry.version, len(accounts) - len(fresh),
        tuple(refused[:NAMED]), len(refused),
    )  # fmt: skip
    try:
        scorer.registry.changed(made.put, made.withdraw)
    except RegistryError as error:
        raise RegistryConflictError(error.message) from error
    return made


def _usable(scorer: Scorer, rows: Iterable[Row]) -> tuple[list[ProtectedAccount], list[tuple[int, str]]]:
    """Return the accounts of rows that can be put, and the rows that are refused: with what is wrong with each."""
    accounts: list[ProtectedAccount] = []
    refused: list[tuple[int, str]] = []
    seen: dict[Key, tuple[int, ProtectedAccount]] = {}
    for row in rows:
        if row.account is None:
            refused.append((row.number, row.message))
            continue
        known = next((seen[key] for key in own_keys(row.account) if key in seen), None)
        if known and known[1] != row.account:
            refused.append((row.number, f"the same account as row {known[0]}, but another content: keep one"))
        elif len({place for key in own_keys(row.account) for place in scorer.registry.places(key)}) > 1:
            refused.append((row.number, "its id is one protected account's and its handle another's"))
        elif not known:
            accounts.append(row.account)
            seen |= dict.fromkeys(own_keys(row.account), (row.number, row.account))
    return accounts, refused


def _changes(scorer: Scorer, accounts: Sequence[ProtectedAccount]) -> tuple[list[Pair], list[Reason]]:
    """Return what accounts change, and what each alone would take a second admin for."""
    previews = [preview_put(scorer, account) for account in accounts]
    changing = [preview for preview in previews if not preview.is_done]
    return [pair for preview in changing for pair in preview.pairs], [
        reason for preview in changing for reason in preview.reasons
    ]


def _missing(scorer: Scorer, accounts: Sequence[ProtectedAccount], most: int) -> list[Pair]:
    """Return the registered accounts that are not in a file, and that nothing in it takes the place of."""
    kept = {key for account in accounts for key in own_keys(account)}
    gone: list[Pair] = []
    for account in scorer.registry:
        if kept.isdisjoint(own_keys(account)):
            gone.append((account, None))
            _require_few(MOST - most + len(gone))
    return gone


def _reasons(pairs: Sequence[Pair], more: Sequence[Reason]) -> tuple[Reason, ...]:
    if not pairs:
        return ()
    gone = [before for before, after in pairs if before and not after]
    withdrawn = [Reason("withdraws", f"@{account.handle} would be protected no longer.") for account in gone]
    return (Reason("import", "An import of a file takes a second admin."), *withdrawn, *more)


def _require_few(count: int) -> None:
    if count > MOST:
        raise RegistryConflictError(
            f"more than {MOST:,} accounts would change: split the file, or let an operator run "
            "'doublecheck registry import'"
        )


def _registered(scorer: Scorer, account: ProtectedAccount) -> ProtectedAccount | None:
    registry = scorer.registry
    places = (place for key in own_keys(account) for place in registry.places(key))
    return next((registry.segments[number].accounts[row] for number, row in places), None)


def _account_out(pair: Pair) -> ChangedAccount:
    account = pair[1] or pair[0]
    assert account is not None  # noqa: S101 - a change is about an account
    changes = list(changed_fields(pair))
    return ChangedAccount(does=does(pair), platform=account.platform, handle=account.handle, changes=changes)
