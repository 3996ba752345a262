"""What the overview says of certificates and of the population: as the monitor found it, and no more."""

from datetime import UTC, datetime, timedelta

import pytest

from service.decisions.overview import Period
from service.web.console.presenters.certificate_watch import certificates, drift
from tests.service.conftest import CERTIFICATE, NOW

FOUND = {"state": "holds", "genuine": 14, "errors": 1, "evidence": 1.2, "highest": 4.5, "delta": 0.05, "others": 1.0}
LAST = {"at": NOW.timestamp(), "model": "m", "decisions": 420, "tiers": {"high": FOUND}, "stability_index": 0.1}


def run(hours, index, outside=0.01):
    return {"at": NOW - timedelta(hours=hours), "stability_index": index, "outside_share": outside}


def test_evidence_is_held_against_the_limit():
    picture = certificates(LAST, {"high": CERTIFICATE}, {}, "m")
    assert picture.finding == "Certificates hold: evidence against the bound 4.5, withdrawn at 20"
    assert picture.note == "The monitor last looked on 1 May 2026, 12:00 UTC, at 420 decisions."
    assert 0 < picture.bars[0].length < 100
    assert picture.rows == (("high", "holds", "14", "1", "1.0 %", "1,200", "4.5", "20"),)


def test_a_withdrawn_one_is_said_before_all_else():
    picture = certificates(LAST, {"standard": CERTIFICATE}, {"high": "by Quux"}, "m")
    assert picture.finding == "Certificate withdrawn for tier high"
    assert picture.rows[0][:2] == ("high", "withdrawn")
    assert "Quux" not in str(picture)


@pytest.mark.parametrize("last", [None, LAST | {"model": "another"}])
def test_what_was_found_of_another_model_says_nothing_of_this_one(last):
    picture = certificates(last, {"high": CERTIFICATE}, {}, "m")
    assert picture.finding == "Certificates of tier high hold; the monitor has not looked at this model yet"
    assert picture.bars == ()


def test_a_model_without_certificates_clears_nothing():
    assert "nothing is cleared" in certificates(None, {}, {}, "m").finding


def test_of_each_step_the_run_counts_that_saw_most():
    day = Period.of("7d", datetime(2026, 5, 1, 12, tzinfo=UTC))
    picture = drift([run(30, 0.05), run(29, 0.4), run(28, None), run(2, 0.1), run(1, 0.08)], day)
    assert [row[1] for row in picture.rows] == ["0.400", "0.100"]
    assert picture.finding == "Population: the largest stability index is 0.10, no shift"
    shifted = drift([run(1, 0.3)], day)
    assert shifted.finding == "Population: the largest stability index is 0.30; a shift begins at 0.25"


def test_too_few_checks_are_another_thing_than_no_look():
    day = Period.of("24h", NOW)
    assert drift([run(1, None)], day).finding.startswith("Too few checks")
    assert drift([], day).finding == "The monitor has not looked in this period"
