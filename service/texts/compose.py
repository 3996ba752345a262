"""Whole texts out of codes: a notice to the person or the reporter, a demand, an answer to a complaint. Pure.

Rules:

1. No personal data of others: a text names the reported account's handle and the protected account's handle, both of
   which are public, and nobody else.
2. What is told is what was done, and a check that is still open tells nobody what it found.
3. A reporter is told how the accounts compare, and nothing of the reported account's standing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from classifier.platform_rules.demands import DemandKind
from service.texts.catalogue import DEFAULT, Catalogue, Direction

Reader = Literal["person", "reporter"]
Done = Literal["suspend", "deactivate", "delete", "require_change", "overturned", "lifted", "nothing", "open"]
Why = Literal["impersonation", "parody", "unrelated", "none", "fine", "unsure"]
AppealEvent = Literal["received", "lifted", "upheld", "overturned"]
About = Literal["action", "decline"]
Found = Literal["namesake", "authorised", "parody", "hijacked", "target_wrong", "impersonation"]
# What is not decided: of that nobody is told what was found, or how to complain.
_UNDECIDED: frozenset[Done] = frozenset({"open", "lifted"})
# Whoever appealed knows of the appeal, and nobody else is told of it.
_LIFTED: dict[Reader, str] = {"person": "appeal_lifted", "reporter": "reporter_open"}
# What was done to the account and can be put right by the person.
_RESTRICTED: frozenset[Done] = frozenset({"suspend", "deactivate", "require_change"})
_CURES = {
    "cure_handle": frozenset({"handle_alike", "handle_nothing_else", "letters", "claim"}),
    "cure_name": frozenset({"name_alike", "name_nothing_else", "letters", "claim", "role"}),
    "cure_picture": frozenset({"picture_alike", "no_picture"}),
    "cure_bio": frozenset({"bio_alike", "bio_names", "bio_words", "speaks", "asks", "link"}),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice is about, by code.

    Attributes
    ----------
    handle, target : str
        Of the reported account, and of the account that it resembles, without a sign before it; the latter ``None``
        where none is named.
    done : Done
        What was done to the account.
    why : Why or None
        ``None`` where nothing is said of it.
    facts : tuple of str
        As ``facts.facts`` returns them; told only where a target is named.
    people : int
        How many people looked at the result before it was acted on.
    complaint_url : str or None
        Where to complain; ``None``: by a reply.
    code : str or None
        What the page where to complain asks for; ``None`` where it asks for nothing.
    """

    handle: str
    done: Done
    why: Why | None = None
    target: str | None = None
    facts: tuple[str, ...] = ()
    people: int = 0
    complaint_url: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A text in one language, and its parts. ``text`` has paragraphs with an empty line between."""

    language: str
    direction: Direction
    subject: str
    text: str
    facts: tuple[str, ...] = field(default=())
    cure: str | None = None
    complain: str | None = None


def notice_to(reader: Reader, told: Told, language: str = DEFAULT) -> Written:
    """Return what somebody is told of a check.

    Raises
    ------
    UnknownLanguageError

    Examples
    --------
    >>> print(notice_to("person", Told("jane_r0e", "suspend", "impersonation", "JaneRoe")).text.splitlines()[0])
    We suspended your account @jane_r0e. It looks so much like @JaneRoe that people may mix the two up.
    """
    catalogue = Catalogue.of(language)
    names = {"handle": f"@{told.handle}", "target": f"@{told.target}"}
    facts = tuple(catalogue.say(f"fact_{code}", **names) for code in told.facts) if told.target else ()
    cure = " ".join(catalogue.say(code, **names) for code in _cures(reader, told)) or None
    is_right_now = reader == "person" and told.done == "overturned"  # nothing is left to complain about
    complain = None if is_right_now or told.done in _UNDECIDED else _complain(catalogue, told.complaint_url, told.code)
    opening = [catalogue.say(_LIFTED[reader] if told.done == "lifted" else f"{reader}_{told.done}", **names)]
    if told.why:
        opening.append(catalogue.say(f"why_{told.why}", **names))
    machine = catalogue.say("machine_people" if told.people else "machine_alone")
    paragraphs = (
        " ".join(opening),
        _listed(catalogue.say("facts_intro"), facts) if facts else None,
        cure,
        complain,
        None if told.done in _UNDECIDED else machine,
    )
    subject = catalogue.say(f"subject_{reader}", **names)
    return Written(catalogue.language, catalogue.direction, subject, _joined(paragraphs), facts, cure, complain)


def demand_text(
    kinds: Sequence[DemandKind],
    due_at: datetime,
    language: str = DEFAULT,
    *,
    complaint_url: str | None = None,
    code: str | None = None,
) -> Written:
    """Return what the person behind an account is asked to change, and until when.

    Raises
    ------
    UnknownLanguageError
    """
    catalogue = Catalogue.of(language)
    points = tuple(catalogue.say(f"demand_{kind}") for kind in kinds)
    complain = _complain(catalogue, complaint_url, code)
    paragraphs = (
        _listed(catalogue.say("demand_intro", due=catalogue.date(due_at)), points),
        catalogue.say("demand_after"),
        complain,
    )
    subject = catalogue.say("subject_demand")
    return Written(
        catalogue.language, catalogue.direction, subject, _joined(paragraphs), points, " ".join(points), complain
    )


def appeal_text(
    event: AppealEvent,
    about: About,
    handle: str,
    language: str = DEFAULT,
    *,
    reason: Found | None = None,
    due_at: datetime | None = None,
) -> Written:
    """Return what whoever complained is told of the complaint.

    Parameters
    ----------
    event : AppealEvent
        What happened to it; ``"lifted"``: the action was lifted until it is decided.
    about : About
        An action on the account, or that none was taken on a report of it.
    reason : Found or None
        What was found, where it is decided.
    due_at : datetime or None
        Until when it will be decided, where it was received.

    Raises
    ------
    UnknownLanguageError

    Examples
    --------
    >>> appeal_text("upheld", "action", "jane_r0e", reason="impersonation").text
    'We looked at it again. Our action against @jane_r0e stands. The account pretends to be someone else.'
    """
    catalogue = Catalogue.of(language)
    key = "appeal_lifted" if event == "lifted" else f"appeal_{event}_{about}"
    said = [catalogue.say(key, handle=f"@{handle}")]
    if event == "received":
        said.append(catalogue.say("appeal_another_person"))
    if event == "received" and due_at:
        said.append(catalogue.say("appeal_due", due=catalogue.date(due_at)))
    if reason and event in {"upheld", "overturned"}:
        said.append(catalogue.say(f"reason_{reason}"))
    subject = catalogue.say("subject_appeal", handle=f"@{handle}")
    return Written(catalogue.language, catalogue.direction, subject, " ".join(said))


def _cures(reader: Reader, told: Told) -> Iterator[str]:
    """Yield the texts of what would put it right: for the person, what to change; for the reporter, what to send."""
    if reader == "reporter":
        if told.done == "nothing":
            yield "cure_report"
        return
    if told.done in _RESTRICTED and told.target:
        yield from (code for code, facts in _CURES.items() if facts.intersection(told.facts))
        yield "cure_label"
    if told.done in _RESTRICTED or told.done == "delete":
        yield "cure_prove"


def _complain(catalogue: Catalogue, url: str | None, code: str | None) -> str:
    if not url:
        return catalogue.say("complain_reply")
    said = catalogue.say("complain_url", url=url)
    return f"{said}\n{catalogue.say('complain_code', code=code)}" if code else said


def _listed(intro: str, points: Sequence[str]) -> str:
    return "\n".join((intro, *(f"- {point}" for point in points)))


def _joined(paragraphs: Sequence[str | None]) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
