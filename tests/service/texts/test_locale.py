"""The catalogue that translators start from has all that is said, and nothing that is not."""

import re

from service.texts.languages import CATALOGUE
from tests.catalogue import catalogue, written

FOUND = catalogue()
PLACE = re.compile(r"%(?!%)(?:\((\w+)\))?([A-Za-z-])")


def test_the_committed_catalogue_is_what_the_code_says_now():
    assert CATALOGUE.read_text(encoding="utf-8") == written(FOUND), "run python -m tests.catalogue"


def test_places_in_a_sentence_have_names_so_that_they_may_move():
    for message in FOUND:
        if "python-format" in message.flags:
            texts = message.id if isinstance(message.id, tuple) else (message.id,)
            assert all(name and kind == "s" for text in texts for name, kind in PLACE.findall(text)), message.id


def test_no_sentence_is_a_half():
    """A half begins or ends with what joins it to another."""
    halves = [message.id for message in FOUND if not message.context and _is_half(str(message.id))]
    assert halves == []


def _is_half(text):
    return text != text.strip() or text.startswith((",", ";", ". ")) or text.endswith((",", ";", " ("))
