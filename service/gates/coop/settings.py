"""Settings of the gate for Coop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_settings import NoDecode

from service.gates.profiles import DETECTED, FORMAT_NAMES
from service.gates.settings import GateSettings, credential, safe_address, safe_template

Action = Literal["suspend", "deactivate", "delete"]
MIN_BITS = 2048


def read_key(path: Path) -> RSAPublicKey:
    """Return the public key in a PEM file.

    Raises
    ------
    ValueError
        If there is none, or one that is weak.
    """
    try:
        key = load_pem_public_key(path.expanduser().read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise ValueError("must name a file with Coop's public key in PEM, from its settings") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_BITS:
        raise ValueError(f"must be an RSA key of at least {MIN_BITS} bits")
    return key


def _readable(path: Path) -> Path:
    read_key(path)
    return path


def _json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError('must be JSON, such as {"a1b2c3": "suspend"}') from None


def _known_format(value: str) -> str:
    if value not in FORMAT_NAMES:
        raise ValueError(f"must be one of {', '.join(FORMAT_NAMES)}")
    return value


class Settings(GateSettings):
    """What the gate for Coop takes: ``DOUBLECHECK_GATE_COOP_KEY`` and so on."""

    gate_coop_key: Annotated[Path, AfterValidator(_readable)] = Field(description="PEM file of Coop's public key.")
    gate_coop_actions: Annotated[
        dict[str, Action], NoDecode, BeforeValidator(_json), Field(min_length=1)
    ] = Field(description="JSON: which of Coop's actions, by id, is a suspend, a deactivate or a delete.")  # fmt: skip
    gate_coop_profile_url: Annotated[str, AfterValidator(safe_template)] = Field(
        description="Where the platform shows an account: an address with {id}."
    )
    gate_coop_action_url: Annotated[str, AfterValidator(safe_template)] = Field(
        description="Where the platform takes the action: an address with {id}."
    )
    gate_coop_token: Annotated[str, AfterValidator(credential)] = Field(
        repr=False, description="Bearer token for both addresses."
    )
    gate_coop_format: Annotated[str, AfterValidator(_known_format)] = Field(
        DETECTED, description="Format of the profiles; auto: told by what is in them."
    )
    gate_coop_url: Annotated[str, AfterValidator(safe_address)] | None = Field(
        None, description="Coop's address, to push what needs review into its queue."
    )
    gate_coop_api_key: Annotated[str, AfterValidator(credential)] | None = Field(
        None, repr=False, description="Coop's API key for that."
    )

    @model_validator(mode="after")
    def _together(self) -> Self:
        if (self.gate_coop_url is None) != (self.gate_coop_api_key is None):
            raise ValueError(
                "DOUBLECHECK_GATE_COOP_URL and DOUBLECHECK_GATE_COOP_API_KEY go together: give both, or neither"
            )
        return self

    def key_of_coop(self) -> RSAPublicKey:
        """Return Coop's public key."""
        return read_key(self.gate_coop_key)
