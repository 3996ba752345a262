"""The one ordered list of features. A model is bound to it by name and order.

To add a feature: write its function in ``names``, ``claims``, ``handles``, ``profiles`` or ``bearings``, or in
``together`` what several of them say together; put it on this list, and test it in that module's test file. What it
compares of an account must be encoded (``encoding``, ``numeric``). Conjunctions stand behind all others.
"""

from __future__ import annotations

from classifier.errors import InputError
from classifier.features import bearings, claims, handles, names, profiles, together
from classifier.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    names.name_similarity,
    names.name_kept,
    names.name_covered,
    names.name_look_alike,
    names.name_spells_handle,
    names.name_fits_own_handle,
    names.mixed_scripts,
    names.name_claim_added,
    names.office_declared,
    claims.role_in_name,
    claims.role_in_profile,
    claims.name_in_bio,
    claims.bears_and_lures,
    claims.bears_and_links_away,
    claims.bears_and_speaks,
    claims.bears_and_copies,
    claims.bears_and_declares,
    claims.bio_similarity,
    claims.bio_copied,
    claims.bio_kept,
    claims.mentions_target,
    claims.parody_declared,
    claims.lure,
    claims.name_asks,
    handles.handle_beyond_chance,
    handles.name_spelled,
    handles.handle_look_alike,
    handles.handle_reads_worse,
    handles.handle_starts_otherwise,
    handles.handle_number_changed,
    handles.handle_claim_added,
    handles.handle_office_differs,
    handles.handle_extended,
    profiles.same_domain,
    profiles.messenger_link,
    profiles.avatar_similarity,
    profiles.default_avatar,
    profiles.followed_by_target,
    profiles.verified,
    profiles.followers,
    profiles.followers_relative,
    profiles.created_later,
    profiles.age,
    profiles.posts,
    profiles.prominence,
    bearings.handle_bears,
    bearings.lone_handle_near,
    bearings.lone_handle_claims,
    bearings.handle_bears_organisation,
    bearings.handle_says_else,
    bearings.handle_claims_beside,
    bearings.handle_ends_in_digits,
    bearings.handle_numbered,
    bearings.name_bears,
    bearings.name_bears_organisation,
    bearings.name_says_else,
    bearings.other_names,
    bearings.bio_bears,
    bearings.borne_anywhere,
    bearings.links_bear,
    together.handle_of_the_famous,
    together.name_of_the_famous,
    together.bio_of_the_famous,
    together.near_but_called_otherwise,
    together.handle_of_another_name,
    together.borne_twice,
    together.bears_and_asks,
    together.new_and_named_so,
)
FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
MONOTONE: tuple[int, ...] = tuple(feature.monotone for feature in FEATURES)


def named(name: str) -> Feature:
    """Return a feature by its name, to read it or to try a model without it and with it again.

    Raises
    ------
    InputError
        If there is none of that name.

    Examples
    --------
    >>> named("handle_look_alike").explanation
    'The handles differ but look the same'
    """
    if name not in FEATURE_NAMES:
        raise InputError(f"there is no such feature; there are {', '.join(FEATURE_NAMES)}")
    return FEATURES[FEATURE_NAMES.index(name)]
