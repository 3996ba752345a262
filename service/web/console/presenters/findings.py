"""One piece of evidence as a plain sentence with its value: what was found, not how it is measured."""

from __future__ import annotations

from service.schemas.checks import EvidenceOut
from service.texts.catalogue import catalogued
from service.texts.facts import facts
from service.texts.recorded import recorded
from service.texts.wording import Message, gettext

_NOT_SO = "Not so: "
# What the number is counted in; it tells nobody anything.
_UNIT = " (bits)"


def finding(item: EvidenceOut, target: str) -> str:
    """Return what a compared value says of the account.

    Parameters
    ----------
    target : str
        The protected account's handle, without "@".
    """
    known = facts([item], "for" if item.contribution > 0 else "against")
    if known:
        said = catalogued(f"fact_{known[0]}", target=f"@{target}").removesuffix(".")
        return f"{said}{_amount(item)}."
    if item.explanation.startswith(_NOT_SO):
        return gettext("Does not hold: %(what)s.", what=_explained(item))
    return f"{_explained(item)}{': ' + value if (value := _value(item)) else ''}."


def measured(item: EvidenceOut) -> str:
    """Return what a feature measures, as the model's list explains it."""
    said = recorded(item.explanation)
    if said == item.explanation and item.explanation.startswith(_NOT_SO):
        return gettext("Not so: %(what)s", what=_explained(item))
    return said


def _explained(item: EvidenceOut) -> str:
    """Return what a feature measures; of a statement that does not hold, the statement with a small letter."""
    plain = item.explanation.removeprefix(_NOT_SO)
    said = recorded(plain if plain == item.explanation else f"{plain[0].upper()}{plain[1:]}")
    said = said.removesuffix(_UNIT)
    return said if plain == item.explanation else f"{said[0].lower()}{said[1:]}"


def _amount(item: EvidenceOut) -> str:
    value = _value(item)
    return f" ({value})" if value and item.feature in _UNITS else ""


# The unit of features whose number means something by itself, and how many digits of it.
_UNITS = {
    "age": (Message("%(value)s years"), "{:.1f}", 1.0),
    "created_later": (Message("%(value)s years"), "{:.1f}", 1.0),
    "name_similarity": (Message("%(value)s %% alike"), "{:.0f}", 100.0),
    "bio_similarity": (Message("%(value)s %% alike"), "{:.0f}", 100.0),
    "avatar_similarity": (Message("%(value)s %% alike"), "{:.0f}", 100.0),
    "bio_copied": (Message("%(value)s %%"), "{:.0f}", 100.0),
}


def _value(item: EvidenceOut) -> str:
    """Return the value in words; empty of a statement, which holds or does not."""
    if item.value is None:
        return ""
    if not item.explanation.startswith("How "):
        return ""
    if item.feature not in _UNITS:
        return f"{item.value:.1f}"
    unit, digits, factor = _UNITS[item.feature]
    return gettext(unit, value=digits.format(factor * item.value))
