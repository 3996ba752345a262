"""What the profile says of itself: whose name and role it claims, what it copies, declares and asks for.

"It bears the name" in what follows: the display name has nearly all of the protected account's name, alias or role, by
the bits of its words. The same words mean one thing beside that name and another without it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from rapidfuzz import fuzz

from classifier.features.feature import MISSING, feature
from classifier.features.names import name_share
from classifier.views import View

# Of a name's bits, how many make that it is borne: all but a middle initial or a title.
_BORNE = 0.75


@feature("display_name", "roles", monotone=1)
def role_in_name(reported: View, protected: View) -> float:
    """How much of the protected account's role the name claims, whatever the title is called."""
    if not reported.name or not protected.role_words:
        return MISSING
    return _role_share(reported.canonical_name, protected)


@feature("display_name", "bio", "roles", monotone=1)
def role_in_profile(reported: View, protected: View) -> float:
    """How much of the protected account's role name and bio together claim."""
    if not (reported.name or reported.bio) or not protected.role_words:
        return MISSING
    return _role_share(reported.canonical_name | reported.canonical_bio, protected)


@feature("bio", "display_name", "aliases")
def name_in_bio(reported: View, protected: View) -> float:
    """The bio spells out the protected account's name or alias."""
    names = protected.phrases - protected.role_phrases
    if not names or not reported.bio:
        return MISSING
    return float(bool(names & reported.bio_phrases))


@feature("display_name", "bio", monotone=1)
def bears_and_lures(reported: View, protected: View) -> float:
    """It bears the name or role, and asks to be messaged, paid or joined elsewhere: in how many ways."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(min(2, len(reported.lures))) if _bears(reported, protected) else 0.0


@feature("display_name", "links", monotone=1)
def bears_and_links_away(reported: View, protected: View) -> float:
    """It bears the name or role and links to a messenger or to where nobody sees."""
    if not reported.domains:
        return MISSING
    return float(reported.leads_away and _bears(reported, protected))


@feature("display_name", "bio", monotone=1)
def bears_and_speaks(reported: View, protected: View) -> float:
    """It bears the name or mentions the handle, and says that it is the account, or speaks for its owner."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(reported.speaks and (_bears(reported, protected) or protected.handle in reported.mentions))


@feature("display_name", "bio", monotone=1)
def bears_and_copies(reported: View, protected: View) -> float:
    """It bears the name and repeats telling words of the bio: how much of them."""
    if not reported.bio or not protected.bio_weights:
        return MISSING
    return bio_kept(reported, protected) if _bears(reported, protected) else 0.0


@feature("display_name", "bio")
def bears_and_declares(reported: View, protected: View) -> float:
    """It names or mentions the protected account and declares a parody, fan or commentary account."""
    declared = parody_declared(reported, protected)
    about = (
        _bears(reported, protected)
        or bool(protected.phrases & reported.bio_phrases)
        or protected.handle in reported.mentions
    )
    return declared if about or math.isnan(declared) else 0.0


@feature("bio")
def bio_similarity(reported: View, protected: View) -> float:
    """How alike the bios are."""
    if not reported.bio or not protected.bio:
        return MISSING
    return fuzz.ratio(reported.bio_words, protected.bio_words) / 100.0


@feature("bio")
def bio_copied(reported: View, protected: View) -> float:
    """How much of the protected bio the reported one repeats word by word."""
    if not reported.bio_words or len(protected.bio_words) < 3:
        return MISSING
    theirs, ours = (_word_triples(view.bio_words) for view in (protected, reported))
    return len(theirs & ours) / len(theirs)


@feature("bio", monotone=1)
def bio_kept(reported: View, protected: View) -> float:
    """How much of what the protected bio tells the reported one tells too, rare words counting more."""
    if not reported.bio or not protected.bio_weights:
        return MISSING
    return _share(protected.bio_weights, reported.canonical_bio)


@feature("bio", "handle")
def mentions_target(reported: View, protected: View) -> float:
    """The bio mentions the protected handle."""
    return float(protected.handle in reported.mentions) if reported.bio else MISSING


@feature("display_name", "bio", monotone=-1)
def parody_declared(reported: View, protected: View) -> float:
    """The name, or else the bio, declares a parody, a fan or a commentary account."""
    if not reported.name and not reported.bio:
        return MISSING
    if reported.name_is_parody and not protected.name_is_parody:
        return 1.0
    return 0.7 if reported.bio_is_parody and not protected.bio_is_parody else 0.0


@feature("display_name", "bio")
def lure(reported: View, protected: View) -> float:  # noqa: ARG001
    """In how many ways the profile asks to be messaged, paid or joined elsewhere."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(min(3, len(reported.lures)))


def _bears(reported: View, protected: View) -> bool:
    same = reported.loose_name != "" and reported.loose_name == protected.loose_name
    return (
        same or name_share(reported, protected) >= _BORNE or _role_share(reported.canonical_name, protected) >= _BORNE
    )


def _role_share(words: Collection[str], protected: View) -> float:
    return max((_share(role, words) for role in protected.role_words), default=0.0)


def _share(weights: dict[str, float], words: Collection[str]) -> float:
    return sum(bits for word, bits in weights.items() if word in words) / sum(weights.values())


def _word_triples(of: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(of[i : i + 3]) for i in range(len(of) - 2)}
