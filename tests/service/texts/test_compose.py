"""Texts out of codes: every one in every language, without a gap, and none that says more than it may."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import get_args

import pytest

from classifier.accounts.account import Account, ProtectedAccount
from classifier.platform_rules.demands import DemandKind, is_met
from classifier.platform_rules.rule_files import shipped_rules
from service.errors import UnknownLanguageError
from service.texts.catalogue import Catalogue, languages
from service.texts.compose import (
    About,
    AppealEvent,
    Done,
    Found,
    Reader,
    Told,
    Why,
    appeal_text,
    demand_text,
    notice_to,
)
from service.texts.facts import CODES

DUE = datetime(2026, 5, 8, 12, tzinfo=UTC)
ACTED = Told("jane_r0e", "suspend", "impersonation", "JaneRoe", ("handle_alike", "name_alike", "link"), people=2)
JANE, PROTECTED = Account(handle="jane_r0e"), ProtectedAccount(platform="x", handle="JaneRoe")
# Words of a whole notice in English, with three facts.
LONGEST_NOTICE = 160


@pytest.mark.parametrize("language", languages())
def test_every_notice_can_be_written(language) -> None:
    for reader, done, why in product(get_args(Reader), get_args(Done), (None, *get_args(Why))):
        for code in sorted(CODES):
            written = notice_to(reader, Told("jane_r0e", done, why, "JaneRoe", (code,)), language)
            assert "@jane_r0e" in written.subject
            assert "@jane_r0e" in written.text
            assert not {"{", "}"} & set(written.text)
            assert written.facts[0] in written.text
            assert "None" not in written.text


@pytest.mark.parametrize("language", languages())
def test_every_demand_can_be_written(language) -> None:
    kinds = get_args(DemandKind)
    written = demand_text(kinds, DUE, language)
    assert len(set(written.facts)) == len(kinds)
    assert all(f"- {point}" in written.text for point in written.facts)
    assert "2026" in written.text
    assert "12:00" in written.text
    assert written.complain in written.text


@pytest.mark.parametrize("language", languages())
def test_every_answer_to_a_complaint_can_be_written(language) -> None:
    cases = product(get_args(AppealEvent), get_args(About), get_args(Found))
    texts = {
        appeal_text(event, about, "jane_r0e", language, reason=why, due_at=DUE).text for event, about, why in cases
    }
    assert len(texts) == 2 + 1 + 2 * 2 * len(get_args(Found))  # only a decision names its reason
    assert all("@jane_r0e" in text for text in texts)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("platform", ["x", "bluesky", "mastodon", "youtube", "anything"])
def test_whoever_puts_the_very_word_that_is_asked_for_has_met_the_demand(language, platform) -> None:
    """In each language: the words between the marks are among those that the platform's rule reads."""
    said = Catalogue.of(language).say("demand_label_at_start")
    words = re.findall(r"[\"«“„「]\s?(.+?)\s?[\"»”“」]", said)
    assert len(words) == 3
    for word in words:
        now = Account(handle="jane_r0e", display_name=f"{word} Jane Roe")
        assert is_met("label_at_start", JANE, now, PROTECTED, shipped_rules().of(platform)), word


def test_a_notice_names_what_was_done_whom_it_resembles_what_weighed_what_cures_and_how_to_complain() -> None:
    written = notice_to("person", replace(ACTED, complaint_url="https://platform.example/complain"))
    assert written.text == (
        "We suspended your account @jane_r0e. It looks so much like @JaneRoe that people may mix the two up.\n\n"
        "These points counted most:\n"
        "- The handle is close to the handle or name of @JaneRoe.\n"
        "- The name is the same as that of @JaneRoe, or close to it.\n"
        "- The profile links to a messenger or hides where a link leads.\n\n"
        "Choose a handle that does not look like @JaneRoe. Choose a name that nobody will take for @JaneRoe. "
        "Write in the bio who you are, in your own words. "
        "Is it a parody or a fan account? Then say so at the start of the name and in the bio. "
        "Is this your real name, or do you have permission? Then complain, and send us proof.\n\n"
        "If you think that this is wrong, you can complain here: https://platform.example/complain\n\n"
        "A program compared the profiles. People looked at the result, too."
    )
    assert len(written.text.split()) <= LONGEST_NOTICE


def test_whoever_was_not_reviewed_is_told_that_no_second_person_looked() -> None:
    assert "No second person" in notice_to("person", replace(ACTED, people=0)).text


def test_a_deleted_account_cannot_be_changed_any_more() -> None:
    assert notice_to("person", replace(ACTED, done="delete")).cure == (
        "Is this your real name, or do you have permission? Then complain, and send us proof."
    )


def test_a_reporter_is_told_no_cure_of_an_action_and_what_helps_where_nothing_was_done() -> None:
    assert notice_to("reporter", ACTED).cure is None
    assert "send us proof" in notice_to("reporter", replace(ACTED, done="nothing")).cure


def test_while_it_is_open_nobody_is_told_how_it_was_looked_at() -> None:
    for reader in get_args(Reader):
        written = notice_to(reader, Told("jane_r0e", "open"))
        assert (written.cure, written.complain, written.facts) == (None, None, ())
        assert written.text.count("\n") == 0


def test_without_a_target_no_fact_is_told() -> None:
    assert notice_to("person", replace(ACTED, target=None)).facts == ()


def test_arabic_says_that_it_is_written_from_the_right() -> None:
    assert notice_to("person", ACTED, "ar-EG").direction == "rtl"
    assert demand_text(["other_name"], DUE, "ar").direction == "rtl"


@pytest.mark.parametrize("write", [
    lambda: notice_to("person", ACTED, "zh"),
    lambda: demand_text(["other_name"], DUE, "zh"),
    lambda: appeal_text("received", "action", "jane_r0e", "zh"),
])  # fmt: skip
def test_an_unknown_language_is_refused(write) -> None:
    with pytest.raises(UnknownLanguageError):
        write()


@pytest.mark.parametrize("language", languages())
def test_who_was_right_is_not_told_how_to_complain(language) -> None:
    told = replace(ACTED, done="overturned", why=None, facts=())
    assert notice_to("person", told, language).complain is None
    assert notice_to("reporter", told, language).complain is not None
