"""Until when a review can be answered is told while it can be."""

from datetime import timedelta

from tests.service.conftest import NOW, body


def test_a_review_says_when_it_lapses_and_no_more_once_it_has(make_client, tmp_path):
    service = make_client("impersonation", database_url=f"sqlite:///{tmp_path}/service.db")
    reviewer = ("reviewer-1", "reviewer")
    waiting = service.check(account=body()["account"] | {"followers": 200_000}).json()["check_id"]
    cleared = service.check().json()["check_id"]
    review = service.get(f"/v1/checks/{waiting}", by=reviewer).json()["review"]
    assert review["lapses_at"] == (NOW + timedelta(hours=72)).isoformat().replace("+00:00", "Z")
    assert service.get(f"/v1/checks/{cleared}", by=reviewer).json()["review"]["lapses_at"] is None
    service.clock.at += timedelta(hours=72)
    lapsed = service.get(f"/v1/checks/{waiting}", by=reviewer).json()["review"]
    assert (lapsed["state"], lapsed["lapses_at"]) == ("expired", None)
