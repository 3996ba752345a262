import pytest
from fastapi.exceptions import RequestValidationError

from service.console.forms import Form, read_form

BASE = {"handle": "a", "action": "suspend", "actor_id": "b"}


@pytest.mark.parametrize(
    ("text", "number"), [("1200", 1200), ("1,200", 1200), ("1.200", 1200), ("1 200", 1200), ("0", 0)]
)
@pytest.mark.parametrize("name", ["followers", "posts", "listed"])
def test_counts_as_people_group_them(name, text, number):
    assert getattr(read_form(Form(BASE | {name: text})).account, name) == number


@pytest.mark.parametrize("text", ["-1", "1e3", "many", "١٢", "9" * 30, "1.5k", "1.5", "1,2,3"])
def test_other_followers_are_a_mistake(text):
    with pytest.raises(RequestValidationError):
        read_form(Form(BASE | {"followers": text}))


def test_empty_fields_are_missing():
    account = read_form(
        Form(BASE | {"followers": " ", "bio": "", "verified": "", "created_at": "", "links": " \n "})
    ).account
    assert account.model_dump(exclude_unset=True) == {"handle": "a"}


def test_a_day_is_its_first_moment():
    assert read_form(Form(BASE | {"created_at": "2026-04-20"})).account.created_at == "2026-04-20T00:00:00Z"


def test_a_profile_goes_before_the_fields():
    request = read_form(Form(BASE | {"profile": '{"acct": "c"}', "format": "mastodon"}))
    assert (request.format, request.account) == ("mastodon", {"acct": "c"})


def test_the_end_of_the_actors_access_and_the_platforms_id_are_taken():
    """Without them the page would clear what the policy refuses to somebody in his last hour."""
    request = read_form(Form(BASE | {"access_ends_at": "2026-04-20", "account_id": "123"}))
    assert f"{request.actor.access_ends_at:%Y-%m-%dT%H}" == "2026-04-20T00"
    assert request.account.account_id == "123"
