"""Reasons to choose: each is for one answer, and what was written besides is kept."""

import pytest

from service.web.console.presenters.common_reasons import COMMON_REASONS, reason_of

EVERY = [(answer, code) for answer, reasons in COMMON_REASONS.items() for code in reasons]


@pytest.mark.parametrize(("answer", "code"), EVERY)
def test_a_chosen_reason_is_recorded_as_it_is_shown_before_what_was_written(answer, code):
    text = COMMON_REASONS[answer][code]
    assert reason_of(answer, code, "") == text
    assert reason_of(answer, code, "I looked twice.") == f"{text} I looked twice."


@pytest.mark.parametrize(("answer", "code"), EVERY)
def test_a_reason_for_the_other_answer_is_refused(answer, code):
    other = next(name for name in COMMON_REASONS if name != answer)
    with pytest.raises(ValueError, match="not a reason"):
        reason_of(other, code, "I looked twice.")


@pytest.mark.parametrize("answer", ["approve", "decline", "something"])
def test_without_a_choice_what_was_written_is_the_reason(answer):
    assert reason_of(answer, "", "I looked twice.") == "I looked twice."


def test_what_is_no_reason_of_ours_is_refused():
    with pytest.raises(ValueError, match="not a reason"):
        reason_of("approve", "because_i_say_so", "")


def test_no_code_is_for_both_answers():
    assert len({code for _, code in EVERY}) == len(EVERY)
