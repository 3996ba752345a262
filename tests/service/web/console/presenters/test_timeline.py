"""What the log says, in words: each kind of entry that is written about a check has some."""

import pytest

from service.decisions import account_warnings
from service.records.proofs import Proof
from service.web.console.presenters.timeline import proved, said

ENTRIES = [
    ("check", {"verdict": "cleared", "action": "suspend", "actor": "ada"}, "good"),
    ("check", {"verdict": "needs_review", "action": "suspend", "actor": "ada"}, ""),
    ("check", {"verdict": "refused", "action": "suspend", "actor": "ada"}, "bad"),
    ("approval", {"answer": "approve", "actor": "ada"}, "good"),
    ("approval", {"answer": "decline", "actor": "ada"}, "bad"),
    ("outcome", {"outcome": "upheld", "actor": "ada"}, "good"),
    ("outcome", {"outcome": "overturned", "actor": "ada"}, "bad"),
    ("clearance_refused", {"reasons": ["account_changed"], "caller": "ada"}, "bad"),
    ("evidence_shown", {"actor": "ada"}, ""),
    ("downloaded", {"file": "statement", "actor": "ada"}, ""),
    ("downloaded", {"file": "bundle", "actor": "ada"}, ""),
    ("clearance_issued", {"actor": "ada"}, ""),
    ("clearance_redeemed", {"actor": "ada"}, "good"),
    ("clearance_revoked", {"actor": "ada"}, "bad"),
    ("clearance_revoked", {"actor": "ada", "because": "appeal_overturned"}, "bad"),
    ("clearance_revoked", {"actor": "ada", "because": "finding_made"}, "bad"),
    ("finding_made", {"actor": "ada", "proof": "domain"}, "bad"),
    ("finding_ended", {"actor": "ada", "reason": "passed_on"}, ""),
    ("clearance_revoked", {"actor": "ada", "because": "appeal_lifted"}, "bad"),
    ("appeal_received", {"about": "action", "actor": "ada"}, ""),
    ("appeal_received", {"about": "decline", "actor": "ada"}, ""),
    ("appeal_step", {"step": "lifted", "actor": "ada"}, "bad"),
    ("appeal_step", {"step": "upheld", "actor": "ada"}, ""),
    ("appeal_step", {"step": "overturned", "actor": "ada"}, ""),
    ("something_new", {"actor": "ada"}, ""),
]


@pytest.mark.parametrize(("kind", "data", "tone"), ENTRIES)
def test_each_entry_says_what_who_and_which_way(kind, data, tone):
    what, who, found = said(kind, data)
    assert what[0].isupper()
    assert "_" not in what
    assert (who, found) == ("ada", tone)


@pytest.mark.parametrize(
    ("warning", "tone"),
    [(warning, "bad") for warning in account_warnings.CODES] + [(end, "good") for end in account_warnings.ENDS],
)
def test_what_is_noted_of_the_account_is_nobodys_deed(warning, tone):
    what, who, found = said("warning_noted", {"warning": warning, "codes": []})
    assert (what.split()[-1].isalpha(), who, found) == (True, "", tone)


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (Proof(3, 3, "K"), "key K signed it"),
        (Proof(3, 5, "K"), "the chain up to entry 5, and key K signed that entry"),
        (Proof(3, 5, "K", "was changed"), "does not hold: it was changed"),
        (None, "Not verified here"),
        (Proof(3, None, "", "is not covered by a signature"), "does not hold"),
    ],
)
def test_a_proof_says_what_was_verified(proof, words):
    assert words in proved(proof)
