"""All spellings of a name have one key, and names that nobody takes for each other have others."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.normalization import IGNORABLE, LOOK_ALIKE
from service.schemas.values import _ACTOR
from service.utils.person_key import INVISIBLE, LONGEST, fault_of, person_key

FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
# Letters that look like Latin ones, as both their cases do or as they are written.
CYRILLIC = str.maketrans("aceopxyABCEHKMOPTXY", "асеорхуАВСЕНКМОРТХУ")
GREEK = str.maketrans("vo", "νο")
HIDDEN = "\u200b\u200d\u00ad\u2060\ufeff\u180e\ufe0f\u034f\u2800\u3164 \u00a0\u3000\t"
WAYS = {
    "capitals": str.upper,
    "small letters": str.lower,
    "titles": str.title,
    "NFD": lambda name: unicodedata.normalize("NFD", name),
    "NFKD": lambda name: unicodedata.normalize("NFKD", name),
    "full-width": lambda name: name.translate(FULL_WIDTH),
    "zero-width": "\u200b".join,
    "blanks inside": " ".join,
    "blanks around": lambda name: f" \u3000{name}\u00a0",
    "Cyrillic letters": lambda name: name.translate(CYRILLIC),
    "Greek letters": lambda name: name.translate(GREEK),
    "a one for an l": lambda name: name.replace("l", "1"),
    "a capital I for an l": lambda name: name.replace("l", "I"),
    "a nought for an o": lambda name: name.replace("o", "0"),
    "rn for m": lambda name: name.replace("m", "rn"),
    "no accents": lambda name: "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)),
}
NAMES = ["Zoë Marlow", "agent-17", "support.tool@example.com", "Vaclav Doležal", "BOB", "Straße 7", "İlkay Çelik"]
visible = st.text(st.characters(exclude_categories=["C", "Z", "M"]), min_size=1, max_size=12).filter(person_key)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_however_a_name_is_written_it_is_one(name, way):
    assert person_key(WAYS[way](name)) == person_key(name)


@pytest.mark.parametrize("name", ["НАТАША ВЕТРОВА", "ΝΙΚΟΣ ΑΣΠΡΟΣ", "ᾼΔΗΣ", "ԱՆՆԱ", "ꭰꮃꮎ".upper()])
def test_case_makes_nobody_else_in_any_alphabet(name):
    assert person_key(name.lower()) == person_key(name) == person_key(name.title())


@pytest.mark.parametrize(
    ("one", "other"), [("ВОВ", "BOB"), ("СОСО", "coco"), ("ΝΙΝΑ", "Nina"), ("КАТЕ", "kate"), ("daνe", "Dave")]
)
def test_a_whole_name_in_letters_that_look_alike_is_the_same(one, other):
    assert person_key(one) == person_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("agent-1", "agent-2"), ("agent-1.1", "agent-11"), ("agent-3", "agent-e"), ("agent-n", "agent-v"),
        ("user-3e", "user-ee"), ("jane", "jane2"), ("山田", "山本"), ("たか", "たが"), ("Иван", "Степан"),
    ],
)  # fmt: skip
def test_others_are_others(one, other):
    assert person_key(one) != person_key(other)


def test_a_hundred_numbered_names_are_a_hundred_people():
    for pattern in ("agent-{}", "reviewer {}", "{:03}", "a{:x}"):
        assert len({person_key(pattern.format(number)) for number in range(100)}) == 100


@given(visible, st.sampled_from(["zero-width", "blanks inside", "blanks around", "NFD"]))
def test_what_cannot_be_seen_changes_nothing_of_any_name(name, way):
    assert person_key(WAYS[way](name)) == person_key(name)


# The sign for "micro" is a Greek letter.
@given(st.text(st.characters(max_codepoint=0x24F, categories=["L", "N", "P"], exclude_characters="µ"), max_size=12))
def test_the_case_of_a_latin_name_changes_nothing(name):
    assert person_key(name.upper()) == person_key(name.casefold()) == person_key(name)


@given(st.text(st.sampled_from("aceopxy"), min_size=1, max_size=12), st.data())
def test_any_letters_of_a_name_may_be_exchanged_for_those_that_look_alike(name, data):
    other = "".join(data.draw(st.sampled_from([char, char.translate(CYRILLIC)])) for char in name)
    assert person_key(other) == person_key(name) == person_key(other.upper())


@given(st.text(max_size=LONGEST))
def test_a_key_fits_into_its_column_and_is_never_everybody(name):
    assert len(person_key(name)) <= LONGEST
    assert "*" not in person_key(name)


@pytest.mark.parametrize("name", ["*", "\uff0a", "\u2217", "\u204e"])
def test_what_looks_like_the_sign_for_everybody_is_not_it(name):
    assert person_key(name) != "*"


def test_names_too_long_for_a_column_keep_apart():
    one, other = ("\ufdfa" * 199 + last for last in "ab")
    assert person_key(one) != person_key(other)


def test_all_that_unicode_or_we_call_invisible_is():
    hidden = re.compile(f"[{INVISIBLE}]")
    for char in map(chr, (code for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)):
        invisible = unicodedata.category(char) in {"Cf", "Cc", "Zs", "Zl", "Zp"} or char in IGNORABLE or char.isspace()
        if invisible:
            assert hidden.match(char), f"U+{ord(char):04X}"


@given(st.text(st.sampled_from(HIDDEN), max_size=8))
def test_a_name_of_nothing_that_can_be_seen_has_no_key_and_is_taken_by_no_request(name):
    assert person_key(name) == ""
    assert not re.fullmatch(_ACTOR, name)


@given(st.text(st.characters(exclude_characters="*", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=5))
def test_requests_take_a_name_exactly_if_it_has_a_key(name):
    assert bool(person_key(name)) == bool(re.fullmatch(_ACTOR, name))


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("J\u0430ne", "Cyrillic and Latin letters in 'J\u0430ne'"),
        ("Jane R\u03bfe", "Greek and Latin letters in 'R\u03bfe'"),
        ("Ja\u200bne", "invisible"),
        ("Jane\u00a0Roe", "invisible"),
        (" Jane", "blanks around"),
        ("Jane ", "blanks around"),
    ],
)
def test_a_name_that_only_looks_like_another_is_refused(name, fault):
    assert fault in fault_of(name)


@pytest.mark.parametrize(
    "name",
    [*NAMES, "山田 太郎", "スズキ イチロー", "김민수", "Иван Ветров", "Νίκος", "محمد", "तारा", "team-Иван", "李 (Lee)"],
)
def test_names_of_all_alphabets_are_taken(name):
    assert fault_of(name) == ""


def test_the_looks_that_count_are_those_of_letters():
    """Of the digits and signs that stand for letters in disguises only two are mistaken for them in names."""
    others = {chr(code) for code in LOOK_ALIKE if not chr(code).isalpha()} - set("01|")
    assert len({person_key(char) for char in others}) == len(others)
