"""Pair features: one ordered list of short pure functions of (reported, protected).

The first line of each docstring is the explanation people read. A feature returns NaN where either side lacks what it
compares: missing is neither match nor mismatch. ``monotone`` says which way the feature may move the probability of
impersonation: -1 never up, +1 never down, 0 either way. More followers, greater age and a verification never raise it.

A model is bound to this list by name and order; ``FEATURE_NAMES`` is stored with it and compared when it is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, LCSseq, Prefix

from classifier import markers
from classifier.views import View

MISSING = math.nan
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: how to compute it, which way it may count, and which fields it compares."""

    name: str
    compute: Callable[[View, View], float]
    explanation: str
    monotone: int
    fields: tuple[str, ...]


FEATURES: list[Feature] = []


def _feature(
    *fields: str, monotone: int = 0
) -> Callable[[Callable[[View, View], float]], Callable[[View, View], float]]:
    def register(compute: Callable[[View, View], float]) -> Callable[[View, View], float]:
        explanation = (compute.__doc__ or "").partition("\n")[0].rstrip(".")
        FEATURES.append(Feature(compute.__name__, compute, explanation, monotone, fields))
        return compute

    return register


# --- the handle ------------------------------------------------------------------------------------------------------


@_feature("handle")
def handle_similarity(reported: View, protected: View) -> float:
    """How alike the handles are."""
    return float(OSA.normalized_similarity(reported.handle, protected.handle))


@_feature("handle")
def handle_look_alike(reported: View, protected: View) -> float:
    """The handles differ but look the same."""
    return float(reported.handle != protected.handle and reported.loose_handle == protected.loose_handle)


@_feature("handle")
def handle_edits(reported: View, protected: View) -> float:
    """How many edits lead from one handle to the other, look-alike letters not counted."""
    return float(OSA.distance(reported.loose_handle, protected.loose_handle, score_cutoff=6))


@_feature("handle")
def handle_same_letters(reported: View, protected: View) -> float:
    """The handles differ only by doubled letters and separators."""
    if reported.handle == protected.handle:
        return float(reported.account.handle.casefold() != protected.account.handle.casefold())
    return float(_undoubled(reported.loose_handle) == _undoubled(protected.loose_handle))


@_feature("handle")
def handle_contained(reported: View, protected: View) -> float:
    """How much of the protected handle the reported one holds, in order."""
    return LCSseq.similarity(reported.loose_handle, protected.loose_handle) / max(1, len(protected.loose_handle))


@_feature("handle")
def handle_remainder(reported: View, protected: View) -> float:
    """How many characters the reported handle adds to the protected one."""
    shared = LCSseq.similarity(reported.loose_handle, protected.loose_handle)
    return float(min(10, len(reported.loose_handle) - shared))


@_feature("handle")
def handle_length(reported: View, protected: View) -> float:  # noqa: ARG001 - every feature takes the pair
    """How long the protected handle is; short ones are alike by chance."""
    return float(min(20, len(protected.loose_handle)))


@_feature("handle")
def handle_same_start(reported: View, protected: View) -> float:
    """How much of the protected handle the reported one starts with."""
    return Prefix.similarity(reported.loose_handle, protected.loose_handle) / max(1, len(protected.loose_handle))


@_feature("handle")
def handle_claim_added(reported: View, protected: View) -> float:
    """The handle adds a word that claims to be the real one, or its support."""
    return float(bool(_added_words(reported, protected) & markers.CLAIM_WORDS))


@_feature("handle")
def handle_office_added(reported: View, protected: View) -> float:
    """The handle adds a word of campaigns, offices and second accounts."""
    return float(bool(_added_words(reported, protected) & markers.OFFICE_WORDS))


@_feature("handle")
def handle_digits_added(reported: View, protected: View) -> float:
    """How many digits the reported handle adds."""
    return float(max(-1, min(8, reported.handle_digits - protected.handle_digits)))


@_feature("handle", "display_name")
def name_in_handle(reported: View, protected: View) -> float:
    """How much of the protected name the reported handle spells."""
    if not protected.loose_name or not reported.loose_handle:
        return MISSING
    return fuzz.partial_ratio(reported.loose_handle, protected.loose_name) / 100.0


# --- the display name ------------------------------------------------------------------------------------------------


@_feature("display_name")
def name_similarity(reported: View, protected: View) -> float:
    """How alike the names are, in any order of their words."""
    if not reported.name or not protected.name:
        return MISSING
    return fuzz.token_sort_ratio(reported.name, protected.name) / 100.0


@_feature("display_name")
def name_same(reported: View, protected: View) -> float:
    """The names read the same."""
    if not reported.name or not protected.name:
        return MISSING
    return float(reported.loose_name == protected.loose_name)


@_feature("display_name")
def name_look_alike(reported: View, protected: View) -> float:
    """The names look the same but are written with other letters."""
    if not reported.name or not protected.name:
        return MISSING
    return float(reported.loose_name == protected.loose_name and reported.name_words != protected.name_words)


@_feature("display_name", "aliases", "roles")
def name_contained(reported: View, protected: View) -> float:
    """How much of what the protected account is called, or is, stands within the reported name."""
    if not reported.name or not protected.called:
        return MISSING
    return max(fuzz.token_set_ratio(reported.name, called) for called in protected.called) / 100.0


@_feature("display_name", "handle")
def name_spells_handle(reported: View, protected: View) -> float:
    """How much the reported name is like the protected handle."""
    if not reported.loose_name:
        return MISSING
    return fuzz.ratio(reported.loose_name, protected.loose_handle) / 100.0


@_feature("display_name")
def name_fits_own_handle(reported: View, protected: View) -> float:  # noqa: ARG001
    """How much the reported account's own name and handle fit each other."""
    if not reported.loose_name or not reported.loose_handle:
        return MISSING
    return fuzz.partial_ratio(reported.loose_name, reported.loose_handle) / 100.0


@_feature("display_name", "handle")
def mixed_scripts(reported: View, protected: View) -> float:  # noqa: ARG001
    """One word of the name or the handle mixes alphabets."""
    return float(reported.mixes_scripts)


@_feature("display_name")
def name_claim_added(reported: View, protected: View) -> float:
    """The name adds a word that claims to be the real one, or its support."""
    if not reported.name:
        return MISSING
    return float(bool((set(reported.name_words) - set(protected.name_words)) & markers.CLAIM_WORDS))


@_feature("display_name", "bio")
def office_declared(reported: View, protected: View) -> float:
    """Name or bio says that this is a campaign, press or second account."""
    if not reported.name and not reported.bio:
        return MISSING
    own = set(reported.name_words) | set(reported.bio_words)
    return float(bool((own - set(protected.name_words) - set(protected.bio_words)) & markers.OFFICE_WORDS))


# --- what the profile says -------------------------------------------------------------------------------------------


@_feature("display_name", "bio", "roles")
def role_claimed(reported: View, protected: View) -> float:
    """The name, or else the bio, claims the protected account's role."""
    return _claimed(protected.role_phrases, reported)


@_feature("display_name", "bio", "aliases")
def name_claimed(reported: View, protected: View) -> float:
    """The name, or else the bio, spells out the protected account's name or alias."""
    return _claimed(protected.phrases - protected.role_phrases, reported)


@_feature("display_name", "roles")
def claims_made(reported: View, protected: View) -> float:
    """How many of the protected account's name, aliases and roles it claims, at most three."""
    if not protected.phrases or not (reported.name or reported.bio):
        return MISSING
    return float(min(3, len(protected.phrases & (reported.name_phrases | reported.bio_phrases))))


@_feature("display_name", "bio")
def claims_and_lures(reported: View, protected: View) -> float:
    """It bears the protected account's name or role and asks to be messaged, paid or joined elsewhere."""
    if not reported.name and not reported.bio:
        return MISSING
    claims = protected.phrases & (reported.name_phrases | reported.bio_phrases)
    bears = bool(claims) or (reported.loose_name != "" and reported.loose_name == protected.loose_name)
    return float(bears and reported.lures)


@_feature("bio")
def bio_similarity(reported: View, protected: View) -> float:
    """How alike the bios are."""
    if not reported.bio or not protected.bio:
        return MISSING
    return fuzz.ratio(reported.bio_words, protected.bio_words) / 100.0


@_feature("bio")
def bio_copied(reported: View, protected: View) -> float:
    """How much of the protected bio the reported one repeats word by word."""
    if not reported.bio_words or len(protected.bio_words) < 3:
        return MISSING
    theirs, ours = (_word_triples(view.bio_words) for view in (protected, reported))
    return len(theirs & ours) / len(theirs)


@_feature("bio", "handle")
def mentions_target(reported: View, protected: View) -> float:
    """The bio mentions the protected handle."""
    return float(protected.handle in reported.mentions) if reported.bio else MISSING


@_feature("display_name", "bio")
def parody_declared(reported: View, protected: View) -> float:
    """The name, or else the bio, declares a parody, a fan or a commentary account."""
    if not reported.name and not reported.bio:
        return MISSING
    if reported.name_is_parody and not protected.name_is_parody:
        return 1.0
    return 0.7 if reported.bio_is_parody and not protected.bio_is_parody else 0.0


@_feature("display_name", "bio")
def lure(reported: View, protected: View) -> float:  # noqa: ARG001
    """The profile asks to be messaged, paid or joined elsewhere."""
    if not reported.name and not reported.bio:
        return MISSING
    return float(reported.lures)


# --- links, avatar, people -------------------------------------------------------------------------------------------


@_feature("links")
def same_domain(reported: View, protected: View) -> float:
    """Both link to the same site of their own."""
    ours, theirs = (view.domains - markers.COMMON_HOSTS for view in (reported, protected))
    return float(bool(ours & theirs)) if ours and theirs else MISSING


@_feature("links")
def messenger_link(reported: View, protected: View) -> float:  # noqa: ARG001
    """It links to a messenger or hides where it links to."""
    return float(bool(reported.domains & markers.LURE_HOSTS)) if reported.domains else MISSING


@_feature("avatar_pdq")
def avatar_similarity(reported: View, protected: View) -> float:
    """How alike the pictures are."""
    ours, theirs = reported.account.avatar_pdq, protected.account.avatar_pdq
    if not ours or not theirs:
        return MISSING
    return max(0.0, 1.0 - (int(ours, 16) ^ int(theirs, 16)).bit_count() / 128.0)


@_feature("default_avatar")
def default_avatar(reported: View, protected: View) -> float:  # noqa: ARG001
    """It has no picture of its own."""
    return _flag(reported.reported.default_avatar)


@_feature("followed_by_target", monotone=-1)
def followed_by_target(reported: View, protected: View) -> float:  # noqa: ARG001
    """The protected account follows it."""
    return _flag(reported.reported.followed_by_target)


# --- rule 7: audience, age and verification never raise the probability ----------------------------------------------


@_feature("verified", monotone=-1)
def verified(reported: View, protected: View) -> float:  # noqa: ARG001
    """The platform verified the reported account."""
    return _flag(reported.account.verified)


@_feature("followers", monotone=-1)
def followers(reported: View, protected: View) -> float:  # noqa: ARG001
    """How many people follow the reported account (powers of ten)."""
    return _log(reported.account.followers)


@_feature("followers", monotone=-1)
def followers_relative(reported: View, protected: View) -> float:
    """How its audience compares with the protected account's (powers of ten)."""
    return _log(reported.account.followers) - _log(protected.account.followers)


@_feature("created_at", monotone=1)
def created_later(reported: View, protected: View) -> float:
    """How many years after the protected account it was made."""
    if reported.account.created_at is None or protected.account.created_at is None:
        return MISSING
    return (reported.account.created_at - protected.account.created_at).total_seconds() / (365.25 * _DAY)


@_feature("created_at", monotone=-1)
def age(reported: View, protected: View) -> float:  # noqa: ARG001
    """How many years old the reported account was when it was read."""
    account = reported.reported
    if account.created_at is None or account.observed_at is None:
        return MISSING
    return (account.observed_at - account.created_at).total_seconds() / (365.25 * _DAY)


@_feature("posts")
def posts(reported: View, protected: View) -> float:  # noqa: ARG001
    """How much the reported account has posted (powers of ten)."""
    return _log(reported.reported.posts)


# --- computing them --------------------------------------------------------------------------------------------------

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
MONOTONE: tuple[int, ...] = tuple(feature.monotone for feature in FEATURES)


def compute(pairs: Sequence[tuple[View, View]]) -> NDArray[np.float64]:
    """Return the features of (reported, protected) views.

    Returns
    -------
    ndarray of shape (n_pairs, n_features)
        In the order of ``FEATURES``; NaN where missing.
    """
    rows = [[feature.compute(reported, protected) for feature in FEATURES] for reported, protected in pairs]
    return np.array(rows, dtype=float).reshape(len(pairs), len(FEATURES))


def _flag(value: bool | None) -> float:
    return MISSING if value is None else float(value)


def _log(count: int | None) -> float:
    return MISSING if count is None else math.log10(1 + count)


def _claimed(phrases: frozenset[tuple[str, ...]], reported: View) -> float:
    if not phrases or not (reported.name or reported.bio):
        return MISSING
    if phrases & reported.name_phrases:
        return 1.0
    return 0.5 if phrases & reported.bio_phrases else 0.0


def _undoubled(key: str) -> str:
    return "".join(c for before, c in zip(" " + key, key, strict=False) if c != before)


def _word_triples(of: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(of[i : i + 3]) for i in range(len(of) - 2)}


def _added_words(reported: View, protected: View) -> set[str]:
    """Words of the reported handle that the protected one lacks; what is glued on is cut off first."""
    added = set(reported.handle_words) - set(protected.handle_words)
    before, found, after = reported.handle.partition(protected.handle)
    return added | {before, after} if found else added
