"""The web: the application, its middleware and its errors. ``api`` is for programs, ``console`` for people.

Thin: what a request does is done by ``decisions`` and ``uploads``. Imports these and everything below them.
"""
