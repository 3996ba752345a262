"""The parody with its label in the wrong place, and the authorised fan page: what each is told, over HTTP."""

from dataclasses import replace

from tests.service.conftest import ASSESSMENTS, TARGET, body

PICTURE = "f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f"
WRONG_PLACE = {
    "platform": "x", "account_id": "9002", "handle": "JaneRoeLaughs", "display_name": "Jane Roe (Parody)",
    "bio": "Jokes about the news. Parody.", "avatar_pdq": PICTURE, "followers": 40,
}  # fmt: skip


def ask(make_client, database_url, name, account, **settings):
    target = replace(TARGET, avatar_pdq=PICTURE)
    client = make_client(replace(ASSESSMENTS[name], target=target), database_url=database_url, **settings)
    answer = client.post("/v1/checks", json=body(account=account)).json()
    found = client.get(f"/v1/checks/{answer['check_id']}").json()
    return answer, found


def test_a_parody_with_the_label_in_the_wrong_place_is_told_what_to_change(make_client, database_url) -> None:
    answer, found = ask(make_client, database_url, "parody_or_fan", WRONG_PLACE)
    met = {one["code"]: one["met"] for one in answer["requirements"]}
    assert met == {"label_position": False, "picture_same": False, "platform_label": None}
    assert answer["offer"]["demands"] == ["label_at_start", "other_picture"]
    assert (answer["verdict"], answer["required_approvals"]) == ("needs_review", 2)
    assert answer["clearance"] is None
    assert found["check"]["requirements"] == answer["requirements"]
    assert found["check"]["offer"] == answer["offer"]


def test_an_authorised_fan_page_is_asked_nothing(make_client, database_url) -> None:
    answer, _ = ask(make_client, database_url, "declared_secondary", WRONG_PLACE | {"display_name": "Jane Roe Fans"})
    assert answer["requirements"] == []
    assert answer["offer"] is None
    assert answer["verdict"] == "refused"


def test_what_is_missing_never_changes_a_verdict(make_client, database_url) -> None:
    """An impersonation is answered as it is, whatever the platform asks of parodies."""
    answer, _ = ask(make_client, database_url, "impersonation", WRONG_PLACE)
    assert answer["offer"] is None
    assert [one["met"] for one in answer["requirements"]] == [False, False, None]
    assert answer["verdict"] == "needs_review"
