"""What the gate of Ozone takes from the environment, beside what every gate takes."""

from __future__ import annotations

from pydantic import Field, field_validator

from service.gates.settings import GateSettings, safe_address


class Settings(GateSettings):
    """``gate_ozone_pds`` is named ``DOUBLECHECK_GATE_OZONE_PDS``, and so on."""

    gate_ozone_pds: str = Field(description="Address of the PDS of the gate's account; everything is sent there.")
    gate_ozone_did: str = Field(
        pattern=r"^did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,2000}$", description="DID of the Ozone service, without #fragment."
    )
    gate_ozone_identifier: str = Field(
        min_length=1, max_length=300, pattern=r"^[\x21-\x7e]+$", description="Handle or DID of the gate's account."
    )
    gate_ozone_password: str = Field(
        min_length=1, max_length=1000, repr=False, description="Its password; an app password will do."
    )

    @field_validator("gate_ozone_pds")
    @classmethod
    def _safe_pds(cls, url: str) -> str:
        return safe_address(url)
