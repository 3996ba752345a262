"""The gate in front of Bluesky's Ozone: polls impersonation reports, holds the account, takes down with a clearance.

Reading order: ``settings``, ``names`` (what Ozone calls things), ``wire`` (a session at the PDS, and calls through it),
``events`` (what the gate writes), ``reports`` (what it reads, and takes on), ``told`` (what it says of each case),
``detective`` (what others did: takedowns, reversals, appeals), ``protection`` (the setting that makes the hold hold),
``verifications`` (who is protected), ``ozone`` (all of it, as the core calls it).
"""

from __future__ import annotations

from service.gates.ozone.ozone import Ozone
from service.gates.ozone.settings import Settings
from service.gates.ozone.verifications import save_verifications

__all__ = ["Ozone", "Settings", "platform", "save_verifications"]


def platform(settings: Settings) -> Ozone:
    """Return the platform that the settings name."""
    return Ozone(settings)
