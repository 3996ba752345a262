"""What is served now: the scorer over the registry as it is, which changes while the service runs.

1. Whoever asks gets one scorer and keeps it for the whole check: model, registry and index of one moment.
2. A change is taken over once its index is complete, in one assignment.
3. While the registry cannot be read there is no scorer: an account protected since would otherwise be cleared.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from classifier.errors import DoublecheckError, RegistryError
from classifier.scoring import Scorer
from classifier.store import Opened, RegistryStore

CurrentScorer = Callable[[], Scorer]
# Seconds between two looks at the registry.
INTERVAL = 1.0
_log = logging.getLogger(__name__)


class FollowedScorer:
    """The scorer over a stored registry, brought up to date by a thread of its own. Calling it returns the scorer.

    Parameters
    ----------
    scorer : Scorer
        Over ``opened``.
    store : RegistryStore
    opened : Opened
    """

    def __init__(self, scorer: Scorer, store: RegistryStore, opened: Opened) -> None:
        self._scorer: Scorer | None = scorer
        self._known = scorer
        self._store = store
        self._opened = opened
        self._stopped = threading.Event()

    def __call__(self) -> Scorer:
        """Return the scorer in force.

        Raises
        ------
        RegistryError
            If the registry cannot be read any more.
        """
        if self._scorer is None:
            raise RegistryError("the registry changed and cannot be read; the service's log says why")
        return self._scorer

    def look(self) -> None:
        """Take over what changed since the last look; where that fails, serve nothing until it works again."""
        try:
            opened = self._store.follow(self._opened)
            if opened is not self._opened or self._scorer is None:
                self._known = Scorer(self._known.model, self._known.model_id, opened.index)
                self._scorer, self._opened = self._known, opened
                _log.info("registry version %s is in force", opened.index.registry.version[:12])
        except (DoublecheckError, OSError) as error:
            if self._scorer is not None:
                _log.error("the registry cannot be read, so nothing is cleared: %s", error)
            self._scorer = None

    def start(self) -> None:
        """Look again and again until ``stop``."""
        threading.Thread(target=self._follow, name="registry", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _follow(self) -> None:
        while not self._stopped.wait(INTERVAL):
            try:
                self.look()
            except Exception:  # anything unexpected fails towards no clearance
                _log.error(
                    "following the registry failed, so nothing is cleared", exc_info=_log.isEnabledFor(logging.DEBUG)
                )
                self._scorer = None
