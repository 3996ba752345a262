from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.accounts.account import PLATFORM_LABELS, VERIFICATIONS, Account, ProtectedAccount, as_reported
from classifier.model_store.training_result import Training
from classifier.registry.registry import Registry
from classifier.scoring import platform_says
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from classifier.simulation import Case, simulate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OWNER = ProtectedAccount(
    platform="mastodon", handle="quill@harbor.example", account_id="17", display_name="Quill Harbor",
    links=("https://www.quill.example/about", "https://github.com/quill"), followers=90_000,
    former_handles=("oldquill@harbor.example",), secondary_handles=("quillpress@harbor.example",),
)  # fmt: skip
ON_BLUESKY = ProtectedAccount(
    platform="bluesky",
    handle="norabrask.example",
    account_id="did:plc:norabrasknorabrasknora22",
    display_name="Nora Brask",
)


@pytest.fixture(scope="module")
def scorer(small_training: Training, registry: Registry) -> Scorer:
    return Scorer(small_training.model, "small", Registry([*registry.accounts, OWNER, ON_BLUESKY]))


@pytest.fixture(scope="module")
def attacks(scorer: Scorer) -> list[Case]:
    """Attacks that the model finds."""
    known = [account for account in scorer.registry if account.followers and account.bio and account.platform == "x"]
    cases = [case for case in simulate(known[:10], seed=5) if case.label == "impersonation"]
    found = scorer.assess_many([case.account for case in cases], explain=False)
    return [case for case, one in zip(cases, found, strict=True) if one.relation == "impersonation"]


@pytest.mark.parametrize(
    "account",
    [
        Account(platform="mastodon", handle="q@old.example", leads_to=("mastodon:quill@harbor.example",)),
        Account(
            platform="mastodon", handle="q@old.example", leads_to=("x:nobody", "mastodon:quillpress@harbor.example")
        ),
        Account(platform="bluesky", handle="quill.harbor.example.ap.brid.gy"),
    ],
)
def test_what_leads_to_the_owner_is_the_owners(scorer: Scorer, account: Account) -> None:
    found = scorer.assess(account)
    assert (found.relation, found.target, found.declared_secondary) == ("same_owner", OWNER, False)
    assert found.evidence[0].feature == platform_says.FEATURE
    assert decide(found, "suspend", None, now=NOW, policy=Policy()).verdict == "needs_review"


def test_a_bridged_copy_is_found_by_its_did(scorer: Scorer) -> None:
    account = Account(platform="mastodon", handle="n@bsky.brid.gy", leads_to=(f"bluesky:{ON_BLUESKY.account_id}",))
    assert scorer.assess(account).target == ON_BLUESKY


def test_what_leads_elsewhere_is_scored_as_ever(scorer: Scorer, attacks: list[Case]) -> None:
    plain = attacks[0].account
    led = scorer.assess(replace(plain, leads_to=("mastodon:nobody@lol.example", "nonsense", ":")))
    before = scorer.assess(plain)
    assert (led.relation, led.impersonation_probability) == (before.relation, before.impersonation_probability)


@pytest.mark.parametrize(
    ("changes", "relation"),
    [
        ({"verified_links": ("https://quill.example",)}, True),
        ({"verified_links": ("http://QUILL.example/other",)}, True),
        ({"verified_links": ("https://github.com/quill/",)}, True),
        ({"verified_links": ("https://github.com/somebody",)}, False),
        ({"verified_links": ("https://quill.example.lol.example", "https://[")}, False),
        ({"links": ("https://quill.example",)}, False),
        ({"handle": "quill.example", "platform": "bluesky"}, True),
        ({"handle": "quill.example.web.brid.gy", "platform": "bluesky"}, True),
    ],
)
def test_a_page_that_links_back_speaks_for_its_owner(scorer: Scorer, changes: dict[str, Any], relation: bool) -> None:
    account = Account(platform="mastodon", handle="quill@far.example", account_id="5", display_name="Quill Harbor")
    found = scorer.assess(replace(account, **changes))
    assert found.target == OWNER
    assert any("page is its own" in one.explanation for one in found.evidence) == relation
    if relation:
        assert found.relation == "same_owner"


def test_the_handle_of_a_protected_bluesky_account_is_a_page_of_its_owner(scorer: Scorer) -> None:
    account = Account(platform="mastodon", handle="nb@far.example", display_name="Nora Brask")
    found = scorer.assess(replace(account, verified_links=("https://norabrask.example",)))
    assert (found.relation, found.target) == ("same_owner", ON_BLUESKY)


def test_what_the_platform_calls_a_parody_is_no_impersonation(scorer: Scorer, attacks: list[Case]) -> None:
    for case in attacks:
        found = scorer.assess(replace(case.account, platform_labels=("parody",)))
        assert found.relation == "parody_or_fan"
        assert any("parody" in one.explanation for one in found.evidence)


def test_a_protected_account_stays_itself(scorer: Scorer) -> None:
    account = replace(as_reported(OWNER), platform_labels=("parody",), leads_to=("bluesky:norabrask.example",))
    assert scorer.assess(account).relation == "is_protected"


def test_a_paid_check_changes_nothing(scorer: Scorer, attacks: list[Case]) -> None:
    """The fake of 2022 bought its check; so does every other."""
    plain = [replace(case.account, verified=False) for case in attacks]
    before, after = (scorer.assess_many(some) for some in (plain, [replace(one, verification="paid") for one in plain]))
    for one, other in zip(before, after, strict=True):
        assert one.impersonation_probability == other.impersonation_probability
        assert (one.relation, one.target, one.direction) == (other.relation, other.target, other.direction)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_nothing_that_a_platform_says_ever_helps_a_clearance(
    scorer: Scorer, attacks: list[Case], data: st.DataObject
) -> None:
    plain = replace(data.draw(st.sampled_from(attacks)).account, verified=False)
    kind = data.draw(st.sampled_from([None, *VERIFICATIONS]))
    said = replace(
        plain,
        verification=kind,
        verified=kind not in (None, "paid"),
        platform_labels=tuple(data.draw(st.sets(st.sampled_from(PLATFORM_LABELS)))),
        leads_to=data.draw(st.sampled_from([(), ("mastodon:quill@harbor.example",), ("x:nobody",)])),
        verified_links=data.draw(st.sampled_from([(), ("https://quill.example",), ("https://lol.example",)])),
    )
    before, after = (
        decide(one, "suspend", None, now=NOW, policy=Policy(own_or_parody=1.0))
        for one in scorer.assess_many([plain, said])
    )
    if after.verdict == "cleared":
        assert before.verdict == "cleared"
    if said.platform_labels or kind is not None:
        assert after.verdict != "cleared"
