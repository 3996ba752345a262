"""Who an imported account is, in the canonical form: the last step of every importer, of reports as of registries.

A report whose id cannot be used goes without one, with a note: it proves nothing then. A protected account whose id,
handle or platform cannot be used is refused: left as it is, nobody would recognise the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from classifier.accounts.account import Account, ProtectedAccount
from classifier.accounts.canonical.handles import Named, is_unnamed, read_handle
from classifier.accounts.canonical.hosts import canonical_host
from classifier.accounts.canonical.ids import fits
from classifier.accounts.canonical.platforms import KNOWN_PLATFORMS
from classifier.accounts.columns import HANDLE_LIMIT
from classifier.errors import InputError
from classifier.importers.formats.fields import Fields
from classifier.importers.results import RowError

_FORMS = {
    "x": "not a number as X gives them",
    "bluesky": "not a DID as Bluesky gives them",
    "mastodon": "not an id as servers of the fediverse give them",
}


def canonical_account(account: Account, fields: Fields) -> Account:
    """Return a reported account with its platform, handles and id in the canonical form.

    Raises
    ------
    RowError
        If its handle is none on its platform, or contradicts its id.
    """
    said = _network(account.handle, account.platform)
    named = _read(account.handle, said, "handle")
    platform = named.platform or said
    account_id = _usable_id(account.account_id, platform, fields)
    if named.account_id and not fits(named.account_id, platform):
        raise RowError("identity_unusable", "an address with an id that the platform never gave", field="handle")
    if named.account_id and account_id and named.account_id != account_id:
        raise _contradiction()
    account_id = account_id or named.account_id
    former = _usable_handles(account.former_handles, platform, fields)
    found = (named.handle, platform, account_id, former)
    if found == (account.handle, account.platform, account.account_id, account.former_handles):
        return account
    return replace(account, handle=named.handle, platform=platform, account_id=account_id, former_handles=former)


def _network(handle: str, platform: str | None) -> str | None:
    """Return the platform; where it is named by the server that the handle names too, that is the fediverse."""
    is_server = platform not in KNOWN_PLATFORMS and "." in (platform or "")
    server = canonical_host(handle.rpartition("@")[2]) if is_server and "@" in handle.strip("@") else None
    return "mastodon" if server is not None and server == platform else platform


def _usable_id(account_id: str | None, platform: str | None, fields: Fields) -> str | None:
    """Leave out an id that the platform never gave: compared with the right one it would prove two accounts."""
    account_id = _told(account_id, platform) if account_id else None
    if account_id is None or fits(account_id, platform):
        return account_id
    fields.note("account_id", f"{_FORMS[platform or '']}, treated as missing")
    return None


def _told(account_id: str, platform: str | None) -> str:
    """Return the id that an address of an account tells, or a DID in whatever case; any other as it is."""
    if platform not in ("x", "bluesky") or not (":" in account_id or "/" in account_id):
        return account_id
    try:
        return read_handle(account_id, platform).account_id or account_id
    except InputError:
        return account_id


def canonical_protected(account: ProtectedAccount) -> ProtectedAccount:
    """Return a protected account with its platform, handles and ids in the canonical form.

    Raises
    ------
    RowError
        If any of them cannot be used.
    """
    account = replace(account, platform=_network(account.handle, account.platform) or account.platform)
    named = _read(account.handle, account.platform, "handle")
    if is_unnamed(named.handle):
        raise RowError("handle_missing", "an id, no handle: give the handle as well", field="handle")
    secondary_handles = _handles(account.secondary_handles, account.platform, "secondary_handles")
    for field, handles in (("handle", (named.handle,)), ("secondary_handles", secondary_handles)):
        if account.platform == "mastodon" and not all("@" in handle for handle in handles):
            message = "a handle without its server: write it whole, as jane@social.example"
            raise RowError("identity_unusable", message, field=field)
    account_id = _told(account.account_id, account.platform) if account.account_id else None
    secondary_ids = tuple(
        dict.fromkeys(_told(secondary_id, account.platform) for secondary_id in account.secondary_ids)
    )
    for field, ids in (("account_id", (account_id or "",)), ("secondary_ids", secondary_ids)):
        _check_ids(field, filter(None, ids), account.platform)
    return replace(
        account,
        account_id=account_id,
        secondary_ids=secondary_ids,
        handle=named.handle,
        former_handles=_handles(account.former_handles, account.platform, "former_handles"),
        secondary_handles=secondary_handles,
    )


def _check_ids(field: str, ids: Iterable[str], platform: str) -> None:
    if not all(fits(text, platform) for text in ids):
        message = f"{_FORMS[platform]}: correct it, or nobody recognises the account by it"
        raise RowError("identity_unusable", message, field=field)


def _handles(handles: tuple[str, ...], platform: str, field: str) -> tuple[str, ...]:
    found = [_read(handle, platform, field).handle for handle in handles]
    if any(map(is_unnamed, found)):
        raise RowError("identity_unusable", "an id, no handle: give handles here", field=field)
    return tuple(dict.fromkeys(found))


def _usable_handles(handles: tuple[str, ...], platform: str | None, fields: Fields) -> tuple[str, ...]:
    """Leave out of a reported account's former handles what is none: it says nothing of the account as it is now."""
    found: dict[str, None] = {}
    for handle in handles:
        try:
            found[_read(handle, platform, "former_handles").handle] = None
        except RowError:
            fields.note("former_handles", "what is no handle of its platform left out")
    return tuple(handle for handle in found if not is_unnamed(handle))


def _read(handle: str, platform: str | None, field: str) -> Named:
    try:
        named = read_handle(handle, platform)
    except InputError as error:
        raise RowError("identity_unusable", error.message, field=field) from None
    if len(named.handle) > HANDLE_LIMIT:
        message = f"longer than {HANDLE_LIMIT} characters: correct it, a cut one is another account"
        raise RowError("handle_too_long", message, field=field)
    return named


def _contradiction() -> RowError:
    return RowError("identity_contradicts", "handle and account_id name two accounts: correct one", field="handle")
