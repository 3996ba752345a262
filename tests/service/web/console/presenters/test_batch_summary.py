from hypothesis import given
from hypothesis import strategies as st

from classifier.scoring.assessment import RELATIONS as FOUND
from classifier.scoring.policy import VerdictName
from service.web.console.presenters.batch_summary import (
    RELATIONS,
    VERDICTS,
    campaigns_of,
    course,
    figures,
    relation_figures,
    shared,
    verdict_figures,
)

COUNTS = st.dictionaries(st.sampled_from(sorted(RELATIONS)), st.integers(0, 10**9))


def test_everything_that_an_answer_can_say_has_words():
    assert {*FOUND, "error"} <= RELATIONS.keys()
    assert {*VerdictName.__args__, "error"} == VERDICTS.keys()


@given(COUNTS)
def test_a_bar_is_never_invisible_nor_too_long_and_nothing_is_left_out(counts):
    found = figures(counts, RELATIONS)
    assert sum(one.count for one in found) == sum(counts.values())
    assert all(1 <= one.width <= 100 and one.count for one in found)


def test_rows_that_could_not_be_read_are_among_the_figures():
    summary = {"rows": 10, "answered": 7, "verdicts": {"refused": 7}, "relations": {"is_protected": 7}}
    assert [(one.kind, one.count) for one in verdict_figures(summary)] == [("refused", 7), ("error", 3)]
    assert [(one.kind, one.count) for one in relation_figures(summary)] == [("is_protected", 7), ("error", 3)]


def test_before_it_has_begun_nothing_is_said_of_how_long_it_will_take():
    begun = course({})
    assert (begun.rows, begun.expected, begun.percent, begun.rate, begun.left, begun.found) == (0, 0, 0, 0, "", [])
    assert course({"rows": 3, "resumed": 0, "expected": 9, "rate": None, "relations": {}}).left == ""


@given(COUNTS, st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 10**6) | st.none())
def test_any_progress_can_be_shown(relations, rows, more, rate):
    progress = {"rows": rows, "resumed": 0, "expected": rows + more, "rate": rate, "relations": relations}
    assert 0 <= course(progress).percent <= 100


def test_what_only_copies_the_protected_account_is_no_campaign():
    lure = {"shared": {"bio": "Actor.", "link": "win.example"}, "copied": ["bio"]}
    copy = {"shared": {"bio": "Actor.", "avatar": "ab"}, "copied": ["avatar", "bio"]}
    assert campaigns_of({"campaigns": [lure, copy]}) == ([lure], [copy])


def test_long_texts_and_hashes_are_shortened_and_what_was_copied_is_said():
    campaign = {"shared": {"bio": "b" * 500, "avatar": "a" * 64}, "copied": ["avatar"]}
    [(_, bio, copied), (what, avatar, own)] = shared(campaign)
    assert (len(bio), copied, len(avatar), own) == (203, False, 19, True)
    assert "picture" in what
