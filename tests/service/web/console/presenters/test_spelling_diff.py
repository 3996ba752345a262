import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.web.console.presenters.spelling_diff import (
    COMPARED,
    NAMED_LETTERS,
    compare,
    graphemes,
    hidden,
    scripts_in_words,
    told_apart,
)

# Letters that meet, cling together, cannot be seen or turn the text around; and any others.
ODD = st.text(st.sampled_from("aAeIlі10oOmrnvwWJ а\u0301\u200d\u200b\u202e\u2066👩🚀🏽\ufe0f\r\n_"), max_size=40)
TEXTS = st.one_of(ODD, st.text(max_size=300))


def pieces(reported, protected):
    return [(piece.kind, piece.reported, piece.protected) for piece in compare(reported, protected).pieces]


@given(TEXTS, TEXTS)
@example("Il", "l")
@example("a" * 500, "a" * 400 + "b" * 100)
def test_the_pieces_add_up_to_both_strings(reported, protected):
    spelling = compare(reported, protected)
    assert "".join(piece.reported for piece in spelling.pieces) + spelling.reported_rest == reported
    assert "".join(piece.protected for piece in spelling.pieces) + spelling.protected_rest == protected
    assert all((piece.kind == "same") == (piece.reported == piece.protected) for piece in spelling.pieces)


@given(TEXTS)
def test_equal_strings_have_no_mark(text):
    spelling = compare(text, text)
    assert spelling.kind == "same"
    assert {piece.kind for piece in spelling.pieces} <= {"same"}


@given(TEXTS, TEXTS)
def test_different_strings_are_never_the_same(reported, protected):
    assert (compare(reported, protected).kind == "same") == (reported == protected)


@given(TEXTS, TEXTS)
def test_swapping_the_sides_swaps_the_marks(reported, protected):
    assert compare(protected, reported) == compare(reported, protected).swapped()


@pytest.mark.parametrize(
    ("reported", "protected", "expected"),
    [
        ("Janernarie", "Janemarie", [("rn", "m")]),
        ("vvest", "west", [("vv", "w")]),
        ("JаneR0e", "JaneRoe", [("а", "a"), ("0", "o")]),
        ("camiIIe", "camille", [("I", "l"), ("I", "l")]),
        ("mrn", "rnm", [("m", "rn"), ("rn", "m")]),
        ("e\u0301lan", "élan", [("e\u0301", "é")]),
    ],
)
def test_look_alikes_stand_against_each_other(reported, protected, expected):
    found = [(one, other) for kind, one, other in pieces(reported, protected) if kind == "alike"]
    assert found == expected
    assert compare(reported, protected).kind == "alike"


def test_a_letter_that_was_put_in_is_the_one_that_is_marked():
    assert pieces("Jane_Roe", "JaneRoe") == [("same", "Jane", "Jane"), ("differs", "_", ""), ("same", "Roe", "Roe")]


def test_case_is_told_apart_from_look_alikes():
    assert pieces("JANE", "jane") == [("case", "JANE", "jane")]
    assert compare("JaneRoe", "janeroe").kind == "case"


def test_names_that_meet_by_chance_are_different_as_a_whole():
    assert [kind for kind, _, _ in pieces("unrelated long text about jars of ore", "x Jane Roe x")] == ["differs"]


def test_what_was_put_after_a_look_alike_does_not_hide_it():
    assert ("alike", "0", "o") in pieces("JaneR0e<b>", "JaneRoe")


def test_a_name_within_a_longer_one_is_found():
    found = pieces("The Official Jane Roe Fans of Northwind", "Dr Jane Roe MP")
    assert ("same", "Jane Roe ", "Jane Roe ") in found


@pytest.mark.parametrize(("one", "other"), [("Renée", "Renee"), ("Işıl", "Isil"), ("ليلى", "ليلي"), ("Фёдор", "Федор")])
def test_accents_and_the_like_are_no_look_alikes(one, other):
    found = compare(one, other)
    assert found.kind == "accents"
    assert found.letters() == ((), 0)


def test_emoji_and_accents_stay_whole():
    family = "👩\u200d👩\u200d👧"
    assert graphemes(f"e\u0301{family}") == ["e\u0301", family]
    assert ("differs", family, "👩") in pieces(f"a{family}b", "a👩b")


@pytest.mark.parametrize(
    ("reported", "protected", "words"),
    [
        ("I", "l", "capital I, not small l"),
        ("l", "I", "small l, not capital I"),
        ("0", "O", "digit 0, not capital O"),
        ("а", "a", "Cyrillic small letter a, not Latin a"),
        ("rn", "m", "rn, not m"),
        ("é", "e", "small e with acute, not small e"),
        ("ν", "v", "Greek small letter nu, not Latin v"),
    ],
)
def test_look_alikes_are_named_in_words(reported, protected, words):
    assert told_apart(reported, protected) == words


def test_each_look_alike_is_named_once_and_no_more_than_fit():
    letters, more = compare("I" * 50, "l" * 50).letters()
    assert ([letter.words for letter in letters], more) == (["capital I, not small l"], 0)
    letters, more = compare("аеорсухіјѕ", "aeopcyxijs").letters()
    assert (len(letters), more) == (NAMED_LETTERS, 2)


@given(TEXTS)
def test_what_cannot_be_seen_is_named_and_nothing_is_lost(text):
    runs = list(hidden(text))
    assert "".join(run for run, _ in runs) == text
    for run, name in runs:
        if not name and "👩" not in run and "🚀" not in run and "🏽" not in run:
            assert not set(run) & set("\u200b\u202e\u2066\r\n")
        assert not name or len(set(run)) == 1


@pytest.mark.parametrize("control", ["\u202e", "\u200b", "\u2066", "\u00ad", "\x00", "\ud800", "\U000e0041"])
def test_each_invisible_character_has_a_name(control):
    assert [(run, bool(name)) for run, name in hidden(f"a{control}b")] == [("a", False), (control, True), ("b", False)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jane", ""),
        ("2024 !", ""),
        ("Jаne", "Mixes Cyrillic and Latin"),
        ("Солнце", "Written in Cyrillic"),
        ("東京タワー Tokyo", "Written in Han, Katakana and Latin"),
        ("Jаνe", "Mixes Cyrillic, Greek and Latin"),
    ],
)
def test_scripts_are_named(text, words):
    assert scripts_in_words(text) == words


@pytest.mark.parametrize(
    ("reported", "protected"),
    [
        ("аb\u0301" * 2_500, "ab" * 2_500),
        ("e" + "\u0301" * 5_000, "é"),
        ("\u202e" * 5_000, "👩\u200d" * 2_500),
        ("".join(map(chr, range(0x4E00, 0x4E00 + 5_000))), "".join(map(chr, range(0x5E00, 0x5E00 + 5_000)))),
    ],
)
def test_long_strings_are_compared_in_no_time_and_cut(reported, protected):
    best = min(_seconds(reported, protected) for _ in range(3))
    assert best < 0.02
    spelling = compare(reported, protected)
    assert sum(len(piece.reported) for piece in spelling.pieces) <= COMPARED
    assert spelling.kind == "differs"


def _seconds(reported, protected):
    start = time.process_time()
    compare(reported, protected).letters()
    return time.process_time() - start


def test_letters_of_a_style_are_one_line_and_no_cards():
    spelling = compare("\U0001d4aa\U0001d4c1\U0001d4c1\U0001d4be", "Olli")
    assert spelling.styled() == "4 letters are mathematical script"
    assert spelling.letters() == ((), 0)
    assert compare("\u041elli", "Olli").styled() == "", "a letter of another script is named by itself"
    assert compare("\uff2flli", "Olli").styled() == "1 letter is fullwidth"
