"""Links, picture and people; then what R7 binds: audience, age and verification never raise the probability."""

from __future__ import annotations

from classifier.accounts.normal_forms import View
from classifier.features.feature import MISSING, feature, flag, log10

_DAY = 86_400.0


@feature("links", monotone=-1)
def same_domain(reported: View, protected: View) -> float:
    """Both link to the same site of their own."""
    if not reported.own_domains or not protected.own_domains:
        return MISSING
    return float(not reported.own_domains.isdisjoint(protected.own_domains))


@feature("links", monotone=1, alone=True)
def messenger_link(reported: View, protected: View) -> float:  # noqa: ARG001
    """It links to a messenger or hides where it links to."""
    return float(reported.leads_away) if reported.domains else MISSING


@feature("avatar_pdq")
def avatar_similarity(reported: View, protected: View) -> float:
    """How alike the pictures are."""
    if reported.picture is None or protected.picture is None:
        return MISSING
    return max(0.0, 1.0 - (reported.picture ^ protected.picture).bit_count() / 128.0)


@feature("default_avatar", alone=True)
def default_avatar(reported: View, protected: View) -> float:  # noqa: ARG001
    """It has no picture of its own."""
    return flag(reported.reported.default_avatar)


@feature("followed_by_target", monotone=-1, alone=True)
def followed_by_target(reported: View, protected: View) -> float:  # noqa: ARG001
    """The protected account follows it."""
    return flag(reported.reported.followed_by_target)


# --- R7: audience, age and verification never raise the probability --------------------------------------------------


@feature("verified", monotone=-1, alone=True)
def verified(reported: View, protected: View) -> float:  # noqa: ARG001
    """The platform verified the reported account."""
    return flag(reported.account.verified)


@feature("followers", monotone=-1, alone=True)
def followers(reported: View, protected: View) -> float:  # noqa: ARG001
    """How many people follow the reported account (powers of ten)."""
    return log10(reported.account.followers)


@feature("followers", monotone=-1)
def followers_relative(reported: View, protected: View) -> float:
    """How its audience compares with the protected account's (powers of ten)."""
    return log10(reported.account.followers) - log10(protected.account.followers)


@feature("created_at", monotone=1)
def created_later(reported: View, protected: View) -> float:
    """How many years after the protected account it was made."""
    if reported.account.created_at is None or protected.account.created_at is None:
        return MISSING
    return (reported.account.created_at - protected.account.created_at).total_seconds() / (365.25 * _DAY)


@feature("created_at", monotone=-1, alone=True)
def age(reported: View, protected: View) -> float:  # noqa: ARG001
    """How many years old the reported account was when it was read."""
    account = reported.reported
    if account.created_at is None or account.observed_at is None:
        return MISSING
    return (account.observed_at - account.created_at).total_seconds() / (365.25 * _DAY)


@feature("posts", alone=True)
def posts(reported: View, protected: View) -> float:  # noqa: ARG001
    """How much the reported account has posted (powers of ten)."""
    return log10(reported.reported.posts)
