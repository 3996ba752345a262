"""What all kinds of genuine accounts share: an account put together, sentences filled in, and who is meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifier.accounts.account import Account, ProtectedAccount
from classifier.simulation.genuine_standing import PEOPLE, Standing, standing
from classifier.simulation.people import latin
from classifier.simulation.profiles import copied_picture, lived, maybe, picture, said, shown_name
from classifier.simulation.sampling import chance, pick
from classifier.simulation.target_words import target_words

# Where genuine accounts link to, besides their own pages.
_PAGES = ("https://linktr.ee/{}", "https://{}.example", "https://www.{}.example", "https://instagram.com/{}")


def account(
    rng: np.random.Generator,
    handle: str,
    name: str | None,
    bio: str | None,
    *,
    kind: Standing = PEOPLE,
    links: tuple[str, ...] = (),
    pdq: str | None = None,
    followed: float = 0.02,
) -> Account:
    """Put an account together, its standing drawn; ``followed`` is how often the protected account follows it."""
    return Account(
        platform="x",
        handle=handle,
        display_name=(name or "").strip() or None,
        bio=(bio or "").strip() or None,
        links=links,
        avatar_pdq=pdq or picture(rng),
        followed_by_target=maybe(rng, 0.3, followed),
        **standing(rng, kind),
    )


def own_page(rng: np.random.Generator, handle: str, share: float = 0.25) -> tuple[str, ...]:
    """Draw a link to a page of somebody's own; with the rest of ``share`` none."""
    word = latin(handle).lower() or "home"
    return (pick(rng, _PAGES).format(word),) if chance(rng, share) else ()


def speaks(rng: np.random.Generator, protected: ProtectedAccount, options: Sequence[str], known: float = 0.85) -> str:
    """Draw what somebody says of the protected account and of himself; "" where he says nothing."""
    if not chance(rng, known):
        return ""
    return lived(rng, said(rng, protected, _fitting(rng, options, protected)))


def _fitting(rng: np.random.Generator, options: Sequence[str], protected: ProtectedAccount) -> list[str]:
    """Draw a sentence that is not about a role where none is known."""
    drawn = (pick(rng, options) for _ in range(4))
    return [next((text for text in drawn if protected.roles or "{role}" not in text), "{name}")]


def same_picture(rng: np.random.Generator, protected: ProtectedAccount, share: float) -> str | None:
    """Copy the picture of the protected account as it is or saved anew; with the rest of ``share`` another one."""
    if protected.avatar_pdq and chance(rng, share / 2):
        return protected.avatar_pdq
    return copied_picture(rng, protected, share / 2)


def is_body(protected: ProtectedAccount) -> bool:
    """Return whether a protected account is called as organisations are, not as people."""
    return not target_words(protected).is_person


def parts(protected: ProtectedAccount) -> tuple[str, str]:
    """Return given name and family name, as a reader would part them; the second is "" where there is one word."""
    words = shown_name(protected).split() or [protected.handle]
    return words[0], " ".join(words[1:])
