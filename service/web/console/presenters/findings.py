"""One piece of evidence as a plain sentence with its value: what was found, not how it is measured."""

from __future__ import annotations

from service.schemas.checks import EvidenceOut
from service.texts.catalogue import Catalogue
from service.texts.facts import facts

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
        said = Catalogue.of("en").say(f"fact_{known[0]}", target=f"@{target}").removesuffix(".")
        return f"{said}{_amount(item)}."
    if item.explanation.startswith(_NOT_SO):
        return f"Does not hold: {item.explanation.removeprefix(_NOT_SO)}."
    return f"{item.explanation.removesuffix(_UNIT)}{': ' + value if (value := _value(item)) else ''}."


def _amount(item: EvidenceOut) -> str:
    value = _value(item)
    return f" ({value})" if value and item.feature in _UNITS else ""


# The unit of features whose number means something by itself, and how many digits of it.
_UNITS = {
    "age": ("{:.1f} years", 1.0),
    "created_later": ("{:.1f} years", 1.0),
    "name_similarity": ("{:.0f} % alike", 100.0),
    "bio_similarity": ("{:.0f} % alike", 100.0),
    "avatar_similarity": ("{:.0f} % alike", 100.0),
    "bio_copied": ("{:.0f} %", 100.0),
}


def _value(item: EvidenceOut) -> str:
    """Return the value in words; empty of a statement, which holds or does not."""
    if item.value is None:
        return ""
    unit, factor = _UNITS.get(item.feature, ("{:.1f}", 1.0))
    return unit.format(factor * item.value) if item.explanation.startswith("How ") else ""
