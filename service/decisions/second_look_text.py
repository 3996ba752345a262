"""The report of second looks as lines for people."""

from __future__ import annotations

from service.schemas.second_looks import ErrorsOut, LookReport, ResultOut


def as_text(found: LookReport) -> str:
    """Return a report as lines for people."""
    agreement, errors, seconds = found.agreement, found.errors, found.seconds
    alpha = "no certificate" if found.certified_alpha is None else f"alpha {found.certified_alpha:g}"
    lines = [
        f"drawn {found.drawn:,}, answered {found.answered:,} ({seconds.answers:,} answers)",
        *(f"  {one.result}: drawn {one.drawn:,}, answered {one.answered:,}{_said(one)}" for one in found.results),
        f"agreement with the first person: {agreement.agreed:,} of {agreement.compared:,}, share "
        f"{_figure(agreement.share)}, kappa {_figure(agreement.kappa)}",
        f"agreement of two who looked blind: {agreement.judged_twice:,} checks, alpha {_figure(agreement.alpha)}",
        f"cleared or acted on and called genuine: {_bounded(errors)} (certificate: {alpha}, of genuine accounts those "
        f"that would be cleared)",
        f"seconds from look to answer: median {_figure(seconds.median)}, nine of ten within {_figure(seconds.p90)}",
    ]
    lines += [
        f"  {one.dimension} {one.value}: drawn {one.drawn:,}, answers {one.answers:,}, agreed {one.agreed:,} of "
        f"{one.compared:,} ({_figure(one.agreement)}), genuine {_bounded(one.errors)}"
        for one in found.slices
    ]
    return "\n".join(lines) + "\n"


def _said(result: ResultOut) -> str:
    said = ", ".join(f"{relation} {n:,}" for relation, n in result.answers.items() if n)
    return f": {said}" if said else ""


def _bounded(errors: ErrorsOut) -> str:
    return f"{errors.genuine:,} of {errors.judged:,}, at most {_figure(errors.bound)} with 95 % confidence"


def _figure(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4g}"
