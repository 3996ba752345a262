"""Settings of notices."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from service.gates.settings import GateSettings, safe_address
from service.gates.standard_webhooks import read_secret

_ADDRESS = re.compile(r"[^@\s,<>]{1,64}@[^@\s,<>]{1,255}")


def _parts(listed: str) -> list[str]:
    return [part.strip() for part in listed.split(",") if part.strip()]


def _addresses(listed: str) -> str:
    for url in _parts(listed):
        safe_address(url)
    return listed


def _mailboxes(listed: str) -> str:
    if not _parts(listed) or not all(_ADDRESS.fullmatch(one) for one in _parts(listed)):
        raise ValueError("must be mail addresses, with commas between")
    return listed


def _secret(text: str) -> str:
    read_secret(text)
    return text


class Settings(GateSettings):
    """What notices take: ``DOUBLECHECK_GATE_NOTIFY_WEBHOOKS`` and so on. The key needs the role auditor only."""

    gate_notify_webhooks: Annotated[str, AfterValidator(_addresses)] = Field(
        "", description="Addresses that take notices, with commas between."
    )
    gate_notify_secret: Annotated[str, AfterValidator(_secret)] | None = Field(
        None, repr=False, description="Secret of their signatures: whsec_ and base64 of 24 to 64 random bytes."
    )
    gate_notify_smtp: str | None = Field(
        None, pattern=r"^[^:/@\s]+:[0-9]{1,5}$", description="Mail server that takes mail over TLS: host:port."
    )
    gate_notify_smtp_user: str | None = Field(None, description="User there, if it takes one.")
    gate_notify_smtp_password: str | None = Field(None, repr=False, description="That user's password.")
    gate_notify_from: Annotated[str, AfterValidator(_mailboxes)] | None = Field(None, description="Sender of mail.")
    gate_notify_to: Annotated[str, AfterValidator(_mailboxes)] | None = Field(
        None, description="Who gets mail: addresses with commas between."
    )
    gate_notify_console: Annotated[str, AfterValidator(safe_address)] | None = Field(
        None, description="Address of the console, for links; by default that of the service."
    )
    gate_notify_hours: float = Field(
        4.0, gt=0, le=24 * 90, description="Hours before an answer is due, at which a reminder is sent."
    )
    gate_notify_names: bool = Field(
        False, description="Whether notices name the reported account. They hold no personal data without."
    )

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if self.gate_notify_webhooks and self.gate_notify_secret is None:
            raise ValueError("DOUBLECHECK_GATE_NOTIFY_SECRET: is required where webhooks are named")
        mail = (self.gate_notify_smtp, self.gate_notify_from, self.gate_notify_to)
        if any(mail) and not all(mail):
            raise ValueError("DOUBLECHECK_GATE_NOTIFY_SMTP, _FROM and _TO go together: give all three, or none")
        if not self.gate_notify_webhooks and not any(mail):
            raise ValueError("name DOUBLECHECK_GATE_NOTIFY_WEBHOOKS, or a mail server: else nobody is told anything")
        return self

    def webhooks(self) -> list[str]:
        """Return the addresses that take notices."""
        return _parts(self.gate_notify_webhooks)

    def recipients(self) -> list[str]:
        """Return who gets mail."""
        return _parts(self.gate_notify_to or "")

    def console(self) -> str:
        """Return where people answer."""
        return self.gate_notify_console or self.url
