"""The examples of the demonstration: each can be pasted, and shows another answer."""

import json
from datetime import UTC, datetime

from classifier.accounts.account import ProtectedAccount
from classifier.importers.import_account import import_account
from classifier.registry.demonstration import demonstration_registry
from classifier.registry.registry import Registry
from classifier.scoring.policy import Policy, decide
from classifier.scoring.scorer import Scorer
from service.web.console.examples import EXAMPLES, examples
from service.web.console.paste import read_pasted

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_each_can_be_pasted():
    found = examples(demonstration_registry())
    assert list(found) == list(EXAMPLES)
    assert all(read_pasted(text)["account"]["handle"] for text in found.values())


def test_the_fake_looks_like_the_real_one_and_is_another():
    found = examples(demonstration_registry())
    fake, real = json.loads(found["fake"]), json.loads(found["real"])
    assert fake["handle"] != real["handle"]
    assert fake["handle"].replace("I", "l") == real["handle"].replace("I", "l")
    assert fake["account_id"] != real["account_id"]


def test_the_fake_is_cleared_and_neither_the_real_one_nor_a_name_alone_is(stored):
    registry = demonstration_registry()
    accounts = {name: read_pasted(text)["account"] for name, text in examples(registry).items()}
    found = Scorer(stored.model, "m", registry).assess_many(
        [import_account(accounts[name], "doublecheck", now=NOW).account for name in EXAMPLES]
    )
    verdicts = [decide(one, "suspend", None, now=NOW, policy=Policy()).verdict for one in found]
    assert dict(zip(EXAMPLES, verdicts, strict=True)) == {
        "fake": "cleared", "real": "refused", "large": "needs_review", "bare": "needs_review",
    }  # fmt: skip


def test_a_registry_without_a_name_to_imitate_has_none():
    assert examples(Registry([ProtectedAccount(platform="x", handle="abc")])) == {}
