"""The translations of a deployment: files that GNU gettext made, read once at start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from gettext import GNUTranslations
from pathlib import Path

from service.errors import SettingsError
from service.texts.wording import ENGLISH, Language

DOMAIN = "doublecheck"
# The directory of translations in a home.
LOCALE = "locale"
CATALOGUE = Path(__file__).parent / LOCALE / f"{DOMAIN}.pot"
_TAG = re.compile(r"([a-z]{2,8})(?:[_-][A-Za-z0-9]+)*")


def read_languages(directory: Path) -> Mapping[str, Language]:
    """Return the languages that pages may speak, by primary tag: English, and those with a file here.

    Parameters
    ----------
    directory : Path
        Holds ``de/LC_MESSAGES/doublecheck.mo`` and so on; it need not be there.

    Raises
    ------
    SettingsError
        If a file cannot be read.
    """
    found = {ENGLISH: Language()}
    for path in sorted(directory.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")):
        name = path.parents[1].name
        tag = _TAG.fullmatch(name)
        if tag is None:
            raise SettingsError(f"translations are in directories named by their language, such as de: not {name}")
        try:
            with path.open("rb") as file:
                found[tag[1]] = Language(tag[1], GNUTranslations(file))
        except (OSError, ValueError, UnicodeError) as error:
            raise SettingsError(f"the translation to {name} cannot be read: make it anew with msgfmt") from error
    return found
