import pytest

from classifier.importers.formats.references import dids_in, host_of, in_fediverse, of_address


@pytest.mark.parametrize(
    ("url", "account"),
    [
        ("https://www.x.com/QuillHarbor?s=20", "x:QuillHarbor"),
        ("https://bsky.app/profile/did:plc:quillharborquillharbor22", "bluesky:did:plc:quillharborquillharbor22"),
        ("https://bsky.app/about", None),
        ("https://home.example/@quill@far.example", "mastodon:quill@far.example"),
        ("https://home.example/users/quill/statuses/1", None),
        ("https://[", None),
        (None, None),
        (7, None),
    ],
)
def test_an_address_shows_an_account(url: object, account: str | None) -> None:
    assert of_address(url) == account


@pytest.mark.parametrize(
    ("handle", "url", "account"),
    [
        (None, "https://home.example/@quill", "mastodon:quill@home.example"),
        ("quill", None, "mastodon:quill"),
        ("@", None, None),
    ],
)
def test_an_account_of_the_fediverse(handle: object, url: object, account: str | None) -> None:
    assert in_fediverse(handle, url) == account


def test_dids_stand_in_addresses() -> None:
    assert dids_in("https://bsky.brid.gy/ap/did:plc:quillharborquillharbor22", None) == [
        "bluesky:did:plc:quillharborquillharbor22"
    ]
    assert host_of("https://[") == ""
