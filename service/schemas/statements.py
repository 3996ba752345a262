"""Wire models of statements of reasons, in the field names of the EU's DSA transparency database.

References
----------
DSA Transparency Database, "API and schema": https://transparency.dsa.ec.europa.eu/page/api-documentation
Commission Implementing Regulation (EU) 2024/2835, the schema of 1 July 2025
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from service.limits import Country
from service.schemas.values import Wire

SourceType = Literal[
    "SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"
]  # fmt: skip
YesNo = Literal["Yes", "No"]
SOURCE_TYPES, YES_NO = get_args(SourceType), get_args(YesNo)
Territory = Annotated[
    tuple[Country, ...], Field(min_length=1, max_length=100), AfterValidator(lambda codes: tuple(sorted(set(codes))))
]
# What the database requires and a check may not tell.
GIVEN = ("source_type", "automated_detection", "territorial_scope")


def _some_given(schema: dict[str, Any]) -> None:
    """Say in the document that something is given, and that null is nothing."""
    schema["minProperties"] = 1
    for column in schema["properties"].values():
        [said] = [kind for kind in column.pop("anyOf") if kind != {"type": "null"}]
        del column["default"]
        column.update(said)


class StatementIn(Wire):
    """What a statement still lacks: all of it at once, and nothing that it has."""

    model_config = ConfigDict(json_schema_extra=_some_given)

    source_type: SourceType | None = Field(None, description="How the platform came to look at the account.")
    automated_detection: YesNo | None = Field(None, description="Whether automated means identified the account.")
    territorial_scope: Territory | None = Field(None, description="Where the decision applies, ISO 3166.")

    @model_validator(mode="after")
    def _something(self) -> StatementIn:
        if not self.model_fields_set or any(getattr(self, name) is None for name in self.model_fields_set):
            raise ValueError(f"must have at least one of {', '.join(GIVEN)}, and none of them null")
        return self


class Statement(Wire):
    """A statement of reasons about one action, frozen when the clearance was redeemed.

    Of source_type, automated_detection and territorial_scope, null means: nobody has said so yet, and without it the
    database does not take the statement. Appeals are not part of it: GET /v1/checks/{check_id} has them.
    """

    decision_account: Literal["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"]
    decision_ground: Literal["DECISION_GROUND_INCOMPATIBLE_CONTENT"] = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    decision_ground_reference_url: str | None = Field(description="Null: no address of the terms is set.")
    incompatible_content_ground: str = Field(max_length=500)
    incompatible_content_explanation: str = Field(max_length=2_000)
    category: Literal["STATEMENT_CATEGORY_SCAMS_AND_FRAUD"] = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
    category_specification: tuple[str, ...] = ("KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",)
    content_type: tuple[str, ...] = ("CONTENT_TYPE_OTHER",)
    content_type_other: str = "Account profile"
    territorial_scope: Territory | None
    content_date: str = Field(description="When the account was created, or else checked: YYYY-MM-DD.")
    application_date: str = Field(description="When it was acted on: YYYY-MM-DD.")
    decision_facts: str = Field(max_length=5_000)
    source_type: SourceType | None
    automated_detection: YesNo | None
    automated_decision: Literal["AUTOMATED_DECISION_PARTIALLY"] = Field(
        "AUTOMATED_DECISION_PARTIALLY",
        description="A score was computed; somebody asked for the action and took it.",
    )
    puid: str = Field(description="The check's number.")
