"""Settings of gates: typed environment variables, read once; an invalid or a missing one fails at start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, TypeVar

import httpx
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import SettingsError

_S = TypeVar("_S", bound="GateSettings")
PREFIX = "DOUBLECHECK_"


def safe_address(url: str) -> str:
    """Return an address that credentials may be sent to: over TLS, or to this machine.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> safe_address("https://social.example/")
    'https://social.example'
    """
    try:
        address = httpx.URL(url.replace("{id}", "0"))
    except httpx.InvalidURL:
        raise ValueError("cannot be read as an address") from None
    if not address.host or address.scheme not in {"http", "https"}:
        raise ValueError("must begin with https:// and name a host")
    if address.scheme == "http" and address.host not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("must begin with https://: over http:// its credential can be read on the way")
    return url.rstrip("/")


def safe_template(url: str) -> str:
    """Return an address that credentials may be sent to, with ``{id}`` in its path or query.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> safe_template("https://social.example/users/{id}")
    'https://social.example/users/{id}'
    """
    if "{id}" not in url:
        raise ValueError("must have {id} where the account's id goes")
    safe_address(url)
    places = {httpx.URL(url.replace("{id}", one)).copy_with(raw_path=b"/") for one in ("0", "1")}
    address = httpx.URL(url.replace("{id}", "0"))
    if len(places) > 1 or address.userinfo or address.fragment or "{" in url.replace("{id}", ""):
        raise ValueError("must name a fixed host, and {id} once in its path or query")
    return url


def credential(value: str) -> str:
    """Return what is sent as a header: visible ASCII characters only.

    Raises
    ------
    ValueError
    """
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValueError("must be visible ASCII characters, without white space or a line's end")
    return value


class GateSettings(BaseSettings):
    """What every gate takes. ``gate_acts`` is named ``DOUBLECHECK_GATE_ACTS``, and so on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    url: str = Field(description="Address of the Doublecheck service.")
    key: str = Field(repr=False, description="The gate's API key, with the roles agent and executor.")
    gate_state: Path = Field(description="Directory of what the gate has taken on; only this gate writes to it.")
    gate_poll: float = Field(30.0, gt=0, le=3600, description="Seconds between two looks at platform and reviews.")
    gate_acts: Literal["off", "approved", "cleared"] = Field(
        "off",
        description="Whether the gate acts: off, never; approved, once two reviewers have approved; cleared, also what "
        "the policy clears at once.",
    )
    gate_actor: str | None = Field(
        None, max_length=200, description="Who acts where nobody is named: a person's or a team's account."
    )
    gate_listen: str = Field(
        "127.0.0.1:8010", pattern=r"^.+:[0-9]{1,5}$", description="Where webhooks and callbacks come in: host:port."
    )

    @field_validator("url")
    @classmethod
    def _safe(cls, url: str) -> str:
        return safe_address(url)

    def listen(self) -> tuple[str, int]:
        """Return host and port to listen on."""
        host, _, port = self.gate_listen.rpartition(":")
        return host.strip("[]"), int(port)


def load(kind: type[_S], **given: Any) -> _S:
    """Return the settings of a gate from the environment.

    Raises
    ------
    SettingsError
        If one is missing or invalid. The message names each variable at fault, and no value.
    """
    try:
        settings = kind(**given)
    except ValidationError as error:
        faults = [_named(fault) + _said(fault) for fault in error.errors()]
        raise SettingsError("; ".join(faults)) from None
    return settings.model_copy(update={"gate_state": settings.gate_state.expanduser()})


def _named(fault: Any) -> str:
    """Return the variable at fault; nothing where several do not go together, which the message then names."""
    return f"{PREFIX}{fault['loc'][0]}: ".upper() if fault["loc"] else ""


def _said(fault: Any) -> str:
    return "is required" if fault["type"] == "missing" else str(fault["msg"]).removeprefix("Value error, ")
