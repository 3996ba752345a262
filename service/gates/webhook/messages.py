"""What a platform sends: an action that somebody asks for, or the decision of an appeal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from service.gates.calls import is_id
from service.gates.profiles import DETECTED, FORMAT_NAMES


def _usable(value: str) -> str:
    if not is_id(value):
        raise ValueError("must be 1 to 512 visible characters")
    return value


def _known(value: str) -> str:
    if value not in FORMAT_NAMES:
        raise ValueError(f"must be one of {', '.join(FORMAT_NAMES)}")
    return value


Id = Annotated[str, AfterValidator(_usable)]
Actor = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f*]+$"), AfterValidator(_usable)]
Text = Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"^[^\x00]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Requested(_Strict):
    """Somebody asks for an action.

    Attributes
    ----------
    ref : str
        What the platform calls the case: at most 300 characters. Sent twice it is one case.
    actor : str or None
        The person who asks; nobody: a triage.
    account : dict or None
        The profile, where the gate cannot read it.
    profile_url : str or None
        Where to read this profile, in place of the setting's address; of the same host.
    """

    ref: Annotated[Id, Field(max_length=300)]
    account_id: Id
    action: Literal["suspend", "deactivate", "delete"]
    actor: Actor | None = None
    format: Annotated[str, AfterValidator(_known)] = DETECTED
    account: dict[str, Any] | None = None
    profile_url: Annotated[str, Field(max_length=2_000)] | None = None
    reports: Annotated[list[Text], Field(max_length=50)] = Field(default_factory=list)


class AppealDecided(_Strict):
    """What an appeal found.

    Attributes
    ----------
    appeal : str
        What the platform calls the appeal.
    actor : str or None
        Who decided it.
    """

    appeal: Annotated[Id, Field(max_length=300)]
    account_id: Id
    outcome: Literal["upheld", "overturned"]
    note: Annotated[str, Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")] = (
        "The platform decided the appeal."
    )
    actor: Actor | None = None


_KINDS: Mapping[str, type[Requested] | type[AppealDecided]] = {
    "action.requested": Requested,
    "appeal.decided": AppealDecided,
}


def read_message(body: Mapping[str, Any]) -> Requested | AppealDecided:
    """Return what a message says.

    Raises
    ------
    ValueError
        If it is none of those; the message names the member at fault, and quotes nothing.
    """
    kind, data = _KINDS.get(str(body.get("type"))), body.get("data")
    if kind is None:
        raise ValueError(f"type: must be one of {', '.join(_KINDS)}")
    if not isinstance(data, Mapping):
        raise ValueError("data: must be an object")
    try:
        return kind.model_validate(dict(data))
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        where = fault["loc"][0] if fault["type"] != "extra_forbidden" else "a member that is not known"
        raise ValueError(f"{where}: {fault['msg'].removeprefix('Value error, ')}") from None
