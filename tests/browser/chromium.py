"""Chromium as the tests use it: found, never downloaded. It talks to one server, and what is wrong is written down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = os.environ.get("DOUBLECHECK_TEST_BROWSER") == "required"
# It reaches this machine only, whatever a page asks for, and looks for nothing by itself.
ARGUMENTS = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-gpu", "--disable-quic", "--font-render-hinting=none", "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
# A busy machine is no error. Nothing waits that long unless something is broken.
PATIENCE_MS = 15_000


def found() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


needs_chromium = pytest.mark.skipif(
    not found() and not REQUIRED, reason="needs Chromium: apt-get install chromium, or its like on the PATH"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium without a window until the end of the block."""
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """One person's browser: cookies of its own, and a list of what no page may do.

    Parameters
    ----------
    browser : Browser
    url : str
        The server that may be asked.
    besides : str
        Another server that may be asked; empty for none.
    options
        Of the context: ``color_scheme``, ``viewport``, ``java_script_enabled``, ...

    Attributes
    ----------
    offences : list of str
        Errors in the console, violations of the policy, exceptions, dialogs, requests to anywhere else.
    """

    def __init__(self, browser: Browser, url: str, *, besides: str = "", **options: Any) -> None:
        self.url = url
        self._may_be_asked = tuple(f"{one}/" for one in (url, besides) if one)
        self.offences: list[str] = []
        usual = {"base_url": url, "locale": "en-GB", "timezone_id": "UTC"}
        self.context: BrowserContext = browser.new_context(**(usual | options))
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._asks)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.offences.append(f"exception: {error.error}"))
        self.context.on("response", self._answered)
        self.context.on("dialog", self._asked)

    def page(self) -> Page:
        """Open a tab."""
        return self.context.new_page()

    def close(self) -> None:
        """Close all its tabs."""
        self.context.close()

    def _asks(self, request: Request) -> None:
        if not request.url.startswith((*self._may_be_asked, "about:")):
            self.offences.append(f"asked for {request.url[:200]}")

    def _said(self, message: ConsoleMessage) -> None:
        # An answer that refuses is an error to the console too; ``_answered`` tells pages from their parts.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.offences.append(f"{message.type} in the console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in {"document", "fetch"}:
            self.offences.append(f"{response.status} for {response.url[:200]}")

    def _asked(self, dialog: Dialog) -> None:
        self.offences.append(f"dialog: {dialog.message}")
        dialog.dismiss()
