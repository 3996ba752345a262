"""What two handles have in common, by how rare it is, and what was changed, by how easily it is overlooked."""

from __future__ import annotations

from classifier.accounts.normal_forms import View
from classifier.features.feature import MISSING, feature
from classifier.features.pair_context import common
from classifier.text import lexicon
from classifier.text.edit_distance import FAR, SEPARATOR


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
    return max(FAR, common(reported, protected).spelled)


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
    changed = _near(reported, protected) and common(reported, protected).handles.has_number
    return float(changed and protected.handle_has_digit)


@feature("handle")
def handle_claim_added(reported: View, protected: View) -> float:
    """The handle adds a word that claims to be the real one, or its support."""
    if reported.handle_claims and not reported.handle_claims <= protected.handle_word_set:
        return 1.0
    # Only what the reported handle has around the protected one is added, not the other way round.
    is_longer = len(reported.handle) > len(protected.handle)
    return float(is_longer and not lexicon.CLAIM_WORDS.isdisjoint(common(reported, protected).glued_on))


@feature("handle")
def handle_office_differs(reported: View, protected: View) -> float:
    """The handles differ by a word of offices, titles, campaigns or second accounts."""
    if reported.handle_offices <= protected.handle_word_set and protected.handle_offices <= reported.handle_word_set:
        return float(not lexicon.OFFICE_WORDS.isdisjoint(common(reported, protected).glued_on))
    return 1.0


@feature("handle")
def handle_extended(reported: View, protected: View) -> float:
    """One handle is the other with letters before or behind it: two at least, and no word that claims to be real."""
    added = "".join(common(reported, protected).glued_on)
    if len(added) < 2:
        return 0.0
    return float(not any(char.isdigit() for char in added) and added not in lexicon.CLAIM_WORDS)


def _near(reported: View, protected: View) -> bool:
    return common(reported, protected).handles.beyond > 0.0
