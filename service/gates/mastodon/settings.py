"""Settings of the gate for Mastodon."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from service.gates.settings import GateSettings, safe_address

_TEXT = (
    "This account was found to present itself as somebody else. If that is wrong, appeal against it. Number: {check}."
)


class Settings(GateSettings):
    """What the gate for Mastodon takes. ``gate_mastodon_url`` is ``DOUBLECHECK_GATE_MASTODON_URL``, and so on."""

    gate_mastodon_url: str = Field(description="Address of the server.")
    gate_mastodon_token: str = Field(pattern=r"^[!-~]+$", repr=False, description="Access token of the gate's account.")
    gate_mastodon_secret: str = Field(min_length=1, repr=False, description="The webhook's signing secret.")
    gate_mastodon_domain: str = Field(description="Domain of local handles: what stands behind their second @.")
    gate_mastodon_rules: str = Field(description="Ids of the server's rules that mean impersonation, with commas.")
    gate_mastodon_action: Literal["suspend", "deactivate"] = Field(
        "suspend", description="What is to be done to a reported account; deactivate keeps a local one from logging in."
    )
    gate_mastodon_text: str = Field(
        _TEXT, max_length=2_000, description="What the account's owner reads; {check} is the check's number."
    )
    gate_mastodon_notify: bool = Field(True, description="Whether Mastodon mails that text to a local owner.")

    @field_validator("gate_mastodon_url")
    @classmethod
    def _safe_server(cls, url: str) -> str:
        return safe_address(url)

    @field_validator("gate_mastodon_domain")
    @classmethod
    def _is_domain(cls, domain: str) -> str:
        found = domain.strip().lower()
        if not found or set(found) & set("/@ ,") or found.startswith("."):
            raise ValueError("must be a domain such as social.example, without https:// and @")
        return found

    @field_validator("gate_mastodon_rules")
    @classmethod
    def _names_rules(cls, rules: str) -> str:
        if not _split(rules) or not all(rule.isalnum() for rule in _split(rules)):
            raise ValueError("must be ids of rules with commas between them, such as 3,7")
        return rules

    def rules(self) -> frozenset[str]:
        """Return the ids of the rules that mean impersonation."""
        return frozenset(_split(self.gate_mastodon_rules))


def _split(rules: str) -> list[str]:
    return [rule.strip() for rule in rules.split(",") if rule.strip()]
