"""The banner says what stands still, since when and what that means; whose key a gate has is not for everybody."""

from datetime import timedelta

from service.decisions.alarms import Alarms, Withdrawn
from service.decisions.gate_signs import Gate
from service.web.console.presenters.alarms import banners
from tests.service.conftest import NOW


def said(alarms, *, sees_keys=False):
    return [" ".join(banner) for banner in banners(alarms, now=NOW + timedelta(minutes=12), sees_keys=sees_keys)]


def test_nothing_is_said_where_all_is_well():
    assert said(Alarms()) == []


def test_a_withdrawal_says_which_tier_since_when_and_what_it_means():
    [text] = said(Alarms((Withdrawn("high", NOW, is_by_monitor=True),)))
    assert text.startswith(
        "The certificate of tier high is withdrawn. Since 1 May 2026, 12:00 UTC (by the monitor) no "
    )
    assert text.endswith("until another model serves. Clearances and approvals from before do not count.")
    [unknown] = said(Alarms((Withdrawn("high", None, is_by_monitor=False),)))
    assert "Now no check" in unknown
    assert "monitor" not in unknown


def test_a_silent_gate_says_for_how_long_and_to_whom_it_helps_whose_key_it_has():
    alarms = Alarms((), (Gate("ozone", "Quux-gate", NOW, 3),))
    [text] = said(alarms)
    assert text.startswith("Gate ozone stands still. It has not called for 12 minutes: what waits there is neither ")
    assert "Quux" not in text
    [more] = said(alarms, sees_keys=True)
    assert "(key of Quux-gate)" in more
    assert more.endswith("If the gate is gone for good, revoke its key.")
