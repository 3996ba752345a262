"""Who decides an appeal is another person than all before, as a property; which reasons go with which decision."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from classifier.labels.votes import UNCLEAR
from classifier.model.pair_model import OTHER_RELATIONS
from service.decisions.appeals import REASONS, RELATIONS, why_not_another
from service.records.people import People, _groups
from service.schemas.appeals import AppealFound
from service.texts.compose import About, Found
from service.utils.person_key import person_key

NAMES = ("ann", "bob", "cleo", "dan", "eve", "finn")
SPELLINGS = (str, str.upper, str.title, lambda name: f" {name} ", lambda name: f"{name}\u200b")
written = st.builds(lambda name, spell: spell(name), st.sampled_from(NAMES), st.sampled_from(SPELLINGS))
ties = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(("P-1", "P-2"))), max_size=5)


def persons(tied):
    """The names of each person, by who has which id: found in another way than ``records.people`` does."""
    found = [{name} for name in NAMES]
    for person in ("P-1", "P-2"):
        names = {name for name, one in tied if one == person}
        joined = [group for group in found if group & names]
        if joined:
            found = [group for group in found if group not in joined] + [set().union(*joined)]
    return found


@given(tied=ties, before=st.lists(written, max_size=4), name=written)
def test_nobody_who_took_part_decides_under_any_spelling_or_name_and_everybody_else_does(tied, before, name):
    people = People(_groups((person_key(one), person_key(person)) for one, person in tied))
    plain = {person_key(one): one for one in NAMES}
    own = next(group for group in persons(tied) if plain[person_key(name)] in group)
    took_part = any(plain[person_key(one)] in own for one in before)
    assert bool(why_not_another(name, before, people)) == took_part


def test_every_reason_goes_with_one_decision_about_each_thing():
    for about in get_args(About):
        upheld, overturned = (REASONS[about, found] for found in get_args(AppealFound))
        assert upheld | overturned == set(get_args(Found))
        assert not upheld & overturned


def test_every_reason_against_an_action_says_what_the_account_is_or_that_it_is_unclear():
    assert RELATIONS.keys() == REASONS["action", "overturned"]
    assert set(RELATIONS.values()) == {*OTHER_RELATIONS, UNCLEAR}
