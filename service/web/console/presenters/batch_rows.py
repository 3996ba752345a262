"""The rows of a batch as a page shows them, and the addresses of other pages of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from service.texts.dates import percent
from service.texts.wording import Words
from service.uploads.row_search import Row, Wanted
from service.web.console.presenters.batch_summary import VERDICTS

# How rows can be sorted, and what they can be, as people say it of one row.
SORTS: Mapping[str, str] = Words(
    {
        "row": "As in the file",
        "probability": "Probability",
        "handle": "Handle",
        "target": "Protected account",
    }
)
RELATIONS: Mapping[str, str] = Words(
    {
        "is_protected": "Is a protected account",
        "impersonation": "Imitates",
        "same_owner": "Same owner",
        "parody_or_fan": "Parody or fan",
        "unrelated": "Slight resemblance",
        "no_target": "Resembles nobody",
        "error": "Could not be read",
    }
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a row that was sent to be checked: its check's page and verdict, or why there is none."""

    row: int
    handle: str
    address: str = ""
    verdict: str = ""
    why: str = ""

    def __bool__(self) -> bool:
        """Tell whether there is a check."""
        return bool(self.address)


class Line(NamedTuple):
    """A row in words.

    Attributes
    ----------
    sign, verdict : str
        What the policy would say.
    relation, probability : str
        What it is to the protected account, and how sure that is; empty where nothing tells.
    """

    row: Row
    sign: str
    verdict: str
    relation: str
    probability: str


class Links(NamedTuple):
    """Addresses of the page that is shown and of those beside it, empty where there is none; and its query."""

    here: str
    before: str
    after: str
    pages: int
    search: str


def lines(rows: Iterable[Row]) -> list[Line]:
    """Return rows in words."""
    return [Line(row, *VERDICTS[row.verdict], RELATIONS[row.relation], _probability(row)) for row in rows]


def links(address: str, wanted: Wanted, total: int, limit: int) -> Links:
    """Return where the pages of the rows are that fit.

    Examples
    --------
    >>> found = links("/rows", Wanted(handle="roe", page=2), 60, 25)
    >>> found.here, found.before, found.after, found.pages
    ('/rows?handle=roe&page=2', '/rows?handle=roe', '/rows?handle=roe&page=3', 3)
    """
    pages = max(1, -(-total // limit))

    def page(number: int) -> str:
        return _address(address, wanted, number) if 1 <= number <= pages else ""

    here = _address(address, wanted, wanted.page)
    return Links(here, page(min(wanted.page - 1, pages)), page(wanted.page + 1), pages, query(wanted, wanted.page))


def query(wanted: Wanted, page: int) -> str:
    """Return the query of a page's address; empty where nothing is searched."""
    plain = {"sort": "row", "page": 1}
    asked = asdict(wanted) | {"page": page}
    return urlencode({name: value for name, value in asked.items() if value and plain.get(name) != value})


def _address(address: str, wanted: Wanted, page: int) -> str:
    asked = query(wanted, page)
    return f"{address}?{asked}" if asked else address


def _probability(row: Row) -> str:
    return "" if row.probability is None or row.relation == "is_protected" else percent(row.probability)
