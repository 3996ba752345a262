"""What the profile says of itself: whose name and role it claims, what it copies, declares and asks for."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from classifier.features.feature import MISSING, feature
from classifier.views import View


@feature("display_name", "bio", "roles")
def role_claimed(reported: View, protected: View) -> float:
    """The name, or else the bio, claims the protected account's role."""
    return _claimed(protected.role_phrases, reported)


@feature("display_name", "bio", "aliases")
def name_claimed(reported: View, protected: View) -> float:
    """The name, or else the bio, spells out the protected account's name or alias."""
    return _claimed(protected.phrases - protected.role_phrases, reported)


@feature("display_name", "roles")
def claims_made(reported: View, protected: View) -> float:
    """How many of the protected account's name, aliases and roles it claims, at most three."""
    if not protected.phrases or not (reported.name or reported.bio):
        return MISSING
    return float(min(3, len(protected.phrases & (reported.name_phrases | reported.bio_phrases))))


@feature("display_name", "bio")
def claims_and_lures(reported: View, protected: View) -> float:
    """It bears the protected account's name or role and asks to be messaged, paid or joined elsewhere."""
    if not reported.name and not reported.bio:
        return MISSING
    claims = protected.phrases & (reported.name_phrases | reported.bio_phrases)
    bears = bool(claims) or (reported.loose_name != "" and reported.loose_name == protected.loose_name)
    return float(bears and reported.lures)


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


@feature("bio", "handle")
def mentions_target(reported: View, protected: View) -> float:
    """The bio mentions the protected handle."""
    return float(protected.handle in reported.mentions) if reported.bio else MISSING


@feature("display_name", "bio")
def parody_declared(reported: View, protected: View) -> float:
    """The name, or else the bio, declares a parody, a fan or a commentary account."""
    if not reported.name and not reported.bio:
        return MISSING
    if reported.name_is_parody and not protected.name_is_parody:
        return 1.0
    return 0.7 if reported.bio_is_parody and not protected.bio_is_parody else 0.0


@feature("display_name", "bio")
def lure(reported: View, protected: View) -> float:  # noqa: ARG001
    """The profile asks to be messaged, paid or joined elsewhere."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(reported.lures)


def _claimed(phrases: frozenset[tuple[str, ...]], reported: View) -> float:
    if not phrases or not (reported.name or reported.bio):
        return MISSING
    if phrases & reported.name_phrases:
        return 1.0
    return 0.5 if phrases & reported.bio_phrases else 0.0


def _word_triples(of: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(of[i : i + 3]) for i in range(len(of) - 2)}
