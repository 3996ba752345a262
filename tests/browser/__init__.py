"""The console in a real browser: Debian's Chromium, driven by Playwright.

A package, so that its fixtures end with it: while Playwright runs, no other test can start an event loop.
"""
