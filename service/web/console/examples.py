"""Profiles to try the demonstration with: made of an invented protected account, so that each shows another answer."""

from __future__ import annotations

from itertools import islice

from classifier.accounts.account import ProtectedAccount, as_reported, canonical
from classifier.registry.registry import Registry
from service.texts.wording import Words
from service.web.console.paste import pretty

EXAMPLES = Words(
    {
        "fake": "a plain fake",
        "real": "the real one",
        "large": "a fake with a large audience",
        "bare": "a name alone",
    }
)
# Protected accounts that are looked at for one with a handle that can be imitated in print.
LOOKED_AT = 100


def examples(registry: Registry) -> dict[str, str]:
    """Return what to paste for each example."""
    known = list(islice(registry, LOOKED_AT))
    one = next((account for account in known if _suits(account)), None)
    if one is None:
        return {}
    fake = {
        "platform": one.platform,
        "account_id": "900100200",
        "handle": _imitated(one.handle),
        "display_name": _disguised(one.display_name or ""),
        "bio": f"{one.bio} Official account. Message me on Telegram for a giveaway.",
        "links": [f"https://t.me/{one.handle.lower()}"],
        "avatar_pdq": one.avatar_pdq,
        "followers": 12,
        "verified": False,
        "created_at": "2026-09-01T00:00:00Z",
    }
    large = fake | {"followers": 2_412_345, "account_id": "900100201"}
    return {
        "fake": pretty(fake),
        "real": pretty(canonical(as_reported(one))),
        "large": pretty(large),
        "bare": f"@{fake['handle']}",
    }


def _suits(one: ProtectedAccount) -> bool:
    """Tell whether there is enough to copy: a fake is cleared only by more than one kind of evidence."""
    known = one.display_name and one.account_id and one.followers and one.bio and one.avatar_pdq
    return bool(known and "l" in one.handle[1:] and "a" in (one.display_name or ""))


def _disguised(name: str) -> str:
    """Return a name with a Cyrillic letter for its first small a."""
    return name.replace("a", "\u0430", 1)


def _imitated(handle: str) -> str:
    """Return a handle with a capital I for its first small l."""
    return handle[0] + handle[1:].replace("l", "I", 1)
