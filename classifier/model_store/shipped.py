"""The default model, which ships with the package: what an empty home serves, without training and without a key.

It is what ``doublecheck train`` makes without arguments, with the versions of ``requirements.lock``. Its manifest is
trusted because its digest stands here; every other model is trusted by a signature of the home's keys. Maintainers
replace it, and the digest, with ``python -m tests.ship_default_model``.
"""

from __future__ import annotations

from pathlib import Path

# The SHA-256 of the manifest in DIRECTORY; its beginning is the id of the model.
DEFAULT_MODEL = "6dedfb9e3599681ec18d033abb110e14bdf6359b240c828c1b8712206b7a8b2b"
DIRECTORY = Path(__file__).parent / "default"


def default_id() -> str:
    """Return the id of the default model.

    Examples
    --------
    >>> len(default_id())
    16
    """
    return DEFAULT_MODEL[:16]
