"""Impact: what is known to be large, verified or followed is high; what is not known is unknown, and never low."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.account import Account
from classifier.scoring.impact import BADGE_PLATFORMS, impact, impact_level
from classifier.scoring.policy_numbers import Policy

POLICY = Policy()
PLATFORMS = st.sampled_from([None, "mastodon", *sorted(BADGE_PLATFORMS)])
KNOWN = {"handle": "a", "platform": "x", "followers": 33, "verified": False}


def level(policy: Policy = POLICY, **account: object) -> str:
    return impact_level(list(impact(Account(**(KNOWN | account)), policy)))  # type: ignore[arg-type]


@given(
    st.none() | st.integers(0, 10**7),
    st.none() | st.booleans(),
    st.none() | st.booleans(),
    PLATFORMS,
)
def test_it_is_high_where_any_sign_says_so_whatever_else_is_unknown(
    followers: int | None, verified: bool | None, followed: bool | None, platform: str | None
) -> None:
    found = level(followers=followers, verified=verified, followed_by_target=followed, platform=platform)
    is_high = bool(verified or followed or (followers or 0) >= POLICY.high_impact_followers)
    assert (found == "high") == is_high
    if not is_high and followers is None:
        assert found == "unknown"


def test_what_is_not_known_is_unknown_and_only_where_there_is_something_to_know() -> None:
    assert level() == "low"
    assert level(followers=None) == "unknown"
    assert level(verified=None) == "unknown"
    assert level(verified=None, platform="mastodon") == "low", "nobody is verified there"
    assert level(verification="paid", verified=None) == "unknown"


def test_the_number_is_the_policys() -> None:
    assert level(followers=99_999) == "low"
    assert level(followers=100_000) == "high"
    assert level(Policy(version="7", high_impact_followers=10), followers=10) == "high"
