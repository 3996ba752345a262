"""Statements of reasons, in the field names of the EU's DSA transparency database, without personal data.

References
----------
Regulation (EU) 2022/2065 (Digital Services Act), articles 17 and 24(5)
DSA Transparency Database, "API and schema": https://transparency.dsa.ec.europa.eu/page/api-documentation
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from service.schemas.checks import CheckResponse
from service.schemas.reviews import CheckDetail
from service.schemas.values import Wire


class Statement(Wire):
    """A statement of reasons. What the platform alone knows (territory, language) is left for it to add."""

    decision_account: Literal["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"] | None = Field(
        description="Null where the account was not acted on."
    )
    decision_ground: Literal["DECISION_GROUND_INCOMPATIBLE_CONTENT"] = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    incompatible_content_ground: str
    incompatible_content_explanation: str
    incompatible_content_illegal: Literal["Yes", "No"] = "No"
    category: Literal["STATEMENT_CATEGORY_SCAMS_AND_FRAUD"] = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
    category_specification: tuple[str, ...] = ("KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",)
    content_type: tuple[str, ...] = ("CONTENT_TYPE_OTHER",)
    content_type_other: str = "Account profile"
    content_date: str = Field(description="When the account was created, or else checked: YYYY-MM-DD.")
    application_date: str = Field(description="When it was acted on, or else decided: YYYY-MM-DD.")
    decision_facts: str
    source_type: Literal["SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"]
    automated_detection: Literal["Yes", "No"]
    automated_decision: Literal["AUTOMATED_DECISION_PARTIALLY", "AUTOMATED_DECISION_NOT_AUTOMATED"]
    puid: str = Field(description="The check's number.")


_DECISIONS: dict[str, Literal["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"]] = {
    "suspend": "DECISION_ACCOUNT_SUSPENDED",
    "deactivate": "DECISION_ACCOUNT_SUSPENDED",
    "delete": "DECISION_ACCOUNT_TERMINATED",
}


def statement_of(detail: CheckDetail, terms: str) -> Statement:
    """Return the statement of reasons of a check.

    No name, handle, link or text of an account goes in: neither the reported one's nor the protected one's.

    Parameters
    ----------
    terms : str
        The rule that impersonation breaks.
    """
    check = detail.check
    spent = next((line.at for line in detail.history if line.kind == "clearance_redeemed"), None)
    created = detail.account.get("created_at", "")
    return Statement(
        decision_account=_DECISIONS[detail.action] if spent else None,
        incompatible_content_ground=terms,
        incompatible_content_explanation="The account presents itself as another person or organisation, which the "
        "platform protects, without declaring a parody or being the owner's own.",
        content_date=created[:10] or f"{check.checked_at:%Y-%m-%d}",
        application_date=f"{spent or check.checked_at:%Y-%m-%d}",
        decision_facts=_facts(detail),
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION" if detail.report else "SOURCE_VOLUNTARY",
        automated_detection="No" if detail.report else "Yes",
        # A person always asks and acts; where reviewers agreed, people decided.
        automated_decision="AUTOMATED_DECISION_NOT_AUTOMATED"
        if check.verdict == "needs_review"
        else "AUTOMATED_DECISION_PARTIALLY",
        puid=str(check.check_id),
    )


def _facts(detail: CheckDetail) -> str:
    check = detail.check
    approved = sum(approval.answer == "approve" for approval in detail.review.approvals)
    sentences = [
        f"The profile was compared with those of protected accounts: {check.relation.replace('_', ' ')}, with a "
        f"probability of impersonation of {check.impersonation_probability:.4f}{_without_strongest(check)}.",
        f"{len(check.evidence)} compared features were weighed, the most telling: "
        f"{', '.join(item.feature.replace('_', ' ') for item in check.evidence[:3])}."
        if check.evidence
        else "",
        f"The threshold {check.certificate.threshold:.4f} was certified so that at most {check.certificate.alpha:.1%} "
        "of genuine accounts score above it."
        if check.certificate
        else "",
        f"{approved} reviewers approved the action." if approved else "",
        f"An appeal: {detail.outcomes[-1].outcome}." if detail.outcomes else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _without_strongest(check: CheckResponse) -> str:
    if check.clearing_probability is None:
        return ""
    return f", and of {check.clearing_probability:.4f} without the strongest kind of evidence"
