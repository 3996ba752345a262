"""The sign-in page, which stands in for any other page; what was typed there is kept in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fastapi.responses import HTMLResponse

from service.decisions.demonstration import PEOPLE
from service.texts.wording import gettext
from service.web.console.presenters.words import WORDS
from service.web.console.templates import Pages

KEPT = "kept-"
# A path of this host: no scheme, no other host ("//", "/\").
_PATH = re.compile(r"/(?![/\\])[\x21-\x7e]{0,500}")


def sign_in(
    pages: Pages,
    address: str,
    kept: Mapping[str, str] | None = None,
    *,
    error: str = "",
    status: int = 200,
    key_is_wrong: bool = False,
    may_leave: bool = False,
) -> HTMLResponse:
    """Return the sign-in page, after which the page at ``address`` follows with what was typed into it.

    Parameters
    ----------
    key_is_wrong : bool
        Whether the error is about the key that was typed.
    may_leave : bool
        Whether it offers to sign out at the provider, too.
    """
    people = {name: _listed(roles) for name, roles in PEOPLE.items()} if pages.demo else {}
    carried = {f"{KEPT}{name}": value for name, value in (kept or {}).items()}
    return pages.page(
        "sign_in.html", status=status, address=own_path(address), kept=carried, error=error, key_is_wrong=key_is_wrong,
        people=people,
        provider=pages.registration.called if pages.registration else "",
        may_leave=may_leave and pages.registration is not None and pages.registration.ends_session,
    )  # fmt: skip


def _listed(roles: Sequence[str]) -> str:
    words = [WORDS["role"].get(role, role) for role in roles]
    listed = words[0]
    for word in words[1:]:
        listed = gettext("%(one)s and %(other)s", one=listed, other=word)
    return listed


def own_path(address: str) -> str:
    """Return an address if it is a path of this host, else the first page's.

    Examples
    --------
    >>> own_path("/reviews?page=2"), own_path("//elsewhere.example/"), own_path("https://elsewhere.example/")
    ('/reviews?page=2', '/', '/')
    """
    return address if _PATH.fullmatch(address) else "/"
