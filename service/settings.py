"""Settings of the service: typed environment variables, read once, an invalid one fails at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from classifier.errors import DoublecheckError
from classifier.home import DEFAULT_HOME, registry_store
from classifier.policy import Policy

PREFIX = "DOUBLECHECK_"
_DEFAULTS = Policy()


class SettingsError(DoublecheckError):
    """An environment variable or option of the service cannot be used."""

    code = "bad_settings"


class Settings(BaseSettings):
    """What an operator can set. ``high_impact_followers`` is named ``DOUBLECHECK_HIGH_IMPACT_FOLLOWERS``, and so on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    home: Path = Field(DEFAULT_HOME, description="Directory of the models, keys and imported registry.")
    registry: Path | None = Field(
        None, description="File of the protected accounts (CSV, JSONL or Parquet). None: the imported ones in home."
    )
    max_body_bytes: int = Field(256 * 1024, ge=1024, description="Largest request body, in bytes.")
    high_impact_followers: int = Field(
        _DEFAULTS.high_impact_followers, ge=1, description="Audience from which an account needs two approvers."
    )
    access_margin_hours: float = Field(
        _DEFAULTS.access_margin / timedelta(hours=1),
        ge=0,
        le=24 * 365,
        description="How many hours before the end of an actor's access nothing is cleared any more.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged. Only debug may hold text of accounts, inside tracebacks."
    )

    def demo(self) -> bool:
        """Tell whether there is no registry: then invented accounts are served, for trying out."""
        return self.registry is None and not registry_store(self.home).exists()

    def policy(self) -> Policy:
        """Return the policy with these numbers; its version tells other numbers apart from the default ones."""
        followers, margin = self.high_impact_followers, timedelta(hours=self.access_margin_hours)
        if (followers, margin) == (_DEFAULTS.high_impact_followers, _DEFAULTS.access_margin):
            return _DEFAULTS
        version = f"{_DEFAULTS.version}+followers={followers},margin={self.access_margin_hours:g}h"
        return Policy(version=version, high_impact_followers=followers, access_margin=margin)


def load_settings(**options: Any) -> Settings:
    """Return the settings of the environment; an option that is not ``None`` goes before its variable.

    Raises
    ------
    SettingsError
        If a value is invalid. The message names each variable at fault.
    """
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        faults = [f"{_variable(fault['loc'][0])}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("; ".join(faults)) from None
    return settings.model_copy(update={"home": settings.home.expanduser()})


def unknown_variables(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the variables with this project's prefix that name no setting: most are misspelled.

    Examples
    --------
    >>> unknown_variables({"DOUBLECHECK_PROT": "80", "DOUBLECHECK_PORT": "80", "HOME": "/"})
    ['DOUBLECHECK_PROT']
    """
    known = {_variable(name) for name in Settings.model_fields}
    return sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)


def _variable(name: int | str) -> str:
    return f"{PREFIX}{name}".upper()
