"""Mastodon: reports are checked, an account is suspended with a redeemed clearance, and what was without one is raised.

``settings`` reads the environment, ``api`` sends requests, ``reports`` and ``accounts`` read what comes, ``platform``
does what the core asks for, ``detective`` looks for what others did, ``missing`` says what the gate lacks.
"""

from service.gates.mastodon.platform import Mastodon, platform
from service.gates.mastodon.settings import Settings

__all__ = ["Mastodon", "Settings", "platform"]
