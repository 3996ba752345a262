"""What Coop sends: an action that was decided on, or the decision of an appeal. Read strictly, after the signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from service.gates.calls import is_id

# Characters of what is handed on for people to read: of a member, and of all together.
MAX_TEXT, MAX_REPORT = 1_000, 4_000
# As the service takes an actor's name.
_ACTOR = re.compile(r"[^\x00-\x1f\x7f*]{1,200}")


class Decided(NamedTuple):
    """An action that Coop decided on.

    Attributes
    ----------
    action : str
        Coop's id of the action.
    actor : str or None
        The person who decided; ``None`` if a rule did, or nobody is named.
    report : str
        What Coop says about it, for reviewers.
    """

    account: str
    type_id: str
    action: str
    actor: str | None
    report: str


class Appealed(NamedTuple):
    """What an appeal found."""

    appeal: str
    account: str
    outcome: Literal["upheld", "overturned"]


def decided(body: Mapping[str, Any]) -> Decided:
    """Read the callback of an action.

    Raises
    ------
    ValueError
        If it names no account or no action.
    """
    item, action = _object(body, "item"), _object(body, "action")
    return Decided(_account(item), _text(item, "typeId"), _id(action.get("id"), "action"), _actor(body), _report(body))


def appealed(body: Mapping[str, Any]) -> Appealed:
    """Read the callback of an appeal.

    Raises
    ------
    ValueError
        If it names no appeal, no account or no decision.
    """
    outcome: Literal["upheld", "overturned"]
    if body.get("appealDecision") == "ACCEPT":
        outcome = "overturned"
    elif body.get("appealDecision") == "REJECT":
        outcome = "upheld"
    else:
        raise ValueError("the appealDecision is neither ACCEPT nor REJECT")
    return Appealed(_id(body.get("appealId"), "appeal"), _account(_object(body, "item")), outcome)


def _actor(body: Mapping[str, Any]) -> str | None:
    """Return the person who decided. Where a rule stands beside a person, the rule may have decided: nobody."""
    email = body.get("actorEmail")
    if body.get("rules") or not isinstance(email, str):
        return None
    email = email.strip()
    return email if _ACTOR.fullmatch(email) and email.isprintable() else None


def _report(body: Mapping[str, Any]) -> str:
    said = {
        "policies": ", ".join(_names(body, "policies")),
        "rules": ", ".join(_names(body, "rules")),
        "note": _text(body, "actorNote"),
        "reason": _text(body, "decisionReason"),
    }
    lines = [f"{name}: {text}" for name, text in said.items() if text]
    return "\n".join(["Decided at Coop.", *lines])[:MAX_REPORT]


def _names(body: Mapping[str, Any], member: str) -> Iterator[str]:
    given = body.get(member)
    for one in given[:20] if isinstance(given, list) else ():
        if isinstance(one, Mapping) and (name := _text(one, "name")):
            yield name


def _account(item: Mapping[str, Any]) -> str:
    return _id(item.get("id"), "item")


def _id(value: object, what: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not is_id(value):
        raise ValueError(f"the {what} has no id that can be used")
    return value


def _object(body: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    value = body.get(member)
    if not isinstance(value, Mapping):
        raise ValueError(f"there is no {member}")
    return value


def _text(body: Mapping[str, Any], member: str) -> str:
    value = body.get(member)
    if not isinstance(value, str):
        return ""
    return value.encode(errors="replace").decode().replace("\x00", "").strip()[:MAX_TEXT]
