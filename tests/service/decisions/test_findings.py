"""What an appeal found of an account holds for later checks of it."""

import pytest

from tests.service.conftest import acted, appeal, body

ACCOUNT = body()["account"]


def asked(recorded, **changes):
    answer = recorded.check(account=ACCOUNT | changes).json()
    return answer["verdict"], answer["reasons"][0]["code"], answer["required_approvals"]


@pytest.fixture
def found(recorded):
    """A service in which an appeal found the account genuine, and the check of that action."""
    check_id = acted(recorded)
    assert appeal(recorded, check_id).status_code == 200
    return check_id


def test_an_action_on_the_same_profile_is_refused(recorded, found):
    assert asked(recorded) == ("refused", "found_genuine", 0)


@pytest.mark.parametrize("changes", [{"bio": "Chair of Acme"}, {"handle": "Renamed"}, {"display_name": "Joe Bloggs"}])
def test_on_a_changed_profile_two_people_must_agree(recorded, found, changes):
    assert asked(recorded, **changes) == ("needs_review", "found_genuine_before", 2)


def test_an_account_of_the_same_handle_and_another_id_is_only_warned_of(recorded, found):
    assert asked(recorded, account_id="9009") == ("needs_review", "appeal_overturned", 2)


def test_an_outcome_that_is_corrected_ends_the_finding(recorded, found):
    assert appeal(recorded, found, "upheld").status_code == 200
    assert recorded.check().json()["verdict"] == "cleared"
