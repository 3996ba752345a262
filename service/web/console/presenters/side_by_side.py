"""The reported and the protected account side by side, row by row. Missing is neither same nor different (R8).

References
----------
PDQ: https://github.com/facebook/ThreatExchange/tree/main/pdq
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal

from classifier.accounts.account import Account, ProtectedAccount
from service.texts.dates import number
from service.texts.wording import Message, Words, gettext, ngettext
from service.web.console.presenters.spelling_diff import Kind, Letter, Spelling, compare, hidden, scripts_in_words
from service.web.console.presenters.words import WORDS

Mark = Literal["same", "alike", "differs", "unknown", "alone"]
SHOWN_TEXT = 600  # characters of a bio: four times what X allows
SHOWN_ITEMS = 8
# Bits within which two hashes are of one picture: PDQ_CONFIDENT_MATCH_THRESHOLD of ThreatExchange's pdq_utils.py.
SIMILAR_BITS = 31
GRID = 16  # PDQ's bits are the signs of 16 x 16 cosines

_MARK_WORDS: Mapping[Mark, str] = Words(
    {
        "same": "same",
        "alike": "looks alike",
        "differs": "differs",
        "unknown": "not known",
        "alone": "not compared",
    }
)
_SPELLED: Mapping[Kind, tuple[Mark, str]] = Words(
    {
        "same": ("same", Message("same")),
        "case": ("differs", Message("only the case differs")),
        "accents": ("differs", Message("only accents or the like differ")),
        "alike": ("alike", Message("looks alike, is not the same")),
        "differs": ("differs", Message("differs")),
    }
)

_NAMES = {"Handle", "Display name"}
_LONG = {"Bio", "Links"}
_MONO = {"Handle", "Platform's id", "Links", "Former handles"}
Run = tuple[str, str]  # what is shown, and its name where it cannot be seen


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a spelling on one side; kind says how the other side differs."""

    kind: Kind
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One side of a row: entries of pieces, and what is left out of them in words."""

    entries: tuple[tuple[Piece, ...], ...] = ()
    left_out: str = ""
    scripts: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: both sides, and how they compare in a mark and in words."""

    label: str
    reported: Cell
    protected: Cell
    mark: Mark
    words: str
    letters: tuple[Letter, ...] = ()
    more_letters: int = 0
    styled: str = ""

    @property
    def is_spelled(self) -> bool:
        """Whether single letters decide."""
        return self.label in _NAMES

    @property
    def is_long(self) -> bool:
        """Whether it needs a line of its own where there is little room."""
        return self.label in _LONG

    @property
    def is_mono(self) -> bool:
        """Whether it is for machines as much as for people."""
        return self.label in _MONO


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A PDQ hash as the outline of its set bits in a grid of 16 by 16, and of those that differ on the other side."""

    bits: str
    differing: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Both pictures as far as they are known: nothing is ever fetched."""

    reported: Fingerprint | None
    protected: Fingerprint | None
    mark: Mark
    words: str


def rows(account: Account, target: ProtectedAccount) -> tuple[Row, ...]:
    """Return the lines of the two accounts side by side."""
    return (*_identity(account, target), *_profile(account, target), *_one_sided(account, target))


def rows_alone(account: Account) -> tuple[Row, ...]:
    """Return the lines of an account that resembles no protected one."""
    values: dict[str, tuple[str, ...]] = {
        Message("Handle"): (account.handle,),
        Message("Display name"): _entries(account.display_name),
        Message("Platform"): _entries(account.platform),
        Message("Platform's id"): _entries(account.account_id),
        Message("Verified"): _entries(_check(account)),
        Message("Bio"): _entries(account.bio),
        Message("Links"): account.links,
        Message("Location"): _entries(account.location),
    } | {label: values for label, values in _renaming(account).items() if values}
    return tuple(Row(label, _scripted(label, found), Cell(), "alone", "") for label, found in values.items())


def _renaming(account: Account) -> dict[str, tuple[str, ...]]:
    return {Message("Former handles"): account.former_handles, Message("Renamed"): _entries(_day(account.renamed_at))}


def _day(at: datetime | None) -> str | None:
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%d}"


def _scripted(label: str, values: tuple[str, ...]) -> Cell:
    named = scripts_in_words("".join(values)) if label in _NAMES else ""
    return replace(_cell(values), scripts=named)


def _identity(account: Account, target: ProtectedAccount) -> Iterator[Row]:
    yield _spelled("Handle", account.handle, target.handle)
    yield _spelled("Display name", account.display_name, target.display_name)
    yield _compared("Platform", account.platform, target.platform)
    yield _compared("Platform's id", account.account_id, target.account_id)
    yield _compared("Verified", _check(account), _check(target))


def _profile(account: Account, target: ProtectedAccount) -> Iterator[Row]:
    yield _compared("Bio", account.bio, target.bio)
    yield _listed("Links", account.links, target.links)
    if account.former_handles or target.former_handles:
        yield _listed("Former handles", account.former_handles, target.former_handles)


def _one_sided(account: Account, target: ProtectedAccount) -> Iterator[Row]:
    ours = {
        Message("Location"): account.location and (account.location,),
        Message("Followed by the protected account"): _entries(_truth(account.followed_by_target)),
        Message("Placeholder picture"): _entries(_truth(account.default_avatar)),
        Message("Renamed"): _entries(_day(account.renamed_at)),
    }
    theirs = {
        Message("Roles"): target.roles,
        Message("Other names"): target.aliases,
        Message("Second accounts"): (*target.secondary_handles, *target.secondary_ids),
        Message("Tier"): (WORDS["tier"][target.tier],),
    }
    yield from (
        Row(label, _cell(values), Cell(), "alone", _MARK_WORDS["alone"]) for label, values in ours.items() if values
    )
    yield from (
        Row(label, Cell(), _cell(values), "alone", _MARK_WORDS["alone"]) for label, values in theirs.items() if values
    )


def _spelled(label: str, reported: str | None, protected: str | None) -> Row:
    if not reported or not protected:
        return _compared(label, reported, protected)
    spelling = compare(reported, protected)
    mark, words = _SPELLED[spelling.kind]
    letters, more = spelling.letters()
    ours, theirs = _side(spelling, reported), _side(spelling.swapped(), protected)
    return Row(label, ours, theirs, mark, words, letters, more, spelling.styled())


def _side(spelling: Spelling, whole: str) -> Cell:
    pieces = tuple(Piece(piece.kind, tuple(hidden(piece.reported))) for piece in spelling.pieces if piece.reported)
    return Cell((pieces,), _left_out(len(spelling.reported_rest)), scripts_in_words(whole))


def _compared(label: str, reported: str | None, protected: str | None) -> Row:
    mark: Mark = "differs"
    if not reported or not protected:
        mark = "unknown"
    elif reported == protected:
        mark = "same"
    return Row(
        label, _scripted(label, _entries(reported)), _scripted(label, _entries(protected)), mark, _MARK_WORDS[mark]
    )


def _listed(label: str, reported: tuple[str, ...], protected: tuple[str, ...]) -> Row:
    shared = len(set(reported) & set(protected))
    mark: Mark = "same" if set(reported) == set(protected) else "differs"
    words = _MARK_WORDS[mark]
    if shared and mark == "differs":
        words = gettext("%(count)s of them the same", count=shared)
    if not reported or not protected:
        mark, words = "unknown", _MARK_WORDS["unknown"]
    return Row(label, _cell(reported), _cell(protected), mark, words)


def _cell(values: tuple[str, ...]) -> Cell:
    entries = tuple((Piece("same", tuple(hidden(value[:SHOWN_TEXT]))),) for value in values[:SHOWN_ITEMS])
    characters = sum(max(0, len(value) - SHOWN_TEXT) for value in values[:SHOWN_ITEMS])
    parts = [_left_out(characters)] if characters else []
    if len(values) > SHOWN_ITEMS:
        parts.append(gettext("and %(count)s more, not shown", count=number(len(values) - SHOWN_ITEMS)))
    return Cell(entries, "; ".join(parts))


def _left_out(characters: int) -> str:
    if not characters:
        return ""
    return ngettext(
        "and %(count)s more character, not shown",
        "and %(count)s more characters, not shown",
        characters,
        count=number(characters),
    )


def _entries(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _check(account: Account | ProtectedAccount) -> str | None:
    """Return whether the platform vouches for an account, and what its check rests on."""
    found = _truth(account.verified)
    basis = WORDS["verification"].get(account.verification or "")
    return f"{found}, {basis}" if found and basis else found


def _truth(value: bool | None) -> str | None:
    return None if value is None else gettext("yes") if value else gettext("no")


# --- pictures --------------------------------------------------------------------------------------------------------


def pictures(reported: str | None, protected: str | None) -> Pictures:
    """Return two PDQ hashes, 64 hexadecimal digits each, drawn and compared.

    Examples
    --------
    >>> pictures("f" * 64, "f" * 63 + "0").words
    'a similar picture (differs in 4 of 256 bits)'
    """
    ours, theirs = (None if picture is None else int(picture, 16) for picture in (reported, protected))
    if ours is None or theirs is None:
        lone = [None if picture is None else Fingerprint(outline(picture), "") for picture in (ours, theirs)]
        return Pictures(lone[0], lone[1], "unknown", _MARK_WORDS["unknown"])
    apart = ours ^ theirs
    mark, words = _distance(apart.bit_count())
    differing = outline(apart)
    return Pictures(Fingerprint(outline(ours), differing), Fingerprint(outline(theirs), differing), mark, words)


def _distance(bits: int) -> tuple[Mark, str]:
    if not bits:
        return "same", gettext("the same picture")
    if bits <= SIMILAR_BITS:
        return "alike", gettext("a similar picture (differs in %(bits)s of %(all)s bits)", bits=bits, all=GRID * GRID)
    return "differs", gettext("another picture (differs in %(bits)s of %(all)s bits)", bits=bits, all=GRID * GRID)


def outline(bits: int) -> str:
    """Return an SVG path around the set bits, the highest at the top left, in units of one bit.

    Examples
    --------
    >>> outline(0b11 << 254 | 1)
    'M0 0h2v1h-2zM15 15h1v1h-1z'
    """
    drawn = []
    for row, line in enumerate(
        f"{bits:0{GRID * GRID}b}"[start : start + GRID] for start in range(0, GRID * GRID, GRID)
    ):
        column = 0
        for bit, same in groupby(line):
            width = len(list(same))
            if bit == "1":
                drawn.append(f"M{column} {row}h{width}v1h-{width}z")
            column += width
    return "".join(drawn)
