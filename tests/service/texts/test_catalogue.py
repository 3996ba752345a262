"""Eight catalogues say the same: the same keys, the same placeholders, short sentences in plain words."""

import json
import re
import string
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import service.texts
from service.errors import UnknownLanguageError
from service.texts.catalogue import Catalogue, language_of, languages

FILES = {path.stem: path for path in Path(service.texts.__file__).parent.glob("*.json")}
TEXTS = {language: json.loads(path.read_text(encoding="utf-8")) for language, path in FILES.items()}
SCRIPTS = {"ar": "ARABIC", "hi": "DEVANAGARI", "ja": ("CJK", "HIRAGANA", "KATAKANA")}
NAMES = {"handle": "@jane_r0e", "target": "@JaneRoe", "due": "8 May", "url": "https://example.org",
         "code": "ABCDEF-GHIJKL-MNOPQR"}  # fmt: skip
# Words of a sentence, Japanese excepted: it is counted in characters, of which about three make a word.
LONGEST, LONGEST_JAPANESE = 20, 60
# Flesch-Kincaid: the years of school that a text takes.
GRADE = 8.0

of_each_language = pytest.mark.parametrize("language", sorted(FILES))


def sentences(language):
    """Every sentence that is said in a language, names filled in."""
    for key, text in TEXTS[language].items():
        if key not in {"dir", "date", "months"}:
            yield from re.split(r"(?<=[.?!؟。।:])\s*(?=\S)", text.format(**NAMES).replace("https://example.org", ""))


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def syllables(word):
    """Runs of vowels, without a silent e at the end: what Flesch's formulas are commonly computed with."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    runs = len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$|(?<=[^td])ed$", "", letters)))
    return max(1, runs)


def grade(spoken):
    """Return the Flesch-Kincaid grade of sentences."""
    words = [word for sentence in spoken for word in re.findall(r"[A-Za-z']+", sentence)]
    return 0.39 * len(words) / len(spoken) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_there_are_eight_languages() -> None:
    assert languages() == ("ar", "de", "en", "es", "fr", "hi", "ja", "pt")


@of_each_language
def test_keys_are_the_same_in_the_same_order(language) -> None:
    assert list(TEXTS[language]) == list(TEXTS["en"])


@of_each_language
def test_placeholders_are_the_same(language) -> None:
    for key, text in TEXTS["en"].items():
        said = TEXTS[language][key]
        if key == "months":
            assert len(set(said)) == 12
        else:
            assert placeholders(said) == placeholders(text), key


@of_each_language
def test_nothing_was_left_untranslated_or_said_twice(language) -> None:
    own, english = (
        {key: text for key, text in TEXTS[one].items() if key not in {"dir", "months", "date"}}
        for one in (language, "en")
    )
    assert len(set(own.values())) == len(own)
    assert language == "en" or not set(own.values()) & set(english.values())


@pytest.mark.parametrize("language", sorted(SCRIPTS))
def test_a_language_of_another_script_is_written_in_it(language) -> None:
    for key, text in TEXTS[language].items():
        if key in {"dir", "months", "date"}:
            continue
        letters = [unicodedata.name(char) for char in re.sub(r"\{\w+\}", "", text) if char.isalpha()]
        assert letters, key
        assert all(name.startswith(SCRIPTS[language]) for name in letters), key


@of_each_language
def test_sentences_are_short(language) -> None:
    for sentence in sentences(language):
        if language == "ja":
            assert len(sentence) <= LONGEST_JAPANESE, sentence
        else:
            assert said_in(sentence) <= LONGEST, sentence


def said_in(sentence):
    """Return how long a sentence is, in words."""
    return sum(any(map(str.isalnum, word)) for word in sentence.split())


@of_each_language
def test_the_page_tells_how_long_they_are_and_that_no_native_speaker_read_them(language) -> None:
    page = (Path(service.texts.__file__).parent / "README.md").read_text(encoding="utf-8")
    lengths = [len(one) if language == "ja" else said_in(one) for one in sentences(language)]
    unit = " characters" if language == "ja" else ""
    [row] = [line.split(" | ") for line in page.splitlines() if line.startswith(f"| {language} |")]
    assert row[2:4] == [f"{sum(lengths)}{unit}", f"{max(lengths)}{unit}"]
    assert "No native speaker has read them" in page
    assert f"{grade(list(sentences('en'))):.1f} years of school" in page


def test_the_english_texts_take_eight_years_of_school_at_most() -> None:
    spoken = list(sentences("en"))
    assert grade(spoken) <= GRADE
    assert grade(["The cat sat on the mat."]) < 2
    assert grade(["Authentication necessitates organisational verification of institutional responsibilities."]) > 15


@of_each_language
def test_only_arabic_is_written_from_right_to_left(language) -> None:
    assert Catalogue.of(language).direction == ("rtl" if language == "ar" else "ltr")


def test_names_in_arabic_stand_isolated_so_that_they_turn_no_word_around() -> None:
    assert "\u2068@jane_r0e\u2069" in Catalogue.of("ar").say("person_suspend", handle="@jane_r0e")
    assert "\u2068" not in Catalogue.of("en").say("person_suspend", handle="@jane_r0e")


@of_each_language
def test_a_date_has_day_year_and_time_in_utc(language) -> None:
    eastern = datetime(2026, 5, 8, 14, 30, tzinfo=UTC).astimezone(timezone(timedelta(hours=9)))
    said = Catalogue.of(language).date(eastern)
    assert TEXTS[language]["months"][4] in said
    assert [int(number) for number in re.findall(r"\d+", said.replace("5月", ""))][-2:] == [14, 30]
    assert {"2026", "8"} <= set(re.findall(r"\d+", said))


@pytest.mark.parametrize(
    ("tag", "language"), [("pt-BR", "pt"), ("PT_pt", "pt"), ("de", "de"), ("en-GB-oxendict", "en")]
)
def test_a_region_does_not_matter(tag, language) -> None:
    assert language_of(tag) == language


@pytest.mark.parametrize("tag", ["zh", "eng", "", "xx-en", "../en"])
def test_an_unknown_language_lists_those_there_are(tag) -> None:
    with pytest.raises(UnknownLanguageError, match="ar, de, en, es, fr, hi, ja, pt"):
        language_of(tag)
