"""What two handles have in common, by how rare it is, and what was changed, by how easily it is overlooked."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from classifier import markers, rarity
from classifier.edits import SEPARATOR, edits, separators_changed
from classifier.features.feature import MISSING, feature
from classifier.views import View


@feature("handle", monotone=1)
def handle_beyond_chance(reported: View, protected: View) -> float:
    """How much more the handles share than a stranger's would by chance (bits)."""
    found = edits(reported.handle, protected.handle)
    separators = SEPARATOR * separators_changed(reported.handle_name, protected.handle_name)
    return min(rarity.MOST, found.kept) - found.effort - separators


@feature("handle", monotone=1)
def handle_look_alike(reported: View, protected: View) -> float:
    """The handles differ but look the same."""
    return float(reported.handle != protected.handle and reported.loose_handle == protected.loose_handle)


@feature("handle", monotone=1)
def handle_reads_worse(reported: View, protected: View) -> float:
    """How much less than the protected handle the reported one is made of words (bits); who copies breaks words."""
    return max(-20.0, min(40.0, rarity.bits(reported.handle) - rarity.bits(protected.handle)))


@feature("handle", monotone=-1)
def handle_starts_otherwise(reported: View, protected: View) -> float:
    """The first letter of the handle is left out, or another that also looks another."""
    return float(edits(reported.handle, protected.handle).starts_otherwise)


@feature("handle")
def handle_number_changed(reported: View, protected: View) -> float:
    """The handle has another number in place of its own."""
    ours, theirs = _digits(reported.handle), _digits(protected.handle)
    return float(ours != "" and theirs not in ("", ours))


@feature("handle")
def handle_claim_added(reported: View, protected: View) -> float:
    """The handle adds a word that claims to be the real one, or its support."""
    return float(bool(_added_words(reported, protected) & markers.CLAIM_WORDS))


@feature("handle")
def handle_office_added(reported: View, protected: View) -> float:
    """The handle adds a word of campaigns, offices and second accounts."""
    return float(bool(_added_words(reported, protected) & markers.OFFICE_WORDS))


@feature("handle", "display_name")
def name_in_handle(reported: View, protected: View) -> float:
    """How much of the protected name the reported handle spells."""
    if not protected.loose_name or not reported.loose_handle:
        return MISSING
    return fuzz.partial_ratio(reported.loose_handle, protected.loose_name) / 100.0


@feature("handle")
def handle_same_start(reported: View, protected: View) -> float:
    """How much of the protected handle the reported one starts with."""
    return Prefix.similarity(reported.loose_handle, protected.loose_handle) / max(1, len(protected.loose_handle))


def _digits(handle: str) -> str:
    return "".join(char for char in handle if char.isdigit())


def _added_words(reported: View, protected: View) -> set[str]:
    """Words of the reported handle that the protected one lacks; what is glued on is cut off first."""
    added = set(reported.handle_words) - set(protected.handle_words)
    before, found, after = reported.handle.partition(protected.handle)
    return added | {before, after} if found else added
