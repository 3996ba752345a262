"""Wire models of operation: is it alive, is it ready, what serves."""

from __future__ import annotations

from pydantic import Field

from service.schemas.checks import CertificateOut
from service.schemas.values import Wire


class Alive(Wire):
    """The process answers."""

    status: str = "alive"


class Ready(Wire):
    """The model and the registry answer."""

    status: str = "ready"
    model_id: str
    registry_version: str
    protected_accounts: int = Field(description="How many accounts are protected.")
    demo: bool = Field(description="Whether they are invented, because no registry is configured.")


class ModelOut(Wire):
    """The model that serves."""

    model_id: str
    features: int = Field(description="How many features of a pair it reads.")
    certificates: dict[str, CertificateOut] = Field(description="By tier; a tier without one is never cleared.")


class Models(Wire):
    """What is serving, and what is stored."""

    serving: ModelOut
    stored: list[str] = Field(description="The ids of all stored models.")
    policy_version: str
    registry_version: str
