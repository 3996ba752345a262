from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.importers import import_account, import_protected

NOW = datetime(2026, 1, 1, tzinfo=UTC)
V1 = {"screen_name": "QuillHarbor", "followers_count": 10}
V2 = {"id": "1", "username": "QuillHarbor", "name": "Quill Harbor"}
WEB: dict[str, Any] = {"rest_id": "1", "legacy": {"screen_name": "QuillHarbor"}}
SCRAPED = {"username": "QuillHarbor", "displayname": "Quill Harbor", "followersCount": 10}
TELEGRAM = {"id": 1, "is_bot": False, "first_name": "Quill", "username": "QuillHarbor"}
DISCORD = {"id": "1", "username": "quillharbor", "global_name": "Quill"}
OURS = {"platform": "x", "handle": "QuillHarbor"}


@pytest.mark.parametrize(
    ("format_", "row", "verified", "kind"),
    [
        ("x-v2", V2 | {"verified": True, "verified_type": "blue"}, False, "paid"),
        ("x-v2", V2 | {"verified": False, "verified_type": "blue"}, False, "paid"),
        ("x-v2", V2 | {"verified": False, "verified_type": "government"}, True, "government"),
        ("x-v2", V2 | {"verified": False, "verified_type": "business"}, True, "organisation"),
        ("x-v2", V2 | {"verified": False, "verified_type": "none"}, False, None),
        ("x-v2", V2 | {"verified": True, "verified_type": "none"}, None, None),
        ("x-v2", V2 | {"verified": True}, None, None),
        ("x-v2", V2 | {"verified": False}, False, None),
        ("x-v1", V1 | {"verified": True}, True, "legacy"),
        ("x-v1", V1 | {"verified": False, "ext_is_blue_verified": True}, False, "paid"),
        ("x-v1", V1 | {"verified": False, "verified_type": "Business"}, True, "organisation"),
        ("x-web", WEB | {"is_blue_verified": True}, False, "paid"),
        (
            "x-web",
            WEB | {"is_blue_verified": True, "verification": {"verified_type": "Government"}},
            True,
            "government",
        ),
        ("x-web", WEB | {"is_blue_verified": False, "verification": {"verified": False}}, False, None),
        ("snscrape", SCRAPED | {"verified": True}, True, "legacy"),
        ("snscrape", SCRAPED | {"verified": True, "blue": True}, False, "paid"),
        ("snscrape", SCRAPED | {"verified": False, "blue": True, "blueType": "Business"}, True, "organisation"),
        ("twarc", {"username": "q", "public_metrics.followers_count": "1", "verified": "False"}, False, None),
        ("twarc", {"username": "q", "public_metrics.followers_count": "1", "verified": "True"}, None, None),
        ("telegram", TELEGRAM | {"is_verified": True, "is_premium": True}, True, "platform"),
        ("telegram", TELEGRAM | {"is_premium": True}, None, None),
        ("discord", DISCORD | {"verified": True, "premium_type": 2}, None, None),
        ("doublecheck", OURS | {"verified": "True"}, True, None),
        ("doublecheck", OURS | {"verified": "True", "verification": "Blue"}, False, "paid"),
        ("doublecheck", OURS | {"verified": "False", "verification": "organization"}, True, "organisation"),
        ("doublecheck", OURS | {"verification": "none"}, False, None),
        ("doublecheck", OURS | {"verified": "True", "verification": "honest"}, None, None),
    ],
)
def test_only_a_check_given_for_who_somebody_is_counts(
    format_: str, row: dict[str, Any], verified: bool | None, kind: str | None
) -> None:
    account = import_account(row, format_, now=NOW).account
    assert account is not None
    assert (account.verified, account.verification) == (verified, kind)


def test_a_check_whose_kind_is_not_given_is_told() -> None:
    assert import_account(V2 | {"verified": True}, "x-v2", now=NOW).notes == (
        "verified: said of paid checks too and the kind is not given, treated as missing",
    )
    assert import_account(OURS | {"verification": "honest"}, "doublecheck", now=NOW).notes == (
        "verification: none of paid, legacy, organisation, government, platform or none, treated as missing",
    )


def test_the_protected_side_knows_the_kinds_too() -> None:
    for kind, verified in (("paid", False), ("government", True)):
        account = import_protected(OURS | {"verified": True, "verification": kind}, now=NOW).account
        assert account is not None
        assert (account.verified, account.verification) == (verified, kind)
