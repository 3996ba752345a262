"""Notices to people and tools: approvals are wanted, given or not, an answer is due, a certificate is withdrawn.

One file a step: ``settings``, ``events`` finds what is new at Doublecheck, ``send`` brings it to webhooks and mail.
"""

from service.gates.notify.notifier import Notifier
from service.gates.notify.settings import Settings


def platform(settings: Settings) -> Notifier:
    """Return what a gate's core runs."""
    return Notifier(settings)


__all__ = ["Settings", "platform"]
