"""What two handles have in common, by how rare it is, and what was changed, by how easily it is overlooked."""

from __future__ import annotations

from classifier import markers
from classifier.edits import FAR, SEPARATOR
from classifier.features.common import common
from classifier.features.feature import MISSING, feature
from classifier.views import View


@feature("handle", monotone=1)
def handle_beyond_chance(reported: View, protected: View) -> float:
    """How much more the handles share than a stranger's would by chance (bits)."""
    separators = SEPARATOR * abs(reported.separators - protected.separators)
    return max(FAR, common(reported, protected).handles.beyond - separators)


@feature("handle", "display_name", "aliases", monotone=1)
def name_spelled(reported: View, protected: View) -> float:
    """How much more the handle shares with the protected account's name than a stranger's would by chance (bits)."""
    if not protected.joined_names:
        return MISSING
    return max(FAR, *[name.beyond for name in common(reported, protected).names])


@feature("handle", monotone=1)
def handle_look_alike(reported: View, protected: View) -> float:
    """The handles differ but look the same."""
    return float(reported.handle != protected.handle and reported.loose_handle == protected.loose_handle)


@feature("handle", monotone=1)
def handle_reads_worse(reported: View, protected: View) -> float:
    """How much less than the like protected handle it is made of words (bits): who copies a handle breaks its words."""
    if not _near(reported, protected):
        return 0.0
    return max(-20.0, min(40.0, reported.handle_bits - protected.handle_bits))


@feature("handle", monotone=-1)
def handle_starts_otherwise(reported: View, protected: View) -> float:
    """The like handle leaves out the first letter, or has another that also looks another."""
    return float(_near(reported, protected) and common(reported, protected).handles.starts_otherwise)


@feature("handle", monotone=-1)
def handle_number_changed(reported: View, protected: View) -> float:
    """The like handle has another number in place of the protected one's."""
    changed = protected.handle_has_digit and common(reported, protected).handles.has_number
    return float(changed and _near(reported, protected))


@feature("handle")
def handle_claim_added(reported: View, protected: View) -> float:
    """The handle adds a word that claims to be the real one, or its support."""
    added = not reported.handle_claims <= protected.handle_word_set
    return float(added or not markers.CLAIM_WORDS.isdisjoint(_glued_on(reported.handle, protected.handle)))


@feature("handle")
def handle_office_differs(reported: View, protected: View) -> float:
    """The handles differ by a word of offices, titles, campaigns or second accounts."""
    if reported.handle_offices <= protected.handle_word_set and protected.handle_offices <= reported.handle_word_set:
        short, long = sorted((reported.handle, protected.handle), key=len)
        return float(not markers.OFFICE_WORDS.isdisjoint(_glued_on(long, short)))
    return 1.0


@feature("handle")
def handle_extended(reported: View, protected: View) -> float:
    """One handle is the other with letters before or behind it: two at least, and no word that claims to be real."""
    short, long = sorted((reported.handle, protected.handle), key=len)
    added = "".join(_glued_on(long, short))
    is_word = len(added) >= 2 and not any(char.isdigit() for char in added) and added not in markers.CLAIM_WORDS
    return float(is_word)


def _near(reported: View, protected: View) -> bool:
    return common(reported, protected).handles.beyond > 0.0


def _glued_on(long: str, short: str) -> tuple[str, ...]:
    """Return what stands before and behind one handle in the other; nothing where it is not in it."""
    before, _, after = long.partition(short)
    return (before, after) if short in long else ()
