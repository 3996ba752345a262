"""Settings of the gate for any platform."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from service.gates.settings import GateSettings, credential, safe_address, safe_template
from service.gates.standard_webhooks import read_secret


def _secret(text: str) -> str:
    read_secret(text)
    return text


class Settings(GateSettings):
    """What the gate for any platform takes: ``DOUBLECHECK_GATE_WEBHOOK_SECRET`` and so on."""

    gate_webhook_secret: Annotated[str, AfterValidator(_secret)] = Field(
        repr=False, description="Secret of the signatures, in and out: whsec_ and base64 of 24 to 64 random bytes."
    )
    gate_webhook_url: Annotated[str, AfterValidator(safe_address)] = Field(
        description="Where the platform takes messages."
    )
    gate_webhook_profile_url: Annotated[str, AfterValidator(safe_template)] | None = Field(
        None, description="Where the platform shows an account: an address with {id}. Without it the gate never acts."
    )
    gate_webhook_token: Annotated[str, AfterValidator(credential)] | None = Field(
        None, repr=False, description="Bearer token for that address."
    )

    @model_validator(mode="after")
    def _reads_before_it_acts(self) -> Self:
        if self.gate_acts != "off" and self.gate_webhook_profile_url is None:
            raise ValueError(
                "DOUBLECHECK_GATE_WEBHOOK_PROFILE_URL: is required where DOUBLECHECK_GATE_ACTS is not off, because an "
                "account is read again before anything is done to it"
            )
        return self
