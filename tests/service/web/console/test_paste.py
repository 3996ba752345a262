"""What is pasted is read as what it is, and never fetched."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import InputError
from service.web.console.paste import detected, read_pasted

NAMES = {
    "jane": {"handle": "jane"},
    " @jane\n": {"handle": "jane"},
    "jane.bsky.social": {"handle": "jane.bsky.social"},
    "@jane@social.example": {"handle": "jane@social.example", "platform": "mastodon"},
    "https://x.com/jane": {"handle": "jane", "platform": "x"},
    "x.com/jane/status/1": {"handle": "jane", "platform": "x"},
    "https://www.twitter.com/@jane?lang=en#top": {"handle": "jane", "platform": "x"},
    "https://mobile.twitter.com/jane": {"handle": "jane", "platform": "x"},
    "https://bsky.app/profile/jane.bsky.social": {"handle": "jane.bsky.social", "platform": "bluesky"},
    "https://social.example/@jane": {"handle": "jane@social.example", "platform": "mastodon"},
    "https://social.example/@jane@other.example": {"handle": "jane@other.example", "platform": "mastodon"},
    "https://x.com/jane/status/1?of=1,2;3": {"handle": "jane", "platform": "x"},
    "https://x.com/%E2%80%AEjane": {"handle": "jane", "platform": "x"},
}


@pytest.mark.parametrize("text", NAMES)
def test_names_and_addresses_name_an_account(text):
    assert read_pasted(text) == {"account": NAMES[text]}


PROFILES = {
    "x-v1": {"screen_name": "jane", "id_str": "1", "followers_count": 3},
    "x-v2": {"id": "1", "username": "jane", "name": "Jane"},
    "mastodon": {"acct": "jane", "id": "1"},
    "bluesky": {"did": "did:plc:1", "handle": "jane.example"},
    "doublecheck": {"handle": "jane", "platform": "x"},
    "x-web": {"rest_id": "1", "legacy": {"screen_name": "jane"}},
    "snscrape": {"username": "jane", "displayname": "Jane", "followersCount": 3},
    "misskey": {"username": "jane", "host": None, "notesCount": 3},
    "ozone": {"did": "did:plc:1", "handle": "jane.example", "relatedRecords": []},
    "discord": {"id": "1", "username": "jane", "global_name": "Jane"},
    "telegram": {"id": 1, "is_bot": False, "first_name": "Jane", "username": "jane"},
}


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"data": one}])
def test_a_profile_is_recognised_however_it_is_wrapped(name, wrap):
    assert read_pasted(json.dumps(wrap(PROFILES[name]))) == {"format": name, "account": PROFILES[name]}


def test_of_a_report_the_reported_account_is_read():
    report = {"id": "7", "account": {"acct": "nora", "id": "2"}, "target_account": PROFILES["mastodon"]}
    pasted = read_pasted(json.dumps({"event": "report.created", "object": report}))
    assert pasted == {"format": "mastodon", "account": PROFILES["mastodon"]}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "is not JSON"),
        ('{"a": 1, "a": 2}', "names a member twice"),
        ("[]", "must be one profile"),
        ('[{"handle": "a"}, {"handle": "b"}]', "for several, upload a batch"),
        ('{"title": "a"}', "is no profile of X, Mastodon or Bluesky"),
        ('{"data": [{"id": "5", "text": "a", "author_id": "1"}]}', "includes.users"),
        ("https://example.org/jane", "is no address of an account"),
        ("javascript.example/alert(1)", "is no address of an account"),
        ("she copies my profile", "is more than a handle"),
        ("Given Surname", "enter a name in its own field"),
        ("@jane @joe", "is more than a handle"),
        ("@jane,@joe", "is more than a handle"),
        ("17,jane,Jane Roe", "is more than a handle"),
        ("17;jane", "is more than a handle"),
        ('"jane"', "give the handle"),
        ("look at https://x.com/jane", "is more than a handle"),
    ],
)
def test_what_is_no_profile_says_what_would_be(text, why):
    with pytest.raises(InputError, match=why) as refused:
        read_pasted(text)
    assert refused.value.field == "paste"


@given(st.text(max_size=60))
def test_whatever_is_pasted_is_read_or_refused_as_input(text):
    with suppress(InputError):  # anything else would be an error page
        assert read_pasted(text)["account"]


def test_no_message_quotes_what_was_pasted():
    with pytest.raises(InputError) as refused:
        detected({"Jane Roe": "secret"})
    assert "Jane" not in str(refused.value)
