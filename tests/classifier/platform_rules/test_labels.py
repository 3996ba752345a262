import pytest

from classifier.platform_rules.labels import bears_label, starts_with_label
from classifier.platform_rules.rule_files import shipped_rules

RULE = shipped_rules().of("x")


@pytest.mark.parametrize(
    "name",
    ["Parody Jane Roe", "[FAN] Jane Roe", "🎭 Fake Jane Roe", "Parodia de Jane Roe", "ファンアカウント Jane",
     "Fã Jane Roe", "محاكاة ساخرة Jane", "पैरोडी Jane", "Satire: Jane Roe"],
)  # fmt: skip
def test_a_label_at_the_start(name) -> None:
    assert starts_with_label(name, RULE)


@pytest.mark.parametrize("name", ["Jane Roe (Parody)", "Fanny Roe", "Fakenham Town", "Jane Fan", "", "Fantine"])
def test_no_label_at_the_start(name) -> None:
    assert not starts_with_label(name, RULE)


def test_anywhere_in_a_bio_but_not_of_other_fans() -> None:
    assert bears_label("Run by nobody important. Parody.", RULE)
    assert not bears_label("I am a big fan of jazz. Love my fans", RULE)


def test_every_label_is_found_wherever_it_stands() -> None:
    """A text without the letters of a label is not searched: none may be missed for it."""
    for word in (word for listed in RULE.words.values() for word in listed):
        for text in (word, f"{word.upper()} Jane Roe", f"({word.title()}) Jane"):
            assert starts_with_label(text, RULE), text
            assert bears_label(f"Jane Roe, {text}", RULE), text
