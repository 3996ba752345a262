"""Sending notices: to webhooks, signed, and by mail over TLS."""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage

from service.gates.calls import Caller
from service.gates.errors import LaterError
from service.gates.notify.events import SUBJECTS, Event
from service.gates.notify.settings import Settings
from service.gates.standard_webhooks import headers, read_secret

# Seconds that a mail server may take for each step.
SMTP_SECONDS = 10.0
Connect = Callable[..., smtplib.SMTP]


def to_webhook(event: Event, url: str, settings: Settings, now: float) -> None:
    """Send an event to an address; whoever gets it twice knows it by its ``webhook-id``.

    Raises
    ------
    LaterError
        If it is not taken now.
    """
    told = datetime.fromtimestamp(now, UTC).isoformat()
    body = json.dumps({"type": event.kind, "timestamp": told, "data": event.data}).encode()
    signed = headers(read_secret(settings.gate_notify_secret or ""), event.id, now, body)
    with closing(Caller("a webhook of notices", url)) as caller:
        answer = caller.send("POST", url, headers=signed | {"Content-Type": "application/json"}, body=body)
    if answer.status >= 300:
        raise LaterError(f"a webhook of notices answers with {answer.status}")


def by_mail(event: Event, to: str, settings: Settings, connect: Connect = smtplib.SMTP) -> None:
    """Send an event to a mailbox.

    Raises
    ------
    LaterError
        If the server does not take it now.
    """
    host, _, port = (settings.gate_notify_smtp or "").rpartition(":")
    try:
        with connect(host, int(port), timeout=SMTP_SECONDS) as server:
            server.starttls(context=ssl.create_default_context())
            if settings.gate_notify_smtp_user:
                server.login(settings.gate_notify_smtp_user, settings.gate_notify_smtp_password or "")
            server.send_message(written(event, to, settings))
    except (OSError, smtplib.SMTPException) as error:
        raise LaterError(f"the mail server does not take a notice ({type(error).__name__})") from None


def written(event: Event, to: str, settings: Settings) -> EmailMessage:
    """Return the mail about an event."""
    message = EmailMessage()
    message["Subject"] = SUBJECTS[event.kind]
    message["From"], message["To"] = settings.gate_notify_from, to
    message["Message-ID"] = f"<{event.id.replace(':', '.')}@doublecheck>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in event.data.items() if value is not None]
    message.set_content("\n".join([SUBJECTS[event.kind].removeprefix("Doublecheck: ").capitalize() + ".", "", *lines]))
    return message
