"""What the platform itself says of a reported account: only ever towards caution, never for a clearance.

1. An account that the platform says is the owner's of a protected one is theirs: moved there, bridged from there.
2. So is one whose link the platform found to link back, where that link is the protected account's own page. The
   handle of a Bluesky account is a host name that its owner proved to hold.
3. What the platform labels a parody is no impersonation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.bridges import copied_site, originals
from classifier.accounts.identity import Identity
from classifier.registry.registry import Registry
from classifier.scoring.assessment import Relation
from classifier.scoring.evidence import Evidence
from classifier.text.lexicon import COMMON_HOSTS

# Evidence of this kind; it weighs nothing in the model, and decides.
FEATURE = "platform_says"


def owner_of(account: Account, registry: Registry) -> Identity | None:
    """Return the protected account that the platform says is the same owner's, ``None`` where it says so of none."""
    for reference in (*account.leads_to, *originals(account)):
        platform, _, name = reference.partition(":")
        account_id = name if name.startswith("did:") else None
        identity = registry.identify(Account(platform=platform, handle=name, account_id=account_id)) if name else None
        if identity is not None:
            return identity
    return None


def proved_pages(account: Account) -> frozenset[str]:
    """Return the pages whose owner owns the account, as ``_page`` writes them."""
    own = [f"https://{account.handle}"] if account.platform == "bluesky" else []
    site = copied_site(account)
    return frozenset(filter(None, map(_page, (*account.verified_links, *own, *([site] if site else [])))))


def speaking_for(account: Account, candidates: Iterable[ProtectedAccount]) -> int | None:
    """Return which candidate's own page the account is proved to belong to, ``None`` for none of them."""
    pages = proved_pages(account)
    if not pages:
        return None
    return next((place for place, one in enumerate(candidates) if not pages.isdisjoint(_pages(one))), None)


def _pages(account: ProtectedAccount) -> Iterator[str | None]:
    yield from map(_page, account.links)
    if account.platform == "bluesky":  # its handle is a host that is its owner's
        yield _page(account.handle)


def relation(account: Account, found: Relation) -> Relation:
    """Return the relation that remains of the one that was found."""
    is_parody = "parody" in account.platform_labels and found in ("impersonation", "same_owner")
    return "parody_or_fan" if is_parody else found


def evidence(
    account: Account, target: ProtectedAccount, *, speaks: bool = False, leads: bool = False
) -> Iterator[Evidence]:
    """Yield what the platform says, for people to read."""
    if leads:
        leads_to = ", ".join((*account.leads_to, *originals(account)))
        yield Evidence(
            FEATURE, "The platform says that it leads to the protected account", 1.0, leads_to, target.handle, 0.0
        )
    if speaks:
        links = ", ".join(account.verified_links) or account.handle
        yield Evidence(
            FEATURE, "The platform verified that the protected account's page is its own", 1.0, links,
            ", ".join(target.links), 0.0,
        )  # fmt: skip
    if "parody" in account.platform_labels:
        yield Evidence(FEATURE, "The platform says that it is a parody or fan account", 1.0, "parody", "", 0.0)


def _page(link: str) -> str | None:
    """Return what stands for a page: its host, or the whole address on hosts where everybody has a page."""
    try:
        parts = urlsplit(link if "//" in link else f"//{link}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # "http://[" and the like
        return None
    return f"{host}{parts.path.rstrip('/')}".lower() if host in COMMON_HOSTS else host or None
