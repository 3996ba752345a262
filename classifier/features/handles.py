"""What two handles have in common."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, LCSseq, Prefix

from classifier import markers, rarity
from classifier.edits import SEPARATOR, edits, separators_changed
from classifier.features.feature import MISSING, feature
from classifier.views import View


@feature("handle")
def handle_similarity(reported: View, protected: View) -> float:
    """How alike the handles are."""
    return float(OSA.normalized_similarity(reported.handle, protected.handle))


@feature("handle")
def handle_look_alike(reported: View, protected: View) -> float:
    """The handles differ but look the same."""
    return float(reported.handle != protected.handle and reported.loose_handle == protected.loose_handle)


@feature("handle")
def handle_edits(reported: View, protected: View) -> float:
    """How many edits lead from one handle to the other, look-alike letters not counted."""
    return float(OSA.distance(reported.loose_handle, protected.loose_handle, score_cutoff=6))


@feature("handle")
def handle_same_letters(reported: View, protected: View) -> float:
    """The handles differ only by doubled letters and separators."""
    if reported.handle == protected.handle:
        return float(reported.account.handle.casefold() != protected.account.handle.casefold())
    return float(_undoubled(reported.loose_handle) == _undoubled(protected.loose_handle))


@feature("handle")
def handle_contained(reported: View, protected: View) -> float:
    """How much of the protected handle the reported one holds, in order."""
    return LCSseq.similarity(reported.loose_handle, protected.loose_handle) / max(1, len(protected.loose_handle))


@feature("handle")
def handle_remainder(reported: View, protected: View) -> float:
    """How many characters the reported handle adds to the protected one."""
    shared = LCSseq.similarity(reported.loose_handle, protected.loose_handle)
    return float(min(10, len(reported.loose_handle) - shared))


@feature("handle")
def handle_length(reported: View, protected: View) -> float:  # noqa: ARG001 - every feature takes the pair
    """How long the protected handle is; short ones are alike by chance."""
    return float(min(20, len(protected.loose_handle)))


@feature("handle")
def handle_same_start(reported: View, protected: View) -> float:
    """How much of the protected handle the reported one starts with."""
    return Prefix.similarity(reported.loose_handle, protected.loose_handle) / max(1, len(protected.loose_handle))


@feature("handle")
def handle_claim_added(reported: View, protected: View) -> float:
    """The handle adds a word that claims to be the real one, or its support."""
    return float(bool(_added_words(reported, protected) & markers.CLAIM_WORDS))


@feature("handle")
def handle_office_added(reported: View, protected: View) -> float:
    """The handle adds a word of campaigns, offices and second accounts."""
    return float(bool(_added_words(reported, protected) & markers.OFFICE_WORDS))


@feature("handle")
def handle_digits_added(reported: View, protected: View) -> float:
    """How many digits the reported handle adds."""
    return float(max(-1, min(8, reported.handle_digits - protected.handle_digits)))


@feature("handle")
def handle_kept(reported: View, protected: View) -> float:
    """How rare what the reported handle keeps of the protected one is (bits)."""
    return min(rarity.MOST, edits(reported.handle, protected.handle).kept)


@feature("handle")
def handle_effort(reported: View, protected: View) -> float:
    """How much had to be changed in the handle (bits); changes that are easily overlooked are cheap."""
    separators = SEPARATOR * separators_changed(reported.handle_name, protected.handle_name)
    return edits(reported.handle, protected.handle).effort + separators


@feature("handle")
def handle_beyond_chance(reported: View, protected: View) -> float:
    """How much more the handles share than a stranger's would by chance (bits)."""
    return handle_kept(reported, protected) - handle_effort(reported, protected)


@feature("handle")
def handle_reads_worse(reported: View, protected: View) -> float:
    """How much less than the protected handle the reported one is made of words (bits); who copies breaks words."""
    return max(-20.0, min(40.0, rarity.bits(reported.handle) - rarity.bits(protected.handle)))


@feature("handle")
def handle_starts_otherwise(reported: View, protected: View) -> float:
    """The handle begins with another letter, which also looks another."""
    return float(reported.loose_handle[:1] != protected.loose_handle[:1])


@feature("handle")
def handle_number_changed(reported: View, protected: View) -> float:
    """The handle has another number."""
    return float(_digits(reported.handle) != _digits(protected.handle))


@feature("handle", "display_name")
def name_in_handle(reported: View, protected: View) -> float:
    """How much of the protected name the reported handle spells."""
    if not protected.loose_name or not reported.loose_handle:
        return MISSING
    return fuzz.partial_ratio(reported.loose_handle, protected.loose_name) / 100.0


def _undoubled(key: str) -> str:
    return "".join(c for before, c in zip(" " + key, key, strict=False) if c != before)


def _added_words(reported: View, protected: View) -> set[str]:
    """Words of the reported handle that the protected one lacks; what is glued on is cut off first."""
    added = set(reported.handle_words) - set(protected.handle_words)
    before, found, after = reported.handle.partition(protected.handle)
    return added | {before, after} if found else added


def _digits(handle: str) -> str:
    return "".join(char for char in handle if char.isdigit())
