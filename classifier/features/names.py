"""What two display names have in common, and what the reported one adds."""

from __future__ import annotations

from rapidfuzz import fuzz

from classifier.accounts.normal_forms import View
from classifier.features.feature import MISSING, feature
from classifier.features.pair_context import common
from classifier.text.information import MOST


@feature("display_name", monotone=1)
def name_similarity(reported: View, protected: View) -> float:
    """How alike the names look or sound, in any order of their words."""
    if not reported.name_readings or not protected.name_readings:
        return MISSING
    pairs = [(ours, theirs) for ours in reported.sorted_readings for theirs in protected.sorted_readings]
    return max([fuzz.ratio(ours, theirs) for ours, theirs in pairs]) / 100.0


@feature("display_name", "aliases", monotone=1)
def name_kept(reported: View, protected: View) -> float:
    """How rare the words are that the reported name has of the protected account's name or alias (bits)."""
    if not reported.name or not protected.name_weights:
        return MISSING
    return min(MOST, common(reported, protected).name_kept)


@feature("display_name", "aliases", monotone=1)
def name_covered(reported: View, protected: View) -> float:
    """How much of the protected account's name or alias the reported name has, rare words counting more."""
    if not reported.name or not protected.name_weights:
        return MISSING
    return common(reported, protected).name_share


@feature("display_name", monotone=1)
def name_look_alike(reported: View, protected: View) -> float:
    """The names look the same but are written with other letters."""
    if not reported.name or not protected.name:
        return MISSING
    return float(reported.loose_name == protected.loose_name and reported.name_letters != protected.name_letters)


@feature("display_name", "handle", monotone=1)
def name_spells_handle(reported: View, protected: View) -> float:
    """How much the reported name is like the handle of a protected account whose name is not known."""
    if not reported.loose_name or protected.name:
        return MISSING
    return fuzz.ratio(reported.loose_name, protected.loose_handle) / 100.0


@feature("display_name", "handle", monotone=-1, alone=True)
def name_fits_own_handle(reported: View, protected: View) -> float:  # noqa: ARG001
    """How much of its own name the reported account's handle spells."""
    if not reported.name_readings:
        return MISSING
    return max(_spelled(reading.split(), reported.handle_reading) for reading in reported.name_readings)


@feature("display_name", "handle", alone=True)
def mixed_scripts(reported: View, protected: View) -> float:  # noqa: ARG001
    """One word of the name or the handle mixes alphabets."""
    return float(reported.mixes_scripts)


@feature("display_name")
def name_claim_added(reported: View, protected: View) -> float:
    """The name adds a word or a sign that claims to be the real one, or its support."""
    if not reported.name:
        return MISSING
    if not reported.name_claims and not reported.name_signs:
        return 0.0
    is_added = not (reported.name_claims <= protected.name_claims and reported.name_signs <= protected.name_signs)
    return float(is_added)


@feature("display_name", "bio")
def office_declared(reported: View, protected: View) -> float:
    """Name or bio says that this is a campaign, press, office or second account."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(reported.declares_office and not protected.declares_office)


def _spelled(words: list[str], handle: str) -> float:
    """Return how much of the words, by length, a handle spells; of words of one or two letters nothing is said."""
    long = [word for word in words if len(word) >= 3] or words
    return sum(len(word) for word in long if word in handle) / max(1, sum(map(len, long)))
