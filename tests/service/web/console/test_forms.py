"""What is entered becomes the request that the HTTP interface takes; what is wrong is said at its field."""

from datetime import UTC, datetime

import pytest
from fastapi.exceptions import RequestValidationError

from classifier.accounts.account import Account
from classifier.errors import InputError
from service.auth.api_keys import Caller
from service.web.console.forms import Form, filled, read_check, read_redemption
from service.web.problems import FieldError, field_errors

BASE = {"handle": "a", "action": "suspend"}
AGENT = Caller("k", "agent-17", frozenset({"agent"}))


def read(**values):
    return read_check(Form(BASE | values), AGENT)


@pytest.mark.parametrize(
    ("text", "number"), [("1200", 1200), ("1,200", 1200), ("1.200", 1200), ("1 200", 1200), ("0", 0)]
)
@pytest.mark.parametrize("name", ["followers", "posts", "listed"])
def test_counts_as_people_group_them(name, text, number):
    assert getattr(read(**{name: text}).account, name) == number


@pytest.mark.parametrize("text", ["-1", "1e3", "many", "١٢", "9" * 30, "1.5k", "1.5", "1,2,3"])
def test_other_followers_are_a_mistake(text):
    with pytest.raises(RequestValidationError):
        read(followers=text)


def test_empty_fields_are_missing():
    account = read(followers=" ", bio="", verified="", created_at="", links=" \n ").account
    assert account.model_dump(exclude_unset=True) == {"handle": "a"}


def test_a_day_is_its_first_moment():
    assert read(created_at="2026-04-20").account.created_at == "2026-04-20T00:00:00Z"


def test_a_pasted_profile_goes_before_the_fields():
    request = read(paste='{"acct": "c"}')
    assert (request.format, request.account) == ("mastodon", {"acct": "c"})


def test_a_pasted_name_is_completed_by_the_fields():
    account = read(paste="https://x.com/jane", followers="7").account
    assert (account.handle, account.platform, account.followers) == ("jane", "x", 7)


@pytest.mark.parametrize("actor", ["somebody-else", ""])
def test_who_asks_is_who_signed_in_whatever_the_form_says(actor):
    request = read(actor=actor, actor_id=actor, access_ends_at="2030-01-01")
    assert (request.actor.actor_id, request.actor.access_ends_at) == ("agent-17", None)


def test_a_clearance_is_spent_with_the_account_as_it_is_now():
    given = read_redemption(Form({"token": "t", "handle": "a", "followers": "1"}))
    assert (given.token, given.account.handle, given.account.followers, given.actor) == ("t", "a", 1, None)


def test_a_form_filled_from_an_account_describes_it():
    account = Account(
        platform="x", handle="jane", account_id="1", display_name="Jane", bio="Chair", followers=7, posts=1, listed=0,
        links=("https://a.example", "https://b.example"), verified=False, created_at=datetime(2026, 4, 20, tzinfo=UTC),
    )  # fmt: skip
    read_back = read(**filled(account)).account
    assert read_back.model_dump(exclude_none=True) == {
        "platform": "x", "handle": "jane", "account_id": "1", "display_name": "Jane", "bio": "Chair", "followers": 7,
        "posts": 1, "listed": 0, "links": ["https://a.example", "https://b.example"], "verified": False,
        "created_at": "2026-04-20T00:00:00Z", "platform_labels": [], "leads_to": [], "verified_links": [],
        "former_handles": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"followers": "many"}, "followers"),
        ({"handle": "", "paste": ""}, "paste"),
        ({"handle": "", "paste": "jane", "followers": "many"}, "followers"),
        ({"paste": "{"}, "paste"),
        ({"action": "hug"}, "action"),
        ({"created_at": "yesterday"}, "created_at"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(values, place):
    with pytest.raises((RequestValidationError, InputError)) as refused:
        read(**values)
    assert place in Form(BASE | values).with_errors(field_errors(refused.value)).errors


@pytest.mark.parametrize(
    ("field", "said"),
    [("account.screen_name", "its field screen_name is wrong"), ("account", "is wrong"), ("", "is wrong")],
)
def test_what_is_wrong_with_a_pasted_profile_is_said_there(field, said):
    form = Form({"paste": "{}"}).with_errors([FieldError(field=field, message="is wrong")])
    assert form.errors == {"paste": said}
