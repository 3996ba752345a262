"""Pages speak the language that is asked for, and English wherever a translation lacks something or fails."""

import threading
import time
from datetime import UTC, datetime
from gettext import NullTranslations

import pytest

from service.errors import SettingsError
from service.texts.catalogue import catalogued
from service.texts.dates import dated, number
from service.texts.languages import read_languages
from service.texts.recorded import opening, pattern_of, recorded
from service.texts.wording import Language, Message, Words, gettext, in_english, ngettext, speak, spoken
from tests.service.texts.translations import compiled, language

AT = datetime(2026, 3, 9, 8, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english_again():
    yield
    speak(Language())


def test_what_is_translated_is_said_and_what_is_not_stays_english():
    speak(language("de", {"Gate %(name)s stands still.": "%(name)s steht still."}))
    assert gettext("Gate %(name)s stands still.", name="ozone") == "ozone steht still."
    assert gettext("No checks yet.") == "No checks yet."


@pytest.mark.parametrize("wrong", ["%(other)s steht still.", "%(name)d", "100 % %(name)s", "%("])
def test_a_translation_whose_places_do_not_fit_is_not_said(wrong):
    speak(language("de", {"Gate %(name)s stands still.": wrong}))
    assert gettext("Gate %(name)s stands still.", name="ozone") == "Gate ozone stands still."


def test_each_language_has_its_own_plurals():
    forms = {("%(num)s day", "%(num)s days"): ("%(num)s den", "%(num)s dny", "%(num)s dní")}
    speak(language("cs", forms))
    assert [ngettext("%(num)s day", "%(num)s days", count) for count in (1, 3, 5)] == ["1 den", "3 dny", "5 dní"]


def test_a_table_of_words_speaks_when_it_is_read_and_keeps_its_english():
    table = Words({"a": "Met", "b": ("good", Message("Met"))}) | {"c": "Met"}
    speak(language("de", {"Met": "Erfüllt", "good": "gut"}))
    assert dict(table) == {"a": "Erfüllt", "b": ("good", "Erfüllt"), "c": "Erfüllt"}
    assert table.english["a"] == "Met"


def test_files_and_records_are_english_whoever_asks():
    speak(language("de", {"Met": "Erfüllt"}))
    with in_english():
        assert gettext("Met") == "Met"
    assert gettext("Met") == "Erfüllt"


def test_one_request_does_not_speak_for_another():
    speak(language("de", {}))
    heard = []
    other = threading.Thread(target=lambda: heard.append(spoken().tag))
    other.start()
    other.join()
    assert heard == ["en"]


def test_dates_and_numbers_are_written_as_the_language_does():
    speak(language("de", {"%-d %b %Y, %H:%M UTC": "%-d. %b %Y, %H:%M Uhr UTC", "Mar": "März", "1,234": "1.234"}))
    assert dated(AT, "%-d %b %Y, %H:%M UTC") == "9. März 2026, 08:05 Uhr UTC"
    assert number(1_234_567) == "1.234.567"


def test_a_recorded_sentence_is_known_by_its_form():
    speak(language("de", recorded={
        "%(followers)s people follow this account: two people must agree.": "%(followers)s folgen: zwei entscheiden.",
        "choose a file": "wähle eine Datei",
        "its field %(at)s %(message)s": "Feld %(at)s: %(message)s",
    }))  # fmt: skip
    assert recorded("12,000 people follow this account: two people must agree.") == "12,000 folgen: zwei entscheiden."
    assert recorded("its field file choose a file") == "Feld file: wähle eine Datei"
    assert opening("choose a file") == "Wähle eine Datei"
    assert recorded("nobody wrote this") == "nobody wrote this"


def test_a_place_that_comes_twice_has_one_value():
    pattern = pattern_of("%(a)s is %(a)s, to 100 %%")
    assert pattern.fullmatch("x is x, to 100 %")
    assert not pattern.fullmatch("x is y, to 100 %")


def test_of_several_ways_to_read_a_text_the_one_that_leaves_least_untranslated_is_taken():
    speak(language("de", recorded={
        "%(what)s, %(when)s": "%(when)s: %(what)s",
        "%(what)s, on %(day)s: two people must agree": "%(what)s (%(day)s), zwei entscheiden",
        "It was overturned": "Es war falsch",
        "without %(kind)s %(share)s": "ohne %(kind)s: %(share)s",
    }))  # fmt: skip
    assert recorded("It was overturned, on 1 May: two people must agree") == "Es war falsch (1 May), zwei entscheiden"
    assert recorded("without (the handle) 95 %") == "ohne (the handle): 95 %"


# Every place of the text may be a place of the sentence, and none of them fits.
_SLOW, _HOSTILE = "%(a)s: %(b)s, %(c)s: %(d)s, %(e)s; %(f)s end", "; " + ": , " * 230 + "x end"


def test_nobody_s_text_holds_a_page_up():
    places = "".join(f"%({name})s, " for name in "abcdefgh")
    speak(language("de", recorded={f"{places}end": "Ende", "%(a)s (%(b)s) %(c)s.": "%(a)s", _SLOW: "%(a)s"}))
    started = time.perf_counter()
    for text in (", " * 450 + "x, end", "(" * 900 + ".", "(a) " * 240 + "x.", "a" * 10**6 + ", end", _HOSTILE):
        assert recorded(text)
    assert time.perf_counter() - started < 2


def test_sentences_of_the_eight_languages_are_used_where_nobody_translated_the_page():
    english = catalogued("fact_not_verified")
    speak(Language("de", NullTranslations()))
    assert catalogued("fact_not_verified") != english
    speak(language("de", {english: "Ohne Haken."}))
    assert catalogued("fact_not_verified") == "Ohne Haken."


def test_languages_are_read_from_where_gettext_puts_them(tmp_path):
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "doublecheck.mo").write_bytes(compiled("pt", {"Met": "Cumprido"}))
    found = read_languages(tmp_path)
    assert set(found) == {"en", "pt"}
    speak(found["pt"])
    assert gettext("Met") == "Cumprido"
    assert set(read_languages(tmp_path / "nowhere")) == {"en"}


@pytest.mark.parametrize("name", ["de", "no language!"])
def test_a_translation_that_cannot_be_read_stops_the_start_and_says_which(tmp_path, name):
    folder = tmp_path / name / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "doublecheck.mo").write_bytes(b"no catalogue")
    with pytest.raises(SettingsError, match=name):
        read_languages(tmp_path)


def test_languages_from_right_to_left_say_so():
    assert Language("ar", NullTranslations()).direction == "rtl"
    assert Language().direction == "ltr"
