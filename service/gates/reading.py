"""What the service's answers and the book say about a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doublecheck_client import Reason

from service.gates.book import Book
from service.gates.case import Case
from service.gates.errors import NeverError
from service.gates.platform import Gathers, Platform, Profile


def executor(found: Mapping[str, Any]) -> str | None:
    """Return whom the approvals name to act, if all that name somebody name the same."""
    named = {
        approval["executor"]
        for approval in found["review"]["approvals"]
        if approval["counts"] and approval.get("executor")
    }
    return named.pop() if len(named) == 1 else None


def known(check_id: str | None) -> str:
    """Return a check's number, which a case has once it was checked."""
    if check_id is None:
        raise NeverError("the case has lost its check")
    return check_id


def sentences(reasons: tuple[Reason, ...]) -> str:
    """Return what reasons say to people."""
    return " ".join(reason.text for reason in reasons)


def profile_of(platform: Platform, case: Case, book: Book) -> Profile:
    """Read the account as it is now, with what the book has on the case since."""
    if isinstance(platform, Gathers):
        platform.gather(case, book)
    return platform.profile(case)


def is_done(case: Case, book: Book) -> bool:
    """Tell whether the same was done to the account in another case, since this one was taken on."""
    mine = book.find(case.ref)
    return mine is not None and any(
        other.case.ref != case.ref
        and other.case.action == case.action
        and other.case.state in {"redeemed", "acted", "done"}
        and other.changed_at > mine.made_at
        for other in book.of_account(case.account)
    )
