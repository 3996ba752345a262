"""Links, picture and people; then what R7 binds: audience, age and verification never raise the probability."""

from __future__ import annotations

import numpy as np

from classifier.features.encoded_account import (
    HAS_DOMAINS,
    LEADS_AWAY,
    OWN_DOMAINS,
    PICTURE,
    Ints,
    is_set,
    section,
)  # fmt: skip
from classifier.features.feature import MISSING, feature, flag, number_feature
from classifier.features.numeric import (
    AGE,
    CREATED,
    DEFAULT_AVATAR,
    FOLLOWED_BY_TARGET,
    LOG_FOLLOWERS,
    LOG_POSTS,
    PROMINENCE,
    SECOND,
    VERIFIED,
    YEAR,
)  # fmt: skip
from classifier.features.pair_context import Numbers, Pair
from classifier.features.words_and_texts import ones, shared
from classifier.utils.jit import helper


@feature("links", kind="lures", monotone=-1)
def same_domain(pair: Pair) -> float:
    """Both link to the same website of their own."""
    domains, others = section(pair.reported, OWN_DOMAINS), section(pair.protected, OWN_DOMAINS)
    if domains.size == 0 or others.size == 0:
        return MISSING
    return flag(shared(domains, others) > 0)


@feature("links", kind="lures", monotone=1)
def messenger_link(pair: Pair) -> float:
    """It links to a messenger or to a hidden address."""
    return flag(is_set(pair.reported, LEADS_AWAY)) if is_set(pair.reported, HAS_DOMAINS) else MISSING


@feature("avatar_pdq", kind="picture")
def avatar_similarity(pair: Pair) -> float:
    """How similar the pictures are."""
    picture, other = section(pair.reported, PICTURE), section(pair.protected, PICTURE)
    if picture.size == 0 or other.size == 0:
        return MISSING
    differing = 0
    for place in range(max(picture.size, other.size)):
        differing += ones(np.uint64(_unit(picture, place) ^ _unit(other, place)))
    return max(0.0, 1.0 - differing / 128.0)


@helper
def _unit(picture: Ints, place: int) -> np.int64:
    """Return 64 bits of a picture's hash, the last first; a hash that is shorter than another begins with zeros."""
    return picture[place] if place < picture.size else np.int64(0)


@number_feature("default_avatar", kind="picture")
def default_avatar(numbers: Numbers) -> float:
    """It has no picture of its own."""
    return numbers.reported[DEFAULT_AVATAR]  # type: ignore[no-any-return]


@number_feature("followed_by_target", kind="standing", monotone=-1)
def followed_by_target(numbers: Numbers) -> float:
    """The protected account follows it."""
    return numbers.reported[FOLLOWED_BY_TARGET]  # type: ignore[no-any-return]


# --- R7: audience, age and verification never raise the probability --------------------------------------------------


@number_feature("verified", kind="standing", monotone=-1)
def verified(numbers: Numbers) -> float:
    """The platform verified the reported account."""
    return numbers.reported[VERIFIED]  # type: ignore[no-any-return]


@number_feature("followers", kind="standing", monotone=-1)
def followers(numbers: Numbers) -> float:
    """How many people follow the reported account (powers of ten)."""
    return numbers.reported[LOG_FOLLOWERS]  # type: ignore[no-any-return]


@number_feature("followers", kind="standing", monotone=-1)
def followers_relative(numbers: Numbers) -> float:
    """How its audience compares with the protected account's (powers of ten)."""
    return numbers.reported[LOG_FOLLOWERS] - numbers.protected[LOG_FOLLOWERS]  # type: ignore[no-any-return]


@number_feature("created_at", kind="standing", monotone=1)
def created_later(numbers: Numbers) -> float:
    """How many years later than the protected account it was created."""
    return (numbers.reported[CREATED] - numbers.protected[CREATED]) / SECOND / YEAR  # type: ignore[no-any-return]


@number_feature("created_at", kind="standing", monotone=-1)
def age(numbers: Numbers) -> float:
    """How many years old the reported account was when its profile was read."""
    return numbers.reported[AGE]  # type: ignore[no-any-return]


@number_feature("posts", kind="standing")
def posts(numbers: Numbers) -> float:
    """How much the reported account has posted (powers of ten)."""
    return numbers.reported[LOG_POSTS]  # type: ignore[no-any-return]


@number_feature("followers", kind="target")
def prominence(numbers: Numbers) -> float:
    """How well known the protected account is (powers of ten of an audience)."""
    return numbers.protected[PROMINENCE]  # type: ignore[no-any-return]
