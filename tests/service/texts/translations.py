"""Translations as GNU gettext compiles them, for tests."""

import io
from gettext import GNUTranslations

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from service.texts.recorded import CONTEXT
from service.texts.wording import Language


def compiled(tag, said, recorded=()):
    """Return the bytes of a .mo file: what is said for sentences, and for those that are recorded."""
    catalogue = Catalog(locale=tag, charset="utf-8")
    for english, text in dict(said).items():
        catalogue.add(english, text)
    for english, text in dict(recorded).items():
        catalogue.add(english, text, context=CONTEXT)
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def language(tag, said=(), recorded=()):
    """Return a language that says something for some sentences."""
    return Language(tag, GNUTranslations(io.BytesIO(compiled(tag, said, recorded))))
