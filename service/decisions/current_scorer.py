"""What is served now: the scorer over the registry as it is, which changes while the service runs.

1. Whoever asks gets one scorer and keeps it for the whole check: model, registry and index of one moment.
2. A change is taken over once its index is complete, in one assignment.
3. While the registry cannot be read there is no scorer: an account protected since would otherwise be cleared.
4. Whoever must not miss a change, because it redeems a clearance, looks first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from classifier.accounts.account import ProtectedAccount
from classifier.errors import DoublecheckError, RegistryError
from classifier.model_store import ModelStore
from classifier.model_store.own_certificates import InForce
from classifier.scoring.scorer import Scorer
from classifier.storage.registry_store import Opened, RegistryStore
from service.errors import ReadOnlyRegistryError, RegistryConflictError

# Seconds between two looks at the registry.
INTERVAL = 1.0
_log = logging.getLogger(__name__)


class CurrentScorer(Protocol):
    """Gives the scorer that is in force."""

    def __call__(self) -> Scorer:
        """Return the scorer in force."""

    def look(self) -> None:
        """Take over what changed since the last look."""

    def require_writable(self) -> None:
        """Refuse where the registry cannot be changed from here."""

    def change(
        self,
        put: Iterable[ProtectedAccount] = (),
        withdraw: Iterable[tuple[str, str]] = (),
        *,
        at: datetime,
        expected: str,
    ) -> Scorer:
        """Change the registry of the version ``expected``, and return the scorer over it."""


class FixedScorer:
    """The scorer over a registry and by a model that do not change while the service runs; a certificate may be lost.

    Parameters
    ----------
    scorer : Scorer
    models : ModelStore, optional
        Where the model's certificates may be withdrawn; without it none is.
    """

    def __init__(self, scorer: Scorer, models: ModelStore | None = None) -> None:
        self._scorer = scorer
        self._models = models
        self._looked = time.monotonic()
        self._looking = threading.Lock()

    def __call__(self) -> Scorer:
        """Return the scorer, as it is at most ``INTERVAL`` seconds after a withdrawal or a certification.

        Raises
        ------
        ModelError
            If what is in force cannot be found out.
        """
        if time.monotonic() - self._looked >= INTERVAL:
            self.look()
        return self._scorer

    def look(self) -> None:
        """Take over what was withdrawn, and what was certified on own accounts, since the last look.

        Raises
        ------
        ModelError
            If that cannot be found out.
        """
        if self._models is None:
            return
        with self._looking:
            known = self._scorer
            # A service has promoted what it serves: where that is lost, so are withdrawals, and what ships has none.
            self._models.promoted_id()
            found = self._models.in_force(known.model_id)
            if not _is_in_force(found, known):
                self._scorer = known.without(found.withdrawn, found.own)
                _tell(found, known)
            self._looked = time.monotonic()

    def require_writable(self) -> None:
        """Refuse.

        Raises
        ------
        ReadOnlyRegistryError
        """
        raise ReadOnlyRegistryError(
            "the registry that is served is a file or an invented one; import yours with 'doublecheck registry import'"
        )

    def change(
        self,
        put: Iterable[ProtectedAccount] = (),  # noqa: ARG002
        withdraw: Iterable[tuple[str, str]] = (),  # noqa: ARG002
        *,
        at: datetime,  # noqa: ARG002
        expected: str,  # noqa: ARG002
    ) -> Scorer:
        """Refuse, as ``require_writable``."""
        self.require_writable()
        return self._scorer


class FollowedScorer:
    """The scorer over a stored registry and the serving model, brought up to date by a thread of its own.

    Parameters
    ----------
    scorer : Scorer
        Over ``opened``.
    store : RegistryStore
    opened : Opened
    models : ModelStore
        Whose current model serves.
    """

    def __init__(self, scorer: Scorer, store: RegistryStore, opened: Opened, models: ModelStore) -> None:
        self._scorer: Scorer | None = scorer
        self._known = scorer
        self._store = store
        self._opened = opened
        self._models = models
        self._stopped = threading.Event()
        self._looking = threading.Lock()

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
        with self._looking:
            try:
                self._take_over(self._store.follow(self._opened))
            except (DoublecheckError, OSError) as error:
                if self._scorer is not None:
                    _log.error("the registry or the model cannot be read, so nothing is cleared: %s", error)
                self._scorer = None

    def require_writable(self) -> None:
        """Allow it."""

    def change(
        self,
        put: Iterable[ProtectedAccount] = (),
        withdraw: Iterable[tuple[str, str]] = (),
        *,
        at: datetime,
        expected: str,
    ) -> Scorer:
        """Change the stored registry, and return the scorer over it.

        Parameters
        ----------
        at : datetime
            When, aware.
        expected : str
            The version of the registry by which it was decided that it may be changed so.

        Raises
        ------
        RegistryConflictError
            If it cannot be changed so; nothing is changed then.
        RegistryMovedError
            If it has another version; nothing is changed then.
        RegistryError
            If it cannot be read.
        """
        added, removed = list(put), list(withdraw)
        with self._looking:
            self._take_over(self._store.follow(self._opened))
            try:
                self._opened.index.registry.changed(added, removed)
            except RegistryError as error:
                raise RegistryConflictError(error.message) from error
            self._take_over(self._store.change(added, removed, at=at, since=self._opened, expected=expected))
            return self()

    def _take_over(self, opened: Opened) -> None:
        # Not what ships, where it is lost which model was promoted: withdrawals are lost with it.
        model_id = self._models.promoted_id()
        found, known = self._models.in_force(model_id), self._known
        is_same = model_id == known.model_id and _is_in_force(found, known)
        if opened is self._opened and self._scorer is not None and is_same:
            return
        model = known.model if is_same else self._models.load(model_id).model
        _tell(found, known)
        self._known = Scorer(found.applied(model), model_id, opened.index, withdrawn=found.withdrawn)
        self._scorer, self._opened = self._known, opened
        _log.info("registry version %s and model %s are in force", opened.index.registry.version[:12], model_id)

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


def _is_in_force(found: InForce, known: Scorer) -> bool:
    """Tell whether a scorer goes by what is in force of its model's certificates."""
    return found.withdrawn == known.withdrawn and found.applied(known.model).certificates == known.model.certificates


def _tell(found: InForce, known: Scorer) -> None:
    if found.withdrawn and found.withdrawn != known.withdrawn:
        _log.error("certificates were withdrawn, so nothing is cleared for: %s", ", ".join(found.withdrawn))
