import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import named
from classifier.text.normalization import loose_key, normal, words
from classifier.text.search_keys import name_keys
from classifier.text.spelling import spelled

# How one name is written by honest people; all invented.
WAYS = [
    pytest.param("Renée Dolmière", "Renee Dolmiere", id="accents"),
    pytest.param(unicodedata.normalize("NFD", "Renée Dolmière"), "Renee Dolmiere", id="accents as marks"),
    pytest.param("Nguyễn Thị Đoan", "Nguyen Thi Doan", id="Vietnamese"),
    pytest.param("Wisława Łąkotka", "Wislawa Lakotka", id="Polish"),
    pytest.param("Søren Kjærholt", "Soren Kjaerholt", id="Danish"),
    pytest.param("İlknur Yıldızlı", "Ilknur Yildizli", id="Turkish, left out"),
    pytest.param("İLKNUR YILDIZLI", "İlknur Yıldızlı", id="Turkish capitals"),
    pytest.param("Ştefan Ţurcanu", "Ștefan Țurcanu", id="Romanian cedilla and comma"),
    pytest.param("Weißgruber", "Weissgruber", id="sharp s"),
    pytest.param("WEISSGRUBER", "Weißgruber", id="sharp s in capitals"),
    pytest.param("Семён Фёдоров", "Семен Федоров", id="Cyrillic io"),
    pytest.param("Αλέξης Μώρος", "ΑΛΕΞΗΣ ΜΩΡΟΣ", id="Greek capitals and final sigma"),
    pytest.param("أحمد إلياس", "احمد الياس", id="hamza above and below"),
    pytest.param("آمنة", "امنه", id="madda and teh marbuta"),
    pytest.param("ليلى", "ليلي", id="alef maksura"),
    pytest.param("علی کمالی", "علي كمالي", id="Farsi yeh and kaf"),
    pytest.param("مـحـمـد", "محمد", id="tatweel"),
    pytest.param("مُحَمَّد", "محمد", id="Arabic vowel marks"),
    pytest.param("ﻣﺤﻤﺪ", "محمد", id="Arabic letters for printing"),
    pytest.param("יוֹסֵף", "יוסף", id="Hebrew points"),
    pytest.param("יוסף", "יוספ", id="Hebrew final letter"),
    pytest.param("ﬡבא", "אבא", id="Hebrew letters for printing"),
]


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_names_that_differ_by_spelling_only_are_equal_and_no_look_alikes(one: str, other: str) -> None:
    assert spelled(one).casefold() == spelled(other).casefold()
    reported = View(Account(handle="u4811", display_name=one))
    protected = View(ProtectedAccount(platform="x", handle="u9903", display_name=other))
    assert reported.name_letters == protected.name_letters
    assert named("name_look_alike").compute(reported, protected) == 0.0
    assert named("name_similarity").compute(reported, protected) == 1.0
    assert set(name_keys(one)) & set(name_keys(other))
    assert reported.name_word_readings & protected.all_name_readings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Renée", "Rene", id="a letter less"),
        pytest.param("Андрей", "Андреи", id="Cyrillic short i"),
        pytest.param("はな", "ばな", id="kana"),
        pytest.param("नन्द", "नद", id="Devanagari virama"),
        pytest.param("Rоbert", "Robert", id="a Cyrillic letter is disguise"),
        pytest.param("ßanker", "Banker", id="a sharp s in front"),
    ],
)
def test_what_is_another_letter_is_another_spelling(one: str, other: str) -> None:
    assert spelled(one).casefold() != spelled(other).casefold()


def test_a_disguise_is_still_one() -> None:
    reported = View(Account(handle="u4811", display_name="Rоbert Dolmiere"))  # a Cyrillic o
    protected = View(ProtectedAccount(platform="x", handle="u9903", display_name="Robert Dolmière"))
    assert named("name_look_alike").compute(reported, protected) == 1.0
    assert loose_key("ßanker") == loose_key("Banker")


@pytest.mark.parametrize("text", ["İrem", "مُحَمَّد", "יוֹסֵף", "J\u0336a\u0336n\u0336e"])
def test_marks_do_not_part_words(text: str) -> None:
    assert len(words(text)) == 1


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_spelling_is_stable_and_leaves_ascii_alone(text: str) -> None:
    once = spelled(text)
    assert spelled(once) == once or not once.isascii()
    assert spelled(normal(text)).casefold() == spelled(spelled(normal(text))).casefold()
    ascii_part = text.encode("ascii", "ignore").decode()
    assert spelled(ascii_part) == ascii_part
