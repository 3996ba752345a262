"""The gate for any platform: signed webhooks in and out. ``messages`` reads what comes, ``gate`` does the rest."""

from service.gates.webhook.gate import Webhook
from service.gates.webhook.settings import Settings

__all__ = ["Settings", "Webhook", "platform"]


def platform(settings: Settings) -> Webhook:
    """Return the platform that the core works for."""
    return Webhook(settings)
