"""The examples of the demonstration: each can be pasted, and shows another answer."""

import json

from classifier.accounts.account import ProtectedAccount
from classifier.registry.demonstration import demonstration_registry
from classifier.registry.registry import Registry
from service.web.console.examples import EXAMPLES, examples
from service.web.console.paste import read_pasted


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


def test_a_registry_without_a_name_to_imitate_has_none():
    assert examples(Registry([ProtectedAccount(platform="x", handle="abc")])) == {}
