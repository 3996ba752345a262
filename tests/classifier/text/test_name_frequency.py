"""Name frequency: common names are common, marks and case make no difference, and what is no name is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.name_frequency import family_share, given_share, is_family, is_given, key, languages, people


def test_the_shares_are_those_of_the_census_times_the_share_of_english_speakers() -> None:
    """Smith is borne by 1.006 % and Mary by 2.629 % of women: half as many people."""
    english = languages()["en"]
    smith = next(name for name in english.family if name.native == "Smith")
    assert smith.share == pytest.approx(0.01006, abs=1e-6)
    mary = next(name for name in english.given if name.native == "Mary")
    # The file of men has her too, with 0.009 %; each sex is half of all people.
    assert mary.share == pytest.approx((0.02629 + 0.00009) / 2, abs=1e-5)
    assert family_share("Smith") == pytest.approx(english.share * 0.01006, rel=0.2)


def test_no_kind_of_name_is_borne_by_more_people_than_there_are() -> None:
    assert sum(language.share for language in languages().values()) == pytest.approx(1.0)
    for code, language in languages().items():
        for names in (language.given, language.family):
            assert len(names) >= 10, code
            assert 0.05 < sum(name.share for name in names) <= 1.0001, code
            assert [name.share for name in names] == sorted((name.share for name in names), reverse=True), code


@pytest.mark.parametrize(
    ("plain", "written"),
    [("garcia", "García"), ("isik", "IŞIK"), ("muller", "Müller"), ("IVANOV", "ivanov"), ("Mohamed", "mohamed")],
)
def test_marks_and_case_make_no_difference(plain: str, written: str) -> None:
    assert people(plain) == people(written) > 0


@pytest.mark.parametrize(
    ("native", "latin"), [("Иванов", "Ivanov"), ("佐藤", "Sato"), ("محمد", "Mohamed"), ("김", "Kim")]
)
def test_a_name_of_another_script_is_known_in_both(native: str, latin: str) -> None:
    assert people(native) > 0
    assert people(latin) > 0


@pytest.mark.parametrize("pair", [("Maria", "Marla"), ("Neil", "Nell"), ("Jon", "Jan")])
def test_names_one_letter_apart_both_are_names(pair: tuple[str, str]) -> None:
    assert all(is_given(name) for name in pair)


def test_common_names_are_commoner_than_rare_ones() -> None:
    assert people("Garcia") > people("Flores") > people("Delacruz") > people("Ibarzela") == 0.0
    assert given_share("John") > given_share("Barnaby") >= 0
    assert is_family("Park")
    assert not is_family("Support")


@given(st.text(max_size=12))
def test_any_text_has_a_share_and_is_a_name_where_it_is_above_none(word: str) -> None:
    assert 0.0 <= people(word) < 0.2
    assert (people(word) > 0) == (is_given(word) or is_family(word))
    assert key(key(word)) == key(word)
