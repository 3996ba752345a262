import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.accounts.canonical.platforms import KNOWN_PLATFORMS, SPELLINGS, canonical_platform


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "X",
        " twitter ",
        "Twitter/X",
        "X/Twitter",
        "X (Twitter)",
        "X (formerly Twitter)",
        "X, formerly known as Twitter",
        "Twitter (now X)",
        "ex-Twitter",
        "Ex Twitter",
        "xTwitter",
        "TwitterX",
        "x.com",
        "twitter.com",
        "www.twitter.com",
        "mobile.twitter.com",
        "https://x.com/",
        "https://twitter.com/jane",
        "TWITTER.COM",
        "twitter.com.",
        "X.com",
        "t.co",
        "𝕏",
        "ＴＷＩＴＴＥＲ",
        "Twitter\u200b",
        "X app",
        "Twitter, Inc.",
        "the Twitter network",
        "x_twitter",
        "twitter - x",
    ],
)
def test_x_however_it_is_written(text: str) -> None:
    assert canonical_platform(text) == "x"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bsky", "bluesky"),
        ("bsky.app", "bluesky"),
        ("bsky.social", "bluesky"),
        ("Blue Sky", "bluesky"),
        ("BlueSky Social", "bluesky"),
        ("AT Protocol", "bluesky"),
        ("Mastodon", "mastodon"),
        ("mastodon.social", "mastodon"),
        ("Mastodon (Fediverse)", "mastodon"),
        ("Sharkey", "mastodon"),
        ("Tik Tok", "tiktok"),
        ("tik-tok", "tiktok"),
        ("www.tiktok.com", "tiktok"),
        ("You Tube", "youtube"),
        ("youtu.be", "youtube"),
        ("Truth Social", "truthsocial"),
        ("t.me", "telegram"),
        ("Threads.net", "threads"),
    ],
)
def test_other_platforms(text: str, name: str) -> None:
    assert canonical_platform(text) == name


@pytest.mark.parametrize("text", ["Twitter / Bluesky", "X, Mastodon", "twitter+instagram"])
def test_several_platforms_are_none(text: str) -> None:
    assert canonical_platform(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My-Forum", "my forum"),
        ("my_forum", "my forum"),
        (" MY  FORUM ", "my forum"),
        ("forum.example", "forum.example"),
        ("https://www.Forum.example/board", "forum.example"),
        ("x.example", "x.example"),
        ("twitter.example.com", "twitter.example.com"),
        ("Twitter fans", "twitter fans"),
        ("\u200b", ""),
    ],
)
def test_a_platform_that_is_not_known_stays_free_text(text: str, name: str) -> None:
    assert canonical_platform(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Twitter API v2", "x"),
        ("twitter user", "x"),
        ("Twtr", "x"),
        ("Твиттер", "x"),
        ("Х", "x"),
        ("Bluesky (AT Protocol)", "bluesky"),
        ("Bluesky PBC", "bluesky"),
        ("Meta Threads", "threads"),
        ("mstdn", "mastodon"),
        ("mstdn.social", "mastodon"),
        ("Mastodon 4.2", "mastodon"),
        ("Mastodon instance", "mastodon"),
        ("glitch-soc", "mastodon"),
    ],
)
def test_what_stands_beside_a_name_changes_nothing(text: str, name: str) -> None:
    assert canonical_platform(text) == name


@pytest.mark.parametrize(
    "text",
    ["---", "?", "×", "N/A", "n / a", "[unknown]", "none", "Other", "social media", "Mastadon", "twiter"],
)
def test_what_names_no_platform_or_is_misspelt_is_not_taken_for_a_name(text: str) -> None:
    assert canonical_platform(text) is None


@given(st.sampled_from(sorted(SPELLINGS)), st.data())
def test_case_and_what_stands_around_do_not_make_another_platform(name: str, data: st.DataObject) -> None:
    spelling = data.draw(st.sampled_from(SPELLINGS[name]))
    around = data.draw(
        st.sampled_from(["{}", " {} ", "({})", "{}.com", "www.{}.com", "https://{}.com/", "{} app", "{}\u200b"])
    )
    written = around.format(data.draw(st.sampled_from([spelling, spelling.upper(), spelling.title()])))
    assert canonical_platform(written) == name


@given(st.text(max_size=60))
def test_the_canonical_form_is_its_own(text: str) -> None:
    name = canonical_platform(text)
    if name:
        assert canonical_platform(name) == name
    assert set(map(canonical_platform, KNOWN_PLATFORMS)) == KNOWN_PLATFORMS
