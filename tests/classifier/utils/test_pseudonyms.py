"""Whoever labelled is kept by a pseudonym only."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.utils.pseudonyms import pseudonym


@given(st.text(min_size=1))
def test_a_pseudonym_is_short_always_the_same_and_stays_what_it_is(name: str) -> None:
    found = pseudonym(name)
    assert len(found) == len("labeller-") + 10
    assert found == pseudonym(name) == pseudonym(found) == pseudonym(f" {name.strip()} ")


def test_it_does_not_show_the_name_and_tells_names_apart() -> None:
    names = [f"reviewer-{number}" for number in range(2_000)]
    found = {pseudonym(name) for name in names}
    assert len(found) == len(names)
    assert not any("reviewer" in one for one in found)
