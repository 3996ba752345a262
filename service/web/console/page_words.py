"""What templates say, in the language that is spoken: ``{% trans %}``, ``_()``, and the words for times and numbers.

A translation is trusted like a template, for it may hold HTML where its English has it. What is filled in is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from service.texts.dates import dated, number
from service.texts.recorded import opening, recorded
from service.texts.wording import Language, counted, filled, spoken, translated


def install(environment: Environment) -> None:
    """Give templates their words; they use the extension ``jinja2.ext.i18n``."""
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.policies["ext.i18n.trimmed"] = True
    environment.filters.update(in_words=in_words, in_attribute=in_attribute)
    environment.globals.update(
        _=_gettext,
        gettext=_gettext,
        ngettext=_ngettext,
        recorded=recorded,
        opening=opening,
        dated=dated,
        timed=timed,
        number=number,
        spoken=spoken,
    )


def in_words(name: str, table: Mapping[str, str]) -> str:
    """Return the word of a table for a name; the name itself where it has none."""
    return table.get(name, name)


def in_attribute(text: Markup) -> Markup:
    """Return words that stand between quotes: a translation may have quotes of its own.

    Examples
    --------
    >>> in_attribute(Markup('the "queue"'))
    Markup('the &#34;queue&#34;')
    """
    return Markup(str(text).replace('"', "&#34;"))  # noqa: S704 - it is HTML already


def timed(at: datetime, form: str) -> Markup:
    """Return a time as ``dated`` writes it, for browsers to understand.

    Examples
    --------
    >>> timed(datetime(2026, 5, 8), "%-d %b %Y")
    Markup('<time datetime="2026-05-08T00:00:00">8 May 2026</time>')
    """
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), dated(at, form))


def _gettext(english: str, **values: Any) -> str:
    if not values:
        return _plain(spoken(), english)
    return filled(_trusted(translated(english)), _trusted(english), values)


@lru_cache(maxsize=4096)
def _plain(language: Language, english: str) -> str:
    """Return a sentence that nothing is filled into: most are such, and the same on every page."""
    text = language.translations.gettext(english) if english else ""
    return filled(_trusted(text), _trusted(english), {})


def _ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    english = singular if num == 1 else plural
    return filled(_trusted(counted(singular, plural, num)), _trusted(english), {"num": num} | values)


def _trusted(text: str) -> Markup:
    """Return a sentence of a template, or its translation, as HTML: both are ours."""
    return Markup(text)  # noqa: S704
