"""The rest of a profile: handle, audience, age, badge; each source leaves out what it does not have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
from anyascii import anyascii

from classifier.accounts.account import Account
from tests.benchmarks.claims_fill import Subject
from tests.benchmarks.claims_people import NOW, pick

_LEFT_HANDLES = (
    "user{n9}|{w}|{w}{n2}|{xf}{n4}|{xf}_{xl}{n2}|{w}_{n4}|_{w}_|{xl}{n4}|x{n6}|{w}{w2}|{xf}{w2}|m{n3}_{xl}|{w}{n4}|"
    "{xf}{xl}{n8}|{w}tv|the_{w}|{w2}{w}{n2}|{xl}_{w}"
).split("|")
_OWN_HANDLES = "{xf}{xl}|{xf}_{xl}|{xf}{n2}|{xf}{xl}{n2}|{xl}{xf}|{xf}{n4}|its{xf}|{w}{xf}|{xf}writes|{w}".split("|")
_ABOUT_HANDLES = (
    "Not{h}|{h}Parody|Fake{h}|{h}_fans|{h}fc|daily{h}|{h}updates|{h}_source|{h}Watch|{h}bot|{w}|{w}{n2}|{xf}{n4}|{l}fans|"
    "{l}_updates|best_of_{l}|{l}archive|un{l}"
).split("|")
_SAME_HANDLES = (
    "{h}Press|Team{h}|{h}2|{h}_en|{h}HQ|{h}News|{l}4{n2}|{l}_office|{l}{n4}|vote{l}|{w}{l}|{h}_es|my{l}|{w}{n2}|{h}Help"
).split("|")
_NAMESAKE_HANDLES = "{f}{l}{n2}|{f}_{l}{n4}|{l}{f}|{f}{l}_|{w}{l}|{f}{n4}|{w}|{l}{n4}|{f}{l}writes|{f}{w}".split("|")


def account(rng: np.random.Generator, label: str, family: str, about: Subject | None, text: tuple[Any, ...]) -> Account:
    """Return the whole account."""
    name, bio, values = text
    full = {
        "handle": _handle(rng, label, family, about, values),
        "platform": about.protected.platform if about and rng.random() < 0.92 else None if about else "x",
        "account_id": str(rng.integers(10**9, 10**18)),
        "display_name": name or None,
        "bio": bio or None,
        "location": values["c"] if rng.random() < 0.25 else None,
        "links": (values["link"],) if label == "impersonation" and rng.random() < 0.15 else (),
        **_figures(rng, label, about),
        "observed_at": NOW - timedelta(hours=int(rng.integers(0, 2000))),
    }
    if label == "same_owner" and about and about.protected.links and rng.random() < 0.4:
        full["links"] = about.protected.links
    return Account(**{key: value for key, value in full.items() if key not in _unknown(rng)})


def _unknown(rng: np.random.Generator) -> frozenset[str]:
    """Return what this source does not tell: one in two tells all, one in five only the texts."""
    roll = rng.random()
    if roll < 0.5:
        return frozenset()
    if roll < 0.8:
        return frozenset(rng.choice(["posts", "created_at", "following", "verified", "account_id", "followers"], 2))
    return frozenset("followers following posts created_at verified default_avatar listed".split())


def _figures(rng: np.random.Generator, label: str, about: Subject | None) -> dict[str, Any]:
    """Return audience, activity, age and badge as they usually are for the label, with the exceptions there are."""
    middle, days, paid = {
        "impersonation": (4.2, (2, 120), 0.07),
        "parody_or_fan": (6.5, (60, 3500), 0.12),
        "same_owner": (7.5, (30, 3500), 0.35),
        "unrelated": (5.6, (30, 5000), 0.06),
    }[label]
    if label == "impersonation" and rng.random() < 0.25:  # bought, renamed or taken over
        middle, days = 6.5, (800, 5000)
    followers = int(np.exp(rng.normal(middle, 1.7)))
    if about and about.protected.followers and label != "unrelated":
        followers = min(followers, int(about.protected.followers * rng.uniform(0.1, 0.9)))
    created = NOW - timedelta(days=int(rng.integers(*days)) + 90)
    if about and about.protected.created_at and label == "impersonation":
        created = max(created, about.protected.created_at + timedelta(days=int(rng.integers(5, 400))))
    return {
        "followers": followers,
        "following": int(np.exp(rng.normal(6.0 if label == "impersonation" else 5.5, 1.2))),
        "posts": int(np.exp(rng.normal(2.8 if label == "impersonation" else 6.5, 1.5))),
        "listed": int(followers * rng.uniform(0, 0.01)),
        "created_at": created,
        "verified": bool(rng.random() < paid),
        "default_avatar": bool(rng.random() < 0.05),
    }


def _handle(rng: np.random.Generator, label: str, family: str, about: Subject | None, values: Mapping[str, str]) -> str:
    forms = {"impersonation": _LEFT_HANDLES, "parody_or_fan": _ABOUT_HANDLES, "same_owner": _SAME_HANDLES}.get(label)
    if forms is None:
        forms = _NAMESAKE_HANDLES if family.startswith("namesake") else _OWN_HANDLES
    given, *_, family_name = [*values["xlatin"].split(), "k"]
    own = anyascii(about.name).split() or ["k"] if about else ["k"]
    parts = {f"n{n}": "".join(map(str, rng.integers(0, 10, n))) for n in (2, 3, 4, 6, 8, 9)}
    words = {"xf": given, "xl": family_name, "f": own[0], "l": own[-1], "w": values["w"], "w2": values["w"][::-1]}
    parts |= {key: _letters(word) or "k" for key, word in words.items()}
    handle = pick(rng, forms).format(h=about.protected.handle if about else "k", **parts)
    return handle[:20] if len(handle) > 3 else handle + parts["n4"]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
