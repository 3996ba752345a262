"""What the first page says about a check: sentences, comparisons and bars, ready to be put into the template."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from classifier.accounts import Account
from classifier.authenticity import AUDIENCE
from classifier.policy import VerdictName
from classifier.scoring import Relation
from service.schemas.checks import AccountCheckIn, CertificateOut, CheckResponse, EvidenceOut, RawCheckIn, TargetOut

Mark = Literal["same", "differs", "unknown"]
Segments = list[tuple[str, bool]]

VERDICTS: dict[VerdictName, str] = {
    "refused": "Do not act",
    "needs_review": "Ask a second person",
    "cleared": "Cleared to act",
}
RELATION_WORDS = {
    "impersonation": "Imitates it",
    "same_owner": "Same owner",
    "parody_or_fan": "Parody or fan",
    "unrelated": "Unrelated",
}
NOT_GIVEN = "not given"
ALONE_LIMITS = (
    "This is about the account alone, whoever it may imitate. It never clears anything, and it is no proof by itself, "
    f"least of all for an account with fewer than {AUDIENCE} followers: new and hardly used genuine accounts look the "
    "same."
)
# Log-odds that fill half of a bar: e^6 is odds of 400 to 1, beyond which nobody reads a difference.
FULL_BAR = 6.0
COMPARED_LETTERS = 200
NAMED_LETTERS = 4


@dataclass(frozen=True)
class Row:
    """One line of the side-by-side table.

    Segments are pieces of text and whether the other side lacks them; letters are the names of those among them that
    pass for others.
    """

    label: str
    reported: Segments
    protected: Segments
    mark: Mark
    letters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bar:
    """One piece of evidence with its bar: start and width in units of 0 to 100, the middle is no contribution."""

    item: EvidenceOut
    start: float
    width: float

    @property
    def side(self) -> Literal["for", "against", "neither"]:
        """Which way it speaks."""
        if abs(self.item.contribution) < 0.005:  # shown as 0.00
            return "neither"
        return "for" if self.item.contribution > 0 else "against"


@dataclass(frozen=True)
class Result:
    """All that the page shows of one check."""

    response: CheckResponse
    asked: AccountCheckIn | RawCheckIn
    handle: str
    word: str
    headline: str
    probability: str
    rows: list[Row]
    bars: list[Bar]
    certificate: str
    alone: str
    next_step: str


def view(response: CheckResponse, account: Account, asked: AccountCheckIn | RawCheckIn) -> Result:
    """Return what the page shows of ``response`` to a request about ``account``."""
    return Result(
        response=response,
        asked=asked,
        handle=account.handle,
        word=VERDICTS[response.verdict],
        headline=headline(response),
        probability=percent(response.impersonation_probability),
        rows=list(compare(account, response.target)) if response.target else [],
        bars=[_bar(item) for item in response.evidence],
        certificate=_certificate(response.certificate),
        alone=alone(response),
        next_step=_next_step(response, asked),
    )


def headline(response: CheckResponse) -> str:
    """Return the answer in one plain sentence."""
    target = f"@{response.target.handle}" if response.target else "a protected account"
    codes = {reason.code for reason in response.reasons}
    if "is_protected" in codes:
        return f"This IS the protected account of {target}: do not act."
    if "declared_secondary" in codes:
        return f"This is a genuine second account of {target}: do not act."
    if "access_ended" in codes:
        return "The actor's access has ended: do not act."
    if response.verdict == "cleared":
        return f"Imitates {target}: {percent(response.impersonation_probability)}."
    if response.relation != "impersonation":
        return _RELATIONS[response.relation].format(target=target)
    if codes & {"below_threshold", "no_certificate", "certificate_withdrawn"}:
        probability = percent(response.impersonation_probability)
        return f"Seems to imitate {target}: {probability}. Not enough to act alone: ask a second person."
    if "direction_unknown" in codes:
        return f"Looks like {target}, but which is the original is not known: ask a second person."
    return f"Imitates {target}: {percent(response.impersonation_probability)}. Still, ask a second person."


def alone(response: CheckResponse) -> str:
    """Return what the account says by itself, or why it says nothing."""
    probability, flagged = response.inauthentic_probability, response.inauthentic
    if probability is None:
        return f"No answer: {response.inauthentic_reason}."
    found = f"Bought, spam or automated: {percent(probability)}, supposing as many such accounts as genuine ones."
    if flagged is None:
        return f"{found} It is not flagged: {response.inauthentic_reason}."
    side, outcome = ("above", "flagged as inauthentic") if flagged else ("not above", "not flagged")
    return f"{found} That is {side} the certified threshold: {outcome}."


def percent(probability: float) -> str:
    """Return a probability in per cent, never rounded to certainty.

    Examples
    --------
    >>> percent(0.9921), percent(0.99999), percent(0.0)
    ('99.2 %', 'above 99.9 %', 'below 0.1 %')
    """
    if probability > 0.999:
        return "above 99.9 %"
    return "below 0.1 %" if probability < 0.001 else f"{probability:.1%}".replace("%", " %")


def compare(account: Account, target: TargetOut) -> Iterator[Row]:
    """Yield the lines of the two accounts side by side."""
    for label, name, write in _COMPARED:
        reported, protected = getattr(account, name), getattr(target, name)
        left, right = write(reported), write(protected)
        mark: Mark = "unknown" if reported is None or protected is None else "same" if left == right else "differs"
        if mark == "differs" and name in _SPELLED:
            sides = _segments(left, right)
            yield Row(label, *sides, mark, letters=_foreign_letters(sides[0]))
        else:
            yield Row(label, [(left, False)], [(right, False)], mark)


def _segments(left: str, right: str) -> tuple[Segments, Segments]:
    a, b = left[:COMPARED_LETTERS], right[:COMPARED_LETTERS]
    steps = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    lefts = [(a[start:end], step != "equal") for step, start, end, _, _ in steps if start < end]
    rights = [(b[start:end], step != "equal") for step, _, _, start, end in steps if start < end]
    return [*lefts, (left[COMPARED_LETTERS:], True)], [*rights, (right[COMPARED_LETTERS:], True)]


def _foreign_letters(segments: Segments) -> tuple[str, ...]:
    different = dict.fromkeys(c for text, differs in segments for c in text if differs and not c.isascii())
    return tuple(f"{c} is {unicodedata.name(c, f'U+{ord(c):04X}').title()}" for c in different)[:NAMED_LETTERS]


def _bar(item: EvidenceOut) -> Bar:
    reach = 50 * min(abs(item.contribution), FULL_BAR) / FULL_BAR
    return Bar(item, start=round(50 - (reach if item.contribution < 0 else 0), 2), width=round(reach, 2))


def _certificate(certificate: CertificateOut | None) -> str:
    if certificate is None:
        return (
            "There is no certified threshold for accounts like this one, so nothing can be cleared by the model alone."
        )
    sure, share = 100 - 100 * certificate.delta, 100 * certificate.alpha
    return (
        f"The threshold is {100 * certificate.threshold:.2f} %. With {sure:g} % confidence at most {share:g} % of "
        f"genuine accounts score above it. That was measured on {certificate.n:,} of them that the model was not "
        f"trained on ({certificate.population}); {certificate.errors:,} did."
    )


def _next_step(response: CheckResponse, asked: AccountCheckIn | RawCheckIn) -> str:
    if response.verdict == "refused":
        return "Leave the account as it is. No approval can change this answer."
    if response.verdict == "needs_review":
        people = "another person" if response.required_approvals == 1 else f"{response.required_approvals} other people"
        return (
            f"Do not {asked.action} it yet. It needs the approval of {people}: let your tool ask for the check "
            "(POST /v1/checks), which they answer."
        )
    return (
        f"The policy allows {asked.actor.actor_id} to {asked.action} this account as it was given here. This page "
        "keeps no record and gives no clearance: let your tool ask for one (POST /v1/checks)."
    )


def _date(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d}" if value else NOT_GIVEN


def _count(value: int | None) -> str:
    return NOT_GIVEN if value is None else f"{value:,}"


def _truth(value: bool | None) -> str:
    return NOT_GIVEN if value is None else "yes" if value else "no"


_COMPARED: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("Handle", "handle", str),
    ("Display name", "display_name", lambda value: value or NOT_GIVEN),
    ("Platform", "platform", lambda value: value or NOT_GIVEN),
    ("Platform's id", "account_id", lambda value: value or NOT_GIVEN),
    ("Followers", "followers", _count),
    ("Created", "created_at", _date),
    ("Verified", "verified", _truth),
)
_SPELLED = {"handle", "display_name"}  # where single letters decide
_RELATIONS: dict[Relation, str] = {
    "same_owner": "This may be another genuine account of {target}: ask a second person.",
    "parody_or_fan": "It says that it is a parody or fan account of {target}: ask a second person.",
    "unrelated": "It resembles {target}, but not enough to imitate it: ask a second person.",
    "no_target": "It resembles no protected account: ask a second person.",
}
