"""The EU's DSA transparency database, as far as it says what it takes: its rules, each with where it says so.

Sources, of the schema of 1 July 2025:

DOC   "API and schema", https://transparency.dsa.ec.europa.eu/page/api-documentation, one section for each attribute
CODE  the database's published source, https://github.com/digital-services-act/transparency-database:
      ``multi_rules`` of ``app/Services/GroupedSubmissionsService.php``. Laravel's ``max`` counts characters
      (``mb_strlen``); strings are trimmed, and empty ones are missing, before they are looked at
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

# DOC, "Creating Multiple Statements": "capable of making 100 statements per call".
TOGETHER = 100
# DOC, "Territorial Scope": EU/EEA countries, two letters.
COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
# DOC, one section each.
CHOICES: dict[str, frozenset[str]] = {
    "decision_account": frozenset({"DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"}),
    "account_type": frozenset({"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"}),
    "decision_ground": frozenset({"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"}),
    "incompatible_content_illegal": frozenset({"Yes", "No"}),
    "category": frozenset(
        f"STATEMENT_CATEGORY_{name}"
        for name in (
            "ANIMAL_WELFARE", "CONSUMER_INFORMATION", "CYBER_VIOLENCE", "CYBER_VIOLENCE_AGAINST_WOMEN",
            "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", "ILLEGAL_OR_HARMFUL_SPEECH",
            "INTELLECTUAL_PROPERTY_INFRINGEMENTS", "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
            "NOT_SPECIFIED_NOTICE", "OTHER_VIOLATION_TC", "PROTECTION_OF_MINORS", "RISK_FOR_PUBLIC_SECURITY",
            "SCAMS_AND_FRAUD", "SELF_HARM", "UNSAFE_AND_PROHIBITED_PRODUCTS", "VIOLENCE",
        )
    ),
    "source_type": frozenset(
        {"SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"}
    ),
    "automated_detection": frozenset({"Yes", "No"}),
    "automated_decision": frozenset(
        {"AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_PARTIALLY", "AUTOMATED_DECISION_NOT_AUTOMATED"}
    ),
}  # fmt: skip
# DOC, "Content Type" and "Category Specification": arrays of these. Of the keywords, those of scams and fraud.
LISTS: dict[str, frozenset[str]] = {
    "content_type": frozenset(
        f"CONTENT_TYPE_{name}"
        for name in ("APP", "AUDIO", "IMAGE", "PRODUCT", "SYNTHETIC_MEDIA", "TEXT", "VIDEO", "OTHER")
    ),
    "category_specification": frozenset(
        f"KEYWORD_{name}"
        for name in (
            "IMPERSONATION_ACCOUNT_HIJACKING", "INAUTHENTIC_ACCOUNTS", "INAUTHENTIC_LISTINGS",
            "INAUTHENTIC_USER_REVIEWS", "PHISHING", "PYRAMID_SCHEMES", "OTHER",
        )
    ),
    "territorial_scope": COUNTRIES,
}  # fmt: skip
# DOC: "This is a required ..."; CODE: 'required'. Of territorial_scope only DOC says so.
REQUIRED = (
    "decision_ground", "content_type", "category", "territorial_scope", "content_date", "application_date",
    "decision_facts", "source_type", "automated_detection", "automated_decision", "puid",
)  # fmt: skip
# DOC, "This attribute is mandatory only if the following fields are empty"; CODE, 'required_without_all'.
DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
# DOC, "Limited to ... characters"; CODE, 'max:'.
LENGTHS = {
    "decision_facts": 5_000, "incompatible_content_ground": 500, "incompatible_content_explanation": 2_000,
    "illegal_content_legal_ground": 500, "illegal_content_explanation": 2_000, "content_type_other": 500,
    "decision_ground_reference_url": 500, "source_identity": 500, "category_specification_other": 500, "puid": 500,
}  # fmt: skip
# DOC, "Content Date", "Application Date"; CODE, 'after_or_equal', 'before_or_equal'.
DATES = {
    "content_date": (date(2000, 1, 1), date(2038, 1, 1)),
    "application_date": (date(2020, 1, 1), date(2038, 1, 1)),
}
# CODE, 'exclude_unless' and 'required_if' of the ground's two texts.
_OF_GROUND = {
    "DECISION_GROUND_ILLEGAL_CONTENT": ("illegal_content_legal_ground", "illegal_content_explanation"),
    "DECISION_GROUND_INCOMPATIBLE_CONTENT": ("incompatible_content_ground", "incompatible_content_explanation"),
}


class TransparencyDatabase:
    """Takes statements as the real one does: all of a call, or none."""

    def __init__(self) -> None:
        self.filed: dict[str, dict[str, Any]] = {}

    def post(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer ``POST /api/v1/statements``: status and errors by the statement's position, as DOC shows them."""
        given = body["statements"]
        if not 1 <= len(given) <= TOGETHER:
            return 422, {"statements": [f"must be 1 to {TOGETHER}"]}
        errors = {f"statement_{at}": found for at, one in enumerate(given) if (found := list(faults(one)))}
        # DOC, "PUID Error": "The identifier given is not unique within this platform."
        puids = [one.get("puid") for one in given]
        if not errors and (len(set(puids)) < len(puids) or self.filed.keys() & set(puids)):
            return 422, {"puid": ["The identifier given is not unique within this platform."]}
        if errors:
            return 422, errors
        self.filed |= {one["puid"]: one for one in given}
        return 201, {}


def faults(statement: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a statement."""
    given = {name: value for name, value in statement.items() if not _is_empty(value)}
    yield from (f"{name} is required" for name in REQUIRED if name not in given)
    if not given.keys() & set(DECISIONS):
        yield "one of the decisions is required"
    for name in _OF_GROUND.get(given.get("decision_ground", ""), ()):
        if name not in given:
            yield f"{name} is required"
    # DOC, "Content Type Other": required with CONTENT_TYPE_OTHER.
    if "CONTENT_TYPE_OTHER" in given.get("content_type", ()) and "content_type_other" not in given:
        yield "content_type_other is required"
    yield from _values(given)


def _is_empty(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _values(given: dict[str, Any]) -> Iterator[str]:
    for name, choices in CHOICES.items():
        if name in given and given[name] not in choices:
            yield f"{name} is invalid"
    for name, choices in LISTS.items():
        if name in given and (not isinstance(given[name], list) or not choices.issuperset(given[name])):
            yield f"{name} is invalid"
    for name, most in LENGTHS.items():
        if len(given.get(name, "")) > most:
            yield f"{name} is longer than {most} characters"
    for name, (first, last) in DATES.items():
        if name in given and not first <= _date(given[name]) <= last:
            yield f"{name} is no date from {first} to {last}"
    # DOC, "Platform Unique Identifier": letters, digits, hyphens and underscores; CODE, regex:/^[a-zA-Z0-9-_]+$/D.
    if not re.fullmatch(r"[a-zA-Z0-9\-_]+", given.get("puid", "-")):
        yield "puid has other characters"
    # CODE, 'url'.
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+\S*", given.get("decision_ground_reference_url", "http://a.b")):
        yield "decision_ground_reference_url is no address"


def _date(text: str) -> date:
    """CODE, 'date_format:Y-m-d'."""
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else date.min
