"""The demonstration: invented protected accounts and invented people, for trying out.

1. It is only where no registry was imported. From the moment that one is, nothing of it is checked, approved, cleared
   or redeemed any more: the service answers so until it is started again, then over the registry.
2. It writes to a database of its own and signs with keys of its own (``Settings.records_home``), so that what was
   approved there is unknown everywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from classifier.model_store import ModelStore
from classifier.scoring.scorer import Scorer
from classifier.storage.paths import has_registry
from service.auth.api_keys import Role
from service.decisions.current_scorer import FixedScorer
from service.errors import DemonstrationOverError

# The invented people, and what each may do.
PEOPLE: Mapping[str, tuple[Role, ...]] = {
    "demo-agent": ("agent",),
    "demo-reviewer-1": ("reviewer",),
    "demo-reviewer-2": ("reviewer",),
    "demo-auditor": ("auditor", "admin"),
}


def require_going_on(home: Path) -> None:
    """Refuse whatever is asked of a demonstration once a registry was imported.

    Raises
    ------
    DemonstrationOverError
    """
    if has_registry(home):
        raise DemonstrationOverError("a registry was imported, so the demonstration is over: start the service again")


class DemonstrationScorer(FixedScorer):
    """The scorer over invented accounts, until a registry is imported into ``home``."""

    def __init__(self, scorer: Scorer, models: ModelStore, home: Path) -> None:
        super().__init__(scorer, models)
        self._home = home

    def __call__(self) -> Scorer:
        """Return the scorer.

        Raises
        ------
        DemonstrationOverError
            If a registry was imported.
        ModelError
            As ``FixedScorer``.
        """
        require_going_on(self._home)
        return super().__call__()

    def look(self) -> None:
        """Take over what was withdrawn since the last look.

        Raises
        ------
        DemonstrationOverError, ModelError
            As above.
        """
        require_going_on(self._home)
        super().look()
