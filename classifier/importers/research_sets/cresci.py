"""The user tables of MIB, "My Information Bubble": cresci-2015 and cresci-2017.

A folder a campaign, in it ``users.csv`` with the columns of X API v1.1 user objects and ``timestamp``, ``crawled_at``,
``updated``, ``test_set_1``...; cresci-2015 has ``updated`` and ``dataset``, the folder's name. What the accounts are is
told by the folder: ``genuine_accounts.csv/users.csv``. Some campaigns write ``created_at`` as milliseconds with an "L"
behind them, and all leave flags that are false empty, which is read as unknown. Each campaign is a source of its own:
they were collected years apart, in different ways.

References
----------
http://mib.projects.iit.cnr.it/dataset.html
S. Cresci et al. (2015), "Fame for sale: efficient detection of fake Twitter followers", Decision Support Systems 80,
https://doi.org/10.1016/j.dss.2015.09.003
S. Cresci et al. (2017), "The paradigm-shift of social spambots", https://doi.org/10.1145/3041021.3055135
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.errors import FileFormatError
from classifier.importers.readers.source import read_rows
from classifier.importers.research_sets.labelled_row import PublicRow, public_row
from classifier.importers.values import is_missing

# Each campaign of a set, and whether its accounts are bought, spam or automated.
CAMPAIGNS: dict[str, dict[str, bool]] = {
    "cresci-2015": {"e13": False, "tfp": False, "fsf": True, "int": True, "twt": True},
    "cresci-2017": {
        "genuine_accounts": False, "fake_followers": True,
        "social_spambots_1": True, "social_spambots_2": True, "social_spambots_3": True,
        "traditional_spambots_1": True, "traditional_spambots_2": True, "traditional_spambots_3": True,
        "traditional_spambots_4": True,
    },
}  # fmt: skip
_COLUMNS = frozenset({"id", "screen_name", "statuses_count", "followers_count", "friends_count", "created_at"})
_OWN = frozenset({"label", "source"})


def looks_like(row: Mapping[str, Any]) -> bool:
    """Tell whether the row is of a user table that does not say itself what its accounts are."""
    return row.keys() >= _COLUMNS and not row.keys() >= _OWN


def read(path: Path, *, now: datetime, label: str | None = None) -> Iterator[PublicRow]:
    """Yield the accounts of a user table.

    Parameters
    ----------
    label : {"fake", "genuine"}, optional
        What all accounts are, where no name tells.

    Raises
    ------
    FileFormatError
        On the first row, if neither ``label`` nor the name of file or folder tells what the accounts are.
    """
    source, is_fake = _campaign(path, label)
    for raw in read_rows(path):
        yield public_row(raw, None if raw.values is None else _values(raw.values), "x-v1", is_fake, source, now)


def _campaign(path: Path, label: str | None) -> tuple[str, bool]:
    """Return source and label, by the nearest name that is a campaign's."""
    names = [part.casefold().removesuffix(".csv") for part in (path.name.split(".")[0], path.parent.name)]
    names.append(path.absolute().parent.parent.name.casefold().removesuffix(".csv"))
    for name in names:
        for set_name, campaigns in CAMPAIGNS.items():
            if name in campaigns:
                return f"{set_name}/{name}", campaigns[name]
    if label is None:
        raise FileFormatError(
            f"{path.name}: neither it nor its folder is named like a campaign of {' or '.join(CAMPAIGNS)}; "
            "give --label fake or --label genuine for what all its accounts are"
        )
    return next(name for name in (*names, "cresci") if name not in ("users", "")), label == "fake"


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    created = row.get("created_at")
    observed = next((row[name] for name in ("crawled_at", "updated") if not is_missing(row.get(name))), None)
    if isinstance(created, str) and created[-1:] == "L" and created[:-1].isdigit():
        created = int(created[:-1])
    return {**row, "created_at": created, "observed_at": observed}
