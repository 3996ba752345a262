"""Making pages: the templates, the files beside them, and what every page shows of the service."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import islice
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from classifier.errors import DoublecheckError
from service.auth.api_keys import Caller
from service.auth.oidc.registration import Registration
from service.auth.sessions import Session
from service.decisions.check_service import CheckService
from service.decisions.mine import Counted
from service.decisions.second_admin import Waits
from service.texts.wording import ENGLISH, Language, speak, spoken
from service.web.console import page_words
from service.web.console.accept_language import preferred
from service.web.console.presenters.alarms import Banner, banners
from service.web.console.presenters.mine import SECTIONS
from service.web.console.presenters.report import lines as notice_lines
from service.web.console.presenters.words import WORDS

DEMO_EXAMPLES = 3
_STATIC = {
    "style.css": "text/css",
    "answer.css": "text/css",
    "bulk.css": "text/css",
    "sign_in.css": "text/css",
    "rows.css": "text/css",
    "appeals.css": "text/css",
    "admin.css": "text/css",
    "queue.css": "text/css",
    "mine.css": "text/css",
    "overview.css": "text/css",
    "console.js": "text/javascript",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that pages name; its address changes with its content, so that browsers may keep it for good."""

    content: bytes
    media_type: str
    address: str

    def response(self) -> Response:
        """Return it as an answer."""
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(self.content, media_type=self.media_type, headers=kept)


def _static(name: str, media_type: str) -> StaticFile:
    content = (files("service.web.console") / "static" / name).read_bytes()
    return StaticFile(content, media_type, f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}")


STATIC = {name: _static(name, media_type) for name, media_type in _STATIC.items()}
_TEMPLATES = Environment(
    loader=PackageLoader("service.web.console", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
page_words.install(_TEMPLATES)
_TEMPLATES.globals.update(
    static={name: file.address for name, file in STATIC.items()},
    words=WORDS,
    notice_lines=notice_lines,
    sections_of_mine=SECTIONS,
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A person's request for a page: who it is, the session it comes with, and what the menu counts.

    What a form that was sent does is not counted yet.

    Attributes
    ----------
    counted : Counted or None
        How many checks an agent has not done; ``None`` for whoever is no agent.
    waits : Waits or None
        How many changes wait for an admin; ``None`` for whoever is none.
    """

    session: Session
    counted: Counted | None = None
    waits: Waits | None = None

    @property
    def caller(self) -> Caller:
        """Whose key signed in."""
        return self.session.caller

    @property
    def csrf(self) -> str:
        """What the page's forms must send back."""
        return self.session.csrf

    def has(self, *roles: str) -> bool:
        """Tell whether the person has one of these roles."""
        return bool(self.caller.roles & set(roles))


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes the pages of one service.

    Parameters
    ----------
    demo : bool
        Whether the protected accounts are invented: pages say so and name some.
    registration : Registration, optional
        With which provider people may sign in.
    languages : mapping of str to Language
        Those that pages may speak, by primary tag.
    """

    check_service: CheckService
    demo: bool
    registration: Registration | None = None
    languages: Mapping[str, Language] = field(default_factory=lambda: {ENGLISH: Language()})

    def speak(self, accepted: str) -> None:
        """Speak the language from here on that a browser asks for by its Accept-Language."""
        speak(self.languages[preferred(accepted, self.languages, ENGLISH)])

    def page(self, name: str, visit: Visit | None = None, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page; ``values`` are what its template shows."""
        shown: dict[str, Any] = {
            "visit": visit,
            "demo": self.demo,
            "served": self._served(visit),
            "now": self.check_service.clock(),
        }
        shown["banners"] = self._banners(visit)
        headers = {"Content-Language": spoken().tag, "Vary": "Accept-Language"} if len(self.languages) > 1 else None
        return HTMLResponse(_TEMPLATES.get_template(name).render(shown | values), status, headers)

    def _banners(self, visit: Visit | None) -> list[Banner]:
        """Return what everybody who is signed in must know while it lasts; it is in memory."""
        if visit is None:
            return []
        sees_keys = visit.has("admin", "auditor")
        return banners(self.check_service.alarms.known, now=self.check_service.clock(), sees_keys=sees_keys)

    def _served(self, visit: Visit | None) -> dict[str, Any] | None:
        """Return what serves, for people who are signed in; ``None`` also where nothing can serve now."""
        if visit is None and not self.demo:
            return None
        try:
            scorer = self.check_service.current()
        except DoublecheckError:
            return None
        return {
            "accounts": len(scorer.registry),
            "registry": scorer.registry.version,
            "model": scorer.model_id,
            "policy": self.check_service.rules.policy.version,
            "examples": [account.handle for account in islice(scorer.registry, DEMO_EXAMPLES)] if self.demo else [],
        }


async def pages_of(request: Request) -> Pages:
    """Return the pages of the application that answers the request."""
    pages: Pages = request.app.state.pages
    return pages


async def speaking(request: Request, pages: Annotated[Pages, Depends(pages_of)]) -> None:
    """Speak the language that the browser asks for, in the rest of this request."""
    pages.speak(request.headers.get("accept-language", ""))


CurrentPages = Annotated[Pages, Depends(pages_of)]
