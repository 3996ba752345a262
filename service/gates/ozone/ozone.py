"""Ozone, as the core calls it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from service.gates.book import Book
from service.gates.calls import skew
from service.gates.case import Case
from service.gates.errors import LaterError, NeverError
from service.gates.ozone import detective, events, names, protection, reports, told
from service.gates.ozone.settings import Settings
from service.gates.ozone.wire import Wire, XrpcError
from service.gates.platform import Delivery, Profile, Reply
from service.gates.ready import at_service

log = logging.getLogger(__name__)

# Seconds between two looks at the setting that makes the hold hold.
_LOOK_AGAIN = 3600.0
_ROLES = ("roleModerator", "roleAdmin", "modRoleModerator", "modRoleAdmin")
# Names of the errors that a profile is refused with, and why that is.
_GONE = {
    "AccountTakedown": "The account is taken down already.",
    "RepoTakendown": "The account is taken down already.",
    "RepoSuspended": "The account is taken down already.",
    "AccountDeactivated": "The account was deactivated by its owner.",
    "RepoDeactivated": "The account was deactivated by its owner.",
    "AccountNotFound": "The account is gone.",
    "RepoNotFound": "The account is gone.",
    "ProfileNotFound": "The account is gone.",
}
_NO_PROFILES = frozenset({"MethodNotImplemented", "XRPCNotSupported"})
# Of a profile: what is about the gate's own account, which is nobody's concern.
_NOT_SENT = frozenset({"viewer", "knownFollowers"})
_POLICY = "impersonation"
# What a profile has in place of a handle that does not resolve.
_UNRESOLVED = "handle.invalid"


class Ozone:
    """Bluesky's Ozone as a platform. ``service.gates.platform.Platform`` documents the methods.

    Parameters
    ----------
    wire : Wire, optional
        For tests.
    """

    name = "ozone"

    def __init__(self, settings: Settings, wire: Wire | None = None) -> None:
        self._settings, self._wire = settings, wire or Wire(settings)
        self._protected_at: float | None = None

    def poll(self, book: Book) -> None:
        """Take on what is reported, and look at what others did."""
        late: LaterError | None = None
        for look in (self._protect, self._take_on, self._detect):
            try:
                look(book)
            except LaterError as error:  # the others are looked at all the same
                late = error
        if late is not None:
            raise late

    def receive(self, delivery: Delivery, book: Book) -> Reply:  # noqa: ARG002 -- Ozone sends nothing
        """Answer that there is nothing here: Ozone has no webhooks."""
        return Reply(404)

    def profile(self, case: Case) -> Profile:
        """Read the account as it is now. It is held before: a check without a hold begins not."""
        if "held" not in case.told:
            events.hold(self._wire, case.account, reports.held_id(case))
            case.told.append("held")
        found = self._read_profile(case.account)
        if found.get("did") != case.account or not isinstance(found.get("handle"), str):
            raise LaterError("Ozone answered with half a profile, or another account's")
        if found["handle"] == _UNRESOLVED:
            raise LaterError("the account's handle does not resolve: there is no name to compare until it does")
        return Profile("bluesky", {name: value for name, value in found.items() if name not in _NOT_SENT})

    def tell(self, case: Case, event: str, answer: Mapping[str, Any] | None) -> None:
        """Write it into Ozone: notes, comments, tags."""
        told.tell(self._wire, case, event, answer)

    def act(self, case: Case) -> None:
        """Take the account down, once: the clearance's id is the event's."""
        if case.action != "suspend":
            raise NeverError("Ozone can only suspend: deactivating and deleting are not its own.")
        if not case.clearance_id or not case.actor:
            raise NeverError("There is no redeemed clearance.")
        meta = {"checkId": case.check_id, "clearanceId": case.clearance_id, "actor": case.actor}
        try:
            events.emit(self._wire, case.account, _takedown(case), case.clearance_id, meta)
        except XrpcError as error:
            self._refused(case, error)

    def has_acted(self, case: Case) -> bool:
        """Tell whether the takedown of this case's clearance is in Ozone's log."""
        if case.clearance_id is None:
            return False
        try:
            found = list(events.of_kind(self._wire, names.TAKEDOWN, about=case.account))
        except XrpcError as error:
            raise LaterError(f"Ozone's log cannot be read ({error.status} {error.name})") from None
        return any(events.is_ours(one, case.clearance_id, self._wire.did) for one in found)

    def missing(self) -> Iterator[str]:
        """Yield what is missing at Ozone and at Doublecheck, as sentences that say what to do."""
        yield from at_service(self._settings)
        try:
            yield from self._role()
            yield from protection.missing(self._wire)
        except LaterError as late:
            yield f"Ozone cannot be asked: {late.why}."
        except XrpcError as error:
            yield (
                f"Ozone does not answer the gate ({error.status} {error.name}): look at DOUBLECHECK_GATE_OZONE_DID, "
                "and at whether the PDS passes calls on to it."
            )
        yield from skew(self._wire.headers, "PDS")

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()

    # --- how ---------------------------------------------------------------------------------------------------------

    def _protect(self, book: Book) -> None:
        if self._protected_at is None or book.now() - self._protected_at >= _LOOK_AGAIN:
            protection.protect(self._wire)
            self._protected_at = book.now()

    def _take_on(self, book: Book) -> None:
        try:
            found = reports.open_reports(self._wire, book)
            reports.take_on(self._wire, book, found)
        except XrpcError as error:
            raise LaterError(f"Ozone's reports cannot be read ({error.status} {error.name})") from None
        reports.read_until(book, found)

    def _detect(self, book: Book) -> None:
        detective.look(self._wire, book)

    def _read_profile(self, did: str) -> dict[str, Any]:
        """Read a profile through Ozone, or at the PDS itself if this Ozone has no profiles."""
        asked = {"actor": did}
        try:
            return self._wire.get(names.GET_PROFILE, asked)
        except XrpcError as error:
            if error.status != 501 and error.name not in _NO_PROFILES:
                raise _gone(error) from None
        try:
            return self._wire.get(names.GET_PROFILE, asked, is_proxied=False)
        except XrpcError as error:
            raise _gone(error) from None

    def _role(self) -> Iterator[str]:
        viewer = self._wire.get(names.GET_CONFIG).get("viewer")
        role = str(viewer.get("role", "")) if isinstance(viewer, Mapping) else ""
        if role.rpartition("#")[2] not in _ROLES:
            yield "The gate's account is no moderator in Ozone: let an admin give it the role moderator in the team."

    def _refused(self, case: Case, error: XrpcError) -> None:
        """Find out why a takedown was refused: because it is done, by this gate or by somebody else, or for now."""
        if self.has_acted(case):
            return
        if error.name == "SubjectHasAction" or "already taken down" in error.message:
            raise NeverError("Somebody else took the account down already: the clearance was redeemed for nothing.")
        if "protected tag" in error.message:
            self._protected_at = None  # somebody changed the setting: it is put right at the next poll
        raise LaterError(f"Ozone refuses the takedown ({error.status} {error.name})", untouched=True)


def _takedown(case: Case) -> dict[str, Any]:
    return {
        "$type": names.TAKEDOWN,
        "comment": f"Doublecheck: check {case.check_id}, clearance {case.clearance_id}.",
        "policies": [_POLICY],
        "acknowledgeAccountSubjects": True,
    }


def _gone(error: XrpcError) -> Exception:
    """Return what an account's refused profile means."""
    if error.name in _GONE:
        return NeverError(_GONE[error.name])
    if error.status == 404 or (error.status == 400 and "not found" in error.message.lower()):
        return NeverError("The account is gone.")
    return LaterError(f"the profile cannot be read ({error.status} {error.name})")
