import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.accounts.canonical.accounts import named_account
from classifier.accounts.canonical.handles import NO_ADDRESS, Named, is_unnamed, read_handle
from classifier.errors import InputError

DID = "did:plc:abcdefghijklmnopqrstuvwx"


@pytest.mark.parametrize(
    "text",
    [
        "JaneRoe",
        "@JaneRoe",
        "@@JaneRoe",
        "＠JaneRoe",
        " @ JaneRoe ",
        "JaneRoe.",
        "JaneRoe/",
        "'@JaneRoe",
        '="JaneRoe"',
        '"JaneRoe"',
        "<https://x.com/JaneRoe>",
        "Jane\u200bRoe",
        "ＪａｎｅＲｏｅ",
        "https://x.com/JaneRoe",
        "http://www.twitter.com/JaneRoe/",
        "https://mobile.twitter.com/JaneRoe?lang=en#top",
        "https://m.twitter.com/JaneRoe",
        "HTTPS://X.COM/JaneRoe",
        "//x.com/JaneRoe",
        "x.com/JaneRoe",
        "www.x.com/@JaneRoe",
        "https://x.com:443/JaneRoe",
        "https://twitter.com/#!/JaneRoe",
        "https://x.com/JaneRoe/status/20",
        "https://x.com/JaneRoe/with_replies",
        "https://x.com/Jane%52oe",
        "https://x.com/%40JaneRoe",
        "https://twitter.com/intent/user?screen_name=JaneRoe",
        "https://x.com/intent/follow?original_referer=x&screen_name=JaneRoe",
        "JaneRoe@twitter.com",
        "@JaneRoe@x.com",
    ],
)
def test_a_handle_on_x_however_it_is_written(text: str) -> None:
    assert read_handle(text, "x").handle == "JaneRoe"
    assert read_handle(text).handle == "JaneRoe"
    assert read_handle(text).platform in (None, "x")


@pytest.mark.parametrize(
    "text",
    [
        "jane.example",
        "@jane.example",
        "jane.example.",
        "at://jane.example",
        "at://jane.example/app.bsky.actor.profile/self",
        "https://bsky.app/profile/jane.example",
        "http://bsky.app/profile/jane.example/post/3k?x=1#y",
        "bsky.app/profile/jane.example/",
        "https://bsky.app/profile/%40jane.example",
        "jane。example",
    ],
)
def test_a_handle_on_bluesky_however_it_is_written(text: str) -> None:
    found = read_handle(text, "bluesky")
    assert found.handle.replace("。", ".") == "jane.example"


@pytest.mark.parametrize(
    "text",
    [
        "jane@social.example",
        "@jane@social.example",
        "@jane@Social.Example.",
        "acct:jane@social.example",
        "web+acct:jane@social.example",
        "https://social.example/@jane",
        "https://www.social.example/@jane/",
        "https://social.example/@jane/112233",
        "https://social.example/users/jane",
        "https://social.example/users/jane?page=1#main-key",
        "https://social.example/web/@jane",
        "https://elsewhere.example/@jane@social.example",
        "https://social.example/%40jane",
        "jane%40social.example",
        "social.example/@jane",
    ],
)
def test_a_handle_of_the_fediverse_however_it_is_written(text: str) -> None:
    assert read_handle(text, "mastodon").handle == "jane@social.example"
    assert read_handle(text).handle.casefold() == "jane@social.example"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (DID, Named(DID, "bluesky", DID)),
        (DID.upper().replace("DID:PLC", "did:plc"), Named(DID, "bluesky", DID)),
        (f"@{DID}", Named(DID, "bluesky", DID)),
        (f"at://{DID}/app.bsky.feed.post/3k", Named(DID, "bluesky", DID)),
        (f"https://bsky.app/profile/{DID}", Named(DID, "bluesky", DID)),
        ("did:web:jane.example", Named("did:web:jane.example", "bluesky", "did:web:jane.example")),
        ("https://x.com/i/user/12", Named("i/user/12", "x", "12")),
        ("twitter.com/i/user/12/", Named("i/user/12", "x", "12")),
        ("https://twitter.com/intent/user?user_id=12", Named("i/user/12", "x", "12")),
        ("i/user/12", Named("i/user/12", "x", "12")),
    ],
)
def test_an_address_that_tells_only_the_id(text: str, named: Named) -> None:
    assert read_handle(text) == named
    assert is_unnamed(named.handle)
    assert read_handle(named.handle) == named


@pytest.mark.parametrize(
    ("text", "platform", "remedy"),
    [
        ("Jane Roe", "x", "correct it"),
        ("jane@social.example", "x", "correct it"),
        ("jane!", "x", "correct it"),
        ("1187340562219843587", "x", "an id, no handle"),
        ("https://x.com/1187340562219843587", None, "an id, no handle"),
        ("x.com", "x", NO_ADDRESS),
        ("https://x.com/", "x", NO_ADDRESS),
        ("https://x.com/home", None, NO_ADDRESS),
        ("https://x.com/search?q=jane", None, NO_ADDRESS),
        ("x.com/i/events/12", None, NO_ADDRESS),
        ("https://twitter.com/hashtag/jane", None, NO_ADDRESS),
        ("https://x.com/i/user/jane", None, NO_ADDRESS),
        ("https://x.com:8443/jane", None, NO_ADDRESS),
        ("ftp://x.com/jane", None, NO_ADDRESS),
        ("https://bsky.app/", None, NO_ADDRESS),
        ("https://bsky.app/search?q=jane", None, NO_ADDRESS),
        ("https://www.tiktok.com/@jane", None, NO_ADDRESS),
        ("https://www.tiktok.com/@jane", "tiktok", NO_ADDRESS),
        ("https://youtube.com/@jane", "x", NO_ADDRESS),
        ("https://m.youtube.com/@jane", None, NO_ADDRESS),
        ("https://medium.com/@jane", "mastodon", NO_ADDRESS),
        ("https://social.example/about", "mastodon", NO_ADDRESS),
        ("http://[", None, NO_ADDRESS),
        ("https://x.com/jane", "mastodon", "another platform"),
        ("https://social.example/@jane", "x", "another platform"),
        (DID, "x", "another platform"),
        ("acct:jane@social.example", "bluesky", "another platform"),
        ("did:key:abc", None, "give the handle"),
        ("handle.invalid", "bluesky", "resolve"),
        ("@Handle.Invalid.", "bluesky", "resolve"),
        ("jane", "bluesky", "write it whole"),
        ("jane roe.example", "bluesky", "write it whole"),
        ("jane@no host", "mastodon", "write it whole"),
        ("jane@@social.example", "mastodon", "write it whole"),
        ("Jane Roe", "mastodon", "write it whole"),
        ("jane@social.example@other.example", "mastodon", "write it whole"),
        ("", None, "missing"),
        ("\u200b\u3164", "x", "missing"),
        ("@", "discord", "missing"),
        ("\u200b@.", "mastodon", "missing"),
        ("=''", None, "missing"),
    ],
)
def test_what_is_no_handle_is_refused_with_the_remedy(text: str, platform: str | None, remedy: str) -> None:
    with pytest.raises(InputError, match=remedy) as caught:
        read_handle(text, platform)
    assert caught.value.field == "handle"


@pytest.mark.parametrize(
    ("text", "platform"), [("Jane Roe", "discord"), ("Jane Roe", None), ("jané", "forum"), ("a.b-c", "x")]
)
def test_what_other_platforms_allow_stays(text: str, platform: str | None) -> None:
    assert read_handle(text, platform) == Named(text)


def test_hosts_that_look_alike_stay_different() -> None:
    written = ["https://social.example/@jane", "https://sociаl.example/@jane", "https://x.com@social2.example/@jane"]
    assert len({read_handle(one).handle for one in written}) == 3


def test_accounts_to_look_up() -> None:
    assert named_account("Twitter", "https://x.com/jane") == ("x", "jane")
    for platform, handle in (
        ("X, Bluesky", "jane"),
        ("", "jane"),
        ("x", "Jane Roe"),
        ("x", "https://bsky.app/profile/a.example"),
    ):
        with pytest.raises(InputError):
            named_account(platform, handle)


@given(st.text(max_size=80), st.sampled_from(["x", "bluesky", "mastodon", "forum", None]))
@example("/{1", "forum")
@example("/\x1f0", None)
@example("%252540jane", "forum")
@example("@/(/[jane", "forum")
@example("/(" * 2000 + "jane", "forum")
def test_any_text_is_read_or_refused_and_what_is_read_is_canonical(text: str, platform: str | None) -> None:
    try:
        named = read_handle(text, platform)
    except InputError as error:
        assert error.field == "handle"  # noqa: PT017
        return
    assert named.handle.strip() == named.handle != ""
    assert read_handle(named.handle, named.platform or platform).handle == named.handle


@given(
    st.text(st.sampled_from("@/.:%#?= xjan0\u200b＠。'\"[]"), max_size=30),
    st.sampled_from(["x", "bluesky", "mastodon", None]),
)
def test_signs_are_read_or_refused(text: str, platform: str | None) -> None:
    test_any_text_is_read_or_refused_and_what_is_read_is_canonical.hypothesis.inner_test(text, platform)


@pytest.mark.parametrize("platform", ["x", None])
@pytest.mark.parametrize(
    "text",
    [
        "Jane Roe (@jane_roe)", "Jane Roe @jane_roe", "X: @jane_roe", "Twitter:@jane_roe", "(jane_roe)", "[@jane_roe]",
        "@jane_roe:", "@jane_roe,", "jane_roe;", "{jane_roe}", "/jane_roe",
    ],
)  # fmt: skip
def test_what_people_put_around_a_handle_is_none_of_it(text: str, platform: str | None) -> None:
    assert read_handle(text, platform).handle == "jane_roe"


@pytest.mark.parametrize("text", ["@jane@social.example:443", "jane@social.example:80", "Jane (@jane@social.example)"])
def test_the_usual_port_names_no_other_server(text: str) -> None:
    assert read_handle(text, "mastodon").handle == "jane@social.example"


@pytest.mark.parametrize("platform", ["x", "mastodon", None])
@pytest.mark.parametrize("text", ["N/A", "#N/A", "[deleted]", "(unknown)", "?", "—", "[removed]", "()", "..."])
def test_what_stands_for_no_handle_is_none(text: str, platform: str | None) -> None:
    with pytest.raises(InputError, match="missing"):
        read_handle(text, platform)


@pytest.mark.parametrize("text", ["unknown", "deleted", "null"])
def test_a_word_that_somebody_has_as_a_handle_is_one(text: str) -> None:
    assert read_handle(text, "x").handle == text


@pytest.mark.parametrize("platform", ["bluesky", None])
@pytest.mark.parametrize("text", ["handle.invalid", "missing.invalid", "@Handle.Invalid."])
def test_a_reserved_host_names_nobody(text: str, platform: str | None) -> None:
    with pytest.raises(InputError, match="names nobody"):
        read_handle(text, platform)


@pytest.mark.parametrize(
    "text",
    ["https:/x.com/jane_roe", "https//x.com/jane_roe", "x[.]com/jane_roe", "u/jane_roe", "id:1294030472427835393"],
)
def test_an_address_that_cannot_be_read_is_no_handle_where_nothing_says_the_platform(text: str) -> None:
    with pytest.raises(InputError, match="give the handle"):
        read_handle(text)


def test_an_id_is_no_handle_where_nothing_says_the_platform() -> None:
    with pytest.raises(InputError, match="an id, no handle"):
        read_handle("1294030472427835393")
