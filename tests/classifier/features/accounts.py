"""Accounts for tests of features: hostile ones, plain ones, and what a feature says of two."""

from datetime import UTC
from typing import Any

from hypothesis import strategies as st

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.normal_forms import View
from classifier.features import named

Fields = dict[str, Any]

# Without surrogates, as the importers give it, and with everything else there is.
hostile = st.text(st.characters(exclude_categories=("Cs",)), max_size=25) | st.sampled_from(
    [
        "",
        " ",
        "___",
        "@",
        "\u202eenaJ",
        "\u200b\u200c",
        "🦊🦊",
        "e" + "\u0301" * 40,
        "А́lі",
        "ﷺ" * 9,
        "http://[",
        "٣٣",
        "İ",
    ]
)
lists = st.lists(hostile, max_size=3).map(tuple)
times = st.none() | st.datetimes(timezones=st.just(UTC))
counts = st.none() | st.integers(0, 10**10)
flags = st.none() | st.booleans()
hashes = st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex)
shared: dict[str, Any] = {
    "platform": st.sampled_from(["x", "mastodon", "bluesky"]), "handle": hostile.filter(str.strip),
    "display_name": st.none() | hostile, "bio": st.none() | hostile, "links": lists, "followers": counts,
    "created_at": times, "verified": flags, "avatar_pdq": hashes,
}  # fmt: skip
reported_accounts = st.builds(
    Account, **shared, posts=counts, default_avatar=flags, followed_by_target=flags, observed_at=times
)
protected_accounts = st.builds(ProtectedAccount, **shared, aliases=lists, roles=lists, former_handles=lists)

some_name = st.none() | st.sampled_from(["Jane Roe", "Northwind Bank", "Ada Brask"])
some_bio = st.none() | st.sampled_from(["Painter of small harbours", "Mayor of Tamstad. Writes to you"])
some_links = st.sampled_from([(), ("https://northwind.example",), ("https://brask.example", "https://tamstad.example")])
some: dict[str, Any] = {
    "display_name": some_name, "bio": some_bio, "links": some_links, "followers": counts, "created_at": times,
    "verified": flags, "avatar_pdq": hashes,
}  # fmt: skip
plain_reported = st.builds(
    Account, handle=st.sampled_from(["jane", "n0rthwind"]), posts=counts, default_avatar=flags,
    followed_by_target=flags, observed_at=times, **some,
)  # fmt: skip
plain_protected = st.builds(
    ProtectedAccount, platform=st.just("x"), handle=st.sampled_from(["jane", "northwind"]),
    roles=st.sampled_from([(), ("Mayor of Tamstad",)]), **some,
)  # fmt: skip


def value(name: str, reported: Fields, protected: Fields) -> float:
    ours = View(Account(**{"handle": "jane"} | reported))
    theirs = View(ProtectedAccount(**{"platform": "x", "handle": "northwind"} | protected))
    return named(name).compute(ours, theirs)


def handles(name: str, reported: str, protected: str) -> float:
    return value(name, {"handle": reported}, {"handle": protected})


def names(name: str, reported: str, protected: str) -> float:
    return value(name, {"display_name": reported}, {"display_name": protected})
