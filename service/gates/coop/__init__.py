"""The gate for Coop. ``settings`` reads what it is told, ``callbacks`` what Coop sends, ``gate`` does the rest."""

from service.gates.coop.gate import Coop
from service.gates.coop.settings import Settings

__all__ = ["Coop", "Settings", "platform"]


def platform(settings: Settings) -> Coop:
    """Return the platform that the core works for."""
    return Coop(settings)
