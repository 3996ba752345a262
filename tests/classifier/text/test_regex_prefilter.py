import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import lexicon
from classifier.text.regex_prefilter import Triggers, needles

PATTERNS = [pattern.pattern for pattern in lexicon._PATTERNS]
TRIGGERS = Triggers(PATTERNS)


def possible(pattern: str, text: str) -> bool:
    return bool(Triggers([pattern]).possible(text))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ab|cd", {"ab", "cd"}),
        ("a(b|c)d", {"abd", "acd"}),
        ("longer.x", {"longer"}),
        ("x?long", {"long", "xlong"}),
        ("(ab)+c", {"ab"}),
        ("(ab|[xy])z", {"z"}),
        (r"\ba\.b\b", {"a.b"}),
        ("^not |[0-9]{3,}cents", {"not ", "cents"}),
    ],
)
def test_needles_are_read_from_a_pattern(pattern: str, expected: set[str]) -> None:
    assert needles(pattern) == expected


@pytest.mark.parametrize("pattern", ["", "a*", "a?|b", "[ab]", "(?:ab)", "a{0,3}", "(ab", "ab)", r"\d+|ab", "(a|)"])
def test_a_pattern_that_may_match_without_fixed_text_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        needles(pattern)


@pytest.mark.parametrize("number", range(len(PATTERNS)))
@given(st.data())
def test_what_a_pattern_matches_is_never_ruled_out(number: int, data: st.DataObject) -> None:
    before, matched, behind = data.draw(
        st.tuples(st.text(max_size=5), st.from_regex(lexicon._PATTERNS[number]), st.text(max_size=5))
    )
    text = f"{before} {matched} {behind}"
    if re.search(PATTERNS[number], text):
        assert TRIGGERS.possible(text) >> number & 1


def test_what_nothing_is_said_in_is_ruled_out() -> None:
    assert TRIGGERS.possible("jane quillon | i paint rivers") == 0
    assert TRIGGERS.possible("") == 0
    assert TRIGGERS.possible("\ud800") == 0
