"""Settings of the service: typed environment variables, read once, an invalid one fails at start."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from classifier.errors import PlatformRuleError
from classifier.platform_rules.rule_files import read_rules
from classifier.scoring.policy_numbers import REMEMBERED, Policy
from classifier.storage.paths import DEFAULT_HOME, DEMONSTRATION, has_registry
from service.auth.oidc.registration import Registration, check_issuer, read_roles, read_secret
from service.auth.sessions import SessionTimes
from service.due_times import DEFAULTS, load_due_times
from service.errors import SettingsError
from service.limits import (
    LONGEST_APPEAL_HOURS,
    LONGEST_DEMAND_HOURS,
    Filing,
    Overdue,
    Quotas,
    Rules,
    territory,
)
from service.records.database import default_url
from service.texts.languages import LOCALE

PREFIX = "DOUBLECHECK_"
# A name, an address, all names below a domain, or any.
_HOST = re.compile(r"\*|(\*\.)?[A-Za-z0-9._-]{1,255}|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?")
# The name of a claim, or names with dots between.
_CLAIM = r"^[\x21-\x7e]{1,200}$"
_DEFAULTS = Policy()
_QUOTAS = Quotas()
_RULES = Rules(_DEFAULTS, _QUOTAS)


class Settings(BaseSettings):
    """What an operator can set. ``high_impact_followers`` is named ``DOUBLECHECK_HIGH_IMPACT_FOLLOWERS``, and so on."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    hosts: str | None = Field(
        None,
        description="Host names under which requests are answered, with commas between; * is any name. "
        "None: loopback names and the address to listen on.",
    )
    trusted_proxies: str | None = Field(
        None,
        description="Addresses or networks of proxies, with commas between, whose X-Forwarded-For and -Proto are "
        "believed. None: nobody's are.",
    )
    home: Path = Field(
        DEFAULT_HOME, description="Directory of the models, keys, imported registry and embedded database."
    )
    registry: Path | None = Field(
        None, description="File of the protected accounts (CSV, JSONL or Parquet). None: the imported ones in home."
    )
    demonstration: bool | None = Field(
        None,
        description="Whether invented accounts are served, for trying out: false never, true also on other addresses "
        "than loopback. None: where there is no registry.",
    )
    locale: Path | None = Field(
        None, description="Directory of translations of the console. None: locale in home. Read at start."
    )
    database_url: str | None = Field(
        None,
        repr=False,  # it may hold a password
        description="The database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME. "
        "None: the file doublecheck.db in home, or in demonstration there.",
    )
    workers: int = Field(1, ge=1, le=64, description="Processes that answer requests.")
    max_body_bytes: int = Field(256 * 1024, ge=1024, description="Largest request body, in bytes.")
    max_batch_bytes: int = Field(4 * 1024 * 1024, ge=1024, description="Largest body of a batch of checks, in bytes.")
    max_upload_bytes: int = Field(
        64 * 1024 * 1024, ge=1024, description="Largest file of accounts that the console takes, in bytes."
    )
    max_upload_rows: int = Field(
        250_000, ge=1, description="Most rows of such a file; for more there is doublecheck score."
    )
    upload_hours: float = Field(
        24.0, gt=0, le=24 * 31, description="Hours after which such a file and its answers are removed."
    )
    upload_seconds: float = Field(
        600.0, gt=0, le=3600, description="Seconds that sending such a file, or fetching its answers, may take."
    )
    metrics: Literal["open", "key", "off"] = Field(
        "open", description="Who may read /metrics: anybody who can reach it, whoever has a key, or nobody."
    )
    max_waiting: int = Field(
        128, ge=1, description="Requests of one worker that may be under way; more get a 503 at once."
    )
    request_seconds: float = Field(10.0, gt=0, le=600, description="Seconds after which a request gets a 503.")
    shutdown_seconds: int = Field(
        20, ge=1, le=600, description="Seconds within which the service ends once it is stopped, whatever hangs."
    )
    high_impact_followers: int = Field(
        _DEFAULTS.high_impact_followers, ge=1, description="Audience from which an account needs two approvers."
    )
    access_margin_hours: float = Field(
        _DEFAULTS.access_margin / timedelta(hours=1),
        ge=0,
        le=24 * 365,
        description="How many hours before the end of an actor's access nothing is cleared any more.",
    )
    recent_registry_hours: float = Field(
        _DEFAULTS.recent_registration / timedelta(hours=1),
        ge=0,
        le=REMEMBERED / timedelta(hours=1),
        description="Hours for which checks against a protected account take two people once it was added, "
        "changed or withdrawn.",
    )
    registry_change_hours: float = Field(
        _RULES.change_time / timedelta(hours=1),
        gt=0,
        le=24 * 31,
        description="How many hours a change of the registry waits for a second admin.",
    )
    clearance_minutes: float = Field(
        _RULES.clearance_time / timedelta(minutes=1),
        gt=0,
        le=60,
        description="How many minutes a clearance is valid.",
    )
    approval_hours: float = Field(
        _RULES.approval_time / timedelta(hours=1),
        gt=0,
        le=24 * 31,
        description="How many hours a reviewer's approval counts.",
    )
    review_hours: float = Field(
        _RULES.review_time / timedelta(hours=1),
        gt=0,
        le=24 * 31,
        description="How many hours after a check it may be reviewed; then ask for a new one.",
    )
    demand_hours: float = Field(
        _RULES.demand_time / timedelta(hours=1),
        gt=0,
        le=LONGEST_DEMAND_HOURS,
        description="How many hours an account has to change what is demanded of it, unless the check says so.",
    )
    appeal_hours: float = Field(
        _RULES.appeal_time / timedelta(hours=1),
        ge=1,
        le=LONGEST_APPEAL_HOURS,
        description="Hours within which an appeal should be decided. The default is this project's own target.",
    )
    queue_claim_minutes: float = Field(
        _RULES.claim_time / timedelta(minutes=1),
        gt=0,
        le=24 * 60,
        description="Minutes after which a claim in the reviewers' queue lapses.",
    )
    actor_daily: int = Field(_QUOTAS.actor_daily, ge=0, description="Checks cleared for one actor within 24 hours.")
    actor_burst: int = Field(_QUOTAS.actor_burst, ge=0, description="Checks cleared for one actor in a burst.")
    total_daily: int = Field(_QUOTAS.total_daily, ge=0, description="Checks cleared for everybody within 24 hours.")
    total_burst: int = Field(_QUOTAS.total_burst, ge=0, description="Checks cleared for everybody in a burst.")
    burst_minutes: int = Field(_QUOTAS.burst_minutes, ge=1, le=24 * 60, description="Minutes that make a burst.")
    session_minutes: float = Field(
        30.0, gt=0, le=24 * 60, description="Minutes without a page after which a person has to sign in again."
    )
    session_hours: float = Field(8.0, gt=0, le=24, description="Hours after which a person has to sign in again.")
    secure_cookies: bool = Field(
        False,
        description="Whether cookies go over HTTPS alone, also where nothing says that a request came by it. People "
        "sign in over HTTPS alone then.",
    )
    oidc_issuer: str | None = Field(
        None,
        max_length=500,
        description="The OpenID Connect provider that people may sign in with, as its tokens name it. None: they sign "
        "in with API keys alone.",
    )
    oidc_name: str = Field(
        "your organisation",
        min_length=1,
        max_length=60,
        pattern=r"^\S(.*\S)?$",
        description="What people call that provider, as the sign-in page names it.",
    )
    oidc_client_id: str | None = Field(
        None,
        validate_default=True,
        pattern=r"^[\x21-\x7e]{1,300}$",
        description="The id under which this service is registered there.",
    )
    oidc_client_secret_file: Path | None = Field(
        None, description="File that holds the client's secret, read at start. None: a public client, which has none."
    )
    oidc_scopes: str = Field(
        "openid profile email",
        pattern=r"^openid( [\x21\x23-\x5b\x5d-\x7e]{1,100}){0,20}$",
        description="What is asked of the provider: openid, and the scopes that give the claims below.",
    )
    oidc_person_claim: str = Field(
        "email",
        pattern=_CLAIM,
        description="The claim that holds a person's name here. People must not be able to change it themselves; email "
        "counts only where the provider has verified it.",
    )
    oidc_roles_claim: str = Field(
        "groups", pattern=_CLAIM, description="The claim that holds a person's roles or groups; dots lead into objects."
    )
    oidc_roles: str | None = Field(
        None,
        validate_default=True,
        description="Which values of that claim give which roles here, as JSON: an object of lists. Without a role "
        "nobody signs in.",
    )
    oidc_end_session: bool = Field(
        False, description="Whether people who sign out are offered to sign out at the provider too."
    )
    terms: str = Field(
        "Terms of service: impersonation",
        min_length=1,
        max_length=500,
        pattern=r"\S",
        description="The rule that impersonation breaks, as statements of reasons name it.",
    )
    terms_url: str | None = Field(
        None,
        max_length=500,
        pattern=r"^https?://[^\s/?#]+\.[^\s/?#]+\S*$",
        description="Where that rule can be read, as statements of reasons name it. None: they name no address.",
    )
    complaint_url: str | None = Field(
        None,
        max_length=500,
        pattern=r"^https?://[^\s/?#]+\.[^\s/?#]+\S*$",
        description="Where people can complain about a decision, as what they are told names it. None: they are told "
        "to reply.",
    )
    appeals_per_hour: int = Field(
        0,
        ge=0,
        le=100_000,
        description="Complaints that the page /appeal takes within an hour, without a sign-in; each worker counts for "
        "itself. What people are told carries a code for it, and DOUBLECHECK_COMPLAINT_URL has to name the page. "
        "0: there is no such page.",
    )
    territorial_scope: str | None = Field(
        None,
        description="Where decisions apply, as statements of reasons name it: EU, EEA, or country codes such as "
        "DE,FR. None: whoever completes a statement says so.",
    )
    keep_texts_days: float = Field(
        0.0,
        ge=0,
        le=36_500,
        description="Days after which the texts of decisions are erased; 0 keeps them. Open checks, overturned "
        "ones and those that a proof of identity stands on are left out.",
    )
    platform_rules: Path | None = Field(
        None,
        description="Directory of rule files for parody and fan accounts, which replace or add to those that ship. "
        "None: those that ship.",
    )
    monitor_minutes: float = Field(
        60.0,
        ge=0,
        le=60 * 24 * 31,
        description="How often, in minutes, it is looked whether the model's certificates still hold; 0 is never.",
    )
    due_times: Path | None = Field(
        None, description="JSON file of the due times of checks, in the place of the defaults; read at start."
    )
    second_look_share: float = Field(
        _RULES.second_look_share,
        ge=0,
        le=1,
        description="Share of checks, drawn by chance, that somebody judges again without knowing the answer.",
    )
    known_case_share: float = Field(
        _RULES.known_case_share,
        ge=0,
        le=1,
        description="Known cases that are hidden in the queue for each check that comes to wait: checks whose appeal "
        "was decided are asked again, to see how reviewers answer. Nothing is done because of them.",
    )
    overdue: Overdue = Field(
        "escalate",
        description="What becomes of a check that waits past its due time: escalate puts it first; require_change says "
        "besides, where it fits, that the milder measure may be asked for. Nothing is cleared by it.",
    )
    silent_gate_minutes: float = Field(
        10.0,
        ge=3,
        le=24 * 60,
        description="Minutes without a sign of life after which every page says that a gate stands still.",
    )
    log_format: Literal["auto", "text", "json"] = Field(
        "auto", description="Lines of text, or JSON objects; auto: text on a terminal."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged. Only debug may hold text of accounts, inside tracebacks."
    )
    log_frames: bool = Field(
        False,
        description="Whether an unexpected error is logged with all its frames: files, lines, functions, no values.",
    )

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, issuer: str | None) -> str | None:
        return issuer and check_issuer(issuer)

    @field_validator("oidc_client_id", "oidc_roles")
    @classmethod
    def _with_an_issuer(cls, value: str | None, given: ValidationInfo) -> str | None:
        if value is None and given.data.get("oidc_issuer"):
            raise ValueError("is needed with DOUBLECHECK_OIDC_ISSUER")
        if value is not None and given.field_name == "oidc_roles":
            read_roles(value)
        return value

    @field_validator("due_times")
    @classmethod
    def _readable(cls, path: Path | None) -> Path | None:
        if path is not None:
            load_due_times(path)
        return path

    @field_validator("territorial_scope")
    @classmethod
    def _countries(cls, value: str | None) -> str | None:
        return value and ",".join(territory(value))

    @field_validator("appeals_per_hour")
    @classmethod
    def _with_an_address(cls, count: int, given: ValidationInfo) -> int:
        if count and not given.data.get("complaint_url"):
            raise ValueError("needs DOUBLECHECK_COMPLAINT_URL: the address of the page /appeal, as people open it")
        return count

    @field_validator("demonstration")
    @classmethod
    def _without_a_registry(cls, asked: bool | None, given: ValidationInfo) -> bool | None:
        if asked and given.data.get("registry"):
            raise ValueError("the demonstration has a registry of its own: leave out DOUBLECHECK_REGISTRY or this")
        return asked

    @field_validator("platform_rules")
    @classmethod
    def _usable(cls, directory: Path | None) -> Path | None:
        try:
            read_rules(directory)
        except PlatformRuleError as error:
            raise ValueError(error.message) from None
        return directory

    @field_validator("hosts")
    @classmethod
    def _names_only(cls, listed: str | None) -> str | None:
        for name in separate(listed or ""):
            if not _HOST.fullmatch(name):
                raise ValueError("must be host names without scheme and port, such as doublecheck.example,*.example")
        return listed

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses_only(cls, listed: str | None) -> str | None:
        for address in separate(listed or ""):
            try:
                ip_network(address)
            except ValueError:  # a name, or "*": then anybody could name any address as theirs
                raise ValueError("must be addresses or networks, such as 10.0.0.1,10.1.0.0/16") from None
        return listed

    def demo(self) -> bool:
        """Tell whether invented accounts are served, for trying out: where there is no registry, unless it is said."""
        if self.demonstration is not None:
            return self.demonstration
        return self.registry is None and not has_registry(self.home)

    def settled(self) -> Settings:
        """Return settings in which it is decided whether this is a demonstration, whatever is imported from now on."""
        return self.model_copy(update={"demonstration": self.demo()})

    def records_home(self) -> Path:
        """Return the directory of keys, uploads and the embedded database: the demonstration has one of its own."""
        return self.home / DEMONSTRATION if self.demo() else self.home

    def languages(self) -> Path:
        """Return the directory of the console's translations."""
        return self.locale or self.home / LOCALE

    def database(self) -> str:
        """Return the address of the database."""
        return self.database_url or default_url(self.records_home())

    def quotas(self) -> Quotas:
        """Return the quotas."""
        return Quotas(self.actor_daily, self.actor_burst, self.total_daily, self.total_burst, self.burst_minutes)

    def rules(self) -> Rules:
        """Return all numbers that decisions rest on."""
        return Rules(
            self.policy(),
            self.quotas(),
            timedelta(minutes=self.clearance_minutes),
            timedelta(hours=self.approval_hours),
            timedelta(hours=self.review_hours),
            timedelta(hours=self.registry_change_hours),
            timedelta(hours=self.demand_hours),
            Filing(
                self.terms,
                self.terms_url,
                territory(self.territorial_scope or ""),
                self.complaint_url,
                self.appeals_per_hour > 0,
            ),
            timedelta(days=self.keep_texts_days) if self.keep_texts_days else None,
            read_rules(self.platform_rules),
            load_due_times(self.due_times) if self.due_times else DEFAULTS,
            self.second_look_share,
            self.overdue,
            timedelta(hours=self.appeal_hours),
            timedelta(minutes=self.queue_claim_minutes),
            self.known_case_share,
        )

    def sessions(self) -> SessionTimes:
        """Return how long a person stays signed in."""
        return SessionTimes(timedelta(minutes=self.session_minutes), timedelta(hours=self.session_hours))

    def registration(self) -> Registration | None:
        """Return what is registered with the provider of the sign-in, ``None`` where there is none.

        Raises
        ------
        SettingsError
            If the client's secret cannot be read.
        """
        if self.oidc_issuer is None or self.oidc_client_id is None or self.oidc_roles is None:
            return None
        return Registration(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=read_secret(self.oidc_client_secret_file) if self.oidc_client_secret_file else None,
            called=self.oidc_name,
            scopes=self.oidc_scopes,
            person_claim=self.oidc_person_claim,
            roles_claim=self.oidc_roles_claim,
            roles=read_roles(self.oidc_roles),
            ends_session=self.oidc_end_session,
        )

    def policy(self) -> Policy:
        """Return the policy with these numbers; its version tells other numbers apart from the default ones."""
        followers, margin = self.high_impact_followers, timedelta(hours=self.access_margin_hours)
        recent = timedelta(hours=self.recent_registry_hours)
        numbers = _DEFAULTS.high_impact_followers, _DEFAULTS.access_margin, _DEFAULTS.recent_registration
        if (followers, margin, recent) == numbers:
            return _DEFAULTS
        version = f"{_DEFAULTS.version}+followers={followers},margin={self.access_margin_hours:g}h"
        if recent != _DEFAULTS.recent_registration:
            version += f",recent={self.recent_registry_hours:g}h"
        return Policy(
            version=version, high_impact_followers=followers, access_margin=margin, recent_registration=recent
        )


def separate(listed: str) -> list[str]:
    """Return the parts of a list with commas between.

    Examples
    --------
    >>> separate("10.0.0.0/8, ::1,")
    ['10.0.0.0/8', '::1']
    """
    return [part.strip() for part in listed.split(",") if part.strip()]


def load_settings(
    *,
    host: str | None = None,
    port: int | None = None,
    home: Path | None = None,
    registry: Path | None = None,
    database_url: str | None = None,
    workers: int | None = None,
    demonstration: bool | None = None,
) -> Settings:
    """Return the settings of the environment; an option that is not ``None`` goes before its variable.

    Raises
    ------
    SettingsError
        If a value is invalid. The message names each variable at fault.
    """
    options = {
        "host": host, "port": port, "home": home, "registry": registry, "database_url": database_url,
        "workers": workers, "demonstration": demonstration,
    }  # fmt: skip
    given: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
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
    known = {_variable(name) for name in Settings.model_fields} | {_variable(name) for name in _OF_CLIENTS}
    ours = (name for name in environment if name.upper().startswith(PREFIX))
    return sorted(name for name in ours if name.upper() not in known and not name.upper().startswith(_OF_GATES))


# What clients and gates take, which may share an environment with the service.
_OF_CLIENTS, _OF_GATES = ("url", "key"), f"{PREFIX}GATE_"


def _variable(name: int | str) -> str:
    return f"{PREFIX}{name}".upper()
