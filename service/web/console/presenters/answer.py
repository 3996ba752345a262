"""The answer that fills the page: everything it shows of one check, gathered for ``_answer.html``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from classifier.accounts.account import Account, ProtectedAccount
from classifier.scoring.impact import Impact, impact, impact_level
from service.limits import Rules
from service.schemas.checks import CheckResponse
from service.schemas.reviews import CheckDetail
from service.texts.dates import number, percent
from service.texts.recorded import recorded
from service.texts.wording import gettext
from service.web.console.presenters import next_step, sentences, side_by_side
from service.web.console.presenters.case_kinds import measured_on
from service.web.console.presenters.charts import Chart, Gauge, Scale, ages, audiences, chart, gauge
from service.web.console.presenters.milder import MilderView, milder
from service.web.console.presenters.next_step import NextStep, Tone
from service.web.console.presenters.sentences import RELATION_WORDS
from service.web.console.presenters.side_by_side import Pictures, Row


@dataclass(frozen=True, slots=True)
class Share:
    """How likely one relation is: in words, and in per cent of a bar."""

    relation: str
    words: str
    width: float


@dataclass(frozen=True, slots=True)
class AnswerView:
    """All that the page shows of one check.

    Attributes
    ----------
    tone : {"refused", "needs_review", "cleared"}
        What it says now: stop, ask or go; ``word`` in a few words, empty where the headline says the same.
    asked : tuple of str
        Who acts, by which action, on which handle.
    impact : {"high", "unknown", "low"}
    audience : str
        In full; empty where the impact is known and low.
    kinds : tuple of str
        The kinds of accounts that the certificate was measured on, where it names them.
    despite : tuple of str
        What is missing for a clearance although the probability is above the threshold.
    target : str or None
        The protected account's handle.
    notes : tuple of str
        What was changed in the account's values when it was read, such as marks that turn a name around.
    facts : tuple of (str, str)
        What identifies the check, for those who look it up.
    milder : MilderView
        By when it is due, what the platform asks, and which change fits.
    """

    tone: Tone
    word: str
    headline: str
    asked: tuple[str, str, str]
    next: NextStep
    impact: Impact
    audience: str
    reasons: tuple[str, ...]
    report: str
    target: str | None
    rows: tuple[Row, ...]
    pictures: Pictures
    scales: tuple[Scale, ...]
    chart: Chart
    gauge: Gauge | None
    shares: tuple[Share, ...]
    certificate: str
    kinds: tuple[str, ...]
    despite: tuple[str, ...]
    alone: str
    alone_limits: str
    notes: tuple[str, ...]
    checked_at: datetime
    facts: tuple[tuple[str, str], ...]
    milder: MilderView


def answer_of(
    detail: CheckDetail, account: Account, target: ProtectedAccount | None, rules: Rules, *, now: datetime
) -> AnswerView:
    """Return what the page shows of a check.

    Parameters
    ----------
    account : Account
        As it was checked.
    target : ProtectedAccount or None
        The protected account in full, where there is one.
    now : datetime
        The time of the page, aware; ages count up to the time of the check.
    """
    check = detail.check
    tone, word = next_step.standing(detail, now=now, rules=rules)
    state = "held" if detail.held and detail.review.state == "open" else detail.review.state
    headline = sentences.headline(check, state, detail.review.required, policy=rules.policy)
    return AnswerView(
        tone=tone,
        word="" if word.casefold() in headline.casefold() else word,
        headline=headline,
        asked=(next_step.acting(detail), detail.action, account.handle),
        next=next_step.next_step(detail, now=now, rules=rules),
        impact=impact_level(list(impact(_known(check, account, target), rules.policy))),
        audience=sentences.audience_sentence(_known(check, account, target), rules.policy),
        reasons=tuple(recorded(reason.text) for reason in check.reasons),
        report="\n\n".join(map(_report, detail.reports or ())) or _report(detail.report),
        target=target.handle if target else None,
        rows=side_by_side.rows(account, target) if target else side_by_side.rows_alone(account),
        pictures=side_by_side.pictures(account.avatar_pdq, target.avatar_pdq if target else None),
        scales=(audiences(account, target), ages(account, target, at=check.checked_at)),
        chart=chart(check),
        gauge=gauge(check) if target and check.relation_probabilities else None,
        shares=tuple(_shares(check)),
        certificate=sentences.certificate(check.certificate),
        kinds=measured_on(check.certificate.population).kinds if check.certificate else (),
        despite=sentences.despite(check),
        alone=sentences.alone(check),
        alone_limits=sentences.alone_limits(),
        notes=tuple(map(recorded, check.notes)),
        checked_at=check.checked_at,
        facts=tuple(_facts(detail)),
        milder=milder(detail, now=now),
    )


def _known(check: CheckResponse, account: Account, target: ProtectedAccount | None) -> Account:
    """Return the account with the audience that is known of it where it IS the protected one."""
    if target is None or check.relation != "is_protected" or account.followers is not None:
        return account
    return replace(account, followers=target.followers, verified=account.verified or target.verified)


def _report(report: str | dict[str, Any] | None) -> str:
    return report if isinstance(report, str) else json.dumps(report, indent=2, ensure_ascii=False) if report else ""


def _shares(check: CheckResponse) -> Iterator[Share]:
    ranked = sorted(check.relation_probabilities.items(), key=lambda item: -item[1])
    for relation, probability in ranked:
        yield Share(RELATION_WORDS.get(relation, relation), percent(probability), round(100 * probability, 2))


def _facts(detail: CheckDetail) -> Iterator[tuple[str, str]]:
    check = detail.check
    yield gettext("Check"), str(check.check_id)
    yield gettext("Asked with the key of"), detail.caller
    if detail.external_ref:
        yield gettext("The platform's case"), detail.external_ref
    if detail.subject_url:
        yield gettext("The account is seen at"), detail.subject_url
    yield gettext("Relation"), check.relation
    yield gettext("Probability of impersonation"), percent(check.impersonation_probability)
    if check.clearing_probability is not None:
        yield gettext("Without the strongest kind of evidence"), percent(check.clearing_probability)
    yield gettext("Account snapshot"), check.account_digest
    yield gettext("Model"), check.model_id
    yield gettext("Policy"), check.policy_version
    yield gettext("Registry"), check.registry_version
    if check.entry:
        yield gettext("Entry of the log"), f"{number(check.entry.seq)}, {check.entry.hash}"
