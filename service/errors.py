"""What the service refuses, besides the errors of ``classifier.errors``. ``web.problems`` gives their status.

A refusal tells the caller what to do about it and quotes no text of an account.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from classifier.errors import DoublecheckError

if TYPE_CHECKING:
    from classifier.scoring.reason import Reason


class SettingsError(DoublecheckError):
    """An environment variable or option of the service cannot be used."""

    code = "bad_settings"


class RecordsError(DoublecheckError):
    """The database cannot be used now: it is gone, full, locked or too slow."""

    code = "records_unavailable"


class DemonstrationOverError(DoublecheckError):
    """A registry was imported while invented accounts were served."""

    code = "demonstration_over"


class ApartError(DoublecheckError):
    """Another home on the same database has another registry or model in force."""

    code = "instances_apart"


class OverloadedError(DoublecheckError):
    """More is asked than can be answered in time."""

    code = "overloaded"


class TooSlowError(DoublecheckError):
    """The time limit of the request has passed."""

    code = "too_slow"


class UnknownHostError(DoublecheckError):
    """The request names a host that this service is not known by."""

    code = "unknown_host"


class UnauthenticatedError(DoublecheckError):
    """No API key came with the request, or none that is in force."""

    code = "unauthenticated"


class ForbiddenError(DoublecheckError):
    """The API key does not have the role that this needs, or its actor's access has ended."""

    code = "forbidden"


class SignInRefusedError(DoublecheckError):
    """What the sign-in's provider says does not let this person in."""

    code = "sign_in_refused"


class ProviderError(DoublecheckError):
    """The sign-in's provider cannot be used now: it is gone, too slow, or answers what it should not."""

    code = "provider_unavailable"


class HeaderError(DoublecheckError):
    """A header of the request cannot be used."""

    code = "bad_header"


class UnknownCheckError(DoublecheckError):
    """There is no such check, or not for this caller."""

    code = "unknown_check"


class UnknownAccountError(DoublecheckError):
    """No such account is protected."""

    code = "unknown_account"


class UnknownUploadError(DoublecheckError):
    """There is no such upload, or not for this caller."""

    code = "unknown_upload"


class UploadLimitError(DoublecheckError):
    """Somebody has as many uploads as one may have."""

    code = "upload_limit"


class InFlightError(DoublecheckError):
    """A request with the same idempotency key is being answered at this moment."""

    code = "in_flight"


class KeyReusedError(DoublecheckError):
    """An idempotency key came with another request before."""

    code = "idempotency_key_reused"


class ReviewError(DoublecheckError):
    """The check does not take this answer, or this outcome, from this person.

    Parameters
    ----------
    against : str or sequence of Reason
        Why, or all reasons.
    """

    code = "review_refused"

    def __init__(self, against: str | Sequence[Reason]) -> None:
        reasons = () if isinstance(against, str) else tuple(against)
        super().__init__(against if isinstance(against, str) else " ".join(reason.text for reason in reasons))
        self.reasons = reasons


class StatementError(DoublecheckError):
    """There is no statement of reasons, or it does not take what was given."""

    code = "statement_refused"


class UnknownDemandError(DoublecheckError):
    """There is no such demand, or not for this caller."""

    code = "unknown_demand"


class DemandError(DoublecheckError):
    """A demand is answered already, or does not take this profile."""

    code = "demand_refused"


class UnknownFindingError(DoublecheckError):
    """There is no such finding."""

    code = "unknown_finding"


class FindingError(DoublecheckError):
    """A finding cannot be made of these accounts, or ended, by this person."""

    code = "finding_refused"


class UnknownSecondLookError(DoublecheckError):
    """No second look is asked for at a check with this number."""

    code = "unknown_second_look"


class SecondLookError(DoublecheckError):
    """A check is not judged blind by this person, or not any more."""

    code = "second_look_refused"


class UnknownAppealError(DoublecheckError):
    """There is no such appeal, or not for this caller."""

    code = "unknown_appeal"


class AppealError(DoublecheckError):
    """There is nothing to appeal against, or the appeal does not take this from this person."""

    code = "appeal_refused"


class UnknownLanguageError(DoublecheckError):
    """There are no texts for people in the language that was asked for."""

    code = "unknown_language"


class ErasedError(DoublecheckError):
    """The texts of a check's account were erased."""

    code = "erased"


class ReadOnlyRegistryError(DoublecheckError):
    """The registry that is served cannot be changed from here."""

    code = "registry_read_only"


class RegistryConflictError(DoublecheckError):
    """The registry cannot be changed so: two accounts would be one, one is not there, or none would be left."""

    code = "registry_conflict"


class SecondAdminError(DoublecheckError):
    """The change of the registry takes two admins, and there is no second one."""

    code = "second_admin_missing"


class UnknownChangeError(DoublecheckError):
    """There is no such change of the registry."""

    code = "unknown_change"


class ClearanceError(DoublecheckError):
    """A clearance does not hold, or none is given.

    Parameters
    ----------
    reasons : sequence of Reason
        All that speaks against it, the weightiest first.
    """

    code = "clearance_refused"

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__(" ".join(reason.text for reason in reasons))
        self.reasons = tuple(reasons)


class TamperedError(DoublecheckError):
    """The log, or what it vouches for, was changed.

    Parameters
    ----------
    seq : int
        The first entry that is wrong.
    """

    code = "tampered"

    def __init__(self, seq: int, what: str) -> None:
        super().__init__(f"entry {seq}: {what}")
        self.seq = seq
        self.what = what

    def __reduce__(self) -> tuple[type[TamperedError], tuple[int, str]]:
        """Pass from one process to another: by what it was made of."""
        return TamperedError, (self.seq, self.what)
