"""What the profile says of itself: whose name and role it claims, what it copies, declares and asks for.

"It bears the name" in what follows: the display name has nearly all of the protected account's name, alias or role, by
the bits of its words. The same words mean one thing beside that name and another without it.
"""

from __future__ import annotations

import math

from rapidfuzz import fuzz

from classifier.accounts.normal_forms import View
from classifier.features.feature import MISSING, feature
from classifier.features.pair_context import common, most_claimed, share


@feature("display_name", "roles", monotone=1)
def role_in_name(reported: View, protected: View) -> float:
    """How much of the protected account's role the name claims, whatever the title is called."""
    if not reported.name or not protected.roles_told:
        return MISSING
    return common(reported, protected).role_share


@feature("display_name", "bio", "roles", monotone=1)
def role_in_profile(reported: View, protected: View) -> float:
    """How much of the protected account's role name and bio together claim."""
    if not (reported.name or reported.bio) or not protected.roles_told:
        return MISSING
    return most_claimed(protected, reported.canonical_profile)


@feature("bio", "display_name", "aliases")
def name_in_bio(reported: View, protected: View) -> float:
    """The bio spells out the protected account's name or alias."""
    if not reported.bio or not protected.called_phrases:
        return MISSING
    return float(reported.bio_says(protected.called_phrases))


@feature("display_name", "bio", monotone=1)
def bears_and_lures(reported: View, protected: View) -> float:
    """It bears the name or role, and asks to be messaged, paid or joined elsewhere: in how many ways."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(min(2, len(reported.lures))) if reported.lures and common(reported, protected).bears else 0.0


@feature("display_name", "links", monotone=1)
def bears_and_links_away(reported: View, protected: View) -> float:
    """It bears the name or role and links to a messenger or to where nobody sees."""
    if not reported.domains:
        return MISSING
    return float(reported.leads_away and common(reported, protected).bears)


@feature("display_name", "bio", monotone=1)
def bears_and_speaks(reported: View, protected: View) -> float:
    """It bears the name or mentions the handle, and says that it is the account, or speaks for its owner."""
    if not reported.name and not reported.bio:
        return MISSING
    is_about = common(reported, protected).bears or protected.handle in reported.mentions
    return float(is_about and reported.speaks)


@feature("display_name", "bio", monotone=1)
def bears_and_copies(reported: View, protected: View) -> float:
    """It bears the name and repeats telling words of the bio: how much of them."""
    if not reported.bio or not protected.bio_told:
        return MISSING
    return bio_kept(reported, protected) if common(reported, protected).bears else 0.0


@feature("display_name", "bio")
def bears_and_declares(reported: View, protected: View) -> float:
    """It names or mentions the protected account and declares a parody, fan or commentary account."""
    declared = parody_declared(reported, protected)
    if math.isnan(declared) or declared == 0.0:
        return declared
    names_it = reported.bio_says(protected.phrases) or protected.handle in reported.mentions
    return declared if names_it or common(reported, protected).bears else 0.0


@feature("bio")
def bio_similarity(reported: View, protected: View) -> float:
    """How alike the bios are."""
    if not reported.bio or not protected.bio:
        return MISSING
    if reported.bio_word_set.isdisjoint(protected.bio_word_set) and reported.bio_words:
        return 0.0
    return fuzz.ratio(reported.bio_words, protected.bio_words) / 100.0


@feature("bio")
def bio_copied(reported: View, protected: View) -> float:
    """How much of the protected bio the reported one repeats word by word."""
    if not reported.bio_words or len(protected.bio_words) < 3:
        return MISSING
    if reported.bio_word_set.isdisjoint(protected.bio_word_set):
        return 0.0
    return len(protected.bio_triples & reported.bio_triples) / len(protected.bio_triples)


@feature("bio", monotone=1)
def bio_kept(reported: View, protected: View) -> float:
    """How much of what the protected bio tells the reported one tells too, rare words counting more."""
    if not reported.bio or not protected.bio_told:
        return MISSING
    if reported.canonical_bio.isdisjoint(protected.bio_told):
        return 0.0
    return share(protected.bio_weights, protected.bio_total, reported.canonical_bio)


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


@feature("display_name", "bio", alone=True)
def lure(reported: View, protected: View) -> float:  # noqa: ARG001
    """In how many ways the profile asks to be messaged, paid or joined elsewhere."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(min(3, len(reported.lures)))
