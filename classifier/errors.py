"""The one error tree. An error is never a verdict: whoever catches one gives no clearance.

Nothing here knows HTTP; ``service.web.app`` maps these classes to status codes in one table.
"""

from __future__ import annotations


class DoublecheckError(Exception):
    """Base of every error this project raises on purpose.

    Parameters
    ----------
    message : str
        What is wrong and what to do about it, without any text of an account.
    field : str, optional
        The input field at fault, in the names of DESIGN.md's account and registry columns.
    row : int, optional
        The 1-based data row of a file at fault; a CSV header is not counted.
    """

    code = "error"

    def __init__(self, message: str, *, field: str | None = None, row: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.row = row

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row is not None else []
        place += [f"field '{self.field}'"] if self.field else []
        return f"{', '.join(place)}: {self.message}" if place else self.message


class InputError(DoublecheckError):
    """A value, a row or a request that cannot be used."""

    code = "bad_input"


class FileFormatError(InputError):
    """A file that cannot be read at all, or whose format cannot be told."""

    code = "bad_file"


class BatchError(DoublecheckError):
    """A batch that cannot go on; what it answered so far is kept, and it can be resumed."""

    code = "batch_stopped"


class RegistryError(DoublecheckError):
    """The protected accounts contradict each other or there are none."""

    code = "bad_registry"


class RegistryMovedError(RegistryError):
    """Somebody else changed the registry since it was decided what to change."""

    code = "registry_moved"


class TrainingError(DoublecheckError):
    """Training cannot start or cannot finish with a usable model."""

    code = "training_failed"


class TrackingError(DoublecheckError):
    """A model could not be logged to MLflow; it is stored all the same."""

    code = "not_logged"


class ModelError(DoublecheckError):
    """The model cannot be used."""

    code = "model_unusable"


class NoModelError(ModelError):
    """No model has been trained or promoted yet."""

    code = "no_model"


class ManifestError(ModelError):
    """A manifest is missing, malformed or does not fit its artifact."""

    code = "bad_manifest"


class OldFormatError(ManifestError):
    """A model was stored by an older version, in a format that is read no more."""

    code = "old_model_format"


class SignatureError(ModelError):
    """A manifest is not signed by a trusted key."""

    code = "bad_signature"


class DigestError(ModelError):
    """An artifact's bytes are not those its manifest names."""

    code = "bad_digest"


class FeatureMismatchError(ModelError):
    """A model was trained on another feature list than this code computes."""

    code = "feature_mismatch"


class PromotionError(ModelError):
    """A model may not be made to serve so."""

    code = "not_promoted"


class PlatformRuleError(DoublecheckError):
    """A rule file of a platform that cannot be used."""

    code = "bad_platform_rule"
