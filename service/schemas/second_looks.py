"""Wire models of second looks: a sample of checks that people judge again without knowing what was answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from service.schemas.checks import EntryOut, TargetOut
from service.schemas.values import Probability, Wire

SecondRelation = Literal["impersonation", "parody_or_fan", "same_owner", "unrelated", "unsure"]
SecondLookState = Literal["open", "answered"]
FirstResult = Literal["cleared", "approved", "declined", "refused", "open"]
Dimension = Literal["language", "script", "region", "platform", "name"]


class SecondAnswerIn(Wire):
    """What somebody who looked blind takes the account for."""

    relation: SecondRelation
    reason: Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")] = Field("", description="Why; may be empty.")


class SecondAnswerOut(Wire):
    """What somebody who looked blind answered."""

    actor: str
    relation: SecondRelation
    reason: str
    seconds: int = Field(ge=0, description="From the first showing to the answer, by the service's clock.")
    at: AwareDatetime


class SecondAnswered(Wire):
    """The answer was recorded. What others answered is not told."""

    check_id: UUID
    relation: SecondRelation
    seconds: int = Field(ge=0, description="From the first showing to the answer.")
    answered_at: AwareDatetime
    entry: EntryOut


class SecondLookLine(Wire):
    """A check that was drawn."""

    check_id: UUID
    drawn_at: AwareDatetime
    state: SecondLookState = Field(description="answered: by one person at least. Two are asked at most.")
    answers: list[SecondAnswerOut] = Field(description="For admins and auditors; empty for those who judge.")


class SecondLookPage(Wire):
    """Checks that were drawn, the newest first."""

    second_looks: list[SecondLookLine]


class BlindOut(Wire):
    """What somebody sees who judges a check again: both accounts and the report, and nothing that was answered."""

    check_id: UUID
    shown_at: AwareDatetime = Field(description="When this person was first shown it: seconds count from then.")
    account: dict[str, Any] = Field(description="The reported account, as it was checked.")
    target: TargetOut = Field(description="The protected account that it may imitate.")
    report: str | dict[str, Any] | None = Field(description="What was reported.")
    reports: list[str | dict[str, Any]] | None = Field(None, description="Several, in the place of report.")


class ResultOut(Wire):
    """What was drawn of one first result, and what second answers said of it."""

    result: FirstResult
    drawn: int
    answered: int = Field(description="Those with one second answer at least.")
    answers: dict[SecondRelation, int] = Field(description="All second answers.")


class AgreementOut(Wire):
    """How far second answers agree with the first person's, and with one another. Null: too few to tell."""

    compared: int = Field(
        description="Checks that a person approved or declined and another person judged blind, without unsure answers."
    )
    agreed: int = Field(description="Those where an approval met 'impersonation', or a decline anything else.")
    share: Probability | None
    kappa: Annotated[float, Field(ge=-1.0, le=1.0)] | None = Field(description="Cohen's, of the same comparison.")
    judged_twice: int = Field(description="Checks with two second answers, none of them unsure.")
    alpha: Annotated[float, Field(le=1.0)] | None = Field(description="Krippendorff's, nominal, of those.")


class ErrorsOut(Wire):
    """Of checks that were cleared or acted on, how many somebody who looked blind calls genuine."""

    judged: int = Field(description="Drawn, cleared or acted on, and judged by somebody who was not unsure.")
    genuine: int = Field(description="Those that one person at least calls parody_or_fan, same_owner or unrelated.")
    share: Probability | None
    bound: Probability | None = Field(
        description="With a confidence of 95 %, the share among all such checks is at most this (Clopper and Pearson)."
    )


class SecondsOut(Wire):
    """Seconds from look to answer."""

    answers: int
    median: float | None
    p90: float | None = Field(description="Nine of ten answers took at most this long.")


class LookSliceOut(Wire):
    """The same figures of a part. Under five answers there are counts, and no rates."""

    dimension: Dimension
    value: str
    drawn: int
    answers: int = Field(description="Second answers in it.")
    compared: int
    agreed: int
    agreement: Probability | None
    errors: ErrorsOut
    median_seconds: float | None


class LookReport(Wire):
    """What blind second looks say of the checks that were drawn in a period."""

    begin: AwareDatetime
    end: AwareDatetime
    drawn: int
    answered: int = Field(description="With one answer at least. Rates hold if which are answered is left to chance.")
    results: list[ResultOut]
    agreement: AgreementOut
    errors: ErrorsOut
    certified_alpha: Probability | None = Field(
        description="The largest alpha of the certificates behind what was judged. It bounds another share than "
        "errors.bound: of genuine accounts, those that would be cleared; errors.bound is of cleared ones, those that "
        "are genuine."
    )
    seconds: SecondsOut
    slices: list[LookSliceOut]
