"""Whom a label is about."""

from __future__ import annotations

import pytest

from classifier.accounts.account import ProtectedAccount
from classifier.evaluation.targets import NOT_REGISTERED, Target, Targets
from classifier.registry.registry import Registry

REGISTRY = Registry(
    [
        ProtectedAccount(platform="x", handle="JaneQuillon", tier="high"),
        ProtectedAccount(platform="mastodon", handle="JaneQuillon"),
        ProtectedAccount(platform="bluesky", handle="OttoVarn"),
    ]
)
KNOWN = Targets(REGISTRY, ["janequillon", "OTTOVARN", "nobody"])


@pytest.mark.parametrize(
    ("handle", "platform", "named", "target"),
    [
        ("JaneQuillon", "x", None, ("x", "high")),
        ("janequillon", "mastodon", None, ("mastodon", "standard")),
        ("JaneQuillon", "x", "mastodon", ("mastodon", "standard")),
        ("JaneQuillon", "bluesky", None, ("bluesky", NOT_REGISTERED)),
        ("JaneQuillon", None, None, (None, NOT_REGISTERED)),
        ("OttoVarn", "x", None, ("bluesky", "standard")),
        ("OttoVarn", None, None, ("bluesky", "standard")),
        ("OttoVarn", "x", "x", ("x", NOT_REGISTERED)),
        ("Nobody", "x", None, ("x", NOT_REGISTERED)),
    ],
)
def test_a_label_is_about_the_handle_of_one_platform(
    handle: str, platform: str | None, named: str | None, target: tuple[str | None, str]
) -> None:
    assert KNOWN.of(handle, platform, named=named) == Target(target[0], handle.casefold(), target[1])


def test_an_account_is_the_target_on_its_platform_only() -> None:
    target = KNOWN.of("JaneQuillon", "x")
    assert target.is_account("x", "janeQUILLON")
    assert not target.is_account("mastodon", "JaneQuillon")
    assert not KNOWN.of("JaneQuillon", None).is_account("x", "JaneQuillon")
