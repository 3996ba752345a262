"""What two handles have in common, by how rare it is, and what was changed, by how easily it is overlooked."""

from __future__ import annotations

from classifier import markers, rarity
from classifier.edits import SEPARATOR, beyond_chance, edits, separators_changed
from classifier.features.feature import MISSING, feature
from classifier.views import View

# Below this the handles have nothing in common that a stranger's would not have; how far below says nothing.
_FAR = -10.0


@feature("handle", monotone=1)
def handle_beyond_chance(reported: View, protected: View) -> float:
    """How much more the handles share than a stranger's would by chance (bits)."""
    separators = SEPARATOR * separators_changed(reported.handle_name, protected.handle_name)
    return max(_FAR, beyond_chance(reported.handle, protected.handle) - separators)


@feature("handle", "display_name", "aliases", monotone=1)
def name_spelled(reported: View, protected: View) -> float:
    """How much more the handle shares with the protected account's name than a stranger's would by chance (bits)."""
    if not protected.joined_names:
        return MISSING
    return max(_FAR, *(beyond_chance(reported.handle, name) for name in protected.joined_names))


@feature("handle", monotone=1)
def handle_look_alike(reported: View, protected: View) -> float:
    """The handles differ but look the same."""
    return float(reported.handle != protected.handle and reported.loose_handle == protected.loose_handle)


@feature("handle", monotone=1)
def handle_reads_worse(reported: View, protected: View) -> float:
    """How much less than the like protected handle it is made of words (bits): who copies a handle breaks its words."""
    if not _near(reported, protected):
        return 0.0
    ours, theirs = (rarity.bits(_letters(view.handle)) for view in (reported, protected))
    return max(-20.0, min(40.0, ours - theirs))


@feature("handle", monotone=-1)
def handle_starts_otherwise(reported: View, protected: View) -> float:
    """The like handle leaves out the first letter, or has another that also looks another."""
    return float(_near(reported, protected) and edits(reported.handle, protected.handle).starts_otherwise)


@feature("handle", monotone=-1)
def handle_number_changed(reported: View, protected: View) -> float:
    """The like handle has another number in place of the protected one's."""
    has_number = any(char.isdigit() for char in protected.handle)
    changed = has_number and "number" in edits(reported.handle, protected.handle).kinds
    return float(changed and _near(reported, protected))


@feature("handle")
def handle_claim_added(reported: View, protected: View) -> float:
    """The handle adds a word that claims to be the real one, or its support."""
    return float(bool(_added_words(reported, protected) & markers.CLAIM_WORDS))


@feature("handle")
def handle_office_differs(reported: View, protected: View) -> float:
    """The handles differ by a word of offices, titles, campaigns or second accounts."""
    differing = _added_words(reported, protected) | _added_words(protected, reported)
    return float(bool(differing & markers.OFFICE_WORDS))


@feature("handle")
def handle_extended(reported: View, protected: View) -> float:
    """One handle is the other with letters before or behind it: two at least, and no word that claims to be real."""
    short, long = sorted((reported.handle, protected.handle), key=len)
    before, found, after = long.partition(short)
    added = before + after
    is_word = len(added) >= 2 and not any(char.isdigit() for char in added) and added not in markers.CLAIM_WORDS
    return float(bool(found) and is_word)


def _near(reported: View, protected: View) -> bool:
    return beyond_chance(reported.handle, protected.handle) > 0.0


def _letters(handle: str) -> str:
    return "".join(char for char in handle if not char.isdigit())


def _added_words(reported: View, protected: View) -> set[str]:
    """Words of the reported handle that the protected one lacks; what is glued on is cut off first."""
    added = set(reported.handle_words) - set(protected.handle_words)
    before, found, after = reported.handle.partition(protected.handle)
    return added | {before, after} if found else added
