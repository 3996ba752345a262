"""What an importer of a public set gives for each row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from classifier.accounts.account import Account
from classifier.errors import InputError
from classifier.importers.formats.detect import READERS
from classifier.importers.formats.fields import Fields
from classifier.importers.readers.raw_row import RawRow
from classifier.importers.results import RowError


class PublicRow(NamedTuple):
    """One row: an account with its label, or the error that says why there is none.

    Attributes
    ----------
    number : int
        The 1-based row.
    account : Account or None
    is_fake : bool
        Whether the set calls the account bought, spam or automated; of no meaning without an account.
    source : str
        What the account was collected with: the set, and its part where parts were collected apart.
    error : InputError or None
        Given where there is no account, and only there.
    """

    number: int
    account: Account | None
    is_fake: bool
    source: str
    error: InputError | None = None


def public_row(
    raw: RawRow,
    values: Mapping[str, Any] | None,
    format: str,  # noqa: A002 - the option's name everywhere else
    is_fake: bool | None,
    source: str,
    now: datetime,
) -> PublicRow:
    """Make an account of a row in a platform's own form.

    Parameters
    ----------
    values : mapping or None
        What the importer has made of the row; ``None`` where it holds no account.
    is_fake : bool or None
        ``None`` where the set does not label the account.
    """
    try:
        if raw.error is not None:
            raise raw.error
        if values is None:
            raise RowError("profile_missing", "the set holds no profile of this account")
        if is_fake is None:
            raise RowError("label_missing", "the set does not label this account")
        account = READERS[format](values, Fields(now))
    except RowError as error:
        error.row = raw.number
        return PublicRow(raw.number, None, False, source, error)
    return PublicRow(raw.number, account, is_fake, source)
