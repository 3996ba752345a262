"""The web: the application, its middleware and its errors. ``api`` is for programs, ``console`` for people."""
