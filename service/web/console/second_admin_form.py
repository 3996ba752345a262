"""The answer of a second admin to a change, of the registry or of keys: what its form holds, and who sees it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from service.schemas.reviews import ApprovalIn
from service.web.console.forms import Form
from service.web.console.templates import Visit
from service.web.problems import FieldError

NO_REASON = FieldError(field="reason", message="say why, in a few words: it is kept with your answer")


def read_answer(form: Form) -> ApprovalIn | None:
    """Return what an admin answered, ``None`` where the reason is missing or too long."""
    try:
        return ApprovalIn.model_validate({name: form.value(name) for name in ("answer", "reason")})
    except ValidationError:
        return None


def permitted(visit: Visit, no_approval: str, no_answer: str) -> dict[str, Any]:
    """Return what a page needs to show the form.

    Parameters
    ----------
    no_approval, no_answer : str
        Why this person cannot approve, and why nobody can answer; empty where that is possible.
    """
    may_answer = visit.has("admin") and not no_answer
    return {
        "may_answer": may_answer,
        "may_approve": visit.has("admin") and not no_approval,
        "why_not": no_approval if may_answer else "",
    }
