import pytest

from classifier.accounts.account import Account
from classifier.accounts.bridges import copied_site, originals


@pytest.mark.parametrize(
    ("handle", "found"),
    [
        ("quill.home.example.ap.brid.gy", {"mastodon:quill@home.example"}),
        ("Quill.Home.Example.AP.Brid.gy.", {"mastodon:quill@home.example"}),
        ("quill-h.home.example.ap.brid.gy", {"mastodon:quill-h@home.example", "mastodon:quill_h@home.example"}),
        ("quill.h.home.example.ap.brid.gy", {"mastodon:quill@h.home.example", "mastodon:quill.h@home.example"}),
        ("quill.example@bsky.brid.gy", {"bluesky:quill.example"}),
        ("quill.example@bsky.brid.gy.lol.example", set()),
        ("ap.brid.gy", set()),
        ("quillap.brid.gy", set()),
        ("quill", set()),
    ],
)
def test_what_a_bridged_account_copies(handle: str, found: set[str]) -> None:
    assert found <= set(originals(Account(handle=handle)))
    assert bool(originals(Account(handle=handle))) == bool(found)


@pytest.mark.parametrize(
    ("handle", "site"),
    [
        ("quill.example.web.brid.gy", "https://quill.example"),
        ("quill.example@web.brid.gy", "https://quill.example"),
        ("quill.example", None),
    ],
)
def test_which_site_a_bridged_account_copies(handle: str, site: str | None) -> None:
    assert copied_site(Account(handle=handle)) == site
