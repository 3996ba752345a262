"""Reports of Mastodon: which are about impersonation, and how they become cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from service.gates.book import Book
from service.gates.case import Case
from service.gates.errors import NeverError
from service.gates.mastodon.accounts import handle_of, is_remote
from service.gates.mastodon.settings import Settings

_RESOLVED = "resolved:"


class Report(NamedTuple):
    """What the gate reads of a report. Who reported stays out."""

    number: str
    account: str
    comment: str
    actor: str | None
    rules: frozenset[str]
    is_resolved: bool
    is_remote: bool

    @property
    def ref(self) -> str:
        """Its name as a case."""
        return f"report-{self.number}"

    @classmethod
    def read(cls, given: Any, domain: str) -> Report:
        """Read a report as moderators see it.

        Raises
        ------
        ValueError
            If it is none.
        """
        found = given if isinstance(given, Mapping) else {}
        target = found.get("target_account")
        if not isinstance(target, Mapping) or not _is_id(found.get("id")) or not _is_id(target.get("id")):
            raise ValueError("no report that can be read")
        rules = [rule.get("id") for rule in found.get("rules") or () if isinstance(rule, Mapping)]
        return cls(
            number=str(found["id"]),
            account=str(target["id"]),
            comment=str(found.get("comment") or "").strip(),
            actor=_person(found.get("assigned_account"), domain),
            rules=frozenset(str(rule) for rule in rules),
            is_resolved=found.get("action_taken") is True,
            is_remote=is_remote(target, domain),
        )


def take_on(report: Report, book: Book, settings: Settings) -> None:
    """Write a report down, if it is open and about impersonation. Several of one account are one case."""
    if report.is_resolved:
        book.set_mark(_RESOLVED + report.ref, "yes")
    elif report.rules & settings.rules() and not book.mark(_RESOLVED + report.ref):
        case = Case(report.ref, report.account, settings.gate_mastodon_action, report.actor)
        case.reports = [report.comment] if report.comment else []
        case.extra = {"report": report.number} | ({"only_approved": True} if report.is_remote else {})
        book.take_on_report(case)


def take_on_open(report: Report, book: Book, settings: Settings) -> None:
    """As ``take_on``, of a report that is open at the server now, which a delivery cannot say."""
    if book.mark(_RESOLVED + report.ref):
        book.set_mark(_RESOLVED + report.ref, "")
    take_on(report, book, settings)
    entry = book.find(report.ref)
    if entry is None or entry.case.state != "joined" or not entry.case.extra.get("late"):
        return
    if all(other.case.is_over or other.case.state == "raised" for other in book.of_account(report.account)):
        entry.case.extra["late"] = False  # the case that it joined is over, and nobody has read this one
        entry.case.state, entry.case.why = "new", ""
        book.save(entry.case)


def gather(case: Case, book: Book) -> None:
    """Add to a case that is to be checked what others reported of the account.

    Raises
    ------
    NeverError
        If somebody resolved all of it at the server since.
    """
    entry = book.find(case.ref)
    number = entry.number if entry else 0
    joined = [
        other.case
        for other in reversed(book.of_account(case.account))
        if other.case.state == "joined" and other.number > number
    ]
    if all(book.mark(_RESOLVED + one.ref) for one in (case, *joined)):
        raise NeverError("The report was resolved at Mastodon without this gate, so that nothing is done.")
    if case.state == "new":
        case.add(text for one in joined for text in one.reports)


def _person(account: Any, domain: str) -> str | None:
    """Return how a moderator is called here: the handle with its domain, or the server's id."""
    if not isinstance(account, Mapping):
        return None
    public = account.get("account")
    name = account.get("username") or (public.get("acct") if isinstance(public, Mapping) else None)
    if isinstance(name, str) and name.strip("@ "):
        return handle_of(name, account.get("domain") or domain)
    return str(account["id"]) if _is_id(account.get("id")) else None


def _is_id(value: Any) -> bool:
    return (
        isinstance(value, str | int) and not isinstance(value, bool) and str(value).isascii() and str(value).isalnum()
    )
